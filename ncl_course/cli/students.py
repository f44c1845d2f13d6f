"""The students' verbs: open the course, check one's own notebooks, look the installation over."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncl_course.cli.app import Lang, Language, app, there
from ncl_course.terminal import foreseen, say

if TYPE_CHECKING:
    from ncl_course.doctor.walls import Tried

Lesson = Annotated[str, typer.Argument(help="01, pooling or 01_pooling; the course map, 00_start, if you name none.")]
Options = Annotated[list[str] | None, typer.Argument(metavar="-- OPTIONS", help="For JupyterLab.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Copy the notebooks and stop there.")]


def split_options(lesson: str, options: list[str]) -> tuple[str, list[str]]:
    """What follows `--` comes in as plain arguments, so JupyterLab's first option may stand as the lesson."""
    if lesson.startswith("-"):
        return "", [lesson, *options]
    if options and not options[0].startswith("-"):
        raise typer.BadParameter(f"One lesson at a time, please: {options[0]!r} is one too many.")
    return lesson, options


@app.command()
def lab(lesson: Lesson = "", options: Options = None, lang: Language = Lang.EN, no_open: NoOpen = False) -> None:
    """Copy the notebooks that you don't have yet to work/LANG, and open JupyterLab there.

    Yours are never overwritten. To start one afresh, rename yours and run this again.
    """
    from ncl_course import lab as course
    from ncl_course.language import text

    lesson, extra = split_options(lesson, options or [])
    with foreseen():
        root = course.course_root(lang=lang)
        name = course.find_lesson(lesson, course.lessons(root, lang), lang)
        desk = course.set_desk(root, lang)
    for line in desk.lines():
        say(line)
    if not no_open:
        say(text("course.lab.opening", lang, name=name))
        course.open_jupyterlab(course.jupyter_arguments(desk.folder / name, extra))


Notebooks = Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Your own notebooks.")]
Own = Annotated[Lang | None, typer.Option(help="The notebook's own language if you name none.")]
Json = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="The results for programs; - prints them and nothing else."),
]
Summary = Annotated[
    Path | None,
    typer.Option(
        envvar="GITHUB_STEP_SUMMARY", metavar="FILE", help="Add the results to this file, as tables in Markdown."
    ),
]


@app.command()
def check(notebooks: Notebooks, lang: Own = None, json_file: Json = None, summary: Summary = None) -> None:
    """Check your own notebooks in the terminal, as check(...) does in them.

    Exit status: 0 all exercises pass, 1 some do not, 2 a notebook cannot be read; the others are checked all the same.
    """
    from ncl_course.selfcheck_verb import check as check_notebooks

    if lang is not None:
        os.environ["NCL_LANG"] = lang
    with foreseen():
        status = check_notebooks(notebooks, json_file, summary)
    raise typer.Exit(status)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="The findings for programs.")] = False,
    lang: Language = Lang.EN,
) -> None:
    """Say what of the installation works and what is missing, with the fix.

    Exit status: 0 all is well, 1 something is missing.
    """
    from ncl_course.doctor.verb import doctor as examine
    from ncl_course.language import language

    language(lang)
    if not there("grading"):
        raise typer.Exit(examine(None, as_json))
    raise typer.Exit(examine(try_sandbox, as_json))


def try_sandbox() -> "Tried":
    """Start the grader's sandbox; what it needs is brought in when it is tried, so that a lack of it is a finding."""
    from ncl_course.grading.walls.usable import sandbox_here

    return sandbox_here()
