"""A filter of system calls holds for good, in threads too, and looks at arguments as the kernel does."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from ncl_course.grading.inside import calls
from ncl_course.grading.inside.calls import Rule

TRY = """
import ctypes, errno, os, sys, threading
sys.path.insert(0, sys.argv[1])
import calls
from calls import EVERY_BIT, Rule
GETPRIORITY, GETPGID = {"x86_64": (140, 121), "aarch64": (141, 155)}[os.uname().machine]
libc = ctypes.CDLL(None, use_errno=True)

def error(*call):
    ctypes.set_errno(0)
    return ctypes.get_errno() if libc.syscall(*call) == -1 else "made"

cases = ((((0, EVERY_BIT, 1), (1, EVERY_BIT, 0)), errno.EIO), (((0, 0xF, 2),), None))
print(calls.forbid({name: [Rule(GETPGID), Rule(GETPRIORITY, 0, cases)] for name in calls.ARCHITECTURES}))
print(error(GETPGID, 0), error(GETPRIORITY, 1, 0), error(GETPRIORITY, 0x500000001, 0), error(GETPRIORITY, 1, 5))
print(error(GETPRIORITY, 2, 0), error(GETPRIORITY, 0x12, 0), libc.syscall(GETPRIORITY, 3, 0))
thread = threading.Thread(target=lambda: print(error(GETPGID, 0)))
thread.start(), thread.join()
if os.fork() == 0:
    print(error(GETPGID, 0), flush=True)
    os._exit(0)
os.wait()
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in calls.ARCHITECTURES, reason="no filter for this machine"
)


def test_a_rule_answers_by_its_first_case_for_all_threads_and_children():
    folder = os.path.dirname(calls.__file__)
    done = subprocess.run([sys.executable, "-c", TRY, folder], capture_output=True, text=True, check=True)
    rows = ["True", f"{errno.EPERM} {errno.EIO} {errno.EIO} made", f"made {errno.EINVAL} 0", *[str(errno.EPERM)] * 2]
    assert done.stdout.splitlines() == rows


@pytest.mark.parametrize("machine", calls.ARCHITECTURES)
def test_every_jump_of_a_filter_ends_inside_it(machine):
    cases = ((((0, 1, 1), (1, 1, 0), (2, 1, 1)), 5), (((0, 2, 2),), None))
    code = calls.instructions(calls.ARCHITECTURES[machine], [Rule(7, 1, cases), Rule(8)], x32=machine == "x86_64")
    lines = [code[at : at + 8] for at in range(0, len(code), 8)]
    for place, line in enumerate(lines):
        assert line[0] == calls.RETURN or place + 1 + max(line[2], line[3]) < len(lines)
    assert lines[-1][0] == calls.RETURN


def test_on_an_unknown_machine_nothing_is_done(monkeypatch):
    real = os.uname()
    monkeypatch.setattr(calls.os, "uname", lambda: os.uname_result((*real[:4], "pdp11")))
    assert calls.forbid({}) is False
