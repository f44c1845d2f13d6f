"""Hostile notebooks behind the walls of another user: each gets the verdict that it gets behind bubblewrap's."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import tomllib
from pathlib import Path

import pytest

from ncl_course.grading.executor import LocalExecutor
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.user_walls import user_walls as build
from tests.grading.conftest import SEED, marked, write_notebook
from tests.grading.walls.test_user_sandbox_ends import DAEMON, demand_none_left, taken
from tests.submissions.attacks import ATTACKS
from tests.submissions.hostile import FORK_BOMB, IGNORES_SIGNALS, MEMORY_BOMB, WRONG_UNLESS, in_forward
from tests.submissions.make import FOLDER
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

__all__ = ["taken"]  # a fixture

LIMITS = Limits(cpu=1, memory_mb=400)
KNOWN = [
    *("reads_files", "network", "writes_files", "imports_oracles", "exit_in_forward", "segfault", "flood"),
    *("fork_bomb", "memory_bomb", "loop_ignores_signals", "forge_takes_over", "forge_late", "forge_descriptors"),
    *("exhaust_big_file", "exhaust_threads", "exhaust_children_burn", "exhaust_stops_itself", "cheat_reads_sources"),
    *(name for name in sorted(ATTACKS) if name.startswith(("escape_", "persist_"))),
]


@pytest.fixture(scope="module")
def grader(user_walls):
    """Return a grader behind these walls, with small limits."""
    with Site(user_walls) as site:
        yield Grader(site, SEED, LIMITS)


def marks(record):
    """Return the verdicts on each exercise's parts."""
    return {one.exercise: [part.verdict for part in one.parts] for one in record.exercises}


@pytest.mark.parametrize("name", [marked(name) for name in KNOWN])
def test_a_hostile_notebook_gets_the_same_verdicts_as_behind_bubblewrap(name, grader):
    (submission,) = collect([FOLDER / name])
    right = tomllib.loads((FOLDER / name / "expected.toml").read_text(encoding="utf-8"))
    record = grader(submission, 0)
    wanted = {exercise: list(one["parts"].values()) for exercise, one in right["exercises"].items()}
    assert (record.status, marks(record)) == (right["status"], wanted), record
    assert record.score == right["score"]


def attacked(grader, tmp_path, code):
    """Return the verdicts on MaxPool2d, which is right only if that cell fills ``loot``."""
    path = write_notebook(tmp_path / "eve" / "01_pooling.ipynb", SETUP, SIZE, f"loot = []\n{code}", WRONG_UNLESS, AVG)
    got = marks(grader(Submission("eve", path, "eve/01_pooling.ipynb"), 0))
    assert (got["pool_output_size"], got["AvgPool2d"]) == (["passed"], ["passed", "passed"])
    return got["MaxPool2d"]


NO_LOOT = ["failed", "missing"]


@pytest.fixture
def marks_folder():
    """Make marks and sources that anyone on the machine may read and change: only the walls protect them."""
    folder = Path(tempfile.mkdtemp(prefix="ncl-course-test-"))
    folder.chmod(0o777)
    for name in ("results.json", "test_pooling.py", "solution.ipynb"):
        (folder / name).write_text("as it was")
        (folder / name).chmod(0o666)
    yield folder
    shutil.rmtree(folder)


TAKES_FILES = """
import os
for name in ("results.json", "test_pooling.py", "solution.ipynb"):
    for path in (os.path.join({folder!r}, name), os.path.join("/../../../..{folder}", name)):
        for mode in ("r", "w", "a", "r+"):
            try:
                with open(path, mode) as file:
                    loot.append(file.read() if mode == "r" else file.write("all points to eve"))
            except OSError:
                pass
        if os.path.exists(path):
            loot.append(path)
try:
    loot += os.listdir({folder!r})
except OSError:
    pass
"""


def test_marks_tests_and_solutions_can_neither_be_read_nor_written(grader, tmp_path, marks_folder):
    assert attacked(grader, tmp_path, TAKES_FILES.format(folder=str(marks_folder))) == NO_LOOT
    assert {path.read_text() for path in marks_folder.iterdir()} == {"as it was"}
    assert len(list(marks_folder.iterdir())) == 3


def test_files_are_as_closed_where_the_kernel_has_no_landlock(user_walls, tmp_path, marks_folder):
    folder = tmp_path / "walls"
    walls = build(folder)
    inside = folder / "tree" / "room" / "ncl_course" / "grading" / "inside" / "landlock.py"
    inside.write_text(inside.read_text() + "\n\ndef version() -> int:\n    return 0\n")
    with Site(walls) as site:
        grader = Grader(site, SEED, LIMITS)
        assert attacked(grader, tmp_path, TAKES_FILES.format(folder=str(marks_folder))) == NO_LOOT
        for name in ("writes_files", "network", "escape_sockets", "persist_files"):
            assert marks(grader(collect([FOLDER / name])[0], 0))["MaxPool2d"] == NO_LOOT, name
    shutil.rmtree(folder)  # it is large


SPEAKS = """
import socket
tries = (
    lambda: socket.create_connection(("127.0.0.1", {tcp}), timeout=1).send(b"marks"),
    lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"marks", ("127.0.0.1", {udp})),
    lambda: socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"marks", "\\0ncl-course-test-eve"),
    lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"marks", "\\0ncl-course-test-eve"),
)
for one in tries:
    try:
        loot.append(one())
    except OSError:
        pass
"""


def test_neither_tcp_udp_nor_an_abstract_socket_of_the_machine_is_reached(grader, tmp_path):
    with (
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract,
    ):
        udp.bind(("127.0.0.1", 0))
        abstract.bind("\0ncl-course-test-eve")
        code = SPEAKS.format(tcp=tcp.getsockname()[1], udp=udp.getsockname()[1])
        assert attacked(grader, tmp_path, code) == NO_LOOT
        for listening in (tcp, udp, abstract):
            listening.setblocking(False)
            with pytest.raises(BlockingIOError, match="unavailable"):
                listening.accept() if listening is tcp else listening.recv(10)


REACHES = """
import os, signal
for pid in {pids}:
    for number in (0, signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        try:
            os.kill(pid, number)
            loot.append(pid)
        except OSError:
            pass
    for name in ("environ", "mem", "cmdline", "maps", "fd"):
        if os.path.exists(f"/proc/{{pid}}/{{name}}"):
            loot.append(name)
for act in (lambda: os.setpriority(os.PRIO_PROCESS, {pids}[0], 19), lambda: os.sched_setaffinity({pids}[0], {{0}})):
    try:
        loot.append(act() or "slower")
    except OSError:
        pass
"""


def test_the_grader_and_its_fork_server_cannot_be_signalled_read_or_slowed(grader, tmp_path):
    attacked(grader, tmp_path, "")
    pids = [os.getpid(), *(server.spawned.popen.pid for server in grader.site.servers.values())]
    assert attacked(grader, tmp_path, REACHES.format(pids=pids)) == NO_LOOT


@pytest.mark.clock
def test_neighbours_of_the_worst_keep_their_marks_and_nothing_is_left(user_walls, taken, tmp_path):
    worst = {
        "bomb": (SETUP, SIZE, in_forward(FORK_BOMB), AVG),
        "daemon": (SETUP, DAEMON, SIZE, MAX, AVG),
        "hoard": (SETUP, SIZE, in_forward(MEMORY_BOMB), AVG),
        "loop": (SETUP, SIZE, in_forward(IGNORES_SIGNALS), AVG),
    }
    for name, cells in worst.items():
        write_notebook(tmp_path / f"{name}" / "01_pooling.ipynb", *cells)
        write_notebook(tmp_path / f"{name}s_neighbour" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    with Site(user_walls) as site:
        grader = Grader(site, SEED, LIMITS)
        records = dict(LocalExecutor(grader, 2, site.end_all).run(collect([tmp_path])))
        scores = {submission.student: record.score for submission, record in records.items()}
        demand_none_left(taken)
    assert {scores[f"{name}s_neighbour"] for name in worst} == {9.0}
    assert (scores["daemon"], scores["bomb"], scores["hoard"], scores["loop"]) == (9.0, 5.0, 5.0, 5.0)
