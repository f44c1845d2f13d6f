"""The course map: the standing of each part in a student's folder, and how the map shows it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

import ncl_course
from ncl_course import cli
from ncl_course.checking import notebook as checking_notebook
from ncl_course.checking.course_map import Standing, next_part, standing_of, standings
from ncl_course.checking.display import RESULT_MIME
from ncl_course.checking.map_view import map_html, map_plain
from ncl_course.checking.stations import ALL_TOGETHER, WAY, parts_at
from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.language import language

ROOT = Path(__file__).parents[2]
POOLING = "01_pooling.ipynb"
BACKWARD = "class MaxPool2d(MaxPool2d):\n    def backward(self, grad_out):\n        return grad_out\n"


def notebook(source: str, name: str = POOLING):
    return nbformat.read(ROOT / source / "en" / name, as_version=4)


def cell(notebook, name: str):
    (found,) = (one for one in notebook.cells if one.id == name)
    return found


def stands(folder: Path, exercise: str, part: str) -> Standing:
    (found,) = (p.standing for one in standings(folder) for p in one.parts if (p.exercise, p.part) == (exercise, part))
    return found


def verdict(check, said: str) -> None:
    """Write that verdict into a check's stored output."""
    for output in check.outputs:
        record = output.get("data", {}).get(RESULT_MIME)
        for part in record["parts"] if record else ():
            part["verdict"] = said


def test_the_keys_are_done_and_notebooks_as_handed_out_are_open():
    assert all(
        one.done == len(one.parts) and one.score == one.max_score > 0 for one in standings(ROOT / "solutions/en")
    )
    blank = standings(ROOT / "notebooks/ru")
    assert [one.lesson for one in blank] == [*LESSONS]
    assert {part.standing for one in blank for part in one.parts} == {Standing.OPEN}
    assert next_part(standings(ROOT / "solutions/en")) is None


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ("passed", Standing.DONE),
        ("failed", Standing.FAILING),
        ("error", Standing.FAILING),
        ("missing", Standing.WRITTEN),
    ],
)
def test_a_part_has_the_standing_of_its_latest_check(tmp_path, said, standing):
    key = notebook("solutions")
    verdict(cell(key, "check-maxpool2d-backward"), said)
    nbformat.write(key, tmp_path / POOLING)
    assert stands(tmp_path, "MaxPool2d", "backward") is standing
    assert stands(tmp_path, "MaxPool2d", "forward") is Standing.DONE


def test_a_part_that_is_written_but_not_checked_differs_from_an_open_one(tmp_path):
    blank = notebook("notebooks")
    cell(blank, "maxpool2d-backward").source = BACKWARD
    nbformat.write(blank, tmp_path / POOLING)
    assert stands(tmp_path, "MaxPool2d", "backward") is Standing.WRITTEN
    assert stands(tmp_path, "MaxPool2d", "forward") is Standing.OPEN


def test_a_cell_that_is_blank_again_is_open_whatever_its_earlier_verdict(tmp_path):
    key = notebook("solutions")
    cell(key, "maxpool2d-backward").source = cell(notebook("notebooks"), "maxpool2d-backward").source
    nbformat.write(key, tmp_path / POOLING)
    assert stands(tmp_path, "MaxPool2d", "backward") is Standing.OPEN
    assert stands(tmp_path, "MaxPool2d", "forward") is Standing.DONE


def test_a_stub_of_another_part_in_the_same_cell_does_not_undo_a_pass():
    assert standing_of("passed", stub=True, alone=False) is Standing.DONE
    assert standing_of("passed", stub=True, alone=True) is Standing.OPEN
    assert standing_of(None, stub=True, alone=False) is Standing.OPEN


def test_no_code_of_a_notebook_is_run(tmp_path):
    source = f"open({str(tmp_path / 'run')!r}, 'w')\nclass ReLU: pass"
    node = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
    metadata = {"ncl_course": {"lesson": "02_activations"}}
    (tmp_path / "mine.ipynb").write_text(json.dumps({"nbformat": 4, "metadata": metadata, "cells": [node]}))
    assert stands(tmp_path, "ReLU", "forward") is Standing.WRITTEN
    assert not (tmp_path / "run").exists()


def test_missing_unreadable_and_renamed_notebooks_are_reported(tmp_path):
    (tmp_path / POOLING).write_text("<<<<<<< mine\n{\n>>>>>>> theirs")
    nbformat.write(notebook("notebooks", "04_dropout.ipynb"), tmp_path / "my dropout & more.ipynb")
    by_lesson = {one.lesson: one for one in standings(tmp_path)}
    assert "merge conflict" in by_lesson["01_pooling"].trouble
    assert by_lesson["04_dropout"].notebook == "my dropout & more.ipynb"
    shown = map_html(standings(tmp_path))
    assert 'href="my%20dropout%20%26%20more.ipynb"' in shown
    assert "cannot be read: The file holds a merge conflict of git (&lt;&lt;&lt;" in shown
    assert "Not in this folder" in shown
    assert "03_linear_softmax.ipynb" not in shown, "a link that leads nowhere"


def test_a_map_of_another_folder_names_it_and_has_no_links(tmp_path, capsys, monkeypatch):
    nbformat.write(notebook("solutions"), tmp_path / POOLING)
    shown = []
    monkeypatch.setattr(checking_notebook, "display", shown.append)
    ncl_course.course_map(folder=tmp_path)
    monkeypatch.chdir(tmp_path)
    ncl_course.course_map()
    other, here = (data["text/html"] for data in shown)
    assert 'href="01_pooling.ipynb' in here
    assert "href" not in other
    for data in shown:
        assert f"Not found in {tmp_path.resolve()}: 02_activations, " in data["text/plain"]
        assert "course_map(folder=&#34;/content/drive/" in data["text/html"]


def test_the_map_links_to_the_next_cell(tmp_path):
    key = notebook("solutions")
    verdict(cell(key, "check-avgpool2d-backward"), "failed")
    nbformat.write(key, tmp_path / POOLING)
    shown = map_html(standings(tmp_path))
    assert '<a href="01_pooling.ipynb#cell-id=avgpool2d-backward">AvgPool2d · backward pass</a>' in shown
    assert "Go on here: AvgPool2d · backward pass (01_pooling.ipynb)" in map_plain(standings(tmp_path))
    assert '<a href="01_pooling.ipynb">1 · Pooling</a>' in shown


def test_a_students_file_name_cannot_inject_html(tmp_path):
    name = '"><img src=x onerror=alert(1)>.ipynb'
    nbformat.write(notebook("notebooks"), tmp_path / name)
    shown = map_html(standings(tmp_path))
    assert "<img" not in shown
    assert "%22%3E%3Cimg" in shown


def test_every_exercise_belongs_to_one_station():
    lessons = standings(ROOT / "notebooks/en")
    found = [part for station in (*WAY, ALL_TOGETHER) for part in parts_at(station, lessons)]
    assert sorted((p.exercise, p.part) for p in found) == sorted((e.name, p.name) for e in EXERCISES for p in e.parts)
    assert [station.name for station in WAY if station.lesson == "03_linear_softmax"] == ["fc", "softmax"]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_map_needs_neither_a_style_sheet_nor_a_drawing_since_untrusted_notebooks_lose_them(lang):
    language(lang)
    shown = map_html(standings(ROOT / "solutions" / lang))
    assert not re.search(r"<(?:style|svg|script)|class=|var\(", shown)
    plain = map_plain(standings(ROOT / "solutions" / lang))
    assert plain.count("✔✔✔✔ BatchNorm2d") == 1
    assert {"en": "Everything is done", "ru": "Всё сделано"}[lang] in plain


def test_a_student_calls_it_by_its_name(capsys, tmp_path):
    ncl_course.course_map(tmp_path)
    assert "Parts done: 0 of" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_command_for_a_missing_lesson_copies_it_into_this_folder_wherever_the_desk_is(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    monkeypatch.setenv("NCL_HOME", str(tmp_path / "desk"))
    (tmp_path / "content").mkdir()
    monkeypatch.chdir(tmp_path / "content")
    (command,) = set(re.findall("`ncl-course (.+?)`", map_plain(standings(Path()))))

    assert CliRunner().invoke(cli.app, command.split()).exit_code == 0
    assert "ncl-course" not in map_plain(standings(Path()))
    assert Path("01_pooling.ipynb").read_bytes() == (ROOT / "notebooks" / lang / "01_pooling.ipynb").read_bytes()
