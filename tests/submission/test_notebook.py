"""Notebooks are read as the files that they are, and refused in words that help."""

from __future__ import annotations

import json
import os

import pytest

from ncl_course.submission import notebook as module
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import notebook_of, read_notebook


def raw(cells=(), **more):
    """A notebook's bytes."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}).encode()


def code(source, **more):
    """A code cell."""
    return {"cell_type": "code", "source": source, "metadata": {}, **more}


def test_code_cells_are_read_in_order_and_prose_is_left_out():
    read = notebook_of(raw([code("a = 1"), {"cell_type": "markdown", "source": "# Title"}, code(["b = 2\n", "c = 3"])]))
    assert read.sources == ("a = 1", "b = 2\nc = 3")


def test_lesson_language_roles_and_tags_come_from_the_metadata():
    own = {"ncl_course": {"lesson": "01_pooling", "language": "ru"}}
    cell = code("x", metadata={"ncl_course": {"role": "picture"}, "tags": ["raises-exception", 3]})
    read = notebook_of(raw([cell], metadata=own))
    assert (read.lesson, read.language) == ("01_pooling", "ru")
    assert (read.cells[0].role, read.cells[0].tags) == ("picture", ("raises-exception",))


@pytest.mark.parametrize("metadata", [None, [], "x", {"ncl_course": []}, {"ncl_course": {"lesson": ["01_pooling"]}}])
def test_edited_metadata_is_no_trouble(metadata):
    read = notebook_of(raw([code("a = 1", metadata=metadata)], metadata=metadata))
    assert (read.sources, read.lesson) == (("a = 1",), "")


@pytest.mark.parametrize(
    "cell", [None, 3, "code", {}, {"cell_type": "code"}, code(None), code([1, None]), code({"a": 1})]
)
def test_a_broken_cell_does_not_take_the_others_with_it(cell):
    assert notebook_of(raw([cell, code("a = 1")])).sources[-1] == "a = 1"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_other_encodings_are_read_and_told(encoding):
    content = json.dumps({"nbformat": 4, "cells": [code("я = 1")]}, ensure_ascii=False)
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    read = notebook_of((mark + content).encode(encoding))
    assert read.sources == ("я = 1",)
    assert "was saved as UTF" in read.repaired[0]


def test_windows_line_ends_become_plain():
    assert notebook_of(raw([code("a = 1\r\nb = 2\rc = 3")])).sources == ("a = 1\nb = 2\nc = 3",)


BROKEN = [
    (b"", "empty"),
    (b" \n", "empty"),
    (b'{"cells": [', "breaks at 1:12"),
    (b"\xff\xfe\xff", "not UTF-8"),
    (b"\x80abc", "not UTF-8"),
    (b"[]", "no notebook"),
    (b'{"cells": 3, "nbformat": 4}', "no notebook"),
    (b'{"cells": [], "nbformat": 3}', "format 3"),
    (b'{"worksheets": [], "nbformat": 3}', "format 3"),
    (b'{"cells": []}', "format None"),
    (b"[" * 200_000, "no notebook"),
    (b'{"cells": [' + b"9" * 5000 + b'], "nbformat": 4}', "breaks at"),
    (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> x\n}', "merge conflict"),
]


@pytest.mark.parametrize(("content", "why"), BROKEN)
def test_what_is_no_notebook_is_refused_in_words_that_help(content, why):
    with pytest.raises(UnreadableNotebookError, match=why):
        notebook_of(content)


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real.ipynb").write_bytes(raw())
    (tmp_path / "link.ipynb").symlink_to("real.ipynb")
    with pytest.raises(UnreadableNotebookError, match="a link"):
        read_notebook(tmp_path / "link.ipynb")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(UnreadableNotebookError, match="no ordinary file"):
        read_notebook(tmp_path / "pipe.ipynb")


def test_a_folder_in_a_notebooks_place_is_refused(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    with pytest.raises(UnreadableNotebookError, match=r"no ordinary file|cannot be opened"):
        read_notebook(tmp_path / "folder.ipynb")


def test_an_absurdly_large_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 2**20)
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(3 * 2**20)
    with pytest.raises(UnreadableNotebookError, match="has 3 MB"):
        read_notebook(tmp_path / "large.ipynb")
