"""One lesson is graded of everything that was handed in."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.lessons import lesson_named, of_lessons
from tests.grading.conftest import write_notebook
from tests.submissions.pooling import SETUP, SIZE


@pytest.mark.parametrize("word", ["01", "pooling", "01_pooling"])
def test_a_lesson_has_a_number_a_name_and_both(word):
    assert lesson_named(word) == "01_pooling"


def test_a_lesson_that_is_not_there_is_told():
    with pytest.raises(GradingError, match="There is no lesson 7"):
        lesson_named("7")


@pytest.fixture
def handed(tmp_path):
    """Two lessons of one student, and two files that cannot be read."""
    folder = tmp_path / "handed"
    write_notebook(folder / "anna" / "a.ipynb", SETUP, SIZE)
    write_notebook(folder / "anna" / "b.ipynb", lesson="02_activations")
    for name in ("02_activations.ipynb", "work.ipynb"):
        (folder / "boris").mkdir(exist_ok=True)
        (folder / "boris" / name).write_text("{")
    return folder


def files(folder, *lessons):
    return [one.file for one in of_lessons(collect([folder]), lessons)]


def test_what_may_be_of_the_lesson_stays(handed):
    assert files(handed, "01_pooling") == ["anna/a.ipynb", "boris/work.ipynb"]
    assert files(handed, "02_activations") == ["anna/b.ipynb", "boris/02_activations.ipynb", "boris/work.ipynb"]
    assert len(files(handed)) == 4


def grade(*arguments):
    done = CliRunner().invoke(cli.app, ["grade", *map(str, arguments), "--timeout", "3", "--memory", "400"])
    return done.exit_code, done.output


@pytest.mark.bwrap
def test_lessons_are_graded_one_after_the_other_into_one_folder(handed, tmp_path, walls):
    out = tmp_path / "out"
    (handed / "boris" / "work.ipynb").unlink()
    (handed / "boris" / "02_activations.ipynb").unlink()
    assert grade(handed, "-o", out, "--lesson", "01")[0] == 0
    assert grade(handed, "-o", out, "--lesson", "activations", "--resume")[0] == 0
    entries = json.loads((out / "results.json").read_text("utf-8"))["submissions"]
    assert [(one["lesson"], one["score"]) for one in entries] == [("01_pooling", 1.0), ("02_activations", 0.0)]


def test_a_lesson_of_which_there_is_nothing_is_told(handed, tmp_path):
    (handed / "boris" / "work.ipynb").unlink()
    status, said = grade(handed, "-o", tmp_path / "out", "--lesson", "04")
    assert (status, "Nothing was handed in for 04_dropout" in said) == (2, True)
    status, said = grade(handed, "-o", tmp_path / "out", "--lesson", "9")
    assert (status, "There is no lesson 9" in said) == (2, True)
