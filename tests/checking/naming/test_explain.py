"""A name has to hold on a second seed, too."""

from __future__ import annotations

from ncl_course.checking.answers import Answers
from ncl_course.checking.naming.explain import confirmed
from ncl_course.checking.result import PartResult
from ncl_course.checking.run import Here, SubjectLostError, judge, judge_part
from ncl_course.checking.verdict import Verdict
from tests.checking.toy import TWICE

FIRST, SECOND = Answers(TWICE, "value", 0), Answers(TWICE, "larger", 1)
"""The second answers have one more case, which tells two of the toy's mistakes apart."""


def named_again(answer):
    """Return the names on the first answers, and those that the second ones leave."""
    subject = Here(answer)
    part = judge_part(subject, FIRST)
    return part.misconceptions, confirmed(part, lambda _: SECOND, subject.play_all).misconceptions


def test_a_name_that_the_second_cases_show_is_kept():
    assert named_again(lambda x: 2 * min(abs(x), 3)) == (("absolute",), ("absolute",))


def only_near(x):
    """Return the size of 2x for the first cases' numbers, and the right number for the new one."""
    return 2 * abs(x) if x > -4 else 2 * x


def test_a_name_that_the_second_cases_contradict_is_taken_back():
    assert named_again(only_near) == (("absolute",), ())


def test_nothing_is_played_again_if_nothing_is_named():
    part = PartResult("value", Verdict.FAILED, 1.0)
    assert confirmed(part, lambda _: 1 / 0, lambda _: 1 / 0) is part


def test_judging_confirms_each_name():
    result = judge(TWICE, Here(only_near), [FIRST], again=lambda _: SECOND)
    assert (result.parts[0].verdict, result.misconceptions) == (Verdict.FAILED, ())


class Lost(Here):
    """Is lost as soon as it is asked for many scripts a second time."""

    asked = 0

    def play_all(self, scripts):
        type(self).asked += 1
        if self.asked > 1:
            raise SubjectLostError(Verdict.TIMEOUT, "")
        return super().play_all(scripts)


def test_code_that_is_lost_on_the_second_seed_keeps_its_verdict_and_its_name():
    result = judge(TWICE, Lost(lambda x: 2 * abs(x)), [FIRST], again=lambda _: SECOND)
    assert (result.parts[0].verdict, result.misconceptions) == (Verdict.FAILED, ("twice.absolute",))
