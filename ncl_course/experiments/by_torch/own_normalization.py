"""Normalizations of the course, such as the student's own, as modules in torch's nets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from ncl_course.experiments.by_torch.overfitting import through

Own = Mapping[str, Callable[..., Any]]
"""The student's constructors of layers that take the place of torch's in a trial.

``"batch"`` and ``"group"`` make a layer from a number of maps, and ``"weights"`` makes a standardization of weights.
"""


class OwnWeights(nn.Module):
    """A weight standardization of the course as a parametrization of a convolution's weights (K, M, p, q)."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Return the standardized weights, of the same shape."""
        return through(self.layer, weight)


class OwnNorm(nn.Module):
    """The layer as a module that trains its γ and β; torch's optimiser writes into the layer's own arrays.

    Args:
        layer: a layer with ``params["gamma"]`` and ``params["beta"]``, arrays of float32 or float64.
    """

    def __init__(self, layer: Any) -> None:
        super().__init__()
        self.layer = layer
        self.gamma, self.beta = (nn.Parameter(torch.from_numpy(layer.params[name])) for name in ("gamma", "beta"))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the layer's output for x (N, C, H, W), in the mode of the module."""
        if self.training:
            self.layer.train()
        else:
            self.layer.eval()
        y: torch.Tensor = Called.apply(x, self.gamma, self.beta, self.layer)  # type: ignore[no-untyped-call]
        return y


class Called(torch.autograd.Function):
    """One call of the layer, which autograd can differentiate with respect to x, γ and β."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, layer: Any) -> torch.Tensor:
        ctx.layer, ctx.dtypes = layer, (gamma.dtype, beta.dtype)
        with torch.enable_grad():  # an oracle as the layer uses autograd itself
            return torch.tensor(np.asarray(layer.forward(x.detach().numpy())), dtype=x.dtype)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (grad_out,) = grads
        with torch.enable_grad():
            grad_x = torch.tensor(np.asarray(ctx.layer.backward(grad_out.numpy())), dtype=grad_out.dtype)
        own = [
            torch.tensor(np.asarray(ctx.layer.grads[name]), dtype=dtype)
            for name, dtype in zip(("gamma", "beta"), ctx.dtypes, strict=True)
        ]
        return grad_x, *own, None
