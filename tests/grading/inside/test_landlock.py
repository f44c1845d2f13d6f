"""Landlock is requested by the kernel's version, and limits the process afterwards."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from ncl_course.grading.inside import landlock

TRY = """
import ctypes, os, socket, sys
sys.path.insert(0, sys.argv[1])
import landlock
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
open(sys.argv[2] + "/before", "w").close()
print(landlock.only_read())
def refused(act, *arguments):
    try:
        act(*arguments)
    except OSError:
        return True
    return False
print(refused(open, sys.argv[2] + "/after", "w"), refused(open, sys.argv[2] + "/before", "a"))
print(refused(os.mkdir, sys.argv[2] + "/folder"), refused(os.remove, sys.argv[2] + "/before"))
print(refused(os.execv, sys.executable, [sys.executable, "-c", ""]))
print(refused(open, sys.argv[2] + "/before"), refused(open, "/dev/null", "w"))
print(refused(os.kill, os.getppid(), 0), refused(os.kill, os.getpid(), 0))
server = socket.socket()
print(refused(server.bind, ("127.0.0.1", 0)))
"""


@pytest.mark.parametrize(("version", "size"), [(1, 8), (2, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24), (9, 24)])
def test_a_kernel_is_asked_for_what_its_version_knows(version, size):
    rules, told = landlock.ruleset(version)
    assert (told, len(rules)) == (size, size)
    files = int.from_bytes(rules[:8], sys.byteorder)
    assert files.bit_length() == {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    assert all(int.from_bytes(rules[at : at + 8], sys.byteorder) == 3 for at in range(8, size, 8))


def test_a_process_reads_on_and_does_nothing_else(tmp_path):
    version = landlock.version()
    if version < 1:
        pytest.skip("this kernel has no Landlock")
    folder = os.path.dirname(landlock.__file__)
    command = [sys.executable, "-c", TRY, folder, str(tmp_path)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[0] == str(version)
    assert lines[1:5] == ["True True", "True True", "True", "False False"]
    assert lines[5] == f"{version >= landlock.SCOPES_SINCE} False"
    assert lines[6] == str(version >= landlock.TCP_SINCE)


def test_where_the_kernel_has_none_nothing_is_done(monkeypatch):
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert landlock.only_read() == 0
