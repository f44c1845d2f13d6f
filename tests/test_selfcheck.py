"""``ncl-course check`` says in the terminal what the notebook would say, and its exit status sums it up."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course.cli import app
from ncl_course.errors import CourseError
from ncl_course.selfcheck import NoLessonError, check_notebook

ROOT = Path(__file__).parents[1]
HALF = ROOT / "tests" / "submissions" / "half_done" / "01_pooling.ipynb"
KEY = ROOT / "solutions" / "en" / "01_pooling.ipynb"


def check(*arguments):
    return CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_a_right_notebook_passes_with_status_0():
    result = check(KEY)
    assert result.exit_code == 0
    assert f"{KEY}: 9 of 9 points" in result.output


def test_lesson_06_runs_on_the_layers_of_the_notebooks_beside_it():
    key = ROOT / "solutions" / "ru" / "06_train_cnn.ipynb"
    result = check(key)
    assert result.exit_code == 0, result.output
    assert "баллы 10 из 10" in result.output


def test_a_half_done_notebook_says_what_is_open_with_status_1():
    result = check(KEY, HALF)
    assert result.exit_code == 1
    assert "✔ MaxPool2d · forward pass: passed" in result.output
    assert "○ MaxPool2d · backward pass: not written yet" in result.output
    assert f"{HALF}: 2.5 of 9 points" in result.output


def test_a_notebook_speaks_its_own_language_unless_asked_otherwise():
    blank = ROOT / "notebooks" / "ru" / "01_pooling.ipynb"
    assert "баллы 0 из 9" in check(blank).output


def test_a_file_that_is_no_notebook_is_wrong_usage():
    result = check(ROOT / "README.md")
    assert result.exit_code == 2
    assert "not a notebook any more" in result.stderr


def test_a_notebook_of_no_lesson_is_said(tmp_path):
    path = tmp_path / "diary.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    with pytest.raises(NoLessonError, match=r"diary\.ipynb is no lesson of this course"):
        check_notebook(path)
    assert issubclass(NoLessonError, CourseError)
