"""Matplotlib's figures, settings and backend as they were before a block, whatever the block draws."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def pictures_restored() -> Iterator[None]:
    """Hide the open figures during the block; afterwards remove the block's figures and restore all settings."""
    try:
        matplotlib: Any = import_module("matplotlib")
        opened: Any = import_module("matplotlib._pylab_helpers").Gcf.figs
    except ImportError:
        yield
        return
    settings, figures, backend = dict(matplotlib.rcParams.copy()), dict(opened), loaded_backend()
    opened.clear()
    try:
        yield
    finally:
        close_figures(opened)
        opened.clear()
        for name, value in settings.items():
            dict.__setitem__(matplotlib.rcParams, name, value)  # checked when it was set; a check would warn
        restore_backend(backend, settings.get("backend"))
        opened.clear()
        opened.update(figures)


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
