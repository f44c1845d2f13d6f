"""The feedback tells no more of an exception than the notebook itself does: nothing of the secret cases."""

from __future__ import annotations

import json

import pytest

from ncl_course.checking.answers import Answers, notebook_answers
from ncl_course.exercises import find
from ncl_course.grading.reports.discreet import SHORT, Discreet
from ncl_course.grading.reports.gradescope import gradescope_results
from ncl_course.grading.reports.html import feedback_page
from ncl_course.grading.results import Results, Run
from ncl_course.protocol.play import materialize
from ncl_course.protocol.script import Raised
from tests.grading.conftest import SEED
from tests.submissions.hostile import in_backward, in_forward
from tests.submissions.pooling import SETUP

CELLS = ("import torch\nclass MyError(ValueError):\n    pass\n", "x = 1\ny = x / 0\n")


@pytest.mark.parametrize("name", ["ValueError", "ZeroDivisionError", "AxisError", "MyError", "KeyboardInterrupt"])
def test_types_of_python_numpy_and_the_notebook_are_told(name):
    assert Discreet(CELLS).type_name(name) == name


@pytest.mark.parametrize("name", ["X_3_1415", "", "0.125", "MyErrorToo", "Exception", "torch"])
def test_other_types_are_told_as_an_exception(name):
    assert Discreet(CELLS).type_name(name) == "Exception"


@pytest.mark.parametrize(("where", "told"), [("2: y = x / 0", True), ("1: x = 1", True), ("1: y = x / 0", False)])
@pytest.mark.parametrize("secret", [True, False])
def test_a_line_is_told_if_it_is_one_of_the_notebook(where, told, secret):
    raised = Discreet(CELLS).raised(Raised("ValueError", "", where), secret=secret)
    assert raised.where == (where if told else "")


@pytest.mark.parametrize("where", ["2: 0.125", "0.125", "99999: x = 1", "2: y = x / 0 0.125"])
def test_no_other_line_is_told(where):
    assert Discreet(CELLS).raised(Raised("ValueError", "", where), secret=True).where == ""


def test_messages_are_cut_short_where_they_may_hold_a_secret_and_whole_elsewhere():
    said = "a" * 500
    assert Discreet(CELLS).raised(Raised("ValueError", said), secret=True).message == said[:SHORT]
    assert Discreet(CELLS).raised(Raised("ValueError", said), secret=False).message == said


def test_a_refused_import_is_told_if_the_notebook_has_it():
    told = [
        Discreet(CELLS).message(Raised("ImportError", f"{name} is not there while a notebook is graded: 0.125"))
        for name in ("torch", "a0125")
    ]
    assert [bool(words) for words in told] == [True, False]
    assert told[0] == "torch is not there while a notebook is graded"


@pytest.mark.parametrize("hint", ["within MyError", "own y", "self", ""])
def test_a_hint_is_told_if_its_name_is_a_word_of_the_notebook(hint):
    assert Discreet(CELLS).raised(Raised("NotImplementedError", hint=hint), secret=True).hint == hint


@pytest.mark.parametrize("hint", ["within X_3_1415", "close zzz", "0_125", "seen y", "within y 0.125"])
def test_no_other_hint_is_told(hint):
    assert Discreet(CELLS).raised(Raised("NotImplementedError", hint=hint), secret=True).hint == ""
    assert Discreet(CELLS).raised(Raised("NameError", hint=hint), secret=False).hint == hint


def sums(seed, part):
    """The sums that the code below writes down while the cases of a seed are played, or those of the notebook."""
    exercise = find("MaxPool2d")
    answers = notebook_answers(exercise, part) if seed is None else Answers(exercise, part, seed)
    steps = [
        step for case in answers.cases for step in case.script if step.method in ("forward", "__call__", "backward")
    ]
    return {str(float(materialize(step.args[0]).sum())) for step in steps}


ENCODES = """\
import builtins
seen = builtins.__dict__.setdefault("seen_by_all", [])
seen.append(float(x.sum()))
words = "seen: " + " ".join(map(str, seen))
print(words)
import warnings
warnings.warn(words)
source = compile("def f():\\n raise T(words)", "<cell 2>", "exec")
import linecache
linecache.cache["<cell 2>"] = (9, None, ["", words + chr(10)], "<cell 2>")
space = {"T": type("T" + words.replace(" ", "_").replace(".", "d"), (Exception,), {}), "words": words}
exec(source, space)
space["f"]()"""


@pytest.mark.bwrap
@pytest.mark.parametrize("place", [in_forward, in_backward])
def test_secret_inputs_do_not_reach_the_feedback_in_any_part_of_an_exception(graded, place):
    code = ENCODES if place is in_forward else ENCODES.replace("x.sum()", "grad_out.sum()")
    one = graded(SETUP, place(code))
    page = feedback_page("mallory", [one]) + json.dumps(gradescope_results(Results(Run(7), (one,))))
    pooled = next(exercise for exercise in one.exercises if exercise.exercise == "MaxPool2d")
    part = pooled.parts[0 if place is in_forward else 1]
    assert (part.raised, part.where) == ("Exception", "")
    assert part.panel is not None
    secret, public = (sums(seed, part.part) for seed in (SEED, None))
    telling = {number for number in secret - public if len(number) > len("-9.9")}  # a shorter one may be a mark, too
    assert len(telling) > 3
    assert not [number for number in telling if number in page]
    assert [number for number in public if number in page], "the panel shows the notebook's own case"


NAMES = """\
import builtins
seen = builtins.__dict__.setdefault("seen_by_all", [])
seen.append(float(INPUT.sum()))
name = "seen_" + "_".join(str(n).replace(".", "d").replace("-", "m") for n in seen)
source = "def " + name + "():" + chr(10) + " y = 1" + chr(10) + " raise NotImplementedError"
space = {}
exec(compile(source, "<cell 9>", "exec"), space)
space[name]()"""


@pytest.mark.bwrap
@pytest.mark.parametrize(("place", "given"), [(in_forward, "x"), (in_backward, "grad_out")])
def test_secret_inputs_do_not_reach_the_feedback_in_the_name_of_an_unfinished_function(graded, place, given):
    one = graded(SETUP, place(NAMES.replace("INPUT", given)))
    page = feedback_page("mallory", [one]) + json.dumps(gradescope_results(Results(Run(7), (one,))))
    pooled = next(exercise for exercise in one.exercises if exercise.exercise == "MaxPool2d")
    assert pooled.parts[0 if place is in_forward else 1].verdict == "missing"
    assert "seen_" not in page


ONLY_PUBLIC = """\
N, C, H, W = x.shape
if min(abs(float(x.sum()) - known) for known in KNOWN) > 1e-6:
    return np.zeros((N, C, (H - self.k) // self.s + 1, (W - self.k) // self.s + 1), x.dtype)"""


@pytest.mark.bwrap
def test_code_that_knows_the_notebooks_cases_fails_and_is_told_of_a_case_that_is_not_shown(graded):
    known = ", ".join(sorted(sums(None, "forward")))
    one = graded(SETUP, f"KNOWN = [{known}]", in_forward(ONLY_PUBLIC))
    pooled = next(exercise for exercise in one.exercises if exercise.exercise == "MaxPool2d")
    assert (pooled.parts[0].verdict, pooled.parts[0].panel) == ("failed", None)
    assert "The smallest failing case: " in feedback_page("mallory", [one])
