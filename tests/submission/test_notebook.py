"""Notebooks are read from files of any origin, and other files are refused with a helpful message."""

from __future__ import annotations

import base64
import json
import os

import pytest

from ncl_course.submission import notebook as module
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import notebook_of, read_notebook


def raw(cells=(), **more):
    """Return a notebook's bytes."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells), **more}).encode()


def code(source, **more):
    """Return a code cell."""
    return {"cell_type": "code", "source": source, "metadata": {}, **more}


def test_code_cells_are_read_in_order_without_the_prose():
    read = notebook_of(raw([code("a = 1"), {"cell_type": "markdown", "source": "# Title"}, code(["b = 2\n", "c = 3"])]))
    assert read.sources == ("a = 1", "b = 2\nc = 3")


def test_lesson_language_roles_and_tags_come_from_the_metadata():
    own = {"ncl_course": {"lesson": "01_pooling", "language": "ru"}}
    cell = code("x", metadata={"ncl_course": {"role": "picture"}, "tags": ["raises-exception", 3]})
    read = notebook_of(raw([cell], metadata=own))
    assert (read.lesson, read.language) == ("01_pooling", "ru")
    assert (read.cells[0].role, read.cells[0].tags) == ("picture", ("raises-exception",))


@pytest.mark.parametrize("metadata", [None, [], "x", {"ncl_course": []}, {"ncl_course": {"lesson": ["01_pooling"]}}])
def test_edited_metadata_raises_no_error(metadata):
    read = notebook_of(raw([code("a = 1", metadata=metadata)], metadata=metadata))
    assert (read.sources, read.lesson) == (("a = 1",), "")


@pytest.mark.parametrize(
    "cell", [None, 3, "code", {}, {"cell_type": "code"}, code(None), code([1, None]), code({"a": 1})]
)
def test_a_broken_cell_does_not_affect_the_others(cell):
    read = notebook_of(raw([cell, code("a = 1")]))
    assert read.sources[-1] == "a = 1"
    assert any("Damaged entries" in line for line in read.repaired) == (not isinstance(cell, dict))


ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16-LE",
    "utf-16-be": "UTF-16-BE",
    "utf-32": "UTF-32",
    "cp1251": "Windows-1251",
}


@pytest.mark.parametrize(("encoding", "name"), ENCODINGS.items())
def test_other_encodings_are_read_and_reported(encoding, name):
    content = json.dumps({"nbformat": 4, "cells": [code("я = 1")]}, ensure_ascii=False)
    read = notebook_of(content.encode(encoding))
    assert read.sources == ("я = 1",)
    assert read.repaired == (f"The file was saved as {name}; it was read anyway.",)


def test_a_notebook_as_jupyter_saves_it_needs_no_repair():
    assert notebook_of(raw([code("a = 1\n", id="a"), code(["b = 2\n", "c = 3"], id="b")])).repaired == ()


@pytest.mark.parametrize("end", [b"}", b",}", b"}}"])
def test_a_huge_number_costs_nothing(end):
    number = b"9" * 5_000
    cell = b'{"cell_type": "code", "execution_count": ' + number + b', "source": "a = 1", "metadata": {}}'
    content = b'{"nbformat": 4, "nbformat_minor": ' + number + b', "metadata": {}, "cells": [' + cell + b"]" + end
    assert notebook_of(content).sources == ("a = 1",)


def test_windows_line_endings_are_converted_and_reported():
    read = notebook_of(raw([code("a = 1\r\nb = 2\rc = 3")]))
    assert read.sources == ("a = 1\nb = 2\nc = 3",)
    assert read.repaired == ("Windows line ends were replaced.",)


def test_lines_without_line_endings_stay_separate_lines():
    read = notebook_of(raw([code(["a = 1", "b = 2"]), code(["c = 3", "d = 4"])]))
    assert read.sources == ("a = 1\nb = 2\n", "c = 3\nd = 4\n")
    assert len(read.repaired) == 1


@pytest.mark.parametrize("number", [2, 3])
def test_cells_of_older_formats_are_read(number):
    cells = [
        {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"},
        {"cell_type": "heading", "source": "T"},
    ]
    sheets = {"worksheets": [{"cells": cells}, {"cells": [{"cell_type": "code", "input": "c = 3"}]}, None]}
    read = notebook_of(json.dumps({"nbformat": number, "metadata": {"name": ""}, **sheets}).encode())
    assert read.sources == ("a = 1\nb = 2", "c = 3")
    assert read.repaired == (f"The notebook is in format {number}; it was read as format 4.",)


@pytest.mark.parametrize("number", [None, 5, "4", [4]])
def test_a_missing_or_unknown_format_number_is_reported(number):
    read = notebook_of(raw([code("a = 1")], nbformat=number))
    assert read.sources == ("a = 1",)
    assert "it was read as format 4" in read.repaired[0]


def test_ids_that_occur_twice_are_reported_and_all_cells_are_read():
    read = notebook_of(raw([code("a = 1", id="x"), code("b = 2", id="x"), code("c = 3", id="y")]))
    assert read.sources == ("a = 1", "b = 2", "c = 3")
    assert read.repaired == ("Several cells have the same id (x); their order tells them apart.",)


def test_zero_bytes_after_a_broken_download_are_removed():
    read = notebook_of(raw([code("a = 1")]) + b"\0" * 500)
    assert read.sources == ("a = 1",)
    assert "empty bytes" in read.repaired[0]


def test_the_sources_of_other_cells_are_kept_separately():
    read = notebook_of(
        raw([{"cell_type": "markdown", "source": "text"}, {"cell_type": "raw", "source": "raw"}, code("a")])
    )
    assert (read.sources, read.prose) == (("a",), ("text", "raw"))


RIGHT = raw([code("a = 1\nb = 2")]).decode()
INDENTED = json.dumps(json.loads(RIGHT), indent=1)
TWO_VERSIONS = '<<<<<<< HEAD\n   "{key}": {ours},\n=======\n   "{key}": {theirs},\n>>>>>>> origin/main\n   "source"'


def merged(key, ours, theirs):
    """Return a notebook as git leaves it where two versions differ in a line above the source."""
    return INDENTED.replace('   "source"', TWO_VERSIONS.format(key=key, ours=ours, theirs=theirs))


REPAIRS = {
    "a file of Jupyter's server": (
        {"name": "a.ipynb", "type": "notebook", "content": json.loads(RIGHT)},
        "another JSON",
    ),
    "the same as text": ({"type": "file", "format": "text", "content": RIGHT}, "another JSON"),
    "a file of GitHub's server": (
        {"encoding": "base64", "content": base64.encodebytes(RIGHT.encode()).decode()},
        "another JSON",
    ),
    "one under a key": ({"ipynb": json.loads(RIGHT)}, "another JSON"),
    "one in a list": ([json.loads(RIGHT)], "another JSON"),
    "encoded twice": (RIGHT, "another JSON"),
    "a spare comma": (INDENTED[:-2] + ",\n}", "A comma too many"),
    "a spare comma and unescaped lines": (INDENTED[:-2].replace("\\n", "\n") + ",\n}", "A comma too many"),
    "unescaped lines": (INDENTED.replace("\\n", "\n"), "unescaped"),
    "the end of an older version": (INDENTED + '\n "nbformat_minor": 5\n}\n', "Behind the notebook's end"),
    "written twice": (RIGHT + RIGHT, "Behind the notebook's end"),
    "a merge of counts": (merged("execution_count", "3", "null"), "both versions have the same cells"),
    "a merge of outputs": (merged("outputs", "[]", '[\n {"text": "b"}\n]'), "both versions have the same cells"),
    "a merge with its ancestor": (
        merged("execution_count", "3", "null").replace("=======", '||||||| 1f\n   "execution_count": 1,\n======='),
        "both versions have the same cells",
    ),
}


@pytest.mark.parametrize(("content", "said"), REPAIRS.values(), ids=REPAIRS)
def test_what_a_server_a_merge_or_a_save_has_done_to_the_json_is_undone(content, said):
    whole = isinstance(content, str) and content.startswith("{") and content != RIGHT
    read = notebook_of((content if whole else json.dumps(content)).encode())
    assert read.sources == ("a = 1\nb = 2",)
    assert said in read.repaired[0]


def test_a_comma_inside_a_text_stays():
    source = "a = (1,\n)\nb = [2, ]  # , }"
    read = notebook_of(raw([code(source)])[:-1] + b",}")
    assert read.sources == (source,)


def test_two_versions_of_code_are_a_person_s_to_decide():
    line = next(line for line in INDENTED.splitlines() if '"source"' in line)
    theirs = line.replace("a = 1", "a = 2")
    content = INDENTED.replace(line, f"<<<<<<< HEAD\n{line}\n=======\n{theirs}\n>>>>>>> b")
    with pytest.raises(UnreadableNotebookError, match="merge conflict"):
        notebook_of(content.encode())


def test_a_second_byte_order_mark_is_passed_over():
    assert notebook_of("\ufeff\ufeff".encode() + RIGHT.encode()).sources == ("a = 1\nb = 2",)


@pytest.mark.parametrize("kind", ["Code", None])
def test_a_cell_whose_kind_is_damaged_is_code_if_it_has_outputs(kind):
    read = notebook_of(raw([code("a = 1", cell_type=kind, outputs=[])]))
    assert (read.sources, read.prose) == (("a = 1",), ())


BROKEN = [
    (b"https://colab.research.google.com/drive/1abc\n", "only the address of a notebook"),
    (b"[InternetShortcut]\r\nURL=https://colab.research.google.com/\r\n", "only the address of a notebook"),
    (b'{"": "WARNING! DO NOT EDIT THIS FILE!", "doc_id": "1a", "email": "a@b"}', "only the address of a notebook"),
    (b'[{"cells": []}, {"cells": []}]', "not a notebook"),
    (b'[1, {"cells": []}]', "not a notebook"),
    (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested far too deeply"),
    (b'{"cells": [' + b"9" * 5_000, "breaks at 1:5012"),
    (b'{"a": 1} {"cells": []}', "breaks at 1:10"),
    (b'"' * 100_000, "ordinary text"),
    (b'{"\\' + b'"\\' * 100_000, "breaks at"),
    (b"", "empty"),
    (b" \n", "empty"),
    (b'{"cells": [', "breaks at 1:12"),
    (b"\xff\xfe\xff", "not UTF-8"),
    (b"\x80abc", "not UTF-8"),
    (b"[]", "not a notebook"),
    (b'{"cells": 3, "nbformat": 4}', "not a notebook"),
    (b'{"nbformat": 3}', "not a notebook"),
    (b'{"worksheets": 3, "nbformat": 3}', "not a notebook"),
    (b"<!DOCTYPE html><html></html>", "web page"),
    (b"PK\x03\x04 and so on", "zip file that was renamed"),
    (b"%PDF-1.7\n%\xe2\xe3", "a PDF, not a notebook"),
    (b"\x89PNG\r\n\x1a\n", "a picture, not a notebook"),
    (b"\xff\xd8\xff\xe0 JFIF", "a picture, not a notebook"),
    (b"Rar!\x1a\x07\x00", "an archive, not a notebook"),
    (b"\x1f\x8b\x08 gzip", "an archive, not a notebook"),
    (b"{\\rtf1\\ansi", "a text document, not a notebook"),
    (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n", "pointer that Git LFS keeps"),
    (b"# %%\nimport numpy as np\n", "perhaps the notebook was exported as .py"),
    ("---\njupyter:\n---\n# Пулинг\n".encode(), "perhaps the notebook was exported as .py"),
    (b"404: Not Found", "an ordinary text"),
    ("не блокнот".encode("cp1251"), "not UTF-8"),
    (b"\0" * 100, "empty"),
    (b"[" * 200_000, "not a notebook"),
    (b'{\n<<<<<<< HEAD\n"cells": []\n=======\n>>>>>>> x\n}', "merge conflict"),
]


@pytest.mark.parametrize(("content", "why"), BROKEN)
def test_a_file_that_is_not_a_notebook_is_refused_with_a_helpful_message(content, why):
    with pytest.raises(UnreadableNotebookError, match=why):
        notebook_of(content)


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real.ipynb").write_bytes(raw())
    (tmp_path / "link.ipynb").symlink_to("real.ipynb")
    with pytest.raises(UnreadableNotebookError, match="a link"):
        read_notebook(tmp_path / "link.ipynb")


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")
    with pytest.raises(UnreadableNotebookError, match="not an ordinary file"):
        read_notebook(tmp_path / "pipe.ipynb")


def test_a_folder_instead_of_a_notebook_is_refused(tmp_path):
    (tmp_path / "folder.ipynb").mkdir()
    with pytest.raises(UnreadableNotebookError, match=r"This is a folder\. Name the notebooks|cannot be opened"):
        read_notebook(tmp_path / "folder.ipynb")


def test_an_absurdly_large_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 2**20)
    with (tmp_path / "large.ipynb").open("wb") as file:
        file.truncate(3 * 2**20)
    with pytest.raises(UnreadableNotebookError, match="has 3 MB"):
        read_notebook(tmp_path / "large.ipynb")
