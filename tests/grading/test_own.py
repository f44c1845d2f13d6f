"""Lesson 06 in grading: the student's own layers if they pass, and the key's for the others, which are named."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from ncl_course.authoring.notebook import assemble
from ncl_course.authoring.source import read
from ncl_course.checking.own import NEEDED
from ncl_course.grading.errors import GradingError
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.own import LayerSource, lacking, read_key, with_notebooks_beside
from ncl_course.grading.plain import plain
from ncl_course.grading.walls import lender
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from ncl_course.protocol.values import ProtocolError
from ncl_course.submission.defined import needed_cells
from tests.grading.conftest import SEED, write_notebook
from tests.submissions.relu import RELU

ROOT = Path(__file__).parents[2]
KEY = read_key(ROOT / "solutions")
WRONG_SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        return x
"""


@pytest.fixture(scope="module")
def keyed(walls):
    """Return a grader that has the key."""
    with Site(walls) as site:
        yield Grader(site, SEED, Limits(cpu=10, memory_mb=600), KEY)


def answer(name):
    """Return the key's cells of lesson 06, or its stubs."""
    lesson = read(ROOT / "lessons" / "06_train_cnn.py")
    cells = assemble(lesson, "en", key=name == "key").cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def submitted(tmp_path, cells, **others):
    """Return a submission of lesson 06 with other notebooks beside it."""
    paths = [write_notebook(tmp_path / "anna" / "06_train_cnn.ipynb", *cells, lesson="06_train_cnn")]
    for lesson, sources in others.items():
        paths.append(write_notebook(tmp_path / "anna" / f"{lesson[1:]}.ipynb", *sources, lesson=lesson[1:]))
    found = [Submission("anna", path, f"anna/{path.name}") for path in paths]
    return with_notebooks_beside(found)[0]


def verdicts(record):
    return {one.exercise: one.verdict for one in record.exercises}


@pytest.mark.bwrap
def test_a_right_notebook_alone_runs_on_the_key_and_the_report_says_so(keyed, tmp_path):
    record = keyed(submitted(tmp_path, answer("key")), 0)
    assert verdicts(record) == {"build_cnn": "passed", "train_step": "passed", "train": "passed"}, record
    assert record.score == record.max_score == 10
    assert any("all of the student's own are missing or do not pass" in note for note in record.notes)


@pytest.mark.bwrap
def test_own_layers_that_pass_are_used_and_the_others_are_named(keyed, tmp_path):
    beside = [RELU, WRONG_SIGMOID, "raise SystemExit"]
    record = keyed(submitted(tmp_path, answer("key"), _02_activations=beside), 0)
    assert record.score == 10, record
    (note,) = [note for note in record.notes if "own layers ReLU" in note]
    assert "so the key's were used: MaxPool2d, Sigmoid, Flatten" in note


@pytest.mark.bwrap
def test_the_layers_really_are_the_students_own(keyed, tmp_path):
    telling = RELU.replace("class ReLU(Layer):", "class ReLU(Layer):\n    secret = 41")
    spy = [
        "from ncl_course import own_layers\nlayers = own_layers()",
        "def train_step(*anything):\n    raise KeyError if layers.ReLU.secret == 41 else ValueError",
    ]
    submission = submitted(tmp_path, spy, _02_activations=[telling])
    record = keyed(submission, 0)
    (part,) = next(one for one in record.exercises if one.exercise == "train_step").parts
    assert (part.verdict, part.raised) == ("error", "KeyError")


@pytest.mark.bwrap
def test_a_blank_notebook_is_missing(keyed, tmp_path):
    record = keyed(submitted(tmp_path, answer("blank")), 0)
    assert set(verdicts(record).values()) == {"missing"}


@pytest.mark.bwrap
def test_a_notebook_beside_that_loops_costs_only_its_own_cell(walls, tmp_path):
    with Site(walls) as site:
        grader = Grader(site, SEED, Limits(cpu=2, memory_mb=600), KEY)
        submission = submitted(tmp_path, answer("key"), _02_activations=["while True:\n    pass", RELU])
        record = grader(submission, 0)
    assert record.score == 10, record
    assert any("own layers ReLU" in note for note in record.notes)


@pytest.mark.bwrap
def test_a_notebook_beside_that_was_graded_before_is_not_judged_again(keyed, tmp_path, monkeypatch):
    started, start = [], Site.start
    monkeypatch.setattr(Site, "start", lambda *given, **more: started.append(more) or start(*given, **more))
    submission = submitted(tmp_path, answer("key"), _02_activations=[RELU, "import os\nos._exit(3)"])
    keyed(submission.beside[0], 0)
    before = len(started)
    record = keyed(submission, 0)
    assert started[before:].count({}) == 3  # one for each exercise of the lesson, beside those of the key's layers
    assert record.score == 10, record
    assert any("own layers ReLU" in note for note in record.notes)


@pytest.mark.bwrap
def test_without_a_key_it_is_our_error_and_nobodys_zero(walls, tmp_path):
    with Site(walls) as site:
        record = Grader(site, SEED, Limits(cpu=5, memory_mb=600))(submitted(tmp_path, answer("key")), 0)
    assert (record.status, record.score) == ("error", None)
    assert "needs a key" in record.message


def test_the_key_gives_each_layer_with_no_more_than_it_needs():
    assert set(KEY) == set(NEEDED)
    for name, source in KEY.items():
        together = "\n".join(source.cells)
        assert f"class {name}" in together
        others = [other for other in NEEDED if other != name and f"class {other}(" in together]
        assert not others, name
        assert "check(" not in together.replace("import check", "")


def test_what_uses_a_name_brings_the_cell_that_defines_it():
    cells = ("import numpy as np", "k = 2", "def size(n): return n * k", "other = 1", "class A: s = size(3)")
    assert needed_cells(cells, "A") == (cells[1], cells[2], cells[4])
    assert needed_cells(cells, "nothing") == ()


def test_the_key_fills_up_what_is_not_there_and_says_what_it_lacks():
    own = [LayerSource(("ReLU",), ("…",))]
    names = [name for source in lacking(own, KEY) for name in source.names]
    assert sorted([*names, "ReLU"]) == sorted(NEEDED)
    with pytest.raises(GradingError, match=r"needs a key .*: MaxPool2d, Sigmoid"):
        lacking(own, {})


def test_a_students_other_notebooks_stand_beside_each(tmp_path):
    found = [Submission(who, tmp_path / f"{n}.ipynb", f"{who}/{n}") for n, who in enumerate("aab")]
    first, second, third = with_notebooks_beside(found)
    assert [one.file for one in first.beside] == ["a/1"]
    assert [one.file for one in second.beside] == ["a/0"]
    assert third.beside == ()
    assert dataclasses.replace(first, beside=()) == found[0]


CAPTURES = """\
import builtins
builtins.kept = set()
def keeping(real):
    def keeps(source, *rest, **more):
        builtins.kept.add(str(source))
        return real(source, *rest, **more)
    return keeps
builtins.compile, builtins.exec, builtins.eval = map(keeping, (builtins.compile, builtins.exec, builtins.eval))
"""
SEARCHES = """\
import builtins, gc, linecache, os, sys, types
from ncl_course import own_layers
from ncl_course.nn import Conv2d, Sequential
import numpy as np
rng = np.random.default_rng(0)
mine = own_layers()
net = Sequential(Conv2d(1, 2, 3, rng=rng), mine.BatchNorm2d(2), mine.ReLU(), mine.MaxPool2d(2), mine.Flatten(),
                 mine.Dropout(0.5, rng), mine.Linear(8, 3, rng), mine.Sigmoid())
net.backward(net(rng.normal(size=(2, 1, 6, 6))))
try:
    mine.Linear(2, 3)(np.ones((4, 5)))
except ValueError as error:
    kept.add(str(error) + repr(error.__traceback__.tb_next.tb_frame.f_locals))
def texts_of(code):
    kept.update([code.co_filename, *code.co_names, *code.co_varnames])
    for one in code.co_consts:
        texts_of(one) if isinstance(one, types.CodeType) else kept.add(str(one))
    kept.update(linecache.getline(code.co_filename, n) for _, _, n in code.co_lines() if n)
def found():
    everything = list(gc.get_objects())
    for code in {one.__code__ for one in everything if isinstance(one, types.FunctionType)}:
        texts_of(code)
    for one in everything:
        if one is kept:
            continue
        if isinstance(one, (dict, list, tuple, set)):
            kept.update(t for t in (one.values() if type(one) is dict else one) if type(t) is str)
    for frame in sys._current_frames().values():
        while frame is not None:
            texts_of(frame.f_code)
            frame = frame.f_back
    for module in list(sys.modules.values()):
        kept.update(value for value in vars(module).values() if type(value) is str)
    kept.update("".join(entry[2]) for entry in linecache.cache.values() if len(entry) == 4)
    for top in ("/room/ncl_course", "/desk", "/tmp", "/proc/self", "/dev/fd", "/"):
        for folder, _, files in os.walk(top):
            for name in files:
                try:
                    with open(os.path.join(folder, name), errors="replace") as file:
                        kept.add(file.read(300_000) if name.endswith((".py", ".ipynb", "maps")) else "")
                except OSError:
                    pass
            if top == "/":
                break
    return "\\n".join(kept)
words = found()
seen = [line for line in (bytes(b ^ 1 for b in hidden).decode() for hidden in LINES) if line in words]
raise RuntimeError(f"{len(words) > 100_000}: " + " ".join(seen))
"""


def lines_of_the_key():
    """Return the lines that only the key has: between its marks, and in no file that a student's process has."""
    inside = [line for source in KEY.values() for cell in source.cells for line in written(cell)]
    given = "\n".join(path.read_text() for path in (ROOT / "ncl_course").rglob("*.py"))
    return sorted({line for line in inside if len(line) > 12 and line not in given})


def written(cell):
    """Return the lines of a solution in a cell."""
    parts = cell.split("### BEGIN SOLUTION")[1:]
    return [line.strip() for part in parts for line in part.split("### END SOLUTION")[0].split("\n")]


@pytest.mark.bwrap
def test_a_process_with_a_students_code_holds_no_line_of_the_key(keyed, tmp_path):
    own = "def own_trick(): return 'a line of the notebook beside, which is there to be found'"
    lines = lines_of_the_key()
    assert len(lines) > 40
    hidden = [bytes(b ^ 1 for b in line.encode()) for line in (own, *lines)]
    cells = [f"LINES = {hidden}", SEARCHES]
    record = keyed(submitted(tmp_path, cells, _02_activations=[CAPTURES, RELU, own]), 0)
    said = json.dumps(plain(record))
    assert f"RuntimeError: True: {own}" in said, record.notes  # a line that is there is found
    assert not [line for line in lines if json.dumps(line)[1:-1] in said]


@pytest.mark.parametrize("kind", [pytest.param("spawning_walls", marks=pytest.mark.bwrap), "user_walls"])
def test_the_key_works_from_behind_other_walls_too(kind, request, tmp_path):
    with Site(request.getfixturevalue(kind)) as site:
        record = Grader(site, SEED, Limits(cpu=10, memory_mb=600), KEY)(submitted(tmp_path, answer("key")), 0)
    assert verdicts(record)["train_step"] == "passed", record
    assert record.score == 10, record


ASKS = """\
from ncl_course import own_layers
import numpy as np
mine, keeping = own_layers(), []
ask = mine.ReLU.line.ask
def deep(n):
    return {"args": [deep(n - 1)]} if n else {}
"""
HOSTILE = {
    "deep": "ask(deep(400), [])",
    "no_call": "ask([1], [])",
    "endless": "while True: ask({'do': 'new'}, [])",
    "memory": "while True: keeping.append(mine.ReLU()); keeping[-1](np.ones(2**20))",
    "time": "mine.MaxPool2d(1500, 1)(np.ones((1, 2, 2_000, 2_000), np.float32))",
    "forged": "import gc; [one.send(b'x' * 99) for one in gc.get_objects() if type(one).__name__ == 'socket']",
}


BUILDS = ("import numpy", "layers = own_layers()", "def build_cnn")


@pytest.mark.bwrap
@pytest.mark.parametrize(("step", "loop"), [("time", "deep"), ("memory", "endless"), ("forged", "no_call")])
def test_what_a_student_asks_of_the_keys_process_costs_that_exercise_alone(step, loop, walls, tmp_path, monkeypatch):
    monkeypatch.setattr(lender, "MOST_CALLS", 2_000)
    right = [cell for cell in answer("key") if any(part in cell for part in BUILDS)]
    both = {"train_step": HOSTILE[step], "train": HOSTILE[loop]}
    attacks = [f"def {name}(*anything, **more):\n    {what}" for name, what in both.items()]
    with Site(walls) as site:
        grader = Grader(site, SEED, Limits(cpu=2, memory_mb=400), KEY)
        record = grader(submitted(tmp_path, [*right, ASKS, *attacks]), 0)
    assert record.status == "graded", record.message
    assert verdicts(record)["build_cnn"] == "passed", record
    assert {verdicts(record)["train_step"], verdicts(record)["train"]} <= {"killed", "timeout", "error"}, record


@pytest.mark.parametrize(("name", "most"), [("MOST_CALLS", 3), ("MOST_BYTES", 3 * 80)])
def test_the_calls_of_one_process_are_limited_in_number_and_size(name, most, monkeypatch):
    monkeypatch.setattr(lender, name, most)
    lends = lender.Lender(None, 0, Limits(), (), 0, 0.0, process=Answers())
    for _ in range(3):
        assert lends.answer({}, [np.zeros(10)], 0.0) == ({}, [])
    with pytest.raises(ProtocolError, match="too many calls of layers"):
        lends.answer({}, [np.zeros(10)], 0.0)


class Answers:
    """Stands for the process with the key, which answers each call with nothing."""

    def ask(self, *_request, **_limits):
        return {}, []
