"""The output of a verb to a terminal: lines that can be copied, errors without tracebacks, exit statuses.

File names, messages and code may hold characters that steer a terminal or reverse its text. They are replaced here, so
everything that is written to a terminal goes through this module.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console

from ncl_course.errors import CourseError
from ncl_course.installed import install_command
from ncl_course.language import text as worded

EXTRAS = ("jupytext", "nbclient", "copydetect", "distributed", "yaml")
"""The packages that only instructors need: the extra ``instructor`` in pyproject.toml."""

LONGEST = 6_000
"""The most characters of a complaint: an error may list what it found in a file that was made for that."""

PROBLEMS, WRONG_USAGE = 1, 2  # exit statuses


def say(text: str, style: str = "") -> None:
    """Print one line, without interpreting markup and without wrapping, so that paths in it can be copied."""
    Console(soft_wrap=True, highlight=False).print(printable(text, keep="\n\t"), style=style, markup=False, emoji=False)


def complain(text: str, style: str = "red") -> None:
    """Print a text on stderr, in red by default; ``…`` stands for the end of a text that fills several screens."""
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    console = Console(soft_wrap=True, highlight=False, stderr=True)
    console.print(printable(text, keep="\n\t"), style=style, markup=False, emoji=False)


def printable(text: str, keep: str = "") -> str:
    """Return a text with ? for each control character, mark of direction and lone surrogate.

    Args:
        text: the text.
        keep: control characters that stay, such as the end of a line if there may be several lines.
    """
    return "".join(c if c.isprintable() or c in keep or unicodedata.category(c) == "Zs" else "?" for c in text)


def argument(path: Path) -> str:
    """Return a path as one argument of a command for the terminal: in quotes if it holds a space or another sign."""
    written = str(path)
    return written if re.fullmatch(r"[\w./\\:-]+", written) else f'"{written}"'


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
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in EXTRAS:
            raise
        complain(needs_extra(package))
        raise typer.Exit(WRONG_USAGE) from None
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        raise typer.Exit(WRONG_USAGE) from None


def needs_extra(package: str) -> str:
    """Say that a package of the instructor's is missing, with the command that installs it into this Python."""
    command = install_command(Path(__file__).resolve().parents[1], "instructor")
    key = "missing" if command.folder else "missing_here"
    return worded(f"course.extra.{key}", package=package, command=command.line)


def fail_on(problems: list[str]) -> None:
    """Print each problem on a line of its own, and exit with status 1 if there are any."""
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(PROBLEMS)
