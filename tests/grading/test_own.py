"""Lesson 06 in grading: the student's own layers if they pass, and the key's for the others, which are named."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from ncl_course.authoring.notebook import assemble
from ncl_course.authoring.source import read
from ncl_course.checking.own import NEEDED
from ncl_course.grading.errors import GradingError
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.own import LayerSource, completed, read_key, with_notebooks_beside
from ncl_course.grading.plain import plain
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
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
    monkeypatch.setattr(Site, "start", lambda *given: started.append(given) or start(*given))
    submission = submitted(tmp_path, answer("key"), _02_activations=[RELU, "import os\nos._exit(3)"])
    keyed(submission.beside[0], 0)
    before = len(started)
    record = keyed(submission, 0)
    assert len(started) - before == 3  # one for each exercise of the lesson
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
    names = [name for source in completed(own, KEY) for name in source.names]
    assert names[0] == "ReLU"
    assert sorted(names) == sorted(NEEDED)
    with pytest.raises(GradingError, match=r"needs a key .*: MaxPool2d, Sigmoid"):
        completed(own, {})


def test_a_students_other_notebooks_stand_beside_each(tmp_path):
    found = [Submission(who, tmp_path / f"{n}.ipynb", f"{who}/{n}") for n, who in enumerate("aab")]
    first, second, third = with_notebooks_beside(found)
    assert [one.file for one in first.beside] == ["a/1"]
    assert [one.file for one in second.beside] == ["a/0"]
    assert third.beside == ()
    assert dataclasses.replace(first, beside=()) == found[0]


CAPTURES = """\
import builtins
real, builtins.kept = builtins.compile, []
def compile(source, *rest, **more):
    builtins.kept.append(str(source))
    return real(source, *rest, **more)
builtins.compile = compile
"""
TELLS = """\
import builtins
words = chr(10).join(builtins.kept)
print(words)
def build_cnn(config, rng):
    print(words)
    raise ValueError(words)
def train_step(model, loss, optimizer, x, labels):
    raise type(words, (Exception,), {})(words)
def train(model, loss, optimizer, x, labels, **more):
    return [float(ord(c)) for c in words]
raise RuntimeError(words)
"""


@pytest.mark.bwrap
def test_the_text_of_the_key_does_not_come_out_of_a_process_that_it_runs_in(keyed, tmp_path):
    record = keyed(submitted(tmp_path, [TELLS], _02_activations=[CAPTURES + RELU]), 0)
    said = json.dumps(plain(record))
    lines = [line.strip() for source in keyed.key.values() for cell in source.cells for line in cell.split("\n")]
    long = {line for line in lines if len(line) > 20}
    assert len(long) > 50
    assert not [line for line in long if json.dumps(line)[1:-1] in said]
    assert all(part.panel is None for one in record.exercises for part in one.parts)
    assert "Code cell 1 raised an exception: RuntimeError (line 11)." in record.notes
    assert any("Layers of the key took part" in note for note in record.notes)
