"""The verbs of `ncl-course`. Each parses, calls and prints; what it calls is imported when it is needed.

So `ncl-course --help` starts at once, and a student's installation needs no instructor's packages.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ncl_course.errors import CourseError

app = typer.Typer(no_args_is_help=True, add_completion=False)

PROBLEMS, WRONG_USAGE = 1, 2  # exit statuses


class Lang(StrEnum):
    """The languages of the course."""

    EN = "en"
    RU = "ru"


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
    except (CourseError, OSError) as error:
        complain(str(error))
        raise typer.Exit(WRONG_USAGE) from None


def fail_on(problems: list[str]) -> None:
    """Each problem on a line of its own, and exit status 1 if there is any."""
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(PROBLEMS)


def print_version(wanted: bool) -> None:
    """`--version` prints one line and ends, whatever else was asked."""
    if wanted:
        say(f"ncl-course {version_of('ncl-course')}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """The non-convolutional layers of convolutional networks, a course in Jupyter."""


Lesson = Annotated[str, typer.Argument(help="01, pooling or 01_pooling; the first one if you name none.")]
Options = Annotated[list[str] | None, typer.Argument(metavar="-- OPTIONS", help="For JupyterLab.")]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Copy the notebooks and stop there.")]
Language = Annotated[Lang, typer.Option(help="The language of the notebooks.")]


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
        say(text("lab.opening", lang, name=name))
        course.open_jupyterlab(course.jupyter_arguments(desk.folder / name, extra))


@app.command()
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail on any difference.")] = False,
) -> None:
    """Make solutions/ (executed) and notebooks/ (the student's) from lessons/."""
    from ncl_course.authoring.build import build as build_course
    from ncl_course.lab import course_root

    with foreseen():
        root = course_root("lessons")
    fail_on(build_course(root, check, say))


class Sandbox(StrEnum):
    """How students' code is kept apart; the words of ``grading.sandbox.Mode``, which --help does not load."""

    AUTO = "auto"
    BWRAP = "bwrap"
    USER = "user"
    NONE = "none"


Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="A notebook or a folder of STUDENT/LESSON.ipynb.")]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Where results, grades and feedback go.")]
Key = Annotated[Path | None, typer.Option(metavar="DIR", help="The instructor's solutions.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions at a time; 0: as many as there are processors.")]
Timeout = Annotated[float, typer.Option(min=0.1, help="Processor seconds an exercise; train gets 12 times that.")]
Memory = Annotated[int, typer.Option(min=256, help="MB of memory a process.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Repeat a run's cases; a fresh secret one by default.")]
Walls = Annotated[Sandbox, typer.Option(help="none gives up all protection: for code that you trust.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, as tcp://HOST:PORT.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run into DIR was stopped.")]


@app.command()
def grade(
    paths: Paths,
    out: Out,
    key: Key = None,
    jobs: Jobs = 0,
    timeout: Timeout = 10.0,
    memory: Memory = 1024,
    seed: Seed = None,
    sandbox: Walls = Sandbox.AUTO,
    cluster: Cluster = None,
    resume: Resume = False,
    lang: Language = Lang.EN,
) -> None:
    """Grade submitted notebooks, each in a sandbox of its own.

    Exit status: 0 all graded, 1 some could not be, 2 wrong usage or no usable sandbox, 130 after Ctrl-C.
    """
    from ncl_course.grading.sandbox import Mode
    from ncl_course.grading.verb import Options as GradeOptions
    from ncl_course.grading.verb import grade as grade_cohort

    workers = jobs or os.cpu_count() or 1
    options = GradeOptions(workers, timeout, memory, seed, Mode(sandbox), resume, lang, key, cluster)
    raise typer.Exit(grade_cohort(paths, out, options))


@app.command()
def check(
    notebooks: Annotated[list[Path], typer.Argument(metavar="NOTEBOOK...", help="Your own notebooks.")],
    lang: Annotated[Lang | None, typer.Option(help="The notebook's own language if you name none.")] = None,
) -> None:
    """Check your own notebooks in the terminal, as check(...) does in them.

    Exit status: 0 all exercises pass, 1 some do not, 2 a notebook cannot be read.
    """
    from ncl_course.checking.render import plain
    from ncl_course.checking.view import number
    from ncl_course.language import text
    from ncl_course.selfcheck import check_notebook

    if lang is not None:
        os.environ["NCL_LANG"] = lang
    passed = True
    for path in notebooks:
        with foreseen():
            checked = check_notebook(path)
        for result in checked.results:
            say(plain(result) + "\n")
        for trouble in checked.troubles:
            complain(trouble)
        score, most = (number(sum(getattr(r, name) for r in checked.results)) for name in ("score", "max_score"))
        say(text("selfcheck.total", path=path, score=score, max_score=most), style="bold")
        passed = passed and checked.passed
    raise typer.Exit(0 if passed else PROBLEMS)
