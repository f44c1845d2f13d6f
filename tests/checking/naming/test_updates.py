"""An update that goes in the right direction is said to be too long or too short, by one factor or by several."""

from __future__ import annotations

import pytest

from ncl_course.checking.view import measured_sentence
from ncl_course.language import language
from tests.checking.naming.outside.fresh_training import STEP
from tests.checking.naming.outside.made import edited, judged

RIGHT = "model.backward(loss.backward())"


def sentence(backward: str) -> str:
    """Return the sentence on a training step that has this line in place of the right one."""
    (part,) = judged(edited(STEP, RIGHT, backward), 0).parts
    assert part.misconceptions == ("step-scaled",)
    return measured_sentence(part.found[0])


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "the right one times 2.5."), ("ru", "верный шаг, умноженный на 2,5.")]
)
def test_a_factor_that_all_cases_share_is_said_in_the_readers_language(lang, said):
    language(lang)
    assert sentence("model.backward(2.5 * loss.backward())").endswith(said)


def test_of_factors_that_differ_from_case_to_case_the_range_is_said():
    language("en")
    assert "times a number, but the numbers differ: from " in sentence("model.backward(value * loss.backward())")
