"""Run the code of other notebooks without leaving a trace in this one.

Lesson 06 runs the cells of lessons 01 to 05 in its own process. Those cells may change the working folder, NumPy's or
torch's settings, open figures, choose a style, or draw random numbers. Afterwards all of that is as it was before.
"""

from __future__ import annotations

import builtins
import locale
import logging
import os
import random
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.checking.kernel.pictures import load_backend, pictures_restored
from ncl_course.checking.kernel.shell import running_shell, shell_restored
from ncl_course.errors import NoTorchError
from ncl_course.language import chosen, language

STREAMS = ("stdin", "stdout", "stderr", "displayhook", "excepthook", "breakpointhook")
LISTS = ("path", "argv", "meta_path", "path_hooks")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def untouched(folder: Path | None = None, *, torch: bool = True) -> Iterator[None]:
    """Restore the state of this process after the block; nothing that the block shows appears.

    Args:
        folder: an absolute path, the working folder during the block; the block can also import from it.
        torch: whether the block may change torch's settings. If so, torch is loaded first, where it is installed.
    """
    if running_shell() is not None:
        load_backend()
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        stack.enter_context(np.errstate())
        stack.enter_context(np.printoptions())
        if torch:
            stack.enter_context(torch_restored())
        stack.enter_context(shell_restored())
        stack.enter_context(pictures_restored())
        for restore in (*python(), *machine()):
            stack.callback(restore)
        setattr(builtins, "input", unanswered)  # noqa: B010 - a kernel would ask the student
        if folder is not None and folder.is_dir():
            os.chdir(folder)
            sys.path.insert(0, str(folder))
        yield


def torch_restored() -> AbstractContextManager[None]:
    """Return a context that restores torch's settings, or one that does nothing where torch is not installed."""
    try:
        from ncl_course.oracles.settings import students_settings_restored  # late, because it loads torch
    except NoTorchError:
        return nullcontext()
    return students_settings_restored()


def unanswered(*_: object) -> str:
    """Take the place of ``input`` in the block.

    Raises:
        EOFError: always, as at the end of standard input.
    """
    raise EOFError("EOF when reading a line")


def python() -> Iterator[Callable[[], object]]:
    """Yield functions that restore what belongs to Python and to the course."""
    yield restored(vars(builtins))
    for name in STREAMS:
        yield restored_attribute(sys, name)
    for name in LISTS:
        yield restored_list(getattr(sys, name))
    yield restored_list(logging.root.handlers)
    yield restored_attribute(logging.root, "level")
    yield restored_attribute(logging.root.manager, "disable")
    yield called(sys.setrecursionlimit, sys.getrecursionlimit())
    yield called(random.setstate, random.getstate())
    yield called(np.random.set_state, np.random.get_state())
    yield called(language, chosen())
    yield restored_hook(sys.settrace, sys.gettrace)
    yield restored_hook(sys.setprofile, sys.getprofile)


def machine() -> Iterator[Callable[[], object]]:
    """Yield functions that restore what belongs to the process: working folder, environment, locale, signals."""
    yield called(os.chdir, Path.cwd())
    yield restored(os.environ)
    yield called(locale.setlocale, locale.LC_ALL, locale.setlocale(locale.LC_ALL))
    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            yield restored_hook(partial(signal.signal, number), partial(signal.getsignal, number))


def called(function: Callable[..., object], *args: Any) -> Callable[[], object]:
    """Return a function that calls another one with those arguments."""
    return lambda: function(*args)


def restored_hook(write: Callable[[Any], object], read: Callable[[], Any]) -> Callable[[], None]:
    """Return a function that restores what ``read`` returns at present, if it has changed by then."""
    before = read()

    def restore() -> None:
        if read() is not before:
            write(before)

    return restore


def restored(names: MutableMapping[str, Any]) -> Callable[[], None]:
    """Return a function that gives a mapping its present contents again."""
    before = dict(names)

    def restore() -> None:
        for name in names.keys() - before.keys():
            del names[name]
        for name, value in before.items():
            if name not in names or names[name] is not value:
                names[name] = value

    return restore


def restored_list(items: list[Any]) -> Callable[[], None]:
    """Return a function that gives a list its present items again."""
    before = list(items)

    def restore() -> None:
        items[:] = before

    return restore


def restored_attribute(owner: Any, name: str) -> Callable[[], None]:
    """Return a function that gives an attribute its present value again."""
    before = getattr(owner, name)

    def restore() -> None:
        if getattr(owner, name) is not before:
            setattr(owner, name, before)

    return restore
