"""``ncl-course similar``: compare the solutions of a cohort, and write down the similar pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ncl_course.desk import blank_folder
from ncl_course.files import write_atomically
from ncl_course.grading.entry import clean
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.reports.similar import similar_csv, similar_page
from ncl_course.grading.similar.pairs import Alike, detector, find_alike
from ncl_course.grading.terminal import complain, printable, say
from ncl_course.lab import ROOT
from ncl_course.language import text

MOST_LINES = 20


def similar(paths: Sequence[Path], out: Path, threshold: float) -> None:
    """Compare all notebooks under the paths, lesson by lesson, and write ``similar.html`` and ``similar.csv``.

    Raises:
        CourseError: if there is nothing to compare, no skeleton to take out, or no library.
    """
    detector()
    submissions = collect(paths)
    found, left_out = find_alike(submissions, blank_folder(ROOT, "en"), threshold)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "similar.html", clean(similar_page(found, left_out, threshold)))
    write_atomically(out / "similar.csv", clean(similar_csv(found)))
    for lesson in found:
        for line in lines(lesson):
            say(line)
    say(text("grading.similar.written", folder=out))
    for submission, why in left_out:
        complain(f"{printable(submission.file)}: {printable(why)}")


def lines(lesson: Alike) -> list[str]:
    """Print one lesson on the terminal."""
    if lesson.solutions < 2:
        return [text("grading.similar.alone", lesson=lesson.lesson)]
    usual = f"{100 * lesson.usual:.0f}"
    count = text("grading.similar.count", pairs=len(lesson.pairs), solutions=lesson.solutions, usual=usual)
    pairs = [
        f"  {100 * pair.likeness:3.0f} %  {printable(pair.first.student)} · {printable(pair.second.student)}"
        for pair in lesson.pairs[:MOST_LINES]
    ]
    return [f"{lesson.lesson}: {count}", *pairs]
