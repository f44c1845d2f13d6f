"""Layers that are wrong in rare circumstances fail: settings shared by shape, a dtype for ever, a stuck neuron …"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.nn import Layer
from tests.answers import KIT, RIGHT

SEED = 3


@cache
def right_answers(exercise):
    """Return the right answers to all parts of an exercise."""
    return [Answers(exercise, part.name, SEED) for part in exercise.parts]


def verdict(name, answer):
    """Return the verdict on all parts of an answer."""
    exercise = find(name)
    return judge(exercise, Here(answer, KIT), right_answers(exercise), explain=False).verdict


def settings_by_shape(right):
    """Keep the constructor's numbers on the class, by the input's shape: those of the first layer win."""

    class SettingsByShape(right):
        kept: dict = {}  # noqa: RUF012 - the mistake: all layers share it

        def forward(self, x):
            numbers = {name: n for name, n in vars(self).items() if type(n) in (int, float)}
            vars(self).update(self.kept.setdefault(x.shape, numbers))
            return super().forward(x)

    return SettingsByShape


def mode_without_return(right):
    """Write ``eval`` without ``return self``."""

    class ModeWithoutReturn(right):
        def eval(self):
            self.training = False

    return ModeWithoutReturn


def params_copied_at_test(right):
    """Put copies into ``params`` when the mode changes: an optimiser holds the old arrays."""

    class ParamsCopiedAtTest(right):
        def eval(self):
            self.params = {name: values.copy() for name, values in self.params.items()}
            return super().eval()

    return ParamsCopiedAtTest


def nan_at_the_start(right):
    """Start with a bias of NaN, as ``np.empty`` may give."""

    class NanAtTheStart(right):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.params["bias"][:] = np.nan

    return NanAtTheStart


def nothing_kept_at_test(right):
    """Keep nothing of a forward in test mode, so that backward belongs to the latest training forward."""

    class NothingKeptAtTest(right):
        def forward(self, x):
            before = dict(vars(self))
            y = super().forward(x)
            if not self.training:
                vars(self).update(before)
            return y

    return NothingKeptAtTest


def input_as_float32(right):
    """Compute with the input's float32 numbers, whatever its dtype is, and return the output in the dtype of x."""

    class InputAsFloat32(right):
        def forward(self, x):
            super().forward(x)
            return super().forward(x.astype(np.float32)).astype(x.dtype)

    return InputAsFloat32


def rounded_and_then_float64(right):
    """Round the input to float32, and compute in float64 from there on."""

    class RoundedAndThenFloat64(right):
        def forward(self, x):
            return super().forward(x.astype(np.float32).astype(x.dtype))

    return RoundedAndThenFloat64


SETTINGS = ("MaxPool2d", "AvgPool2d", "LeakyReLU", "ELU", "LayerNorm2d", "InstanceNorm2d", "WeightStandardization")
NORMALIZATIONS = ("BatchNorm2d", "LayerNorm2d", "InstanceNorm2d", "GroupNorm", "WeightStandardization")
LAYERS = (
    *SETTINGS,
    "ReLU",
    "Tanh",
    "Linear",
    "Maxout",
    "Flatten",
    "Softmax",
    "GlobalAvgPool2d",
    "GroupNorm",
    "Dropout",
)
CHANGES = [
    *((settings_by_shape, name) for name in (*SETTINGS[2:], "Dropout", "BatchNorm2d")),
    *((mode_without_return, name) for name in (*LAYERS, "BatchNorm2d")),
    *((params_copied_at_test, name) for name in ("Linear", "Maxout", "LayerNorm2d", "GroupNorm")),
    *((nan_at_the_start, name) for name in ("Linear", "Maxout")),
    *((nothing_kept_at_test, name) for name in ("MaxPool2d", "AvgPool2d", "Flatten", "GlobalAvgPool2d")),
    *((rounded_and_then_float64, name) for name in NORMALIZATIONS),
    # in the layers that are left out, each number stays within the contract's tolerance
    *((input_as_float32, name) for name in ("MaxPool2d", "AvgPool2d", "Linear", "Maxout", "Softmax")),
    *((input_as_float32, name) for name in NORMALIZATIONS),
]


@pytest.mark.parametrize(("change", "name"), CHANGES, ids=lambda value: getattr(value, "__name__", value))
def test_a_right_layer_with_one_flaw_does_not_pass(change, name):
    assert verdict(name, change(RIGHT[name][0])) not in (Verdict.PASSED, Verdict.MISSING)


def test_the_largest_number_may_be_far_below_zero():
    class AtLeast(RIGHT["MaxPool2d"][0]):
        def forward(self, x):
            return np.maximum(super().forward(x), x.dtype.type(-1e18))

    assert verdict("MaxPool2d", AtLeast) is Verdict.PARTIAL


def dropout(draw):
    """Return inverted dropout with masks from ``draw(rng, x, p)``."""

    class Dropout(Layer):
        def __init__(self, keep_prob, rng=None):
            self.p, self.rng = keep_prob, np.random.default_rng(rng)

        def forward(self, x):
            self.factor = np.float64(1)
            if self.training:
                self.mask = draw(self.rng, x, self.p)
                self.factor = self.mask / self.p
            return (x * self.factor).astype(x.dtype)

        def backward(self, grad_out):
            return (grad_out * self.factor).astype(grad_out.dtype)

    return Dropout


def first_kept(rng, x, p):
    mask = rng.random(x.shape) < p
    mask.flat[0] = True
    return mask


def last_dropped(rng, x, p):
    mask = rng.random(x.shape) < p
    mask.flat[-1] = p == 1
    return mask


def nearly_exact(rng, x, p):
    """Keep p·n of n neurons, or one more or less."""
    many = np.clip(round(p * x.size) + rng.integers(-1, 2), 0, x.size) if p < 1 else x.size
    return rng.permutation(np.arange(x.size) < many).reshape(x.shape)


def one_kept(rng, x, p):
    """Keep a neuron in each row that would be empty."""
    mask = rng.random(x.shape) < p
    rows = mask.reshape(-1, x.shape[-1])
    empty = np.flatnonzero(~rows.any(1))
    rows[empty, rng.integers(0, x.shape[-1], len(empty))] = True
    return mask


def one_dropped(rng, x, p):
    """Drop a neuron in each row that would stay whole, if p is below 1."""
    mask = rng.random(x.shape) < p
    rows = mask.reshape(-1, x.shape[-1])
    whole = np.flatnonzero(rows.all(1)) if p < 1 else ()
    rows[whole, rng.integers(0, x.shape[-1], len(whole))] = False
    return mask


def few_places(rng, x, p):
    """Keep neurons by flat places that do not fit in their dtype."""
    mask = np.zeros(x.shape, bool)
    mask.flat[np.flatnonzero(rng.random(x.shape) < p).astype(np.int16)] = True
    return mask


MASKS = {
    "nearly exact": nearly_exact,
    "one kept": one_kept,
    "one dropped": one_dropped,
    "places in int16": few_places,
    "twentieths": lambda rng, x, p: rng.integers(0, 20, x.shape) < 20 * p,
    "hundredths": lambda rng, x, p: rng.integers(0, 100, x.shape) < 100 * p,
    "p in two digits": lambda rng, x, p: rng.random(x.shape) < round(p, 2),
    "first neuron kept": first_kept,
    "last neuron dropped": last_dropped,
    "large numbers kept": lambda rng, x, p: (rng.random(x.shape) < p) | (np.abs(x) > 2),
}


@pytest.mark.parametrize("draw", MASKS.values(), ids=MASKS)
def test_masks_do_not_depend_on_the_input_and_no_neuron_is_stuck(draw):
    assert verdict("Dropout", dropout(lambda rng, x, p: rng.random(x.shape) < p)) is Verdict.PASSED
    assert verdict("Dropout", dropout(draw)) is Verdict.PARTIAL


def test_running_statistics_that_are_overwritten_between_two_passes_at_test_count():
    class ReadOnce(RIGHT["BatchNorm2d"][0]):
        """It computes with the running statistics that the first pass at test has found, until it trains again."""

        def forward(self, x):
            if self.training:
                self.found = None
                return super().forward(x)
            self.found = self.found if getattr(self, "found", None) else (self.running_mean, self.running_var)
            now = self.running_mean, self.running_var
            self.running_mean, self.running_var = self.found = tuple(map(np.copy, self.found))
            y = super().forward(x)
            self.running_mean, self.running_var = now
            return y

    assert verdict("BatchNorm2d", RIGHT["BatchNorm2d"][0]) is Verdict.PASSED
    assert verdict("BatchNorm2d", ReadOnce) is Verdict.PARTIAL


def test_a_running_variance_of_zero_stays_zero():
    class Floor(RIGHT["BatchNorm2d"][0]):
        def forward(self, x):
            y = super().forward(x)
            self.running_var = np.maximum(self.running_var, 1e-3)
            return y

    assert verdict("BatchNorm2d", Floor) is Verdict.PARTIAL


def training(stops):
    """Return a training that ends where ``stops(answer)`` is true for an answer of ``on_step``."""

    def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
        losses = []
        for _ in range(epochs):
            order = rng.permutation(len(x))
            for start in range(0, len(x), batch_size):
                batch = order[start : start + batch_size]
                losses.append(RIGHT["train_step"][0](model, loss, optimizer, x[batch], labels[batch]))
                if on_step is not None and stops(on_step(len(losses) - 1, losses[-1])):
                    return losses
        return losses

    return train


def test_a_truthy_answer_of_on_step_stops_and_no_other_answer_does():
    assert verdict("train", training(bool)) is Verdict.PASSED
    assert verdict("train", training(lambda answer: answer is not None)) is Verdict.FAILED
    assert verdict("train", training(lambda answer: answer is True)) is Verdict.FAILED


def test_a_step_leaves_the_update_to_the_optimiser():
    def by_hand(model, loss, optimizer, x, labels):
        value = loss.forward(model.train().forward(x), labels)
        model.backward(loss.backward())
        kept = vars(optimizer).setdefault("kept", {})
        for key, values in model.params.items():
            kept[key] = optimizer.momentum * kept.get(key, 0) + model.grads[key]
            values[...] -= optimizer.lr * kept[key]
        return value

    assert verdict("train_step", by_hand) is Verdict.FAILED


def test_on_step_that_gets_the_labels_in_place_of_the_step_fails():
    right = RIGHT["train"][0]

    def train(model, loss, optimizer, x, labels, *, epochs, batch_size, rng, on_step=None):
        told = None if on_step is None else lambda _, one: on_step(labels, one)
        return right(model, loss, optimizer, x, labels, epochs=epochs, batch_size=batch_size, rng=rng, on_step=told)

    assert verdict("train", train) not in (Verdict.PASSED, Verdict.MISSING)
