"""The cases of layer, instance and group norm and of weight standardization reveal a wrong set for statistics."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.exercises.normalization.groupnorm import uneven
from ncl_course.exercises.normalization.weight_standardization import filters
from tests.exercises.playing import (
    any_input,
    backward_twice,
    cases_of,
    gradients,
    inputs,
    made,
    methods,
    not_kept,
    used_again,
    written,
)

NORMS = ("LayerNorm2d", "InstanceNorm2d", "GroupNorm")
PARTS = ("forward", "backward")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", NORMS)
def test_the_settings_that_hide_mistakes_are_all_there(name, part):
    cases = cases_of(name, part)
    eps = [numbers[-1] for case in cases for numbers in made(case).values() if isinstance(numbers[-1], float)]
    gammas = [gamma for case in cases for gamma in written(case, "params.gamma")]
    promises = {
        "ε = 0.1": 0.1 in eps,
        "another ε": any(value > 0.1 for value in eps),
        "the usual ε": 1e-5 in eps,
        "few numbers": any_input(cases, lambda x: x.size <= 4),
        "all sizes differ": any_input(cases, lambda x: len({*x.shape}) == 4),
        "width = channels": any_input(cases, lambda x: x.shape[3] == x.shape[1] != x.shape[0]),
        "batch = channels": any_input(cases, lambda x: x.shape[0] == x.shape[1] != x.shape[3]),
        "all sizes equal": any_input(cases, lambda x: len({*x.shape}) == 1),
        "constant sets": any_input(cases, lambda x: (np.ptp(x, axis=(2, 3)) == 0).all() and x[0, 0].size > 1),
        "large offsets": any_input(cases, lambda x: x.min() > 900),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "not contiguous": any_input(cases, lambda x: not x.flags.c_contiguous),
        "γ of both signs": any((gamma < 0).any() and (gamma > 0).any() for gamma in gammas),
        "γ written between two forwards": any(len(written(c, "params.gamma")) > len(made(c)) for c in cases),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
        "test mode before training": any(methods(case, "layer")[:1] == ["eval"] for case in cases),
        "test mode after training": any("forward eval" in " ".join(methods(case, "layer")) for case in cases),
    }
    if part == "forward":
        promises["one sample in two batches"] = any(
            np.array_equal(inputs(case)[0][:1], inputs(case)[1]) for case in cases if len(inputs(case)) == 3
        )
    else:
        promises["a second gradient"] = backward_twice(cases)
    assert not not_kept(promises)


@pytest.mark.parametrize("part", PARTS)
def test_group_norm_is_tried_with_one_group_with_one_a_channel_and_between(part):
    pairs = {made(case)["layer"][:2] for case in cases_of("GroupNorm", part) if len(made(case).get("layer", ())) > 1}
    divided = [(G, C) for G, C in pairs if C % G == 0]
    assert any(G == 1 < C for G, C in divided)
    assert any(G == C > 1 for G, C in divided)
    assert any(1 < G < C and C // G != G for G, C in divided)


def test_groups_that_do_not_divide_must_be_refused():
    refused = [step.args for case in cases_of("GroupNorm", "forward") for step in case.script if step.kind == "refuse"]
    assert len(refused) >= 3
    assert all(C % G for G, C in refused)
    assert any(G > C for G, C in refused)


@pytest.mark.parametrize("part", PARTS)
def test_weights_are_tried_in_the_sizes_that_hide_a_wrong_axis(part):
    cases = cases_of("WeightStandardization", part)
    eps = [numbers[0] for case in cases for numbers in made(case).values() if numbers]
    promises = {
        "ε = 0.1": 0.1 in eps,
        "the usual ε": 1e-5 in eps,
        "tiny weights": any_input(cases, lambda w: np.abs(w).max() < 0.02),
        "few numbers": any_input(cases, lambda w: w.size <= 4),
        "all sizes differ": any_input(cases, lambda w: len({*w.shape}) == 4),
        "filters = maps": any_input(cases, lambda w: w.shape[0] == w.shape[1] > 1),
        "all sizes equal": any_input(cases, lambda w: len({*w.shape}) == 1),
        "a fully connected layer's": any_input(cases, lambda w: w.shape[2:] == (1, 1)),
        "a constant filter": any_input(cases, lambda w: (np.ptp(w, axis=(1, 2, 3)) == 0).any()),
        "large offsets": any_input(cases, lambda w: w.min() > 900),
        "float32": any_input(cases, lambda w: w.dtype == np.float32),
        "not contiguous": any_input(cases, lambda w: not w.flags.c_contiguous),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
        "test mode": any("eval" in methods(case) for case in cases),
    }
    assert not not_kept(promises)


@pytest.mark.parametrize("seed", range(10))
def test_sets_differ_so_much_that_any_other_set_shows(seed):
    rng = np.random.default_rng(seed)
    x, w = uneven(rng, 3, 4, 3, 5), filters(rng, 3, 4, 3, 3)
    for values, axes in ((x, (2, 3)), (x, (1, 2, 3)), (w, (1, 2, 3))):
        spread = values.std(axis=axes).ravel()
        assert spread.max() > 1.5 * spread.min()
        assert np.ptp(values.mean(axis=axes)) > 0.5


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", [*NORMS, "WeightStandardization"])
def test_gradients_from_above_are_zero_at_most_once_in_a_case_of_ordinary_numbers(name, seed):
    for case in cases_of(name, "backward", seed):
        zeros = [int((g == 0).sum()) for g in gradients(case)]
        assert zeros == [1] if case.name == "float64" else not any(zeros), case.name
