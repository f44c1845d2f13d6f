"""``ncl-course similar``: compare the solutions of a cohort, and write down the similar pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ncl_course.desk import blank_folder
from ncl_course.files import write_atomically
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.reports.compare import earlier as read_all
from ncl_course.grading.reports.similar import oral_page, similar_csv, similar_page
from ncl_course.grading.similar.clusters import clusters
from ncl_course.grading.similar.oral import Defence, defence, within
from ncl_course.grading.similar.pairs import Alike, detector, find_alike
from ncl_course.grading.terminal import complain, printable, say
from ncl_course.lab import ROOT
from ncl_course.language import percentage, text

MOST_LINES = 10


def similar(
    paths: Sequence[Path], out: Path, threshold: float, earlier: Sequence[Path] = (), results: Path | None = None
) -> None:
    """Compare all notebooks under the paths, lesson by lesson, and write the similar ones and questions for a defence.

    Args:
        earlier: folders of earlier years, which are compared with this year's notebooks.
        results: the folder of the marks, whose misconceptions are asked about.

    Raises:
        CourseError: if there is nothing to compare, no skeleton to take out, or no library.
    """
    detector()
    submissions = collect(paths)
    old = {str(path): collect([path]) for path in earlier}
    found, left_out = find_alike(submissions, blank_folder(ROOT, "en"), threshold, old)
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "similar.html", clean(similar_page(found, left_out, threshold)))
    write_atomically(out / "similar.csv", clean(similar_csv(found)))
    write_atomically(out / "oral.html", clean(oral_page(defences(submissions, results))))
    for lesson in found:
        for line in lines(lesson):
            say(line)
    say(text("grading.similar.written", folder=out))
    for submission, why in left_out:
        complain(f"{printable(submission.file)}: {printable(why)}")


def defences(submissions: Sequence[Submission], results: Path | None) -> list[Defence]:
    """Return the questions for each student, from all notebooks and from the results if there are some.

    Raises:
        GradebookError: if the results cannot be read.
    """
    entries: dict[str, list[Entry]] = {}
    for entry in read_all(results).submissions if results else ():
        entries.setdefault(entry.student, []).append(entry)
    cells: dict[str, list[str]] = {}
    for submission in submissions:
        _, notebook = submission.opened()
        theirs = cells.setdefault(submission.student, [])
        theirs[:] = within([*theirs, *(notebook.sources if notebook else ())])
    return [defence(student, theirs, entries.get(clean(student), ())) for student, theirs in sorted(cells.items())]


def lines(lesson: Alike) -> list[str]:
    """Print one lesson on the terminal."""
    if lesson.solutions < 2:
        return [text("grading.similar.alone", lesson=lesson.lesson)]
    usual = f"{100 * lesson.usual:.0f}"
    count = text("grading.similar.count", pairs=len(lesson.pairs), solutions=lesson.solutions, usual=usual)
    pairs = [
        f"  {percentage(f'{100 * pair.likeness:3.0f}')}  {printable(pair.first.label)} · {printable(pair.second.label)}"
        for pair in lesson.pairs[:MOST_LINES]
    ]
    groups = clusters(lesson.pairs)
    grouped = [text("grading.similar.grouped", count=len(groups), largest=len(groups[0].students))] if groups else []
    left = len(lesson.pairs) - MOST_LINES
    more = [text("grading.similar.more", count=left)] if left > 0 else []
    return [f"{lesson.lesson}: {count}", *grouped, *pairs, *more]
