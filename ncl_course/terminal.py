"""The output of a verb to a terminal: lines that can be copied, errors without tracebacks, exit statuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from ncl_course.errors import CourseError

PROBLEMS, WRONG_USAGE = 1, 2  # exit statuses


def say(text: str, style: str = "") -> None:
    """Print one line, without interpreting markup and without wrapping, so that paths in it can be copied."""
    Console(soft_wrap=True, highlight=False).print(text, style=style, markup=False)


def complain(text: str) -> None:
    """Print one line on stderr in red."""
    Console(soft_wrap=True, highlight=False, stderr=True).print(text, style="red", markup=False)


@contextmanager
def foreseen() -> Iterator[None]:
    """Turn an error that the user can fix into one line and the status for wrong usage.

    Our own bugs keep their traceback.
    """
    try:
        yield
    except CourseError as error:
        complain(str(error))
        raise typer.Exit(WRONG_USAGE) from None
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        raise typer.Exit(WRONG_USAGE) from None


def fail_on(problems: list[str]) -> None:
    """Print each problem on a line of its own, and exit with status 1 if there are any."""
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(PROBLEMS)
