"""The disk, the threads and the grader's sandbox: every red line."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from ncl_course.doctor import apart, machine, walls
from ncl_course.grading.walls import usable
from tests.doctor.red import TORCH, Answers, red


def test_a_full_disk_is_red_and_names_the_folder(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    free = {course: 5 * 10**8, course.parent: 10**12}
    monkeypatch.setenv("NCL_DATA", str(course.parent / "images" / "that" / "are" / "not" / "there"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, free[path]))

    red(machine.disk(), f"Only 0.5 GB are free in {course}.", "the course needs about 1 GB there")


def test_a_full_disk_for_images_is_red_too(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    free = {course: 10**12, course.parent: 0}
    monkeypatch.setenv("NCL_DATA", str(course.parent / "images"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, free[path]))

    red(machine.disk(), f"Only 0.0 GB are free in {course.parent / 'images'}.", "NCL_DATA")


@pytest.mark.parametrize("name", ["torch_threads", "blas_threads"])
def test_more_threads_than_processors_are_red_with_the_number_that_helps(answers: Answers, name: str) -> None:
    answers(TORCH | {name: 64})

    red(machine.threads(), "64", "Set OMP_NUM_THREADS=2 and OPENBLAS_NUM_THREADS=2")


def test_a_torch_that_does_not_load_makes_the_threads_unknown(answers: Answers) -> None:
    answers("it is broken")

    red(machine.threads(), "torch does not load: it is broken", "pip install")


def test_the_processor_limit_of_a_container_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    apart.answer.cache_clear()

    red(machine.threads(), "only 1 processors are available", "OMP_NUM_THREADS=1")
    apart.answer.cache_clear()


def test_without_bubblewrap_the_line_is_red_with_the_graders_own_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    red(walls.bubblewrap(usable.usable)(), "does not work here: there is no bwrap", "apt install bubblewrap")


def test_the_working_sandbox_is_named() -> None:
    for taken, said in (
        ("bwrap", "bubblewrap isolates"),
        ("user", "Bubblewrap cannot run here, but --sandbox user isolates"),
    ):
        tried = SimpleNamespace(ok=True, taken=taken, why="", fix="")
        assert walls.bubblewrap(lambda tried=tried: tried)().said.startswith(said)
