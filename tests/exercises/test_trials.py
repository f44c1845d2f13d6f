"""Each trial catches the mistake that it is made for, and cases with a single pass do not, shown with a small layer."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.checking.compare import first_difference
from ncl_course.checking.verdict import Fault
from ncl_course.exercises.arrays import normal
from ncl_course.exercises.trials import UNUSUAL, Backward, Forward, Use
from ncl_course.nn import Layer
from ncl_course.protocol.play import play


class Right(Layer):
    """y = w·x², so dL/dx = 2·w·x·g and dL/dw = Σ x²·g."""

    def __init__(self, size=1):
        self.params = {"weight": np.ones(size)}

    def forward(self, x):
        self.x = x
        return (self.params["weight"] * x**2).astype(x.dtype)

    def backward(self, grad_out):
        each = (self.x**2 * grad_out).astype(np.float64)
        one = each.sum(keepdims=True).ravel() if self.params["weight"].size == 1 else each.sum(0)
        self.grads = {"weight": one}
        return (2 * self.params["weight"] * self.x * grad_out).astype(self.x.dtype)


class FirstInput(Right):
    def forward(self, x):
        y = super().forward(x)
        self.x = self.first = getattr(self, "first", x)
        return y


class FirstInputOfAShape(Right):
    def forward(self, x):
        y = super().forward(x)
        first = getattr(self, "first", x)
        self.x = self.first = first if first.shape == x.shape else x
        return y


class FirstInputOfABackward(Right):
    def backward(self, grad_out):
        self.x = self.first = getattr(self, "first", self.x)
        return super().backward(grad_out)


class FirstBatchSize(Right):
    def forward(self, x):
        self.size = getattr(self, "size", len(x))
        return super().forward(x)

    def backward(self, grad_out):
        return super().backward(grad_out) * len(self.x) / self.size


class InputOnTheClass(Right):
    def forward(self, x):
        y = super().forward(x)
        type(self).latest = x
        return y

    def backward(self, grad_out):
        self.x = type(self).latest
        return super().backward(grad_out)


class WeightForAll(Right):
    def __init__(self, size=1, params={}):  # noqa: B006 - the mistake
        self.params = params
        self.params["weight"] = np.ones(size)


class GradientsForAll(Right):
    def backward(self, grad_out, grads={}):  # noqa: B006 - the mistake
        dx = super().backward(grad_out)
        grads.update(self.grads)
        self.grads = grads
        return dx


class Adding(Right):
    def backward(self, grad_out):
        before = self.grads.get("weight", 0)
        dx = super().backward(grad_out)
        self.grads["weight"] = self.grads["weight"] + before
        return dx


class ForgettingAtBackward(Right):
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        self.x = None
        return dx


class NothingAtTest(Right):
    def forward(self, x):
        return super().forward(x) * self.training


class ModeReadInBackward(Right):
    def backward(self, grad_out):
        return super().backward(grad_out) * self.training


class CopiedWeight(Right):
    def forward(self, x):
        self.copy = getattr(self, "copy", self.params["weight"].copy())
        return (self.copy * x**2).astype(x.dtype)


class BackwardWithTheFirstWeight(Right):
    def forward(self, x):
        self.first = getattr(self, "first", self.params["weight"].copy())
        return super().forward(x)

    def backward(self, grad_out):
        dx = super().backward(grad_out)
        return (dx * self.first / self.params["weight"]).astype(dx.dtype)


class StepInBackward(Right):
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        self.params["weight"] -= 0.1 * self.grads["weight"]
        return dx


class ChangingItsInput(Right):
    def forward(self, x):
        y = super().forward(x)
        x *= 2
        return y


class OneResult(Right):
    def forward(self, x):
        y = super().forward(x)
        self.result = getattr(self, "result", None)
        if self.result is None or self.result.shape != y.shape:
            self.result = y
        self.result[...] = y
        return self.result


class AlwaysFloat64(Right):
    def forward(self, x):
        return super().forward(x).astype(np.float64)


class WholeGradients(Right):
    def backward(self, grad_out):
        return super().backward(np.trunc(grad_out))


class CallIsSomethingElse(Right):
    def __call__(self, x):
        return x


class ReadsTheBuffer(Right):
    """Return the numbers in memory order, from the beginning of the allocated array."""

    def forward(self, x):
        whole = x if x.base is None else x.base
        return super().forward(np.resize(whole.ravel("K"), x.shape))


class InPlace(Right):
    """A layer that undoes its changes to the input, so that they show only if the array is read-only."""

    def forward(self, x):
        x += 1
        x -= 1
        return super().forward(x)


def uses():
    """Return a layer with an input, and all the others that the contract needs."""
    rng = np.random.default_rng(4)
    first, twin = (Use(normal(rng, 3, 4), (), {"weight": np.array([w])}) for w in (2.0, -3.0))
    other = Use(normal(rng, 5, 4), (4,), {"weight": np.arange(1.0, 5.0)})
    return (first, first.on(normal(rng, 3, 4)), first.on(normal(rng, 4, 4))), {"twin": twin, "other": other}


def cases_of(trials):
    """Return a part's cases of the contract, and those of one array."""
    some, named = uses()
    whole = Use(np.arange(1.0, 13.0).reshape(3, 4), (), {"weight": np.array([2.0])})
    rewritten = trials.rewritten(some[0], named["twin"])
    return [*trials.contract(*some, **named), rewritten, *trials.arrays(whole, some[0]), trials.one("one", whole)]


PARTS = {
    "forward": cases_of(Forward(np.random.default_rng(1))),
    "backward": cases_of(Backward(np.random.default_rng(2))),
}


def caught(part, target):
    """Return the faults of a layer in the cases of a part, by the names of the cases."""
    found = {}
    for case in PARTS[part]:
        difference = first_difference(case, play(Right, case.script), play(target, case.script))
        if difference is not None:
            found.setdefault(case.name, difference.fault)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_a_right_layer_passes(part):
    assert not caught(part, Right)


@pytest.mark.parametrize(
    ("part", "mistake", "names"),
    [
        ("forward", WeightForAll, {"two-instances"}),
        ("forward", NothingAtTest, {"test-mode"}),
        ("forward", CopiedWeight, {"parameters-change"}),
        ("forward", CallIsSomethingElse, {"called"}),
        ("forward", AlwaysFloat64, {"float32"}),
        ("forward", OneResult, {"two-forwards"}),
        ("backward", FirstInput, {"latest-forward", "latest-forward-resized"}),
        ("backward", FirstInputOfAShape, {"latest-forward"}),
        ("backward", FirstInputOfABackward, {"latest-forward", "latest-forward-resized"}),
        ("backward", FirstBatchSize, {"latest-forward-resized"}),
        ("backward", InputOnTheClass, {"two-instances"}),
        ("backward", GradientsForAll, {"two-instances"}),
        ("backward", Adding, {"backward-twice"}),
        ("backward", ForgettingAtBackward, {"backward-twice"}),
        ("backward", ModeReadInBackward, {"test-mode"}),
        ("backward", BackwardWithTheFirstWeight, {"parameters-change"}),
        ("backward", StepInBackward, {"parameters-stay"}),
        ("backward", WholeGradients, {"float64"}),
    ],
)
def test_a_mistake_is_caught_by_its_trial_and_not_by_one_pass_of_one_layer(part, mistake, names):
    found = caught(part, mistake)
    assert names <= found.keys()
    assert "one" not in found


@pytest.mark.parametrize("part", PARTS)
def test_every_unusual_memory_order_shows_a_layer_that_reads_the_buffer(part):
    changed = {f"layout-{layout.value}" for layout in UNUSUAL if layout.value != "read-only"}
    assert changed <= caught(part, ReadsTheBuffer).keys()
    assert "layout-read-only" in caught(part, InPlace)


def test_an_input_that_is_changed_and_a_result_that_changes_later_are_told_apart():
    assert caught("forward", ChangingItsInput)["one"] is Fault.INPUT_CHANGED
    assert caught("forward", OneResult)["two-forwards"] is Fault.RESULT_OVERWRITTEN


def test_a_layer_without_parameters_is_not_asked_about_them():
    plain = [Use(use.x) for use in uses()[0]]
    names = {case.name for trials in (Forward, Backward) for case in trials(np.random.default_rng(0)).contract(*plain)}
    assert not {name for name in names if "parameters" in name}
    assert "two-instances" in names


def test_a_layer_that_differs_at_test_or_cannot_be_called_is_not_asked_to():
    class Special(Use):
        CALLABLE = SAME_AT_TEST = False

    special = [Special(use.x) for use in uses()[0]]
    rng = np.random.default_rng(0)
    names = {case.name for trials in (Forward, Backward) for case in trials(rng).contract(*special)}
    assert not names & {"called", "test-mode"}


def test_what_is_free_or_silent_in_a_use_is_so_in_its_cases():
    rng = np.random.default_rng(0)
    free = [Use(use.x, free=True, silent=True) for use in uses()[0]]
    cases = [*Forward(rng).contract(*free), *Backward(rng).contract(*free), Backward(rng).one("one", free[0])]
    assert all(case.free for case in cases)
    passes = [step for case in cases if case.name != "modes" for step in case.script]
    assert all(step.silent for step in passes if step.kind == "call" and step.label)
