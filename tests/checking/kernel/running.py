"""Write a notebook from the sources of its cells, and run it in a real kernel."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import nbclient
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from ncl_course.authoring.execute import kernel
from tests.patience import PATIENCE


def notebook_of(*sources, lesson=""):
    """Return a notebook with those code cells, for a lesson of the course or for none."""
    made = new_notebook(cells=[new_code_cell(source) for source in sources])
    if lesson:
        made.metadata["ncl_course"] = {"lesson": lesson, "language": "en"}
    return made


def run(*sources: str, beside: Mapping[str, Sequence[str]] = {}):
    """Run the cells in a new kernel, beside other notebooks, and return them; an error does not stop them.

    Args:
        sources: the sources of the cells.
        beside: the sources of the cells of other notebooks, by the names of their lessons.
    """
    notebook = notebook_of(*sources)
    with tempfile.TemporaryDirectory() as folder:  # a short path, because the kernel's sockets are in it
        for lesson, cells in beside.items():
            nbformat.write(notebook_of(*cells, lesson=lesson), Path(folder) / f"{lesson}.ipynb")
        resources = {"metadata": {"path": folder}}
        client = nbclient.NotebookClient(
            notebook, timeout=PATIENCE, allow_errors=True, resources=resources, config=kernel(folder)
        )
        client.execute()
    return notebook.cells


def printed(cell) -> str:
    """Return what a cell printed, together with the texts of what it displayed."""
    texts = [
        output.text if output.output_type == "stream" else output.data.get("text/plain", "")
        for output in cell.outputs
        if output.output_type != "error"
    ]
    return "".join(texts)


def raised(cell) -> list[str]:
    """Return the names of the exceptions that a cell ended with; there is at most one."""
    return [output.ename for output in cell.outputs if output.output_type == "error"]
