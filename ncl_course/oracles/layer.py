"""A layer of the course computed by torch in float64, its gradients by autograd.

These are what students are compared with. A subclass writes ``compute`` alone; a misconception is a subclass
of an oracle with something changed.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from ncl_course.nn import Layer
from ncl_course.protocol.script import Trace

Array = NDArray[Any]


def to_torch(values: Array, *, requires_grad: bool = False) -> torch.Tensor:
    """A float64 tensor in plain C order; torch would keep NumPy's strides, and some of them give wrong gradients."""
    return torch.tensor(np.array(values, dtype=np.float64, order="C"), requires_grad=requires_grad)


def to_numpy(tensor: torch.Tensor, dtype: np.dtype[Any]) -> Array:
    """A NumPy copy in the dtype asked for."""
    return np.array(tensor.detach().numpy(), dtype=dtype, order="C")


class TorchLayer(Layer):
    """A layer whose ``forward`` is ``compute`` and whose ``backward`` is autograd's.

    Attributes:
        adapts: True where several answers are right. The judge then sets ``student`` to what the student's
            layer returned at each step, and ``step`` to the number of the step, before each call; the oracle
            answers with the right answer that is nearest.
    """

    adapts: ClassVar[bool] = False
    student: Trace = ()
    step: int = 0

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        """The layer's formula; parameters are in ``self.leaves``, by name."""
        raise NotImplementedError

    def forward(self, x: Array) -> Array:
        """Return ``compute(x)`` in the dtype of ``x``."""
        self.dtype = x.dtype
        self.x = to_torch(x, requires_grad=True)
        self.leaves = {name: to_torch(values, requires_grad=True) for name, values in self.params.items()}
        self.y = self.compute(self.x)
        return to_numpy(self.y, x.dtype)

    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx in the dtype of the input."""
        return to_numpy(self.gradient(to_torch(grad_out)), self.dtype)

    def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
        """dL/dx as a tensor, and ``grads`` filled; a misconception of the backward pass alters this."""
        wanted = (self.x, *self.leaves.values())
        grad_x, *grads = torch.autograd.grad(self.y, wanted, grad_out, retain_graph=True)
        self.grads.update({name: to_numpy(grad, self.dtype) for name, grad in zip(self.leaves, grads, strict=True)})
        return grad_x

    def students_answer(self, later: int = 0) -> Array | None:
        """What the student returned at the step that is being played, or so many later, where it is an array."""
        value = self.student[self.step + later].value if self.step + later < len(self.student) else None
        return value if isinstance(value, np.ndarray) else None
