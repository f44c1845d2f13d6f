"""Small measured experiments on activations: ten deep layers, a ReLU that dies, a fold that doubles its bends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LAYERS, WIDTH, SAMPLES = 10, 100, 200
POINTS = np.linspace(0, 1, 20)
"""The samples of the single neuron; the right answer to each sample is the sample itself, y = x."""


@dataclass(frozen=True)
class Depth:
    """The activations after each of ten layers, and the length of the gradient that reaches each layer."""

    activations: tuple[Array, ...]
    gradients: Array


def measure_depth(name: str, seed: int = 0, scale: float | None = None) -> Depth:
    """Send noise through a net of ten layers of 100 neurons with random weights, and a random gradient back.

    The weights are N(0, scale²/100). The default scale is 1, and √2 for a ReLU, so that the layers themselves hardly
    make their input larger or smaller.
    """
    from ncl_course.oracles.activations import right as activations
    from ncl_course.oracles.linear.right import Linear

    rng = np.random.default_rng(seed)
    x = rng.standard_normal((SAMPLES, WIDTH))
    scale = np.sqrt(2 if name == "ReLU" else 1) if scale is None else scale
    weights = [rng.normal(0, scale / np.sqrt(WIDTH), (WIDTH, WIDTH)) for _ in range(LAYERS)]
    layers = [(Linear(WIDTH, WIDTH), getattr(activations, name)()) for _ in weights]
    seen = []
    for weight, (linear, activation) in zip(weights, layers, strict=True):
        linear.params["weight"][...] = weight
        x = activation.forward(linear.forward(x))
        seen.append(x)
    grad, lengths = rng.standard_normal(x.shape), []
    for linear, activation in layers[::-1]:
        grad = linear.backward(activation.backward(grad))
        lengths.append(np.linalg.norm(grad))
    return Depth(tuple(seen), np.array(lengths[::-1]))


@dataclass(frozen=True)
class Training:
    """A single neuron in training, measured before each step.

    Attributes:
        losses: the loss.
        active: the share of samples with wx + b above 0.
        lines: (steps, 2), w and b.
        gradients: (steps, 2), the gradients of both.
    """

    losses: Array
    active: Array
    lines: Array
    gradients: Array


def train_one_neuron(alpha: float, rate: float, calm: float, steps: int = 60) -> Training:
    """Fit f(wx + b) to y = x on twenty points, with learning rate ``rate`` in the first step and then ``calm``.

    f is a leaky ReLU; alpha = 0 is a ReLU.
    """
    from ncl_course.oracles.activations.right import LeakyReLU

    x = POINTS
    w, b, losses, active, lines, gradients = 0.5, 0.8, [], [], [], []
    for step in range(steps):
        unit = LeakyReLU(alpha)
        error = unit.forward(w * x + b) - x
        losses.append(float((error**2).mean()))
        active.append(float((w * x + b > 0).mean()))
        grad = unit.backward(2 * error / len(x))
        lines.append((w, b))
        gradients.append((float(grad @ x), float(grad.sum())))
        size = rate if step == 0 else calm
        w, b = w - size * gradients[-1][0], b - size * gradients[-1][1]
    return Training(*map(np.array, (losses, active, lines, gradients)))


def fold(x: Array, depth: int, *, bent: bool = True) -> Array:
    """Apply ``depth`` layers of two ReLUs each, 2 relu(x) − 4 relu(x − ½); each layer folds the interval once more.

    Without the ReLUs the same layers give a straight line.
    """
    from ncl_course.oracles.activations.right import ReLU

    def gate(z: Array) -> Array:
        return ReLU().forward(z) if bent else z

    for _ in range(depth):
        x = 2 * gate(x) - 4 * gate(x - 0.5)
    return x
