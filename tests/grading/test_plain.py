"""Results are read exactly as they were written, and any wrong value gives one clear error."""

from __future__ import annotations

import contextlib
import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ncl_course.grading.entry import Entry
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.gradebook import load
from ncl_course.grading.plain import StrictError, plain
from ncl_course.grading.reports.csv import grades_csv
from ncl_course.grading.reports.gradescope import gradescope_results
from ncl_course.grading.reports.html import feedback_page, report_page
from ncl_course.grading.results import read_entry, read_results, results_text

PANEL = {
    "lead": "3 of 9 cases fail.",
    "code": ["pool.forward(x)"],
    "grids": [{"title": "yours", "cells": [["6", "7"]], "marked": [[0, 0], [0, 1]]}],
    "sentences": ["First wrong place [0, 1]."],
    "printed": "",
}
WRONG = {
    **{"part": "forward", "score": 0.0, "max_score": 1.5, "verdict": "error", "misconceptions": ["starts-at-zero"]},
    **{"failing": 3, "cases": 36, "case": "ties", "fault": "raised", "raised": "", "where": "3: x[9]"},
    **{"raised_message": "", "note": "noted", "panel": PANEL},
}
RIGHT = {"part": "backward", "score": 2.5, "max_score": 2.5, "verdict": "passed"} | {
    "misconceptions": [],
    "failing": 0,
    "cases": 12,
}
EXERCISE = {"exercise": "MaxPool2d", "score": 2.5, "max_score": 4.0, "verdict": "partial"} | {
    "misconceptions": ["MaxPool2d.starts-at-zero"],
    "parts": [WRONG, RIGHT],
    "message": "Ёж",
}
OTHER = {
    **{"student": "anna", "lesson": "01_pooling", "file": "anna/b.ipynb", "status": "graded", "score": 1.0},
    **{"max_score": 4.0, "seconds": 0.5, "exercises": [], "notes": []},
}
GRADED = {
    **{"student": "anna", "lesson": "01_pooling", "file": "anna/a.ipynb", "status": "graded", "score": 2.5},
    **{"max_score": 4.0, "seconds": 0.4, "exercises": [EXERCISE], "notes": ["repaired"], "backstop": True},
    **{"sha256": "ab", "sha256_beside": "cd", "id": "11", "final": 0.0},
    "late": {"submitted": "2026-10-14T10:05:00+03:00", "due": "2026-10-12T23:59:00+03:00", "hours": 34.1, "factor": 0},
    "manual": [{"exercise": "", "points": -1.5, "comment": "why"}],
    "also": [OTHER],
}
BROKEN = {
    **{"student": "boris", "lesson": None, "file": "boris/x.ipynb", "status": "unreadable", "score": None},
    **{"max_score": None, "seconds": 0.0, "exercises": [], "message": "no JSON", "notes": []},
}
ABOUT = {
    **{"schema": 1, "seed": 2**60, "versions": {"torch": "2"}, "limits": {"timeout": 10.0, "memory": 1024}},
    **{"sandbox": "bwrap", "tolerances": {"float64": 1e-7}},
}
WHOLE = {**ABOUT, "submissions": [GRADED, BROKEN]}


@pytest.fixture
def path(tmp_path):
    """Return the path of the results."""
    return tmp_path / "results.json"


def test_what_was_written_is_read_and_written_again_the_same(path):
    written = json.dumps(WHOLE, ensure_ascii=False).replace('"submissions": [', '"submissions": [\n')
    path.write_text(written.replace("}, " + '{"student": "boris"', '},\n{"student": "boris"')[:-2] + "\n]}\n")
    assert "".join(results_text(read_results(path))) == path.read_text()


def test_the_least_that_the_contract_promises_can_be_read(path):
    part = {"part": "forward", "score": 1.5, "max_score": 1.5, "verdict": "passed", "more": 1}
    exercise = {**EXERCISE, "parts": [part]}
    least = {key: OTHER[key] for key in ("student", "lesson", "file", "status", "score", "max_score")}
    path.write_text(json.dumps({"schema": 1, "seed": 7, "submissions": [{**least, "exercises": [exercise]}]}))
    results = read_results(path)
    assert results.submissions[0].exercises[0].parts[0].cases == 0
    assert (results.run.seed, results.run.versions) == (7, None)


WRONG_VALUES = {
    'submissions[0].status: expected one of graded, unreadable, error, found "done"': ("status", "done"),
    'submissions[0].score: expected a number, found "7"': ("score", "7"),
    "submissions[0].score: expected a number, found true": ("score", True),
    "submissions[0].score: expected a number, found Infinity": ("score", 1e999),
    'submissions[0].student: expected a string, found "\\ud800"': ("student", "\ud800"),
    "submissions[0].exercises: expected a list, found {}": ("exercises", {}),
    "submissions[0].exercises[0]: expected an object, found 3": ("exercises", [3]),
    "submissions[0].backstop: expected true or false, found 1": ("backstop", 1),
    "submissions[0].late.due: expected a value": ("late", {"submitted": "2026-10-14T10:05:00+03:00"}),
    "submissions[0].late.submitted: expected a time with a time zone": ("late", {"submitted": "2026-10-14"}),
    "anna/a.ipynb: expected a value, found null": ("score", None),
}


@pytest.mark.parametrize(("why", "change"), WRONG_VALUES.items())
def test_an_error_says_where_what_was_expected_and_what_was_found(path, why, change):
    key, value = change
    path.write_text(json.dumps({**WHOLE, "submissions": [{**GRADED, key: value}]}).replace("Infinity", "1e999"))
    with pytest.raises(GradebookError) as raised:
        load(path.parent)
    assert why in str(raised.value)


@pytest.mark.parametrize(
    "line",
    [
        "null",
        "[]",
        "3",
        "9" * 5_000,
        "[" * 9_000,
        '{"student": "anna"}',
        json.dumps({**GRADED, "seconds": float("nan")}),
    ],
)
def test_a_journal_that_was_not_written_by_us_is_an_error_that_names_it(path, line):
    path.write_text(json.dumps(WHOLE))
    path.with_name("results.journal").write_text(f"{line}\n")
    with pytest.raises(GradebookError, match=r"results\.journal cannot be read"):
        load(path.parent)


@pytest.mark.parametrize("rest", ["", '{"student": "cut off', "\0\0\0"])
def test_only_a_journals_last_line_may_be_cut_off(path, rest):
    path.write_text(json.dumps({**WHOLE, "submissions": []}))
    path.with_name("results.journal").write_text(f"{json.dumps(GRADED)}\n{rest}")
    assert [*load(path.parent).entries] == [("anna", "anna/a.ipynb")]


def test_a_misconception_that_nobody_has_words_for_is_named(path):
    path.write_text(
        json.dumps({**WHOLE, "submissions": [{**GRADED, "exercises": [{**EXERCISE, "misconceptions": ["A.b"]}]}]})
    )
    with pytest.raises(GradebookError, match=r"no misconception A\.b"):
        load(path.parent)


@pytest.mark.parametrize("content", [b"\xff\xfe{", b"[" * 100_000, b"1" * 5_000, b'{"schema": NaN}', b"\x80"])
def test_what_is_no_json_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(StrictError):
        read_results(path)


def places(node, here=()):
    """Yield the path to every value in a tree of JSON."""
    yield here
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield from places(value, (*here, key))


def changed(tree, place, value):
    """Return the tree with another value at a place."""
    if not place:
        return value
    tree = copy.deepcopy(tree)
    node = tree
    for key in place[:-1]:
        node = node[key]
    node[place[-1]] = value
    return tree


NASTY = (None, True, 0, -1, 2**70, 1e300, "", "graded", "<b>", "\ud800", "\0", [], [[]], {}, {"": {}}, "x" * 1000)


QUIET = [HealthCheck.function_scoped_fixture]


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=QUIET)
@given(place=st.sampled_from([*places(WHOLE)]), value=st.sampled_from(NASTY))
def test_results_that_somebody_changed_give_one_error_or_all_reports(path, place, value):
    path.write_text(json.dumps(changed(WHOLE, place, value)))
    with contextlib.suppress(GradebookError):
        results = load(path.parent).results()
        pages = [report_page(results), feedback_page("anna", results.submissions), *results_text(results)]
        pages += [grades_csv(results), json.dumps(gradescope_results(results))]
        assert all(page.encode() for page in pages)


def test_an_entry_that_another_machine_sends_comes_back_whole():
    entry = read_entry(json.dumps(GRADED))
    assert isinstance(entry, Entry)
    assert read_entry(json.dumps(plain(entry))) == entry


@pytest.mark.parametrize("seed", ["-1", "1" + "0" * 400, "9" * 5_000, "NaN", "null", "[7]", "7.5"])
def test_a_seed_that_no_run_had_is_refused(path, seed):
    path.write_text(json.dumps({**WHOLE, "submissions": []}).replace(f'"seed": {WHOLE["seed"]}', f'"seed": {seed}'))
    with pytest.raises(GradebookError, match=r"results\.json cannot be read"):
        load(path.parent)
