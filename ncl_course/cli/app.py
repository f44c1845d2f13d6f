"""The command itself, before it has verbs, and what the verbs share."""

import io
import sys
from enum import StrEnum
from importlib.metadata import version as version_of
from importlib.util import find_spec
from typing import Annotated

import typer

from ncl_course.terminal import say

app = typer.Typer(no_args_is_help=True, add_completion=False)

INSTRUCTORS = "For instructors"
"""Under this heading ``--help`` lists the verbs that a student's distribution does not have."""


class Lang(StrEnum):
    """The languages of the course."""

    EN = "en"
    RU = "ru"


Language = Annotated[Lang, typer.Option(help="The language of the notebooks.")]


def there(room: str) -> bool:
    """Whether a room of the package is here: a student's distribution has neither grading/ nor authoring/."""
    found = find_spec(f"ncl_course.{room}")
    return found is not None and found.origin is not None  # a folder without code in it has no origin


def print_version(wanted: bool) -> None:
    """`--version` prints one line and ends, whatever else was asked."""
    if wanted:
        say(f"ncl-course {version_of('ncl-course')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001 - its callback has done all that it asks
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The non-convolutional layers of convolutional networks, a course in Jupyter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file or pipe may have an encoding that lacks some of our signs
            stream.reconfigure(errors="replace")
