"""Gradient descent with momentum and weight decay."""

from __future__ import annotations

from typing import Any

import numpy as np

from ncl_course.nn.layer import Array
from ncl_course.nn.sentences import said


class SGD:
    """Stochastic gradient descent: g ← g + λ·w, v ← μ·v + g, then w ← w − lr·v, for every parameter w with gradient g.

    The momentum μ averages the steps over time, like the motion of a heavy ball (Sutskever et al., "On the importance
    of initialization and momentum in deep learning", 2013, in the form of ``torch.optim.SGD``); v starts at 0. μ = 0 is
    plain gradient descent. The weight decay λ pulls every parameter towards 0, as if λ/2·w² were part of the loss
    (Krogh and Hertz, "A simple weight decay can improve generalization", 1991).

    Args:
        model: a network or a layer, or any other object with ``params`` and ``grads`` (dicts of arrays by the same
            names).
        lr: the learning rate, at least 0.
        momentum: μ in [0, 1).
        weight_decay: λ, at least 0.

    Attributes:
        lr, momentum, weight_decay: the numbers for the next step; they may be changed between steps.

    Raises:
        ValueError: if lr, momentum or weight_decay is out of range.

    Example:
        >>> from ncl_course.nn import Layer
        >>> layer = Layer()
        >>> layer.params["weight"] = np.array([1.0])
        >>> layer.grads["weight"] = np.array([0.5])
        >>> SGD(layer, lr=0.1).step()
        >>> layer.params["weight"]
        array([0.95])
    """

    def __init__(self, model: Any, lr: float, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        if not 0 <= lr < np.inf:
            raise ValueError(
                said(
                    "optim.lr",
                    "SGD expects a learning rate of at least 0 but got lr={lr}; 0.01 is a usual start",
                    lr=repr(lr),
                )
            )
        if not 0 <= momentum < 1:
            raise ValueError(
                said(
                    "optim.momentum",
                    "SGD expects momentum in [0, 1) but got {momentum}; 0.9 is usual",
                    momentum=repr(momentum),
                )
            )
        if not 0 <= weight_decay < np.inf:
            raise ValueError(
                said(
                    "optim.weight_decay",
                    "SGD expects weight_decay of at least 0 but got {weight_decay}; 0.0005 is usual",
                    weight_decay=repr(weight_decay),
                )
            )
        self.model, self.lr, self.momentum, self.weight_decay = model, lr, momentum, weight_decay
        self.velocity: dict[str, Array] = {}

    def step(self) -> None:
        """Update every parameter once, in place and in its own dtype. If a gradient is missing, no parameter changes.

        Raises:
            ValueError: if a gradient is missing or its shape differs from its parameter's.
        """
        params, grads = self.model.params, self.model.grads
        for name, weight in params.items():
            require_gradient(name, weight, grads)
        for name, weight in params.items():
            v = self.velocity.setdefault(name, np.zeros_like(weight))
            v *= self.momentum
            v += grads[name]
            if self.weight_decay:
                v += self.weight_decay * weight
            np.subtract(weight, self.lr * v, out=weight, casting="same_kind")


def require_gradient(name: str, weight: Array, grads: dict[str, Array]) -> None:
    """Raise ValueError unless there is a gradient in the parameter's shape."""
    if name not in grads:
        raise ValueError(
            said(
                "optim.missing",
                "SGD.step expects a gradient for every parameter, but grads has no {name} (it has: {names}); call "
                "backward before step, and let it fill grads",
                name=repr(name),
                names=", ".join(grads) or said("optim.nothing", "nothing"),
            )
        )
    if np.shape(grads[name]) != weight.shape:
        raise ValueError(
            said(
                "optim.shape",
                "SGD.step expects the gradient of {name} in the parameter's shape {expected} but got {shape}; a sum "
                "over the wrong axis, or keepdims?",
                name=repr(name),
                expected=weight.shape,
                shape=np.shape(grads[name]),
            )
        )
