"""Modules that a lesson imports and the sandbox does not have: inert where they only show something.

Modules that compute are absent (``absent.py``). It runs inside the sandbox: only the standard library, NumPy and
``ncl_course.nn`` and ``.protocol`` are there.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from typing import Any

from ncl_course.grading.inside import absent, bars, refused
from ncl_course.nn.sentences import said
from ncl_course.protocol.inert import VERSION, Inert, hist, silent, subplots

REAL = ("ncl_course.nn", "ncl_course.protocol")
PICTURES = "matplotlib mpl_toolkits pylab seaborn plotly bokeh altair plotnine graphviz PIL skimage imageio cv2 sklearn"
NOTEBOOKS = "IPython ipykernel ipywidgets traitlets nbgrader ipdb pudb"
BARS = "tqdm fastprogress progressbar alive_progress"
WORDS = "rich icecream loguru termcolor colorama tabulate prettytable wandb livelossplot tensorboardX"
SHOWN = ("ncl_course.data", "ncl_course.errors", "ncl_course.experiments", "ncl_course.viz")
"""Folders of the course that only show, hold images, or try something out."""

INERT = frozenset(f"{PICTURES} {NOTEBOOKS} {BARS} {WORDS}".split())
"""Modules that only show, print or stop for a person: nobody looks while a notebook is graded."""

OWN: dict[str, Any] = {}
"""The layers of lessons 01 to 05 that lesson 06 runs on, by name; the worker puts them here."""


def own_layers(*_args: Any, **_options: Any) -> types.SimpleNamespace:
    """The layers that were put there, as attributes."""
    return types.SimpleNamespace(**OWN)


def looked_at(*values: Any) -> Any:
    """Return what ``icecream.ic`` was given, as it does after printing it."""
    return values[0] if len(values) == 1 else values or None


def three_patients() -> tuple[Any, Any, Any]:
    """Objects that lesson 06 unpacks and has examined."""
    return Inert(), Inert(), Inert()


class CourseError(Exception):
    """The base class of the course's errors, which a notebook may name."""


class CheckFailed(CourseError):  # noqa: N818  (the course's own name)
    """The error of a check that did not pass; no check runs here."""


class UnknownExerciseError(CourseError):
    """The error of a check for an unknown exercise; no check runs here."""


ERRORS = {kind.__name__: kind for kind in (CourseError, CheckFailed, UnknownExerciseError)}
DOOR = {
    "ask": silent,
    "check": silent,
    "course_map": silent,
    "language": silent,
    "progress": silent,
    "own_layers": own_layers,
    "__version__": VERSION,
    "__all__": ["ask", "check", "course_map", "language", "own_layers", "progress"],
}
"""The names that ``ncl_course`` itself holds: its own file is not there."""


SPECIAL: dict[str, dict[str, Any]] = {
    "matplotlib.pyplot": {"subplots": subplots, "hist": hist},
    "pylab": {"subplots": subplots, "hist": hist},
    "matplotlib.pylab": {"subplots": subplots, "hist": hist},
    "IPython": {},
    "IPython.core.getipython": {},
    "IPython.display": {"display": silent},
    "icecream": {"ic": looked_at},
    "rich.progress": {"track": bars.Bar},
    "ncl_course.viz": {"three_patients": three_patients},
    "ncl_course.errors": ERRORS,
    "ncl_course": DOOR,
}
"""The attributes of stand-ins that have a meaning."""


def offer_shell(get_ipython: Callable[[], Any]) -> None:
    """Let IPython's stand-ins hold the function that returns the notebook's shell."""
    for name in ("IPython", "IPython.core.getipython"):
        SPECIAL[name]["get_ipython"] = get_ipython


def inert_module(name: str) -> types.ModuleType:
    """Return a module whose attributes are inert, except those with a meaning."""
    module = types.ModuleType(name, "An inert stand-in: nothing is shown while a notebook is graded.")
    module.__path__ = []
    module.__dict__.update(meaning(name), __version__=VERSION)
    module.__getattr__ = lambda attribute: attribute_of(name, attribute)  # type: ignore[method-assign]
    module.__all__ = [n for n in module.__dict__ if not n.startswith("_")]  # type: ignore[attr-defined]
    return module


def meaning(name: str) -> dict[str, Any]:
    """The attributes of a stand-in that are not inert: every module of progress bars has the same one."""
    return bars.NAMES if name.partition(".")[0] in BARS.split() else SPECIAL.get(name, {})


def attribute_of(module: str, name: str) -> Any:
    """Return the module below an inert module if it has a meaning, and otherwise an inert object."""
    if name.startswith("__"):
        raise AttributeError(name)
    inner = f"{module}.{name}"
    return importlib.import_module(inner) if meaning(inner) else Inert()


class StandIns(MetaPathFinder, Loader):
    """The first finder in ``sys.meta_path``: it decides the result of an import in the sandbox."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return an inert module's spec; None for all others. Private parts of the course are refused."""
        top = fullname.partition(".")[0]
        if ".".join(fullname.split(".")[:2]) in SHOWN or top in INERT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if top == "ncl_course" and not fullname.startswith(REAL):
            refusal = said(
                "refused.course", "{module} is not there while a notebook is graded; ncl_course.nn is", module=fullname
            )
            raise ImportError(refusal, name=fullname)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return the inert module."""
        return inert_module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: there is no code to run."""


def install() -> None:
    """Put the stand-ins in place, and what students import from ``ncl_course`` itself, whose door is not there."""
    sys.modules["ncl_course"].__dict__.update(DOOR)
    sys.meta_path.insert(0, StandIns())
    absent.install()
    refused.install()
