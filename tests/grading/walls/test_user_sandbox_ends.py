"""Behind the walls of another user nothing outlives its exercise, however the exercise ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys

import pytest

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls import site as site_module
from ncl_course.grading.walls import users
from ncl_course.grading.walls.process import Limits, LostError
from ncl_course.grading.walls.site import Site
from tests.grading.walls.test_ordinary_user import REPO
from tests.patience import PATIENCE, until

LIMITS = Limits(cpu=2, memory_mb=400)

DAEMON = """\
import os, signal, time
for number in range(4):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in set(range(1, 32)) - {signal.SIGKILL, signal.SIGSTOP}:
                signal.signal(number, signal.SIG_IGN)
            while True:
                time.sleep(1)
        os._exit(0)
"""


def processes_of(uids):
    """Return the numbers of all processes on this machine that have one of these users."""
    listing = subprocess.run(["ps", "-eo", "uid=,pid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    return [int(pid) for uid, pid, state in rows if int(uid) in uids and not state.startswith("Z")]


def demand_none_left(uids):
    """Check that all processes of these users end; without a fork server nothing waits until the kernel is done."""
    until(lambda: processes_of(uids) == [], "all processes of these users have ended")


@pytest.fixture
def taken(monkeypatch):
    """Return the users that were taken in this test; other tests may run beside it."""
    uids = set()

    def claim(numbers):
        user = users.claim(numbers)
        uids.add(user.uid)
        return user

    monkeypatch.setattr(site_module, "claim", claim)
    return uids


@pytest.fixture
def site(forking_user_walls):
    """Return a site with these walls, behind which new processes are not refused."""
    with Site(forking_user_walls) as made:
        yield made


def cell(process, source):
    """Run a cell, and return its exception."""
    request = {"do": "cell", "number": 1, "source": source, "cpu": 2.0}
    return process.ask(request, wall=PATIENCE, cpu=2.0)[0]["raised"]


def test_what_a_worker_leaves_behind_ends_with_it(site, taken):
    process = site.start(0, LIMITS, 1)
    assert cell(process, DAEMON) is None
    assert len(processes_of(taken)) > 1
    site.end(process)
    assert processes_of(taken) == []


def test_when_a_worker_ends_by_itself_those_that_it_started_end_too(site, taken):
    process = site.start(0, LIMITS, 1)
    with pytest.raises(LostError, match=r"exit status 3"):
        cell(process, DAEMON + "os._exit(3)")
    assert processes_of(taken) == []
    with pytest.raises(LostError, match=r"exit status 3"):
        process.ask({"do": "nothing"}, wall=5)
    site.end(process)


ENDS = {
    "segfault": ("import ctypes\nctypes.string_at(0)", Verdict.KILLED, "SIGSEGV"),
    "suicide": ("import os\nos.kill(os.getpid(), 9)", Verdict.KILLED, "SIGKILL"),
    "loop": ("while True: pass", Verdict.TIMEOUT, "more than 2 s"),
    "kills all": ("import os\ntry:\n    os.kill(-1, 9)\nexcept OSError:\n    os.abort()", Verdict.KILLED, "SIGABRT"),
    "a refused call": ("import os\nos.execv('/python/bin/python3', ['x'])\n", None, ""),
}


def demand_a_well_one(site):
    """Check that the next worker works as usual."""
    fresh = site.start(0, LIMITS, 1)
    assert cell(fresh, "raise KeyError(1)")[0] == "KeyError"
    site.end(fresh)


@pytest.mark.parametrize(("source", "verdict", "note"), ENDS.values(), ids=ENDS)
def test_how_a_worker_ends_is_said_and_the_next_one_is_well(site, source, verdict, note):
    process = site.start(0, LIMITS, 1)
    if verdict is None:
        assert cell(process, source)[0] == "PermissionError"
    else:
        with pytest.raises(LostError, match=note) as lost:
            cell(process, source)
        assert lost.value.verdict is verdict
    site.end(process)
    demand_a_well_one(site)


def test_a_lost_fork_server_is_our_fault_and_leaves_nothing_either(site, taken):
    process = site.start(0, LIMITS, 1)
    assert cell(process, DAEMON) is None
    os.kill(site.servers[0, False].spawned.popen.pid, signal.SIGKILL)
    with pytest.raises(SandboxError, match="fork server"):
        process.life.end(patience=0)
    demand_none_left(taken)
    site.end(process)
    demand_a_well_one(site)


def test_stopping_a_run_ends_everything(site, taken):
    process = site.start(0, LIMITS, 1)
    assert cell(process, DAEMON) is None
    site.end_all()
    demand_none_left(taken)
    site.end(process)


def test_the_next_run_of_a_process_has_other_users(user_walls, taken):
    for _run in range(2):
        with Site(user_walls) as made:
            made.end(made.start(0, LIMITS, 1))
    assert len(taken) == 2, "the dead of the first run may still count against the limit of the second"


KILLED = """
import os, sys
from pathlib import Path
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.sandbox import PARTS
from ncl_course.grading.walls.user_walls import user_walls
PARTS["ncl_course/grading/inside"] = Path(sys.argv[3])
site = Site(user_walls(Path(sys.argv[1])))
process = site.start(0, Limits(), 1)
process.ask({"do": "cell", "number": 1, "source": sys.argv[2], "cpu": 5.0}, wall=600)
print(site.servers[0, False].user.uid, flush=True)
os.kill(os.getpid(), 9)
"""


def test_when_the_grader_is_killed_its_workers_end(inside_with_forks, user_walls, tmp_path):
    command = [sys.executable, "-c", KILLED, str(tmp_path), DAEMON, str(inside_with_forks)]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False)
    shutil.rmtree(tmp_path / "tree")  # it is large
    assert done.returncode == -signal.SIGKILL, done.stderr
    taken = {int(done.stdout)}
    demand_none_left(taken)
