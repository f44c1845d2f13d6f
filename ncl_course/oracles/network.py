"""A network of oracles and its training: torch's own autograd and optimiser under the course's names.

When an oracle plays a script, ``PIECES`` makes its pieces: ``Sequential`` is a ``Network``, and ``SGD`` is torch's.
The parameters are torch's leaves, and ``params`` are NumPy views of the same memory, so that a ``put`` reaches torch.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.nn import CNNConfig
from ncl_course.oracles import optimizer
from ncl_course.oracles.activations import right as activations
from ncl_course.oracles.dropout import right as dropout
from ncl_course.oracles.dropout.right import RandomMask
from ncl_course.oracles.layer import Array, TorchLayer, to_numpy, to_torch
from ncl_course.oracles.linear import right as linear
from ncl_course.oracles.normalization import batchnorm
from ncl_course.oracles.pooling import right as pooling
from ncl_course.oracles.settings import own_settings
from ncl_course.protocol.pieces import Watcher


class Conv2d(TorchLayer):
    """torch.nn.functional.conv2d; weights N(0, 2/(C·KH·KW)) drawn from ``rng``, bias 0."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int,
        stride: int = 1,
        padding: int = 0,
        rng: np.random.Generator | None = None,
    ) -> None:
        self.stride, self.padding = stride, padding
        rng = rng or np.random.default_rng()
        shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.params["weight"] = rng.normal(0.0, (2 / (in_channels * kernel_size**2)) ** 0.5, shape)
        self.params["bias"] = np.zeros(out_channels)

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.conv2d(x, self.leaves["weight"], self.leaves["bias"], self.stride, self.padding)


class Network(TorchLayer):
    """A sequence of layers in float64 with one autograd graph through all of them.

    Attributes:
        layers: oracles.
        own: the parameters as torch's leaves, by keys like ``"0.weight"``, in the memory of ``params``.
    """

    def __init__(self, *layers: TorchLayer) -> None:
        self.layers = list(layers)
        self.own: dict[str, torch.Tensor] = {}
        for number, layer in enumerate(self.layers):
            for name, values in layer.params.items():
                leaf = torch.from_numpy(values).requires_grad_()
                self.own[f"{number}.{name}"] = leaf
        self.params.update({key: leaf.detach().numpy() for key, leaf in self.own.items()})

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        """Return the output of the last layer; the layers use the parameters in ``own`` and not copies."""
        for number, layer in enumerate(self.layers):
            layer.training = self.training
            layer.leaves = {name: self.own[f"{number}.{name}"] for name in layer.params}
            if isinstance(layer, RandomMask):
                layer.at_test = not self.training
                if self.training:
                    layer.mask = layer.draw(tuple(x.shape))
            x = layer.compute(x)
        return x

    @own_settings()
    def forward(self, x: Array) -> Array:
        """Return the logits in the dtype of ``x``."""
        self.dtype = x.dtype
        self.x = to_torch(x, requires_grad=True)
        self.leaves = self.own
        self.y = self.compute(self.x)
        return to_numpy(self.y, x.dtype)


class SGD(optimizer.SGD):
    """torch's steps on a ``Network``'s parameters."""

    def __init__(self, model: Network, lr: float, momentum: float = 0.0, weight_decay: float = 0.0) -> None:
        super().__init__(model.own.values(), lr, momentum, weight_decay)

    @own_settings()
    def step(self) -> None:
        """Update every parameter once."""
        super().step()


PIECES: dict[str, Callable[..., Any]] = {
    "Conv2d": Conv2d,
    "Sequential": Network,
    "SGD": SGD,
    "CNNConfig": CNNConfig,
    "Watcher": Watcher,
    "MaxPool2d": pooling.MaxPool2d,
    "ReLU": activations.ReLU,
    "Flatten": linear.Flatten,
    "Linear": linear.Linear,
    "Softmax": linear.Softmax,
    "Sigmoid": activations.Sigmoid,
    "CrossEntropyLoss": linear.CrossEntropyLoss,
    "Dropout": dropout.Dropout,
    "BatchNorm2d": batchnorm.BatchNorm2d,
}
"""The pieces of a script that an oracle plays."""
