"""The cases of lesson 02 contain exact zeros, ±1000 in one batch, and every setting that reveals a mistake."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.exercises.activations.maxout import drawn, smallest_gap
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

PLAIN = ("ReLU", "Sigmoid", "Tanh", "LeakyReLU", "ELU")
PARTS = ("forward", "backward")


def thousands(x):
    """Return whether an array has both ±1000 and ordinary numbers."""
    return {-1000.0, 1000.0} < set(x.ravel().tolist())


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", PLAIN)
def test_the_settings_that_hide_mistakes_are_all_there(name, part):
    cases = cases_of(name, part)
    promises = {
        "1000 and −1000": any_input(cases, thousands),
        "the same in float32": any_input(cases, lambda x: thousands(x) and x.dtype == np.float32),
        "exact zeros": any_input(cases, lambda x: (x == 0).any()),
        "nothing above 0": any_input(cases, lambda x: (x < 0).all()),
        "one to four axes": {x.ndim for case in cases for x in inputs(case)} >= {1, 2, 3, 4},
        "all sizes differ": any_input(cases, lambda x: x.ndim == 4 and len({*x.shape}) == 4),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "not contiguous": any_input(cases, lambda x: not x.flags.c_contiguous),
        "read-only": any_input(cases, lambda x: not x.flags.writeable),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
        "test mode": any("eval" in methods(case) for case in cases),
    }
    if part == "backward":
        promises["a second gradient"] = backward_twice(cases)
        promises["gradients of both signs"] = any((g < 0).any() and (g > 0).any() for c in cases for g in gradients(c))
    assert not not_kept(promises)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", [*PLAIN, "PReLU"])
def test_a_zero_stands_in_a_backward_case_where_several_slopes_are_right_and_nowhere_else(name, seed):
    for case in cases_of(name, "backward", seed):
        zero = any((x == 0).any() for x in inputs(case))
        assert zero == case.free or name in ("Sigmoid", "Tanh"), case.name


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", PLAIN)
def test_the_thousands_are_judged_with_their_silence(name, part):
    for case in cases_of(name, part):
        if any(thousands(x) for x in inputs(case)):
            assert all(step.silent for step in case.script if step.label), case.name


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["LeakyReLU", "ELU"])
def test_alpha_is_left_out_and_given_below_and_above_one_by_place_and_by_name(name, part):
    alphas = [numbers for case in cases_of(name, part) for numbers in made(case).values()]
    assert () in alphas
    assert any(numbers and 0 < numbers[0] < 1 for numbers in alphas)
    assert any(numbers and numbers[0] > 1 for numbers in alphas)
    assert any("alpha" in step.kwargs for case in cases_of(name, part) for step in case.script)


@pytest.mark.parametrize("part", PARTS)
def test_prelu_is_tried_with_one_slope_and_with_one_a_channel_in_the_sizes_that_hide_a_wrong_axis(part):
    cases = cases_of("PReLU", part)
    pairs = [(made(c)[obj][0], x.shape) for c in cases for obj in made(c) if made(c)[obj] for x in inputs(c)]
    slopes = [alpha for case in cases for alpha in written(case, "params.alpha")]
    promises = {
        "one slope": any(C == 1 and len(shape) == 4 for C, shape in pairs),
        "width as channels": any(C > 1 and shape[-1] == C and len(shape) == 4 for C, shape in pairs),
        "batch as channels": any(C > 1 and shape[0] == C and len(shape) == 4 for C, shape in pairs),
        "two axes": any(C > 1 and len(shape) == 2 for C, shape in pairs),
        "all sizes differ": any(C > 1 and len(shape) == 4 and len(set(shape)) == 4 for C, shape in pairs),
        "slopes of both signs": any((alpha < 0).any() and (alpha > 0).any() for alpha in slopes),
        "a slope above one": any((alpha > 1).any() for alpha in slopes),
        "slopes written twice": any(len(written(case, "params.alpha")) > len(made(case)) for case in cases),
        "1000 and −1000": any_input(cases, thousands),
        "exact zeros": any_input(cases, lambda x: (x == 0).any()),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "one object twice": used_again(cases),
    }
    assert not not_kept(promises)


@pytest.mark.parametrize("part", PARTS)
def test_maxout_is_tried_in_the_sizes_that_hide_a_missing_transpose(part):
    cases = [case for case in cases_of("Maxout", part) if inputs(case) and written(case, "params.weight")]
    sizes = [(x.shape[0], *written(c, "params.weight")[0].shape) for c in cases for x in inputs(c)]
    promises = {
        "all sizes differ": any(len({N, pieces, M, D}) == 4 for N, pieces, M, D in sizes),
        "in = out": any(M == D > 1 for _, _, M, D in sizes),
        "pieces = out": any(pieces == M for _, pieces, M, _ in sizes),
        "batch = pieces": any(pieces == N for N, pieces, _, _ in sizes),
        "three pieces": any(pieces == 3 for _, pieces, _, _ in sizes),
        "one sample": any(N == 1 for N, *_ in sizes),
        "a bias in each piece": all((written(c, "params.bias")[0] != 0).any() for c in cases if not c.free),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "one object twice": used_again(cases),
    }
    if part == "backward":
        promises["ties"] = any(case.free for case in cases)
        promises["a second gradient"] = backward_twice(cases)
    assert not not_kept(promises)


def test_drawn_numbers_of_maxout_are_far_from_any_tie():
    uses = [drawn(np.random.default_rng(seed), 3, 2, 3, 3) for seed in range(20)]
    assert min(smallest_gap(one) for one in uses) > 0.1
