"""``ncl-course hand-in`` writes one zip of a student's notebooks, and says what is open."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import hand_in as module
from ncl_course.cli import app
from ncl_course.hand_in import HandInError, packed, survey, without_outputs
from ncl_course.submission.notebook import notebook_of
from tests.submissions.make import notebook
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

ROOT = Path(__file__).parents[1]
RIGHT = notebook((SETUP, SIZE, MAX, AVG))
HALF = notebook((SETUP, SIZE))


@pytest.fixture
def desk(tmp_path):
    """Return a student's folder with a half done lesson, an executed key, the course map and a text file."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "01_pooling.ipynb").write_bytes(HALF)
    shutil.copy(ROOT / "solutions" / "en" / "04_dropout.ipynb", folder)
    shutil.copy(ROOT / "notebooks" / "en" / "00_start.ipynb", folder)
    (folder / "notes.txt").write_text("mine")
    return folder


def run(*arguments, **environment):
    return CliRunner().invoke(app, ["hand-in", *map(str, arguments)], env=environment)


def content(folder):
    with zipfile.ZipFile(folder / "hand_in.zip") as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def test_open_exercises_are_named_and_the_zip_holds_the_lessons_flat_without_outputs(desk):
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    result = run(desk)
    assert result.exit_code == 0, result.output
    assert "01_pooling.ipynb: 1 of 9 points" in result.output
    assert "○ MaxPool2d · backward pass: not written yet" in result.output
    assert "04_dropout.ipynb: 7 of 7 points" in result.output
    assert "8 of 16 points" in result.output
    assert "No notebook here of 02_activations, 03_linear_softmax, 05_normalization, 06_train_cnn" in result.output
    assert str(desk / "hand_in.zip") in result.output
    handed_in = content(desk)
    assert sorted(handed_in) == ["01_pooling.ipynb", "04_dropout.ipynb"]
    cells = [cell for tree in handed_in.values() for cell in tree["cells"] if cell["cell_type"] == "code"]
    assert cells
    assert not [cell for cell in cells if cell["outputs"] or cell.get("execution_count")]
    assert {name: (desk / name).read_bytes() for name in before} == before


def test_the_next_run_replaces_the_zip(desk):
    (desk / "04_dropout.ipynb").unlink()
    (desk / "hand_in.zip").write_bytes(b"an old one")
    assert run(desk).exit_code == 0
    (desk / "01_pooling.ipynb").write_bytes(RIGHT)
    result = run(desk)
    assert (result.exit_code, "9 of 9 points" in result.output) == (0, True)
    sources = ["".join(cell["source"]) for cell in content(desk)["01_pooling.ipynb"]["cells"]]
    assert any("class AvgPool2d" in source for source in sources)
    assert sorted(path.name for path in desk.iterdir() if path.suffix == ".zip") == ["hand_in.zip"]


def test_what_a_notebook_does_while_it_is_checked_does_not_reach_the_zip(desk):
    (desk / "04_dropout.ipynb").unlink()
    leave = "import os, pathlib\npathlib.Path('hand_in.zip').write_text('mine')\nos._exit(0)"
    (desk / "01_pooling.ipynb").write_bytes(notebook((SETUP, SIZE, MAX, AVG, leave)))
    result = CliRunner().invoke(app, ["hand-in", str(desk)])
    assert result.exit_code == 0, result.output
    assert "0 of 9 points" in result.output
    assert "your code's process ended" in result.output


def test_the_words_are_in_the_notebooks_language(desk):
    (desk / "04_dropout.ipynb").unlink()
    tree = json.loads(HALF)
    tree["metadata"]["ncl_course"] = {"lesson": "01_pooling", "language": "ru"}
    (desk / "01_pooling.ipynb").write_text(json.dumps(tree))
    result = run(desk)
    assert "баллы 1 из 9" in result.output
    assert "Сдайте один этот файл" in result.output
    assert "points" not in result.output


def test_of_two_notebooks_of_a_lesson_the_one_with_its_name_is_handed_in_and_the_other_is_named(desk):
    shutil.copy(desk / "01_pooling.ipynb", desk / "01_pooling-Copy1.ipynb")
    found = survey(desk)
    assert [path.name for path in found.paths] == ["01_pooling.ipynb", "04_dropout.ipynb"]
    assert found.left_out == ((desk / "01_pooling-Copy1.ipynb", "01_pooling"),)
    (desk / "04_dropout.ipynb").unlink()
    assert "01_pooling-Copy1.ipynb is not in the zip" in run(desk).output


def test_a_lesson_that_cannot_be_read_is_named_and_the_others_are_handed_in(desk):
    (desk / "04_dropout.ipynb").write_text("<<<<<<< HEAD\n{}\n>>>>>>> mine\n")
    result = run(desk)
    assert result.exit_code == 1
    assert "04_dropout.ipynb is not in the zip" in result.output
    assert "No notebook here of 02_activations, 03_linear_softmax, 05_normalization" in result.output
    assert sorted(content(desk)) == ["01_pooling.ipynb"]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("homework.ipynb", b"{\n<<<<<<< HEAD\n=======\n>>>>>>> mine\n}", "The file holds a merge conflict"),
        ("my work.ipynb", b"", "The file is empty"),
        ("05_normalization.ipynb.txt", RIGHT, "Its name must end in .ipynb"),
        ("05_normalization.ipynb (1)", RIGHT, "Its name must end in .ipynb"),
    ],
)
def test_no_notebook_is_left_out_without_a_word_whatever_its_name(desk, name, content, why):
    (desk / name).write_bytes(content)
    result = run(desk)
    assert result.exit_code == 1
    assert f"{name} is not in the zip, because it cannot be read: {why}" in " ".join(result.output.split())
    with zipfile.ZipFile(desk / "hand_in.zip") as archive:
        assert sorted(archive.namelist()) == ["01_pooling.ipynb", "04_dropout.ipynb"]


@pytest.mark.parametrize("name", ["Иван", "Anna's desk", "a (1)"])
def test_the_command_that_says_why_can_be_copied_from_a_folder_with_any_name(name, desk):
    mine = desk.rename(desk.with_name(name))
    (mine / "04_dropout.ipynb").unlink()
    output = run(mine).output
    (said,) = re.findall("To see why: ncl-course (.*)", output)

    assert shlex.split(said) == ["check", str(mine / "01_pooling.ipynb")]


def test_a_folder_without_lessons_is_wrong_usage(tmp_path):
    (tmp_path / "notes.ipynb").write_bytes(json.dumps({"nbformat": 4, "metadata": {}, "cells": []}).encode())
    for folder, said in ((tmp_path, "no notebook of a lesson"), (tmp_path / "absent", "no folder")):
        result = run(folder)
        assert result.exit_code == 2
        assert said in result.output
        assert not (folder / "hand_in.zip").exists()


def test_a_zip_that_cannot_be_written_is_one_line(desk):
    (desk / "hand_in.zip").mkdir()
    result = run(desk)
    assert result.exit_code == 2
    assert "hand_in.zip" in result.output
    assert "Traceback" not in result.output


def test_without_a_folder_the_current_one_counts_and_else_the_desk_that_was_saved_last(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("NCL_HOME", str(tmp_path / "work"))
    for number, lang in enumerate(("ru", "en")):
        place = tmp_path / "work" / lang
        place.mkdir(parents=True)
        (place / "01_pooling.ipynb").write_bytes(HALF)
        os.utime(place / "01_pooling.ipynb", (number, number + 1))
    monkeypatch.chdir(tmp_path)
    assert module.usual_folder() == tmp_path / "work" / "en"
    os.utime(tmp_path / "work" / "ru" / "01_pooling.ipynb", (9, 9))
    assert module.usual_folder() == tmp_path / "work" / "ru"
    monkeypatch.chdir(desk)
    assert module.usual_folder() == Path()


def test_a_notebook_keeps_its_own_name_and_a_link_is_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(RIGHT)
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "my pooling.ipynb").write_bytes(RIGHT)
    (folder / "02_activations.ipynb").symlink_to(secret)
    found = survey(folder)
    with zipfile.ZipFile(io.BytesIO(packed(found))) as archive:
        assert archive.namelist() == ["my pooling.ipynb"]
    assert [path.name for path, _ in found.unreadable] == ["02_activations.ipynb"]


def test_outputs_of_an_older_format_and_the_states_of_widgets_are_dropped_too():
    cell = {"cell_type": "code", "input": ["x = 1\n"], "outputs": [{"text": "big"}], "prompt_number": 3}
    old = {"nbformat": 3, "metadata": {"widgets": {"state": "big"}, "name": ""}, "worksheets": [{"cells": [cell]}]}
    raw = without_outputs(json.dumps(old).encode("utf-16"))
    assert b"big" not in raw
    assert notebook_of(raw).sources == ("x = 1\n",)
    odd = {"nbformat": 4, "cells": [7, {"cell_type": "code", "source": "y", "outputs": 5}, {"cell_type": "raw"}]}
    assert notebook_of(without_outputs(json.dumps(odd).encode())).sources == ("y",)


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    path = tmp_path / "01_pooling.ipynb"
    path.write_bytes(RIGHT)
    with pytest.raises(HandInError, match="There is no folder"):
        survey(path)


def test_the_students_own_process_loads_no_torch(desk):
    (desk / "04_dropout.ipynb").unlink()
    code = (
        "import sys\nfrom pathlib import Path\nfrom ncl_course.hand_in_verb import hand_in\n"
        f"if __name__ == '__main__':\n    print(hand_in(Path({str(desk)!r})), 'torch' in sys.modules)\n"
    )
    script = desk / "script.py"
    script.write_text(code)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1:] == ["0 False"], done.stderr


@pytest.mark.bwrap
@pytest.mark.parametrize(
    ("student", "place"),
    [("anna", "anna/hand_in.zip"), ("Boris Orlov", "Boris Orlov_12_assignsubmission_file_/hand_in.zip")],
)
def test_grade_reads_the_zip_in_a_students_folder_and_in_moodles(tmp_path, desk, student, place):
    (desk / "04_dropout.ipynb").unlink()
    target = tmp_path / "cohort" / place
    target.parent.mkdir(parents=True)
    target.write_bytes(packed(survey(desk)))
    quick = ["--seed", "7", "--timeout", "3", "--memory", "400", "--jobs", "1"]
    done = CliRunner().invoke(app, ["grade", str(tmp_path / "cohort"), "-o", str(tmp_path / "out"), *quick])
    assert done.exit_code == 0, done.output
    marks = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["submissions"]
    assert [(one["student"], one["lesson"], one["score"]) for one in marks] == [(student, "01_pooling", 1.0)]
