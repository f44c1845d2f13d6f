"""A run is resumed only if both of its parts give the same scores as one run."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ncl_course.grading.errors import GradebookError
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.options import Options
from ncl_course.grading.results import Run
from ncl_course.grading.resumed import demand_same, gone, open_gradebook, this_run
from ncl_course.grading.verb import WRONG_USAGE, grade
from tests.grading.conftest import write_notebook
from tests.grading.reports.test_reports import ungraded

NOW = this_run(7, Options())


def test_the_same_run_goes_on_with_its_seed_given_or_not():
    demand_same(NOW, NOW, 7)
    demand_same(NOW, NOW, None)


def test_another_seed_is_refused():
    with pytest.raises(GradebookError, match="uses the recorded seed 7, not 8"):
        demand_same(NOW, NOW, 8)


def test_other_limits_are_refused_and_the_recorded_ones_are_told():
    with pytest.raises(
        GradebookError, match=r"--timeout 10, --memory 1024 and --budget 600\. Give --resume the same limits"
    ):
        demand_same(NOW, this_run(7, Options(timeout=2.5)), None)
    with pytest.raises(GradebookError, match=r"--budget 600\. Give --resume the same limits"):
        demand_same(NOW, this_run(7, Options(budget=60)), None)


MIXED = [("none", "bwrap"), ("none", "auto"), ("bwrap", "none"), ("auto", "none")]


@pytest.mark.parametrize(("recorded", "given"), MIXED)
def test_marks_without_a_sandbox_are_not_mixed_with_others(recorded, given):
    with pytest.raises(GradebookError, match=f"used --sandbox {recorded}, this one --sandbox {given}"):
        demand_same(replace(NOW, sandbox=recorded), replace(NOW, sandbox=given), None)


SAME = [("none", "none"), ("auto", "bwrap"), ("user", "bwrap"), (None, "none")]


@pytest.mark.parametrize(("recorded", "given"), SAME)
def test_a_run_with_a_sandbox_goes_on_with_another_one(recorded, given):
    demand_same(replace(NOW, sandbox=recorded), replace(NOW, sandbox=given), None)


@pytest.mark.parametrize("package", ["ncl-course", "numpy", "torch"])
def test_another_version_is_refused_by_its_name(package):
    then = replace(NOW, versions={**NOW.versions, package: "0.0.1"})
    here = NOW.versions[package]
    with pytest.raises(GradebookError, match=rf"graded with {package} 0\.0\.1; this is {package} {re.escape(here)}\."):
        demand_same(then, NOW, None)


def test_another_python_is_recorded_and_does_not_stand_in_the_way():
    then = replace(NOW, versions={**NOW.versions, "python": "3.11.0"})
    demand_same(then, NOW, None)


def test_results_of_an_older_release_that_recorded_less_can_be_gone_on_with():
    demand_same(Run(7), NOW, None)
    demand_same(Run(7, limits={"timeout": 10.0, "memory": 1024}), this_run(7, Options(budget=60)), None)
    demand_same(Run(7, {"numpy": NOW.versions["numpy"]}), NOW, None)


def test_files_that_are_not_there_any_more_are_named_but_not_those_of_other_lessons():
    records = [
        ("anna", "anna/01_pooling.ipynb", "01_pooling"),
        ("anna", "anna/old.ipynb", "01_pooling"),
        ("anna", "anna/work.pdf", None),
        ("boris", "boris/01_pooling.ipynb", "01_pooling"),
        ("boris", "boris/work.pdf", None),
        ("clara", "clara/02_activations.ipynb", "02_activations"),
    ]
    known = [replace(ungraded(student=student, lesson=lesson), file=file) for student, file, lesson in records]
    here = [Submission("anna", Path("x"), "anna/01_pooling.ipynb")]
    assert gone(known, here) == ["anna/old.ipynb", "anna/work.pdf", "boris/01_pooling.ipynb"]
    assert gone([], here) == []


def graded_into(out):
    """Grade a cohort of one student into a folder, and return the exit status."""
    write_notebook(out.parent / "cohort" / "anna" / "01_pooling.ipynb", "x = 1")
    return grade([out.parent / "cohort"], out, Options())


LINKS = ["feedback", "sheets", "exchange", "sections/A", "exchange/anna/ps1", "remembered"]
LINKS += ["results.json", "results.journal", "results.previous.json"]


@pytest.mark.parametrize("name", LINKS)
def test_nothing_is_written_through_a_link_in_the_output_folder(tmp_path, name, capsys):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "out" / name).parent.mkdir(parents=True)
    (tmp_path / "out" / name).symlink_to(elsewhere)
    assert graded_into(tmp_path / "out") == WRONG_USAGE
    assert f"{name} is a link, and the grader does not write through links" in capsys.readouterr().err
    assert not list(elsewhere.iterdir())
    assert (tmp_path / "out" / name).is_symlink()


PIPES = ["feedback", "results.json", "results.journal", "history.json", "manual.csv", "grades.csv"]
PIPES += ["remembered/from.json", "remembered/policy.toml"]


@pytest.mark.parametrize("name", PIPES)
def test_a_pipe_in_the_output_folder_is_refused_before_anything_is_read_from_it(tmp_path, name, capsys):
    (tmp_path / "out" / name).parent.mkdir(parents=True)
    os.mkfifo(tmp_path / "out" / name)
    assert graded_into(tmp_path / "out") == WRONG_USAGE
    assert f"{name} is neither a file nor a folder" in capsys.readouterr().err


def test_another_name_of_somebodys_file_in_the_output_folder_leads_to_nothing_of_theirs(tmp_path):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / "out").mkdir()
    for name in ("results.json", "results.journal", "results.previous.json"):
        os.link(theirs, tmp_path / "out" / name)
    book = open_gradebook(tmp_path / "out", Options())
    book.cost = 1e9  # the next entry goes to the journal
    book.add(ungraded())
    assert theirs.read_text() == "theirs"
    assert (tmp_path / "out" / "results.journal").read_text().startswith("{")
