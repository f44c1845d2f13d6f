"""Behind both kinds of walls: no time of a file changes, no memory is hidden, and nobody else can be noticed."""

from __future__ import annotations

import ast
import fcntl
import os
import socket
from pathlib import Path

import pytest

from ncl_course.grading.walls import users
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from tests.patience import PATIENCE, until
from tests.submissions.system_calls import ABOUT, HIDES, READS, SETS_TIMES, TRIES

pytestmark = pytest.mark.bwrap

LIMITS = Limits(cpu=5, memory_mb=400)


@pytest.fixture(scope="module", params=["walls", "user_walls", "spawning_walls"])
def site(request):
    """Return a site with walls of each kind."""
    with Site(request.getfixturevalue(request.param)) as made:
        yield made


def told(process, expression, setup=""):
    """Run code in a worker, and return the value of an expression."""
    source = f"{TRIES}\n{setup}\nraise RuntimeError(repr({expression}))"
    request = {"do": "cell", "number": 1, "source": source, "cpu": 5.0}
    kind, message, _ = process.ask(request, wall=PATIENCE)[0]["raised"]
    assert kind == "RuntimeError", message
    return ast.literal_eval(message)


@pytest.fixture
def inside(site):
    """Evaluate an expression in a fresh worker."""

    def evaluate(expression, setup="", slot=0):
        process = site.start(slot, LIMITS, 1)
        try:
            return told(process, expression, setup)
        finally:
            site.end(process)

    return evaluate


def test_no_time_of_a_device_or_of_any_file_changes(inside):
    before = os.stat("/dev/null")
    errors, unchanged = inside("([one for one in changed if one is not None], before == after)", SETS_TIMES)
    assert set(errors) == {1}
    assert unchanged
    after = os.stat("/dev/null")
    assert (before.st_mtime_ns, before.st_ctime_ns) == (after.st_mtime_ns, after.st_ctime_ns)


def test_reading_leaves_no_trace_for_the_next_worker(inside):
    assert set(inside("times", READS)) == {0}


def test_reading_leaves_none_either_where_the_last_use_was_before_the_last_change(user_walls):
    """A file system with ``relatime`` notes the first reading after a change, so the copies must not look changed."""
    tree = Path(user_walls.command[1])
    paths = [Path(folder, name) for folder, folders, names in os.walk(tree) for name in (*folders, *names)]
    files = [path for path in paths if not path.is_char_device() and path.name != "desk"]
    assert min(path.stat().st_atime - path.stat().st_ctime for path in files) > 86_400


def test_a_lock_on_a_shared_file_is_seen_by_nobody(site):
    lock = "import fcntl\ndone = []\nfor path in ('/room/numpy/version.py', '/dev/null', '/dev/random'):\n"
    lock += "    file = open(path)\n    globals()[path] = file\n    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    lock += "    done.append(path)"
    first, second = site.start(0, LIMITS, 1), site.start(1, LIMITS, 1)
    try:
        with open("/dev/null") as null:
            fcntl.flock(null, fcntl.LOCK_EX)
            assert [len(told(one, "done", lock)) for one in (first, second)] == [3, 3]
        with open("/dev/null") as null:
            fcntl.flock(null, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        site.end(first)
        site.end(second)


WORD = """
import threading
FUTEX = {"x86_64": 202, "aarch64": 98}[os.uname().machine]
WAIT, WAKE = 0, 1
file = os.open("/room/numpy/version.py", os.O_RDONLY)
where = [ctypes.c_void_p(libc.mmap(None, 4096, 1, kind, file, 0)) for kind in (1, 2)]  # shared and private
def futex(place, what, number, until=None):
    ctypes.set_errno(0)
    return libc.syscall(FUTEX, place, what, number, until, None, 0), ctypes.get_errno()
"""
WAITS = """
there, until, got = ctypes.c_int.from_address(where[0].value).value, (ctypes.c_long * 2)(2, 0), []
waiting = [threading.Thread(target=lambda p=p: got.append(futex(p, WAIT, there, until))) for p in where]
for one in waiting:
    one.start()
time.sleep(0.3)
"""
WAKES = """
woken = 0
for _ in range(20):
    time.sleep(0.01)
    woken += sum(max(0, futex(place, WAKE, 9)[0]) for place in where)
"""


def test_a_wait_on_a_word_of_a_shared_file_is_seen_by_nobody(site):
    first, second = site.start(0, LIMITS, 2), site.start(1, LIMITS, 1)
    try:
        told(first, "0", WORD + WAITS)
        assert told(second, "woken", WORD + WAKES) == 0
        results = told(first, "got", "[one.join() for one in waiting]")
        assert [result for result, _ in results] == [-1, -1]
    finally:
        site.end(first)
        site.end(second)


def test_no_worker_makes_the_machine_write_its_memory_to_the_disk(inside):
    calls = "syncfs", "sync", "fsync", "fdatasync"
    assert inside(f"[call(name, -1) for name in {calls}]") == [0] * 4  # unfiltered, all but sync would fail


def test_no_socket_of_any_family_can_be_made_but_a_pair_of_streams(inside, site):
    setup = (
        "import socket\nmade = []\n"
        "for family in range(50):\n"
        "    for kind in (1, 2, 3, 4, 5, 6):\n"
        "        made += [family] if call('socket', family, kind, 0) != 1 else []\n"
        "        pair = (ctypes.c_int * 2)()\n"
        "        made += [(family, kind)] if call('socketpair', family, kind, 0, pair) != 1 else []"
    )
    pairs = [] if site.walls.mode == "user" else [(socket.AF_UNIX, socket.SOCK_STREAM)]
    assert inside("made", setup) == pairs


NEW = """
made = []
CHILD = 17
for name, *arguments in (("fork",), ("vfork",), ("clone", CHILD, 0, 0, 0, 0), ("clone", 0x100 | CHILD, 0, 0, 0, 0),
                         ("clone", 0x4000 | 0x100 | CHILD, 0, 0, 0, 0), ("clone", 0x20000000 | CHILD, 0, 0, 0, 0),
                         ("clone3", (ctypes.c_ulong * 8)(0, 0, 0, 0, CHILD), 64)):
    error = call(name, *arguments)
    if error == 0:
        os._exit(0) if os.getpid() != pid else made.append(name)
"""


def test_no_other_process_can_be_started_so_that_one_limit_on_memory_holds_for_all(inside):
    assert inside("made", "pid = os.getpid()\n" + NEW) == []


def test_memory_cannot_be_hidden_outside_of_the_process(inside):
    assert inside("hidden", HIDES) == {}


FILLS = """
import socket
total, kept = 0, []
def fill(one):
    one.setblocking(False)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
    except OSError:
        pass
    try:
        while True:
            globals()["total"] += one.send(bytes(4_000))
    except OSError:
        pass
try:
    carrier = socket.socketpair()
    for _ in range(200):
        pair = socket.socketpair()
        fill(pair[0]), fill(pair[1])
        try:
            socket.send_fds(carrier[0], [b"x"], [one.fileno() for one in pair])
            pair[0].close(), pair[1].close()
        except OSError:
            kept.append(pair)
except OSError:
    pass
"""


def test_the_kernel_holds_little_for_a_workers_sockets_also_for_those_on_their_way_in_others(inside):
    usual = int(Path("/proc/sys/net/core/wmem_default").read_text(encoding="ascii"))
    assert inside("total", FILLS) < 2 * LIMITS.files * 2 * usual


DUMP = """
import resource
raised = [call("prctl", 4, value, 0, 0, 0) for value in (0, 1)]
names = "RTPRIO", "NICE", "MEMLOCK", "MSGQUEUE", "SIGPENDING", "CORE"
limits = [resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names]
"""


def test_nobody_gets_the_memory_of_a_worker_that_crashes_and_no_account_gives_it_precedence(inside):
    dumpable = "libc.prctl(3, 0, 0, 0, 0)"
    assert inside(f"({dumpable}, raised, {dumpable}, {{*limits}})", DUMP) == (0, [1, 1], 0, {(0, 0)})


def test_no_byte_goes_out_of_order(inside):
    setup = "at = [call(name, 3, None, 0, 1, None, 0) for name in ('sendto', 'recvfrom', 'sendmmsg', 'recvmmsg')]\n"
    setup += "at += [call(name, 3, None, 1) for name in ('sendmsg', 'recvmsg')]"
    assert inside("at", setup) == [1] * 6


def test_a_process_that_is_there_looks_like_one_that_is_not(site):
    first, second = site.start(0, LIMITS, 1), site.start(1, LIMITS, 1)
    try:
        theirs, ours = told(first, "os.getpid()"), told(second, "os.getpid()")
        nobody = 4_000_000
        others = sorted({1, os.getpid(), os.getppid(), theirs, ours - 1} - {ours})
        found = told(second, f"([about(pid) == about({nobody}) for pid in {others}], about({nobody}))", ABOUT)
        assert all(found[0])
        assert 0 not in found[1]
    finally:
        site.end(first)
        site.end(second)


def test_a_worker_knows_itself(inside):
    setup = "import signal\ngot = []\nsignal.signal(10, lambda *_: got.append(1))\nos.kill(os.getpid(), 10)\n"
    setup += "signal.raise_signal(10)"
    own = "os.getsid(0) == os.getsid(os.getpid()), os.getpriority(0, 0), len(os.sched_getaffinity(os.getpid())) > 0"
    ours = os.getpriority(os.PRIO_PROCESS, 0)  # `make test` lowers the priority of all but the browser tests
    assert inside(f"(len(got), {own})", setup) == (2, True, ours, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives workers users of their own")
def test_workers_of_two_runs_and_real_users_have_different_ids(walls, spawning_walls, user_walls, monkeypatch):
    real = {users.FIRST + 2 * number for number in range(0, users.PAIRS, 2)}
    monkeypatch.setattr(users, "known", lambda uid: uid in real)
    with Site(walls) as first, Site(spawning_walls) as second, Site(user_walls) as third:
        started = [(made, made.start(slot, LIMITS, 1)) for made in (first, second, third) for slot in (0, 1)]
        try:
            uids = [told(process, "os.getuid()") for _, process in started]
            taken = users.claim(iter(range(users.PAIRS)))
            assert taken.uid not in {*uids, *real}
            taken.give_back()
        finally:
            for made, process in started:
                made.end(process)
    assert len(set(uids)) == 6
    assert not {uid for one in uids for uid in (one, one + 1)} & real


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives workers users of their own")
def test_a_second_run_starts_where_a_first_one_stands_and_takes_other_ids(walls):
    with Site(walls, numbers=iter(range(40))) as first, Site(walls, numbers=iter(range(40))) as second:
        processes = [(made, made.start(0, LIMITS, 1)) for made in (first, second)]
        uids = {told(process, "os.getuid()") for _, process in processes}
        for made, process in processes:
            made.end(process)
    assert len(uids) == 2


def running(uid):
    """Return the numbers of the processes that a user runs; those that have ended are not counted."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if path.stat().st_uid == uid and ") Z " not in (path / "stat").read_text(encoding="utf-8"):
                found.add(path.name)
        except OSError:
            continue
    return found


def traces():
    """Return what a run might leave on this machine: shared memory, queues, mounts and files."""
    lists = {
        name: Path("/proc", name).read_text(encoding="utf-8") for name in ("sysvipc/shm", "sysvipc/msg", "sysvipc/sem")
    }
    devices, left = sorted(os.listdir("/dev")), Path("/dev/shm/left").exists()  # browsers keep files there, too
    mounts = sorted(Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines())
    return lists, devices, left, mounts


LEAVES = """
import threading
for act in (lambda: open("/desk/left", "w").write("x"), lambda: open("/tmp/left", "w"),
            lambda: open("/dev/shm/left", "w"),
            lambda: libc.shmget(4711, 4096, 0o1666), lambda: libc.msgget(4711, 0o1666), os.fork,
            lambda: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()):
    try:
        act()
    except OSError:
        pass
"""


def test_nothing_stays_on_the_machine_after_a_run(site):
    before = traces()
    with Site(site.walls) as made:
        process = made.start(0, LIMITS, 1)
        uid = told(process, "os.getuid()", LEAVES)
        made.end(process)
    assert traces() == before
    assert users.FIRST <= uid < users.FIRST + 2 * users.PAIRS
    until(lambda: not running(uid), "the processes have ended")
