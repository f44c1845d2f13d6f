"""A real scheduler and two real workers on loopback grade as this machine does, though one worker is killed midway."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from distributed import Client

from ncl_course.grading.cluster import dask as dask_module
from ncl_course.grading.entry import Entry, Status
from ncl_course.grading.gradebook import load
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.options import Options
from ncl_course.grading.plain import plain
from ncl_course.grading.verb import FINE, INTERRUPTED, SOME_UNGRADED, WRONG_USAGE, grade
from ncl_course.grading.walls.sandbox import Mode
from tests.grading.conftest import write_notebook
from tests.grading.test_verb import scores
from tests.patience import PATIENCE, until
from tests.submissions.hostile import in_forward
from tests.submissions.pooling import AVG, MAX, MAX_MISTAKES, SETUP, SIZE, changed

pytestmark = pytest.mark.bwrap

FAST = {"timeout": 1.0, "memory": 400, "seed": 7}
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}


@pytest.fixture
def cohort(tmp_path):
    """A folder of twelve students and one file that is not a notebook."""
    folder = tmp_path / "cohort"
    kinds = [
        (SETUP, SIZE, MAX, AVG),
        (SETUP, SIZE, changed(MAX, MAX_MISTAKES["starts-at-zero"])),
        (SETUP, in_forward("import os\nos._exit(0)"), AVG),
        (SETUP, SIZE),
    ]
    for number in range(12):
        write_notebook(folder / f"student{number:02}" / "01_pooling.ipynb", *kinds[number % 4])
    (folder / "zoe").mkdir()
    (folder / "zoe" / "01_pooling.ipynb").write_text("{")
    return folder


def dask(*words):
    """A part of a cluster."""
    return subprocess.Popen([sys.executable, "-m", "distributed.cli." + words[0], *words[1:]], **QUIET)


@pytest.fixture
def cluster(tmp_path, walls):
    """The address of a scheduler, and its two workers."""
    file = tmp_path / "scheduler.json"
    where = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)]
    parts = [dask("dask_scheduler", *where, "--no-dashboard")]
    said = until(lambda: file.exists() and file.read_text(), "the scheduler has written its address")
    address = json.loads(said)["address"]
    more = ["--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)]
    parts += [dask("dask_worker", address, *more) for _ in range(2)]
    with Client(address, timeout=PATIENCE, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
    yield address, parts[1:]
    for part in parts[::-1]:
        end(part)


def end(process):
    """End a part of the cluster and all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def kill_after_three(workers, out, monkeypatch):
    """Kill workers when three of the thirteen results are there and the run waits for the next one."""
    next_done = dask_module.next_done

    def killing(*waiting):
        if len(load(out).entries) == 3:
            for worker in workers:
                end(worker)
        return next_done(*waiting)

    monkeypatch.setattr(dask_module, "next_done", killing)


def test_one_worker_is_killed_midway_and_the_scores_are_those_of_a_local_run(cohort, cluster, tmp_path, monkeypatch):
    address, workers = cluster
    assert grade([cohort], tmp_path / "here", Options(jobs=2, **FAST)) == SOME_UNGRADED
    out = tmp_path / "there"
    kill_after_three(workers[:1], out, monkeypatch)
    assert grade([cohort], out, Options(cluster=address, **FAST)) == SOME_UNGRADED
    assert workers[0].poll() is not None
    assert workers[1].poll() is None
    assert len(scores(out)) == 13
    assert scores(out) == scores(tmp_path / "here")


def test_where_every_worker_is_lost_it_stops_and_a_resumed_run_ends_in_the_same_scores(
    cohort, cluster, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(dask_module, "LOOK_SECONDS", 0.3)
    monkeypatch.setattr(dask_module, "WITHOUT_WORKERS", 2)
    address, workers = cluster
    out = tmp_path / "there"
    kill_after_three(workers, out, monkeypatch)
    assert grade([cohort], out, Options(cluster=address, **FAST)) == WRONG_USAGE
    assert "no worker is left, and none came back within 2 s" in capsys.readouterr().err
    assert 3 <= len(load(out).entries) < 13
    assert grade([cohort], out, Options(jobs=2, resume=True, **FAST)) == SOME_UNGRADED
    assert grade([cohort], tmp_path / "here", Options(jobs=2, **FAST)) == SOME_UNGRADED
    assert scores(out) == scores(tmp_path / "here")


@pytest.mark.parametrize("name", ["connected", "entry_in", "next_done"])
def test_ctrl_c_never_interrupts_a_wait_of_dask_in_which_a_lock_may_be_taken(
    cohort, cluster, tmp_path, monkeypatch, name
):
    ended, inner = [], getattr(dask_module, name)

    def pressed_in_the_middle(*about):
        def let_through():
            if len(ended) == 1:
                about[-1]()

        if not ended:
            signal.raise_signal(signal.SIGINT)
        ended.append(inner(*about[:-1], let_through))
        return ended[-1]

    monkeypatch.setattr(dask_module, name, pressed_in_the_middle)
    handler = signal.getsignal(signal.SIGINT)
    assert grade([cohort], tmp_path / "out", Options(cluster=cluster[0], **FAST)) == INTERRUPTED
    assert len(ended) == 1
    assert signal.getsignal(signal.SIGINT) is handler


def test_ctrl_c_ends_a_run_that_waits_for_a_scheduler_and_leaves_nothing_that_waits(
    cohort, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(dask_module, "TRY_SECONDS", 0.5)
    made = dask_module.Client

    def pressed_in_the_middle(*address, **more):
        timer = threading.Timer(0.2, signal.raise_signal, [signal.SIGINT])
        timer.start()
        return made(*address, **more)

    monkeypatch.setattr(dask_module, "Client", pressed_in_the_middle)
    assert grade([cohort], tmp_path / "out", Options(cluster="tcp://127.0.0.1:9", **FAST)) == INTERRUPTED
    assert "0 of 13 graded" in capsys.readouterr().err


def test_where_no_scheduler_is_the_fix_is_said(cohort, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(dask_module, "START_SECONDS", 2)
    assert grade([cohort], tmp_path / "out", Options(cluster="tcp://127.0.0.1:9", **FAST)) == WRONG_USAGE
    assert "Start it with `dask scheduler`" in capsys.readouterr().err


def test_without_dask_the_fix_is_said(cohort, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ncl_course.grading.cluster.dask", None)
    assert grade([cohort], tmp_path / "out", Options(cluster="tcp://127.0.0.1:9", **FAST)) == WRONG_USAGE
    assert 'pip install -c constraints.txt -e ".[instructor]"' in capsys.readouterr().err


def test_the_command_line_takes_an_address(cohort, cluster, tmp_path):
    command = [sys.executable, "-m", "ncl_course", "grade", str(cohort / "student00"), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        [*command, "--cluster", cluster[0], "--seed", "7"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == FINE, done.stderr
    assert [entry["score"] for entry in scores(tmp_path / "out")] == [9.0]


def test_what_is_no_address_is_told(cohort, tmp_path, capsys):
    assert grade([cohort], tmp_path / "out", Options(**FAST, cluster="somewhere")) == WRONG_USAGE
    assert "The cluster at somewhere cannot be used (missing port number" in capsys.readouterr().err


class Scheduler:
    """A client of a scheduler that has that many threads each time it is asked, and then the last number for ever."""

    def __init__(self, *threads):
        self.threads = list(threads)

    def nthreads(self):
        number = self.threads.pop(0) if len(self.threads) > 1 else self.threads[0]
        return {"worker": number} if number else {}


def nothing():
    """Let Ctrl-C through: it was not pressed."""


class LostResult:
    """A finished task whose result was lost with its worker, and comes after so many looks."""

    def __init__(self, looks, error=None):
        self.looks, self.error = looks, error

    @property
    def status(self):
        return "error" if self.error is not None and self.looks < 0 else "finished"

    def cancelled(self):
        return False

    def exception(self, timeout):
        return self.error if self.status == "error" else None

    def result(self, timeout):
        self.looks -= 1
        if self.looks >= 0:
            raise TimeoutError
        if self.error is not None:
            raise self.error
        return "the entry"


class Answered(LostResult):
    """A finished task with this answer."""

    def __init__(self, answer):
        super().__init__(0)
        self.answer = answer

    def result(self, timeout):
        return self.answer


def entry(student="anna", file="anna/01_pooling.ipynb", message=""):
    """Return an entry as a worker sends it."""
    points = {"score": 9.0, "max_score": 9.0, "exercises": ()}
    about = {"student": student, "lesson": "01_pooling", "file": file, "status": Status.GRADED, **points}
    return json.dumps(plain(Entry(**about, message=message)))


LIES = {
    "another student": (entry(student="boris"), r"the entry of boris · anna/01_pooling.ipynb"),
    "another file": (
        entry(file="anna/02_activations.ipynb"),
        "sent the entry of anna · anna/02_activations.ipynb",
    ),
    "no entry": ("[]", "entry"),
    "no text": (7, "JSON"),
    "a deep text": ("[" * 100_000, "deep"),
    "not a number": (entry().replace("9.0", "NaN"), "NaN"),
}


@pytest.mark.parametrize(("answer", "why"), LIES.values(), ids=LIES)
def test_an_answer_that_is_not_the_submissions_entry_is_an_error_of_this_submission(answer, why):
    anna = Submission("anna", Path("anna/01_pooling.ipynb"), "anna/01_pooling.ipynb")
    found = dask_module.entry_of(anna, Scheduler(1), Answered(answer), nothing)
    assert isinstance(found, Exception)
    assert why in str(found)


def test_the_texts_of_an_entry_from_a_worker_are_cut():
    anna = Submission("anna", Path("anna/01_pooling.ipynb"), "anna/01_pooling.ipynb")
    found = dask_module.entry_of(anna, Scheduler(1), Answered(entry(message="x" * 10**6)), nothing)
    assert len(found.message) < 10_000


def test_a_cluster_without_a_sandbox_is_warned_of(cohort, tmp_path, capsys):
    assert grade([cohort], tmp_path / "out", Options(**FAST, cluster="somewhere", sandbox=Mode.NONE)) == WRONG_USAGE
    assert "The students' code runs as you" in capsys.readouterr().err


@pytest.fixture
def readable(monkeypatch):
    """Have every result read as it is."""
    monkeypatch.setattr(dask_module, "read_entry", lambda result: result)


def test_a_lost_result_is_waited_for_as_long_as_there_are_workers(readable, monkeypatch):
    monkeypatch.setattr(dask_module, "WITHOUT_WORKERS", 0)
    assert dask_module.entry_in(Scheduler(1), LostResult(50), nothing) == "the entry"


def test_a_lost_result_is_given_up_if_no_worker_comes_back(readable, monkeypatch):
    monkeypatch.setattr(dask_module, "WITHOUT_WORKERS", 0.01)
    with pytest.raises(TimeoutError, match=r"no worker is left, and none came back within 0\.01 s"):
        dask_module.entry_in(Scheduler(1, 1, 0), LostResult(10**9), nothing)


@pytest.mark.parametrize("error", [ZeroDivisionError("our fault"), OSError("disk full"), TimeoutError("too slow")])
def test_a_lost_result_whose_second_task_fails_is_that_tasks_error(readable, error):
    assert dask_module.entry_in(Scheduler(1), LostResult(3, error), nothing) is error
