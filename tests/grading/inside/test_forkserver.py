"""The fork server: every child is fresh and alone, whatever the one before it did, and the server outlives them all."""

from __future__ import annotations

import ast
import dataclasses
import os
import signal
import subprocess
import threading

import pytest

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls import usable as usable_module
from ncl_course.grading.walls.process import Limits, LostError
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import usable
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.bwrap

LIMITS = Limits(cpu=2, memory_mb=400)


@pytest.fixture(scope="module")
def site(forking_walls):
    """Return a site with a fork server for each slot, behind which new processes are not refused."""
    if not forking_walls.forks:
        pytest.skip("the system refuses further namespaces: a process is started for each exercise")
    with Site(forking_walls) as made:
        yield made


@pytest.fixture
def child(site):
    """Run a cell in a fresh child, and return the value of its last line."""

    def run(setup, expression="None", slot=0):
        process = site.start(slot, LIMITS, 1)
        try:
            source = f"import os, sys, ctypes, time, signal\n{setup}\nraise RuntimeError(repr({expression}))"
            answer, _ = process.ask({"do": "cell", "number": 1, "source": source, "cpu": 2.0}, wall=PATIENCE, cpu=2.0)
            kind, message, _ = answer["raised"]
            assert kind == "RuntimeError", message
            return ast.literal_eval(message)
        finally:
            site.end(process)

    return run


def below(pid):
    """Count the processes below that one."""
    listing = subprocess.run(["ps", "-eo", "pid=,ppid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in listing.splitlines()]
    found = {str(pid)}
    for _ in range(8):
        found |= {child for child, parent, state in rows if parent in found and not state.startswith("Z")}
    return len(found) - 1


def server_of(site, slot=0):
    """Return the fork server's command, as it runs on this machine."""
    return site.servers[slot, False].spawned.popen


def test_every_exercise_has_a_child_of_one_server(site, child):
    assert child("", "os.getpid()") == 2
    first = server_of(site).pid
    assert child("", "os.getppid()") == 1
    assert server_of(site).pid == first


def test_a_child_finds_its_filter_of_system_calls_compiled(child):
    setup = "from ncl_course.grading.inside import refusals"
    assert child(setup, "refusals.filter_for.cache_info()[:2]") == (1, 1)


def test_a_child_keeps_the_memory_of_an_array_for_the_next_one(child):
    setup = (
        "import numpy as np, resource\n"
        "def faults():\n"
        "    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "np.ones(300_000), np.ones(300_000)\n"
        "before = faults()\n"
        "for _ in range(20):\n    np.ones(300_000)\n"
    )
    assert child(setup, "faults() - before") < 300


def test_the_child_sees_and_reaches_nobody_but_itself(child):
    setup = (
        "reached = []\n"
        "for pid in range(1, 200):\n"
        "    if pid == os.getpid():\n        continue\n"
        "    try:\n        os.kill(pid, 0)\n        reached.append(pid)\n"
        "    except PermissionError:\n        reached.append(-pid)\n    except ProcessLookupError:\n        pass"
    )
    assert child(setup, "reached") == []


def test_nobody_is_traced_by_the_child(child):
    setup = "libc = ctypes.CDLL(None, use_errno=True)\nresult = libc.ptrace(16, 1, 0, 0)"
    assert child(setup, "result") == -1


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGXCPU], ids=str)
def test_its_init_cannot_be_ended_by_it(child, number):
    setup = f"try:\n    os.kill(1, {int(number)})\nexcept OSError:\n    pass\ntime.sleep(0.05)"
    assert child(setup, "'still here'") == "still here"


DAEMON = (
    "for number in range(6):\n    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n"
    "            for number in range(1, 32):\n                try: signal.signal(number, signal.SIG_IGN)\n"
    "                except (OSError, ValueError): pass\n"
    "            while True: time.sleep(1)\n        os._exit(0)"
)


def test_what_it_has_started_ends_with_it(site, child):
    child("")
    before = below(server_of(site).pid)
    child(DAEMON)
    assert below(server_of(site).pid) == before


def test_shared_memory_does_not_pass_to_the_next_child(child):
    libc = "libc = ctypes.CDLL(None, use_errno=True)\n"
    child(libc + "made = libc.shmget(4711, 4096, 0o1666)", "made")
    assert child(libc + "found = libc.shmget(4711, 0, 0o666)", "found") == -1


def test_keys_of_the_kernel_do_not_pass_to_the_next_child(child):
    numbers = {"x86_64": (248, 250), "aarch64": (217, 219)}
    if os.uname().machine not in numbers:
        pytest.skip("the system calls' numbers are not known for this machine")
    add, control = numbers[os.uname().machine]
    setup = "libc = ctypes.CDLL(None, use_errno=True)\n"
    child(setup + f"libc.syscall({add}, b'user', b'loot', b'answer', 6, -4)")
    assert child(setup + f"found = libc.syscall({control}, 10, -4, b'user', b'loot', 0)", "found") == -1


def test_changed_modules_do_not_pass_to_the_next_child(child):
    child("import numpy as np\nnp.array = None\nimport builtins\nbuiltins.loot = 1\nos.environ['LOOT'] = '1'")
    setup = "import numpy as np, builtins"
    assert child(setup, "(np.array is None, hasattr(builtins, 'loot'), 'LOOT' in os.environ)") == (False, False, False)


ENDS = {
    "exit": ("os._exit(3)", Verdict.KILLED, r"exit status 3"),
    "segfault": ("ctypes.string_at(0)", Verdict.KILLED, "SIGSEGV"),
    "abort": ("os.abort()", Verdict.KILLED, "SIGABRT"),
    "suicide": ("os.kill(os.getpid(), 9)", Verdict.KILLED, "SIGKILL"),
    "loop": ("while True: pass", Verdict.TIMEOUT, "more than 2 s"),
    "hung up": ("os.close(3)\ntime.sleep(60)", Verdict.KILLED, "SIGKILL"),
}


@pytest.mark.parametrize(("source", "verdict", "note"), ENDS.values(), ids=ENDS)
def test_how_a_child_ends_is_said_and_the_next_one_is_well(child, source, verdict, note):
    with pytest.raises(LostError, match=note) as lost:
        child(source)
    assert lost.value.verdict is verdict
    assert child("", "1") == 1


BOMB = (
    "bombs = []\n"
    "def bomb():\n"
    "    while True:\n"
    "        try:\n            if os.fork() == 0: bombs.clear()\n        except OSError: time.sleep(0.01)\n"
    "        bombs.append(bytearray(2**20))\n"
    "bomb()"
)


def test_a_fork_bomb_leaves_the_other_slots_their_forks(site, child):
    bombed = site.start(0, LIMITS, 1)
    before = below(server_of(site).pid)
    thread = threading.Thread(target=lambda: quietly(bombed, BOMB))
    thread.start()
    until(lambda: below(server_of(site).pid) > before + 5, "the bomb has forked")
    setup = "pid = os.fork()\nif pid == 0: os._exit(7)\ncode = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])"
    assert child(setup, "code", slot=1) == 7
    bombed.kill()
    thread.join()
    site.end(bombed)
    assert child("", "1") == 1


def quietly(process, source):
    """Run a cell that will not answer."""
    with pytest.raises((LostError, SandboxError)):
        process.ask({"do": "cell", "number": 1, "source": "import os, time\n" + source, "cpu": 2.0}, wall=PATIENCE)


def test_a_lost_server_is_our_fault_and_a_new_one_takes_its_place(site, child):
    process = site.start(0, LIMITS, 1)
    lost = server_of(site).pid
    os.killpg(lost, signal.SIGKILL)
    with pytest.raises(SandboxError, match="fork server"):
        process.ask({"do": "cell", "number": 1, "source": "import time\ntime.sleep(900)", "cpu": 2.0}, wall=PATIENCE)
    site.end(process)
    assert child("", "os.getpid()") == 2
    assert server_of(site).pid != lost


def test_where_namespaces_are_refused_a_process_is_started_for_each_exercise(monkeypatch):
    real = usable_module.bubblewrap_walls

    def without_rights(*, forks=True):
        made = real(forks=forks)
        kept = [part for part in made.command if not part.startswith("CAP_") and part != "--cap-add"]
        return dataclasses.replace(made, command=tuple(kept)) if forks else made

    monkeypatch.setattr(usable_module, "bubblewrap_walls", without_rights)
    found = usable()
    assert found.walls is not None
    assert not found.walls.forks
