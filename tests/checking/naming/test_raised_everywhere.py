"""An exception gets the name of its mistake in every exercise: in the constructor, in forward, in backward."""

from __future__ import annotations

from copy import copy

import pytest

from ncl_course.checking import render
from ncl_course.checking.answers import notebook_answers
from ncl_course.checking.run import Here, judge
from ncl_course.language import LANGUAGES, language
from tests.answers import KIT
from tests.checking.naming.edited_answers import EVERY, LINES, SHARE, edited, edits, with_line

OF_ITS_OWN = {
    ("build_cnn", "return-forgotten"): "no-sequential",
    ("train_step", "return-forgotten"): "loss-not-returned",
    ("train", "return-forgotten"): "losses-not-returned",
}
"""Mistakes that have a name of their own in an exercise."""


def judged(exercise, target, method):
    """Judge the first case of the part that the method belongs to."""
    target.__name__ = exercise.name
    answers = copy(notebook_answers(exercise, "backward" if method == "backward" else exercise.parts[0].name))
    answers.cases = answers.cases[:1]
    return judge(exercise, Here(target, KIT), [answers])


def misnamed(exercise, answer, method, number):
    """Return the edits that do not get their name, each with what it gets, and the number of all edits."""
    targets = [(name, edited(answer, method, edit)) for name, edit in edits(number)]
    found = [(name, judged(exercise, target, method)) for name, target in targets if target is not None]
    right = [f"{exercise.name}.{OF_ITS_OWN.get((exercise.name, name), name)}" for name, _ in found]
    others = [(name, one.misconceptions) for (_, one), name in zip(found, right, strict=True)]
    return [(name, got) for name, got in others if got != (name,)], len(found)


@pytest.mark.parametrize(
    "number", range(len(EVERY)), ids=[f"{one.name}-{method or 'value'}" for one, _, method in EVERY]
)
def test_every_kind_of_exception_is_named_in_every_method(number):
    others, tried = misnamed(*EVERY[number], number)
    assert tried >= len(LINES) // SHARE + 2
    assert others == []


def test_the_table_finds_a_mistake_without_a_name():
    exercise, answer, method = EVERY[0]
    target = edited(answer, method, with_line("raise ValueError('this is not to my taste')"))
    assert judged(exercise, target, method).misconceptions == ()


def panel(line, name="MaxPool2d", lang="en"):
    """Return the panel of a forward pass with that line."""
    language(lang)
    exercise, answer, method = next(row for row in EVERY if (row[0].name, row[2]) == (name, "forward"))
    return render.plain(judged(exercise, edited(answer, method, with_line(line)), method))


@pytest.mark.parametrize(
    ("line", "close"),
    [
        ("np.zeroes(3)", "zeros"),
        ("x.shap", "shape"),
        ("self.forwad", "forward"),
        ("kernel_size = 2\nkernel_sise + 1", "kernel_size"),
        ("np.random.default_rng(0).normall()", "normal"),
    ],
)
def test_a_misspelled_name_is_told_the_close_one(line, close):
    assert f"Did you mean {close}?" in panel(line)
    assert f"Может быть, имелось в виду {close}?" in panel(line, lang="ru")


def test_a_name_that_is_close_to_none_gets_no_suggestion():
    assert "Did you mean" not in panel("x.permute(0, 2, 3, 1)")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_line_has_a_title_in_its_panel(lang):
    said = [panel(line, lang=lang) for _, line in LINES]
    named = "This looks like" if lang == "en" else "Похоже на"
    assert [line for (_, line), shown in zip(LINES, said, strict=True) if named not in shown] == []
