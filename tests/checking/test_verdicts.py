"""The check passes every right answer; ``tests/mutation.py`` sees it fail and name every known wrong one."""

from __future__ import annotations

import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, find
from tests import mutation
from tests.answers import KIT, RIGHT, WRONG
from tests.answers.unusual import unusual
from tests.checking.naming.outside import FIRST, LATER, ROOMS
from tests.checking.naming.outside.made import made, rows, sources

SEEDS = (0, 20_251_010)
"""Right answers must pass under each seed."""


def judged(name: str, target, seed: int, cache={}) -> ExerciseResult:  # noqa: B006 - a cache for all tests
    exercise = find(name)
    for part in exercise.parts:
        if (name, part.name, seed) not in cache:
            cache[name, part.name, seed] = Answers(exercise, part.name, seed)
    return judge(exercise, Here(target, KIT), [cache[name, part.name, seed] for part in exercise.parts])


EVERY_RIGHT = [
    pytest.param(name, answer, id=f"{name}-{number}-{answer.__name__}")
    for name, some in RIGHT.items()
    for number, answer in enumerate(some)
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("name", "target"), EVERY_RIGHT)
def test_a_right_answer_of_any_style_passes(name, target, seed):
    result = judged(name, target, seed)
    assert result.verdict is Verdict.PASSED, [part.difference for part in result.parts]


@pytest.mark.parametrize(("style", "source"), [pytest.param(*row, id=row[0]) for row in unusual()])
def test_a_right_answer_in_an_unusual_style_passes(style, source):
    name, target = made(source)
    result = judged(name, target, SEEDS[0])
    assert result.verdict is Verdict.PASSED, (style, [part.difference for part in result.parts])


@pytest.mark.parametrize("source", [source for room in FIRST for source in sources(f"written.other_{room}")])
def test_a_right_answer_from_outside_passes(source):
    name, target = made(source)
    result = judged(name, target, SEEDS[0])
    assert result.verdict is Verdict.PASSED, [part.difference for part in result.parts]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_each_exercise_has_four_right_answers_and_each_misconception_a_wrong_one(exercise):
    assert len(RIGHT[exercise.name]) >= 4
    others = {name for one in find_all(exercise.room) for name, _ in WRONG[one]}
    outside = {name for room in (*ROOMS, *LATER) for _, name, *_ in rows(room)}
    assert {m.name for m in exercise.misconceptions} <= others | outside


def find_all(room: str) -> list[str]:
    """Return the names of a room's exercises; some of them share their mistakes."""
    return [one.name for one in EXERCISES if one.room == room]


def test_the_mutation_score_finds_a_survivor_and_a_mutant_with_anothers_name(monkeypatch, capsys):
    wrong = dict(WRONG["Flatten"])
    first, second = list(wrong)[:2]
    mutants = (("survivor", RIGHT["Flatten"][0]), (first, wrong[second]), (second, wrong[second]))
    monkeypatch.setitem(WRONG, "Flatten", mutants)
    found = mutation.tried("Flatten")
    assert found == (["survivor (passed)"], [f"{first} (got Flatten.{second})"], 3)
    assert mutation.reported({"Flatten": found}) == 1
    assert "SURVIVES: survivor (passed)" in capsys.readouterr().out


@pytest.mark.parametrize(("found", "status"), [(([], [], 5), 0), (([], ["a"], 5), 1), ((["a"], [], 5), 1)])
def test_the_mutation_score_is_whole_only_if_all_mutants_are_killed_and_named(found, status):
    assert mutation.reported({"Flatten": ([], [], 4), "Linear": found}) == status


def test_the_mutation_score_of_an_unknown_exercise_is_an_error(capsys):
    assert mutation.main(["Flatten", "Squash"]) == 2
    assert "no exercise Squash" in capsys.readouterr().err
