"""Curves of activations and their derivatives, computed by torch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.axes import framed, legend
from ncl_course.viz.palette import INK, OKABE_ITO
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import say

VALUE, SLOPE = OKABE_ITO[0], OKABE_ITO[4]
X = np.linspace(-4, 4, 401)
PIECES = ((-0.6, -0.9), (0.8, 0.3))
"""The pieces a·x + b of the maxout in the picture."""

FORMULAS = {
    "Sigmoid": r"$\sigma(x) = 1/(1 + e^{-x})$",
    "Tanh": r"$\tanh x = 2\sigma(2x) - 1$",
    "ReLU": r"$\max(0, x)$",
    "LeakyReLU": r"$\max(0.1x, x)$",
    "ELU": r"$\alpha(e^x - 1)$, $x < 0$",
    "Maxout": r"$\max(a_1x + b_1, a_2x + b_2)$",
}


def curve(name: str, *numbers: float, x: NDArray[Any] = X) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the values and the slopes of an activation, computed by the oracle; without numbers, use its defaults."""
    from ncl_course.oracles.activations import right as activations

    if name == "Maxout":
        return maxout(x)
    layer = activations.PReLU() if name == "PReLU" else getattr(activations, name)(*numbers)
    if name == "PReLU" and numbers:
        layer.params["alpha"][:] = numbers
    return layer.forward(x), layer.backward(np.ones_like(x))


def maxout(x: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the values and the slopes of the maxout of ``PIECES``, computed by the oracle: each x is a sample."""
    from ncl_course.oracles.activations.right import Maxout

    layer = Maxout(1, 1, len(PIECES))
    slopes, shifts = np.transpose(PIECES)
    layer.params["weight"][:, 0, 0], layer.params["bias"][:, 0] = slopes, shifts
    values = layer.forward(x.reshape(-1, 1))
    return values.reshape(x.shape), layer.backward(np.ones_like(values)).reshape(x.shape)


def alpha_slope(alpha: float, x: NDArray[Any] = X) -> NDArray[Any]:
    """Return the derivative of a PReLU with respect to alpha at each x, computed by the oracle: each x is a channel."""
    from ncl_course.oracles.activations.right import PReLU

    layer = PReLU(len(x))
    layer.params["alpha"][:] = alpha
    layer.forward(x[None])
    layer.backward(np.ones((1, len(x))))
    return layer.grads["alpha"]


def crossed(ax: Axes, title: str, ylim: tuple[float, float]) -> None:
    """Prepare axes through 0 in the page's own grey, with a title."""
    ax.set(xlim=(X[0], X[-1]), ylim=ylim)
    draw_cross(ax)
    framed(ax, title)


def draw_cross(ax: Axes) -> list[Line2D]:
    """Draw both axes through 0."""
    return [ax.axhline(0, color=INK, linewidth=0.8), ax.axvline(0, color=INK, linewidth=0.8)]


def beside_derivative() -> tuple[Picture, Axes, Axes]:
    """Return a picture with room for a curve on the left and for its derivative on the right."""
    picture = Picture(8.2, 2.9, "")
    left, right = picture.place(0.45, 0.35, 4.2, 2.2), picture.place(5.15, 0.35, 2.9, 2.2)
    for ax, title in ((left, ""), (right, text("activations.picture.slope"))):
        ax.set(xlim=(X[0], X[-1]), xticks=(-4, 0, 4))
        framed(ax, title)
    return picture, left, right


def draw_activation(name: str, ax: Axes) -> list[Line2D]:
    """Draw one activation and, dashed, its derivative; for a maxout also draw its pieces."""
    value, slope = curve(name)
    if name == "Maxout":
        for a, b in PIECES:
            ax.plot(X, a * X + b, color=INK, linewidth=1, linestyle=":")
    lines = ax.plot(X, value, color=VALUE, linewidth=2.4, label=text("activations.picture.value"))
    lines += ax.plot(
        *broken(X, slope), color=SLOPE, linewidth=2, linestyle="--", label=text("activations.picture.slope")
    )
    crossed(ax, f"{name}:  {FORMULAS[name]}", (-1.6, 2.6))
    return lines


def broken(x: NDArray[Any], y: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the same line with a gap at each jump."""
    jumps = np.flatnonzero(np.abs(np.diff(y)) > 0.3) + 1
    return np.insert(x, jumps, x[jumps]), np.insert(y, jumps, np.nan)


def draw_family(name: str, alphas: Sequence[float], left: Axes, right: Axes) -> list[Line2D]:
    """Draw an activation for several alphas: its values on the left, its slopes on the right."""
    lines = []
    for alpha, colour in zip(alphas, OKABE_ITO, strict=False):
        value, slope = curve(name, alpha)
        lines += left.plot(X, value, color=colour, linewidth=2.2, label=f"alpha = {say(alpha)}")
        lines += right.plot(*broken(X, slope), color=colour, linewidth=2.2)
    crossed(left, f"{name}(alpha)", (-2.6, 2.6))
    crossed(right, text("activations.picture.slope"), (-0.3, 2.4))
    legend(left, loc="upper left")
    return lines


def draw_tanh_from_sigmoid(ax: Axes) -> list[Line2D]:
    """Draw the sigmoid, the sigmoid squeezed to half its width, and the latter stretched and shifted: tanh."""
    steps = (
        (r"$\sigma(x)$", curve("Sigmoid")[0]),
        (r"$\sigma(2x)$", curve("Sigmoid", x=2 * X)[0]),
        (r"$2\sigma(2x) - 1 = \tanh x$", curve("Tanh")[0]),
    )
    lines = [
        line
        for (label, y), colour in zip(steps, OKABE_ITO, strict=False)
        for line in ax.plot(X, y, color=colour, linewidth=2.4, label=label)
    ]
    crossed(ax, "", (-1.15, 1.15))
    legend(ax, loc="lower right")
    return lines
