"""The zip for Gradescope: its contents, and the part of its setup script that needs no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from ncl_course.grading.errors import GradingError
from ncl_course.grading.export.gradescope import FILES, Settings, write_zip
from tests.patience import PATIENCE

REPO = Path(__file__).parents[3]
RUNNER = CliRunner()


def names(path):
    """Return the files in a zip."""
    with zipfile.ZipFile(path) as packed:
        return packed.namelist()


def test_the_command_writes_a_zip_whose_two_scripts_stand_at_its_root(tmp_path):
    out = tmp_path / "autograder.zip"
    arguments = ["export", "gradescope", "-o", str(out), "--lesson", "01", "--lesson", "dropout", "--lang", "ru"]
    done = RUNNER.invoke(cli.app, arguments)
    assert done.exit_code == 0, done.output
    assert "Записано:" in done.output
    with zipfile.ZipFile(out) as packed:
        assert packed.testzip() is None
        for name in ("setup.sh", "run_autograder"):
            assert packed.getinfo(name).external_attr >> 16 == 0o100755
        settings = json.loads(packed.read("autograder.json"))
    assert (settings["lessons"], settings["lang"]) == (["01_pooling", "04_dropout"], "ru")
    assert settings["seed"] is None
    assert "public" not in done.output


def test_it_has_the_grader_and_neither_the_authors_room_nor_more_of_the_key_than_lesson_06_needs(tmp_path):
    write_zip(REPO, tmp_path / "one.zip", Settings(("01_pooling",)))
    write_zip(REPO, tmp_path / "all.zip", Settings())
    one, everything = names(tmp_path / "one.zip"), names(tmp_path / "all.zip")
    assert {"ncl_course/grading/inside/worker.py", "ncl_course/messages/en/checking.toml", "pyproject.toml"} <= set(one)
    assert "ncl_course/grading/reports/templates/feedback.html" in one
    assert not [
        name for name in everything if name.startswith(("ncl_course/authoring", "lessons", "tests", "notebooks"))
    ]
    assert not [name for name in one if name.startswith("solutions")]
    keys = [name for name in everything if name.startswith("solutions")]
    assert keys
    assert not [name for name in keys if "06_train_cnn" in name]


def test_the_same_settings_make_the_same_zip(tmp_path):
    for name in ("first.zip", "second.zip"):
        write_zip(REPO, tmp_path / name, Settings(seed=7))
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


def test_a_folder_in_the_zips_place_is_told_and_nothing_is_left_behind(tmp_path):
    (tmp_path / "out").mkdir()
    done = RUNNER.invoke(cli.app, ["export", "gradescope", "-o", str(tmp_path / "out"), "--lesson", "01"])
    assert done.exit_code == 2
    assert "out: Is a directory" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_lesson_that_is_not_there_is_wrong_usage_with_the_names():
    done = RUNNER.invoke(cli.app, ["export", "gradescope", "-o", "x.zip", "--lesson", "7"])
    assert done.exit_code == 2
    assert "There is no lesson 7. The lessons are 01_pooling" in done.output


def test_without_the_key_that_lesson_06_needs_nothing_is_written(tmp_path):
    root = tmp_path / "course"
    root.mkdir()
    for name in ("pyproject.toml", "constraints.txt", "README.md", "LICENSE"):
        (root / name).write_bytes((REPO / name).read_bytes())
    with pytest.raises(GradingError, match="Lesson 06 needs the solutions of 01_pooling"):
        write_zip(root, tmp_path / "out.zip", Settings())
    assert list(tmp_path.glob("*.zip*")) == []


@pytest.mark.parametrize("script", ["setup.sh", "run_autograder"])
def test_bash_reads_the_scripts_and_they_name_no_registry(script):
    subprocess.run(["bash", "-n", str(FILES / script)], check=True)
    assert "://" not in (FILES / script).read_text(encoding="utf-8")


@pytest.fixture
def unpacked(tmp_path):
    """Return Gradescope's folders with the zip in them, and a PATH on which apt-get only notes its calls."""
    root = tmp_path / "autograder"
    write_zip(REPO, tmp_path / "autograder.zip", Settings(seed=7))
    with zipfile.ZipFile(tmp_path / "autograder.zip") as packed:
        packed.extractall(root / "source")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "apt-get").write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/apt.log\n')
    (tmp_path / "bin" / "apt-get").chmod(0o755)
    return root


def set_up(root, **more):
    """Run setup.sh as Gradescope does."""
    path = f"{root.parent / 'bin'}:{os.environ['PATH']}"
    env = {"PATH": path, "NCL_AUTOGRADER_ROOT": str(root), **more}
    command = ["bash", str(root / "source" / "setup.sh")]
    return subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_setup_asks_for_bubblewrap_keeps_an_environment_closes_the_key_and_tries_the_sandbox(unpacked):
    done = set_up(unpacked, NCL_AUTOGRADER_VENV=sys.prefix)
    assert done.returncode == 0, done.stderr
    asked = (unpacked.parent / "apt.log").read_text(encoding="utf-8").splitlines()
    assert asked[0].startswith("update")
    assert "bubblewrap" in asked[1]
    assert (unpacked / "source" / "solutions").stat().st_mode & 0o077 == 0
    assert (unpacked / "source" / "autograder.json").stat().st_mode & 0o077 == 0
    assert "--sandbox" in done.stdout


def test_setup_makes_the_environment_with_uv_and_torch_for_the_cpu(unpacked):
    """The commands that it would run, noted by stand-ins: the real ones take minutes and gigabytes."""
    notes = unpacked.parent / "notes"
    program = f'#!/bin/sh\necho "$(basename "$0") $@" >>{notes}\n'
    python = f"""#!/bin/sh
echo "python3 $@" >>{notes}
[ "$2" = venv ] || exit 0
mkdir -p "$3/bin"
cp {unpacked.parent}/bin/noting "$3/bin/pip"
cp {unpacked.parent}/bin/noting "$3/bin/uv"
mkdir -p {unpacked}/venv/bin
cp {unpacked.parent}/bin/noting {unpacked}/venv/bin/python
"""
    for name, content in (("noting", program), ("python3", python)):
        (unpacked.parent / "bin" / name).write_text(content)
        (unpacked.parent / "bin" / name).chmod(0o755)
    (unpacked.parent / "bin" / "noting").chmod(0o755)
    done = set_up(unpacked)
    assert done.returncode == 0, done.stderr
    ran = notes.read_text(encoding="utf-8")
    assert f"python3 -m venv {unpacked}/uv" in ran
    assert f"uv venv --quiet --python >=3.11 {unpacked}/venv" in ran
    assert "--torch-backend=cpu" in ran
    assert f"-c {unpacked}/source/constraints.txt -e {unpacked}/source" in ran


def test_a_seed_that_is_given_is_called_public(tmp_path):
    done = RUNNER.invoke(cli.app, ["export", "gradescope", "-o", str(tmp_path / "a.zip"), "--seed", "7"])
    assert "so this seed counts as public" in done.output.replace("\n", " ")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert json.loads(packed.read("autograder.json"))["seed"] == 7
