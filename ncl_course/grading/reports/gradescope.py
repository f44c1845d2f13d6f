"""Gradescope's ``results.json``: one test for each part of an exercise, in the words of the feedback pages.

The format is the one that Gradescope publishes for autograders. Everything in it is plain text: nothing that a
student wrote is read as markup. Only instructors see the grader's output.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES
from ncl_course.grading.entry import Entry, Panel, PartEntry, round_points
from ncl_course.grading.reports.html import explained
from ncl_course.grading.results import Results
from ncl_course.grading.worded import part_name
from ncl_course.language import text

SEEN = {"output_format": "text", "visibility": "visible"}


@dataclass(frozen=True)
class Test:
    """One test in Gradescope's format."""

    name: str
    score: float
    max_score: float
    passed: bool
    output: str

    def plain(self, number: int) -> dict[str, object]:
        """Return the test in the form that Gradescope reads."""
        status = "passed" if self.passed else "failed"
        points = {"score": self.score, "max_score": self.max_score}
        return {"name": self.name, **points, "status": status, "output": self.output, **SEEN, "number": str(number)}


def gradescope_results(results: Results, lessons: Sequence[str] = (), said: Sequence[str] = ()) -> dict[str, object]:
    """Return the content of the file.

    Args:
        lessons: the lessons that give points; if there are none, every notebook that was graded.
        said: the sentences that the student reads first.
    """
    graded = {entry.lesson or "": entry for entry in results.graded}
    wanted = list(lessons or sorted(graded))
    tests = [test for lesson in wanted for test in lesson_tests(lesson, graded.get(lesson))]
    lines = [*said, *(line for entry in results.submissions for line in entry_lines(entry, wanted))]
    lines += [text("release.gradescope.missing", lesson=lesson) for lesson in wanted if lesson not in graded]
    about = {"versions": results.run.versions, "sandbox": results.run.sandbox}
    return {
        "score": round_points(sum(test.score for test in tests)),
        "execution_time": round(sum(entry.seconds for entry in results.submissions), 3),
        "output": "\n".join(lines),
        **SEEN,
        "stdout_visibility": "hidden",
        "tests": [test.plain(number) for number, test in enumerate(tests, start=1)],
        "extra_data": {key: value for key, value in about.items() if value},
    }


def entry_lines(entry: Entry, wanted: Sequence[str]) -> Iterator[str]:
    """Return the sentences about one notebook as a whole."""
    if not entry.graded:
        yield text("release.gradescope.ungraded", file=entry.file, why=entry.message)
        return
    if entry.lesson not in wanted:
        yield text("release.gradescope.other", file=entry.file, lesson=entry.lesson)
        return
    yield text("grading.feedback.file", file=entry.file)
    if entry.also:
        yield text("grading.feedback.also", files=", ".join(other.file for other in entry.also))
    yield from entry.notes


def lesson_tests(lesson: str, entry: Entry | None) -> Iterator[Test]:
    """Return one test for each part of a lesson's exercises; without an entry nothing was handed in."""
    if entry is None:
        why = text("release.gradescope.missing", lesson=lesson)
        for exercise in EXERCISES:
            for part in exercise.parts if exercise.lesson == lesson else ():
                yield Test(name(lesson, exercise.name, part.name), 0.0, part.points, False, why)
        return
    for one in entry.exercises:
        for done in one.parts:
            passed, words = done.verdict is Verdict.PASSED, output(one.exercise, done)
            yield Test(name(lesson, one.exercise, done.part), done.score, done.max_score, passed, words)


def name(lesson: str, exercise: str, part: str) -> str:
    """Return the name of a test."""
    return f"{lesson} · {exercise} · {part_name(part)}"


def output(exercise: str, part: PartEntry) -> str:
    """Return the lines of a part's feedback."""
    words = explained(exercise, part)
    lines = [text(f"grading.verdict.{part.verdict}"), *(panel_lines(part.panel) if part.panel else ())]
    lines += [line for line in (part.note, words.why, words.raised) if line]
    lines += [f"{text('checking.panel.named')}: {one.title}. {one.hint}" for one in words.named]
    return "\n".join(lines)


def panel_lines(panel: Panel) -> Iterator[str]:
    """Return the notebook's own panel in words, its small maps as lines of numbers, the wrong ones in brackets."""
    yield f"{text('grading.feedback.in_notebook')} {panel.lead}"
    yield from (f"    {line}" for line in panel.code)
    for grid in panel.grids:
        yield from ("", f"    {grid.title}")
        for r, row in enumerate(grid.cells):
            cells = [f"[{cell}]" if (r, c) in grid.marked else f" {cell} " for c, cell in enumerate(row)]
            yield "    " + "".join(cell.rjust(10) for cell in cells)
    yield from ("", *panel.sentences) if panel.grids else panel.sentences
