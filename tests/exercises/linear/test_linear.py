"""The cases of lesson 03 have sizes that reveal a missing transpose, ±1000 in a batch, and every kind of labels."""

from __future__ import annotations

import numpy as np
import pytest

from tests.exercises.playing import (
    any_input,
    arrays,
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

PARTS = ("forward", "backward")


def sizes(cases):
    """Return (N, in, out) of every forward of ``Linear``."""
    return [(len(x), *made(case)["layer"][:2]) for case in cases for x in inputs(case)]


@pytest.mark.parametrize("part", PARTS)
def test_linear_is_tried_in_the_sizes_that_hide_mistakes(part):
    cases = cases_of("Linear", part)
    seen = sizes(cases)
    promises = {
        "in = out": any(D == M > 1 for _, D, M in seen),
        "batch = out": any(N == M > 1 and D != M for N, D, M in seen),
        "batch = in": any(N == D > 1 and D != M for N, D, M in seen),
        "all equal": any(N == D == M > 1 for N, D, M in seen),
        "all differ": any(len({N, D, M}) == 3 for N, D, M in seen),
        "one sample": any(N == 1 for N, _, _ in seen),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "not contiguous": any_input(cases, lambda x: not x.flags.c_contiguous),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
        "test mode": any("eval" in methods(case) for case in cases),
    }
    if part == "forward":
        promises["large offsets"] = any_input(cases, lambda x: x.min() > 900)
        promises["written between two forwards"] = any(len(written(c, "params.weight")) > len(made(c)) for c in cases)
    else:
        promises["a second gradient"] = any(len(gradients(case)) == 2 for case in cases)
    assert not not_kept(promises)


@pytest.mark.parametrize("part", PARTS)
def test_every_weight_and_bias_that_is_written_is_random_and_nowhere_zero(part):
    for case in cases_of("Linear", part):
        for path in ("params.weight", "params.bias"):
            assert all((values != 0).all() for values in written(case, path)), case.name


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", ["Flatten", "GlobalAvgPool2d"])
def test_maps_are_tried_in_the_sizes_that_hide_a_wrong_axis(name, part):
    cases = cases_of(name, part)
    promises = {
        "all sizes differ": any_input(cases, lambda x: len({*x.shape}) == 4),
        "batch = channels": any_input(cases, lambda x: x.shape[0] == x.shape[1] > 1),
        "all equal": any_input(cases, lambda x: len({*x.shape}) == 1 and x.size > 1),
        "one pixel": any_input(cases, lambda x: x.shape[2:] == (1, 1)),
        "not square": any_input(cases, lambda x: x.shape[2] != x.shape[3]),
        "large offsets": any_input(cases, lambda x: x.min() > 900),
        "float32": any_input(cases, lambda x: x.dtype == np.float32),
        "not contiguous": any_input(cases, lambda x: not x.flags.c_contiguous),
        "one object twice": used_again(cases),
        "two objects": any(len(made(case)) > 1 for case in cases),
    }
    assert not not_kept(promises)


def huge(x):
    """Return whether one batch has both 1000 and −1000."""
    return {-1000.0, 1000.0} < set(x.ravel().tolist())


@pytest.mark.parametrize(("name", "part"), [(n, p) for n in ("Softmax", "CrossEntropyLoss") for p in PARTS])
def test_logits_are_tried_where_they_overflow_and_where_they_vanish(name, part):
    cases = [case for case in cases_of(name, part) if inputs(case)]  # a case may only switch between the modes
    logits = [inputs(case)[0] for case in cases]
    promises = {
        "1000 and −1000 in one batch": any(huge(x) for x in logits),
        "rows far apart": any(x.ndim == 2 and np.ptp(x.max(1)) > 700 for x in logits),
        "batch = classes": any(x.ndim == 2 and x.shape[0] == x.shape[1] > 2 for x in logits),
        "one sample": any(len(x) == 1 for x in logits),
        "one class": any(x.shape[-1] == 1 for x in logits),
        "large offsets": any(x.min() > 900 for x in logits),
        "float32": any(x.dtype == np.float32 for x in logits),
        "one object twice": used_again(cases),
        "two objects": part == "forward" or any(len(made(case)) > 1 for case in cases),
    }
    if name == "Softmax":
        promises["one to four axes"] = {x.ndim for x in logits} >= {1, 2, 3, 4}
    assert not not_kept(promises)
    for case, x in zip(cases, logits, strict=True):
        if huge(x) or np.ptp(x) > 700:
            assert all(step.silent for step in case.script if step.label), case.name


@pytest.mark.parametrize("part", PARTS)
def test_labels_are_of_every_integer_dtype_and_stay_within_the_classes(part):
    kinds = set()
    for case in cases_of("CrossEntropyLoss", part):
        pairs = list(arrays(case, "forward"))
        for x, labels in zip(pairs[::2], pairs[1::2], strict=True):
            kinds.add(labels.dtype)
            assert labels.shape == (len(x),)
            assert (labels >= 0).all()
            assert (labels < x.shape[1]).all()
    assert kinds == {np.dtype(k) for k in ("i1", "u1", "i2", "i4", "i8", "u4", "u8")}


def test_softmaxs_gradient_is_asked_for_twice_of_one_forward():
    assert backward_twice(cases_of("Softmax", "backward"))
