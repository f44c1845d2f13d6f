"""A notebook is parsed with limits on its size, and a bad cell costs only that cell."""

from __future__ import annotations

import json

import pytest

from ncl_course.grading.handed_in import parsed as module
from ncl_course.grading.handed_in.parsed import MAX_CELL, MAX_CELLS, MAX_CODE, parsed
from tests.grading.zips import of_cells
from tests.submission.deep import DEEP

FINE = "class MaxPool2d:\n    pass"


def looked_at(*cells, costly=(), lesson="01_pooling"):
    """Parse a notebook with these cells."""
    code = [{"cell_type": "code", "metadata": {}, "source": cell} for cell in cells]
    own = {"ncl_course": {"lesson": lesson}} if lesson else {}
    raw = json.dumps({"nbformat": 4, "metadata": own, "cells": code}).encode()
    return parsed(raw, "anna/work.ipynb", costly, lambda number: None)


def test_magics_are_taken_out_and_exercises_are_found_where_they_are_defined_last():
    found = looked_at("%time x = 1", FINE, "y = 2", FINE + "\n!ls")
    assert found.sources[0] == "x = 1"
    assert found.places == {"MaxPool2d": 4}
    assert (found.lesson, found.is_map) == ("01_pooling", False)
    assert "Lines for IPython" in " ".join(found.notes)


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_no_cell_is_too_deep_to_go_on_with_the_others(source):
    found = looked_at(FINE, source, "def pool_output_size(): pass", lesson="")
    assert found.lesson == "01_pooling"
    assert found.places == {"MaxPool2d": 1, "pool_output_size": 3}
    assert (found.sources[0], len(found.sources)) == (FINE, 3)


def test_a_cell_that_ipython_breaks_down_over_stays_as_it_is(monkeypatch):
    def breaks(source):
        raise IndexError(source)

    monkeypatch.setattr(module, "without_magics", breaks)
    assert looked_at("%time x = 1").sources == ("%time x = 1",)


def test_a_cell_that_is_too_long_costs_that_cell_and_is_named():
    found = looked_at(FINE, "a\n" * (MAX_CELL // 2) + "a", "x = 1")
    assert found.sources == (FINE, "", "x = 1")
    assert f"cells of up to {MAX_CELL} characters are read: code cell 2." in " ".join(found.notes)
    assert looked_at("#" * MAX_CELL).sources == ("#" * MAX_CELL,)


def test_code_beyond_the_total_is_left_out_and_shorter_cells_after_it_are_not():
    whole, count = "#" * MAX_CELL, MAX_CODE // MAX_CELL
    found = looked_at(*[whole] * (count - 1), whole[:-5], whole, "x", "y = 22")
    assert [bool(source) for source in found.sources] == [True] * count + [False, True, False]
    assert f"{MAX_CODE} characters of code are read: code cell {count + 1}, {count + 3}." in " ".join(found.notes)


def test_cells_beyond_the_most_are_left_out_and_counted():
    found = looked_at(*["x = 1"] * (MAX_CELLS + 3))
    assert len(found.sources) == MAX_CELLS
    assert f"There are {MAX_CELLS + 3} code cells; the first {MAX_CELLS} were read." in found.notes


def test_many_cells_that_were_left_out_are_counted_and_the_first_named():
    found = looked_at(*["#" * (MAX_CELL + 1)] * 50)
    (line,) = [note for note in found.notes if note.startswith("Left out")]
    assert line.endswith("code cell 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 … (50).")


def test_a_cell_that_is_known_to_cost_too_much_is_left_out():
    found = looked_at(FINE, "x = 1", costly=[2])
    assert found.sources == (FINE, "")
    assert "took too much time or memory: code cell 2." in " ".join(found.notes)


def test_each_cell_is_announced_before_it_is_looked_into():
    begun = []
    parsed(of_cells("x = 1", "y = 2"), "a.ipynb", (), begun.append)
    assert begun == [1, 2, 0]
