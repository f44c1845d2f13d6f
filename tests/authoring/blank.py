"""A blank student's notebook runs from top to bottom, and none of its exercises is written yet.

nbval cannot check this, because it passes a cell tagged ``raises-exception`` that does not raise. The browser tests run
the same notebooks and compare them with ``as_handed_out``, so `make test` runs this file only if there is no browser.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import nbclient
import nbformat
import pytest

from ncl_course.authoring.execute import is_check, kernel, records
from tests.patience import PATIENCE

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").rglob("*.ipynb"))


class Shown(NamedTuple):
    """The end of a cell: the verdicts of its checks, and the names of its errors."""

    verdicts: list[str]
    errors: list[str]


def as_handed_out(path: Path) -> Mapping[str, Shown]:
    """Return what each code cell of a blank notebook has to show when it has run, by the cell's id."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return {cell.id: Shown(["missing"], ["CheckFailed"]) if is_check(cell) else Shown([], []) for cell in cells}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_check_of_a_blank_notebook_says_not_written_yet(path):
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # a short path, because the kernel's sockets are in it
        resources = {"metadata": {"path": folder}}
        nbclient.NotebookClient(notebook, timeout=PATIENCE, resources=resources, config=kernel(folder)).execute()
    shown = {
        cell.id: Shown(
            [record["verdict"] for record in records(cell)],
            [output.ename for output in cell.outputs if output.output_type == "error"],
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    assert shown == as_handed_out(path)
