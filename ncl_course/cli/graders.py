"""The graders' verbs: grade a cohort, check a policy, and find similar solutions."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ncl_course.cli.app import INSTRUCTORS, Lang, Language, app
from ncl_course.terminal import foreseen, say


class Sandbox(StrEnum):
    """The kinds of sandbox; the same words as in ``grading.walls.sandbox.Mode``, which --help does not load."""

    AUTO = "auto"
    BWRAP = "bwrap"
    USER = "user"
    NONE = "none"


class Table(StrEnum):
    """The forms of a table: the same words as in ``grading.term.form.form``."""

    EXCEL = "excel"
    PLAIN = "plain"


class Platform(StrEnum):
    """The platforms that take a zip of feedback: the same words as in ``grading.term.handed_back.PLACES``."""

    MOODLE = "moodle"
    CANVAS = "canvas"


Paths = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH", help="A notebook, a folder of STUDENT/LESSON.ipynb, or a download (zip or unpacked)."
    ),
]
Out = Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="The folder for results, grades and feedback.")]
Lessons = Annotated[
    list[str] | None,
    typer.Option("--lesson", metavar="LESSON", help="Grade only this lesson (01, pooling); repeat for more lessons."),
]
Key = Annotated[Path | None, typer.Option(metavar="DIR", help="The instructor's solutions.")]
Jobs = Annotated[int, typer.Option(min=0, help="Submissions to grade at the same time; 0: two per processor.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, max=3600.0, help="Processor seconds per exercise; train gets 12 times that.")
]
Memory = Annotated[int, typer.Option(min=256, help="MB of memory per process.")]
Budget = Annotated[
    float, typer.Option(min=1.0, max=86400.0, help="Seconds by the clock per submission; a student gets 3 times that.")
]
Seed = Annotated[
    int | None, typer.Option(min=0, help="The seed of a run, to repeat its cases; a fresh secret one by default.")
]
Walls = Annotated[Sandbox, typer.Option(help="auto: bwrap, or else user. none: no protection at all.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, as tcp://HOST:PORT.")]
Compare = Annotated[
    Path | None, typer.Option(metavar="RESULTS", help="An earlier results.json: report whose marks changed, and why.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue an earlier run into DIR that was stopped.")]
Policy = Annotated[
    Path | None,
    typer.Option(metavar="TOML", help="Due times, penalties and extensions; DIR/manual.csv holds points by hand."),
]
Sheet = Annotated[
    Path | None,
    typer.Option(metavar="CSV", help="Moodle's or Canvas's grading sheet: a filled copy goes to DIR/sheets."),
]
SheetLesson = Annotated[
    str,
    typer.Option(metavar="LESSON", help="The lesson that the sheet is for; by default Moodle's gets the term's total."),
]
SheetColumns = Annotated[
    str,
    typer.Option(
        metavar="NAMES", help="The sheet's columns, if they are not recognised, in quotes: 'id=A, grade=B, feedback=C'."
    ),
]
Roster = Annotated[
    Path | None,
    typer.Option(
        metavar="CSV",
        help="Students: id, name, email, section, group; or Canvas's gradebook, Moodle's participants.",
    ),
]
Csv = Annotated[
    Table,
    typer.Option(
        "--csv", help="The form of gradebook.csv: for a spreadsheet in the language of --lang, or for programs."
    ),
]
FeedbackZip = Annotated[
    Platform | None, typer.Option(help="Make the zip with which the platform returns the feedback to all students.")
]
FeedbackExchange = Annotated[
    bool,
    typer.Option("--feedback-exchange", help="Write DIR/exchange, from which `nbgrader release_feedback` returns it."),
]


@app.command(rich_help_panel=INSTRUCTORS)
def grade(
    paths: Paths,
    out: Out,
    lesson: Lessons = None,
    key: Key = None,
    jobs: Jobs = 0,
    timeout: Timeout = 10.0,
    memory: Memory = 1024,
    budget: Budget = 600.0,
    seed: Seed = None,
    sandbox: Walls = Sandbox.AUTO,
    cluster: Cluster = None,
    resume: Resume = False,
    compare: Compare = None,
    policy: Policy = None,
    sheet: Sheet = None,
    sheet_lesson: SheetLesson = "",
    sheet_columns: SheetColumns = "",
    roster: Roster = None,
    csv: Csv = Table.EXCEL,
    feedback_zip: FeedbackZip = None,
    feedback_exchange: FeedbackExchange = False,
    lang: Language = Lang.EN,
) -> None:
    """Grade submitted notebooks, each in a sandbox of its own.

    Exit status: 0 all graded, 1 some could not be graded or it is uncertain whose they are, 2 wrong usage or no usable
    sandbox, 130 after Ctrl-C.
    """
    from ncl_course.grading.handed_in.lessons import lesson_named
    from ncl_course.grading.options import Options as GradeOptions
    from ncl_course.grading.reports.compare import earlier
    from ncl_course.grading.reports.comparison import tell_changes
    from ncl_course.grading.term.form import form, items_form
    from ncl_course.grading.term.plan import Wanted
    from ncl_course.grading.verb import FINE, SOME_UNGRADED
    from ncl_course.grading.verb import grade as grade_cohort
    from ncl_course.grading.walls.sandbox import Mode
    from ncl_course.language import current, language

    language(lang)
    with foreseen():
        before = earlier(compare) if compare else None
        lessons = tuple(dict.fromkeys(map(lesson_named, lesson or ())))
    workers = jobs or 2 * (os.cpu_count() or 1)  # each worker waits for its sandbox half of the time
    only = lessons[0] if len(lessons) == 1 else ""
    tables = form(csv, current()), items_form(csv, current())
    returned = feedback_zip or "", feedback_exchange
    beside = Wanted(policy, sheet, sheet_lesson or only, sheet_columns, roster, *tables, *returned)
    limits = timeout, memory, budget
    options = GradeOptions(workers, *limits, seed, Mode(sandbox), resume, lang, key, cluster, lessons, beside)
    status = grade_cohort(paths, out, options)
    if before is not None and compare is not None and status in (FINE, SOME_UNGRADED):
        tell_changes(before, compare, out, lessons)
    raise typer.Exit(status)


PolicyFile = Annotated[Path | None, typer.Argument(metavar="[TOML]", help="The policy to check.")]


@app.command(rich_help_panel=INSTRUCTORS)
def policy(file: PolicyFile = None, lang: Language = Lang.EN) -> None:
    """Print a commented policy to start from, for grade --policy; or check the given one.

    Exit status: 0 the policy is valid, 2 a part of it is not understood.
    """
    from ncl_course.language import language, text

    language(lang)
    with foreseen():
        from ncl_course.grading.marks.policy_file import example, read_policy
        from ncl_course.grading.marks.policy_told import told
        from ncl_course.grading.marks.timestamps import clock

        if file is None:
            typer.echo(example(), nl=False)
            return
        understood = read_policy(file)
        clock(understood)
        for line in (text("marks.policy.fine", path=file), *told(understood)):
            say(line)


Least = Annotated[float, typer.Option(min=0.05, max=1.0, help="Report pairs with at least this share of similar code.")]
SimilarOut = Annotated[
    Path, typer.Option("-o", "--out", metavar="DIR", help="The folder for similar.html, similar.csv and oral.html.")
]
Earlier = Annotated[
    list[Path] | None, typer.Option(metavar="DIR", help="An earlier year's submissions; repeat for more years.")
]
Marks = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The folder of the marks: ask about the misconceptions there, too.")
]


@app.command(rich_help_panel=INSTRUCTORS)
def similar(
    paths: Paths,
    out: SimilarOut,
    threshold: Least = 0.5,
    earlier: Earlier = None,
    results: Marks = None,
    lang: Language = Lang.EN,
) -> None:
    """Find similar solutions, ignoring the code that was handed out, and choose questions for an oral defence.

    No notebook is run.

    Exit status: 0 compared, 2 wrong usage.
    """
    from ncl_course.language import language

    language(lang)
    with foreseen():
        from ncl_course.grading.similar.verb import similar as find_similar

        find_similar(paths, out, threshold, earlier or (), results)
