"""A submission has a time limit, and so have all of one student's together; after that it is tried again, alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from ncl_course.checking.verdict import Verdict
from ncl_course.grading import budget as module
from ncl_course.grading.budget import Ledger
from ncl_course.grading.executor import LocalExecutor
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from tests.grading.conftest import write_notebook
from tests.submissions.hostile import in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE


@pytest.fixture
def clock(monkeypatch):
    """A clock that advances only when a test says so."""
    now = [1_000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def of(student, file="01_pooling.ipynb"):
    """Return a submission that is never opened."""
    return Submission(student, Path(student) / file, file)


def take(ledger, submission, clock, seconds):
    """Return the time that a submission has left after so many seconds."""
    with ledger.account(submission) as until:
        allowed = until - clock[0]
        clock[0] += seconds
    return allowed


def test_a_submission_has_the_budget_and_a_student_three_times_that(clock):
    ledger = Ledger(10.0)
    files = [f"{number}.ipynb" for number in range(5)]
    assert [take(ledger, of("mallory", file), clock, 8.0) for file in files] == [10, 10, 10, 6, -2]
    assert take(ledger, of("anna"), clock, 1.0) == 10


def test_second_tries_have_an_account_of_their_own(clock):
    ledger = Ledger(10.0)
    files = [f"{number}.ipynb" for number in range(4)]
    first = [take(ledger, of("mallory", file), clock, 10.0) for file in files]
    again = [take(ledger, of("mallory", file), clock, 10.0) for file in files]
    assert first == again == [10, 10, 10, 0]


def test_what_a_submission_took_is_charged_also_where_it_ends_in_an_error(clock):
    ledger = Ledger(10.0)

    def fail():
        with ledger.account(of("anna")):
            clock[0] += 25.0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert take(ledger, of("anna", "2.ipynb"), clock, 0.0) == 5


@pytest.fixture
def hasty(walls):
    """Return a grader with a long limit for one exercise and a short one for a whole submission."""
    with Site(walls) as site:
        yield Grader(site, 7, Limits(cpu=100, memory_mb=400, budget=3.0))


def submission(folder, student, *cells):
    """Return a submission with these cells."""
    path = write_notebook(folder / student / "01_pooling.ipynb", *cells)
    return Submission(student, path, f"{student}/01_pooling.ipynb")


SLEEPS = "import time\ntime.sleep(1_000)"


@pytest.mark.bwrap
@pytest.mark.parametrize("cells", [(SETUP, *[SLEEPS] * 4, SIZE, MAX), (SETUP, in_forward(SLEEPS))])
def test_code_that_sleeps_ends_with_the_budget_whatever_each_exercise_may_take(hasty, tmp_path, cells):
    entry = hasty(submission(tmp_path, "mallory", *cells), 0)
    pooled = {one.exercise: one for one in entry.exercises}["MaxPool2d"]
    assert pooled.verdict is Verdict.TIMEOUT
    assert "The submission as a whole took too long." in str((pooled.message, entry.notes))
    assert entry.backstop
    assert entry.seconds < hasty.limits.wall, "one exercise alone may take longer than that"


@pytest.mark.bwrap
def test_a_submission_that_used_up_its_budget_is_tried_once_more(hasty, tmp_path):
    calls = []

    def grade(one, slot):
        calls.append(one.student)
        return hasty(one, slot)

    mallory = submission(tmp_path, "mallory", SETUP, SLEEPS, MAX)
    ((_, entry),) = LocalExecutor(grade, 1, hasty.site.end_all).run([mallory])
    assert calls == ["mallory", "mallory"]
    assert entry.backstop


@pytest.mark.bwrap
def test_nobody_else_pays_for_it(walls, tmp_path):
    with Site(walls) as site:
        grader = Grader(site, 7, Limits(cpu=100, memory_mb=400, budget=60.0))
        grader.ledger.spent = {("mallory", False): 1_000.0}
        late = grader(submission(tmp_path, "mallory", SETUP, SIZE, MAX, AVG), 0)
        honest = grader(submission(tmp_path, "anna", SETUP, SIZE, MAX, AVG), 0)
        again = grader(submission(tmp_path, "mallory", SETUP, SIZE, MAX, AVG), 0)
    assert [one.verdict for one in late.exercises] == [Verdict.TIMEOUT] * 3
    assert (late.score, late.backstop) == (0.0, True)
    assert (honest.score, again.score) == (9.0, 9.0)
