"""The real command is killed, stopped or out of disk space: its results stay, and a resumed run ends the same."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import signal
import subprocess
import sys

import pytest

from ncl_course.cli import app
from ncl_course.grading.gradebook import load
from ncl_course.grading.verb import FINE, INTERRUPTED, SOME_UNGRADED
from ncl_course.grading.walls.process import Limits
from tests.grading.conftest import write_notebook
from tests.grading.test_verb import without_seconds
from tests.patience import PATIENCE, until
from tests.submissions.hostile import in_backward
from tests.submissions.pooling import AVG, AVG_MISTAKES, MAX, MAX_MISTAKES, SETUP, SIZE, changed

pytestmark = [pytest.mark.bwrap, pytest.mark.timeout(3600)]  # several runs of the command, one after another

MISTAKES = ("starts-at-zero", "stale-cache", "gradient-to-all-maxima", "over-batch")


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    """Make a folder of nine students: some right, some wrong, some with harmful code."""
    folder = tmp_path_factory.mktemp("cohort")
    cells = [(SETUP, SIZE, MAX, AVG), (SETUP, SIZE, MAX), (SETUP, SIZE, in_backward("import os\nos._exit(0)"), AVG)]
    cells += [(SETUP, SIZE, changed(MAX, MAX_MISTAKES[one]), AVG) for one in MISTAKES]
    cells += [(SETUP, changed(AVG, AVG_MISTAKES["gradient-not-divided"])), (SETUP, "while True:\n    pass", SIZE)]
    for number, these in enumerate(cells):
        write_notebook(folder / f"student{number}" / "01_pooling.ipynb", *these)
    return folder


FORKS = multiprocessing.get_context("forkserver")
"""Starts each command as a process of its own, forked from one that has torch loaded: to load it takes seconds."""

FORKS.set_forkserver_preload(["torch.fx.experimental.symbolic_shapes", "ncl_course.cli", "ncl_course.grading.verb"])


def command(words, said, largest):
    """Run ``ncl-course`` in this process and write what it says on stderr into a file.

    The wall-clock limit, which may end an endless loop too early on a busy machine, is off. ``largest``: the size of
    the largest file that it can write, if there is a limit.
    """
    for number, path in ((1, os.devnull), (2, said)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    Limits.wall = property(lambda limits: PATIENCE)
    app(words)


def started(cohort, out, *more, jobs=2, seed=("--seed", "7"), largest=None):
    """Start ``ncl-course grade``, and return its process and the file with what it says on stderr."""
    words = ["grade", str(cohort), "-o", str(out), "--timeout", "1", "--memory", "400", "--jobs", str(jobs)]
    said = out.parent.with_suffix(".said")  # beside the disk that may be full
    process = FORKS.Process(target=command, args=([*words, *seed, *more], str(said), largest))
    process.start()
    return process, said


def run(*args, **options):
    """Run the command to its end, and return its status and what it says on stderr."""
    process, said = started(*args, **options)
    process.join(PATIENCE)
    return process.exitcode, said.read_text(encoding="utf-8")


def scores(out):
    """Return everything in the results that must not depend on the course of the run."""
    return without_seconds(json.loads((out / "results.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def whole(cohort, tmp_path_factory, walls):
    """Return the scores of an uninterrupted run with one job."""
    out = tmp_path_factory.mktemp("whole") / "out"
    status, said = run(cohort, out, jobs=1)
    assert status == FINE, said
    return scores(out)


def stopped_after(count, number, cohort, out, *more):
    """Start the command, send it a signal when it has that many results, and return how it ended."""
    process, _ = started(cohort, out, *more)
    try:
        until(lambda: not process.is_alive() or graded(out) >= count, f"{count} are graded")
        os.kill(process.pid, number)
        process.join(PATIENCE)
        return process.exitcode
    finally:
        process.kill()


def graded(out):
    """Count the results so far."""
    book = load(out)
    return 0 if book is None else len(book.entries)


def test_killed_again_and_again_it_ends_in_the_same_scores(cohort, tmp_path, whole):
    out = tmp_path / "out"
    for count in (1, 3, 6):
        assert stopped_after(count, signal.SIGKILL, cohort, out, *(("--resume",) if count > 1 else ())) == -9
        there = scores(out)
        json.loads((out / "results.json").read_text(encoding="utf-8"))
        assert all(entry in whole for entry in there)
        assert len(load(out).entries) >= count
    assert run(cohort, out, "--resume", seed=())[0] == FINE
    assert scores(out) == whole


def test_ctrl_c_leaves_results_and_reports_and_resuming_ends_the_same(cohort, tmp_path, whole):
    out = tmp_path / "out"
    assert stopped_after(2, signal.SIGINT, cohort, out) == INTERRUPTED
    assert 2 <= len(scores(out)) < len(whole)
    assert {"grades.csv", "report.html", "feedback"} <= {path.name for path in out.iterdir()}
    assert run(cohort, out, "--resume", seed=())[0] == FINE
    assert scores(out) == whole


def test_resuming_grades_again_what_was_changed_and_nothing_else(cohort, tmp_path, whole):
    folder = tmp_path / "cohort"
    write_notebook(folder / "anna" / "01_pooling.ipynb", SETUP, SIZE)
    write_notebook(folder / "boris" / "01_pooling.ipynb", SETUP, SIZE)
    assert run(folder, tmp_path / "out")[0] == FINE
    seconds = {entry["student"]: entry["seconds"] for entry in read(tmp_path / "out")}
    write_notebook(folder / "boris" / "01_pooling.ipynb", SETUP, SIZE, MAX)
    assert run(folder, tmp_path / "out", "--resume", seed=())[0] == FINE
    anna, boris = read(tmp_path / "out")
    assert (anna["score"], boris["score"]) == (1.0, 5.0)
    assert anna["seconds"] == seconds["anna"]


def read(out):
    """Return the entries of the results."""
    return json.loads((out / "results.json").read_text(encoding="utf-8"))["submissions"]


def test_a_full_disk_leaves_a_readable_part_and_says_what_to_do(cohort, tmp_path, whole):
    out = tmp_path / "out"
    size = len(json.dumps({"submissions": whole[:3]}))
    status, said = run(cohort, out, largest=size)
    assert status == SOME_UNGRADED, said
    assert "then run the same command with --resume" in said
    assert 0 < len(load(out).entries) < len(whole)
    assert all(entry in whole for entry in scores(out))
    assert run(cohort, out, "--resume", seed=())[0] == FINE
    assert scores(out) == whole


@pytest.fixture
def small_disk(tmp_path):
    """Make a separate file system with room for a few results."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_leaves_a_readable_part(cohort, small_disk, whole):
    status, said = run(cohort, small_disk / "out")
    assert status == SOME_UNGRADED, said
    assert "No space left on device" in said
    assert 0 < len(load(small_disk / "out").entries) < len(whole)
    assert all(entry in whole for entry in scores(small_disk / "out"))
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    assert run(cohort, small_disk / "out", "--resume", seed=())[0] == FINE
    assert scores(small_disk / "out") == whole


def test_eight_jobs_on_a_loaded_machine_give_the_same_scores(cohort, tmp_path, whole):
    load_code = "while True: pass"
    busy = [subprocess.Popen([sys.executable, "-c", load_code]) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        status, said = run(cohort, tmp_path / "out", jobs=8)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert status == FINE, said
    assert scores(tmp_path / "out") == whole
