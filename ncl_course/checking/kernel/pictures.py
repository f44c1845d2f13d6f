"""Matplotlib's figures, settings and backend as they were before a block, whatever the block draws."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def pictures_restored() -> Iterator[None]:
    """Hide the open figures during the block; afterwards remove the block's figures and restore all settings.

    Matplotlib is not loaded for that. If the block loads it, its settings become those that it began with.
    """
    settings, figures, backend = settings_now(), open_figures().copy(), loaded_backend()
    open_figures().clear()
    try:
        yield
    finally:
        matplotlib: Any = sys.modules.get("matplotlib")
        if matplotlib is not None:
            restore_settings(matplotlib, settings or dict(matplotlib.rcParamsOrig), backend)
            open_figures().update(figures)


def settings_now() -> dict[str, Any] | None:
    """Return matplotlib's settings, or None if it is not loaded."""
    matplotlib: Any = sys.modules.get("matplotlib")
    return None if matplotlib is None else dict(matplotlib.rcParams.copy())


def open_figures() -> dict[Any, Any]:
    """Return pyplot's own table of open figures; an empty one if nothing has loaded it."""
    return getattr(getattr(sys.modules.get("matplotlib._pylab_helpers"), "Gcf", None), "figs", {})


def restore_settings(matplotlib: Any, settings: dict[str, Any], backend: Any) -> None:
    """Close the figures that are open, and restore matplotlib's settings and the module that draws."""
    close_figures(open_figures())
    open_figures().clear()
    for name, value in settings.items():
        dict.__setitem__(matplotlib.rcParams, name, value)  # checked when it was set; a check would warn
    restore_backend(backend, settings.get("backend"))
    open_figures().clear()


def load_backend() -> None:
    """Load the module that draws if this process names one, as a kernel does; it tells IPython how to show figures."""
    try:
        pyplot: Any = import_module("matplotlib.pyplot")
    except ImportError:
        return
    name = dict(pyplot.rcParams.copy()).get("backend")
    if loaded_backend() is None and isinstance(name, str):
        pyplot.switch_backend(name)


def close_figures(opened: Any) -> None:
    """Close the figures that the block has opened."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None and opened:
        pyplot.close("all")


def loaded_backend() -> Any:
    """Return the module that draws, or None if none is loaded yet."""
    return getattr(sys.modules.get("matplotlib.pyplot"), "_backend_mod", None)


def restore_backend(before: Any, name: Any) -> None:
    """Let the module draw that was loaded before the block."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or loaded_backend() is before:
        return
    if isinstance(name, str):
        pyplot.switch_backend(name)
    else:
        pyplot._backend_mod = before
