"""Grading works for root and for an ordinary user; if root runs the tests, they run the grader as an ordinary user."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.grading.conftest import write_notebook
from tests.patience import PATIENCE
from tests.submissions.beside import CELLS
from tests.submissions.hostile import READS_FILES, WRITES, WRONG_UNLESS, in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

pytestmark = pytest.mark.bwrap

REPO = Path(__file__).parents[3]
USER = 65534
RUN = """
import os, sys
from pathlib import Path
from ncl_course.grading.options import Options
from ncl_course.grading.verb import grade
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.usable import usable
Limits.wall = property(lambda limits: 600.0)  # a busy machine is no fault of a student
assert os.geteuid() != 0
assert str(usable().walls.forks) == sys.argv[3]
sys.exit(grade([Path(sys.argv[1])], Path(sys.argv[2]), Options(jobs=2, timeout=1.0, memory=400, seed=7)))
"""


@pytest.fixture
def folder():
    """Return a folder that any user may write to; pytest's own are closed to others."""
    path = Path(tempfile.mkdtemp(prefix="ncl-course-test-"))
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


def closed_to_others(path: Path) -> Path | None:
    """Return the outermost folder on the way to a path that others cannot enter, or None."""
    return next((parent for parent in reversed(path.parents) if not parent.stat().st_mode & 0o001), None)


def as_ordinary_user(command):
    """Run the command as a user who is not root.

    Python or the repository may be in root's home, which others cannot enter: they are shown in its place.
    """
    if os.geteuid() != 0:
        return command
    needed = [Path(sys.base_prefix).resolve(), Path(sys.prefix), REPO]
    closed = {parent for path in needed if (parent := closed_to_others(path))}
    masks = [part for parent in sorted(closed) for part in ("--perms", "0755", "--tmpfs", str(parent))]
    shown = [part for path in needed if closed_to_others(path) for part in shown_at(path)]
    user = ["setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups", "--no-new-privs"]
    return ["bwrap", "--dev-bind", "/", "/", *masks, *shown, *user, "--inh-caps=-all", "--bounding-set=-all", *command]


def shown_at(path: Path) -> list[str]:
    """Mount a path in its own place, below folders that anyone may enter."""
    below = [parent for parent in reversed(path.parents) if closed_to_others(parent / "x")]
    return [part for parent in below for part in ("--perms", "0755", "--dir", str(parent))] + [
        "--bind",
        str(path),
        str(path),
    ]


def test_an_ordinary_user_grades_behind_the_same_walls(folder, walls):
    cohort = folder / "cohort"
    write_notebook(cohort / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    write_notebook(cohort / "boris" / "01_pooling.ipynb", SETUP, SIZE, READS_FILES, WRONG_UNLESS)
    write_notebook(cohort / "clara" / "01_pooling.ipynb", SETUP, SIZE, WRITES, WRONG_UNLESS)
    write_notebook(cohort / "dima" / "01_pooling.ipynb", SETUP, SIZE, in_forward("import os\nos._exit(0)"), AVG)
    write_notebook(cohort / "eva" / "01_pooling.ipynb", *CELLS["paths"])
    command = [sys.executable, "-B", "-c", RUN, str(cohort), str(folder / "out"), str(walls.forks)]
    done = subprocess.run(
        as_ordinary_user(command), cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if "No permissions to create" in done.stderr and not os.environ.get("CI"):
        pytest.skip(f"ordinary users may not make namespaces here: {done.stderr}")
    assert done.returncode == 0, done.stderr
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    found = {entry["student"]: [one["verdict"] for one in entry["exercises"]] for entry in results["submissions"]}
    assert found == {
        "anna": ["passed", "passed", "passed"],
        "boris": ["passed", "failed", "missing"],
        "clara": ["passed", "failed", "missing"],
        "dima": ["passed", "killed", "passed"],
        "eva": ["passed" if walls.forks else "error", "missing", "missing"],
    }
