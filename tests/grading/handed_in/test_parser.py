"""Notebooks are parsed in a child: if one takes too much or ends it, that costs a cell or a notebook, never the run."""

from __future__ import annotations

import json
import os
import signal
import threading

import pytest

from ncl_course.grading.handed_in import parser as module
from ncl_course.grading.handed_in.parser import Costs, Parser
from ncl_course.grading.handed_in.submission import Reading, Submission
from ncl_course.language import language
from ncl_course.submission.errors import UnreadableNotebookError
from tests.grading.zips import of_cells
from tests.patience import PATIENCE
from tests.submission.deep import DEEP


@pytest.fixture
def parser():
    made = Parser()
    yield made
    made.end()


@pytest.fixture
def sparing():
    """Return a parser whose child has small limits."""
    made = Parser(Costs(cpu=2, memory_mb=100))
    yield made
    made.end()


ENDS, LASTS = "END THE PARSER", "KEEP THE PARSER BUSY"
"""Cells at which the child of ``breaking`` ends, or never finishes."""

CHILD = f"""
import os, sys
from ncl_course.grading.handed_in import parsed, parsing

def plain(source):
    while {LASTS!r} in source:
        pass
    return os._exit(1) if {ENDS!r} in source else source

parsed.plain = plain
parsing.serve(sys.stdin.buffer, sys.stdout.buffer)
"""


@pytest.fixture
def breaking(tmp_path, monkeypatch, parser):
    """Return a parser whose child ends at some cells, as in a crash, and never finishes others."""
    (tmp_path / "breaking.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(module, "CHILD", "breaking")
    return parser


def test_a_notebook_comes_back_parsed_and_the_child_stays(parser):
    first = parser(of_cells("%time x = 1", "class MaxPool2d: pass"), "a.ipynb")
    child = parser.child.pid
    second = parser(of_cells("y = '\ud800\x00'"), "b\udcff.ipynb")
    assert first.sources == ("x = 1", "class MaxPool2d: pass")
    assert first.places == {"MaxPool2d": 2}
    assert second.sources == ("y = '\ud800\x00'",)
    assert parser.child.pid == child
    assert 0 < parser.spent < 5


def test_no_code_of_a_notebook_is_run(parser, tmp_path):
    written = tmp_path / "written"
    write = f"open({str(written)!r}, 'w').close()"
    found = parser(of_cells(write, f"@[{write}]\nclass MaxPool2d({write}): pass", f"%run -c {write}"), "a.ipynb")
    assert found.sources[0] == write
    assert not written.exists()


def test_what_is_no_notebook_is_said_in_the_readers_language(parser):
    for lang, word in (("en", "empty"), ("ru", "пуст")):
        language(lang)
        with pytest.raises(UnreadableNotebookError, match=word):
            parser(b"", "a.ipynb")


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_a_deep_cell_costs_at_most_itself(parser, source):
    found = parser(of_cells("class MaxPool2d: pass", source), "a.ipynb")
    assert found.places["MaxPool2d"] == 1


def test_a_cell_over_which_the_child_ends_is_left_out_and_named(breaking):
    found = breaking(of_cells("x = 1", ENDS, "y = 2", ENDS), "a.ipynb")
    assert found.sources == ("x = 1", "", "y = 2", "")
    assert "code cell 2, 4." in " ".join(found.notes)


def test_a_notebook_with_many_such_cells_is_given_up_and_the_next_one_is_read(breaking):
    with pytest.raises(UnreadableNotebookError, match="more than 30 s of CPU time or 1024 MB"):
        breaking(of_cells(*[ENDS] * 4), "a.ipynb")
    assert breaking(of_cells("x = 1"), "b.ipynb").sources == ("x = 1",)


def test_a_cell_that_takes_too_much_memory_is_left_out(sparing):
    found = sparing(of_cells("x = 1", "a\n" * 100_000), "a.ipynb")
    assert found.sources[0] == "x = 1"
    assert sparing(of_cells("y = 2"), "b.ipynb").sources == ("y = 2",)


def test_a_notebook_that_takes_too_much_memory_before_its_cells_is_unreadable(sparing):
    raw = b'{"cells": [' + b"[]," * 5_000_000 + b"[]]}"
    with pytest.raises(UnreadableNotebookError, match="more than 2 s of CPU time or 100 MB"):
        sparing(raw, "a.ipynb")
    assert sparing(of_cells("y = 2"), "b.ipynb").sources == ("y = 2",)


def test_a_cell_that_takes_too_much_time_is_left_out(breaking):
    breaking.costs = Costs(cpu=1)
    found = breaking(of_cells("x = 1", LASTS, "y = 2"), "a.ipynb")
    assert found.sources == ("x = 1", "", "y = 2")
    assert breaking.spent >= 1  # the child that was ended counts, too


def test_the_child_is_ended_when_the_wall_clock_runs_out(parser, monkeypatch):
    monkeypatch.setattr(Costs, "wall", 0.5)
    child = parser.started()
    os.kill(child.pid, signal.SIGSTOP)
    with pytest.raises(UnreadableNotebookError, match="more than 30 s"):
        parser(of_cells("x = 1"), "a.ipynb")
    assert child.returncode == -signal.SIGKILL


def test_after_ctrl_c_nobody_gets_the_answer_to_another_notebook(parser, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(module, "conversation", interrupted)
        with pytest.raises(KeyboardInterrupt):
            parser(of_cells("x = 1"), "a.ipynb")
    assert parser(of_cells("y = 2"), "b.ipynb").sources == ("y = 2",)


def test_a_module_in_the_working_folder_is_not_imported(parser, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("open('was_here', 'w')")
    monkeypatch.chdir(tmp_path)
    assert parser(of_cells("x = 1"), "a.ipynb").sources == ("x = 1",)
    assert not (tmp_path / "was_here").exists()


def test_threads_get_their_own_answers(parser):
    found = {}

    def ask(number):
        found[number] = parser(of_cells(f"x = {number}"), "a.ipynb").sources

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert found == {number: (f"x = {number}",) for number in range(8)}


def test_any_fault_in_reading_costs_the_submission(monkeypatch, tmp_path):
    def breaks(one):
        raise RecursionError

    monkeypatch.setattr(Submission, "read", breaks)
    found = Submission("anna", tmp_path / "a.ipynb", "a.ipynb").reading
    assert found == Reading(why=found.why)
    assert "RecursionError" in found.why


def test_a_fault_in_parsing_is_the_notebooks(parser):
    raw = json.dumps({"nbformat": 4, "metadata": {"ncl_course": {"lesson": "01_pooling"}}, "cells": [{}]}).encode()
    assert parser(raw, "a.ipynb").sources == ()
