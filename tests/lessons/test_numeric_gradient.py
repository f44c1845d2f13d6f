"""The second witness: the keys' gradients, compared with differences of their own forward passes.

A numeric gradient alone would not notice if the forward and the backward pass were wrong in the same way. The forward
passes are compared with torch by the checks, which every key passes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ncl_course.checking.answers import generator
from ncl_course.exercises import EXERCISES
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Layout, Tensor
from tests.lessons.keys import WRITTEN, key

H = 1e-6
LAYERS = [e for e in EXERCISES if e.lesson in WRITTEN and any(part.name == "backward" for part in e.parts)]
HELD = ("ClassicDropout", "Dropout")
"""Their masks are free, and so are their cases; but a script makes its layer from a seed, so a mask repeats."""
NEAR = ("near-zero", "nearly-tied")
"""Cases with an input closer than H to a kink, so that a difference would reach across it."""


def plain(case, name):
    """Return whether a case is one layer, one float64 forward pass in plain layout, and one judged backward pass."""
    if case.name in NEAR:
        return False
    kinds = [step.kind for step in case.script]
    methods = [step.method for step in case.script if step.kind == "call" and step.method != "eval"]
    if (case.free and name not in HELD) or kinds.count("new") != 1 or methods != ["forward", "backward"]:
        return False
    x = forward_of(case).args[0]
    exact = np.abs(x.values).max() < 1e6  # beyond it, a number and its neighbour at the distance H are the same
    return exact and x.values.dtype == np.float64 and x.layout is Layout.C


def forward_of(case):
    return next(step for step in case.script if step.method == "forward")


def moved(case, direction):
    """Return the case's script up to its forward pass, with the input changed by ``change``."""
    script = []
    for step in case.script:
        if step.method == "forward":
            x = step.args[0].values + direction
            return (*script, replace(step, args=(Tensor(x), *step.args[1:])))
        script.append(step)
    raise AssertionError("no forward pass")


def parts():
    """Return every part with a gradient: backward, and the test mode of layers with a fixed mask."""
    for exercise in LAYERS:
        yield pytest.param(exercise, "backward", id=exercise.name)
        if exercise.name in HELD:
            yield pytest.param(exercise, "test_mode", id=f"{exercise.name} at test")


@pytest.mark.parametrize(("exercise", "part"), [*parts()])
def test_a_keys_gradient_is_the_numeric_gradient_of_its_forward_pass(exercise, part):
    layer = key(exercise.lesson)[exercise.name]
    tried = 0
    rng = np.random.default_rng(3)
    for case in exercise.part(part).cases(generator(5, exercise.name, part)):
        if not plain(case, exercise.name):
            continue
        backward = next(step for step in case.script if step.method == "backward")
        grad_out = backward.args[0].values if backward.args else 1.0
        if np.abs(grad_out).max() > 100:  # a difference of sums of such products has too few digits
            continue
        trace = play(layer, case.script)
        dx = next(o.value for step, o in zip(case.script, trace, strict=True) if step is backward)
        v = rng.standard_normal(dx.shape)
        ahead, behind = (play(layer, moved(case, sign * H * v))[-1].value for sign in (1, -1))
        slope = float(((np.asarray(ahead) - behind) * grad_out).sum() / (2 * H))
        scale = max(1.0, float(np.abs(dx * v).sum()))
        assert abs(slope - float((dx * v).sum())) <= 1e-5 * scale, case.name
        tried += 1
    assert tried > 0
