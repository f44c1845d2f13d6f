"""Gradescope's ``results.json``: one test for each part of an exercise, in the words of the feedback pages.

The format is the one that Gradescope publishes for autograders. Everything is plain text there: nothing that a
student wrote is taken for markup. What the grader prints is for instructors alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ncl_course.exercises import EXERCISES
from ncl_course.grading.entry import part_name, round_points
from ncl_course.grading.reports.html import part_view
from ncl_course.language import text

Record = dict[str, Any]
SEEN = {"output_format": "text", "visibility": "visible"}


def gradescope_results(results: Record, lessons: Sequence[str] = (), said: Sequence[str] = ()) -> Record:
    """The content of the file.

    Args:
        lessons: those that give points; where there are none, every notebook that was graded.
        said: what to tell the student first.
    """
    entries = results["submissions"]
    graded = {entry["lesson"]: entry for entry in entries if entry["status"] == "graded"}
    wanted = list(lessons or sorted(graded))
    tests = [test for lesson in wanted for test in lesson_tests(lesson, graded.get(lesson))]
    lines = [*said, *(line for entry in entries for line in entry_lines(entry, wanted))]
    lines += [text("release.gradescope.missing", lesson=lesson) for lesson in wanted if lesson not in graded]
    return {
        "score": round_points(sum(test["score"] for test in tests)),
        "execution_time": round(sum(entry["seconds"] for entry in entries), 3),
        "output": "\n".join(lines),
        **SEEN,
        "stdout_visibility": "hidden",
        "tests": [{**test, "number": str(number)} for number, test in enumerate(tests, start=1)],
        "extra_data": {key: results[key] for key in ("versions", "sandbox") if key in results},
    }


def entry_lines(entry: Record, wanted: Sequence[str]) -> Iterator[str]:
    """What to say of one notebook as a whole."""
    if entry["status"] != "graded":
        yield text("release.gradescope.ungraded", file=entry["file"], why=entry["message"])
        return
    if entry["lesson"] not in wanted:
        yield text("release.gradescope.other", file=entry["file"], lesson=entry["lesson"])
        return
    yield text("grading.feedback.file", file=entry["file"])
    if entry.get("also"):
        yield text("grading.feedback.also", files=", ".join(other["file"] for other in entry["also"]))
    yield from entry["notes"]


def lesson_tests(lesson: str, entry: Record | None) -> Iterator[Record]:
    """One test for each part of a lesson's exercises; nothing was handed in where there is no entry."""
    if entry is None:
        for exercise in EXERCISES:
            if exercise.lesson == lesson:
                for part in exercise.parts:
                    why = text("release.gradescope.missing", lesson=lesson)
                    yield test(lesson, exercise.name, part.name, 0.0, part.points, passed=False, output=why)
        return
    for one in entry["exercises"]:
        for part in one["parts"]:
            passed, words = part["verdict"] == "passed", output(one["exercise"], part)
            yield test(
                lesson, one["exercise"], part["part"], part["score"], part["max_score"], passed=passed, output=words
            )


def test(lesson: str, exercise: str, part: str, score: float, points: float, *, passed: bool, output: str) -> Record:
    """One test as Gradescope shows it."""
    return {
        "name": f"{lesson} · {exercise} · {part_name(part)}",
        "score": score,
        "max_score": points,
        "status": "passed" if passed else "failed",
        "output": output,
        **SEEN,
    }


def output(exercise: str, part: Record) -> str:
    """What a part's feedback says, line by line."""
    view = part_view(exercise, part)
    lines = [text(f"grading.verdict.{part['verdict']}"), *panel_lines(view["panel"])]
    lines += [line for line in (view["note"], view["why"], view["raised"]) if line]
    lines += [f"{text('checking.panel.named')}: {one.title}. {one.hint}" for one in view["named"]]
    return "\n".join(lines)


def panel_lines(panel: Record | None) -> Iterator[str]:
    """The notebook's own panel in words, its small maps as lines of numbers with the wrong ones in brackets."""
    if not panel:
        return
    yield f"{text('grading.feedback.in_notebook')} {panel['lead']}"
    yield from (f"    {line}" for line in panel["code"])
    for grid in panel["grids"]:
        yield from ("", f"    {grid['title']}")
        for r, row in enumerate(grid["cells"]):
            cells = [f"[{cell}]" if [r, c] in grid["marked"] else f" {cell} " for c, cell in enumerate(row)]
            yield "    " + "".join(cell.rjust(10) for cell in cells)
    yield from ("", *panel["sentences"]) if panel["grids"] else panel["sentences"]
