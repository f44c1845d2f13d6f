"""The autograder in Gradescope's folders, as root of a container without privileges, and the results that it writes."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import pytest

from ncl_course.grading.export.autograder import student
from ncl_course.grading.export.gradescope import Settings, write_zip
from tests.grading.conftest import write_notebook
from tests.grading.container import in_container
from tests.grading.reports.test_gradescope import SCHEMA
from tests.patience import PATIENCE
from tests.submissions.hostile import WRONG_UNLESS
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

REPO = Path(__file__).parents[3]
SETTINGS = Settings(("01_pooling",), timeout=3.0, memory=400, seed=7)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """Return Gradescope's folder with the unpacked autograder; its bytecode is there, as setup.sh leaves it."""
    folder = tmp_path_factory.mktemp("gradescope") / "autograder"
    folder.mkdir()
    unpack(folder, SETTINGS)
    assert compileall.compile_dir(folder / "source" / "ncl_course", quiet=1)
    return folder


@pytest.fixture
def root(tmp_path, unpacked, user_walls):
    """Return a copy of Gradescope's folders, with nothing handed in yet."""
    folder = shutil.copytree(unpacked, tmp_path / "autograder")  # the files keep their times, so their bytecode counts
    for name in ("submission", "results"):
        (folder / name).mkdir()
    return folder


def unpack(folder, settings):
    """As Gradescope does when the assignment is made."""
    path = folder.parent / "autograder.zip"
    write_zip(REPO, path, settings)
    with zipfile.ZipFile(path) as packed:
        packed.extractall(folder / "source")
    program = folder / "run_autograder"
    program.write_bytes((folder / "source" / "run_autograder").read_bytes())
    program.chmod(0o755)


def run(root, *before):
    """Run it as Gradescope does; return the results that it wrote, or None."""
    env = {"PATH": os.environ["PATH"], "NCL_AUTOGRADER_ROOT": str(root), "NCL_AUTOGRADER_VENV": sys.prefix}
    command = [*before, *in_container(str(root / "run_autograder"))]
    done = subprocess.run(command, env=env, cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False)
    file = root / "results" / "results.json"
    if not file.exists():
        assert done.returncode == 1, done.stderr
        return None, done.stderr
    assert done.returncode == 0, done.stderr
    found = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(found, SCHEMA)
    return found, done.stderr


def statuses(found):
    """Return each test's points and status."""
    return [(test["score"], test["status"]) for test in found["tests"]]


def test_a_right_submission_gets_all_points_behind_the_second_sandbox(root):
    write_notebook(root / "submission" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    users = [{"id": 1, "name": "Anna <b>"}]
    (root / "submission_metadata.json").write_text(json.dumps({"id": 5, "users": users}))
    found, said = run(root)
    assert (found["score"], len(found["tests"])) == (9.0, 5)
    assert {test["status"] for test in found["tests"]} == {"passed"}
    assert found["output"].startswith("Graded: 01_pooling.ipynb")
    assert found["extra_data"]["sandbox"] == "user"
    assert "--sandbox user isolates" in said


def test_half_of_it_gets_half_the_points(root):
    write_notebook(root / "submission" / "notebooks" / "mine.ipynb", SETUP, SIZE, MAX)
    found, _ = run(root)
    assert statuses(found) == [(1.0, "passed"), (1.5, "passed"), (2.5, "passed"), (0.0, "failed"), (0.0, "failed")]
    assert "No cell defines AvgPool2d" in found["tests"][3]["output"]


def test_a_blank_one_gets_none_and_is_told_what_is_not_written(root):
    path = REPO / "notebooks" / "en" / "01_pooling.ipynb"
    (root / "submission" / "01_pooling.ipynb").write_bytes(path.read_bytes())
    found, _ = run(root)
    assert (found["score"], {status for _, status in statuses(found)}) == (0.0, {"failed"})
    assert {test["output"] for test in found["tests"]} == {"not written"}


HOSTILE = """
import os, socket
loot = []
for path in ({root!r} + "/results/results.json", {root!r} + "/source/autograder.json", {root!r} + "/source/setup.sh",
             {root!r} + "/source/solutions/en/01_pooling.ipynb", {root!r} + "/submission/secret.txt"):
    for mode in ("r", "w"):
        try:
            with open(path, mode) as file:
                loot.append(file.read() if mode == "r" else file.write('{{"score": 9}}'))
        except OSError:
            pass
for family, address in ((socket.AF_INET, ("127.0.0.1", {port})), (socket.AF_UNIX, "\\0ncl-course-test")):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as s:
            s.connect(address)
        loot.append(address)
    except OSError:
        pass
try:
    os.kill({pid}, 9)
    loot.append("killed")
except OSError:
    pass
"""


def test_a_hostile_one_writes_no_results_reads_no_tests_and_reaches_no_network(root):
    unpack(root, Settings((), timeout=3.0, memory=400, seed=7))  # with the key in it
    (root / "submission" / "secret.txt").write_text("another file of the submission")
    for path in (root, root / "results", root / "submission", root.parent):
        path.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = HOSTILE.format(root=str(root), port=server.getsockname()[1], pid=os.getpid())
        write_notebook(root / "submission" / "01_pooling.ipynb", SETUP, SIZE, code, WRONG_UNLESS, AVG)
        found, _ = run(root)
        server.setblocking(False)
        with pytest.raises(BlockingIOError, match="unavailable"):
            server.accept()
    assert statuses(found) == [(1.0, "passed"), (0.0, "failed"), (0.0, "failed"), (1.5, "passed"), (2.5, "passed")]
    assert found["score"] == 5.0
    assert json.loads((root / "source" / "autograder.json").read_text())["seed"] == 7


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("01_pooling.ipynb", "{", "01_pooling.ipynb could not be graded: "),
        ("essay.pdf", "%PDF", "No notebook was found in this submission"),
        ("notes.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "could not be graded: "),
    ],
)
def test_what_cannot_be_read_is_told_clearly_and_is_no_crash(root, name, content, why):
    (root / "submission" / name).write_text(content)
    found, _ = run(root)
    assert why in found["output"]
    assert found["score"] == 0.0
    assert {status for _, status in statuses(found)} == {"failed"}


def test_a_link_in_a_submission_is_not_followed(root):
    write_notebook(root / "secret" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    (root / "submission" / "01_pooling.ipynb").symlink_to(root / "secret" / "01_pooling.ipynb")
    os.mkfifo(root / "submission" / "pipe.ipynb")
    found, _ = run(root)
    assert found["score"] == 0.0
    assert "This is a link, not a file" in found["output"]


def test_a_fault_of_ours_writes_no_results_so_that_nobody_gets_a_zero(root):
    write_notebook(root / "submission" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    found, said = run(root, "setpriv", "--bounding-set", "-setuid", "--inh-caps=-all")
    assert found is None
    assert "No usable sandbox" in said
    assert "no points are lost" in said


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ('{"users": [{"id": 3, "name": "Анна Ёлкина"}]}', "Анна Ёлкина"),
        ('{"users": [{"id": 3, "name": "A"}, {"id": 4}]}', "A, 4"),
        ('{"users": [{"id": 3, "name": "../../etc"}]}', "______etc"),
        ('{"users": "x"}', "submission"),
        ("{", "submission"),
        ("[]", "submission"),
    ],
)
def test_the_name_of_who_handed_in_is_taken_from_the_metadata_where_it_is_there(tmp_path, content, name):
    (tmp_path / "submission_metadata.json").write_text(content)
    assert student(tmp_path / "submission_metadata.json") == name
    assert student(tmp_path / "nowhere.json") == "submission"
