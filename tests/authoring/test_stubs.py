"""A blank student's notebook runs from top to bottom, and none of its exercises is written yet.

nbval cannot check this, because it passes a cell tagged ``raises-exception`` that does not raise.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbclient
import nbformat
import pytest

from ncl_course.authoring.execute import is_check, kernel, records
from ncl_course.submission.lesson import MAP
from tests.patience import PATIENCE

ALL = sorted((Path(__file__).parents[2] / "notebooks").rglob("*.ipynb"))
NOTEBOOKS = [path for path in ALL if path.stem != MAP]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_check_of_a_blank_notebook_says_not_written_yet(path):
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:  # a short path, because the kernel's sockets are in it
        resources = {"metadata": {"path": folder}}
        nbclient.NotebookClient(notebook, timeout=PATIENCE, resources=resources, config=kernel(folder)).execute()
    checks = [cell for cell in notebook.cells if is_check(cell)]
    assert checks
    for cell in checks:
        assert [record["verdict"] for record in records(cell)] == ["missing"], cell.id
        assert [output.ename for output in cell.outputs if output.output_type == "error"] == ["CheckFailed"], cell.id
    others = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_check(cell)]
    assert not [cell.id for cell in others if any(output.output_type == "error" for output in cell.outputs)]


def test_there_are_notebooks_in_both_languages():
    assert {path.parent.name for path in NOTEBOOKS} == {"en", "ru"}
