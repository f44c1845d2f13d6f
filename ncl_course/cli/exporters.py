"""The verbs of ``ncl-course export``: autograders for platforms that grade on their own machines."""

from pathlib import Path
from typing import Annotated

import typer

from ncl_course.cli.app import INSTRUCTORS, Lang, app
from ncl_course.terminal import foreseen, say

export = typer.Typer(no_args_is_help=True)
app.add_typer(export, name="export", rich_help_panel=INSTRUCTORS, help="Write an autograder for another platform.")


@export.callback()
def targets() -> None:
    """Write an autograder for another platform."""


Out = Annotated[Path, typer.Option("-o", "--out", metavar="ZIP", help="The file to write.")]
Lessons = Annotated[
    list[str] | None,
    typer.Option(
        "--lesson", metavar="LESSON", help="A lesson of the assignment (01, pooling); repeat for more lessons."
    ),
]
Language = Annotated[Lang, typer.Option(help="The language of the feedback.")]
Timeout = Annotated[
    float, typer.Option(min=0.1, max=3600.0, help="Processor seconds per exercise; train gets 12 times that.")
]
Memory = Annotated[int, typer.Option(min=256, help="MB of memory per process.")]
Seed = Annotated[
    int | None, typer.Option(min=0, help="The seed of the cases; by default a fresh secret one for each submission.")
]


@export.command()
def gradescope(
    out: Out,
    lesson: Lessons = None,
    lang: Language = Lang.EN,
    timeout: Timeout = 10.0,
    memory: Memory = 1024,
    seed: Seed = None,
) -> None:
    """Write the zip file that a Gradescope assignment takes as its autograder.

    Without --lesson, a notebook of any lesson gives points. Exit status: 0 written, 2 wrong usage.
    """
    from ncl_course.checking.grids import number
    from ncl_course.exercises import EXERCISES, LESSONS
    from ncl_course.grading.export.gradescope import Settings, write_zip
    from ncl_course.grading.handed_in.lessons import lesson_named
    from ncl_course.lab import course_root
    from ncl_course.language import language, text

    language(lang)
    with foreseen():
        lessons = tuple(dict.fromkeys(map(lesson_named, lesson or ())))
        more = {} if seed is None else {"seed": seed}
        count = write_zip(course_root("solutions"), out, Settings(lessons, lang, timeout, memory, **more))
    points = sum(exercise.max_score for exercise in EXERCISES if exercise.lesson in (lessons or LESSONS))
    say(text("release.gradescope.written", path=out, count=count, points=number(points)))
    say(text("release.gradescope.private"))
    if seed is not None:
        say(text("release.gradescope.public_seed", seed=seed), style="yellow")
