"""Check notebooks in another process, so that a notebook that ends its process fails and cannot seem to pass.

The other process runs the student's code and sends a ``Page`` for each notebook. If it ends before it has sent all
pages, the notebook that it was checking has failed, and a new process checks the remaining ones. This process loads
nothing that checks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ncl_course.language import current, language, text

if TYPE_CHECKING:
    from ncl_course.checking.checked import Checked

PAUSE = 0.1
"""The number of seconds between two looks at whether the process is still there."""


@dataclass(frozen=True)
class Page:
    """The text and the record of one notebook, which can be sent from one process to another."""

    problem: str
    instead: str
    panels: tuple[str, ...]
    troubles: tuple[str, ...]
    total: str
    section: str
    record: dict[str, Any]
    passed: bool


def page_of(checked: Checked) -> Page:
    """Return a notebook's results in words, in the current language."""
    from ncl_course.checking.grids import number
    from ncl_course.checking.markdown import notebook as section
    from ncl_course.checking.render import plain

    problem = f"{text('checking.summary.unchecked', file=checked.path)}. {checked.problem}" if checked.problem else ""
    score, most = number(checked.score), number(checked.max_score)
    return Page(
        problem=problem,
        instead=checked.instead,
        panels=tuple(plain(result) for result in checked.results),
        troubles=checked.troubles,
        total=text("course.selfcheck.total", path=checked.path, score=score, max_score=most) if checked.results else "",
        section=section(checked),
        record=checked.record(),
        passed=checked.passed,
    )


def pages(paths: Sequence[Path]) -> Iterator[Page]:
    """Yield the page of each notebook, in order, as soon as it is checked."""
    keep_standard_input_open()
    done = 0
    while done < len(paths):
        for page in from_another_process(paths[done:]):
            yield page
            done += 1


def keep_standard_input_open() -> None:
    """Open the null device as standard input if it is closed, so that no pipe gets its number."""
    try:
        os.fstat(0)
    except OSError:
        os.open(os.devnull, os.O_RDONLY)


def from_another_process(paths: Sequence[Path]) -> Iterator[Page]:
    """Yield the pages that one process sends; if it ends too early, the last page says so.

    Raises:
        KeyboardInterrupt: if the user stops the check; its argument says at which step.
    """
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(tuple(paths), sending, current()))
    process.start()
    sending.close()
    where, done = "", 0
    try:
        while done < len(paths):
            message = received(receiving, process.is_alive)
            if isinstance(message, str):
                where = message
            elif message is not None:
                yield message
                where, done = "", done + 1
            else:
                process.join()
                yield page_of(ended(paths[done], where, process.exitcode or 0))
                return
    except KeyboardInterrupt:
        raise KeyboardInterrupt(where) from None
    finally:
        receiving.close()
        process.kill()
        process.join()


def received(receiving: Connection, is_alive: Callable[[], bool]) -> Page | str | None:
    """Wait for the next message; return None if the process has ended without sending one.

    The end of the pipe alone does not tell, because a process that the student's code has started may hold it open.
    """
    try:
        while not receiving.poll(PAUSE):
            if not is_alive() and not receiving.poll():
                return None
        message: Page | str = receiving.recv()
    except (EOFError, OSError):
        return None
    return message


def work(paths: tuple[Path, ...], sending: Connection, lang: str) -> None:
    """Check the notebooks, and send a line before each step and a page after each notebook.

    The student's code finds an empty standard input and no arguments of a command line. What it writes without Python
    goes to standard error, because standard output may be a JSON file.
    """
    language(lang)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115 - it stays open as long as the process
    os.dup2(2, 1)
    sys.argv[1:] = []
    try:
        from ncl_course.selfcheck import check_each

        for checked in check_each(paths, sending.send):
            sending.send(page_of(checked))
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process says that the check was stopped


def ended(path: Path, where: str, status: int) -> Checked:
    """Return the results of a notebook whose process has ended: every exercise has failed."""
    from ncl_course.checking.checked import Checked
    from ncl_course.checking.verdict import Verdict
    from ncl_course.exercises import EXERCISES
    from ncl_course.selfcheck import without_verdict
    from ncl_course.submission.lesson import lesson_of
    from ncl_course.submission.notebook import read_notebook

    notebook = read_notebook(path)
    if notebook.language:
        language(notebook.language)
    lesson = lesson_of(notebook, path.name)
    key = "signal" if status < 0 else "exit"
    why = text(f"course.selfcheck.ended_{key}", where=where or text("course.selfcheck.start"), status=abs(status))
    results = tuple(without_verdict(e, Verdict.KILLED, why) for e in EXERCISES if e.lesson == lesson)
    return Checked(path, lesson, results, (why,))
