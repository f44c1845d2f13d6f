"""The check fails and names every known wrong answer, and passes every right one."""

from __future__ import annotations

import pytest

from ncl_course.checking import render
from ncl_course.checking.answers import Answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, find
from tests.answers import KIT, RIGHT, WRONG

SEEDS = (0, 20_251_010)
"""Right answers must pass under each seed. Wrong answers take most of the time, so they are judged under the first
only."""


def judged(name: str, target, seed: int, cache={}) -> ExerciseResult:  # noqa: B006 - a cache for all tests
    exercise = find(name)
    for part in exercise.parts:
        if (name, part.name, seed) not in cache:
            cache[name, part.name, seed] = Answers(exercise, part.name, seed)
    return judge(exercise, Here(target, KIT), [cache[name, part.name, seed] for part in exercise.parts])


def every(answers):
    return [
        pytest.param(
            name,
            answer,
            id=f"{name}-{number}-{(answer[1] if isinstance(answer, tuple) else answer).__name__}",
        )
        for name, some in answers.items()
        for number, answer in enumerate(some)
    ]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "target"), every(RIGHT))
def test_a_right_answer_of_any_style_passes(name, target, seed):
    result = judged(name, target, seed)
    assert result.verdict is Verdict.PASSED, [part.difference for part in result.parts]


@pytest.mark.parametrize(("name", "answer"), every(WRONG))
def test_a_wrong_answer_fails_and_is_named(name, answer):
    misconception, target = answer
    result = judged(name, target, SEEDS[0])
    assert result.verdict in {Verdict.FAILED, Verdict.PARTIAL, Verdict.ERROR}
    assert result.misconceptions, "no misconception is named"
    assert result.misconceptions[0] == f"{name}.{misconception}"
    assert render.plain(result)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_each_exercise_has_four_right_answers_and_each_misconception_a_wrong_one(exercise):
    assert len(RIGHT[exercise.name]) >= 4
    assert {m.name for m in exercise.misconceptions} <= {name for name, _ in WRONG[exercise.name]}
