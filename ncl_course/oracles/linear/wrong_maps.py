"""Wrong ``Flatten``, ``GlobalAvgPool2d`` and ``parameter_count``: wrong orders, wrong gradients, wrong counts."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ncl_course.nn import Layer
from ncl_course.oracles.altered import Misconception, backward_as, forward_as, general
from ncl_course.oracles.layer import Array
from ncl_course.oracles.linear.right import Flatten, GlobalAvgPool2d


def map_side(self: Any) -> tuple[int, int]:
    """Return H and W of the latest input."""
    return self.x.shape[2], self.x.shape[3]


def channels_last_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Reshape the gradient as if the flat vector had the order (H, W, C)."""
    N, C, H, W = self.x.shape
    return grad_out.reshape(N, H, W, C).permute(0, 3, 1, 2)


def axes_reversed_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Reshape to (N, C, W, H), with the two axes of a map exchanged."""
    N, C, H, W = self.x.shape
    return grad_out.reshape(N, C, W, H)


def whole(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Give every cell the whole gradient."""
    return grad_out[:, :, None, None].expand(self.x.shape)


def along_last_axes(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Broadcast (N, C) along the last two axes, which is possible only if their lengths fit."""
    return torch.ones_like(self.x) * grad_out / (self.x.shape[2] * self.x.shape[3])


FLATTEN = (
    Misconception("samples-mixed", forward_as(Flatten, lambda self, x: x.reshape(-1, len(x)))),
    Misconception("samples-mixed", forward_as(Flatten, lambda self, x: x.reshape(-1, len(x)).T)),
    Misconception("batch-flattened", forward_as(Flatten, lambda self, x: x.flatten())),
    Misconception("batch-flattened", forward_as(Flatten, lambda self, x: x.reshape(1, -1))),
    Misconception("maps-kept-apart", forward_as(Flatten, lambda self, x: x.flatten(2))),
    Misconception("channels-last", forward_as(Flatten, lambda self, x: x.permute(0, 2, 3, 1).flatten(1))),
    Misconception("channels-last", backward_as(Flatten, channels_last_gradient)),
    Misconception("column-major", forward_as(Flatten, lambda self, x: x.permute(0, 3, 2, 1).flatten(1))),
    Misconception("flattened-transposed", forward_as(Flatten, lambda self, x: x.flatten(1).T)),
    Misconception("gradient-stays-flat", backward_as(Flatten, lambda self, g: g)),
    Misconception("gradient-axes-swapped", backward_as(Flatten, axes_reversed_gradient)),
    *general(Flatten, "stale-cache", "shared-between-instances"),
)


def divided_by(count: Callable[[torch.Tensor], int]) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a gradient that is divided by another count of x's numbers."""
    return lambda self, g: whole(self, g) / count(self.x)


WRONG_COUNTS: tuple[Callable[[torch.Tensor], int], ...] = (
    len,
    lambda x: x.shape[1],
    lambda x: x[0].numel(),
    lambda x: x[:, 0].numel(),
    torch.numel,
)
"""Numbers by which students divide a map's gradient instead of H·W."""

MEAN = (
    Misconception("share-not-divided", backward_as(GlobalAvgPool2d, whole)),
    Misconception("axes-kept", forward_as(GlobalAvgPool2d, lambda self, x: x.mean((2, 3), keepdim=True))),
    Misconception("one-axis-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean(3))),
    Misconception("one-axis-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean(2))),
    Misconception("channels-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean((1, 2, 3)))),
    Misconception("channels-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean((1, 2, 3))[:, None])),
    Misconception("channels-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean(1))),
    Misconception("squeezed", forward_as(GlobalAvgPool2d, lambda self, x: x.mean((2, 3)).squeeze())),
    Misconception("batch-averaged", forward_as(GlobalAvgPool2d, lambda self, x: x.mean((0, 2, 3)))),
    Misconception("map-summed", forward_as(GlobalAvgPool2d, lambda self, x: x.sum((2, 3)))),
    Misconception("map-maximum", forward_as(GlobalAvgPool2d, lambda self, x: x.amax((2, 3)))),
    Misconception(
        "share-by-one-side", backward_as(GlobalAvgPool2d, lambda self, g: whole(self, g) / map_side(self)[0])
    ),
    Misconception(
        "share-by-one-side", backward_as(GlobalAvgPool2d, lambda self, g: whole(self, g) / map_side(self)[1])
    ),
    *(Misconception("share-divided-by-wrong-n", backward_as(GlobalAvgPool2d, divided_by(of))) for of in WRONG_COUNTS),
    Misconception("share-along-last-axes", backward_as(GlobalAvgPool2d, along_last_axes)),
    Misconception("share-not-spread", backward_as(GlobalAvgPool2d, lambda self, g: g[:, :, None, None])),
    Misconception(
        "share-not-spread", backward_as(GlobalAvgPool2d, lambda self, g: self.right_gradient(g)[:, :, :1, :1])
    ),
    Misconception("share-not-spread", backward_as(GlobalAvgPool2d, lambda self, g: self.right_gradient(g)[:, :, 0, 0])),
    *general(GlobalAvgPool2d, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
)


def counted(number: Callable[[Array], int]) -> Callable[[Sequence[Layer]], int]:
    """Return a count that takes ``number`` of each parameter."""
    return lambda layers: sum(number(values) for layer in layers for values in layer.params.values())


def counted_if(counts: Callable[[str, Array], bool]) -> Callable[[Sequence[Layer]], int]:
    """Return a count of the parameters whose name and values fulfil a condition."""
    return lambda layers: sum(a.size for layer in layers for name, a in layer.params.items() if counts(name, a))


def of_names(*names: str) -> Callable[[str, Array], bool]:
    """Return the condition that a parameter has one of these names."""
    return lambda name, _: name in names


def every_array(*, dicts: bool) -> Callable[[Sequence[Layer]], int]:
    """Return a count of all arrays among a layer's attributes and, if asked, in its dicts."""

    def count(layers: Sequence[Layer]) -> int:
        values = [value for layer in layers for value in vars(layer).values()]
        inner = [one for value in values if dicts and isinstance(value, dict) for one in value.values()]
        return sum(one.size for one in (*values, *inner) if isinstance(one, np.ndarray))

    return count


def of_layer(layer: Layer) -> int:
    """Return the right count of one layer."""
    return counted(lambda values: values.size)([layer])


NAMES = ("weight", "bias", "gamma", "beta", "alpha")
"""Names of parameters that students list, from the first on."""

COUNT = (
    Misconception("bias-not-counted", counted_if(lambda name, _: name == "weight")),
    Misconception("bias-not-counted", counted_if(lambda _, values: values.ndim > 1)),
    Misconception("bias-not-counted", counted_if(lambda name, _: name != "bias")),
    *(Misconception("names-listed", counted_if(of_names(*NAMES[:count]))) for count in (2, 4, 5)),
    Misconception("arrays-counted", counted(lambda values: 1)),
    Misconception("shape-summed", counted(lambda values: sum(values.shape))),
    Misconception("rows-counted", counted(len)),
    Misconception("two-axes-multiplied", counted(lambda values: values.shape[0] * values.shape[-1])),
    Misconception("two-axes-multiplied", counted(lambda values: math.prod(values.shape[:2]))),
    Misconception("two-axes-multiplied", counted(lambda values: math.prod(values.shape[-2:]))),
    *(Misconception("every-array-counted", every_array(dicts=dicts)) for dicts in (True, False)),
    Misconception("values-for-count", counted(np.count_nonzero)),
    Misconception("not-summed-over-layers", lambda layers: max(map(of_layer, layers), default=0)),
    Misconception("not-summed-over-layers", lambda layers: math.prod(of_layer(layer) or 1 for layer in layers)),
    Misconception("axes-counted", counted(lambda values: values.ndim)),
    Misconception("layers-counted", len),
    Misconception("bytes-counted", counted(lambda values: values.nbytes)),
    Misconception("not-all-layers-counted", lambda layers: of_layer(layers[0]) if layers else 0),
    Misconception("not-all-layers-counted", lambda layers: of_layer(layers[-1]) if layers else 0),
    Misconception("not-all-layers-counted", lambda layers: of_layer(layers[0]) if layers else None),
    Misconception("list-returned", lambda layers: [of_layer(layer) for layer in layers]),
    Misconception("count-is-a-float", lambda layers: float(sum(map(of_layer, layers)))),
)
