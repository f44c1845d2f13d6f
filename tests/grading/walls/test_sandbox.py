"""Code behind the walls can see and do next to nothing."""

from __future__ import annotations

import ast
import os
import shutil

import pytest

from ncl_course.grading.errors import SandboxError
from ncl_course.grading.walls import usable as module
from ncl_course.grading.walls import users
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode, no_walls
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import Usable, usable, walls_for
from tests.patience import PATIENCE

pytestmark = pytest.mark.bwrap


@pytest.fixture(scope="module", params=["walls", "spawning_walls"])
def inside(request):
    """Evaluate an expression behind the walls, in a fork server's child and in a separate process."""
    with Site(request.getfixturevalue(request.param)) as site:
        process = site.start(0, Limits(cpu=5, memory_mb=400), 1)

        def evaluate(expression, setup=""):
            source = f"import os, sys, glob\n{setup}\nraise RuntimeError(repr({expression}))"
            kind, message, _ = run(process, source)
            assert kind == "RuntimeError", message
            return ast.literal_eval(message)

        yield evaluate
        site.end(process)


def run(process, source):
    """Run a cell, and return its exception."""
    answer, _ = process.ask({"do": "cell", "number": 1, "source": source, "cpu": 5.0}, wall=PATIENCE)
    return answer["raised"]


def test_the_root_holds_what_python_needs_and_nothing_else(inside):
    assert set(inside("os.listdir('/')")) <= {"desk", "dev", "etc", "lib", "lib64", "python", "room", "usr"}


@pytest.mark.parametrize(
    "path", ["/root", "/home", "/work", "/tmp", "/var", "/proc", "/sys", "/bin", "/etc/passwd", os.getcwd()]
)
def test_it_cannot_see(inside, path):
    assert inside(f"os.path.exists({path!r})") is False


def test_the_room_holds_numpy_and_our_own_few_parts(inside):
    assert set(inside("os.listdir('/room')")) <= {"numpy", "numpy.libs", "ncl_course", "bin"}
    assert sorted(inside("os.listdir('/room/ncl_course')")) == ["grading", "nn", "protocol"]
    assert inside("os.listdir('/room/ncl_course/grading')") == ["inside"]


def test_no_packages_are_there(inside):
    found = inside("[p for p in glob.glob('/**/*-packages/*', recursive=True)]")
    assert found == []


def test_it_cannot_import_torch_even_without_the_stand_ins(inside):
    setup = (
        "keep = sys.meta_path[:]\nsys.meta_path[:] = keep[1:]\nfound = []\n"
        "for name in ('torch', 'scipy', 'pip', 'ncl_course.oracles', 'ncl_course.checking'):\n"
        "    try:\n        found.append(__import__(name))\n    except ImportError:\n        pass\n"
        "sys.meta_path[:] = keep"
    )
    assert inside("found", setup) == []


def test_it_can_write_in_its_working_folder_alone(inside, request):
    setup = (
        "written = []\n"
        "for folder in ['/'] + [p for p in glob.glob('/**/', recursive=True) if p.count('/') < 6]:\n"
        "    try:\n        open(os.path.join(folder, 'x'), 'w')\n        written.append(folder)\n"
        "    except OSError:\n        pass"
    )
    forks = "spawning" not in request.node.callspec.id
    assert inside("sorted(written)", setup) == (["/desk/"] if forks else [])
    assert inside("os.getcwd()") == ("/desk" if forks else "/")


def test_it_inherits_no_environment(inside):
    names = set(inside("sorted(os.environ)"))
    assert names <= {
        "LC_ALL",
        "LD_LIBRARY_PATH",
        "MKL_NUM_THREADS",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "PWD",
        "PYTHONHASHSEED",
        "PYTHONPATH",
    }


def test_it_has_no_network(inside):
    setup = (
        "import socket\nmade = []\n"
        "for number in range(50):\n"
        "    for kind in (1, 2, 3, 5):\n"
        "        try:\n            made.append(socket.socket(number, kind))\n        except OSError:\n            pass"
    )
    assert inside("made", setup) == []


def test_it_is_alone_with_its_processes(inside):
    assert inside("os.getpid()") < 10
    assert inside("os.getsid(0)") in (0, 1, 2)


def test_it_is_not_root_and_cannot_become_it(inside):
    uid = inside("os.getresuid()")
    assert uid[0] == uid[1] == uid[2]
    if os.geteuid() == 0:
        assert users.FIRST <= uid[0] < users.FIRST + 2 * users.PAIRS
        assert inside("os.getgroups()") == []
    setup = "try:\n    os.setuid(0)\n    became = os.geteuid() != uid\nexcept OSError:\n    became = False"
    assert inside("became", f"uid = {uid[0]}\n{setup}") is False


def test_it_has_no_privileges(inside):
    setup = (
        "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "class Head(ctypes.Structure):\n    _fields_ = [('version', ctypes.c_uint32), ('pid', ctypes.c_int)]\n"
        "data = (ctypes.c_uint32 * 6)()\nlibc.capget(ctypes.byref(Head(0x20080522, 0)), data)"
    )
    assert inside("list(data)[:2]", setup) == [0, 0]


def test_its_standard_streams_lead_nowhere(inside):
    assert inside("[os.fstat(fd).st_rdev == os.stat('/dev/null').st_rdev for fd in (0, 1, 2)]") == [True] * 3


def test_it_holds_no_descriptor_but_its_channel(inside):
    setup = (
        "import stat\nopen_ones = []\n"
        "for fd in range(3, 64):\n"
        "    try:\n        open_ones.append(stat.S_ISSOCK(os.fstat(fd).st_mode))\n    except OSError:\n        pass"
    )
    assert inside("open_ones", setup) == [True]


def test_its_limits_cannot_be_raised(inside):
    setup = (
        "import resource as r\nraised = []\n"
        "for name in ('AS', 'NPROC', 'FSIZE', 'CORE', 'NOFILE', 'CPU'):\n"
        "    which = getattr(r, 'RLIMIT_' + name)\n    soft, hard = r.getrlimit(which)\n"
        "    try:\n        r.setrlimit(which, (hard, hard + 1))\n        raised.append(name)\n"
        "    except (ValueError, OSError):\n        pass"
    )
    assert inside("raised", setup) == []


def test_the_limit_on_threads_binds(inside):
    setup = (
        "import threading, time\nstarted = 0\n"
        "while started < 100:\n"
        "    try:\n        threading.Thread(target=time.sleep, args=(1,), daemon=True).start()\n"
        "    except RuntimeError:\n        break\n"
        "    started += 1"
    )
    assert 0 < inside("started", setup) < 20


BEGUN = """
import os, threading, time
begun = []
try:
    threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
    begun.append("thread")
except RuntimeError:
    pass
try:
    if os.fork() == 0:
        os._exit(0)
    begun.append("process")
except OSError:
    pass
raise RuntimeError(repr(begun))
"""


def test_on_a_machine_without_a_filter_a_worker_has_a_single_thread_and_starts_no_process(unfiltered_walls, walls):
    with Site(unfiltered_walls) as bare, Site(walls) as usual:
        begun = [run(site.start(0, Limits(cpu=5, memory_mb=400), 1), BEGUN)[1] for site in (bare, usual)]
    assert list(map(ast.literal_eval, begun)) == [[], ["thread"]]


def test_numpy_and_our_layer_are_there(inside):
    assert inside("float(np.ones(3).sum())", "import numpy as np\nfrom ncl_course.nn import Layer") == 3.0


def test_hashes_and_the_global_generators_repeat(inside, walls):
    setup = "import random, numpy as np\nnumbers = hash('a'), random.random(), np.random.rand()"
    source = f"{setup}\nraise RuntimeError(repr(tuple(map(float, numbers))))"
    with Site(walls) as site:
        first, second = (run(site.start(slot, Limits(), 1), source)[1] for slot in (0, 1))
    assert first == second
    assert ast.literal_eval(first)[0] == inside("float(hash('a'))")


def test_without_bubblewrap_the_fix_is_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name, **_where: None)
    with pytest.raises(SandboxError, match=r"no bwrap\n.*apt install bubblewrap"):
        walls_for(Mode.BWRAP, module.Path())
    with pytest.raises(SandboxError, match=r"no bwrap; --sandbox user: .*\n.*apt install bubblewrap.*\n.*needs root"):
        walls_for(Mode.AUTO, module.Path())


def test_where_bubblewrap_does_not_run_the_reason_and_the_fix_are_named(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = usable()
    assert found == Usable(why=found.why, fix=found.fix)
    assert "No permissions to create new namespace" in found.why
    assert "--privileged" in found.fix


def test_without_walls_the_same_worker_runs(tmp_path):
    with Site(no_walls(tmp_path)) as site:
        process = site.start(0, Limits(), 1)
        raised = run(process, "import numpy\nfrom ncl_course.nn import Layer\nimport torch\ntorch.zeros(1)")
        site.end(process)
    assert raised[0] == "ImportError"
    assert "NumPy alone" in raised[1]


def test_a_process_ends_when_it_is_closed(spawning_walls):
    with Site(spawning_walls) as site:
        process = site.start(0, Limits(), 1)
        site.end(process)
        assert process.life.popen.returncode is not None
        with pytest.raises(OSError, match="Bad file"):
            process.channel.send(b"x")
