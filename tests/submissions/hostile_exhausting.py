"""Attacks on time, memory, processes and disks: each costs at most the points of its own exercise."""

from __future__ import annotations

from tests.submissions.attack import Attack, backward_first, cell_before, for_loot, forward_first, size_is
from tests.submissions.system_calls import HIDES_MEMORY

SLEEPS = """\
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        time.sleep(1000)
    except BaseException:
        pass
"""

STOPS_ITSELF = "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"

THREADS = """\
import threading, time
try:
    for _ in range(10_000):
        threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
except (RuntimeError, MemoryError):
    pass"""

CHILDREN = """\
import os
for _ in range(6):
    try:
        if os.fork() == 0:
            while True:
                pass
    except OSError:
        break"""

FILES = """\
import os
held = []
try:
    while True:
        held.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass"""

BIG_FILE = """\
import os, signal, tempfile
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
written = 0
chunk = b"x" * 2**20
for make in (lambda: os.memfd_create("mine"), lambda: os.open("/dev/shm/mine", os.O_CREAT | os.O_RDWR),
             lambda: os.open("/tmp/mine", os.O_CREAT | os.O_RDWR), lambda: tempfile.TemporaryFile().fileno()):
    try:
        fd = make()
    except OSError:
        continue
    for _ in range(200):
        try:
            written += os.write(fd, chunk)
        except OSError:
            break
    try:
        os.ftruncate(fd, 2**40)
        loot.append("truncated")
    except (OSError, OverflowError):
        pass
loot += [written] if written > 16 * 2**20 else []
"""

DEEP = """\
class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")
import sys
sys.setrecursionlimit(10**8)
def down(n):
    return max([n], key=down)
down(0)"""

OUTPUT = """\
import os
for _ in range(400):
    os.write(1, b"spam " * 20_000)
    os.write(2, b"eggs " * 20_000)"""

REGEX = """\
import re
re.match("(a+)+$", "a" * 60 + "b")"""

HUGE_NUMBER = """\
def pool_output_size(size, kernel_size, stride):
    return 10 ** 200_000
"""

ENDLESS_ITERATOR = """\
class Endless(list):
    def __iter__(self):
        while True:
            yield 1
    def __len__(self):
        return 10**9
"""

NESTED_LIST = """\
nest = []
for _ in range(20_000):
    nest = [nest]
return nest"""

ATTACKS: dict[str, Attack] = {
    "exhaust_sleep_in_cell": cell_before(SLEEPS, "a cell that sleeps and ignores signals is skipped"),
    "exhaust_stops_itself": forward_first(STOPS_ITSELF, "tt", "a process that stops itself is ended by the time limit"),
    "exhaust_threads": forward_first(THREADS, "pp", "threads have a limit, and reaching it costs no points by itself"),
    "exhaust_children_burn": forward_first(CHILDREN, "pp", "no child process can be started, and trying costs no points"),
    "exhaust_open_files": forward_first(FILES, "pp", "open files have a limit"),
    "exhaust_big_file": for_loot(BIG_FILE, "no more can be written than fits into the working folder"),
    "exhaust_hidden_memory": for_loot(HIDES_MEMORY, "no memory can be had that the limit does not count"),
    "exhaust_deep_recursion": forward_first(DEEP, "kk", "a stack overflow ends only its own process"),
    "exhaust_recursion_in_cell": cell_before(f"def f():\n    return f()\nf()\nimport sys\n{DEEP}", "the same in a cell"),
    "exhaust_output": forward_first(OUTPUT, "pp", "80 MB on the standard streams are discarded"),
    "exhaust_regex": backward_first(REGEX, "pt", "a search that never ends in C code"),
    "exhaust_huge_number": size_is(HUGE_NUMBER, "f", "a number of 200,000 digits"),
    "exhaust_broadcast": forward_first(
        "return np.broadcast_to(x[:1, :1, :1, :1], (10**4, 10**4, 10**3, 10**3))", "fe", "an array of 800 TB that takes no memory unless it is copied"
    ),
    "exhaust_beyond_memory": forward_first(
        "return np.lib.stride_tricks.as_strided(x, (1000, 1000, 10, 10), (2**40, 8, 8, 8))", "fe", "an array that reaches beyond memory, which is not looked into"
    ),
    "exhaust_many_arrays": forward_first("return [np.zeros(1)] * 10**6", "fe", "a million arrays in place of one", named=("MaxPool2d.another-kind-returned",)),
    "exhaust_endless_iterator": forward_first("return Endless()", "fe", "a list that never ends", ENDLESS_ITERATOR, named=("MaxPool2d.another-kind-returned",)),
    "exhaust_nested_list": forward_first(NESTED_LIST, "fe", "a list in a list, 20,000 deep", named=("MaxPool2d.another-kind-returned",)),
}  # fmt: skip
