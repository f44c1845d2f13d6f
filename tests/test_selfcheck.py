"""``ncl-course check`` prints the same in the terminal as the notebook would show, with a matching exit status."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course.checking.verdict import Verdict
from ncl_course.cli import app
from ncl_course.errors import CourseError
from ncl_course.selfcheck import NoLessonError, check_notebook
from tests.grading.conftest import write_notebook
from tests.patience import PATIENCE
from tests.submission.deep import DEEP

ROOT = Path(__file__).parents[1]
HALF = ROOT / "tests" / "submissions" / "half_done" / "01_pooling.ipynb"
KEY = ROOT / "solutions" / "en" / "01_pooling.ipynb"
BLANK = ROOT / "notebooks" / "en" / "01_pooling.ipynb"


@pytest.fixture(autouse=True)
def _no_page(monkeypatch):
    """Remove the page of a GitHub job, even if these tests run on GitHub."""
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def check(*arguments, **environment):
    return CliRunner().invoke(app, ["check", *map(str, arguments)], env=environment)


def test_a_right_notebook_passes_with_status_0():
    result = check(KEY)
    assert result.exit_code == 0
    assert f"{KEY}: 9 of 9 points" in result.output


def test_lesson_06_runs_on_the_layers_of_the_notebooks_beside_it():
    key = ROOT / "solutions" / "ru" / "06_train_cnn.ipynb"
    result = check(key)
    assert result.exit_code == 0, result.output
    assert "баллы 10 из 10" in result.output


def test_a_half_done_notebook_lists_what_is_open_with_status_1():
    result = check(KEY, HALF)
    assert result.exit_code == 1
    assert "✔ MaxPool2d · forward pass: passed" in result.output
    assert "○ MaxPool2d · backward pass: not written yet" in result.output
    assert f"{HALF}: 2.5 of 9 points" in result.output


def test_a_notebook_is_checked_in_its_own_language_by_default():
    blank = ROOT / "notebooks" / "ru" / "01_pooling.ipynb"
    assert "баллы 0 из 9" in check(blank).output


def test_a_file_that_is_not_a_notebook_is_wrong_usage():
    result = check(ROOT / "README.md")
    assert result.exit_code == 2
    assert "README.md: not checked. This file is an ordinary text, not a notebook" in result.stderr


def test_a_pattern_that_a_shell_has_left_as_it_is_names_the_files_that_match(tmp_path):
    for name in ("01_pooling.ipynb", "01_pooling [2].ipynb"):
        shutil.copy(HALF, tmp_path / name)
    result = check(tmp_path / "*.ipynb")
    assert [f"{tmp_path / name}: 2.5 of 9 points" in result.output for name in os.listdir(tmp_path)] == [True, True]
    assert check(tmp_path / "01_pooling [2].ipynb").exit_code == 1
    assert "x*.ipynb: not checked" in check(tmp_path / "x*.ipynb").stderr


def test_a_zip_is_not_called_renamed(tmp_path):
    with zipfile.ZipFile(tmp_path / "hand_in.zip", "w") as archive:
        archive.write(HALF, "01_pooling.ipynb")
    result = check(tmp_path / "hand_in.zip")
    assert result.exit_code == 2
    assert "hand_in.zip is a zip. Unpack it, and name the notebooks in it." in " ".join(result.stderr.split())


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path):
    result = check(tmp_path / "nowhere.ipynb", KEY, ROOT / "README.md", HALF)
    assert result.exit_code == 2
    assert f"{KEY}: 9 of 9 points" in result.output
    assert f"{HALF}: 2.5 of 9 points" in result.output
    assert "nowhere.ipynb: not checked" in result.stderr


def test_a_notebook_of_no_lesson_is_reported(tmp_path):
    path = tmp_path / "diary.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    with pytest.raises(NoLessonError, match=r"diary\.ipynb is not a lesson of this course"):
        check_notebook(path)
    assert issubclass(NoLessonError, CourseError)


def test_the_course_map_has_nothing_to_check_and_shows_itself_with_status_0():
    result = check(ROOT / "solutions" / "ru" / "00_start.ipynb", KEY)
    assert result.exit_code == 0, result.output
    assert "00_start.ipynb — это карта курса. Проверять в ней нечего" in result.output
    assert "Всё сделано" in result.output
    assert "9 of 9 points" in result.output


def test_json_goes_to_a_file_beside_the_panels(tmp_path):
    result = check(KEY, HALF, tmp_path / "nowhere.ipynb", "--json", tmp_path / "results.json")
    found = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert result.exit_code == 2
    assert "✔ MaxPool2d · forward pass: passed" in result.output
    assert found["schema"] == 1
    assert [(one["status"], one["score"]) for one in found["notebooks"]] == [
        ("checked", 9.0),
        ("checked", 2.5),
        ("unreadable", None),
    ]
    verdicts = {one["exercise"]: one["verdict"] for one in found["notebooks"][1]["exercises"]}
    assert verdicts == {"pool_output_size": "passed", "MaxPool2d": "partial", "AvgPool2d": "missing"}


def test_json_on_standard_output_is_the_only_output(tmp_path):
    broken = ROOT / "tests" / "submissions" / "syntax_error_in_one_cell" / "01_pooling.ipynb"
    result = check(broken, ROOT / "solutions" / "ru" / "00_start.ipynb", tmp_path, "--json", "-")
    found = json.loads(result.stdout)
    assert [one["status"] for one in found["notebooks"]] == ["checked", "map", "unreadable"]
    assert "SyntaxError" in found["notebooks"][0]["troubles"][0]
    assert "SyntaxError" in result.stderr


def test_a_summary_is_appended_to_the_file(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Before\n\n", encoding="utf-8")
    result = check(HALF, tmp_path / "nowhere.ipynb", "--summary", page)
    lines = page.read_text(encoding="utf-8").splitlines()
    assert result.exit_code == 2
    assert lines[0] == "# Before"
    assert [line for line in lines if "MaxPool2d" in line] == [
        "| <code>MaxPool2d</code> | forward pass | 1.5 / 1.5 | ✔ passed |  |",
        "| <code>MaxPool2d</code> | backward pass | 0 / 2.5 | ○ not written yet |  |",
    ]
    assert sum(line.startswith("### ") for line in lines) == 2


def test_on_github_the_summary_goes_to_the_jobs_page_automatically(tmp_path):
    page = tmp_path / "page.md"
    assert check(HALF, GITHUB_STEP_SUMMARY=str(page)).exit_code == 1
    assert "2.5 of 9 points" in page.read_text(encoding="utf-8")
    assert check(HALF, GITHUB_STEP_SUMMARY="").exit_code == 1


SIZE = "def pool_output_size(size, kernel_size, stride):\n    return (size - kernel_size) // stride + 1\n"


def written(path, *sources, lesson="01_pooling"):
    """Write a notebook with those code cells."""
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    metadata = {"ncl_course": {"lesson": lesson, "language": "en"}}
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}))
    return path


@pytest.mark.parametrize(
    ("line", "ending"),
    [
        ("import os\nos._exit(0)", "ended by itself with status 0, at code cell 2"),
        ("import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])", "status 0, at code cell 2"),
        ("import os, threading\nthreading.Timer(0, os._exit, [3]).start()\nwhile True: pass", "with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "was ended by signal 9, at code cell 2"),
        ("import os\nif os.fork() == 0:\n    os.execvp('sleep', ['sleep', '2'])\nos._exit(0)", "at code cell 2"),
    ],
)
def test_a_notebook_that_ends_its_process_fails_with_status_1_and_the_next_one_is_still_checked(tmp_path, line, ending):
    result = check(written(tmp_path / "01_pooling.ipynb", SIZE, line, SIZE), HALF)
    assert result.exit_code == 1
    assert "✘ pool_output_size · value: your code's process ended" in result.output
    assert ending in result.stderr
    assert f"{HALF}: 2.5 of 9 points" in result.output


def test_each_notebook_is_reported_once_wherever_the_one_stands_that_ends_its_process(tmp_path):
    sources = {"a": SIZE, "b": f"{SIZE}\nimport os\nos._exit(0)", "c": SIZE, "d": SIZE}
    paths = [written(tmp_path / f"{name}.ipynb", source) for name, source in sources.items()]
    result = check(*paths, "--json", "-")
    assert result.exit_code == 1
    found = json.loads(result.stdout)["notebooks"]
    assert [(Path(one["file"]).stem, one["score"]) for one in found] == [("a", 1), ("b", 0), ("c", 1), ("d", 1)]


def test_a_function_that_ends_the_process_while_it_is_checked_fails_too(tmp_path):
    leaves = "import os\ndef pool_output_size(size, kernel_size, stride):\n    os._exit(0)\n"
    result = check(written(tmp_path / "01_pooling.ipynb", leaves), "--json", "-")
    assert result.exit_code == 1
    assert "with status 0, at check(pool_output_size)" in result.stderr
    (found,) = json.loads(result.stdout)["notebooks"]
    assert (found["status"], found["score"]) == ("checked", 0.0)
    assert {one["verdict"] for one in found["exercises"]} == {"killed"}


def test_code_that_reads_standard_input_or_arguments_does_not_wait_for_the_terminal_even_if_it_is_closed(tmp_path):
    asks = ["name = input('Your name? ')", "import os\nassert os.read(0, 1) == b''", "import sys\nsys.stdin.readline()"]
    asks += ["import argparse\nargparse.ArgumentParser().parse_args()"]
    path = written(tmp_path / "01_pooling.ipynb", *asks, SIZE)
    command = f"exec {sys.executable} -m ncl_course check {path} <&-"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert "✔ pool_output_size" in result.stdout
    no_answer = "input() gets no answer while a notebook is checked or graded"
    assert result.stderr.splitlines() == [f"Cell 1 raised EOFError: {no_answer} (line 1). Left undefined: name."]
    assert result.returncode == 1


def test_what_the_code_writes_without_python_is_not_mixed_into_the_json(tmp_path):
    path = written(tmp_path / "01_pooling.ipynb", "import os\nos.write(1, b'loud')\nos.system('echo loud')", SIZE)
    command = [sys.executable, "-m", "ncl_course", "check", str(path), "--json", "-"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert [one["file"] for one in json.loads(result.stdout)["notebooks"]] == [str(path)]
    assert "loud" in result.stderr


def test_ctrl_c_stops_the_check_with_one_line_and_status_130(tmp_path):
    path = written(tmp_path / "01_pooling.ipynb", f"open({str(tmp_path / 'here')!r}, 'w')\nwhile True: pass")
    command = [sys.executable, "-m", "ncl_course", "check", str(path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not (tmp_path / "here").exists():
            assert process.poll() is None
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate()[1].splitlines() == ["Stopped at code cell 1."]
    assert process.returncode == 130


@pytest.mark.parametrize("option", ["--json", "--summary"])
def test_a_file_that_cannot_be_written_is_wrong_usage_and_reported(tmp_path, option):
    result = check(HALF, option, tmp_path / "no" / "such" / "folder")
    assert result.exit_code == 2
    assert "No such file or directory" in result.stderr
    assert f"{HALF}: 2.5 of 9 points" in result.output


def test_cells_that_no_parser_likes_cost_nothing_but_themselves(tmp_path):
    cells = json.loads(KEY.read_text(encoding="utf-8"))["cells"]
    cells[1:1] = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": source} for source in DEEP.values()]
    path = tmp_path / "work.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}))
    assert "9 of 9 points" in check(path).output


PICKLES = """\
import copy, pickle
class Size:
    def __init__(self, size):
        self.size = size
def pool_output_size(size, kernel_size, stride):
    return (pickle.loads(pickle.dumps(Size(size))).size - kernel_size) // stride + 1
"""


def test_a_class_of_the_notebook_can_be_pickled_as_it_can_in_a_kernel_and_when_it_is_graded(tmp_path):
    before = sys.modules["__main__"]
    checked = check_notebook(write_notebook(tmp_path / "01_pooling.ipynb", PICKLES))
    (result,) = [one for one in checked.results if one.exercise == "pool_output_size"]
    assert result.verdict is Verdict.PASSED, result
    assert sys.modules["__main__"] is before


STARTED = """\
import json, sys
from {module} import {name} as run
if __name__ == "__main__":
    sys.argv[:] = ["ncl-course", "check", "{notebook}"]
    try:
        run()
    finally:
        open("{here}", "w").write(json.dumps([*sys.modules]))
"""
"""The command as pip writes it, which tells at its end what it has loaded."""

TELLS = """\
import json, sys
class Tells(AvgPool2d):
    def __init__(self, *args, **options):
        open("{there}", "w").write(json.dumps([*sys.modules]))
        super().__init__(*args, **options)
AvgPool2d = Tells
AvgPool2d.__name__ = "AvgPool2d"
"""
"""The last exercise of lesson 01, which tells in each case what the process of the student's code has loaded."""

PICTURES = {"matplotlib", "PIL", "IPython", "ipywidgets", "traitlets", "anywidget", "tqdm"}
PRINTING = {"typer", "click", "rich", "jinja2"}
FILES = {"nbformat", "jsonschema", "pooch"}


@pytest.mark.parametrize(("path", "points"), [(KEY, "9 of 9"), (BLANK, "0 of 9")])
def test_the_command_loads_no_check_and_the_check_neither_torch_nor_pictures_nor_the_command(tmp_path, path, points):
    here, there = tmp_path / "here.json", tmp_path / "there.json"
    key = json.loads(path.read_text(encoding="utf-8"))
    tells = {"cell_type": "code", "metadata": {}, "outputs": [], "source": TELLS.format(there=there)}
    notebook = tmp_path / "01_pooling.ipynb"
    notebook.write_text(json.dumps({**key, "cells": [*key["cells"], tells]}), encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["ncl-course"].partition(":")
    script = tmp_path / "ncl-course.py"
    script.write_text(STARTED.format(module=module, name=name, notebook=notebook, here=here), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)

    assert f"{points} points" in done.stdout, done.stderr
    command, check = ({name.partition(".")[0] for name in json.loads(path.read_text())} for path in (here, there))
    assert command & {"numpy", "torch", *PICTURES, *FILES} == set()
    assert check & {"torch", *PICTURES, *PRINTING, *FILES} == set()
    assert {"typer" in command, "numpy" in check} == {True}
