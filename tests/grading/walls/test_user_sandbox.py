"""The walls of another user: code behind them can see and do little, and ``auto`` takes them if bubblewrap fails."""

from __future__ import annotations

import ast
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import ncl_course.nn
from ncl_course.grading.errors import SandboxError
from ncl_course.grading.inside import landlock
from ncl_course.grading.walls import users
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import PARTS, Mode
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import usable_as_user, walls_for
from ncl_course.grading.walls.user_walls import user_walls as build
from tests.grading.conftest import write_notebook
from tests.grading.container import in_container
from tests.grading.walls.test_ordinary_user import REPO
from tests.patience import PATIENCE
from tests.submissions.hostile import READS_FILES, WRONG_UNLESS
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

LIMITS = Limits(cpu=5, memory_mb=400)


@pytest.fixture(scope="module")
def site(user_walls):
    """Return a site with these walls."""
    with Site(user_walls) as made:
        yield made


@pytest.fixture
def inside(site):
    """Evaluate an expression behind the walls, in a fresh worker each time."""

    def evaluate(expression, setup="", slot=0):
        process = site.start(slot, LIMITS, 1)
        try:
            source = f"import os, sys, ctypes\n{setup}\nraise RuntimeError(repr({expression}))"
            request = {"do": "cell", "number": 1, "source": source, "cpu": 5.0}
            kind, message, _ = process.ask(request, wall=PATIENCE)[0]["raised"]
            assert kind == "RuntimeError", message
            return ast.literal_eval(message)
        finally:
            site.end(process)

    return evaluate


def number_of(process):
    """Return a worker's number on this machine."""
    source = "import os\nraise KeyError(os.getpid())"
    answer, _ = process.ask({"do": "cell", "number": 1, "source": source, "cpu": 5.0}, wall=PATIENCE)
    return int(answer["raised"][1])


def refused(*tries):
    """Return code that leaves in ``done`` each of these statements that was not refused."""
    lines = ["done = []"]
    for one in tries:
        lines += [f"try:\n    {one}\n    done.append({one!r})", "except (OSError, ValueError):\n    pass"]
    return "\n".join(lines)


def test_it_sees_copies_of_what_python_needs_and_nothing_else(inside):
    assert set(inside("os.listdir('/')")) <= {"desk", "dev", "lib", "lib64", "python", "room"}
    assert set(inside("os.listdir('/room')")) <= {"numpy", "numpy.libs", "ncl_course"}
    assert inside("os.listdir('/room/ncl_course/grading')") == ["inside"]
    assert set(inside("os.listdir('/dev')")) <= {"null", "zero", "random", "urandom"}


def test_its_files_are_copies_that_only_root_could_change(user_walls):
    tree = Path(user_walls.command[1])
    paths = [Path(folder, name) for folder, folders, names in os.walk(tree) for name in (*folders, *names)]
    files = [path for path in paths if path.is_file()]
    assert len(files) > 1_000
    assert not [path for path in paths if path.is_symlink() or path.stat().st_uid != 0]
    assert not [path for path in files if path.stat().st_mode & 0o022 or path.stat().st_nlink > 1]
    assert not [path for path in paths if "torch" in path.name or path.name.endswith("-packages")]
    assert not tree.parent.stat().st_mode & 0o077, "others cannot even come near"


def test_its_copies_are_as_old_as_the_originals_so_that_python_uses_their_bytecode(user_walls):
    room = Path(user_walls.command[1], "room")
    for package in (Path(np.__file__).parent, Path(ncl_course.nn.__file__).parent):
        copy = room / ("numpy" if package.name == "numpy" else "ncl_course/nn") / "__init__.py"
        assert copy.stat().st_mtime_ns == (package / "__init__.py").stat().st_mtime_ns


@pytest.mark.parametrize(
    "path", ["/root", "/home", "/proc", "/tmp", "/etc/passwd", "/usr", os.getcwd(), sys.executable]
)
def test_it_cannot_even_ask_whether_something_else_is_there(inside, path):
    assert inside(f"os.path.exists({path!r})") is False


def test_it_has_a_user_of_its_own_and_no_rights(site, inside):
    first, second = inside("os.getresuid() + os.getresgid()"), inside("os.getresuid() + os.getresgid()")
    assert len(set(first)) == len(set(second)) == 1
    assert first != second
    assert users.FIRST <= first[0] < users.FIRST + 2 * users.PAIRS
    assert inside("os.getgroups()") == []
    process = site.start(0, LIMITS, 1)
    status = Path(f"/proc/{number_of(process)}/status").read_text(encoding="ascii").splitlines()
    site.end(process)
    assert {int(line.split()[1], 16) for line in status if line.startswith("Cap")} == {0}
    assert inside("ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)") == 1, "programs may gain rights"


def test_outside_its_working_folder_it_writes_nowhere_and_makes_nothing(inside):
    places = ("", "/desk", "..", "../..", "/dev", "/room", "/python", "/room/ncl_course/grading")
    tries = [f"open('{folder}/x', 'w')" for folder in places]
    tries += ["os.mkdir('../x')", "os.chmod('..', 0o777)", "os.listdir('..')", "os.listdir('/desk')"]
    tries += ["os.mkdir('/x')", "os.symlink('/', '/x')", "os.mkfifo('/x')", "os.truncate('/room/numpy/version.py', 0)"]
    tries += ["os.chmod('/room', 0o777)", "os.rename('/room', '/x')", "os.remove('/dev/null')", "os.mknod('/x')"]
    assert inside("done", refused(*tries)) == []


def test_it_makes_no_socket_of_any_kind(inside):
    kinds = [f"socket.socket(socket.{family}, socket.{kind})" for family, kind in FAMILIES]
    assert inside("done", "import socket\n" + refused(*kinds, "socket.socketpair()", "os.fstat(3)")) == ["os.fstat(3)"]


FAMILIES = [
    ("AF_INET", "SOCK_STREAM"),
    ("AF_INET", "SOCK_DGRAM"),
    ("AF_INET6", "SOCK_DGRAM"),
    ("AF_UNIX", "SOCK_STREAM"),
    ("AF_UNIX", "SOCK_DGRAM"),
    ("AF_NETLINK", "SOCK_RAW"),
    ("AF_VSOCK", "SOCK_STREAM"),
]


def test_it_runs_no_program_and_enters_no_other_place(inside):
    tries = ["os.execv('/python/bin/python3', ['python3', '-c', ''])", "os.chroot('/room')", "os.setuid(0)"]
    assert inside("done", refused(*tries)) == []
    spaces = [1 << bit for bit in (17, 25, 26, 27, 28, 29, 30)]
    setup = f"libc = ctypes.CDLL(None)\nleft = [kind for kind in {spaces} if libc.unshare(kind) == 0]"
    assert inside("left", setup) == []


def test_it_can_still_start_threads_and_import_late(inside):
    setup = (
        "import threading, sqlite3, ssl, lzma, numpy.fft, numpy.ma\n"
        "seen = []\nthread = threading.Thread(target=seen.append, args=(1,))\nthread.start()\nthread.join()"
    )
    assert inside("(seen, float(abs(numpy.fft.fft([1, 2])).sum()))", setup) == ([1], 4.0)


def test_two_workers_at_a_time_cannot_signal_one_another_nor_the_grader(site, inside):
    other = site.start(1, LIMITS, 1)
    pids = [
        number_of(other),
        os.getpid(),
        site.servers[0, False].spawned.popen.pid,
        site.servers[1, False].spawned.popen.pid,
    ]
    assert inside("done", refused(*[f"os.kill({pid}, 9)" for pid in pids])) == []
    inside("None", "try: os.kill(-1, 9)\nexcept OSError: pass")
    assert other.ask({"do": "nothing"}, wall=PATIENCE) == ({}, [])
    site.end(other)


def test_nobody_else_is_traced_or_read(site, inside):
    for call in (101, 117, 310, 270, 438):  # ptrace, process_vm_readv and pidfd_getfd of two machines
        assert inside(f"ctypes.CDLL(None).syscall({call}, 16, {os.getpid()}, 0, 0, 0, 0)") == -1


def test_the_limit_on_threads_is_its_own_users(site, inside):
    setup = (
        "import threading, time\nstarted = 0\n"
        "while started < 100:\n"
        "    try:\n        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()\n"
        "    except RuntimeError:\n        break\n"
        "    started += 1"
    )
    assert 0 < inside("started", setup) < 20
    assert 0 < inside("started", setup, slot=1) < 20


def test_landlock_is_on_where_the_kernel_has_it(inside):
    if landlock.version() == 0:
        pytest.skip("this kernel has no Landlock")
    assert inside("done", refused("open('/dev/null', 'w').close()")) == ["open('/dev/null', 'w').close()"]


def test_the_claim_of_a_user_is_respected_by_everybody():
    first = users.claim(itertools.count(5))
    second = users.claim(itertools.count(5))
    first.give_back()
    third = users.claim(itertools.count(5))
    second.give_back()
    third.give_back()
    assert first.uid == third.uid != second.uid


def test_a_real_users_id_is_never_taken(monkeypatch):
    user = users.claim(itertools.count(9))
    user.give_back()
    monkeypatch.setattr(users, "known", lambda uid: uid == user.uid + 1)
    other = users.claim(itertools.count(9))
    other.give_back()
    assert other.uid != user.uid


@pytest.fixture
def broken_bwrap(tmp_path, monkeypatch):
    """Make a bubblewrap that fails as it does in a container."""
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def test_auto_takes_it_where_bubblewrap_does_not_run(user_walls, broken_bwrap, tmp_path):
    assert walls_for(Mode.AUTO, tmp_path).mode is Mode.USER
    shutil.rmtree(tmp_path / "tree")  # it is large


def test_auto_takes_bubblewrap_where_that_runs(walls, tmp_path):
    assert walls_for(Mode.AUTO, tmp_path).mode is Mode.BWRAP
    assert list(tmp_path.iterdir()) == [], "nothing was built in vain"


def test_an_ordinary_user_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SandboxError, match="only root can run students' code as another user"):
        build(tmp_path)
    found = usable_as_user(tmp_path)
    assert (found.taken, "needs root" in found.fix) == ("", True)


def test_on_a_machine_without_a_filter_of_system_calls_the_reason_is_named(
    user_walls, inside_without_filter, tmp_path, monkeypatch
):
    monkeypatch.setitem(PARTS, "ncl_course/grading/inside", inside_without_filter)
    assert "no system call can be refused here" in usable_as_user(tmp_path).why
    shutil.rmtree(tmp_path / "tree")  # it is large


def test_where_root_may_not_be_another_user_the_reason_is_named(user_walls, tmp_path):
    code = (
        "import sys, tempfile\nfrom pathlib import Path\nfrom ncl_course.grading.walls.usable import usable_as_user\n"
        "print(usable_as_user(Path(sys.argv[1])).why)"
    )
    rights = ["setpriv", "--bounding-set", "-setuid,-setgid", "--inh-caps=-all"]
    command = [*rights, sys.executable, "-c", code, str(tmp_path)]
    said = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True, timeout=PATIENCE).stdout
    shutil.rmtree(tmp_path / "tree")  # it is large
    assert "not permitted" in said


def test_in_a_container_without_privileges_a_cohort_is_graded_and_the_results_say_how(user_walls, tmp_path):
    cohort, out = tmp_path / "cohort", tmp_path / "out"
    write_notebook(cohort / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    write_notebook(cohort / "boris" / "01_pooling.ipynb", SETUP, SIZE, READS_FILES, WRONG_UNLESS)
    course = [sys.executable, "-c", "from ncl_course.cli import app; app()"]
    command = in_container(*course, "grade", str(cohort), "-o", str(out), "--jobs", "2", "--seed", "7")
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr
    assert "so --sandbox user isolates students' code" in done.stderr
    results = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert results["sandbox"] == "user"
    assert [entry["score"] for entry in results["submissions"]] == [9.0, 1.0]


def test_sockets_of_the_machine_are_out_of_reach(inside, tmp_path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0ncl-course-test-listening")
        setup = "import socket\n" + refused(
            "socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b'marks', '\\0ncl-course-test-listening')",
            "socket.socket(fileno=os.dup(3)).sendto(b'marks', '\\0ncl-course-test-listening')",
        )
        assert inside("done", setup) == []
        listening.setblocking(False)
        with pytest.raises(BlockingIOError, match="unavailable"):
            listening.recv(10)
