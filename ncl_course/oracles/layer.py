"""A layer of the course computed by torch in float64, its gradients by autograd.

Students' layers are compared with these. A subclass implements only ``compute``; a misconception is a subclass of an
oracle with something changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from ncl_course.nn import Layer
from ncl_course.oracles.settings import own_settings
from ncl_course.protocol.script import Trace

Array = NDArray[Any]


def to_torch(values: Array, *, requires_grad: bool = False) -> torch.Tensor:
    """Return a float64 tensor in C order; torch would keep NumPy's strides, and some of them give wrong gradients."""
    return torch.tensor(np.array(values, dtype=np.float64, order="C"), requires_grad=requires_grad)


def to_numpy(tensor: torch.Tensor, dtype: np.dtype[Any]) -> Array:
    """Return a NumPy copy with the given dtype."""
    return np.array(tensor.detach().numpy(), dtype=dtype, order="C")


def gradients(y: torch.Tensor, grad_y: torch.Tensor, *wanted: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return dL/d(wanted) for the gradient dL/dy, and keep y's graph.

    The sum of y · dL/dy has the same gradients, and torch need not load sympy to compare shapes, which takes a second.
    """
    return torch.autograd.grad((y * grad_y).sum(), wanted, retain_graph=True)


class TorchLayer(Layer):
    """A layer whose ``forward`` is ``compute`` and whose ``backward`` is autograd's.

    Attributes:
        adapts: True if several answers are right. Before each call the judge then sets ``student`` to the results of
            the student's layer at each step, and ``step`` to the number of the step; the oracle returns the right
            answer that is nearest to the student's.
        follows: the student's choice that a recording of its answers can follow: a random ``mask``, the ``slope`` at a
            kink, one ``maximum`` of several; or any other ``choice``, which only the oracle itself can follow.
        elementwise: whether each number of the output depends on one number of the input, as an activation's does.
    """

    adapts: ClassVar[bool] = False
    follows: ClassVar[str] = "choice"
    elementwise: ClassVar[bool] = False
    student: Trace = ()
    step: int = 0

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        """Return the layer's formula; ``self.leaves`` has the parameters by name."""
        raise NotImplementedError

    @own_settings()
    def forward(self, x: Array) -> Array:
        """Return ``compute(x)`` in the dtype of ``x``."""
        self.dtype = x.dtype
        self.x = to_torch(x, requires_grad=True)
        self.leaves = {name: to_torch(values, requires_grad=True) for name, values in self.params.items()}
        self.y = self.compute(self.x)
        return to_numpy(self.y, x.dtype)

    @own_settings()
    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx in the dtype of the input."""
        return to_numpy(self.gradient(to_torch(grad_out)), self.dtype)

    def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
        """Return dL/dx as a tensor and fill ``grads``; a misconception of the backward pass alters this."""
        grad_x, *grads = gradients(self.y, grad_out, self.x, *self.leaves.values())
        self.grads.update({name: to_numpy(grad, self.dtype) for name, grad in zip(self.leaves, grads, strict=True)})
        return grad_x

    def students_answer(self, later: int = 0) -> Array | None:
        """Return the student's result at the current step or ``later`` steps after it; None if it is not an array."""
        value = self.student[self.step + later].value if self.step + later < len(self.student) else None
        return value if isinstance(value, np.ndarray) else None
