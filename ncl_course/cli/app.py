"""The command itself, without its verbs, and the options that the verbs share."""

import io
import sys
from enum import StrEnum
from importlib.metadata import version as version_of
from importlib.util import find_spec
from typing import Annotated

import typer

from ncl_course.terminal import say

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")

INSTRUCTORS = "For instructors"
"""The heading under which ``--help`` lists the verbs that a student's distribution does not have."""


class Lang(StrEnum):
    """The languages of the course."""

    EN = "en"
    RU = "ru"


Language = Annotated[Lang, typer.Option(help="The language of what the command says and writes.")]
NotebookLanguage = Annotated[Lang, typer.Option("--lang", help="The language of the notebooks.")]


def there(room: str) -> bool:
    """Return whether a room of the package is installed: a student's distribution has no grading/ and no authoring/."""
    found = find_spec(f"ncl_course.{room}")
    return found is not None and found.origin is not None  # a folder without code has no origin


def print_version(wanted: bool) -> None:
    """Print one line for `--version` and exit, whatever other options there are."""
    if wanted:
        say(f"ncl-course {version_of('ncl-course')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[  # noqa: ARG001 - its callback does everything
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The non-convolutional layers of convolutional networks, a course in Jupyter."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a file or pipe may have an encoding without some of our signs
            stream.reconfigure(errors="replace")
