"""The calls that a worker without namespaces is refused are refused for good; ordinary work goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ncl_course.grading.inside import alone, calls

TRY = """
import ctypes, errno, os, sys, threading
sys.path.insert(0, sys.argv[1])
import alone, calls
import numpy as np
libc = ctypes.CDLL(None, use_errno=True)

def refused(*call, number=errno.EPERM):
    ctypes.set_errno(0)
    return libc.syscall(*call) == -1 and ctypes.get_errno() == number

machine = os.uname().machine
clone, clone3 = calls.CLONE[machine]
print(calls.forbid(alone.REFUSED), calls.forbid_namespaces())
print(all(refused(number, 0, 0, 0, 0, 0) for number in alone.REFUSED[machine]))
print(all(refused(clone, 1 << bit | 17, 0, 0, 0, 0) for bit in (17, 25, 26, 27, 28, 29, 30)))
print(refused(clone3, 0, 0, number=errno.ENOSYS))
child = os.fork()
if child == 0:
    os._exit(0 if refused(alone.REFUSED[machine][0], 1, 1, 0) else 1)
print(os.waitpid(child, 0)[1], np.ones((300, 300)).dot(np.ones(300)).sum())
thread = threading.Thread(target=print, args=("thread",))
thread.start(), thread.join()
"""


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in calls.ARCHITECTURES, reason="no filter for this machine"
)
def test_the_calls_and_new_namespaces_are_refused_and_forks_threads_and_numpy_work():
    folder = os.path.dirname(calls.__file__)
    done = subprocess.run([sys.executable, "-c", TRY, folder], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True True", "True", "True", "True", "0 90000.0", "thread"]


@pytest.mark.parametrize("machine", calls.ARCHITECTURES)
def test_the_filters_are_short_enough_to_jump_in_and_every_jump_ends_inside(machine):
    architecture = calls.ARCHITECTURES[machine]
    filters = [
        calls.instructions(architecture, alone.REFUSED[machine], x32=machine == "x86_64"),
        calls.clone_instructions(architecture, *calls.CLONE[machine]),
    ]
    for code in filters:
        lines = [code[at : at + 8] for at in range(0, len(code), 8)]
        for place, line in enumerate(lines):
            assert place + 1 + max(line[2], line[3]) < len(lines) or line[0] == calls.RETURN


def test_no_call_is_listed_twice():
    for machine, numbers in alone.REFUSED.items():
        assert len(set(numbers)) == len(numbers), machine
        assert not set(numbers) & set(calls.REFUSED[machine]), "calls.py refuses it already"
