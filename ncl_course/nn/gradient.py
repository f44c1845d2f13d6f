"""The gradient by its definition: change one number a little and measure the change of the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ncl_course.nn.layer import Array
from ncl_course.nn.sentences import said

STEP = 1e-5
"""The step h of a central difference, for numbers around 1. It is near the cube root of float64's precision, where the
truncation error (of order h²) and the rounding error balance."""

FLOOR = 1e-6
"""Errors are divided by the largest entry of both gradients, or by this if it is larger: below it is only rounding."""


@dataclass(frozen=True)
class GradientComparison:
    """A layer's gradient beside the numeric one.

    Attributes:
        name: ``"x"``, or the parameter's name.
        own: the gradient from the layer's ``backward``.
        numeric: the gradient from central differences, of the same shape.
    """

    name: str
    own: Array
    numeric: Array

    @property
    def error(self) -> float:
        """The largest difference, divided by the largest entry of both; NaN if the layer's gradient holds a NaN."""
        if not self.numeric.size:
            return 0.0
        scale = max(np.abs(self.numeric).max(), np.abs(self.own).max(), FLOOR)
        return float(np.abs(self.own - self.numeric).max() / scale)

    @property
    def worst(self) -> tuple[int, ...]:
        """The index of the largest difference."""
        place = np.unravel_index(np.argmax(np.abs(self.own - self.numeric)), self.numeric.shape)
        return tuple(int(i) for i in place)

    def __str__(self) -> str:
        at = self.worst
        return (
            f"{self.name}: relative error {self.error:.1e}, largest at {at}: "
            f"backward {self.own[at]:.6g}, numeric {self.numeric[at]:.6g}"
        )


def numeric_gradient(f: Callable[[Array], Any], x: Array) -> Array:
    """Return df/dx by central differences, (f(x + h) − f(x − h)) / 2h for one entry of x after another.

    Args:
        f: a function of an array that returns one real number.
        x: the point, an array of any shape. f gets float64 copies; x itself is never changed.

    Returns:
        The gradient, float64, in the shape of x. At a kink (ReLU at 0, a tied maximum) the result is not a derivative.

    Example:
        >>> numeric_gradient(lambda x: np.sum(x**2), np.array([1.0, -3.0])).round(6)
        array([ 2., -6.])
    """
    point = np.array(x, dtype=np.float64, order="C")
    return differences(lambda: f(point.copy()), point)


def differences(f: Callable[[], Any], array: Array) -> Array:
    """Return the central difference of f for every entry of an array that f reads, and restore the array.

    A float32 array rounds the step, so the difference is divided by the step that was actually made.
    """
    gradient = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        kept = array[place]
        values, steps = [], []
        try:
            for sign in (1, -1):
                array[place] = kept + sign * step(array.dtype) * max(1.0, abs(float(kept)))
                values.append(float(f()))
                steps.append(float(array[place]))
        finally:
            array[place] = kept
        gradient[place] = (values[0] - values[1]) / (steps[0] - steps[1])
    return gradient


def step(dtype: np.dtype[Any]) -> float:
    """Return the step h for an array of that dtype: wide enough for its precision."""
    return STEP if dtype.itemsize >= 8 else 1e-3


def compare_gradients(
    layer: Any, x: Array, grad_out: Array | None = None, rng: np.random.Generator | None = None
) -> list[GradientComparison]:
    """Compare a layer's own gradients with numeric ones: first that of x, then that of every parameter.

    The loss is L = Σ grad_out · layer(x), so dL/d(output) = grad_out. Everything is computed in float64. Choose a small
    x, since every entry costs two forward passes, and stay away from kinks.

    Args:
        layer: a layer with ``forward``, ``backward``, ``params`` and ``grads``. Its parameters are restored afterwards.
        x: the input, any shape.
        grad_out: dL/d(output), in the shape of the output; None draws random numbers.
        rng: the generator that draws them; None always draws the same numbers.

    Raises:
        ValueError: if a gradient is missing or has the wrong shape, or if the layer gives two different outputs for the
            same input (dropout draws a new mask each time: switch it to ``eval()``, or check it with ``keep_prob=1``).
    """
    x = np.array(x, dtype=np.float64, order="C")
    y = np.array(layer.forward(x.copy()), dtype=np.float64)
    require_repeatable(layer, x, y)
    grad_out = drawn(y.shape, rng) if grad_out is None else np.asarray(grad_out, dtype=np.float64)
    own = own_gradients(layer, x, grad_out)

    def loss() -> float:
        return float(np.sum(grad_out * layer.forward(x.copy())))

    arrays = {"x": x, **getattr(layer, "params", {})}
    return [GradientComparison(name, own[name], differences(loss, array)) for name, array in arrays.items()]


def gradient_error(
    layer: Any, x: Array, grad_out: Array | None = None, rng: np.random.Generator | None = None
) -> dict[str, float]:
    """Return the largest relative error of dL/dx (``"x"``) and of each parameter's gradient; see ``compare_gradients``.

    An error below 1e-6 means that the gradient is right, one above 1e-3 that it is wrong; in between, look for kinks.

    Raises:
        ValueError: as in ``compare_gradients``.

    Example:
        >>> from ncl_course.nn import Conv2d
        >>> errors = gradient_error(Conv2d(2, 3, 3), np.random.default_rng(0).normal(size=(2, 2, 5, 4)))
        >>> {name: error < 1e-6 for name, error in errors.items()}
        {'x': True, 'weight': True, 'bias': True}
    """
    return {compared.name: compared.error for compared in compare_gradients(layer, x, grad_out, rng)}


def drawn(shape: tuple[int, ...], rng: np.random.Generator | None) -> Array:
    """Draw a gradient of the output: random, so that no error is hidden by a symmetry."""
    return (np.random.default_rng(0) if rng is None else rng).normal(size=shape)


def own_gradients(layer: Any, x: Array, grad_out: Array) -> dict[str, Array]:
    """Return copies of the gradients from one forward and backward pass of the layer: ``"x"`` and every parameter."""
    layer.forward(x.copy())
    found = {"x": layer.backward(grad_out.copy()), **getattr(layer, "grads", {})}
    arrays = {"x": x, **getattr(layer, "params", {})}
    for name, array in arrays.items():
        require_shape(type(layer).__name__, name, found.get(name), array.shape)
    return {name: np.array(found[name], dtype=np.float64) for name in arrays}


def require_shape(layer: str, name: str, found: Any, shape: tuple[int, ...]) -> None:
    """Raise ValueError unless the gradient exists and has the shape of its array."""
    if found is None or np.shape(found) != shape:
        answer = said("gradient.answer", "the answer of backward")
        shaped = said("gradient.shaped", "of shape {shape}", shape=np.shape(found))
        raise ValueError(
            said(
                "gradient.shape",
                "{layer}: {where} should be dL/d{name} of shape {shape}, but is {got}; look at what backward returns "
                "and puts into grads",
                layer=layer,
                where=answer if name == "x" else f"grads[{name!r}]",
                name=name,
                shape=shape,
                got=said("gradient.nothing", "nothing") if found is None else shaped,
            )
        )


def require_repeatable(layer: Any, x: Array, y: Array) -> None:
    """Raise ValueError if the layer gives another output for the same input the second time."""
    if not np.array_equal(y, layer.forward(x.copy()), equal_nan=True):
        raise ValueError(
            said(
                "gradient.repeatable",
                "{layer} returns something else for the same x each time, so differences mean nothing; dropout draws a "
                "new mask: call eval() first, or give it keep_prob=1",
                layer=type(layer).__name__,
            )
        )
