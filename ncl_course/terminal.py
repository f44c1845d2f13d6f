"""How a verb speaks to a terminal: lines that can be copied, errors without tracebacks, exit statuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from ncl_course.errors import CourseError

PROBLEMS, WRONG_USAGE = 1, 2  # exit statuses


def say(text: str, style: str = "") -> None:
    """One line of ours. Never taken for markup, never cut: paths in it can be copied."""
    Console(soft_wrap=True, highlight=False).print(text, style=style, markup=False)


def complain(text: str) -> None:
    """The same, on stderr and red."""
    Console(soft_wrap=True, highlight=False, stderr=True).print(text, style="red", markup=False)


@contextmanager
def foreseen() -> Iterator[None]:
    """An error that the user can mend ends in one line and wrong usage; a bug of ours keeps its traceback."""
    try:
        yield
    except CourseError as error:
        complain(str(error))
        raise typer.Exit(WRONG_USAGE) from None
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        raise typer.Exit(WRONG_USAGE) from None


def fail_on(problems: list[str]) -> None:
    """Each problem on a line of its own, and exit status 1 if there is any."""
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(PROBLEMS)
