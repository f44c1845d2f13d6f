"""The course map is left out, and a student who handed in nothing else is still named."""

from __future__ import annotations

import shutil
from pathlib import Path

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.maps import without_maps
from tests.grading.conftest import write_notebook

ROOT = Path(__file__).parents[3]
MAP = ROOT / "notebooks" / "en" / "00_start.ipynb"


def left(*paths):
    return [(one.student, one.file) for one in without_maps(collect(paths))]


def test_a_map_beside_other_notebooks_is_passed_over_whatever_a_server_called_it(tmp_path):
    for student in ("anna", "boris"):
        write_notebook(tmp_path / student / "01_pooling.ipynb")
    shutil.copy(MAP, tmp_path / "anna")
    shutil.copy(MAP, tmp_path / "boris" / "00_start (2).ipynb")
    assert left(tmp_path) == [("anna", "anna/01_pooling.ipynb"), ("boris", "boris/01_pooling.ipynb")]


def test_a_student_s_own_folder_belongs_to_one_student_the_map_included(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    shutil.copy(MAP, tmp_path / "anna")
    assert left(tmp_path / "anna") == [("anna", "anna/01_pooling.ipynb")]


def test_a_student_with_nothing_but_the_map_stays_to_be_told_of(tmp_path):
    (tmp_path / "clara").mkdir()
    shutil.copy(MAP, tmp_path / "clara")
    assert left(tmp_path) == [("clara", "clara/00_start.ipynb")]


def test_exercises_in_a_file_that_is_named_like_the_map_are_graded(tmp_path):
    write_notebook(tmp_path / "dima" / "00_start.ipynb", "class MaxPool2d: pass", lesson=None)
    write_notebook(tmp_path / "dima" / "02_activations.ipynb", lesson="02_activations")
    assert len(left(tmp_path)) == 2


def test_the_grader_says_of_a_lone_map_what_it_is(grader, tmp_path):
    (tmp_path / "clara").mkdir()
    shutil.copy(MAP, tmp_path / "clara")
    (submission,) = without_maps(collect([tmp_path]))
    record = grader(submission, 0)
    assert (record.status, record.score) == ("unreadable", None)
    assert "This is the course map" in record.message
