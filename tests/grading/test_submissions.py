"""Every notebook in tests/submissions gets what the ``expected.toml`` beside it says, behind real walls."""

from __future__ import annotations

import filecmp
import tomllib
from pathlib import Path

import pytest

from ncl_course.exercises import find
from ncl_course.grading.entry import Status
from ncl_course.grading.handed_in.collect import collect
from tests.grading.conftest import BY_THE_CLOCK, marked
from tests.submission.deep import DEEP
from tests.submissions.make import FOLDER, make
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

FOLDERS = sorted(path.parent for path in FOLDER.glob("*/expected.toml"))
EVERY_EXERCISE = ("pool_output_size", "MaxPool2d", "AvgPool2d")


def expected(folder: Path):
    """Return the expected result of a folder's notebook."""
    return tomllib.loads((folder / "expected.toml").read_text(encoding="utf-8"))


@pytest.mark.bwrap
@pytest.mark.parametrize("name", [marked(folder.name) for folder in FOLDERS])
def test_a_submission_gets_the_expected_verdicts(name, grader):
    folder = FOLDER / name
    (submission,) = collect([folder])
    record = grader(submission, 0)
    right = expected(folder)
    assert record.status == right["status"], record.message
    assert record.backstop == (name in BY_THE_CLOCK)
    assert record.score == right.get("score")
    for exercise in record.exercises:
        wanted = right["exercises"][exercise.exercise]
        got = {"verdict": exercise.verdict, "score": exercise.score, "misconceptions": [*exercise.misconceptions]}
        got["parts"] = {part.part: part.verdict for part in exercise.parts}
        assert got == wanted, exercise.message


def test_making_the_notebooks_again_changes_nothing(tmp_path):
    make(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    there = sorted(path.relative_to(FOLDER) for path in FOLDER.glob("[a-z]*/*"))
    assert made == there
    _, different, errors = filecmp.cmpfiles(tmp_path, FOLDER, [str(path) for path in made], shallow=False)
    assert (different, errors) == ([], [])


@pytest.mark.parametrize("name", EVERY_EXERCISE)
def test_every_misconception_of_the_lesson_is_in_a_submission(name):
    exercise = find(name)
    named = {
        one
        for folder in FOLDERS
        for one in expected(folder).get("exercises", {}).get(name, {}).get("misconceptions", ())
    }
    known = {f"{name}.{misconception.name}" for misconception in exercise.misconceptions}
    assert named >= known


@pytest.mark.bwrap
def test_cells_that_no_parser_likes_cost_nothing_but_themselves(graded):
    entry = graded(SETUP, *DEEP.values(), SIZE, MAX, AVG)
    assert (entry.status, entry.score) == (Status.GRADED, 9.0), entry.notes


@pytest.mark.bwrap
def test_an_exercise_in_a_cell_that_is_too_long_is_missing_and_the_notes_say_why(graded):
    entry = graded(SETUP, SIZE, MAX, AVG + "\n" + "a\n" * 500_000)
    assert [one.verdict for one in entry.exercises] == ["passed", "passed", "missing"]
    assert "Left out, because only cells of up to 200000 characters are read: code cell 4." in entry.notes
