"""Every question has its sentences in both languages, and code computes each of its numbers."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from ncl_course.exercises import QUESTIONS, ROOMS
from ncl_course.exercises.asked import RIGHT
from ncl_course.language import LANGUAGES, messages

LESSONS = Path(__file__).parents[2] / "lessons"
ASKED = re.compile(r"^ask\(\"([\w.-]+)\"\)$", re.MULTILINE)
COMPUTED = {
    room: importlib.import_module(f"tests.exercises.{room}.question_numbers").NUMBERS for room in ROOMS.values()
}
every_question = pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.name)


def flat(node, prefix=""):
    for key, value in node.items():
        yield from flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"]


@every_question
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_has_exactly_the_sentences_that_it_needs(asked, lang):
    room, _, name = asked.name.partition(".")
    worded = {f"choice.{choice}" for choice, value in asked.choices.items() if value is None}
    needed = {"question"} | worded | {f"why.{choice}" for choice in asked.choices}
    assert {*flat(messages(lang)[room]["ask"][name])} == needed


@pytest.mark.parametrize("room", ROOMS.values())
def test_sentences_belong_to_questions(room):
    names = {asked.name.partition(".")[2] for asked in QUESTIONS if asked.room == room}
    assert {*messages("en")[room].get("ask", {})} == names


@every_question
def test_a_question_has_one_right_choice_and_mistakes_that_differ_from_it(asked):
    values = [value for value in asked.choices.values() if value is not None]
    assert next(iter(asked.choices)) == RIGHT
    assert len({*values}) == len(values)
    assert 2 <= len(asked.choices) <= 6
    if asked.typed:
        assert len(values) == len(asked.choices)
        assert [asked.named(value) for value in values] == [*asked.choices], "two of the numbers are too close"


@every_question
def test_code_computes_every_number_of_a_question(asked):
    """A number written by hand in a lesson may be wrong; here each comes out of a computation."""
    room, _, name = asked.name.partition(".")
    written = {choice: value for choice, value in asked.choices.items() if value is not None}
    computed = COMPUTED[room][name]() if written else {}
    assert computed.keys() == written.keys()
    for choice, value in written.items():
        np.testing.assert_allclose(np.ravel(computed[choice]), np.ravel(value), rtol=1e-9, atol=1e-12, err_msg=choice)


@pytest.mark.parametrize("room", ROOMS.values())
def test_no_computation_is_left_over(room):
    assert {f"{room}.{name}" for name in COMPUTED[room]} <= {asked.name for asked in QUESTIONS}


@pytest.mark.parametrize(("lesson", "room"), ROOMS.items())
def test_a_lesson_asks_each_question_of_its_room_once(lesson, room):
    found = ASKED.findall((LESSONS / f"{lesson}.py").read_text(encoding="utf-8"))
    assert found == [asked.name for asked in QUESTIONS if asked.room == room], "in the order of the lesson"
