"""The disk, the threads and the grader's sandbox: every red line."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from ncl_course.doctor import apart, machine, walls
from ncl_course.doctor.scripts import load_torch
from ncl_course.grading.walls import usable
from ncl_course.language import language
from tests.doctor.red import TORCH, Answers, red


def test_a_full_disk_is_red_and_names_the_folder(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    free = {course: 5 * 10**8, course.parent: 10**12}
    monkeypatch.setenv("NCL_DATA", str(course.parent / "images" / "that" / "are" / "not" / "there"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, free[path]))

    red(machine.disk(), f"Only 0.5 GB are free in {course / 'work' / 'en'}.", "the course needs about 1 GB there")
    language("ru")
    assert "свободно всего 0,5 ГБ" in machine.disk().said


def test_a_full_disk_for_images_is_red_too(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    free = {course: 10**12, course.parent: 0}
    monkeypatch.setenv("NCL_DATA", str(course.parent / "images"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(0, 0, free[path]))

    red(machine.disk(), f"Only 0.0 GB are free in {course.parent / 'images'}.", "NCL_DATA")


@pytest.fixture
def places(course: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Return the folders that are written: for notebooks, for JupyterLab and for images."""
    found = {
        "notebooks": course / "work" / "en",
        "home": course / "home" / "runtime",
        "images": course / "images" / "data",
    }
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(found["home"]))
    monkeypatch.setenv("NCL_DATA", str(found["images"]))
    return found


def test_folders_that_can_be_written_are_well_and_nothing_is_left_in_them(
    places: dict[str, Path], course: Path
) -> None:
    before = sorted(course.rglob("*"))

    assert machine.writing().ok
    assert sorted(course.rglob("*")) == before


@pytest.mark.parametrize("name", ["notebooks", "home", "images"])
def test_a_folder_that_cannot_be_written_is_red_and_named_with_the_reason(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    places[name].mkdir(parents=True)
    temporary = tempfile.TemporaryFile

    def refuse(dir: Path) -> IO[bytes]:
        if Path(dir) == places[name]:
            raise PermissionError(13, "Permission denied", str(dir))
        return temporary(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    red(
        machine.writing(),
        f"cannot be written: {places[name]} (Permission denied).",
        "name another folder: for your notebooks in NCL_HOME",
    )


def test_several_folders_that_cannot_be_written_are_all_named(places: dict[str, Path]) -> None:
    for name in ("home", "images"):
        places[name].parent.write_text("a file where a folder should be")

    red(machine.writing(), f"{places['home']} (Not a directory); {places['images']} (Not a directory)", "NCL_DATA")


def test_the_blank_notebooks_are_counted_and_the_desk_is_named(places: dict[str, Path]) -> None:
    found = machine.notebooks()

    assert found.ok
    assert "1 in English, 1 in Russian" in found.said
    assert str(places["notebooks"]) in found.said


def test_a_course_without_notebooks_is_red(course: Path) -> None:
    for lang in ("en", "ru"):
        (course / "notebooks" / lang / "01_pooling.ipynb").unlink()

    red(machine.notebooks(), f"no blank notebooks in {course / 'notebooks'}", "pip install -c constraints.txt -e")


@pytest.mark.parametrize("name", ["torch_threads", "blas_threads"])
def test_more_threads_than_processors_are_red_with_the_number_that_helps(answers: Answers, name: str) -> None:
    answers(TORCH | {name: 64})

    red(machine.threads(), "64", "Set OMP_NUM_THREADS=2 and OPENBLAS_NUM_THREADS=2")


def test_a_torch_that_does_not_load_makes_the_threads_unknown(answers: Answers) -> None:
    answers("it is broken")

    red(machine.threads(), "torch does not load: it is broken", "pip install")


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux tells a process where it may run")
def test_a_limit_to_some_processors_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.sched_getaffinity(0)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)  # torch asks it first
    apart.answer.cache_clear()
    os.sched_setaffinity(0, {min(before)})
    try:
        red(machine.threads(), "only 1 processors are available", "OMP_NUM_THREADS=1")
    finally:
        os.sched_setaffinity(0, before)
        apart.answer.cache_clear()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, None),
        ({"cpu.max": "max 100000\n"}, None),
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "100000000 100000\n"}, None),
        ({"cpu/cpu.cfs_quota_us": "100000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
    ],
)
def test_the_quota_of_a_container_is_respected(tmp_path: Path, files: dict[str, str], expected: int | None) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="ascii")
    without = load_torch.processors(tmp_path / "no such folder")

    assert load_torch.processors(tmp_path) == (without if expected is None else expected)


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
