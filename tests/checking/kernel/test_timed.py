"""A check that takes too long or is interrupted ends in a panel with the student's own line."""

from __future__ import annotations

import json
import linecache
import re
import sys

import pytest

from ncl_course import check, own_layers
from ncl_course.checking.answers import every_answer
from ncl_course.checking.kernel import timed
from ncl_course.checking.kernel.timed import limit_of
from ncl_course.checking.own import State
from ncl_course.checking.own import own_layers as collected
from ncl_course.errors import CheckFailed, StoppedError
from ncl_course.exercises import EXERCISES, find
from ncl_course.language import language
from ncl_course.submission import namespace
from tests.checking.kernel.running import printed, run

ENDLESS = """
from ncl_course.nn import Layer

class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.calls = 0

    def forward(self, x):
        while True:
            self.calls += 1
"""
SWALLOWS = ENDLESS.replace(
    "            self.calls += 1\n", "            try:\n                self.calls += 1\n            except: continue\n"
)
SLEEPS = ENDLESS.replace("        while True:\n            self.calls += 1", "        import time; time.sleep(1e6)")
INTERRUPTED = ENDLESS.replace(
    "        while True:\n            self.calls += 1", "        import signal; signal.raise_signal(signal.SIGINT)"
)


def defined(source, name="AvgPool2d"):
    """Return what a cell defines, with its lines known to tracebacks."""
    linecache.cache["<cell 1>"] = (len(source), None, source.splitlines(keepends=True), "<cell 1>")
    names = {}
    exec(compile(source, "<cell 1>", "exec"), names)
    return names[name]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (ENDLESS, r"9: while True:|10: self\.calls \+= 1"),
        (SWALLOWS, r"(9|1\d): \w+"),
        (SLEEPS, r"9: import time; time\."),
    ],
    ids=["endless", "swallows", "sleeps"],
)
def test_a_check_that_takes_too_long_shows_the_line_and_fails(monkeypatch, capsys, source, line):
    monkeypatch.setattr(timed, "SECONDS", 0.3)
    with pytest.raises(CheckFailed, match=r"check\(AvgPool2d\): not passed, 0 of 4 points"):
        check(defined(source))
    shown = capsys.readouterr().out
    assert shown.count("took too long") == 2
    assert "Your code ran for more than 0.3 seconds, so the check stopped it." in shown
    assert re.search(f"so the check stopped it. On line ({line})", shown)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("stopped", "You stopped this check.")), ("ru", ("остановлено", "Вы остановили эту"))]
)
def test_an_interrupt_ends_in_a_panel_with_the_students_line(capsys, lang, words):
    language(lang)
    with pytest.raises(CheckFailed):
        check(defined(INTERRUPTED), "forward")
    shown = capsys.readouterr().out
    assert all(word in shown for word in words)
    assert "9: import signal; signal.raise_signal(signal.SIGINT)" in shown


def test_an_interrupt_of_the_courses_own_code_ends_in_a_panel_too(monkeypatch, capsys):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("ncl_course.checking.answers.notebook_answers", interrupt)
    with pytest.raises(CheckFailed):
        check(defined(ENDLESS))
    assert "You stopped this check.\n" in capsys.readouterr().out


def test_train_has_ten_minutes_and_every_other_exercise_one():
    assert {exercise.name: limit_of(exercise) for exercise in EXERCISES} == {
        exercise.name: 600 if exercise.name == "train" else 60 for exercise in EXERCISES
    }
    assert find("train") in EXERCISES


def write(path, *sources):
    cells = [
        {"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None} for s in sources
    ]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}), encoding="utf-8")


def test_a_cell_and_a_layer_of_another_notebook_that_never_end_do_not_keep_lesson_06_waiting(monkeypatch, tmp_path):
    monkeypatch.setattr(timed, "SECONDS", 0.3)
    monkeypatch.setattr(namespace, "CELL_SECONDS", 0.3)
    pool = ENDLESS.replace("AvgPool2d", "MaxPool2d")
    write(tmp_path / "01_pooling.ipynb", "while True:\n    try: pass\n    except: pass", pool)
    taken = {one.name: one for one in collected(tmp_path, every_answer).taken}
    assert taken["MaxPool2d"].state is State.FAILING
    assert "more than 0.3 seconds" in taken["MaxPool2d"].result.parts[0].note


def test_an_interrupt_of_own_layers_is_one_line(tmp_path):
    write(tmp_path / "01_pooling.ipynb", "import signal; signal.raise_signal(signal.SIGINT)")
    with pytest.raises(StoppedError, match="own_layers was stopped"):
        own_layers(tmp_path)


LOCKED = """
import ctypes, threading
libc, lock = ctypes.CDLL(None), ctypes.create_string_buffer(64)

def pool_output_size(size, kernel_size, stride):
    libc.pthread_mutex_lock(lock)
    threading.Timer(3, libc.pthread_mutex_unlock, (lock,)).start()
    libc.pthread_mutex_lock(lock)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such lock")
def test_while_a_call_in_c_hangs_the_student_reads_what_to_do():
    limits = "from ncl_course.submission import limit\nfrom ncl_course.checking.kernel import timed\n"
    limits += "timed.SECONDS, limit.PATIENCE = 0.5, 0.5\nfrom ncl_course import check\n"
    cell = run(limits + LOCKED + "check(pool_output_size)")[0]
    assert "and the check cannot stop it" in printed(cell)
    assert printed(cell).count("Interrupt the kernel (■). If nothing happens, restart it") == 1
    assert "took too long" in printed(cell), "when the call has returned, the check ends"
