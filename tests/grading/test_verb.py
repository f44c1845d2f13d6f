"""The whole command: statuses, files, resuming, stopping, and scores that depend on nothing but the code."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from ncl_course.grading import terminal
from ncl_course.grading import verb as module
from ncl_course.grading.gradebook import load
from ncl_course.grading.options import Options
from ncl_course.grading.plain import plain
from ncl_course.grading.term.remembered import known
from ncl_course.grading.verb import FINE, INTERRUPTED, SOME_UNGRADED, WRONG_USAGE, grade
from ncl_course.grading.walls import usable as usable_module
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode
from ncl_course.grading.walls.usable import Usable
from tests.grading.conftest import write_notebook
from tests.patience import PATIENCE, until
from tests.submissions.hostile import in_backward, in_forward
from tests.submissions.make import FOLDER
from tests.submissions.pooling import AVG, MAX, MAX_MISTAKES, SETUP, SIZE, changed

REPO = Path(__file__).parents[2]
TIMES = ("seconds", "cpu")
FAST = {"timeout": 1.0, "memory": 400, "seed": 7}


@pytest.fixture
def cohort(tmp_path):
    """Make a folder of four students."""
    folder = tmp_path / "cohort"
    write_notebook(folder / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    write_notebook(folder / "boris" / "01_pooling.ipynb", SETUP, SIZE, changed(MAX, MAX_MISTAKES["starts-at-zero"]))
    write_notebook(folder / "clara" / "01_pooling.ipynb", SETUP, SIZE, in_backward("import os\nos._exit(0)"))
    write_notebook(folder / "dima" / "01_pooling.ipynb", SETUP, MAX, AVG)
    return folder


def scores(out):
    """Return everything in the results that must not depend on the course of the run."""
    return without_seconds(json.loads((out / "results.json").read_text(encoding="utf-8")))


def without_seconds(content):
    """Return the entries of results, without the times that each and its exercises have taken."""
    return [
        {key: untimed(value) for key, value in entry.items() if key not in TIMES} for entry in content["submissions"]
    ]


def untimed(value):
    """Return a part of an entry without its times."""
    whole = value if isinstance(value, list) else []
    exercises = [one for one in whole if isinstance(one, dict)]
    return [{key: one[key] for key in one if key not in TIMES} for one in exercises] if exercises else value


def options(**more):
    """Return options for a quick run."""
    return Options(**{**FAST, **more})


@pytest.mark.bwrap
def test_a_cohort_is_graded_into_the_files_of_the_contract(cohort, tmp_path, walls, capsys):
    out = tmp_path / "out"
    assert grade([cohort], out, options()) == FINE
    content = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert (content["schema"], content["seed"]) == (1, 7)
    assert [(s["student"], s["score"]) for s in content["submissions"]] == [
        ("anna", 9.0),
        ("boris", 3.5),
        ("clara", 2.5),
        ("dima", 8.0),
    ]
    for entry in content["submissions"]:
        assert {"student", "lesson", "file", "status", "score", "max_score", "seconds", "exercises"} <= entry.keys()
        assert entry["score"] == sum(one["score"] for one in entry["exercises"])
        for one in entry["exercises"]:
            assert {"exercise", "score", "max_score", "verdict", "misconceptions", "message", "parts"} <= one.keys()
            assert all({"part", "score", "max_score", "verdict"} <= part.keys() for part in one["parts"])
    assert content["submissions"][1]["exercises"][1]["misconceptions"] == ["MaxPool2d.starts-at-zero"]
    files = "feedback gradebook.csv grades.csv history.json items.csv items.html report.html results.json"
    assert sorted(path.name for path in out.iterdir()) == files.split()
    assert sorted(path.stem for path in (out / "feedback").iterdir()) == ["anna", "boris", "clara", "dima"]
    assert "Graded 4 of 4 submissions" in capsys.readouterr().out


@pytest.mark.bwrap
def test_one_job_and_four_give_the_same_results(cohort, tmp_path, walls):
    for jobs in (1, 4):
        assert grade([cohort], tmp_path / str(jobs), options(jobs=jobs)) == FINE
    assert scores(tmp_path / "1") == scores(tmp_path / "4")


@pytest.mark.bwrap
def test_the_cohort_of_this_repository_is_the_same_in_any_order(tmp_path, walls):
    some = [
        FOLDER / name for name in ("right_windows", "mistake_stale_cache", "unfinished", "not_json", "exit_in_cell")
    ]
    assert grade(some, tmp_path / "a", options(jobs=2)) == SOME_UNGRADED
    assert grade(some[::-1], tmp_path / "b", options(jobs=3)) == SOME_UNGRADED
    assert scores(tmp_path / "a") == scores(tmp_path / "b")


@pytest.mark.bwrap
def test_resuming_grades_only_what_is_missing_and_ends_in_the_same_scores(cohort, tmp_path, walls, monkeypatch):
    assert grade([cohort], tmp_path / "whole", options()) == FINE
    out = tmp_path / "parts"
    assert grade([cohort / "anna" / "01_pooling.ipynb", cohort / "boris" / "01_pooling.ipynb"], out, options()) == FINE
    graded = []
    attempt = module.Grader.attempt
    monkeypatch.setattr(
        module.Grader, "attempt", lambda self, s, slot: graded.append(s.student) or attempt(self, s, slot)
    )
    assert grade([cohort], out, options(resume=True, seed=None)) == FINE
    assert graded == ["clara", "dima"]
    assert scores(out) == scores(tmp_path / "whole")


@pytest.mark.bwrap
def test_resuming_with_another_seed_is_wrong_usage(cohort, tmp_path, walls, capsys):
    assert grade([cohort / "dima"], tmp_path / "out", options()) == FINE
    assert grade([cohort], tmp_path / "out", options(resume=True, seed=8)) == WRONG_USAGE
    assert "uses the recorded seed 7, not 8" in capsys.readouterr().err


@pytest.mark.bwrap
def test_a_seed_that_is_not_given_is_a_secret_one_and_recorded(cohort, tmp_path, walls):
    seeds = set()
    for name in ("a", "b"):
        grade([cohort / "dima"], tmp_path / name, options(seed=None))
        seeds.add(json.loads((tmp_path / name / "results.json").read_text())["seed"])
    assert len(seeds) == 2
    assert min(seeds) > 10**6


@pytest.mark.bwrap
@pytest.mark.parametrize("seed", [None, 7])
def test_a_seed_that_is_given_is_called_public_in_the_terminal_the_results_and_the_report(
    cohort, tmp_path, walls, capsys, seed
):
    grade([cohort / "dima"], tmp_path / "out", options(seed=seed))
    said, page = capsys.readouterr().err, (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    results = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert results.get("public_seed", False) is (seed is not None)
    assert ["it counts as public" in words for words in (said, page)] == [seed is not None] * 2
    grade([cohort / "dima"], tmp_path / "out", options(seed=None, resume=True))
    assert ("it counts as public" in capsys.readouterr().err) is (seed is not None)


@pytest.mark.bwrap
def test_an_earlier_runs_results_are_not_lost_without_resume(cohort, tmp_path, walls, capsys):
    out = tmp_path / "out"
    grade([cohort / "dima"], out, options(resume=True))
    assert f"There are no results in {out} to continue from" in capsys.readouterr().err
    (out / "feedback" / "notes.html").write_text("mine")
    grade([cohort / "anna"], out, options())
    assert "dima" in (out / "results.previous.json").read_text()
    assert f"are now in {out / 'results.previous.json'}" in capsys.readouterr().err
    assert {page.name for page in (out / "feedback").iterdir()} == {"anna.html", "notes.html"}


@pytest.mark.bwrap
def test_two_notebooks_of_one_student_count_once_and_both_are_named(tmp_path, walls):
    folder = tmp_path / "cohort"
    write_notebook(folder / "anna" / "01_pooling.ipynb", SETUP, SIZE)
    write_notebook(folder / "anna" / "01_pooling-Copy1.ipynb", SETUP, SIZE, MAX)
    assert grade([folder], tmp_path / "out", options()) == FINE
    (entry,) = scores(tmp_path / "out")
    assert (entry["file"], entry["score"]) == ("anna/01_pooling-Copy1.ipynb", 5.0)
    assert [other["file"] for other in entry["also"]] == ["anna/01_pooling.ipynb"]
    assert "anna/01_pooling.ipynb" in (tmp_path / "out" / "feedback" / "anna.html").read_text()


@pytest.mark.bwrap
def test_a_students_name_cannot_leave_the_folder(tmp_path, walls):
    folder = tmp_path / "cohort"
    for name in ("..evil", "=cmd", "a\\..\\b", "<b>x", "Ёж"):
        write_notebook(folder / name / "01_pooling.ipynb", SETUP)
    assert grade([folder], tmp_path / "out", options()) == FINE
    pages = list((tmp_path / "out" / "feedback").iterdir())
    assert len(pages) == 5
    assert all(page.is_file() and page.suffix == ".html" for page in pages)
    assert "'=cmd" in (tmp_path / "out" / "grades.csv").read_text()
    assert "<b>x" not in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.bwrap
def test_a_fault_of_ours_is_tried_again_and_then_named_and_costs_nobody_else(
    cohort, tmp_path, walls, monkeypatch, capsys
):
    calls = []

    def faulty(self, submission, *_rest):
        calls.append(submission.student)
        if submission.student == "boris" or calls.count("anna") == 1:
            raise ZeroDivisionError("our fault")
        return attempt(self, submission, *_rest)

    attempt = module.Grader.graded
    monkeypatch.setattr(module.Grader, "graded", faulty)
    assert grade([cohort], tmp_path / "out", options()) == SOME_UNGRADED
    found = {entry["student"]: (entry["status"], entry["score"]) for entry in scores(tmp_path / "out")}
    assert found["anna"] == ("graded", 9.0)
    assert found["boris"] == ("error", None)
    assert calls.count("boris") == 2
    assert "Not graded: boris/01_pooling.ipynb (error): ZeroDivisionError: our fault" in capsys.readouterr().err


@pytest.mark.bwrap
def test_what_only_the_clock_spoke_against_is_tried_once_more_when_all_else_is_done(
    cohort, tmp_path, walls, monkeypatch
):
    write_notebook(cohort / "aaron" / "01_pooling.ipynb", SETUP, SIZE, in_forward("import time\ntime.sleep(60)"), AVG)
    graded = []
    attempt = module.Grader.attempt

    def noted(self, submission, slot):
        who.student = submission.student
        graded.append(submission.student)
        return attempt(self, submission, slot)

    monkeypatch.setattr(module.Grader, "attempt", noted)
    who = threading.local()  # only aaron has to be quick
    monkeypatch.setattr(
        Limits, "wall", property(lambda _limits: 8.0 if getattr(who, "student", "") == "aaron" else PATIENCE)
    )
    assert grade([cohort], tmp_path / "out", options(timeout=1.0, jobs=2)) == FINE
    assert (graded.count("aaron"), graded[-1], len(graded)) == (2, "aaron", 6)
    (record,) = (entry for entry in scores(tmp_path / "out") if entry["student"] == "aaron")
    assert [one["verdict"] for one in record["exercises"]] == ["passed", "timeout", "passed"]


@pytest.mark.bwrap
def test_russian_is_spoken_where_it_is_asked_for(cohort, tmp_path, walls, capsys):
    assert grade([cohort / "boris"], tmp_path / "out", options(lang="ru")) == FINE
    assert "Проверено работ: 1 из 1" in capsys.readouterr().out
    assert "максимум не опускается ниже 0" in (tmp_path / "out" / "feedback" / "boris.html").read_text()


def test_without_a_sandbox_it_refuses_with_the_fix(cohort, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(usable_module, "best", lambda _folder: Usable(why="no namespaces", fix="do this"))
    assert grade([cohort], tmp_path / "out", options()) == WRONG_USAGE
    said = capsys.readouterr().err
    assert "No usable sandbox: no namespaces" in said
    assert "do this" in said
    assert "--sandbox none" in said
    assert not (tmp_path / "out").exists()


def test_without_walls_it_says_loudly_what_is_given_up(cohort, tmp_path, capsys):
    assert grade([cohort / "dima"], tmp_path / "out", options(sandbox=Mode.NONE)) == FINE
    said = capsys.readouterr().err
    assert "WARNING: --sandbox none" in said
    assert "your files, your network and your rights" in said
    assert scores(tmp_path / "out")[0]["score"] == 8.0


@pytest.mark.parametrize(
    ("total", "seconds", "said"),
    [
        (40, 0.0, [10, 20, 30]),
        (8, 0.0, []),
        (8, 10.0, [3, 6]),
        (3, 31.0, [1, 2]),
        (20, 31.0, [*range(1, 20)]),
        (1, 99.0, []),
    ],
)
def test_without_a_terminal_a_line_is_printed_now_and_then(capsys, monkeypatch, total, seconds, said):
    monkeypatch.setattr(terminal.time, "monotonic", lambda: moment[0])
    moment = [0.0]
    with terminal.progress(total) as advance:
        for _ in range(total):
            moment[0] += seconds
            advance()
    assert capsys.readouterr().err.splitlines() == [f"Graded so far: {done} of {total}" for done in said]


def test_nothing_to_grade_is_wrong_usage(tmp_path, capsys):
    assert grade([tmp_path / "nowhere"], tmp_path / "out", options()) == WRONG_USAGE
    assert "There is no" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_wrong_usage(cohort, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert grade([cohort], tmp_path / "file" / "out", options(sandbox=Mode.NONE)) == WRONG_USAGE
    assert "Cannot write to" in capsys.readouterr().err


RUN = """
import signal, sys
from pathlib import Path
from ncl_course.grading.options import Options
from ncl_course.grading.term.plan import Wanted
from ncl_course.grading.verb import grade
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background jobs ignore it
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # so does nohup
beside = Wanted(roster=Path(sys.argv[3]))
sys.exit(grade([Path(sys.argv[1])], Path(sys.argv[2]), Options(2, timeout=600.0, memory=400, seed=7, beside=beside)))
"""


@pytest.fixture
def running(cohort, tmp_path, walls):
    """Start a grader in a separate process, which waits for a slow student after it has graded the others."""
    write_notebook(cohort / "zoe" / "01_pooling.ipynb", "while True:\n    pass")
    roster = tmp_path / "roster.csv"
    roster.write_text("name,section\nzoe,A\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(RUN), cohort, tmp_path / "out", roster],
        cwd=REPO,
        text=True,
        stderr=subprocess.PIPE,
    )
    until(lambda: len((load(tmp_path / "out") or load_nothing()).entries) >= 4, "four students are graded")
    yield process
    process.kill()
    process.communicate()


def load_nothing():
    """Return the files before the first result."""
    return type("Nothing", (), {"entries": {}})()


def descendants(pid):
    """Return all processes below that one."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in listing.splitlines()]
    below = {pid}
    for _ in range(8):
        below |= {child for child, parent in pairs if parent in below}
    return below - {pid}


def alive(pids):
    """Return which of these processes still run."""
    listing = subprocess.run(["ps", "-eo", "pid=,stat="], capture_output=True, text=True, check=True).stdout
    states = dict(line.split() for line in listing.splitlines())
    return {pid for pid in pids if str(pid) in states and not states[str(pid)].startswith("Z")}


@pytest.mark.bwrap
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_and_its_like_write_what_there_is_and_say_so(running, cohort, tmp_path, number):
    running.send_signal(number)
    _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == INTERRUPTED
    assert "Stopped: 4 of 5 graded, go on with --resume." in said
    assert len(scores(tmp_path / "out")) == 4
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.bwrap
def test_a_killed_grader_leaves_results_that_can_be_read_and_resumed(running, cohort, tmp_path):
    running.send_signal(signal.SIGKILL)
    running.wait(PATIENCE)
    assert json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["schema"] == 1
    there = load(tmp_path / "out").results()  # the journal holds the entries that the file does not hold yet
    before = without_seconds({"submissions": plain(there.submissions)})
    assert len(before) == 4
    (cohort / "zoe" / "01_pooling.ipynb").unlink()
    assert grade([cohort], tmp_path / "out", options(resume=True, seed=None, timeout=600.0)) == FINE
    assert scores(tmp_path / "out") == before
    assert known(tmp_path / "out", None, None).roster.sections == ("A",), "what it was given is remembered"


@pytest.mark.bwrap
def test_nothing_of_a_killed_grader_runs_on(running):
    workers = descendants(running.pid)
    assert workers
    os.kill(running.pid, signal.SIGKILL)
    running.wait(PATIENCE)
    until(lambda: alive(workers) == set(), "the killed grader's workers have ended")


def test_a_key_that_is_not_there_is_told_before_earlier_results_are_touched(cohort, tmp_path, walls):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "results.json").write_text("mine")
    assert grade([cohort], tmp_path / "out", options(key=tmp_path / "nowhere")) == WRONG_USAGE
    assert (tmp_path / "out" / "results.json").read_text() == "mine"
