"""The engine judges part by part: how a stub, an exception and a lost process affect the marks."""

from __future__ import annotations

import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, SubjectLostError, judge, judge_part
from ncl_course.checking.verdict import Verdict
from ncl_course.protocol.play import play
from tests.checking.toy import NUMBERS, TWICE

SEED = 5


def answers(*parts):
    return [Answers(TWICE, part, SEED) for part in parts or ("value", "again")]


def judged(target):
    return judge_part(Here(target), *answers("value"))


class Lost:
    """A subject whose process ends at the given play."""

    def __init__(self, target, after):
        self.target, self.left = target, after

    def play(self, script):
        if not self.left:
            raise SubjectLostError(Verdict.TIMEOUT, "more than 10 s")
        self.left -= 1
        return play(self.target, script)

    def play_all(self, scripts):
        return [self.play(script) for script in scripts]


def test_a_right_answer_gets_the_points_of_every_part():
    result = judge(TWICE, Here(lambda x: x + x), answers())
    assert (result.verdict, result.score, result.max_score) == (Verdict.PASSED, 3.0, 3.0)


def test_a_stub_is_missing_and_not_a_mistake():
    def stub(x):
        raise NotImplementedError

    result = judged(stub)
    assert (result.verdict, result.score, result.misconceptions) == (Verdict.MISSING, 0.0, ())


def test_a_stub_is_missing_even_if_an_earlier_method_raises_something_else_in_the_first_case():
    def stub(x):
        if x == NUMBERS[0]:
            raise ValueError("axis 1 is out of bounds")
        raise NotImplementedError

    result = judged(stub)
    assert (result.verdict, result.difference) == (Verdict.MISSING, None)


def test_written_code_that_raises_a_stubs_error_in_one_case_is_not_missing():
    def half_written(x):
        if x == NUMBERS[-1]:
            raise NotImplementedError
        return 2 * x

    assert judged(half_written).verdict is Verdict.ERROR


def test_every_case_is_played_and_the_failing_ones_are_counted():
    result = judged(lambda x: 2 * abs(x))
    assert (result.verdict, result.failing, result.cases) == (Verdict.FAILED, 3, len(NUMBERS))


@pytest.mark.parametrize(("error", "verdict"), [(ValueError, Verdict.ERROR), (MemoryError, Verdict.KILLED)])
def test_an_exception_is_an_error_and_a_memory_error_is_a_kill(error, verdict):
    def breaks(x):
        raise error("no")

    assert judged(breaks).verdict is verdict


def test_a_lost_process_fails_its_part_and_the_later_ones_with_the_same_reason():
    result = judge(TWICE, Lost(lambda x: 2 * x, len(NUMBERS) + 1), answers())
    assert [part.verdict for part in result.parts] == [Verdict.PASSED, Verdict.TIMEOUT]
    assert result.parts[1].note == "more than 10 s"
    lost = judge(TWICE, Lost(lambda x: 2 * x, 0), answers())
    assert [part.verdict for part in lost.parts] == [Verdict.TIMEOUT, Verdict.TIMEOUT]
    assert lost.score == 0.0


def test_a_misconception_in_an_earlier_part_breaks_a_tie_in_a_later_one():
    first, second = judge(TWICE, Here(lambda x: 2 * abs(x)), answers("larger", "value")).parts
    assert (first.misconceptions, second.misconceptions) == (("mirrored-below-zero",), ("mirrored-below-zero",))
    assert judged(lambda x: 2 * abs(x)).misconceptions == ("absolute",)


def test_without_explanations_the_verdict_is_the_same_and_no_misconception_is_named():
    told, untold = (judge(TWICE, Here(lambda x: 2 * abs(x)), answers(), explain=explain) for explain in (True, False))
    assert told.parts[0].misconceptions
    assert not any(part.misconceptions for part in untold.parts)
    assert [(p.verdict, p.failing, p.difference) for p in untold.parts] == [
        (p.verdict, p.failing, p.difference) for p in told.parts
    ]
