"""The authors' verbs: build the notebooks from the lessons, and write the students' distribution."""

from pathlib import Path
from typing import Annotated

import typer

from ncl_course.cli.app import INSTRUCTORS, Lang, app
from ncl_course.terminal import fail_on, foreseen, say


@app.command(rich_help_panel=INSTRUCTORS)
def build(
    lesson: Annotated[str, typer.Argument(help="02, activations or 02_activations; every lesson by default.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if anything differs.")] = False,
) -> None:
    """Make solutions/ (executed) and notebooks/ (the student's) from lessons/, and record torch's answers."""
    from ncl_course.lab import course_root, find_lesson

    with foreseen():
        from ncl_course.authoring.build import build as build_course
        from ncl_course.authoring.recordings import recordings

        root = course_root("lessons")
        only = Path(find_lesson(lesson, sorted((root / "lessons").glob("*.py")))).stem if lesson else ""
        problems = recordings(only, check, say) + build_course(root, check, say, only)
    fail_on(problems)


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A new or an empty folder.")]
Languages = Annotated[list[Lang] | None, typer.Option("--lang", help="Repeat for another language; both by default.")]
Force = Annotated[
    bool, typer.Option("--force", help="Write into a folder that is not empty, replacing files of the same names.")
]

Address = Annotated[
    str, typer.Option("--url", help="The address of the repository that will hold it, for Colab's cell in its README.")
]


@app.command(rich_help_panel=INSTRUCTORS)
def release(folder: Folder, lang: Languages = None, force: Force = False, url: Address = "") -> None:
    """Write the student's distribution: the course without solutions and the instructor's parts.

    Exit status: 0 written, 1 nothing written since it would contain parts of a solution, 2 wrong usage.
    """
    from ncl_course.lab import course_root
    from ncl_course.language import LANGUAGES, text

    with foreseen():
        from ncl_course.authoring.release import release as release_course

        made = release_course(course_root("lessons"), folder, [*dict.fromkeys(lang or LANGUAGES)], force, url)
    fail_on([*made.problems, text("release.nothing_written")] if made.problems else [])
    if made.removed:
        say(text("release.removed", names=", ".join(made.removed)))
    say(text("release.written", count=len(made.written), folder=folder))
