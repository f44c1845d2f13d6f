"""Pictures of the course: figures for a notebook, and widgets with controls.

Every ``show_*`` makes a whole figure; an explorer binds sliders to drawings. A drawing, ``draw_*`` in a lesson's
folder, draws given data on given axes and returns the artists. ``__init__.pyi`` lists the names that lessons import;
each is loaded when it is first used, together with matplotlib.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import lazy_loader

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
_late = ContextVar("late", default=False)


def __getattr__(name: str) -> Any:
    """Load a name that lessons import; where that is to wait, return a function that loads it when it is called.

    Raises:
        AttributeError: if there is no such name.
    """
    return partial(_call, name) if _late.get() and name in __all__ else _load(name)


def _call(name: str, *args: Any, **options: Any) -> Any:
    return _load(name)(*args, **options)


@contextmanager
def loaded_when_called() -> Iterator[None]:
    """Load a name that is imported in the block only when it is called, for a notebook that is run without pictures."""
    before = _late.set(True)
    try:
        yield
    finally:
        _late.reset(before)
