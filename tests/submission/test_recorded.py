"""The verdicts in a saved notebook's outputs are read; edited or broken outputs are ignored."""

from __future__ import annotations

import json

import pytest

from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.recorded import checking_cell, defining_cell, last_verdicts, recorded_cells

MIME = "application/x-record+json"


def notebook(*cells):
    """Return a notebook's bytes, given pairs of a source and the records in its outputs."""
    nodes = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "source": source,
            "outputs": [{"output_type": "display_data", "data": {MIME: record}} for record in records],
        }
        for number, (source, *records) in enumerate(cells)
    ]
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "# Text"}, *nodes]}).encode()


def said(exercise, **parts):
    return {"exercise": exercise, "parts": [{"part": part, "verdict": verdict} for part, verdict in parts.items()]}


def test_the_last_check_of_a_part_counts():
    cells = recorded_cells(
        notebook(
            ("check(ReLU)", said("ReLU", forward="failed", backward="failed")),
            ('check(ReLU, "forward")', said("ReLU", forward="passed")),
        ),
        MIME,
    )
    assert last_verdicts(cells) == {("ReLU", "forward"): "passed", ("ReLU", "backward"): "failed"}
    assert [cell.id for cell in cells] == ["cell-0", "cell-1"]


@pytest.mark.parametrize(
    "record", [None, "passed", [], {}, {"exercise": "ReLU"}, said(7, forward="passed"), said("ReLU", forward=1)]
)
def test_an_invalid_record_is_ignored(record):
    assert last_verdicts(recorded_cells(notebook(("check(ReLU)", record)), MIME)) == {}


@pytest.mark.parametrize("outputs", [None, {}, "text", [None, 3, {"data": 5}, {"data": {"text/plain": "x"}}]])
def test_damaged_outputs_are_ignored(outputs):
    raw = json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1", "outputs": outputs}]})
    (cell,) = recorded_cells(raw.encode(), MIME)
    assert (cell.source, dict(cell.verdicts), cell.id) == ("x = 1", {}, "")


def test_a_part_is_written_in_the_last_definition_before_its_check():
    cells = recorded_cells(
        notebook(
            ("class A:\n    def forward(self): ...",),
            ('check(A, "forward")',),
            ("class A(A):\n    def backward(self): ...",),
            ("check(A, part='backward')",),
            ("A = A",),
        ),
        MIME,
    )
    assert defining_cell(cells, "A", "forward") == 0
    assert defining_cell(cells, "A", "backward") == 2
    assert defining_cell(cells, "A", "test_mode") == 4, "nothing checks it, so it is the last definition"
    assert defining_cell(cells, "B", "value") is None
    assert checking_cell(cells, "A", "backward") == 3


def test_a_definition_below_its_check_is_found_too():
    assert defining_cell(recorded_cells(notebook(("check(A)",), ("A = 1",)), MIME), "A", "value") == 1


def test_a_file_that_is_not_a_notebook_is_an_error():
    with pytest.raises(UnreadableNotebookError, match="merge conflict"):
        recorded_cells(b"{\n<<<<<<< mine\n>>>>>>> theirs", MIME)
