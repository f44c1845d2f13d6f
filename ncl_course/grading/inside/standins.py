"""Replace modules that the sandbox lacks: with inert ones if they only show, with an error if they compute.

It runs inside the sandbox: only the standard library, NumPy and ``ncl_course.nn`` and ``.protocol`` are there.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from typing import Any

import numpy as np

REAL = ("ncl_course.nn", "ncl_course.protocol")
PICTURES = "matplotlib mpl_toolkits pylab seaborn plotly PIL skimage imageio cv2 sklearn"
NOTEBOOKS = "IPython ipykernel ipywidgets traitlets tqdm nbgrader"
SHOWN = ("ncl_course.data", "ncl_course.experiments", "ncl_course.viz")
"""Folders of the course that only show, hold images, or try something out."""

INERT = frozenset(f"{PICTURES} {NOTEBOOKS}".split())
"""Modules that only show: nobody looks while a notebook is graded."""

TEACHERS = frozenset(
    [
        "torch",
        "torchvision",
        "tensorflow",
        "keras",
        "jax",
        "jaxlib",
        "flax",
        "scipy",
        "cupy",
        "numba",
        "autograd",
        "onnx",
    ]
)
"""Modules that would do the exercises for a student."""


class Inert:
    """An object on which every operation does nothing and returns another such object."""

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        """Do nothing; as a decorator, return the function or class unchanged."""
        only = args[0] if len(args) == 1 else None
        return only if isinstance(only, types.FunctionType | type) else Inert()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Inert()

    def __setattr__(self, _name: str, _value: Any) -> None:
        pass

    def __getitem__(self, _index: Any) -> Any:
        return Inert()

    def __setitem__(self, _index: Any, _value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Any:
        return Inert()

    def __exit__(self, *_error: Any) -> None:
        pass

    def __mro_entries__(self, _bases: tuple[Any, ...]) -> tuple[type, ...]:
        return (object,)

    def __add__(self, _other: Any) -> Any:
        return Inert()

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __matmul__ = __or__ = __add__
    __array_ufunc__ = None


def subplots(nrows: int = 1, ncols: int = 1, **_options: Any) -> tuple[Any, Any]:
    """Return an inert figure with the requested number of inert axes."""
    axes = np.empty((nrows, ncols), dtype=object)
    axes.fill(Inert())
    return Inert(), (axes.item() if axes.size == 1 else axes.squeeze())


def passed_through(iterable: Any = (), *_args: Any, **_options: Any) -> Any:
    """Return the iterable that a progress bar wraps."""
    return iterable


def silent(*_args: Any, **_options: Any) -> None:
    """Replace ``check``, ``display`` and the like: do nothing with any arguments."""


OWN: dict[str, Any] = {}
"""The layers of lessons 01 to 05 that lesson 06 runs on, by name; the worker puts them here."""


def own_layers(*_args: Any, **_options: Any) -> types.SimpleNamespace:
    """The layers that were put there, as attributes."""
    return types.SimpleNamespace(**OWN)


def three_patients() -> tuple[Any, Any, Any]:
    """Objects that lesson 06 unpacks and has examined."""
    return Inert(), Inert(), Inert()


SPECIAL: dict[str, dict[str, Any]] = {
    "matplotlib.pyplot": {"subplots": subplots},
    "IPython": {"get_ipython": silent},
    "IPython.display": {"display": silent},
    "tqdm": {"tqdm": passed_through, "trange": range},
    "tqdm.auto": {"tqdm": passed_through, "trange": range},
    "tqdm.notebook": {"tqdm": passed_through, "trange": range},
    "ncl_course.viz": {"three_patients": three_patients},
    "ncl_course": {"check": silent, "language": silent, "progress": silent, "own_layers": own_layers},
}


def inert_module(name: str) -> types.ModuleType:
    """Return a module whose attributes are inert, except those with a meaning."""
    module = types.ModuleType(name, "An inert stand-in: nothing is shown while a notebook is graded.")
    module.__path__ = []
    module.__dict__.update(SPECIAL.get(name, {}))
    module.__getattr__ = missing_attribute  # type: ignore[method-assign]
    module.__all__ = [n for n in module.__dict__ if not n.startswith("_")]  # type: ignore[attr-defined]
    return module


def missing_attribute(name: str) -> Any:
    """Return an inert object for any attribute of an inert module."""
    if name.startswith("__"):
        raise AttributeError(name)
    return Inert()


class StandIns(MetaPathFinder, Loader):
    """The first finder in ``sys.meta_path``: it decides the result of an import in the sandbox."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return an inert module's spec, or None for a real module; refused modules raise."""
        top = fullname.partition(".")[0]
        if top in TEACHERS:
            raise ImportError(f"{top} is not there while a notebook is graded: exercises are written in NumPy alone")
        if ".".join(fullname.split(".")[:2]) in SHOWN or top in INERT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if top == "ncl_course" and not fullname.startswith(REAL):
            raise ImportError(f"{fullname} is not there while a notebook is graded; ncl_course.nn is")
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return the inert module."""
        return inert_module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Do nothing: there is no code to run."""


def install() -> None:
    """Put the stand-ins in place, and what students import from ``ncl_course`` itself, whose door is not there."""
    sys.modules["ncl_course"].__dict__.update(SPECIAL["ncl_course"])
    sys.meta_path.insert(0, StandIns())


def inert_builtins() -> dict[str, Callable[..., Any]]:
    """Names that a notebook's cell has without importing them."""
    return {"display": silent, "get_ipython": silent}
