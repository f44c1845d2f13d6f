"""Lines that count as a part of a solution on its way to students, and lines that do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ncl_course.authoring.leaks import leaks, secrets
from ncl_course.authoring.variant import strip
from tests.authoring.double import LESSON, LONG_LINE, WINDOW, notebook


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons"
    folder.mkdir()
    (folder / "01_double.py").write_text(LESSON, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("docs/hint.md", WINDOW.encode()),
        ("a.py", ("if True:\n" + "\n\n".join("        " + line for line in WINDOW.splitlines())).encode()),
        ("a.py", f"x = 1  # {LONG_LINE}".encode()),
        ("a.ipynb", notebook("def double(x):\n" + "\n".join("    " + line for line in WINDOW.splitlines()))),
        ("a.ipynb", notebook(f"print('''{LONG_LINE}''')")),
        ("cell.json", json.dumps({"hint": LONG_LINE}).encode()),
    ],
)
def test_solutions_are_found_whatever_their_indentation_and_the_file_around_them(
    lessons: Path, name: str, content: bytes
) -> None:
    found = leaks({name: content, "fine.py": b"x = 1\n"}, lessons)

    assert found[0].startswith(f"{name} holds a solution's lines, 01_double (double): ")
    assert all(line.startswith(f"{name} ") for line in found)


@pytest.mark.parametrize(
    "content",
    [strip(LESSON), "\n".join(WINDOW.splitlines()[:2]), "first = x + 0\nif x:\n    second = first + x\n"],
    ids=["what students are given", "two short lines", "lines that do not follow one another"],
)
def test_given_code_and_a_line_or_two_are_no_leak(lessons: Path, content: str) -> None:
    assert leaks({"a.py": content.encode()}, lessons) == []


def test_a_long_line_that_students_are_given_elsewhere_is_no_secret(lessons: Path) -> None:
    (lessons / "02_given.py").write_text(f'# %% id="given"\ndef given(second, x):\n    {LONG_LINE}\n', encoding="utf-8")

    assert [secret.lines for secret in secrets(lessons)] == [tuple(WINDOW.splitlines())]
