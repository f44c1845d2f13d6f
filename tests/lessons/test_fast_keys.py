"""The fast keys pass the checks that the readable keys pass."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from ncl_course.checking.answers import every_answer
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES

FAST = runpy.run_path(str(Path(__file__).parents[2] / "solutions" / "fast" / "layers.py"))


@pytest.mark.parametrize("exercise", [e for e in EXERCISES if e.name in FAST], ids=lambda exercise: exercise.name)
def test_a_fast_key_passes(exercise):
    result = judge(exercise, Here(FAST[exercise.name]), every_answer(exercise))
    assert result.verdict is Verdict.PASSED, [part.difference for part in result.parts]


def test_the_fast_keys_include_the_slow_layers():
    assert {"MaxPool2d", "BatchNorm2d", "Linear"} <= FAST.keys()
