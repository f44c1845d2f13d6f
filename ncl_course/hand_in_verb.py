"""The verb ``hand-in``: write the zip, check each notebook, and say what is open, what is missing, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ncl_course.checking.grids import number
from ncl_course.checking.render import sign
from ncl_course.checking.verdict import Verdict
from ncl_course.files import write_atomically
from ncl_course.hand_in import ZIP, Work, packed, survey, usual_folder
from ncl_course.language import language, text
from ncl_course.selfcheck_apart import Page, pages
from ncl_course.terminal import PROBLEMS, argument, complain, say

STOPPED = 130
"""The exit status after Ctrl-C."""


def hand_in(folder: Path | None) -> int:
    """Pack a student's notebooks, check them, and return the exit status.

    The zip is written first: whatever the notebooks do when they are checked, it holds what the student had saved.

    Args:
        folder: the folder with the notebooks; None searches the usual ones.

    Returns:
        0, also where exercises are open; 1 if a lesson's file cannot be read and is not in the zip; 130 after Ctrl-C.

    Raises:
        HandInError: if there is no notebook to hand in.
        OSError: if the zip cannot be written.
    """
    work = survey(folder or usual_folder())
    language(next((one.notebook.language for one in work.chosen.values() if one.notebook.language), "en"))
    target = work.folder / ZIP
    if work.chosen:
        write_atomically(target, packed(work))
    stopped = not checked(work)
    for line in not_in(work):
        say(line)
    for path, why in work.unreadable:
        complain(text("course.hand_in.unreadable", file=path.name, why=why))
    if work.chosen:
        say(text("course.hand_in.written", path=target.resolve(), count=len(work.chosen)), style="bold")
    return STOPPED if stopped else PROBLEMS if work.unreadable else 0


def checked(work: Work) -> bool:
    """Check the notebooks and print what is open in each; return False if Ctrl-C has stopped the check."""
    score, most = 0.0, 0.0
    try:
        for path, page in zip(work.paths, pages(work.paths), strict=True):
            score += page.record["score"] or 0.0
            most += page.record["max_score"] or 0.0
            for line in page_lines(path, page):
                say(line)
    except KeyboardInterrupt:
        complain(text("course.hand_in.stopped"))
        return False
    if work.chosen:
        say(text("course.hand_in.total", score=number(score), max_score=number(most)))
    return True


def page_lines(path: Path, page: Page) -> Iterator[str]:
    """Yield a notebook's points and a line for each part that has not passed."""
    if page.problem:
        yield page.problem
        return
    record = page.record
    points = {"score": number(record["score"]), "max_score": number(record["max_score"])}
    yield text("course.selfcheck.total", path=path.name, **points)
    for exercise in record["exercises"]:
        for part in exercise["parts"]:
            verdict = Verdict(part["verdict"])
            if verdict is not Verdict.PASSED:
                title = f"{exercise['exercise']} · {text('checking.part.' + part['part'])}"
                yield f"  {sign(verdict)} {title}: {text(f'checking.panel.{verdict}')}"
    if not page.passed:
        yield "  " + text("course.hand_in.why", path=argument(path))


def not_in(work: Work) -> Iterator[str]:
    """Yield a line for each notebook that is not in the zip, and one for the lessons that have none."""
    for path, lesson in work.left_out:
        yield text("course.hand_in.left_out", file=path.name, other=work.chosen[lesson].path.name)
    unread = {path.stem for path, _ in work.unreadable}
    missing = [lesson for lesson in work.missing if lesson not in unread]
    if missing:
        yield text("course.hand_in.missing", lessons=", ".join(missing))
