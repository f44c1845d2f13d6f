"""The refused system calls are refused for good, to children too, and all others still work."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ncl_course.grading.inside import calls

TRY = """
import ctypes, errno, os, subprocess, sys, threading
sys.path.insert(0, sys.argv[1])
import calls
libc = ctypes.CDLL(None, use_errno=True)

def refused(*call):
    ctypes.set_errno(0)
    return libc.syscall(*call) == -1 and ctypes.get_errno() == errno.EPERM

numbers = calls.REFUSED[os.uname().machine]
print(calls.forbid())
print(all(refused(number, 0, 0, 0, 0, 0) for number in numbers))
child = os.fork()
if child == 0:
    os._exit(0 if refused(numbers[2], 0, 0, 0, 0, 0) else 1)
print(os.waitpid(child, 0)[1])
thread = threading.Thread(target=print, args=("thread",))
thread.start(), thread.join()
print(subprocess.run([sys.executable, "-c", "print('numpy', end='')"], capture_output=True, text=True).stdout)
"""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in calls.ARCHITECTURES, reason="no filter for this machine"
)


def test_the_calls_are_refused_and_ordinary_work_goes_on():
    folder = os.path.dirname(calls.__file__)
    done = subprocess.run([sys.executable, "-c", TRY, folder], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "0", "thread", "numpy"]


@pytest.mark.parametrize("machine", calls.ARCHITECTURES)
def test_every_jump_of_the_filter_ends_inside_it(machine):
    code = calls.instructions(calls.ARCHITECTURES[machine], calls.REFUSED[machine], x32=machine == "x86_64")
    lines = [code[at : at + 8] for at in range(0, len(code), 8)]
    for place, line in enumerate(lines):
        assert place + 1 + max(line[2], line[3]) < len(lines) or line[0] == calls.RETURN
    assert len(calls.REFUSED[machine]) == 14


def test_on_an_unknown_machine_nothing_is_done(monkeypatch):
    real = os.uname()
    monkeypatch.setattr(calls.os, "uname", lambda: os.uname_result((*real[:4], "pdp11")))
    assert calls.forbid() is False
