"""Run a key from top to bottom and check that every check in it passes."""

from __future__ import annotations

import copy
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbclient
from nbformat import NotebookNode
from traitlets.config import Config

from ncl_course.checking.display import RESULT_MIME
from ncl_course.errors import LessonError
from ncl_course.still import WIDGET_VIEW

NAME = re.compile(r" ncl-[0-9a-f]{32}(?=\">)")
TIMEOUT = 300
"""The time limit of one cell, in seconds."""


def execute(notebook: NotebookNode, beside: Iterable[Path] = ()) -> NotebookNode:
    """Run the notebook in a new kernel and in a folder of its own; its outputs are stored in it.

    Args:
        beside: notebooks that are copied into that folder, where lesson 06 looks for its layers.

    Raises:
        LessonError: if a cell fails without a tag that allows it.
    """
    metadata = copy.deepcopy(notebook.metadata)
    with tempfile.TemporaryDirectory() as folder:
        for path in beside:
            shutil.copy(path, folder)
        client = nbclient.NotebookClient(
            notebook,
            timeout=TIMEOUT,
            record_timing=False,
            store_widget_state=False,
            resources={"metadata": {"path": folder}},
            config=kernel(folder),
        )
        try:
            client.execute()
        except nbclient.exceptions.CellExecutionError as error:
            raise LessonError(f"{notebook.metadata.ncl_course.lesson}: a cell of the key fails\n{error}") from error
    notebook.metadata = metadata  # the kernel has written its Python version into it
    leave_static_pictures(notebook)
    return notebook


def leave_static_pictures(notebook: NotebookNode) -> None:
    """Remove the widgets, which ended with the kernel, and leave the still after each, without a name of its own."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            data.pop(WIDGET_VIEW, None)
            if "text/html" in data:
                data["text/html"] = NAME.sub("", data["text/html"])
        if "outputs" in cell:
            cell.outputs = [output for output in cell.outputs if output.get("data") != {}]


def kernel(folder: str) -> Config:
    """Let a kernel use sockets in a folder of ours, since TCP ports can collide when kernels start at the same time."""
    if os.name == "nt":  # Windows has no such sockets
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def unproven(notebook: NotebookNode) -> list[str]:
    """Return the problems of an executed key: cells with an error, and checks whose stored result is not a pass."""
    problems = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if any(output.output_type == "error" for output in cell.outputs):
            problems.append(f"{cell.id}: the key's cell ends in an error")
        if is_check(cell) and [record["verdict"] for record in records(cell)] != ["passed"]:
            problems.append(f"{cell.id}: the key does not pass this check")
    return problems


def is_check(cell: NotebookNode) -> bool:
    """Return whether a cell is one of the locked test cells."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def records(cell: NotebookNode) -> list[dict[str, Any]]:
    """Return the check results in a cell's outputs."""
    return [output.data[RESULT_MIME] for output in cell.outputs if RESULT_MIME in output.get("data", {})]
