"""Each refused call has its right number on both machines, and ordinary work goes on behind the refusals."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from ncl_course.grading.inside import calls, refusals
from tests.submissions.system_calls import TABLES

HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}

TRY = """
import asyncio, os, sqlite3, subprocess, sys, tempfile, threading, time
import numpy as np
from ncl_course.grading.inside import refusals
folder = tempfile.mkdtemp()
about_itself = lambda: (os.getsid(0), os.getpriority(os.PRIO_PROCESS, 0))
before = about_itself()
print(refusals.forbid())
print(np.ones((300, 300)).dot(np.ones(300)).sum())
thread = threading.Thread(target=print, args=("thread",))
thread.start(), thread.join()
asyncio.run(asyncio.sleep(0.01))
base = sqlite3.connect(os.path.join(folder, "base"))
base.execute("create table t(n)"), base.execute("insert into t values (5)"), base.commit()
print(base.execute("select n from t").fetchone()[0], about_itself() == before)
os.kill(os.getpid(), 0), os.sched_getaffinity(0), time.process_time(), time.thread_time(), time.sleep(0.001)
for start in (os.fork, lambda: subprocess.run([sys.executable]), lambda: os.posix_spawn(sys.executable, ["x"], {})):
    try:
        start()
        print("a new process")
    except BlockingIOError:
        print("refused")
"""


@pytest.mark.skipif(
    sys.platform != "linux" or os.uname().machine not in calls.ARCHITECTURES, reason="no filter for this machine"
)
def test_numpy_threads_event_loops_and_databases_work_and_no_new_process_does():
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True", "90000.0", "thread", "5 True", "refused", "refused", "refused"]


@pytest.mark.parametrize("machine", refusals.MACHINES)
def test_every_number_is_the_kernels(machine):
    if not HEADERS[machine].is_file():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text(encoding="utf-8"))
    right = {name: int(number) for name, number in found}
    place = refusals.MACHINES.index(machine)
    ours = {name: both[place] for table in TABLES for name, both in table.items()}
    assert len(ours) > 100
    recent = {"cachestat", "setxattrat", "futex_wake", "futex_wait", "futex_requeue", "statmount", "listmount"}
    newer = recent - right.keys()  # headers may be older than the kernel
    assert {name: number for name, number in ours.items() if name not in newer} == {
        name: right.get(name) for name in ours if name not in newer
    }


@pytest.mark.parametrize("machine", refusals.MACHINES)
def test_no_call_is_listed_twice_and_every_jump_is_short_enough(machine):
    rules = refusals.rules(machine, 4711, namespaces=False)
    assert len({rule.number for rule in rules}) == len(rules)
    names = list(chain.from_iterable(TABLES))
    assert len(set(names)) == len(names)
    assert len(calls.instructions(calls.ARCHITECTURES[machine], rules, x32=True)) // 8 < 4096
