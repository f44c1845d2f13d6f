"""The students' verbs: open the course, check one's own notebooks, examine the installation."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ncl_course.cli.app import Lang, Language, NotebookLanguage, app, there
from ncl_course.terminal import foreseen, say

if TYPE_CHECKING:
    from ncl_course.doctor.walls import Tried

Lesson = Annotated[str, typer.Argument(help="01, pooling or 01_pooling; by default the course map, 00_start.")]
Options = Annotated[list[str] | None, typer.Argument(metavar="-- OPTIONS", help="Options for JupyterLab.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Only copy the notebooks.")]


def split_options(lesson: str, options: list[str]) -> tuple[str, list[str]]:
    """Separate the lesson from JupyterLab's options.

    Without a lesson, typer takes the first option after `--` as the lesson.
    """
    if lesson.startswith("-"):
        return "", [lesson, *options]
    if options and not options[0].startswith("-"):
        raise typer.BadParameter(f"Name one lesson at a time: {options[0]!r} is one too many.")
    return lesson, options


@app.command()
def lab(
    lesson: Lesson = "", options: Options = None, lang: NotebookLanguage = Lang.EN, no_open: NoOpen = False
) -> None:
    """Copy the notebooks that you don't have yet into your folder, and open JupyterLab there.

    Your folder is work/LANG in the course's folder, or ncl_course/LANG in your home folder if the course's folder
    belongs to another user. The environment variable NCL_HOME names another place: NCL_HOME/LANG.

    Your notebooks are never overwritten. To start a lesson again, rename your notebook and run this command again.
    """
    from ncl_course import lab as course
    from ncl_course.language import text
    from ncl_course.places import jupyter_folder

    lesson, extra = split_options(lesson, options or [])
    with foreseen():
        name = course.find_lesson(lesson, course.lessons(course.ROOT, lang), lang)
        desk = course.set_desk(course.ROOT, lang)
        for line in desk.lines():
            say(line)
        if not no_open:
            course.demand_jupyterlab(lang)
            course.demand_writable(jupyter_folder(), "course.lab.no_home", lang)
    if not no_open:
        say(text("course.lab.opening", lang, name=name))
        course.open_jupyterlab(course.jupyter_arguments(desk.folder / name, extra))


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder to copy to; it is made if it is missing.")]


@app.command()
def notebooks(folder: Folder, lang: NotebookLanguage = Lang.EN) -> None:
    """Copy the blank notebooks into a folder. Files that are there already are never overwritten.

    Exit status: 0 copied, 2 wrong usage.
    """
    from ncl_course import lab as course

    with foreseen():
        desk = course.set_desk(course.ROOT, lang, folder.absolute())
    for line in desk.lines():
        say(line)


Notebooks = Annotated[list[Path], typer.Argument(metavar="NOTEBOOK", help="Your own notebooks.")]
Own = Annotated[Lang | None, typer.Option(help="The language of the panels; by default the notebook's own.")]
Json = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help="Write the results as JSON; - prints the JSON and nothing else."),
]
Summary = Annotated[
    Path | None,
    typer.Option(
        envvar="GITHUB_STEP_SUMMARY", metavar="FILE", help="Append the results to this file, as Markdown tables."
    ),
]


@app.command()
def check(notebooks: Notebooks, lang: Own = None, json_file: Json = None, summary: Summary = None) -> None:
    """Check your own notebooks in the terminal, as check(...) does in a notebook.

    Exit status: 0 all exercises pass, 1 some do not, 2 a notebook cannot be read (the others are still checked).
    """
    from ncl_course.selfcheck_verb import check as check_notebooks

    if lang is not None:
        os.environ["NCL_LANG"] = lang
    with foreseen():
        status = check_notebooks(notebooks, json_file, summary)
    raise typer.Exit(status)


Desk = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="The folder with your notebooks; by default the current one, or else the one that `lab` opens.",
        show_default=False,
    ),
]


@app.command(name="hand-in")
def hand_in(folder: Desk = None) -> None:
    """Make one file to hand in, hand_in.zip, out of your notebooks, and say what is open.

    1. Save your notebooks in JupyterLab (Ctrl-S).

    2. Run `ncl-course hand-in`, or `ncl-course hand-in work/en` with your folder.

    3. Hand in the file hand_in.zip from that folder.

    The zip holds one notebook of each lesson, under its own name and without outputs. A hand_in.zip of an earlier run
    is replaced; your notebooks stay as they are. You may hand in while exercises are open: what passes counts.

    Each notebook is run and checked in another process, as `ncl-course check` does. This can take some minutes.

    Exit status: 0 the zip is written, whatever is open; 1 a lesson's file cannot be read and is left out; 2 there is
    nothing to hand in.
    """
    from ncl_course.hand_in_verb import hand_in as make

    with foreseen():
        status = make(folder)
    raise typer.Exit(status)


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Look for the packages of release, build and similar, too.")
    ] = False,
    lang: Language = Lang.EN,
) -> None:
    """Report which parts of the installation work and which are missing, with the fix.

    Exit status: 0 all is well, 1 something is missing, 2 there is no home folder to look at.
    """
    from ncl_course.doctor.verb import doctor as examine
    from ncl_course.language import language

    language(lang)
    with foreseen():
        status = examine(try_sandbox if there("grading") else None, as_json, grading=instructor)
    raise typer.Exit(status)


def try_sandbox() -> "Tried":
    """Start the grader's sandbox. The import is here, so that a missing package becomes a finding of the doctor."""
    from ncl_course.grading.walls.usable import sandbox_here

    return sandbox_here()
