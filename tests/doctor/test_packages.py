"""Python, the packages and torch: every red line, and the green ones."""

from __future__ import annotations

import importlib.metadata
import sys
import tomllib
from pathlib import Path

import pytest

from ncl_course.doctor import packages
from tests.doctor.red import TORCH, Answers, red

ROOT = Path(__file__).parents[2]


def test_an_old_python_is_red_with_the_command_that_uses_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 14, "final", 0))

    red(packages.python(), "the course needs 3.11 or newer", "PYTHON=python3.11 make lab")


def test_the_oldest_python_is_the_one_in_pyproject() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["requires-python"] == ">=" + ".".join(map(str, packages.OLDEST))


def test_packages_that_are_missing_or_too_old_are_named_with_the_command(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ["numpy>=99", "no-such-package>=1", 'pytest>=99; extra == "test"', "rich>=13"]
    monkeypatch.setattr(packages, "requires", lambda name: lines)
    found = packages.packages()

    red(
        found,
        "numpy is ",
        f'In the course\'s folder {course} run: "{sys.executable}" -m pip install -c constraints.txt -e ".[lab]"',
    )
    assert "the course asks for >=99; no-such-package is missing." in found.said
    assert "pytest" not in found.said


def test_a_course_that_is_not_installed_is_red(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(name: str) -> list[str]:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(packages, "requires", unknown)

    red(packages.packages(), "it is not installed in any Python", 'pip install -c constraints.txt -e ".[lab]"')


EXTRAS = [
    "numpy>=1",
    'jupytext>=1; extra == "authoring"',
    'no-such-package>=1; extra == "similar"',
    'no-such-cluster>=1; extra == "cluster"',
    'ncl-course[authoring,similar]; extra == "instructor"',
    'rich>=13; extra == "instructor"',
]


def test_the_instructors_packages_are_those_of_the_extra_and_of_the_extras_in_it(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packages, "requires", lambda name: EXTRAS)
    found = packages.instructor()

    red(found, "no-such-package is missing.", '-m pip install -c constraints.txt -e ".[instructor]"')
    assert "cluster" not in found.said
    monkeypatch.setattr(packages, "requires", lambda name: [line for line in EXTRAS if "no-such" not in line])
    assert packages.instructor().said.endswith("are here: rich, jupytext.")


def test_an_installation_without_the_extra_is_red(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "requires", lambda name: EXTRAS[:4])

    red(packages.instructor(), "does not know the extra", '-e ".[instructor]"')


def test_in_conda_the_fix_is_a_conda_command(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "prefix", str(course))
    monkeypatch.setattr(packages, "requires", lambda name: ["no-such-package"])

    red(packages.packages(), "no-such-package is missing", "conda env update -f environment.yml")


def test_a_torch_that_does_not_load_is_red_with_its_error_message(course: Path, answers: Answers) -> None:
    answers("OSError: libtorch_cpu.so: cannot open shared object file")

    red(packages.torch(), "does not load: OSError: libtorch_cpu.so", "pip install -c constraints.txt")


def test_another_torch_than_the_pinned_one_is_red(course: Path, answers: Answers) -> None:
    answers(TORCH | {"version": "2.2.0+cpu"})

    red(packages.torch(), "2.2.0+cpu is here; the checks were tested with 2.13.0", "pip install -c constraints.txt")


@pytest.mark.parametrize(
    ("build", "said"),
    [
        ({"version": "2.13.0+cpu"}, "2.13.0+cpu, the build for the CPU"),
        ({"cuda": "12.8"}, "2.13.0, built for CUDA 12.8"),
    ],
)
def test_the_pinned_torch_is_green_and_its_build_is_named(
    course: Path, answers: Answers, build: dict[str, str], said: str
) -> None:
    answers(TORCH | build)
    found = packages.torch()

    assert found.ok
    assert found.said.startswith(said)


def test_conda_chooses_torch_itself(course: Path, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    (course / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "prefix", str(course))
    answers(TORCH | {"version": "2.12.1"})

    assert packages.torch().ok
