"""The cases of lesson 01 have ties only where they are marked, and every setting that reveals a mistake."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from ncl_course.checking.answers import generator
from ncl_course.exercises import find
from ncl_course.protocol.play import materialize

BACKWARD = find("MaxPool2d").part("backward")
FORWARD = find("MaxPool2d").part("forward")


def settings(case):
    """Return the pooled arrays of a case with the windows and strides of its layers."""
    made = {}
    for step in case.script:
        if step.kind == "new":
            kernel_size = step.kwargs.get("kernel_size", step.args[0] if step.args else None)
            stride = step.kwargs.get("stride", step.args[1] if len(step.args) > 1 else None)
            made[step.obj] = kernel_size, kernel_size if stride is None else stride
        elif step.method in ("forward", "__call__"):
            yield (materialize(step.args[0]), *made[step.obj])


def windows(x, kernel_size, stride):
    view = sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))[:, :, ::stride, ::stride]
    return view.reshape(*view.shape[:4], -1)


@pytest.mark.parametrize("seed", range(8))
def test_a_case_has_tied_maxima_where_several_answers_are_right_and_nowhere_else(seed):
    for case in BACKWARD.cases(generator(seed, "MaxPool2d", "backward")):
        tied = False
        for x, kernel_size, stride in settings(case):
            rows = windows(x, kernel_size, stride)
            tied |= bool(((rows == rows.max(-1, keepdims=True)).sum(-1) > 1).any())
        assert tied == case.free or (case.free and case.name == "ties"), case.name


@pytest.mark.parametrize("part", [FORWARD, BACKWARD], ids=lambda part: part.name)
def test_windows_fit_and_the_settings_that_hide_mistakes_are_all_there(part):
    seen = [setting for case in part.cases(generator(0, "MaxPool2d", part.name)) for setting in settings(case)]
    assert all(1 <= k <= min(x.shape[2:]) and 1 <= s <= min(x.shape[2:]) for x, k, s in seen)
    promises = {
        "overlap": any(s < k for _, k, s in seen),
        "gaps": any(s > k for _, k, s in seen),
        "gaps with a rest": any(s > k and (x.shape[2] - k) % s for x, k, s in seen),
        "not square": any(x.shape[2] != x.shape[3] for x, _, _ in seen),
        "a rest": any((x.shape[2] - k) % s for x, k, s in seen),
        "one sample": any(x.shape[0] == 1 for x, _, _ in seen),
        "all negative": any((x < 0).all() for x, _, _ in seen),
        "float32": any(x.dtype == np.float32 for x, _, _ in seen),
        "not contiguous": any(not x.flags.c_contiguous for x, _, _ in seen),
        "all sizes differ": any(len({*x.shape}) == 4 for x, _, _ in seen),
    }
    assert not [promise for promise, kept in promises.items() if not kept]
