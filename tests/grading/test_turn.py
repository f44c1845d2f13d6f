"""One thread judges at a time; while it waits for a student's process, another one does."""

from __future__ import annotations

import threading

import pytest

from ncl_course.grading.turn import Turn

WAIT = 30


def test_two_threads_never_have_the_turn_at_once():
    turn, inside, most = Turn(), [], []

    def judge():
        for _ in range(200):
            with turn.taken():
                inside.append(1)
                most.append(len(inside))
                with turn.lent():
                    pass
                inside.pop()

    threads = [threading.Thread(target=judge) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert inside == []
    assert not turn.lock.locked()
    assert len(most) == 800


def test_while_it_is_lent_another_thread_judges():
    turn, judged = Turn(), threading.Event()

    def judge():
        with turn.taken():
            judged.set()

    other = threading.Thread(target=judge)
    with turn.taken():
        other.start()
        with turn.lent():
            assert judged.wait(WAIT)
        assert turn.lock.locked()
    other.join(WAIT)


def test_the_turn_comes_back_when_the_process_was_lost():
    turn, locked = Turn(), []

    def lose():
        with turn.taken():
            try:
                with turn.lent():
                    raise OSError("gone")
            finally:
                locked.append(turn.lock.locked())

    with pytest.raises(OSError, match="gone"):
        lose()
    assert locked == [True]
    assert not turn.lock.locked()
