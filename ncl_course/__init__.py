"""The non-convolutional layers of convolutional networks: a course in Jupyter.

A student needs these names::

    from ncl_course import ask, check, course_map, language, own_layers, progress
    from ncl_course.nn import Layer

Importing them loads neither torch nor matplotlib. Real images come from ``ncl_course.data``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ncl_course.language import language

if TYPE_CHECKING:
    from ncl_course.checking.notebook import ask, check, course_map, own_layers, progress

__version__ = "0.1.0"
__all__ = ["ask", "check", "course_map", "language", "own_layers", "progress"]


def __getattr__(name: str) -> Any:
    """Load a public name on first use, so that the doctor can start even if NumPy is missing.

    From then on the checks also know which cells of the notebook have failed.

    Raises:
        AttributeError: if the package has no public name like that.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import_module("ncl_course.checking.kernel.history").install()
    return getattr(import_module("ncl_course.checking.notebook"), name)


def __dir__() -> list[str]:
    """List the names that tab completion offers to a student."""
    return __all__
