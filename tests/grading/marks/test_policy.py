"""Penalties for lateness are right to the minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ncl_course.grading.marks.policy import Deadline, Extension, Penalty, Policy, Step
from ncl_course.grading.plain import plain

DUE = datetime(2026, 10, 12, 20, 59, tzinfo=UTC)
DAILY = Penalty(grace_minutes=10, percent=10, at_most=50)
ANNA = frozenset({"Anna", "11"})


def policy(*extensions, **more):
    """Return a policy with one lesson."""
    return Policy({"01_pooling": Deadline(DUE, DAILY)}, extensions, **more)


@pytest.mark.parametrize(
    ("delay", "off"),
    [
        (timedelta(days=-3), 0),
        (timedelta(0), 0),
        (timedelta(minutes=10), 0),
        (timedelta(minutes=10, seconds=1), 10),
        (timedelta(days=1), 10),
        (timedelta(days=1, seconds=1), 20),
        (timedelta(days=4, hours=1), 50),
        (timedelta(days=400), 50),
    ],
)
def test_each_begun_day_costs_once_the_grace_is_over(delay, off):
    assert DAILY.off(delay) == off


def test_hours_may_count_in_place_of_days():
    hourly = Penalty(percent=2, span_hours=1)
    assert [hourly.off(timedelta(minutes=m)) for m in (1, 60, 61, 6000)] == [2, 2, 4, 100]


def test_of_steps_the_highest_that_applies_counts_whatever_their_order():
    steps = Penalty(steps=(Step(48, 50), Step(0, 10), Step(168, 100)))
    assert [steps.off(timedelta(hours=h)) for h in (0, 0.1, 48, 48.1, 168, 169)] == [0, 10, 10, 50, 50, 100]


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 100), st.floats(0, 100))
def test_who_is_later_never_gets_more(first, second, percent, at_most):
    penalty = Penalty(5, percent, 24, at_most)
    early, late = sorted((first, second))
    assert 0 <= penalty.off(timedelta(hours=early)) <= penalty.off(timedelta(hours=late)) <= 100


def test_a_late_submission_says_when_it_was_due_and_what_is_left():
    late = policy().late(ANNA, "01_pooling", DUE + timedelta(hours=34, minutes=6))
    assert (late.hours, late.factor, late.due) == (34.1, 0.8, DUE)
    assert plain(late)["submitted"] == "2026-10-14T07:05:00+00:00"


def test_an_early_submission_is_on_time():
    late = policy().late(ANNA, "01_pooling", DUE - timedelta(days=1))
    assert (late.hours, late.factor) == (0.0, 1.0)


def test_who_has_no_due_time_or_no_known_time_is_not_late():
    assert policy().late(ANNA, "02_activations", DUE) is None
    assert policy().late(ANNA, "01_pooling", None) is None


@pytest.mark.parametrize(
    ("extension", "due"),
    [
        (Extension("Anna", "01_pooling", days=7), DUE + timedelta(days=7)),
        (Extension("11", days=7), DUE + timedelta(days=7)),
        (Extension("11", due=DUE + timedelta(hours=3)), DUE + timedelta(hours=3)),
        (Extension("Anna", due=DUE - timedelta(days=9)), DUE),
        (Extension("Anna", "02_activations", days=7), DUE),
        (Extension("Boris", days=7), DUE),
    ],
)
def test_an_extension_is_the_students_and_the_lessons_own_and_never_shortens(extension, due):
    assert policy(extension).due(ANNA, "01_pooling") == due


@pytest.mark.parametrize(
    ("due", "submitted", "hours"),
    [
        ("2026-10-24T23:59", "2026-10-25T03:29", 4.5),
        ("2026-03-28T23:59", "2026-03-29T03:29", 2.5),
        ("2026-10-25T02:30", "2026-10-25T03:30", 2.0),
    ],
)
def test_the_night_in_which_the_clocks_change_has_its_own_number_of_hours(due, submitted, hours):
    """Both times are by the same clock, which would hide the hour that comes twice or not at all."""
    berlin = ZoneInfo("Europe/Berlin")
    due, submitted = (datetime.fromisoformat(one).replace(tzinfo=berlin) for one in (due, submitted))
    late = Policy({"01_pooling": Deadline(due, DAILY)}).late(ANNA, "01_pooling", submitted)
    assert late.hours == hours
    assert late.hours == Policy({"01_pooling": Deadline(due)}).late(ANNA, "01_pooling", submitted.astimezone(UTC)).hours


def test_an_extension_counts_in_another_timezone_at_the_same_moment():
    moscow = datetime.fromisoformat("2026-10-12T23:59:00+03:00")
    assert policy().late(ANNA, "01_pooling", moscow).hours == 0.0
