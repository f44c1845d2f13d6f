"""Wrong forward passes of pooling: ``self`` is the altered layer, ``x`` is (N, C, H, W).

``self.right`` is the right formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.layer import TorchLayer
from ncl_course.oracles.pooling.right import MaxPool2d, Pool2d


def numbers_as(oracle: type[Pool2d], choose: Callable[[int, int | None], tuple[int, int]]) -> type[TorchLayer]:
    """Return the oracle that confuses its two numbers: ``choose`` returns the window and the stride that it uses."""

    class Altered(oracle):  # type: ignore[misc,valid-type]
        adapts = False

        def __init__(self, kernel_size: int, stride: int | None = None) -> None:
            super().__init__(*choose(kernel_size, stride))

    return Altered


def reduced(self: Any, cells: torch.Tensor) -> torch.Tensor:
    """Return the layer's maximum or mean over the last two axes."""
    return cells.amax((-1, -2)) if isinstance(self, MaxPool2d) else cells.mean((-1, -2))


def stride_ignored(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Start windows at i instead of i·stride."""
    out_h, out_w = self.right(x).shape[2:]
    given, self.stride = self.stride, 1
    dense = self.right(x)
    self.stride = given
    return dense[:, :, :out_h, :out_w]


def end_from_other_axis(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Compute the window's last row from its column."""
    k, s = self.kernel_size, self.stride
    out_h, out_w = self.right(x).shape[2:]
    rows = []
    for i in range(out_h):
        cells = [x[:, :, i * s : j * s + k, j * s : j * s + k] for j in range(out_w)]
        if any(cell.numel() == 0 for cell in cells):
            raise ValueError("the window has no cell")
        rows.append(torch.stack([reduced(self, cell) for cell in cells], dim=-1))
    return torch.stack(rows, dim=-2)


def reshape_scrambled(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshape to (OH, OW, k, k) directly, so that neighbours in memory take the place of neighbours in the window."""
    N, C, H, W = x.shape
    k = self.kernel_size
    if H % k or W % k:
        raise ValueError("cannot reshape")
    return reduced(self, x.reshape(N, C, H // k, W // k, k, k))


def columns_scrambled(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reshape columns of windows (N, C, k, k, OH, OW) to (N, C, OH, OW, k·k) without moving the axes first."""
    windows = self.windows(x)
    return reduced(self, windows.permute(0, 1, 4, 5, 2, 3).reshape(windows.shape))


def sizes_exchanged(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Count the rows of windows along the width and their columns along the height: (N, C, OW, OH)."""
    y: torch.Tensor = self.right(x)
    return y if y.shape[2] == y.shape[3] else torch.zeros_like(y).transpose(2, 3)


def size_rounded_up(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Count incomplete windows at the edge."""
    pool = F.max_pool2d if isinstance(self, MaxPool2d) else F.avg_pool2d
    return pool(x, self.kernel_size, self.stride, ceil_mode=True)


def windows_beyond_the_edge(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Count one window more than fit wherever a remainder is left, even if that window begins beyond the edge."""
    y: torch.Tensor = self.right(x)
    size = [-((self.kernel_size - n) // self.stride) + 1 for n in x.shape[2:]]
    return F.pad(y, (0, size[1] - y.shape[3], 0, size[0] - y.shape[2]))


def every_start_inside(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Count every window that begins inside the image, as range(0, H, stride) does."""
    y: torch.Tensor = self.right(x)
    size = [-(-n // self.stride) for n in x.shape[2:]]
    return F.pad(y, (0, max(0, size[1] - y.shape[3]), 0, max(0, size[0] - y.shape[2])))


def padded_by(padding: Callable[[int], int], value: float = 0.0) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a formula that first surrounds the image with that many rows and columns, computed from the window."""

    def formula(self: Any, x: torch.Tensor) -> torch.Tensor:
        p = padding(self.kernel_size)
        return self.right(F.pad(x, (p, p, p, p), value=value))

    return formula


PADDINGS: tuple[Callable[[int], int], ...] = (lambda k: k // 2, lambda k: 1, lambda k: k - 1, lambda k: (k - 1) // 2)
"""The paddings that students add."""


def padded_size(padding: Callable[[int], int]) -> Callable[[int, int, int], int]:
    """Return the number of windows on a padded axis."""
    return lambda size, kernel_size, stride: (size + 2 * padding(kernel_size) - kernel_size) // stride + 1


def last_window_zero(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Stop the loops one window early, so that the last row and the last column stay 0."""
    y = self.right(x)
    return F.pad(y[:, :, :-1, :-1], (0, 1, 0, 1))


def size_from(axis: int) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a formula that counts the windows of both axes along one: 2 for the height, 3 for the width."""

    def formula(self: Any, x: torch.Tensor) -> torch.Tensor:
        y = self.right(x)
        n = y.shape[axis]
        if n > y.shape[5 - axis]:
            raise ValueError("a window lies outside")
        return y[:, :, :n, :n]

    return formula


def start_times_kernel(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Start windows at i·kernel_size, but count them by the stride; a window at the end holds what is left."""
    k = self.kernel_size
    out_h, out_w = self.right(x).shape[2:]
    cells = [[x[:, :, i * k : i * k + k, j * k : j * k + k] for j in range(out_w)] for i in range(out_h)]
    if any(cell.numel() == 0 for row in cells for cell in row):
        raise ValueError("the window has no cell")
    return torch.stack([torch.stack([reduced(self, cell) for cell in row], dim=-1) for row in cells], dim=-2)


def one_axis(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reduce only one of a window's two axes: (N, C, OH, OW, k)."""
    y: torch.Tensor = self.right(x)
    return y[..., None].expand(*y.shape, self.kernel_size)


def over_batch_and_channels(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Reduce the window over all axes, so that all samples and channels get one number."""
    y = self.right(x)
    return reduced(self, y.permute(2, 3, 0, 1))[None, None].expand_as(y)


def over_channels(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Extend the window over all channels."""
    y = self.right(x)
    return reduced(self, y.movedim(1, -1)[..., None])[:, None].expand_as(y)


def over_batch(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Extend the window over the batch."""
    y = self.right(x)
    return reduced(self, y.movedim(0, -1)[..., None])[None].expand_as(y)


def first_window_only(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Put ``return`` inside the loop, so that there is only the first window."""
    y = self.right(x)
    return F.pad(y[:, :, :1, :1], (0, y.shape[3] - 1, 0, y.shape[2] - 1))


def first_map_only(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Process only the first channel of the first sample."""
    y = self.right(x)
    mask = torch.zeros_like(y)
    mask[0, 0] = 1
    return y * mask


def starts_at(start: float) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a formula that starts the running maximum at ``start``, a number that is supposed to be very small."""
    return lambda self, x: self.right(x).clamp(min=start)


LOW = (-1.0, -100.0, -999.0, -1e3, -9999.0, -1e4, -99999.0, -1e5, -1e6, -1e9)
"""Start values that students use when they search for the largest number."""


def divided_by_side(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Divide the window's sum by kernel_size instead of its square."""
    return self.windows(x).sum((-1, -2)) / self.kernel_size


def maximum_taken(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return the maximum instead of the mean."""
    return F.max_pool2d(x, self.kernel_size, self.stride)


def average_taken(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return the mean instead of the maximum."""
    return F.avg_pool2d(x, self.kernel_size, self.stride)


WITHOUT_BRACKETS: tuple[Callable[[int, int, int], int], ...] = (
    lambda size, kernel_size, stride: int(size - kernel_size / stride + 1),
    lambda size, kernel_size, stride: int(size - kernel_size / stride) + 1,
    lambda size, kernel_size, stride: size - kernel_size // stride + 1,
)
"""Sizes in which only the kernel is divided by the stride, because the brackets around the difference are missing."""


def windows_rounded_up(size: int, kernel_size: int, stride: int) -> int:
    """Count an incomplete window at the end."""
    return F.max_pool1d(torch.zeros(1, 1, size), kernel_size, stride, ceil_mode=True).shape[-1]
