"""The command that installs the course again is one that this Python can run."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ncl_course import installed
from ncl_course.installed import install_command

ROOT = Path(__file__).parents[1]


def test_an_environment_with_pip_is_told_pip(tmp_path: Path) -> None:
    (tmp_path / "constraints.txt").write_text("")

    words = shlex.split(install_command(tmp_path).line)
    assert words == [sys.executable, "-m", "pip", "install", "-c", "constraints.txt", "-e", ".[lab]"]
    assert subprocess.run([*words[:3], "--version"], capture_output=True, check=False).returncode == 0


def test_an_environment_without_pip_as_uv_makes_them_is_told_uv(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path], check=True)
    (python,) = [*tmp_path.glob("bin/python"), *tmp_path.glob("Scripts/python.exe")]
    ask = "from ncl_course.installed import installer; print(installer())"
    said = subprocess.run([python, "-c", ask], cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout

    assert said == f'uv pip install --python "{python}"\n'


def test_the_command_without_pip_has_the_rest_of_the_one_with_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "address", lambda: "https://example.org/course.zip")
    rest = "ncl-course[lab] @ https://example.org/course.zip"

    assert shlex.split(install_command(tmp_path).line) == [sys.executable, "-m", "pip", "install", rest]
    monkeypatch.setattr(installed, "find_spec", lambda name: None)
    assert shlex.split(install_command(tmp_path).line) == ["uv", "pip", "install", "--python", sys.executable, rest]
