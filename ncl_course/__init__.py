"""The non-convolutional layers of convolutional networks: a course in Jupyter.

A student needs six names::

    from ncl_course import check, course_map, language, own_layers, progress
    from ncl_course.nn import Layer

Importing them loads neither torch nor matplotlib. Real images are one room further: ``ncl_course.data``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ncl_course.language import language

if TYPE_CHECKING:
    from ncl_course.checking.notebook import check, course_map, own_layers, progress

__version__ = "0.1.0"
__all__ = ["check", "course_map", "language", "own_layers", "progress"]


def __getattr__(name: str) -> Any:
    """A name of the door, loaded when it is asked for: the doctor must start where NumPy is missing.

    Raises:
        AttributeError: the door has no such name.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("ncl_course.checking.notebook"), name)


def __dir__() -> list[str]:
    """The names that a student completes."""
    return __all__
