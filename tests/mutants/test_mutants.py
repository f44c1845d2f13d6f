"""The mutants are real edits, run apart, and have the fates that they deserve."""

from __future__ import annotations

import ast
from functools import cache

import pytest

from tests.answers import RIGHT
from tests.mutants.edits import edits
from tests.mutants.sources import source_of
from tests.mutants.table import SEED, court, explained, sampled
from tests.mutants.trial import Fate, judged
from tests.mutants.witnesses import WITNESSES
from tests.mutants.witnesses.disagreement import DisagreementError

CODE = """
def f(self, x, y):
    self.k = 3
    for i in range(y):
        if x < y:
            x = x + np.max(self.k, axis=1)
    return x.copy()
"""


def made(code=CODE):
    """Return the edits of a function as pairs (before, after)."""
    return {(edit.before, edit.after) for edit in edits(ast.parse(code).body[0])}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x + np.max(self.k, axis=1)", "x - np.max(self.k, axis=1)"),
        ("x < y", "x <= y"),
        ("x < y", "not x < y"),
        ("1", "0"),
        ("np.max", "np.min"),
        ("np.max(self.k, axis=1)", "np.max(self.k)"),
        ("x.copy()", "x"),
        ("range(y)", "range(0, y - 1)"),
        ("x", "y"),
        ("self.k = 3", "pass"),
        ("x = x + np.max(self.k, axis=1)", "x += np.max(self.k, axis=1); x = x"),
        ("self, x, y", "self, y, x"),
        ("return x.copy()", "return -x.copy()"),
    ],
)
def test_each_kind_of_edit_is_made(before, after):
    assert (before, after) in made()


def test_an_edit_leaves_the_tree_as_it_was():
    tree = ast.parse(CODE)
    before = ast.unparse(tree)
    for edit in edits(tree.body[0]):
        with edit.applied():
            assert edit.before != edit.after
    assert ast.unparse(tree) == before


@cache
def softmax():
    """Return the source of the first right softmax, and its edits."""
    source = source_of("Softmax", RIGHT["Softmax"][0])
    return source, list(source.edits())


def fate_of(before, after):
    """Return the fates of the edits of softmax with that text."""
    source, every = softmax()
    chosen = [edit for edit in every if (edit.before, edit.after) == (before, after)]
    assert chosen
    return [fate for fate, _ in judged(court("Softmax"), source, chosen)]


def test_a_wrong_edit_is_killed_and_a_harmless_one_is_equivalent():
    assert set(fate_of("e.sum", "e.max")) == {Fate.KILLED}
    assert set(fate_of("x.max(axis=-1, keepdims=True)", "x.max(keepdims=True)")) == {Fate.KILLED}
    source = source_of("Linear", RIGHT["Linear"][1])
    chosen = [edit for edit in source.edits() if edit.before == "super().__init__()" and edit.after == "pass"]
    assert [fate for fate, _ in judged(court("Linear"), source, chosen)] == [Fate.EQUIVALENT]


def test_an_endless_loop_ends_and_the_mutants_after_it_are_judged(monkeypatch):
    monkeypatch.setattr("tests.mutants.trial.SECONDS", 1)
    source = source_of("pool_output_size", RIGHT["pool_output_size"][3])
    every = list(source.edits())
    endless = next(e for e in every if (e.before, e.after) == ("start + stride", "start"))
    last = next(e for e in every if (e.before, e.after) == ("return count", "return -count"))
    fates = [fate for fate, _ in judged(court("pool_output_size"), source, [endless, last])]
    assert fates == [Fate.ENDLESS, Fate.KILLED]


def test_a_sample_repeats_and_another_seed_draws_another():
    source, every = softmax()
    labels = [[edit.label for edit in sampled(source, 0.1, seed)] for seed in (1, 1, 2)]
    assert labels[0] == labels[1] != labels[2]
    assert len(labels[0]) == round(0.1 * len(every))


def test_only_a_survivor_that_is_not_listed_is_unexplained():
    found = [
        {"exercise": "ReLU", "answer": "A", "line": "1", "edit": "e", "fate": fate, "note": ""}
        for fate in ("KILLED", "ENDLESS", "EQUIVALENT", "SURVIVED")
    ]
    counts, unexplained = explained(found)
    assert counts["ReLU"] == {"made": 4, "killed": 1, "endless": 1, "equivalent": 1, "unexplained": 1}
    assert unexplained == found[3:]


def test_every_exercise_has_a_witness():
    assert WITNESSES.keys() == RIGHT.keys()
    assert SEED >= 0


@pytest.mark.parametrize("exercise", ["Tanh", "GroupNorm", "Dropout", "CrossEntropyLoss", "train_step"])
def test_a_witness_accepts_a_right_answer_and_refuses_another_exercises(exercise):
    witness = court(exercise).witness
    witness(RIGHT[exercise][0])
    other = {"Tanh": "Sigmoid", "Dropout": "ClassicDropout", "train_step": "pool_output_size"}.get(exercise, "ReLU")
    with pytest.raises((DisagreementError, TypeError, AttributeError)):
        witness(RIGHT[other][0])
