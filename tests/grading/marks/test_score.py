"""A mark is the score less lateness, plus a person's points, within the limits; the score stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncl_course.grading.entry import ByHand
from ncl_course.grading.marks.manual import Manual
from ncl_course.grading.marks.policy import Deadline, Penalty, Policy
from ncl_course.grading.marks.score import settled, untimed
from ncl_course.grading.results import merged
from tests.grading.given_sheets import graded
from tests.grading.reports.test_reports import ungraded

DUE = datetime(2026, 10, 12, 20, 59, tzinfo=UTC)
POLICY = Policy({"01_pooling": Deadline(DUE, Penalty(percent=10))})
LATE = DUE + timedelta(hours=25)


def by_hand(points, student="anna", lesson="01_pooling", exercise="", comment="why"):
    """Return a line of ``manual.csv``."""
    return Manual(2, student, lesson, exercise, points, comment)


def only(record, policy=POLICY, manual=(), submitted=None):
    """Return the one record with its mark."""
    moments = {record.key: submitted} if submitted else {}
    (one,) = settled([record], policy, manual, moments)
    return one


def test_without_a_policy_and_points_by_hand_nothing_is_added():
    assert only(graded("anna"), None) == graded("anna")


def test_lateness_takes_its_share_and_the_score_stays():
    one = only(graded("anna"), submitted=LATE)
    assert (one.score, one.final, one.late.factor, one.late.hours) == (7.5, 6.0, 0.8, 25.0)


def test_points_by_hand_are_added_after_the_penalty():
    one = only(graded("anna"), manual=[by_hand(1), by_hand(-0.5, exercise="MaxPool2d")], submitted=LATE)
    assert one.final == 6.5
    assert one.manual == (ByHand("", 1, "why"), ByHand("MaxPool2d", -0.5, "why"))


def test_points_by_hand_need_no_policy_and_find_a_student_by_number():
    assert only(graded("anna", "11"), None, [by_hand(1, "11")]).final == 8.5
    assert only(graded("anna", "11"), None, [by_hand(1, "12")]).final == 7.5
    assert only(graded("anna"), None, [by_hand(1, lesson="02_activations")]).final == 7.5


@given(st.floats(0, 9), st.floats(-30, 30), st.booleans(), st.booleans())
def test_a_mark_leaves_its_limits_only_where_the_policy_lets_it(score, points, below, above):
    policy = Policy(below_zero=below, above_max=above)
    final = only(graded("anna", score=score), policy, [by_hand(points)]).final
    assert below or final >= 0
    assert above or final <= 9
    if below and above:
        assert final == pytest.approx(score + points, abs=1e-5)


def test_what_an_earlier_run_added_is_computed_anew():
    old = only(graded("anna"), manual=[by_hand(1)], submitted=LATE)
    assert only(old, None) == graded("anna")
    again = only(old)
    assert (again.final, again.late.hours) == (6.0, 25.0)
    assert again.manual == ()
    (unknown,) = settled([old], POLICY, (), {("anna", old.file): None})
    assert (unknown.final, unknown.late) == (7.5, None)


def test_a_notebook_that_could_not_be_graded_has_what_a_person_gave():
    broken = replace(ungraded(student="anna", lesson="01_pooling"), max_score=9.0)
    assert only(broken, submitted=LATE).final is None
    one = only(broken, manual=[by_hand(4)], submitted=LATE)
    assert (one.score, one.final) == (None, 4.0)
    assert one.late is None
    both = settled([broken, graded("anna")], POLICY, [by_hand(1)], {})
    assert [record.final for record in both] == [None, 8.5]


def test_of_two_notebooks_the_one_counts_that_is_worth_more_in_the_end():
    early, late = graded("anna", score=7.0, file="early"), graded("anna", score=7.5, file="late")
    (entry,) = merged(settled([early, late], POLICY, (), {("anna", "late"): LATE, ("anna", "early"): DUE}))
    assert (entry.file, entry.final, entry.also[0].final) == ("early", 7.0, 6.0)
    (entry,) = merged(settled([early, late], None, (), {}))
    assert entry.file == "late"


def test_who_has_a_due_time_and_no_known_time_is_named():
    records = settled([graded("anna"), graded("boris", lesson="02_activations")], POLICY, (), {})
    assert [record.student for record in untimed(records, POLICY)] == ["anna"]
    assert untimed([only(graded("anna"), submitted=DUE)], POLICY) == []
