"""The cases of batch normalization have ε = 0.1, few numbers per map, states read after tests, and every mode."""

from __future__ import annotations

import numpy as np
import pytest

from tests.exercises.playing import any_input, cases_of, gradients, inputs, made, methods, not_kept, used_again, written

PARTS = ("forward", "running", "test_mode", "backward")


def eps_of(case):
    """Return the ε of each object of a case that gets one."""
    return [numbers[2] for numbers in made(case).values() if len(numbers) == 3]


def a_map(x):
    """Return the number of entries in one map of a batch."""
    return x.size // x.shape[1]


@pytest.mark.parametrize("part", ["forward", "test_mode", "backward"])
def test_the_settings_that_hide_mistakes_are_all_there(part):
    cases = cases_of("BatchNorm2d", part)
    gammas = [gamma for case in cases for gamma in written(case, "params.gamma")]
    promises = {
        "ε = 0.1": any(0.1 in eps_of(case) for case in cases),
        "few numbers per map": any_input(cases, lambda x: 1 < a_map(x) <= 4),
        "all sizes differ": any_input(cases, lambda x: len({*x.shape}) == 4),
        "width = channels": any_input(cases, lambda x: x.shape[3] == x.shape[1] > 1 and x.shape[0] != x.shape[1]),
        "batch = channels": any_input(cases, lambda x: x.shape[0] == x.shape[1] > 1 and x.shape[3] != x.shape[1]),
        "one sample": any_input(cases, lambda x: len(x) == 1),
        "large offsets": any_input(cases, lambda x: x.min() > 900),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "not contiguous": any_input(cases, lambda x: not x.flags.c_contiguous),
        "γ of both signs": any((gamma < 0).any() for gamma in gammas) and any((gamma > 0).any() for gamma in gammas),
        "β": any((beta != 0).all() for case in cases for beta in written(case, "params.beta")),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
    }
    if part != "test_mode":
        promises["a constant map"] = any_input(cases, lambda x: (np.ptp(x, axis=(0, 2, 3)) == 0).any())
        promises["one pixel"] = any_input(cases, lambda x: x.shape[2:] == (1, 1))
        promises["γ = 0"] = any((gamma == 0).any() for gamma in gammas)
    assert not not_kept(promises)


def before_eval(case):
    """Return the forwards of a case's first object before its first ``eval``."""
    called = methods(case, "layer")
    return called[: called.index("eval")].count("forward") if "eval" in called else None


def test_a_layer_is_tested_before_any_training_and_after_it():
    cases = cases_of("BatchNorm2d", "test_mode")
    untouched = [case for case in cases if not written(case, "running_mean")]
    assert any(before_eval(case) == 0 for case in untouched)
    assert any(before_eval(case) for case in untouched)


def test_the_state_is_read_after_tests_and_after_several_trainings():
    def reads(part, before):
        return any(
            [step.method for step in case.script if step.kind == "get" and step.label]
            == ["running_mean", "running_var"]
            and before(case)
            for case in cases_of("BatchNorm2d", part)
        )

    assert reads("test_mode", lambda case: before_eval(case) == 0 and "forward" in methods(case))
    assert reads("running", lambda case: len(inputs(case)) > 1 and "eval" not in methods(case))
    assert reads("running", lambda case: not inputs(case))


@pytest.mark.parametrize("part", ["forward", "test_mode"])
def test_one_sample_comes_in_two_different_batches(part):
    def twice(case):
        seen = inputs(case)
        pairs = [(a, b) for i, a in enumerate(seen) for b in seen[i + 1 :] if a.shape[1:] == b.shape[1:]]
        return any(np.array_equal(a[0], b[0]) and not np.array_equal(a[-1], b[-1]) for a, b in pairs)

    assert any(twice(case) for case in cases_of("BatchNorm2d", part))


def test_gradients_are_asked_for_in_both_modes_and_after_a_switch():
    orders = {" ".join(methods(case, "layer")) for case in cases_of("BatchNorm2d", "backward")}
    promises = {
        "training": "forward backward" in orders,
        "test": "eval forward backward" in orders,
        "trained, then told to test": "forward eval backward" in orders,
        "tested, then told to train": "eval forward train backward" in orders,
        "trained, then tested": "forward eval forward backward" in orders,
        "the latest of two": "forward forward backward" in orders,
        "two of one": "forward backward backward" in orders,
    }
    assert not not_kept(promises)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("part", PARTS)
def test_nobody_asks_for_the_statistics_of_one_number_or_for_float32_at_an_offset(part, seed):
    for case in cases_of("BatchNorm2d", part, seed):
        trains = "eval" not in methods(case)
        for x in inputs(case):
            assert a_map(x) > 1 or not trains, case.name
            assert x.dtype == np.float64 or np.abs(x).max() < 100, case.name


@pytest.mark.parametrize("seed", range(3))
def test_gradients_from_above_are_zero_at_most_once_in_a_case_of_ordinary_numbers(seed):
    for case in cases_of("BatchNorm2d", "backward", seed):
        zeros = [int((g == 0).sum()) for g in gradients(case)]
        assert zeros == [1] if case.name == "float64" else not any(zeros), case.name


def test_counts_of_layers_and_of_maps_differ_from_one_another_and_from_one():
    numbers = [
        step.args for case in cases_of("batchnorm_parameter_count", "value") for step in case.script if step.args
    ]
    assert (1, 1) in numbers
    assert any(L != M and min(L, M) > 1 for L, M in numbers)
    assert any(L == 1 < M for L, M in numbers)
    assert any(M == 1 < L for L, M in numbers)
