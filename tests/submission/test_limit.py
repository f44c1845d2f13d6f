"""Student code that runs too long is stopped, whatever it catches and on every system."""

from __future__ import annotations

import contextlib
import linecache
import signal
import sys
import threading
import time

import pytest

from ncl_course.protocol.play import describe
from ncl_course.submission import limit
from ncl_course.submission.limit import TimeIsUp, limited
from tests.patience import PATIENCE

SOON = 0.2

ENDLESS = {
    "a loop": "while True:\n    pass",
    "a loop that catches every exception": "while True:\n    try:\n        pass\n    except Exception:\n        pass",
    "a loop with a bare except": "while True:\n    try:\n        x = 1\n        x += 1\n    except:\n        x = 2",
    "a bare except around a call": (
        "def f():\n    while True: pass\nwhile True:\n    try:\n        f()\n    except:\n        pass"
    ),
    "a generator": "sum(1 for _ in iter(int, 1))",
}
WAITING = {
    "a long sleep": "import time\ntime.sleep(1000)",
    "a lock that nobody opens": "import threading\nthreading.Event().wait()",
}
"""Code that waits in the operating system; only a real Windows can tell whether it is stopped there."""


def cell(source):
    """Run a cell of a student, with its lines known to tracebacks."""
    linecache.cache["<cell 1>"] = (len(source), None, source.splitlines(keepends=True), "<cell 1>")
    exec(compile(source, "<cell 1>", "exec"), {})


@pytest.mark.parametrize("source", [*ENDLESS.values(), *WAITING.values()], ids=[*ENDLESS, *WAITING])
def test_endless_code_is_stopped_and_the_error_knows_its_line(source):
    demand_stopped(source)


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_endless_code_is_stopped_where_a_thread_cannot_be_signalled_as_on_windows(monkeypatch, source):
    monkeypatch.delattr(signal, "pthread_kill")
    monkeypatch.delattr(signal, "setitimer", raising=False)
    demand_stopped(source)


IN_C = {
    "a regular expression": "import re\nre.match('(a+)+$', 'a' * 60 + 'b')",
    "a huge number": "n = 10 ** 10 ** 9",
}
ALARM = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarm")
FREE = pytest.mark.timeout(method="thread")
"""pytest's own time limit leaves the alarm alone."""


@ALARM
@FREE
@pytest.mark.parametrize("source", IN_C.values(), ids=IN_C)
def test_code_of_c_that_asks_for_signals_but_keeps_all_threads_waiting_is_stopped(source):
    demand_stopped(source)


@ALARM
@FREE
def test_an_alarm_of_the_students_own_stays():
    heard = []
    before = signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    try:
        with limited(60):
            signal.raise_signal(signal.SIGALRM)
        assert heard == [1]
    finally:
        signal.signal(signal.SIGALRM, before)
    with limited(60):
        assert signal.getitimer(signal.ITIMER_REAL) != (0, 0)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_code_that_does_not_react_is_said_once_while_it_runs(monkeypatch):
    monkeypatch.setattr(limit, "PATIENCE", SOON)
    monkeypatch.setattr(limit, "AGAIN", SOON / 4)
    said, lock = threading.Event(), threading.Lock()
    calls = []

    def late():
        calls.append(1)
        said.set()

    def deaf():
        """Wait as a call in C does: the interrupts arrive, and nothing comes of them."""
        with lock:
            while not said.is_set():
                with contextlib.suppress(KeyboardInterrupt):
                    said.wait()

    def hangs():
        deaf()
        threading.Event().wait(PATIENCE)

    with pytest.raises(TimeIsUp), limited(SOON, late):
        hangs()
    assert calls == [1]


def demand_stopped(source):
    """Run a cell that would never end, and see that everything is as before afterwards."""
    before, tracing = signal.getsignal(signal.SIGINT), sys.gettrace()
    with pytest.raises(TimeIsUp) as error, limited(SOON):
        cell(source)
    assert describe(error.value).where.partition(": ")[2] in source
    assert describe(error.value).where
    assert signal.getsignal(signal.SIGINT) is before
    assert sys.gettrace() is tracing


def test_quick_code_is_not_interrupted_and_the_clock_stops_with_the_block():
    threads = threading.active_count()
    with limited(SOON):
        cell("x = 1")
    assert threading.active_count() == threads
    time.sleep(2 * SOON)


def test_an_interrupt_by_the_student_stays_one():
    with pytest.raises(KeyboardInterrupt) as error, limited(60):
        cell("import signal\nwhile True:\n    try: signal.raise_signal(signal.SIGINT)\n    except: pass")
    assert not isinstance(error.value, TimeIsUp)


def test_the_limit_holds_even_if_interrupts_are_ignored_as_in_a_background_job():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with limited(60):
            cell("import signal\nsignal.raise_signal(signal.SIGINT)")
        with pytest.raises(TimeIsUp), limited(SOON):
            cell("while True: pass")
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_the_main_thread_there_is_no_limit_and_no_error():
    done = []

    def work():
        with limited(0):
            done.append(threading.current_thread().name)

    thread = threading.Thread(target=work, name="other")
    thread.start()
    thread.join()
    assert done == ["other"]


def test_a_python_without_threads_has_no_limit(monkeypatch):
    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with limited(0):
        cell("x = 1")
