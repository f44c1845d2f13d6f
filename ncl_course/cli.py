"""The verbs of `ncl-course`. Each parses, calls and prints; what it calls is imported when it is needed.

So `ncl-course --help` starts at once, and a student's installation needs no instructor's packages.
"""

import os
from collections.abc import Callable
from enum import StrEnum
from importlib.metadata import version as version_of
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ncl_course.terminal import (
    PROBLEMS,
    WRONG_USAGE,  # noqa: F401 - the other exit status of these verbs, for who calls them
    complain,
    fail_on,
    foreseen,
    say,
)

app = typer.Typer(no_args_is_help=True, add_completion=False)

Verb = TypeVar("Verb", bound=Callable[..., None])


class Lang(StrEnum):
    """The languages of the course."""

    EN = "en"
    RU = "ru"


def there(room: str) -> bool:
    """Whether a room of the package is here: a student's distribution has neither grading/ nor authoring/."""
    found = find_spec(f"ncl_course.{room}")
    return found is not None and found.origin is not None  # a folder without code in it has no origin


def instructors(room: str) -> Callable[[Verb], Verb]:
    """A verb that is there where its room is, and listed apart from the students'."""
    return app.command(rich_help_panel="For instructors") if there(room) else lambda verb: verb


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


@instructors("authoring")
def build(
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail on any difference.")] = False,
) -> None:
    """Make solutions/ (executed) and notebooks/ (the student's) from lessons/."""
    from ncl_course.authoring.build import build as build_course
    from ncl_course.lab import course_root

    with foreseen():
        root = course_root("lessons")
    fail_on(build_course(root, check, say))


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet, or an empty one.")]
Languages = Annotated[list[Lang] | None, typer.Option("--lang", help="Again for another language; both by default.")]
Force = Annotated[bool, typer.Option("--force", help="Write into a folder that is not empty, over files alone.")]


@instructors("authoring")
def release(folder: Folder, lang: Languages = None, force: Force = False) -> None:
    """Write the student's distribution: the course without solutions and the instructor's parts.

    Exit status: 0 written, 1 parts of a solution would go out, so nothing is written, 2 wrong usage.
    """
    from ncl_course.authoring.release import release as release_course
    from ncl_course.lab import course_root
    from ncl_course.language import LANGUAGES, text

    with foreseen():
        made = release_course(course_root("lessons"), folder, [*dict.fromkeys(lang or LANGUAGES)], force)
    fail_on([*made.problems, text("release.nothing_written")] if made.problems else [])
    if made.removed:
        say(text("release.removed", names=", ".join(made.removed)))
    say(text("release.written", count=len(made.written), folder=folder))


class Sandbox(StrEnum):
    """How students' code is kept apart; the words of ``grading.sandbox.Mode``, which --help does not load."""

    AUTO = "auto"
    BWRAP = "bwrap"
    USER = "user"
    NONE = "none"


Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...", help="A notebook, a folder of STUDENT/LESSON.ipynb, or a download, zip or unpacked."
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Where results, grades and feedback go.")]
Key = Annotated[Path | None, typer.Option(metavar="DIR", help="The instructor's solutions.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions at a time; 0: as many as there are processors.")]
Timeout = Annotated[float, typer.Option(min=0.1, help="Processor seconds an exercise; train gets 12 times that.")]
Memory = Annotated[int, typer.Option(min=256, help="MB of memory a process.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Repeat a run's cases; a fresh secret one by default.")]
Walls = Annotated[Sandbox, typer.Option(help="none gives up all protection: for code that you trust.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, as tcp://HOST:PORT.")]
Compare = Annotated[
    Path | None, typer.Option(metavar="RESULTS", help="An earlier results.json: say who changed, and why.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run into DIR was stopped.")]


@instructors("grading")
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
    compare: Compare = None,
    lang: Language = Lang.EN,
) -> None:
    """Grade submitted notebooks, each in a sandbox of its own.

    Exit status: 0 all graded, 1 some could not be, 2 wrong usage or no usable sandbox, 130 after Ctrl-C.
    """
    from ncl_course.grading.comparison import tell_changes
    from ncl_course.grading.reports.compare import earlier
    from ncl_course.grading.sandbox import Mode
    from ncl_course.grading.verb import FINE, SOME_UNGRADED
    from ncl_course.grading.verb import Options as GradeOptions
    from ncl_course.grading.verb import grade as grade_cohort
    from ncl_course.language import language

    language(lang)
    with foreseen():
        before = earlier(compare) if compare else None
    workers = jobs or os.cpu_count() or 1
    options = GradeOptions(workers, timeout, memory, seed, Mode(sandbox), resume, lang, key, cluster)
    status = grade_cohort(paths, out, options)
    if before is not None and compare is not None and status in (FINE, SOME_UNGRADED):
        tell_changes(before, compare, out)
    raise typer.Exit(status)


Least = Annotated[float, typer.Option(min=0.05, max=1.0, help="The share of alike code from which a pair is told.")]
SimilarOut = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Where similar.html and similar.csv go.")]


@instructors("grading")
def similar(paths: Paths, out: SimilarOut, threshold: Least = 0.5, lang: Language = Lang.EN) -> None:
    """Pairs of alike solutions, the code that was handed out left aside. Nothing of a notebook is run.

    Exit status: 0 compared, 2 wrong usage.
    """
    from ncl_course.language import language

    language(lang)
    with foreseen():
        from ncl_course.grading.similar_verb import similar as find_similar

        find_similar(paths, out, threshold)


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
    from ncl_course.grading.usable import usable

    raise typer.Exit(examine(usable, as_json))
