"""How students go wrong in lesson 01: the oracles of ``pooling.py``, each with one thing changed.

The letters in brackets are rows of the catalogue of mistakes (P05 and so on).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.altered import Misconception, general
from ncl_course.oracles.layer import TorchLayer
from ncl_course.oracles.pooling import AvgPool2d, MaxPool2d, Pool2d, pool_output_size

Pool = type[Pool2d]


def forward_as(oracle: Pool, formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """The oracle with another forward formula; its gradient is that formula's own."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def compute(self, x: torch.Tensor) -> torch.Tensor:
            self.right = super().compute
            return formula(self, x)

    return Altered


def backward_as(oracle: Pool, formula: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """The oracle with a right forward pass and another formula for dL/dx."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def gradient(self, grad_out: torch.Tensor) -> torch.Tensor:
            self.right_gradient = super().gradient
            return formula(self, grad_out)

    return Altered


def numbers_as(oracle: Pool, choose: Callable[[int, int | None], tuple[int, int]]) -> type[TorchLayer]:
    """The oracle with its two numbers confused: ``choose`` says which window and stride it works with."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def __init__(self, kernel_size: int, stride: int | None = None) -> None:
            super().__init__(*choose(kernel_size, stride))

    return Altered


def reduced(self: Any, cells: torch.Tensor) -> torch.Tensor:
    """The layer's maximum or mean over the last two axes."""
    return cells.amax((-1, -2)) if isinstance(self, MaxPool2d) else cells.mean((-1, -2))


# ---- forward, both layers: self is the layer, x is (N, C, H, W) ----------------------------------------------


def stride_ignored(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Windows start at i and not at i·stride (P06)."""
    out_h, out_w = self.right(x).shape[2:]
    given, self.stride = self.stride, 1
    dense = self.right(x)
    self.stride = given
    return dense[:, :, :out_h, :out_w]


def axes_swapped(self: Any, x: torch.Tensor) -> torch.Tensor:
    """H and W change places (P07)."""
    return self.right(x).transpose(2, 3)


def end_from_other_axis(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The window's last row is computed from its column (P08)."""
    k, s = self.kernel_size, self.stride
    out_h, out_w = self.right(x).shape[2:]
    rows = []
    for i in range(out_h):
        cells = [x[:, :, i * s : j * s + k, j * s : j * s + k] for j in range(out_w)]
        if any(cell.numel() == 0 for cell in cells):
            raise ValueError("a window without a single cell")
        rows.append(torch.stack([reduced(self, cell) for cell in cells], dim=-1))
    return torch.stack(rows, dim=-2)


def reshape_scrambled(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshaped to (OH, OW, k, k) at once, so that neighbours in memory stand for neighbours in the window (P09)."""
    N, C, H, W = x.shape
    k = self.kernel_size
    if H % k or W % k:
        raise ValueError("cannot reshape")
    return reduced(self, x.reshape(N, C, H // k, W // k, k, k))


def size_rounded_up(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Incomplete windows at the edge count (P12)."""
    pool = F.max_pool2d if isinstance(self, MaxPool2d) else F.avg_pool2d
    return pool(x, self.kernel_size, self.stride, ceil_mode=True)


def last_window_missing(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The + 1 of the output size is forgotten (P13)."""
    return self.right(x)[:, :, :-1, :-1]


def over_channels(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The window reaches through all channels (P14, P25)."""
    y = self.right(x)
    return reduced(self, y.movedim(1, -1)[..., None])[:, None].expand_as(y)


def over_batch(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The window reaches through the batch (P14)."""
    y = self.right(x)
    return reduced(self, y.movedim(0, -1)[..., None])[None].expand_as(y)


def first_window_only(self: Any, x: torch.Tensor) -> torch.Tensor:
    """``return`` stands inside the loop: only the first window is there (P21)."""
    y = self.right(x)
    return F.pad(y[:, :, :1, :1], (0, y.shape[3] - 1, 0, y.shape[2] - 1))


def first_map_only(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Only the first channel of the first sample is done (P21)."""
    y = self.right(x)
    mask = torch.zeros_like(y)
    mask[0, 0] = 1
    return y * mask


def starts_at_zero(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The running maximum starts at 0 (P10)."""
    return self.right(x).clamp(min=0)


def window_sum(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The sum of the window."""
    return self.windows(x).sum((-1, -2))


def divided_by_side(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The window's sum divided by kernel_size and not by its square."""
    return self.windows(x).sum((-1, -2)) / self.kernel_size


def maximum_taken(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The maximum where the mean was asked for."""
    return F.max_pool2d(x, self.kernel_size, self.stride)


def average_taken(self: Any, x: torch.Tensor) -> torch.Tensor:
    """The mean where the maximum was asked for."""
    return F.avg_pool2d(x, self.kernel_size, self.stride)


# ---- backward: self.x is the input, grad_out is (N, C, OH, OW) -----------------------------------------------


def shares(self: Any, share: torch.Tensor, *, add: bool = True) -> torch.Tensor:
    """Put ``share`` (N, C, OH, OW, k, k) back at its windows: added, or written over what was there."""
    x, k, s = self.x.detach(), self.kernel_size, self.stride
    grad_x = torch.zeros_like(x)
    for i in range(share.shape[2]):
        for j in range(share.shape[3]):
            cells = grad_x[:, :, i * s : i * s + k, j * s : j * s + k]
            cells.copy_(cells + share[:, :, i, j] if add else share[:, :, i, j])
    return grad_x


def maxima(self: Any) -> torch.Tensor:
    """Which cells of each window equal its maximum: (N, C, OH, OW, k, k) of 0 and 1."""
    windows = self.windows(self.x.detach())
    return (windows == windows.amax((-1, -2), keepdim=True)).to(windows.dtype)


def one_maximum(self: Any) -> torch.Tensor:
    """The first maximum alone of each window: (N, C, OH, OW, k, k) of 0 and 1."""
    flat = self.windows(self.x.detach()).flatten(4)
    return F.one_hot(flat.argmax(-1), flat.shape[-1]).to(flat.dtype).unflatten(-1, (self.kernel_size,) * 2)


def to_all_maxima(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Every tied maximum gets the whole gradient (P02)."""
    return shares(self, maxima(self) * grad_out[..., None, None])


def split_among_maxima(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Tied maxima get equal parts (P03)."""
    tied = maxima(self)
    return shares(self, tied / tied.sum((-1, -2), keepdim=True) * grad_out[..., None, None])


def window_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Each window's gradient is written over its cells, zeros too (P01)."""
    return shares(self, maxima(self) * grad_out[..., None, None], add=False)


def maximum_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Each window's gradient is written at its maximum in place of being added (P01)."""
    grad_x, k, s = torch.zeros_like(self.x.detach()), self.kernel_size, self.stride
    chosen = one_maximum(self).bool()
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            cells = grad_x[:, :, i * s : i * s + k, j * s : j * s + k]
            cells.copy_(torch.where(chosen[:, :, i, j], grad_out[:, :, i, j, None, None], cells))
    return grad_x


def average_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Each window's even share is written over its cells in place of being added (P01)."""
    even = torch.ones_like(self.windows(self.x.detach())) / self.kernel_size**2
    return shares(self, even * grad_out[..., None, None], add=False)


def mask_accumulated(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """One mask for the whole map: a window also feeds the maxima of its neighbours (P15)."""
    mask = (shares(self, maxima(self)) > 0).to(grad_out.dtype)
    return shares(self, self.windows(mask) * grad_out[..., None, None])


def spread_evenly(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """The gradient of the average (P19)."""
    even = torch.ones_like(self.windows(self.x.detach())) / self.kernel_size**2
    return shares(self, even * grad_out[..., None, None])


def to_maximum(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """The gradient of the maximum (P18)."""
    return shares(self, one_maximum(self) * grad_out[..., None, None])


def not_divided(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """The gradient of the sum (P16)."""
    return self.right_gradient(grad_out) * self.kernel_size**2


def gradient_divided_by_side(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Divided by kernel_size and not by its square (P16)."""
    return self.right_gradient(grad_out) * self.kernel_size


def offset_forgotten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """The place inside the window taken for the place in the map: all gradients land in the first window (P22)."""
    local = (one_maximum(self) * grad_out[..., None, None]).sum((2, 3))
    k = self.kernel_size
    grad_x = torch.zeros_like(self.x.detach())
    grad_x[:, :, :k, :k] = local
    return grad_x


def first_window_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """``return`` stands inside the loop: only the first window sends its gradient back (P21)."""
    mask = torch.zeros_like(grad_out)
    mask[:, :, 0, 0] = 1
    return self.right_gradient(grad_out * mask)


def first_map_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Only the first channel of the first sample gets a gradient (P21)."""
    mask = torch.zeros_like(grad_out)
    mask[0, 0] = 1
    return self.right_gradient(grad_out * mask)


def first_window_of_all_gradient(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """``return`` stands inside the innermost of four loops (P21)."""
    mask = torch.zeros_like(grad_out)
    mask[0, 0, 0, 0] = 1
    return self.right_gradient(grad_out * mask)


def windows_rounded_up(size: int, kernel_size: int, stride: int) -> int:
    """An incomplete window at the end counts (P12)."""
    return F.max_pool1d(torch.zeros(1, 1, size), kernel_size, stride, ceil_mode=True).shape[-1]


# ---- the tables: a name may stand for several ways to make one mistake; where two explain the same, the first is named ---------------------------------------


def both(oracle: Pool) -> tuple[Misconception, ...]:
    """What can go wrong in either pooling layer."""
    return (
        Misconception("window-from-stride", numbers_as(oracle, lambda k, s: (s or k, s or k))),
        Misconception("stride-from-kernel", numbers_as(oracle, lambda k, _: (k, k))),
        Misconception("kernel-and-stride-swapped", numbers_as(oracle, lambda k, s: (s or k, k))),
        Misconception("default-stride-one", numbers_as(oracle, lambda k, s: (k, s or 1))),
        Misconception("stride-ignored", forward_as(oracle, stride_ignored)),
        Misconception("axes-swapped", forward_as(oracle, axes_swapped)),
        Misconception("end-from-other-axis", forward_as(oracle, end_from_other_axis)),
        Misconception("reshape-scrambled", forward_as(oracle, reshape_scrambled)),
        Misconception("size-rounded-up", forward_as(oracle, size_rounded_up)),
        Misconception("last-window-missing", forward_as(oracle, last_window_missing)),
        Misconception("over-channels", forward_as(oracle, over_channels)),
        Misconception("over-batch", forward_as(oracle, over_batch)),
        Misconception("returned-too-early", forward_as(oracle, first_window_only)),
        Misconception("returned-too-early", forward_as(oracle, first_map_only)),
        Misconception("returned-too-early", backward_as(oracle, first_window_gradient)),
        Misconception("returned-too-early", backward_as(oracle, first_map_gradient)),
        Misconception("returned-too-early", backward_as(oracle, first_window_of_all_gradient)),
    )


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "MaxPool2d": (
        Misconception("gradient-to-all-maxima", backward_as(MaxPool2d, to_all_maxima)),
        Misconception("gradient-split-among-maxima", backward_as(MaxPool2d, split_among_maxima)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, window_overwritten)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, maximum_overwritten)),
        Misconception("mask-accumulated", backward_as(MaxPool2d, mask_accumulated)),
        Misconception("gradient-spread-evenly", backward_as(MaxPool2d, spread_evenly)),
        Misconception("window-offset-forgotten", backward_as(MaxPool2d, offset_forgotten)),
        Misconception("starts-at-zero", forward_as(MaxPool2d, starts_at_zero)),
        Misconception("average-taken", forward_as(MaxPool2d, average_taken)),
        *both(MaxPool2d),
        *general(MaxPool2d, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
    ),
    "AvgPool2d": (
        Misconception("gradient-not-divided", backward_as(AvgPool2d, not_divided)),
        Misconception("divided-by-side", backward_as(AvgPool2d, gradient_divided_by_side)),
        Misconception("gradient-overwritten", backward_as(AvgPool2d, average_overwritten)),
        Misconception("gradient-to-maximum", backward_as(AvgPool2d, to_maximum)),
        Misconception("sum-taken", forward_as(AvgPool2d, window_sum)),
        Misconception("divided-by-side", forward_as(AvgPool2d, divided_by_side)),
        Misconception("maximum-taken", forward_as(AvgPool2d, maximum_taken)),
        *both(AvgPool2d),
        *general(AvgPool2d, "gradient-accumulated", "upstream-forgotten"),
    ),
    "pool_output_size": (
        Misconception("size-rounded-up", windows_rounded_up),
        Misconception("last-window-missing", lambda size, kernel_size, stride: pool_output_size(size, kernel_size, stride) - 1),
        Misconception("size-over-stride", lambda size, kernel_size, stride: size // stride),
        Misconception("size-over-kernel", lambda size, kernel_size, stride: size // kernel_size),
        Misconception("stride-ignored", lambda size, kernel_size, stride: pool_output_size(size, kernel_size, 1)),
        Misconception("kernel-and-stride-swapped", lambda size, kernel_size, stride: pool_output_size(size, stride, kernel_size)),
        Misconception("plus-one-inside", lambda size, kernel_size, stride: (size - kernel_size + 1) // stride),
        Misconception("not-floored", lambda size, kernel_size, stride: (size - kernel_size) / stride + 1),
        Misconception("float-returned", lambda size, kernel_size, stride: float(pool_output_size(size, kernel_size, stride))),
    ),
}
