"""Read Gradescope's export: names and numbers, groups, damage, and files that were made to harm."""

from __future__ import annotations

import contextlib

import pytest

from ncl_course.grading.handed_in import gradescope
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.gradescope import METADATA
from ncl_course.grading.handed_in.gradescope import export as read_export
from ncl_course.submission.errors import UnreadableNotebookError
from tests.grading.zips import notebook, write_zip

TWO = """\
submission_281000001:
  :submitters:
  - :name: Student One
    :sid: '1001'
submission_281000002:
  :submitters:
  - :name: Student Two
    :sid: '1002'
"""
LONG = """\
---
submission_1: &first
  :submitters:
  - :name: "Анна Петрова"
    :sid: 1001
    :email: anna@example.org
  :created_at: 2026-10-12 20:41:00.123456789 Z
  :score: 7.5
  :results:
    tests:
    - :name: not a student
      output: |
        :submitters:
        - :name: Mallory
    :submitters:
    - :name: Mallory
  :history:
  - :submitters:
    - :name: Mallory
submission_2:
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-10-12 20:41:00 Z
  :copy: *first
  :submitters:
  - :email: boris@example.org
    :name: Boris
    :sid: ''
  - :name: Clara
    :sid: "1003"
submission_3:
  :submitters: []
other:
  :submitters:
  - :name: Mallory
"""


def export(content, *folders):
    """Return the files of an export."""
    files = {f"submission_{number}/01_pooling.ipynb": notebook(f"# {number}") for number in folders}
    return files | {METADATA: content if isinstance(content, bytes) else content.encode()}


def unpacked(root, files):
    """Write the files into a folder."""
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_the_students_of_each_folder_are_read_and_nobody_elses_text():
    found = {
        folder: [(one.student, one.number) for one in owners]
        for folder, owners in read_export(LONG.encode())[0].items()
    }
    assert found == {
        "submission_1": [("Анна Петрова", "1001")],
        "submission_2": [("Boris", "boris@example.org"), ("Clara", "1003")],
    }


@pytest.mark.parametrize("how", ["itself", "outer", "zip", "renamed zip", "beside a note"])
def test_an_export_is_read_from_the_outer_folder_and_from_itself(tmp_path, how):
    files = export(TWO, 281000001, 281000002)
    inner = unpacked(tmp_path / "given" / "assignment_9_export", files)
    path = {"itself": inner, "outer": tmp_path / "given", "beside a note": tmp_path / "given"}.get(how)
    if how == "beside a note":
        (tmp_path / "given" / "grades.csv").write_text("x")
    if path is None:
        name = "assignment_9_export.zip" if how == "zip" else "assignment_9_export (1).zip"
        path = write_zip(tmp_path / name, {f"assignment_9_export/{name}": raw for name, raw in files.items()})
    found = [(one.student, one.id, one.doubt) for one in collect([path])]
    assert found == [("Student One", "1001", ""), ("Student Two", "1002", "")]


def test_a_groups_notebook_is_each_of_its_students(tmp_path):
    found = collect([unpacked(tmp_path / "x", export(LONG, 1, 2))])
    assert [(one.student, one.file) for one in found] == [
        ("Boris", "submission_2/01_pooling.ipynb"),
        ("Clara", "submission_2/01_pooling.ipynb"),
        ("Анна Петрова", "submission_1/01_pooling.ipynb"),
    ]


def test_namesakes_carry_their_numbers(tmp_path):
    content = TWO.replace("Student Two", "Student One")
    found = collect([unpacked(tmp_path / "x", export(content, 281000001, 281000002))])
    assert [one.student for one in found] == ["Student One (1001)", "Student One (1002)"]


def test_a_folder_that_the_export_does_not_name_is_said(tmp_path):
    found = {one.student: one.doubt for one in collect([unpacked(tmp_path / "x", export(LONG, 1, 3))])}
    assert found == {"Анна Петрова": "", "submission_3": f"{METADATA} does not say whose this folder is."}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"submission_1: [", "did not find expected node|expected the node content"),
        (b"\xff\xfe\x00\xd8", "."),
        (b"a: &x [*x\n", "."),
        (b"%YAML 9.9\n---\n\0", "."),
    ],
)
def test_metadata_that_cannot_be_read_is_said_and_costs_nobody(tmp_path, content, why):
    with pytest.raises(UnreadableNotebookError, match=why):
        read_export(content)
    found = collect([unpacked(tmp_path / "x", export(content, 1, 2))])
    assert [one.student for one in found] == ["submission_1", "submission_2"]
    assert all("cannot be read, so the folders' names are used as the students' names" in one.doubt for one in found)


def test_metadata_that_is_too_large_is_said(monkeypatch):
    monkeypatch.setattr(gradescope, "MAX_BYTES", 2**20)
    with pytest.raises(UnreadableNotebookError, match="it has 2 MB; up to 1 MB are read"):
        read_export(b" " * 2**21)


HARMFUL = {
    "aliases that grow": b"a0: &a0 [x]\n"
    + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 60)),
    "an alias of itself": b"submission_1: &s\n  :submitters: &t\n  - :name: Anna\n  - *t\n  - *s\n",
    "deep lists": b"[" * 30_000 + b"]" * 30_000,
    "deep mappings": b"{a: " * 20_000 + b"}" * 20_000,
    "an object": b"submission_1: !!python/object/apply:os.system ['touch harmed']\n",
    "keys that are lists": b"? [a, {b: c}]\n: x\nsubmission_1:\n  :submitters:\n  - :name: Anna\n",
    "not a mapping": b"- a\n- b\n",
    "nothing": b"",
    "long names": b"submission_1:\n  :submitters:\n  - :name: " + b"x" * 10**6 + b"\n",
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_that_was_made_to_harm_does_none(name, tmp_path, monkeypatch):
    """The file is not built into objects; one that grows would run into the time limit of all tests."""
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(UnreadableNotebookError) if name.startswith("deep") else contextlib.nullcontext():
        said = [one.student for owners in read_export(HARMFUL[name])[0].values() for one in owners]
        names = {"an alias of itself": ["Anna"], "keys that are lists": ["Anna"], "long names": ["x" * 200]}
        assert said == names.get(name, [])
    assert not list(tmp_path.iterdir())
