"""Jupyter's "Run All" reaches the end of a lesson whatever the student has written, and each check says what it lacks."""

from __future__ import annotations

import tempfile

import nbclient
import pytest

from ncl_course.authoring.execute import is_check, kernel
from ncl_course.authoring.notebook import assemble
from ncl_course.authoring.source import read
from tests.authoring.test_notebook import LESSONS_FOLDER
from tests.checking.kernel.running import printed, raised

SYNTAX = "class {name}(Layer):\n    def forward(self, x)\n        return x\n"
HALF = "class {name}(Layer):\n    def forward(self, x):\n        return x[:, self.\n"
FIRST = {"01_pooling": "maxpool2d-forward", "03_linear_softmax": "linear-forward"}


def run_all(lesson, changed):
    """Run a blank lesson in which some cells are changed, as "Run All" does, and return its cells by id."""
    notebook = assemble(read(LESSONS_FOLDER / f"{lesson}.py"), "en", key=False)
    for cell in notebook.cells:
        cell.source = changed.get(cell.id, cell.source)
    with tempfile.TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        nbclient.NotebookClient(notebook, timeout=300, resources=resources, config=kernel(folder)).execute()
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}
