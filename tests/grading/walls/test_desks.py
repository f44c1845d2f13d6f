"""Behind the walls of another user each worker has a small, private working folder, which is gone afterwards."""

from __future__ import annotations

import ast
import itertools
import os

import pytest

from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.walls import desks, users
from ncl_course.grading.walls.process import Limits, LostError
from ncl_course.grading.walls.site import Site
from tests.grading.conftest import SEED, write_notebook
from tests.patience import PATIENCE
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

LIMITS = Limits(cpu=5, memory_mb=400)


@pytest.fixture(scope="module")
def site(user_walls):
    """Return a site with these walls."""
    with Site(user_walls) as made:
        yield made


def run(process, source):
    """Run a cell and return its exception."""
    return process.ask({"do": "cell", "number": 1, "source": source, "cpu": 5.0}, wall=PATIENCE)[0]["raised"]


@pytest.fixture
def done(site):
    """Return what a cell leaves in ``done``; it runs in a fresh worker each time."""

    def evaluate(source):
        process = site.start(0, LIMITS, 1)
        try:
            kind, message, where = run(process, f"done = []\n{source}\nraise RuntimeError(repr(done))")
            assert kind == "RuntimeError", (message, where)
            return ast.literal_eval(message)
        finally:
            site.end(process)

    return evaluate


WORKS = {
    "text": ("open('notes.txt', 'w').write('x is 3')\ndone.append(open('notes.txt').read())", ["x is 3"]),
    "savez": (
        "import numpy as np\nnp.savez('a.npz', x=np.arange(3))\ndone.append(np.load('a.npz')['x'].tolist())",
        [[0, 1, 2]],
    ),
    "tofile": ("import numpy as np\nnp.ones(2).tofile('a.bin')\ndone += np.fromfile('a.bin').tolist()", [1.0, 1.0]),
    "memmap": (
        "import numpy as np\nm = np.memmap('m', 'float64', 'w+', shape=(2,))\nm[:] = 5\nm.flush()\n"
        "done += np.fromfile('m').tolist()",
        [5.0, 5.0],
    ),
    "folders": (
        "import os, shutil\nos.makedirs('a/b')\nopen('a/b/c', 'w').close()\nshutil.rmtree('a')\ndone += os.listdir()",
        [],
    ),
    "rename": (
        "import os\nfor n in 'ab': open(n, 'w').write(n)\nos.replace('a', 'b')\nos.rename('b', 'c')\n"
        "done += [*os.listdir(), open('c').read()]",
        ["c", "a"],
    ),
    "remove": (
        "import os\nfrom pathlib import Path\nPath('a').touch()\nPath('a').unlink()\nopen('b', 'w').close()\n"
        "os.remove('b')\ntry:\n    os.remove('b')\nexcept FileNotFoundError:\n    done += os.listdir()",
        [],
    ),
    "tempfile": (
        "import os, tempfile\nwith tempfile.TemporaryDirectory() as t, tempfile.NamedTemporaryFile('w+') as f:\n"
        "    f.write('x')\n    open(t + '/y', 'w').close()\ndone += os.listdir()",
        [],
    ),
    "module": ("open('m.py', 'w').write('A = 3')\nimport sys\nsys.path.insert(0, '')\nimport m\ndone.append(m.A)", [3]),
}


@pytest.mark.parametrize(("source", "wanted"), WORKS.values(), ids=WORKS)
def test_files_work_as_they_do_behind_bubblewrap(done, source, wanted):
    assert done(source) == wanted


def test_a_statement_that_writes_a_file_costs_nothing_and_the_next_exercise_finds_no_file(site, tmp_path):
    writes = "import os\nassert not os.path.exists('left.txt')\nopen('left.txt', 'w').write('x')\n"
    submodule = "%%writefile sizes.py\ndef half(n):\n    return n // 2"
    size = "from sizes import half\nassert half(4) == 2\n" + SIZE
    path = write_notebook(tmp_path / "01_pooling.ipynb", SETUP, submodule, writes + size, MAX, AVG)
    record = Grader(site, SEED, LIMITS)(Submission("anna", path, "anna/01_pooling.ipynb"), 0)
    assert record.score == 9.0, record.notes
    assert not [note for note in record.notes if "raised" in note]


OVERFULL = {
    "many bytes": "for n in range(1_000):\n    open(f'big{n}', 'wb').write(b'x' * 4_000_000)",
    "many files": "for n in range(100_000):\n    open(f'file{n}', 'w').close()",
    "deep folders": "import os\nfor n in range(100_000):\n    os.mkdir('d')\n    os.chdir('d')",
    "removed files": (
        "import os\nfor n in range(100_000):\n    f = open('f', 'wb')\n    f.write(b'x' * 9_000)\n    os.remove('f')"
    ),
    "folders that nobody may read": (
        "import os\nfor n in range(1_000):\n    os.makedirs(f'd{n}')\n"
        "    open(f'd{n}/x', 'wb').write(b'x' * 4_000_000)\n"
        "    os.chmod(f'd{n}', 0)"
    ),
}


@pytest.mark.parametrize("source", OVERFULL.values(), ids=OVERFULL)
def test_a_worker_that_fills_its_folder_is_ended_and_nothing_is_left(site, user_walls, source):
    process, other = site.start(0, LIMITS, 1), site.start(1, LIMITS, 1)
    with pytest.raises(LostError, match="filled the working folder: 16 MB and 1,000 files"):
        run(process, source + "\nimport time\ntime.sleep(600)")
    site.end(process)
    assert run(other, "open('x', 'w').write('y')\nraise KeyError(open('x').read())")[1] == "'y'"
    site.end(other)
    assert os.listdir(user_walls.desks) == []


HIDES = """
import ctypes, os
libc = ctypes.CDLL(None)
open("x", "wb").write(b"x" * 1_000)
held = os.open("x", os.O_RDWR)
x86, here = os.uname().machine == "x86_64", -100
unlinkat, renameat, renameat2, openat, fallocate, fsetxattr = (
    (263, 264, 316, 257, 285, 190) if x86 else (35, 38, 276, 56, 47, 7)
)
calls = [(unlinkat, here, b"x", 0), (renameat, here, b"x", here, b"y"), (437, here, b".", b"\\0" * 24, 24)]
calls += [(renameat2, here, b"x", here, b"y", flags) for flags in (0, 2, 4)]
calls += [(openat, here, b".", os.O_TMPFILE | os.O_RDWR, 0o600), (fallocate, held, 1, 0, 1 << 32)]
calls += [(fsetxattr, held, b"user.a", b"x" * 100, 100, 0)]
calls += [(87, b"x"), (82, b"x", b"y"), (2, b".", os.O_TMPFILE | os.O_RDWR, 0o600)] if x86 else []
done = [call[0] for call in calls if libc.syscall(*call) != -1] + os.listdir()
"""


def test_no_file_can_be_hidden_from_the_measurement(done):
    assert done(HIDES) == ["x"]


def test_another_workers_folder_is_neither_found_nor_entered_though_its_owner_opens_it(site, user_walls, done):
    other = site.start(1, LIMITS, 1)
    assert run(other, "import os\nopen('x', 'w').close()\nos.chmod('.', 0o777)\nos.chmod('x', 0o666)") is None
    (name,) = os.listdir(user_walls.desks)
    tries = [f"os.listdir('/desk/{name}/own')", f"open('/desk/{name}/own/x')", f"os.chdir('/desk/{name}')"]
    tries += ["os.listdir('/desk')", f"open('/desk/{name}/own/y', 'w')"]
    lines = [f"try:\n    {one}\n    done.append({one!r})\nexcept PermissionError:\n    pass" for one in tries]
    assert done("\n".join(["import os", *lines])) == []
    site.end(other)


def test_a_link_leads_the_grader_nowhere(site, user_walls, tmp_path):
    (tmp_path / "marks").write_text("as it was")
    process = site.start(0, LIMITS, 1)
    assert run(process, f"import os\nos.symlink({str(tmp_path)!r}, 'out')\nos.symlink('/', 'root')") is None
    site.end(process)
    assert (tmp_path / "marks").read_text() == "as it was"
    assert os.listdir(user_walls.desks) == []


def test_a_folder_is_measured_with_all_that_is_in_it(tmp_path):
    user = users.claim(itertools.count(7))
    try:
        desk = desks.Desk(tmp_path, user)
        (desk.folder / "own" / "a").mkdir()
        (desk.folder / "own" / "a" / "x").write_bytes(b"x" * (desks.MOST_BYTES - 60_000))
        assert not desks.is_overfull(desk.folder)
        (desk.folder / "aside" / "y").write_bytes(b"x" * 60_000)
        assert desks.is_overfull(desk.folder)
        desk.close()
        assert list(tmp_path.iterdir()) == []
    finally:
        user.give_back()
