"""A notebook whose outputs are too large is read without them, and no other part of it is touched."""

from __future__ import annotations

import json
import time
import tracemalloc

import pytest

from ncl_course.submission import notebook as module
from ncl_course.submission import outputs
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_notebook
from ncl_course.submission.outputs import without_outputs

CODE = 'x = {"outputs": [1, "]"]}\nprint("\\\\", "[{")'


def tree(output):
    """Return a notebook whose code looks like outputs, and whose outputs look like code."""
    cells = [
        {"cell_type": "code", "source": CODE, "outputs": output, "metadata": {"outputs": [1]}},
        {"cell_type": "markdown", "source": ["outputs", ": ["], "metadata": {}},
        {"outputs": output, "cell_type": "code", "source": [CODE], "metadata": {}},
    ]
    return {"cells": cells, "metadata": {"outputs": ["kept"]}, "nbformat": 4, "nbformat_minor": 5}


PICTURE = [{"data": {"image/png": "iVBOR" * 1000, "text/plain": ['"outputs": [', "}}]]\\"]}, "outputs": [[]]}]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("output", [PICTURE, [], PICTURE * 3])
def test_only_the_outputs_of_cells_are_left_out(tmp_path, output, indent):
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(tree(output), indent=indent))
    with path.open("rb") as file:
        assert json.loads(without_outputs(file, 10_000)) == tree([])


def test_a_notebook_with_large_outputs_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 3_000)
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(tree(PICTURE)))
    assert read_notebook(path).sources == (CODE, CODE)


@pytest.mark.parametrize("content", ["x" * 9_000, json.dumps(tree(["x" * 9_000]))[:-3_000], "[" * 9_000, "]" * 9_000])
def test_what_is_large_and_no_notebook_is_refused_as_before(tmp_path, monkeypatch, content):
    monkeypatch.setattr(module, "MAX_BYTES", 3_000)
    path = tmp_path / "a.ipynb"
    path.write_text(content)
    with pytest.raises(UnreadableNotebookError, match=r"MB|no notebook|JSON"):
        read_notebook(path)


@pytest.mark.parametrize("unclosed", ['"', '\\"', '\\\\"', 'a"b\\', '"outputs":'])
def test_no_text_takes_more_time_than_its_length(tmp_path, unclosed):
    """A search that began anew at every quotation mark would take minutes."""
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells": [{"source": "' + unclosed * 500_000)
    start = time.process_time()
    with path.open("rb") as file:
        assert without_outputs(file, 10_000) is None
    assert time.process_time() - start < 20


def test_a_long_text_takes_no_memory(tmp_path):
    path = tmp_path / "a.ipynb"
    path.write_text('{"cells": [{"source": "' + "x" * 10_000_000)
    tracemalloc.start()
    with path.open("rb") as file:
        assert without_outputs(file, 10_000) is None
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100_000


def test_a_notebook_with_too_many_brackets_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 3_000)
    monkeypatch.setattr(outputs, "MAX_TOKENS", 100)
    path = tmp_path / "a.ipynb"
    path.write_text(json.dumps(tree([[[]]] * 1_000)))
    with pytest.raises(UnreadableNotebookError, match="MB"):
        read_notebook(path)
