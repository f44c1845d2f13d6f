"""A relation between wrong and right numbers is named if it holds wherever they differ, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.counts import counts
from ncl_course.checking.naming.measured import relation
from ncl_course.checking.naming.shapes import of_shapes
from ncl_course.checking.naming.sight import Sight
from ncl_course.checking.verdict import Fault
from ncl_course.exercises import Case
from ncl_course.protocol.script import Tensor, call

RNG = np.random.default_rng(3)
SHAPES = ((2, 3, 4, 5), (3, 2, 5, 6))
PAIRS = [(RNG.normal(size=shape), RNG.normal(size=shape)) for shape in SHAPES]


def sight(x, right, got, **more):
    """Return a result of an elementwise layer whose input is x."""
    return Sight(right, got, 1e-6, 0.0, {"x": x}, **more)


def found(wrong, right=()):
    """Return the name and the values of the relation, or None."""
    remark = relation(wrong, lambda: iter(right))
    return (remark.name, remark.values) if remark else None


def all_of(edit):
    """Return the wrong results that an edit gives, which takes the right result and the input."""
    return [sight(x, right, edit(right, x)) for x, right in PAIRS]


@pytest.mark.parametrize(
    ("edit", "name", "values"),
    [
        (lambda y, x: -y, "sign-reversed", {}),
        (lambda y, x: 0 * y, "zeros-returned", {}),
        (lambda y, x: x, "argument-returned", {"name": "x"}),
        (lambda y, x: y * len(y), "factor-wrong", {"factor": "N"}),
        (lambda y, x: y / (y.shape[2] * y.shape[3]), "factor-wrong", {"factor": "1/(H·W)"}),
        (lambda y, x: 0.3 * y, "factor-wrong", {"factor": "0.3"}),
        (lambda y, x: np.abs(y), "function-added", {"function": "|y|"}),
        (lambda y, x: np.trunc(10 * y), None, None),
        (lambda y, x: np.round(y, 2), "rounded", {}),
        (lambda y, x: y * x, "array-wrong", {"function": "y · x"}),
        (lambda y, x: x - y, "array-wrong", {"function": "x − y"}),
        (lambda y, x: y - 0.05 * x, "array-wrong", {"function": "y − 0.05 · x"}),
        (lambda y, x: np.minimum(y, 0.5), "function-added", {"function": "min(y, 0.5)"}),
        (lambda y, x: np.clip(y, -0.3, 0.5), "function-added", {"function": "max(−0.3, min(y, 0.5))"}),
        (lambda y, x: y[..., ::-1], "order-reversed", {"axis": "W"}),
        (lambda y, x: y.swapaxes(2, 3).reshape(y.shape), "axes-exchanged", {"axes": "H, W"}),
        (lambda y, x: np.roll(y, 1, 3), "shifted", {"axis": "W"}),
        (lambda y, x: y * (np.arange(y.shape[3]) < y.shape[3] - 1), "part-left-out", {"axis": "W", "which": "0 … −2"}),
        (lambda y, x: np.broadcast_to(y.sum(1, keepdims=True), y.shape), "same-along-axis", {"axes": "C"}),
        (lambda y, x: np.where(x > 0, y, 2 * y), "factor-wrong", {"factor": "2", "side": "x < 0"}),
        (lambda y, x: x * (1 + x), "another-formula", {"formula": "x · (1 + x)"}),
        (lambda y, x: np.where(x > 0, y, RNG.normal(size=y.shape)), "wrong-on-one-side", {"side": "x < 0"}),
        (lambda y, x: RNG.normal(size=y.shape), None, None),
    ],
)
def test_a_relation_that_holds_in_every_case_is_named(edit, name, values):
    assert found(all_of(edit)) == ((name, values) if name else None)


@pytest.mark.parametrize(
    ("edit", "name", "axes"),
    [
        (lambda y, drawn: y * drawn(1, y.shape[1], 1, 1), "slices-scaled", "N, H, W"),
        (lambda y, drawn: y * drawn(len(y), 1, 1, 1), "slices-scaled", "C, H, W"),
        (lambda y, drawn: y * drawn(*y.shape[:2], 1, 1), "slices-scaled", "H, W"),
        (lambda y, drawn: y + drawn(1, y.shape[1], 1, 1), "slices-shifted", "N, H, W"),
        (lambda y, drawn: y * drawn(*y.shape[:2], 1, 1) + drawn(len(y), 1, 1, 1), "slices-scaled-and-shifted", "H, W"),
        (lambda y, drawn: y * drawn(*y.shape[:3], 1), "slices-scaled", "W"),
        (lambda y, drawn: y * drawn(*y.shape), None, None),
        (lambda y, drawn: y * 3.0, "factor-wrong", None),
    ],
)
def test_a_number_that_a_whole_slice_shares_is_told_by_the_axes_of_the_slice(edit, name, axes):
    rng = np.random.default_rng(5)
    wrong = [sight(x, right, edit(right, lambda *shape: rng.uniform(2, 5, shape))) for x, right in PAIRS]
    remark = found(wrong)
    assert (remark[0] if remark else None) == name
    assert axes is None or remark[1]["axes"] == axes


def test_a_relation_that_one_wrong_case_does_not_show_is_not_named():
    first, second = all_of(lambda y, _: -y)
    assert found([first, replace(second, got=2 * second.expected)]) is None


def test_a_relation_that_would_change_a_right_result_is_not_named():
    wrong = all_of(lambda y, _: -y)
    x, y = PAIRS[0]
    assert found(wrong, [sight(x, y, y)]) is None
    assert found(wrong, [sight(x, 0 * y, 0 * y)]) == ("sign-reversed", {})


def test_a_result_of_another_method_is_recognised():
    other = RNG.normal(size=SHAPES[0])
    x, y = PAIRS[0]
    assert found([sight(x, y, other, others={"grads.beta": other})]) == ("another-result", {"name": "grads.beta"})


def test_a_gradient_is_a_formula_times_the_upstream_one():
    wrong = []
    for x, g in PAIRS:
        y = np.tanh(x)
        known = {"x": x, "grad_out": g}
        wrong.append(Sight(g * (1 - y**2), g * (1 + y**2), 1e-6, 0.0, known, others={"forward": y}))
    assert found(wrong) == ("another-formula", {"formula": "grad_out · (1 + (1 + y²))"}) or found(wrong)[1][
        "formula"
    ] in ("grad_out · 1 · (1 + y²)", "grad_out · (1 + y²)", "grad_out · (1 + y²) · 1")


SIZES = [(size, k, s) for size in (5, 8, 9, 12) for k in (2, 3) for s in (1, 2, 3)]


def counted(formula):
    """Return the results of a counting function."""
    return [
        Sight(
            np.array((size - k) // s + 1.0),
            np.array(float(formula(size, k, s))),
            1e-6,
            0.0,
            {},
            {"size": size, "k": k, "s": s},
        )
        for size, k, s in SIZES
    ]


def test_a_count_is_written_as_a_short_formula():
    assert counts(counted(lambda size, k, s: size // s + k)).values == {"formula": "(size // s) + k"}
    assert counts(counted(lambda size, k, s: (size - k) // s + 2)).values == {"formula": "((size - k) // s) + 2"}
    assert counts(counted(lambda size, k, s: (size + 2 - k) // s + 1)).values == {
        "formula": "(((size - k) + 2) // s) + 1"
    }
    assert counts(counted(lambda size, k, s: size % 5 * k)) is None


@pytest.mark.parametrize(
    ("got", "right", "name"),
    [
        ((), (3,), "one-number"),
        ((2, 3, 1, 1), (2, 3), "axis-of-one"),
        ((3, 2), (2, 3), "shape-transposed"),
        ((6,), (2, 3), "shape-regrouped"),
        ((2, 3, 1, 2), (2, 3, 2, 3), "one-too-few"),
        ((2, 4), (2, 3), "one-too-many"),
        ((3,), (2, 3), "axis-lost"),
        ((2, 3, 4), (2, 3), "axis-left"),
        ((7, 9), (2, 3), None),
    ],
)
def test_a_wrong_shape_is_named_by_its_relation_to_the_right_one(got, right, name):
    difference = Difference(Fault.SHAPE, Case("any", ()), 0, np.zeros(right), np.zeros(got))
    edit = of_shapes([difference])
    assert (edit.name if edit else None) == name


def test_a_length_that_the_input_has_elsewhere_shows_a_sum_over_the_wrong_axis():
    script = (call("layer", "forward", Tensor(np.zeros((2, 3, 4, 5)))),)
    wrong = [
        Difference(Fault.SHAPE, Case("any", script), 0, np.zeros((2, 3)), np.zeros(got)) for got in ((2, 20), (2, 7))
    ]
    assert of_shapes(wrong[:1]).name == "another-axis"
    assert of_shapes(wrong) is None


def test_an_edit_along_an_axis_means_nothing_for_a_result_without_that_axis():
    square, line = RNG.normal(size=(3, 4)), RNG.normal(size=5)
    summed = np.broadcast_to(square.sum(1, keepdims=True), square.shape)
    wrong = [sight(0 * square, square, summed), sight(0 * line, line, 2 * line)]
    assert found(wrong[:1]) == ("same-along-axis", {"axes": "D"})
    assert found(wrong) is None
