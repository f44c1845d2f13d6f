"""The rules of lesson 04 refuse independent masks less than once in 10⁹, and refuse all others."""

from __future__ import annotations

import copy
import math
from itertools import pairwise

import numpy as np
import pytest

from ncl_course.checking.answers import Answers, generator
from ncl_course.checking.run import Here, judge_part
from ncl_course.checking.snippet import snippet
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.exercises.dropout import independence, masks
from ncl_course.exercises.dropout.forward import DRAWN, EXTREME
from ncl_course.exercises.dropout.steps import MANY
from ncl_course.nn import Layer
from ncl_course.oracles.dropout import wrong_drawing as drawing
from ncl_course.oracles.dropout.right import Dropout
from ncl_course.protocol.play import materialize, play
from ncl_course.protocol.script import Outcome, Tensor

PARTS = ("forward", "backward", "test_mode")
KINDS = ("ClassicDropout", "Dropout")


def cases(part, seed=0):
    return find("Dropout").part(part).cases(generator(seed, "Dropout", part))


def inputs(case):
    """Return the arrays that a case's layers get in forward."""
    return [materialize(s.args[0]) for s in case.script if s.method in ("forward", "__call__")]


def keep_probs(case):
    """Return the keep_prob of each layer of a case."""
    return [s.kwargs.get("keep_prob", s.args[0] if s.args else None) for s in case.script if s.kind == "new"]


def honest(shape, keep_prob, forwards, seed):
    return np.random.default_rng(seed).random((forwards, *shape)) < keep_prob


def rules_asked(shape, forwards):
    """Return the number of rules that ``independence.judged`` applies to these masks; their error rates add up."""
    stack = (forwards, *shape)
    return 1 + sum(stack) + sum(n - 1 for n in stack) + len(stack) + 2


def test_a_right_answer_fails_the_mask_statistics_less_than_once_in_a_thousand_million_checks():
    counted = sum(rules_asked(shape, forwards) for shape, _, forwards in DRAWN) * independence.ALPHA
    all_zeros_dropped, slices = independence.ALPHA, (1 + MANY[0]) * independence.ALPHA
    share_neuron_counts_or_slices = 7 * len(EXTREME) * independence.ALPHA
    same_mask_twice = [
        0.5 ** inputs(case)[0].size * 3
        for case in cases("forward")
        if case.name in ("dropout-fresh", "dropout-other-seed", "dropout-one-rng")
    ]
    assert len(same_mask_twice) == 3
    assert 0 < counted + all_zeros_dropped + slices + share_neuron_counts_or_slices + sum(same_mask_twice) < 1e-9


def test_the_statistics_are_asked_of_the_masks_that_the_bound_is_computed_for():
    asked = [case for case in cases("forward") if case.name == "dropout-statistics"]
    seen = [(inputs(case)[0].shape, *keep_probs(case), len(inputs(case))) for case in asked]
    assert seen == [*DRAWN, *EXTREME]
    assert {len(shape) for shape, _, _ in DRAWN} == {2, 4}


@pytest.mark.parametrize(("shape", "keep_prob", "forwards"), EXTREME)
def test_equal_masks_are_called_repeated_and_inverted_ones_exchanged(shape, keep_prob, forwards):
    def remark(stack):
        trace = [Outcome(value=mask) for mask in stack]
        return masks.never_stuck(shape, keep_prob, range(forwards))(trace, forwards - 1)

    drawn = honest(shape, keep_prob, forwards, 0)
    assert remark(drawn) is None
    assert remark(np.repeat(drawn[:1], forwards, 0)).name == "mask-drawn-once"
    assert remark(~drawn).name == "keep-and-drop-swapped"
    drawn[:, 2, 3] = keep_prob < 0.5
    assert remark(drawn).values["place"] == "[2, 3]"


@pytest.mark.parametrize(("shape", "keep_prob", "forwards"), DRAWN)
def test_no_more_rules_are_asked_than_the_bound_counts(monkeypatch, shape, keep_prob, forwards):
    asked = []
    surprise = independence.surprise
    monkeypatch.setattr(independence, "surprise", lambda *numbers: asked.append(numbers) or surprise(*numbers))
    assert independence.judged(honest(shape, keep_prob, forwards, 0), keep_prob) is None
    repeated, equal_counts = 1 + len(shape), 2
    assert len(asked) + repeated + equal_counts <= rules_asked(shape, forwards)


@pytest.mark.parametrize(("shape", "keep_prob", "forwards"), DRAWN)
def test_masks_repeat_along_an_axis_by_chance_less_often_than_a_rule_may_err(shape, keep_prob, forwards):
    stack = (forwards, *shape)
    for length in stack:
        chance = math.log(keep_prob**length + (1 - keep_prob) ** length) * math.prod(stack) / length
        assert chance < math.log(independence.ALPHA)


@pytest.mark.parametrize(("trials", "probability"), [(60, 0.5), (200, 0.3), (500, 0.8)])
@pytest.mark.parametrize("alpha", [1e-3, independence.ALPHA])
def test_counts_that_surprise_are_as_rare_as_chernoffs_bound_says(trials, probability, alpha):
    limit = math.log(2 / alpha)
    refused = [k for k in range(trials + 1) if independence.surprise(k, trials, probability) > limit]
    assert refused
    mass = sum(math.comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in refused)
    assert mass <= alpha


@pytest.mark.parametrize(("trials", "probability"), [(9, 0.5), (40, 0.3), (30, 0.8)])
def test_the_likeliest_count_is_as_likely_as_the_binomial_formula_says(trials, probability):
    largest = max(math.comb(trials, k) * probability**k * (1 - probability) ** (trials - k) for k in range(trials + 1))
    assert independence.log_mode(trials, probability) == pytest.approx(math.log(largest))


def test_a_mask_of_few_numbers_is_never_refused_for_its_share():
    for count in range(9):
        assert independence.surprise(count, 8, 0.5) < independence.LIMIT


@pytest.mark.parametrize(("shape", "keep_prob", "forwards"), DRAWN)
@pytest.mark.parametrize("seed", range(10))
def test_honest_draws_pass(shape, keep_prob, forwards, seed):
    assert independence.judged(honest(shape, keep_prob, forwards, seed), keep_prob) is None


def in_pairs(drawn):
    """Make neighbours along the last axis always differ: the shares are right, but neurons depend on others."""
    half = drawn.shape[-1] // 2 * 2
    drawn[..., 1:half:2] = ~drawn[..., 0:half:2]
    return drawn


def exactly_half(drawn):
    """Draw masks that keep the same number of neurons in every forward."""
    flat = np.zeros((len(drawn), drawn[0].size), bool)
    for row, order in zip(flat, np.random.default_rng(2).random(flat.shape).argsort(1), strict=True):
        row[order[: flat.shape[1] // 2]] = True
    return flat.reshape(drawn.shape)


def nearly_half(drawn):
    """Draw masks that keep half of the neurons in every forward, or one more or less."""
    exact = exactly_half(drawn)
    exact[::3, 0, 0, 0, 0] = True
    exact[1::3, 0, 0, 0, 0] = False
    return exact


def in_each_sample(drawn):
    """Draw masks that keep between 66 and 78 of the 144 neurons of each sample: the standard deviation is 6."""
    rng = np.random.default_rng(3)
    rows = drawn.reshape(-1, drawn[0, 0].size)
    for row in rows:
        row[:] = rng.permutation(len(row)) < 72 + (int(row.sum()) % 13 - 6)
    return drawn


@pytest.mark.parametrize(("kept", "key"), [(True, "mask_none_dropped_whole"), (False, "mask_none_kept_whole")])
def test_no_axis_of_small_slices_is_spared(kept, key):
    shape, keep_prob, forwards = EXTREME[0 if kept else 1]
    for axis in (1, 2):
        drawn = honest(shape, keep_prob, forwards, 0)
        assert independence.nowhere_alike(drawn, keep_prob) is None
        spared = np.moveaxis(drawn, axis, 1)
        n, i = np.nonzero(~(spared == kept).any(2))
        spared[n, i, (n + i) % spared.shape[2]] = kept
        found = independence.nowhere_alike(drawn, keep_prob)
        assert (found.key, found.values["axis"]) == (key, axis - 1)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda drawn: np.broadcast_to(drawn[:1], drawn.shape), "mask-drawn-once"),
        (lambda drawn: np.broadcast_to(drawn[:, :1], drawn.shape), "mask-shared"),
        (lambda drawn: np.broadcast_to(drawn[:, :, :1], drawn.shape), "mask-shared"),
        (lambda drawn: np.broadcast_to(drawn[:, :, :, :1], drawn.shape), "mask-shared"),
        (lambda drawn: np.broadcast_to(drawn[..., :1], drawn.shape), "mask-shared"),
        (in_pairs, "mask-shared"),
        (exactly_half, "mask-exact-count"),
        (nearly_half, "mask-exact-count"),
        (in_each_sample, "mask-exact-count"),
        (np.ones_like, "keep-prob-not-used"),
        (np.zeros_like, "keep-prob-not-used"),
    ],
)
def test_masks_that_are_not_of_independent_neurons_are_refused_and_named(change, name):
    drawn = change(honest((24, 4, 6, 6), 0.5, 11, 1))
    assert independence.judged(drawn, 0.5).name == name


def test_a_wrong_share_is_told_from_a_swapped_one():
    shape, forwards = DRAWN[0][0], DRAWN[0][2]
    assert independence.judged(honest(shape, 0.2, forwards, 3), 0.8).name == "keep-and-drop-swapped"
    assert independence.judged(honest(shape, 0.5, forwards, 3), 0.8).name == "keep-prob-not-used"


def outcome(value=None, raised=None):
    return Outcome(value=value, raised=raised)


@pytest.mark.parametrize(
    ("value", "key", "name"),
    [
        (None, "mask_missing", "mask-not-kept"),
        ([True, False], "mask_kind", "mask-not-bool"),
        (np.ones((1, 4), bool), "mask_shape", "mask-shared"),
        (np.ones(4, bool), "mask_shape", "mask-shared"),
        (np.ones((4, 3), bool), "mask_shape", ""),
        (np.ones((3, 4)), "mask_dtype", "mask-not-bool"),
    ],
)
def test_what_is_no_mask_is_said(value, key, name):
    found = masks.is_mask(3, 4)((outcome(value),), 0)
    assert (found.key, found.name) == (key, name)


def test_a_mask_that_is_one_is_not_remarked_upon():
    assert masks.is_mask(3, 4)((outcome(np.ones((3, 4), bool)),), 0) is None


def test_dropping_every_zero_is_refused_only_where_chance_cannot_do_it():
    zero = np.zeros((8, 40), bool)
    zero[:, ::2] = True
    assert masks.kept_where_zero(zero, 0.8)((outcome(~zero),), 0).name == "mask-from-output"
    few = np.zeros((8, 40), bool)
    few[0, :3] = True
    assert masks.kept_where_zero(few, 0.8)((outcome(~few),), 0) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_case_of_zeros_has_enough_of_them_to_be_judged(seed):
    (case,) = (case for case in cases("forward", seed) if case.name == "dropout-zeros")
    zeros = int((inputs(case)[0] == 0).sum())
    assert 0.2**zeros <= independence.ALPHA
    assert zeros < inputs(case)[0].size


@pytest.mark.parametrize("part", ["forward", "backward"])
def test_training_is_judged_without_a_forward_in_test_mode(part):
    for case in cases(part):
        steps = [(s.obj, s.method) for s in case.script if s.kind == "call" and s.method != "train"]
        assert not [one for one, then in pairwise(steps) if one[1] == "eval" and then == (one[0], "forward")], case.name


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_that_hide_mistakes_are_all_there(kind, part):
    all_cases = find(kind).part(part).cases(generator(1, kind, part))
    seen = [x for case in all_cases for x in inputs(case)]
    kept = [p for case in all_cases for p in keep_probs(case)]
    backs = [s.args[0] for case in all_cases for s in case.script if s.method == "backward"]
    promises = {
        "keeps more than half": any(p > 0.5 for p in kept),
        "keeps less than half": any(p < 0.5 for p in kept),
        "keeps all": 1.0 in kept,
        "float32": any(x.dtype == np.float32 for x in seen),
        "not contiguous": any(not x.flags.c_contiguous for x in seen),
        "one axis": any(x.ndim == 1 for x in seen),
        "all sizes differ": any(x.ndim == 4 and len({*x.shape}) == 4 for x in seen),
        "zeros": part == "test_mode" or any((x == 0).any() for x in seen),
        "random gradients": part == "forward" or all(isinstance(g, Tensor) and g.values.std() > 0 for g in backs),
    }
    assert not [promise for promise, kept in promises.items() if not kept]


def constant(kind, kept):
    """A layer whose mask is the same for all neurons, with the backward pass that is right for it."""

    class Constant(Layer):
        def __init__(self, keep_prob, rng=None):
            super().__init__()
            self.keep_prob = keep_prob

        def forward(self, x):
            self.trained = self.training
            if self.training:
                self.mask = np.full(x.shape, kept)
            return self.through(x)

        def backward(self, grad_out):
            return self.through(grad_out)

        def through(self, values):
            if not self.trained:
                return values * self.keep_prob if kind == "ClassicDropout" else values * 1.0
            return values * kept if kind == "ClassicDropout" else values * kept / self.keep_prob

    return Constant


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_mask_that_is_the_same_for_all_neurons_earns_no_part(kind, kept, part):
    judged = judge_part(Here(constant(kind, kept)), Answers(find(kind), part, 0))
    assert judged.verdict is Verdict.FAILED
    assert "keep-prob-not-used" in judged.misconceptions


@pytest.mark.parametrize("part", ["backward", "test_mode"])
@pytest.mark.parametrize("mask", [np.array([True, False, True]), "one of mine", {1: 2}])
@pytest.mark.parametrize("kind", KINDS)
def test_nor_does_one_whose_attribute_only_looks_varied(kind, mask, part):
    class Disguised(constant(kind, False)):
        def forward(self, x):
            y = super().forward(x)
            self.mask = mask
            return y

    assert judge_part(Here(Disguised), Answers(find(kind), part, 0)).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("value", "output", "key"),
    [
        (np.zeros((3, 4), bool), np.ones((3, 4)), "mask_constant"),
        (np.ones((3, 4)), np.ones((3, 4)), "mask_constant"),
        (np.ones((1, 4), bool), np.ones((3, 4)), "mask_constant"),
        ("no mask", np.zeros((3, 4)), "mask_constant"),
        (None, np.zeros((3, 4)), "mask_missing"),
        (np.eye(3, 4, dtype=bool), np.zeros((3, 4)), None),
        (np.eye(1, 4, dtype=bool), np.zeros((3, 4)), None),
        ("no mask", np.eye(3, 4), None),
        ("no mask", "no output", None),
    ],
)
def test_a_mask_varies_or_the_output_says_that_it_does_not(value, output, key):
    found = masks.varied(3, 4)((outcome(output), outcome(value)), 1)
    assert (found and found.key) == key


def in_test_mode(value):
    """Return the remark on a mask that a test forward leaves as ``value``; it was ``[True, False]`` in training."""
    before = outcome(np.array([True, False]))
    return masks.still_there(0)((before, outcome(value)), 1)


def test_a_test_forward_leaves_the_mask_as_it_is():
    assert in_test_mode(np.array([True, False])) is None
    assert in_test_mode(None).key == "mask_lost_at_test"
    assert in_test_mode(np.array([True, True])).key == "mask_other_at_test"
    assert in_test_mode(np.ones((3, 2), bool)).name == "mask-changed-at-test"


def test_two_layers_of_one_script_can_share_a_generator():
    (case,) = (case for case in cases("forward") if case.name == "dropout-one-rng")
    copied = play(drawing.generator_as(Dropout, copy.deepcopy), case.script)
    assert np.array_equal(copied[3].value, copied[5].value)
    right = play(Dropout, case.script)
    assert not np.array_equal(right[3].value, right[5].value)
    lines = snippet(find("Dropout"), case, 2)
    assert lines[0].startswith("rng = np.random.default_rng(")
    assert lines[1:3] == ("layer = Dropout(keep_prob=0.5, rng=rng)", "other = Dropout(keep_prob=0.5, rng=rng)")
