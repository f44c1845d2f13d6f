"""After a regrade the report names exactly the students whose marks changed, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ncl_course.grading.errors import GradebookError
from ncl_course.grading.reports.compare import changes, earlier
from ncl_course.grading.reports.comparison import lines, tell_changes
from ncl_course.grading.reports.html import report_page
from ncl_course.grading.results import results_text
from tests.grading.reports.test_reports import entry, exercise, ungraded
from tests.grading.reports.test_reports import results as run

PASSED, FAILED = entry("anna", sha256="a"), entry("anna", [exercise()], sha256="a")


def only(old, new):
    """Return the one change between two runs."""
    (change,) = changes(old, new)
    return change


def test_who_did_not_change_is_not_named():
    assert changes(run(PASSED, seed=1), run(replace(PASSED, seconds=9.0), seed=2)) == []


def test_another_notebook_is_the_reason_where_there_is_one():
    change = only(run(FAILED), run(replace(PASSED, sha256="b")))
    assert (change.student, change.before, change.after, change.up, change.down) == ("anna", 0.0, 1.5, True, False)
    assert [(m.exercise, m.part, m.before, m.after) for m in change.moved] == [
        ("MaxPool2d", "forward", "failed", "passed")
    ]
    assert change.reasons == ("It is a different notebook (anna/01_pooling.ipynb).",)


def test_a_run_that_differs_is_the_reason_where_the_notebook_is_the_same():
    old = run(PASSED, seed=1, versions={"numpy": "2.0", "torch": "2.2"}, tolerances={"float64": 1e-7})
    new = run(FAILED, seed=2, versions={"numpy": "2.1", "torch": "2.2"}, tolerances={"float64": 1e-7})
    change = only(old, new)
    assert change.down
    assert change.reasons == ("The notebook is the same; the run differs: seed 1 → 2, numpy 2.0 → 2.1.",)


def test_a_notebook_that_answers_differently_by_itself_is_said():
    assert "own answers differ from run to run" in only(run(PASSED), run(FAILED)).reasons[0]


def test_who_came_went_or_could_be_read_at_last_is_named():
    lost = ungraded(student="boris", lesson="01_pooling")
    found = {one.student: one for one in changes(run(PASSED, lost), run(entry("boris"), entry("clara")))}
    assert found["anna"].reasons == ("It is not in this run.",)
    assert found["clara"].reasons == ("It was not in the earlier run.",)
    assert found["boris"].reasons[0] == "It was unreadable and is graded."
    assert (found["boris"].before, found["boris"].after) == (None, 1.5)


def test_the_same_points_by_another_way_are_a_change():
    change = only(run(FAILED), run(entry("anna", [exercise("error")], sha256="a")))
    assert (change.up, change.down, change.moved[0].after) == (False, False, "error")


def test_the_report_and_the_terminal_name_the_changes(tmp_path, capsys):
    (tmp_path / "results.json").write_text("".join(results_text(run(FAILED, seed=2))))
    tell_changes(run(PASSED, seed=1), tmp_path / "old.json", tmp_path)
    said = capsys.readouterr().out
    assert "Fewer points: 1." in said
    assert "anna, 01_pooling: 1.5 → 0 points. The notebook is the same; the run differs: seed 1 → 2." in said
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "▼</span> 1.5 → 0" in page
    assert "Changes since the earlier run" in page
    assert "Changes since" not in report_page(run(PASSED))


def test_no_change_is_said_too_and_many_are_cut_short(tmp_path):
    assert lines([], tmp_path) == [f"Nothing has changed since {tmp_path}."]
    many = changes(run(), run(*(entry(f"s{n}") for n in range(80))))
    assert len(lines(many, tmp_path)) == 52
    assert lines(many, tmp_path)[-1] == "… and 30 more; the report has all of them."


@pytest.mark.parametrize("content", ["", "[]", '{"submissions": 3}', '{"submissions": [{}]}', "{"])
def test_results_that_cannot_be_read_are_said(tmp_path, content):
    (tmp_path / "results.json").write_text(content)
    with pytest.raises(GradebookError, match=r"--compare: .*results\.json cannot be read"):
        earlier(tmp_path)
    with pytest.raises(GradebookError, match="cannot be read"):
        earlier(tmp_path / "nowhere.json")
