"""The contract of every exercise: its cases catch every misconception, repeat, and have words in both languages."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.answers import Answers, generator
from ncl_course.checking.compare import first_difference
from ncl_course.checking.naming.measured import NAMES as MEASURED
from ncl_course.checking.naming.raised import NAMES
from ncl_course.checking.verdict import NAMED_BY_FAULT
from ncl_course.checking.view import key_about
from ncl_course.exercises import EXERCISES, find
from ncl_course.language import LANGUAGES
from ncl_course.language import find as find_text
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Tensor

PARTS = [pytest.param(e, part, id=f"{e.name}.{part.name}") for e in EXERCISES for part in e.parts]
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def cases(exercise, part, seed):
    return part.cases(generator(seed, exercise.name, part.name))


@every_exercise
def test_every_misconception_fails_a_case(exercise):
    answers = [Answers(exercise, part.name, 3) for part in exercise.parts]
    uncaught = [
        misconception.name
        for number, misconception in enumerate(exercise.misconceptions)
        if not any(
            first_difference(case, answer.right[i], answer.altered(number, i)) is not None
            for answer in answers
            for i, case in enumerate(answer.cases)
        )
    ]
    assert uncaught == []


@every_exercise
def test_the_oracle_passes_its_own_cases(exercise):
    for part in exercise.parts:
        answers = Answers(exercise, part.name, 4)
        for case, right in zip(answers.cases, answers.right, strict=True):
            assert all(outcome.raised is None for outcome in right), case.name
            assert first_difference(case, right, play(exercise.oracle, case.script, exercise.kit)) is None


@pytest.mark.parametrize(("exercise", "part"), PARTS)
def test_one_seed_gives_the_same_cases_and_another_seed_others(exercise, part):
    def numbers(seed):
        return [
            argument.values.tolist() if isinstance(argument, Tensor) else argument
            for case in cases(exercise, part, seed)
            for step in case.script
            for argument in step.args
        ]

    assert numbers(1) == numbers(1)
    assert numbers(1) != numbers(2)


def unsaid(keys):
    """Return the keys, with their languages, that have no text."""
    return [(key, lang) for key in keys for lang in LANGUAGES if find_text(key, lang) is None]


@every_exercise
def test_every_case_says_what_it_catches_in_both_languages(exercise):
    names = {case.name for part in exercise.parts for case in cases(exercise, part, 0)}
    assert unsaid(key_about(exercise.name, f"case.{name}") for name in names) == []


@every_exercise
def test_every_misconception_has_a_title_and_a_hint_in_both_languages(exercise):
    names = {m.name for m in exercise.misconceptions} | set(NAMED_BY_FAULT.values()) | NAMES | MEASURED
    keys = [key_about(exercise.name, f"misconception.{name}.{word}") for name in names for word in ("title", "hint")]
    assert unsaid(keys) == []


@every_exercise
def test_every_part_ends_with_a_judged_step_and_all_its_arrays_are_plain(exercise):
    for part in exercise.parts:
        for case in cases(exercise, part, 0):
            assert case.script[-1].label, case.name
            arrays = [a.values for step in case.script for a in step.args if isinstance(a, Tensor)]
            assert all(type(a) is np.ndarray and np.isfinite(a).all() for a in arrays)


def test_an_unknown_part_is_named_together_with_the_known_ones():
    with pytest.raises(KeyError, match="MaxPool2d has no part 'sideways'; it has forward, backward"):
        find("MaxPool2d").part("sideways")
