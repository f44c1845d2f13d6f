"""Pooling by torch (lecture section 1): the right answers to lesson 01."""

from __future__ import annotations

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.layer import Array, TorchLayer, gradients, to_numpy, to_torch
from ncl_course.oracles.settings import own_settings


@own_settings()
def pool_output_size(size: int, kernel_size: int, stride: int) -> int:
    """Return how many windows fit along an axis, without incomplete ones (torch's ``ceil_mode=False``)."""
    axis = torch.empty(size, device="meta")  # a shape without memory, since a size may be thousands of millions
    return axis.unfold(0, kernel_size, stride).shape[0]


class Pool2d(TorchLayer):
    """The common part of both pooling layers: a window of ``kernel_size`` every ``stride`` cells."""

    def __init__(self, kernel_size: int, stride: int | None = None) -> None:
        self.kernel_size = kernel_size
        self.stride = stride if stride is not None else kernel_size

    def windows(self, x: torch.Tensor) -> torch.Tensor:
        """Return the windows of ``x`` as a view: (N, C, OH, OW, kernel_size, kernel_size)."""
        k, s = self.kernel_size, self.stride
        return x.unfold(2, k, s).unfold(3, k, s)


class MaxPool2d(Pool2d):
    """torch.nn.functional.max_pool2d.

    In a tied window torch gives the gradient to the first maximum; any one maximum is right, so the oracle
    takes the one that the student took. In cases with ties the gradient of each window of a map is a different power
    of two: then the bits of dx show from which windows each cell has received its gradient.
    """

    adapts = True
    follows = "maximum"

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.max_pool2d(x, self.kernel_size, self.stride)

    @own_settings()
    def backward(self, grad_out: Array) -> Array:
        answer = self.students_answer()
        if answer is None or answer.shape != tuple(self.x.shape):
            return super().backward(grad_out)
        return to_numpy(self.nearest(to_torch(grad_out), to_torch(answer)), self.dtype)

    def nearest(self, grad_out: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
        """Return the valid gradient that goes, in each window, to the cell that ``answer`` chose."""
        windows = self.windows(self.x).detach().flatten(4)
        received = self.windows(answer.nan_to_num(0.0, 0.0, 0.0)).flatten(4)
        bit = grad_out.abs()[..., None]
        has_bit = (received.abs() / bit.clamp(min=1e-30)).floor() % 2 == 1
        is_max = windows == windows.amax(-1, keepdim=True)
        winner = (2 * is_max.int() + has_bit.int()).argmax(-1)
        chosen = F.one_hot(winner, windows.shape[-1]).to(grad_out.dtype) * grad_out[..., None]
        (grad_x,) = gradients(self.windows(self.x).flatten(4), chosen, self.x)
        return grad_x


class AvgPool2d(Pool2d):
    """torch.nn.functional.avg_pool2d."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.avg_pool2d(x, self.kernel_size, self.stride)
