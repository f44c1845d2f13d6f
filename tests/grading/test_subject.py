"""A process that misbehaves costs what it should, and does not affect the next one."""

from __future__ import annotations

import pytest

from ncl_course.grading import subject as module
from ncl_course.grading.packed import checked
from ncl_course.grading.walls.process import Limits, LostError
from ncl_course.grading.walls.site import Site
from ncl_course.protocol.plain import ProtocolError
from ncl_course.protocol.script import Outcome, Raised, apply, call, new
from tests.patience import PATIENCE, until
from tests.submissions.hostile import FORGED, in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

pytestmark = pytest.mark.bwrap


def verdicts(record):
    """Return the verdicts by exercise."""
    return {one.exercise: one.verdict for one in record.exercises}


def test_a_cell_that_kills_is_run_once_and_not_for_every_exercise(graded, monkeypatch):
    started = []
    monkeypatch.setattr(module, "raised_of", started.append)
    record = graded(SETUP, SIZE, "import os\nos._exit(3)", MAX, AVG)
    assert verdicts(record) == dict.fromkeys(("pool_output_size", "MaxPool2d", "AvgPool2d"), "passed")
    assert record.notes[-1] == "Code cell 3 was left out: It ended the whole process (exit status 3)."
    assert len(started) == 2 + 3 * 4


def test_too_many_killing_cells_end_it(graded, monkeypatch):
    monkeypatch.setattr(module, "MAX_RESTARTS", 2)
    record = graded(*["import os\nos._exit(0)"] * 12, SETUP, SIZE)
    assert set(verdicts(record).values()) == {"killed"}
    assert "Too many cells" in record.exercises[0].message


def test_the_grader_holds_few_bytes_of_the_answers_to_an_exercise(graded, monkeypatch):
    """Each answer may be large, and one exercise has many cases."""
    monkeypatch.setattr(module, "MOST_BYTES", 2_000_000)
    large = MAX.replace("        return y\n", "        return np.zeros(500_000, np.uint8)\n", 1)
    record = graded(SETUP, SIZE, large, AVG)
    assert verdicts(record) == {"pool_output_size": "passed", "MaxPool2d": "killed", "AvgPool2d": "passed"}
    assert "more memory" in record.exercises[1].parts[0].note


def test_exercises_share_nothing_of_a_process(graded):
    counted = SIZE.replace("    return", "    import builtins\n    builtins.spoiled = True\n    return")
    spoiled = MAX.replace(
        "        self.x = x\n",
        "        import builtins\n        assert not hasattr(builtins, 'spoiled')\n        self.x = x\n",
    )
    assert graded(SETUP, counted, spoiled).exercises[1].verdict == "passed"


def test_sleeping_ends_by_the_clock_and_is_marked_for_another_try(walls):
    with Site(walls) as site:
        process = site.start(0, Limits(), 1)
        with pytest.raises(LostError, match=r"within 0\.5 s") as lost:
            process.ask({"do": "cell", "number": 1, "source": "import time\ntime.sleep(60)", "cpu": 5.0}, wall=0.5123)
        assert lost.value.backstop
        assert process.life.status is not None


def test_a_message_before_the_question_is_a_breach(walls):
    late = FORGED + "import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.3), forge())).start()"
    with Site(walls) as site:
        process = site.start(0, Limits(), 1)
        process.ask({"do": "cell", "number": 1, "source": late, "cpu": 5.0}, wall=PATIENCE)
        until(process.pending, "the forged message is there")
        with pytest.raises(LostError, match="interfered"):
            process.ask({"do": "defined", "names": []}, wall=PATIENCE)


FRAMES = {
    "noise": "b'x' * 1000",
    "an empty header": "b'\\0\\0\\0\\2' + b'\\0' * 8 + b'{}'",
    "the token alone": "wire.encode({'token': h['token']})",
    "a trace that is none": "wire.encode({'token': h['token'], 'trace': {'verdict': 'passed'}})",
    "an endless trace": "wire.encode({'token': h['token'], 'trace': [[None, None, [], [], [], '']] * 100})",
}


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
def test_a_worker_that_answers_with_anything_else_is_refused(graded, frame):
    code = f"from ncl_course.protocol import wire\nwire.send = lambda c, h, a=None, d=None: c.sendall({frame})"
    record = graded(SETUP, SIZE, in_forward(code), AVG)
    assert verdicts(record) == {"pool_output_size": "passed", "MaxPool2d": "killed", "AvgPool2d": "passed"}
    assert "interfered with the grader's channel" in record.exercises[1].message


SCRIPT = (new("a"), call("a", "forward", label="forward"))
FINE, BAD = Outcome(), Outcome(raised=Raised("E"))


@pytest.mark.parametrize("trace", [(), (FINE,), (FINE, FINE, FINE), (BAD, FINE)])
def test_a_trace_that_does_not_fit_its_script_is_refused(trace):
    with pytest.raises(ProtocolError, match="refused: a trace"):
        checked(trace, SCRIPT)


@pytest.mark.parametrize("trace", [(FINE, FINE), (BAD,), (FINE, BAD)])
def test_a_trace_that_fits_is_taken(trace):
    assert checked(trace, SCRIPT) == trace
    assert checked((FINE,), (apply(1),)) == (FINE,)


ODD = {
    "an exception whose text raises": "class E(Exception):\n    def __str__(self): raise self\nraise E()",
    "an exception with a nameless type": "raise type('', (Exception,), {})()",
    "an exception that is not one": "raise 'text'",
    "a deep recursion": "def f(): f()\nf()",
    "a generator exit": "raise GeneratorExit",
    "lone surrogates": "raise ValueError('\\ud800' * 10)",
    "a huge message": "raise ValueError('x' * 10_000_000)",
}


@pytest.mark.parametrize("code", ODD.values(), ids=ODD)
def test_odd_exceptions_are_the_students_error_and_no_more(graded, code):
    record = graded(SETUP, SIZE, code, in_forward(code), AVG)
    assert verdicts(record) == {"pool_output_size": "passed", "MaxPool2d": "error", "AvgPool2d": "passed"}


VALUES = """
None
'text'
object()
10**1000
float('nan')
[1, 2]
np.array(['a'])
np.ma.ones(3)
np.array([None])
np.float16(3)
np.longdouble('1e4000')
np.complex64(1j)
np.asarray(x) > 0
np.asarray(x, '>f8')
np.matrix([[1.0]])
np.zeros((1,) * 12)
np.asarray(x, np.longdouble) * np.longdouble('1e4000')
np.asarray(x) * np.nan
np.asarray(x, complex)
""".strip().splitlines()
ODD_SIZE = "def pool_output_size(size, kernel_size, stride):\n    x = [size]\n    return {value}"


@pytest.mark.parametrize("value", VALUES)
def test_odd_results_are_wrong_and_no_more(graded, value):
    record = graded(SETUP, ODD_SIZE.format(value=value), in_forward(f"return {value}"), AVG)
    assert record.status == "graded"
    marks = {one.exercise: one.parts[0].verdict for one in record.exercises}
    assert marks == {"pool_output_size": "failed", "MaxPool2d": "failed", "AvgPool2d": "passed"}
