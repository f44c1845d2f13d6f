"""Submissions are graded in parallel in separate slots, and nothing continues after a stop."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from concurrent.futures import wait
from pathlib import Path

import pytest

from ncl_course.grading import executor
from ncl_course.grading.entry import Entry, Status
from ncl_course.grading.executor import AHEAD, LocalExecutor
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.stoppable import held_back

WAIT = 30
"""More seconds than anything here should take."""


def entry(submission, **more):
    """Return a submission's entry."""
    about = {"student": submission.student, "lesson": None, "file": submission.file, "status": Status.ERROR}
    return Entry(**about, score=None, max_score=None, exercises=(), **more)


def submissions(count):
    """Return so many submissions that are never opened."""
    return [Submission(f"s{n}", Path(f"{n}.ipynb"), f"{n}.ipynb") for n in range(count)]


def nothing():
    """Do nothing: there is nothing to stop."""


def test_every_submission_comes_with_its_own_entry():
    found = dict(LocalExecutor(lambda one, _slot: entry(one), 3, nothing).run(submissions(20)))
    assert {one.student: made.student for one, made in found.items()} == {f"s{n}": f"s{n}" for n in range(20)}
    assert list(LocalExecutor(lambda one, _slot: entry(one), 3, nothing).run([])) == []


def test_jobs_run_at_a_time_each_thread_in_its_own_slot():
    together, slots = threading.Barrier(3, timeout=WAIT), {}

    def grade(one, slot):
        slots.setdefault(threading.get_ident(), set()).add(slot)
        together.wait()
        return entry(one)

    assert len(list(LocalExecutor(grade, 3, nothing).run(submissions(9)))) == 9
    assert sorted(map(len, slots.values())) == [1, 1, 1]
    assert len(set.union(*slots.values())) == 3


def test_what_only_the_clock_spoke_against_is_tried_once_more_at_the_end_alone_where_threads_still_live():
    running, calls, threads = set(), [], {}

    def grade(one, slot):
        running.add(one.student)
        threads.setdefault(slot, threading.current_thread())
        calls.append((one.student, len(running), threads[slot].is_alive()))
        time.sleep(0.01)
        running.discard(one.student)
        return entry(one, backstop=one.student in ("s0", "s1"))

    found = [(one.student, made.backstop) for one, made in LocalExecutor(grade, 2, nothing).run(submissions(6))]
    assert sorted(found[-2:]) == [("s0", True), ("s1", True)]
    assert sorted(calls[-2:]) == [("s0", 1, True), ("s1", 1, True)]
    assert len(calls) == 8


def test_ctrl_c_never_interrupts_a_wait_in_which_a_lock_may_be_taken(monkeypatch):
    ended, handler = [], signal.getsignal(signal.SIGINT)

    def pressed_in_the_middle(futures, **limits):
        signal.raise_signal(signal.SIGINT)
        ended.append(wait(futures, **limits))
        return ended[-1]

    monkeypatch.setattr(executor, "wait", pressed_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        list(LocalExecutor(lambda one, _slot: entry(one), 2, nothing).run(submissions(20)))
    assert len(ended) == 1
    assert signal.getsignal(signal.SIGINT) is handler


def test_a_second_ctrl_c_is_not_held_back():
    with held_back() as let_through:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            let_through()


def test_the_list_of_what_is_to_do_is_read_no_faster_than_it_is_done():
    read, goes_on = [], threading.Event()

    def listed():
        for one in submissions(100):
            read.append(one)
            yield one

    def grade(one, _slot):
        assert one.student == "s0" or goes_on.wait(WAIT)
        return entry(one)

    running = LocalExecutor(grade, 2, nothing).run(listed())
    next(running)
    assert len(read) <= AHEAD * 2
    goes_on.set()
    assert len(list(running)) == 99


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, GeneratorExit])
def test_left_early_it_ends_what_runs_and_begins_nothing_more(error):
    stopped, begun = threading.Event(), []

    def grade(one, _slot):
        begun.append(one.student)
        assert one.student == "s0" or stopped.wait(WAIT)
        return entry(one)

    def take_one_and_fail():
        with contextlib.closing(LocalExecutor(grade, 2, stopped.set).run(submissions(50))) as running:
            next(running)
            raise error

    with pytest.raises(error):
        take_one_and_fail()
    assert stopped.is_set()
    assert len(begun) <= 1 + AHEAD * 2
    assert not [one for one in threading.enumerate() if one.name.startswith("ThreadPoolExecutor")]


def test_a_fault_in_grading_stops_it_and_is_told():
    stopped = threading.Event()

    def grade(one, _slot):
        raise ZeroDivisionError("our fault")

    with pytest.raises(ZeroDivisionError, match="our fault"):
        list(LocalExecutor(grade, 2, stopped.set).run(submissions(5)))
    assert stopped.is_set()
