"""Mistakes that any layer can make: mixins before a right layer, whatever that layer keeps for its backward pass."""

from __future__ import annotations

import numpy as np

LASTING = {"params", "grads", "training"}
"""The attributes of a layer that are not part of its cache."""


class InputChanged:
    def forward(self, x):
        y = super().forward(x.copy())
        if x.flags.writeable:
            x *= 0.5
        return y


class UpstreamChanged:
    def backward(self, grad_out):
        dx = super().backward(grad_out.copy())
        if grad_out.flags.writeable:
            grad_out *= 0.5
        return dx


class BufferReused:
    def forward(self, x):
        y = super().forward(x)
        if getattr(self, "buffer", None) is None or self.buffer.shape != y.shape:
            self.buffer = np.empty_like(y)
        self.buffer[...] = y
        return self.buffer


class GradientBufferReused:
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        if getattr(self, "buffer", None) is None or self.buffer.shape != dx.shape:
            self.buffer = np.empty_like(dx)
        self.buffer[...] = dx
        return self.buffer


class Float64Always:
    def forward(self, x):
        return super().forward(x).astype(np.float64)


class Float64Inside:  # the result is never cast back
    def forward(self, x):
        return super().forward(x.astype(np.float64))


class Float64Back:
    def backward(self, grad_out):
        return super().backward(grad_out).astype(np.float64)


class StaleCache:
    def forward(self, x):
        y = super().forward(x)
        if not hasattr(self, "first"):
            self.first = {name: value for name, value in vars(self).items() if name not in LASTING}
        vars(self).update(self.first)
        return y


class WorkedOutInBackward:
    """The first ``backward`` keeps the values that it starts from, and later ones use them."""

    def backward(self, grad_out):
        if not hasattr(self, "kept"):
            self.kept = {name: value for name, value in vars(self).items() if name not in LASTING}
        vars(self).update(self.kept)
        return super().backward(grad_out)


class SharedCache:
    """The values that ``forward`` keeps are stored on the class; those from the constructor belong to each object."""

    def forward(self, x):
        if not hasattr(self, "own"):
            self.own = {*vars(self), *LASTING, "own"}
        y = super().forward(x)
        type(self).shared = {name: value for name, value in vars(self).items() if name not in self.own}
        return y

    def backward(self, grad_out):
        vars(self).update(type(self).shared)
        return super().backward(grad_out)


class Accumulated:
    def backward(self, grad_out):
        dx = super().backward(grad_out)
        before = getattr(self, "total", None)
        self.total = dx + before if before is not None and before.shape == dx.shape else dx
        return self.total


class UpstreamForgotten:
    def backward(self, grad_out):
        return super().backward(np.ones_like(grad_out))


class StepsAfter:
    """``backward`` takes the optimiser's step, too."""

    def backward(self, grad_out):
        dx = super().backward(grad_out)
        for name in self.params:
            self.params[name] -= 0.01 * self.grads[name]
        return dx


class StepsBefore:
    """``backward`` takes the optimiser's step, and computes dL/dx with the new parameters."""

    def backward(self, grad_out):
        super().backward(grad_out)
        for name in self.params:
            self.params[name] -= 0.01 * self.grads[name]
        return super().backward(grad_out)


ARRAYS = (
    ("input-changed", InputChanged),
    ("input-changed", UpstreamChanged),
    ("result-overwritten", BufferReused),
    ("result-overwritten", GradientBufferReused),
    ("dtype-drift", Float64Always),
    ("dtype-drift", Float64Inside),
    ("dtype-drift", Float64Back),
)
"""Pairs (name, mistake) about the treatment of arrays."""

CACHES = (
    ("stale-cache", StaleCache),
    ("shared-between-instances", SharedCache),
    ("gradient-accumulated", Accumulated),
    ("upstream-forgotten", UpstreamForgotten),
)
"""Pairs (name, mistake) about the values that ``backward`` starts from."""

STEPS = (
    ("weights-changed-in-backward", StepsAfter),
    ("weights-changed-in-backward", StepsBefore),
)
"""Pairs (name, mistake) about the parameters."""

GENERAL = (*ARRAYS, *CACHES)


def mixed(right, *mistakes):
    """Return pairs (name, class): a right class with the mistake mixed in before it."""
    return tuple((name, type(f"{mixin.__name__}{right.__name__}", (mixin, right), {})) for name, mixin in mistakes)
