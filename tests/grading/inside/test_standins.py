"""Cells of the course that only show run to their end in the sandbox: no feedback names them as broken."""

from __future__ import annotations

import pytest

from ncl_course.exercises import LESSONS
from ncl_course.grading.handed_in.submission import Submission
from tests.grading.conftest import SOLUTIONS


@pytest.mark.bwrap
@pytest.mark.parametrize("folder", [SOLUTIONS, SOLUTIONS.with_name("notebooks")], ids=lambda folder: folder.name)
@pytest.mark.parametrize("lesson", LESSONS)
def test_no_cell_of_the_course_is_said_to_have_raised(grader, folder, lesson):
    path = folder / "en" / f"{lesson}.ipynb"
    record = grader(Submission("anna", path, f"anna/{lesson}.ipynb"), 0)
    assert record.status == "graded"
    about_layers = "Lesson 06 ran on", "Layers of the key took part"
    assert [note for note in record.notes if not note.startswith(about_layers)] == []
