"""Gradescope's results are a pure function of the records: one test per part, in the feedback's words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from ncl_course.checking.grids import Grid
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES
from ncl_course.grading.entry import Entry, Panel, Status
from ncl_course.grading.grade import absent, ungraded
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.reports.gradescope import gradescope_results
from ncl_course.grading.results import Results, Run
from ncl_course.grading.subject import Trouble
from ncl_course.language import language

SCHEMA = json.loads(Path(__file__).with_name("gradescope_schema.json").read_text(encoding="utf-8"))
RUN = Run(1, versions={"torch": "2"}, limits={}, sandbox="user")


@pytest.fixture(autouse=True)
def english():
    """Each test begins in English."""
    language("en")
    yield
    language("en")


def entry(lesson="01_pooling"):
    """Return a notebook's entry with a right first exercise and the others from ``absent``."""
    first, *rest = [absent(e, Trouble(Verdict.KILLED, "<b>gone</b>")) for e in EXERCISES if e.lesson == lesson]
    right = tuple(replace(part, verdict=Verdict.PASSED, score=part.max_score) for part in first.parts)
    return Entry(
        student="anna",
        lesson=lesson,
        file=f"{lesson}.ipynb",
        status=Status.GRADED,
        score=1.0,
        max_score=9.0,
        seconds=1.5,
        exercises=(replace(first, parts=right), *rest),
        notes=("Repaired.",),
    )


def rendered(*entries, lessons=(), said=()):
    """Return the file's content, which has the published form."""
    found = gradescope_results(Results(RUN, entries), lessons, said)
    jsonschema.validate(json.loads(json.dumps(found)), SCHEMA)
    return found


def test_every_part_is_a_test_with_its_points_and_the_words_of_the_feedback():
    found = rendered(entry())
    assert [test["name"] for test in found["tests"]] == [
        "01_pooling · pool_output_size · value",
        "01_pooling · MaxPool2d · forward pass",
        "01_pooling · MaxPool2d · backward pass",
        "01_pooling · AvgPool2d · forward pass",
        "01_pooling · AvgPool2d · backward pass",
    ]
    assert [test["status"] for test in found["tests"]] == ["passed"] + ["failed"] * 4
    assert found["tests"][1]["output"] == "process ended\n<b>gone</b>"
    assert {test["output_format"] for test in found["tests"]} == {"text"}, "nothing of a student's is markup"
    assert (found["score"], sum(test["max_score"] for test in found["tests"])) == (1.0, 9.0)
    assert found["output"] == "Graded: 01_pooling.ipynb\nRepaired."
    assert found["stdout_visibility"] == "hidden"
    assert found["extra_data"] == {"versions": {"torch": "2"}, "sandbox": "user"}, "and not the seed"


def test_a_lesson_that_is_asked_for_and_not_there_is_told_part_by_part():
    found = rendered(entry(), lessons=["01_pooling", "02_activations"])
    missing = [test for test in found["tests"] if test["name"].startswith("02_")]
    assert sum(test["max_score"] for test in missing) == sum(
        e.max_score for e in EXERCISES if e.lesson == "02_activations"
    )
    assert {(test["score"], test["status"]) for test in missing} == {(0.0, "failed")}
    assert "No notebook of 02_activations that can be graded was handed in" in found["output"]


def test_a_lesson_that_is_not_asked_for_gives_no_points_and_that_is_said():
    found = rendered(entry(), lessons=["04_dropout"])
    assert found["score"] == 0.0
    assert "01_pooling.ipynb is a notebook of 01_pooling, which is not asked for here" in found["output"]


def test_what_could_not_be_read_says_why_and_the_rest_counts():
    broken = ungraded(Submission("anna", Path("x"), "02.ipynb"), Status.UNREADABLE, "its JSON breaks")
    found = rendered(entry(), broken)
    assert found["score"] == 1.0
    assert "02.ipynb could not be graded: its JSON breaks" in found["output"]


def test_where_there_is_nothing_it_is_said_first():
    found = rendered(said=["Hand in a notebook."])
    assert (found["score"], found["tests"], found["output"]) == (0.0, [], "Hand in a notebook.")


def test_the_notebooks_own_panel_is_shown_as_text_with_the_wrong_numbers_in_brackets():
    grid = Grid("yours", (("1", "2"), ("3", "4")), frozenset({(1, 0)}))
    panel = Panel("Look:", ("layer.forward(x)",), (grid,), ("See row 1.",), "")
    one = entry()
    first, second, *rest = one.exercises
    why = {"panel": panel, "misconceptions": ("starts-at-zero",), "case": "negative", "failing": 2, "cases": 9}
    wrong = replace(second.parts[0], verdict=Verdict.FAILED, note="", **why)
    one = replace(one, exercises=(first, replace(second, parts=(wrong, *second.parts[1:])), *rest))
    lines = rendered(one)["tests"][1]["output"].splitlines()
    assert lines[0] == "not right yet"
    assert "    layer.forward(x)" in lines
    assert any("[3]" in line and " 4 " in line for line in lines)
    assert "See row 1." in lines
    assert any("2 of 9 fail" in line for line in lines)


def test_the_other_language_says_the_same_in_its_own_words():
    language("ru")
    found = rendered(entry(), lessons=["01_pooling", "06_train_cnn"])
    assert "Тетрадь занятия 06_train_cnn не сдана" in found["output"]
    assert found["tests"][1]["output"].startswith("процесс")


def test_equal_records_give_equal_files():
    assert rendered(entry()) == rendered(entry())
