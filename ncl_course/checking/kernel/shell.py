"""IPython's display and settings as they were before a block; what the block shows does not appear."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PLAIN = (bool, int, float, str, type(None))
"""The types of the settings that are restored; other traits are the shell's own objects."""


def running_shell() -> Any:
    """Return the IPython shell of this process, or None."""
    IPython: Any = sys.modules.get("IPython")
    return None if IPython is None else IPython.get_ipython()


@contextmanager
def shell_restored() -> Iterator[None]:
    """Discard what the block displays, and restore the shell's settings, its events and its ways to show objects."""
    shell = running_shell()
    if shell is None:
        yield
        return
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    kinds = [kind for kind in type(shell).__mro__ if issubclass(kind, InteractiveShell)]
    classes = [(kind, dict(vars(kind))) for kind in kinds]
    settings = {name: value for name, value in shell._trait_values.items() if isinstance(value, PLAIN)}
    contents = [(one, one.copy()) for one in (*printers(shell), *shell.events.callbacks.values())]
    try:
        with capture_output():
            yield
    finally:
        for kind, before in classes:
            restore_class(kind, before)
        for name, value in settings.items():
            if shell._trait_values.get(name) != value:
                setattr(shell, name, value)
        for container, before in contents:
            container.clear()
            (container.update if isinstance(container, dict) else container.extend)(before)


def printers(shell: Any) -> Iterator[dict[Any, Any]]:
    """Yield the tables in which the shell looks up how to show an object."""
    for formatter in shell.display_formatter.formatters.values():
        yield formatter.type_printers
        yield formatter.deferred_printers
        yield formatter.singleton_printers


def restore_class(kind: type, before: dict[str, Any]) -> None:
    """Give a class its former attributes again."""
    for name in vars(kind).keys() - before.keys():
        delattr(kind, name)
    for name, value in before.items():
        if vars(kind).get(name) is not value:
            setattr(kind, name, value)
