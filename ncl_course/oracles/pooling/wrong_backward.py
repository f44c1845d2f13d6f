"""Wrong backward passes of pooling: ``self.x`` is the input, ``grad_out`` is (N, C, OH, OW).

``self.right_gradient`` is the right formula.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit


def shares(self: Any, share: torch.Tensor, *, add: bool = True) -> torch.Tensor:
    """Put ``share`` (N, C, OH, OW, k, k) back at its windows, adding to or overwriting the cells."""
    x, k, s = self.x.detach(), self.kernel_size, self.stride
    grad_x = torch.zeros_like(x)
    for i in range(share.shape[2]):
        for j in range(share.shape[3]):
            cells = grad_x[:, :, i * s : i * s + k, j * s : j * s + k]
            cells.copy_(cells + share[:, :, i, j] if add else share[:, :, i, j])
    return grad_x


def maxima(self: Any) -> torch.Tensor:
    """Return which cells of each window equal its maximum: (N, C, OH, OW, k, k) of 0 and 1."""
    windows = self.windows(self.x.detach())
    return (windows == windows.amax((-1, -2), keepdim=True)).to(windows.dtype)


def one_maximum(self: Any) -> torch.Tensor:
    """Return only the first maximum of each window: (N, C, OH, OW, k, k) of 0 and 1."""
    flat = self.windows(self.x.detach()).flatten(4)
    chosen = F.one_hot(flat.argmax(-1), flat.shape[-1]).to(flat.dtype)
    return chosen.reshape(self.windows(self.x).shape)


def divided_by_output_size(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Divide by the number of windows instead of the number of a window's cells."""
    grad_x: torch.Tensor = self.right_gradient(grad_out)
    return grad_x * self.kernel_size**2 / (grad_out.shape[2] * grad_out.shape[3])


def offset_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Go through the offsets in the window, and overwrite all cells that lie there, of all windows at once."""
    share, k, s = one_maximum(self) * grad_out[..., None, None], self.kernel_size, self.stride
    grad_x = torch.zeros_like(self.x)
    height, width = s * share.shape[2], s * share.shape[3]
    for a in range(k):
        for b in range(k):
            grad_x[:, :, a : a + height : s, b : b + width : s] = share[..., a, b]
    return grad_x


def winner_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Go through the offsets in the window, and overwrite the cells that are maxima there, of all windows at once."""
    winner, k, s = one_maximum(self), self.kernel_size, self.stride
    grad_x = torch.zeros_like(self.x)
    height, width = s * winner.shape[2], s * winner.shape[3]
    for a in range(k):
        for b in range(k):
            cells = grad_x[:, :, a : a + height : s, b : b + width : s]
            cells[...] = torch.where(winner[..., a, b] > 0, grad_out, cells)
    return grad_x


def first_close(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Choose the first cell that is close to the maximum by np.isclose, instead of the maximum."""
    flat = self.windows(self.x.detach()).flatten(4)
    close = torch.isclose(flat, flat.amax(-1, keepdim=True), rtol=1e-5, atol=1e-8)
    chosen = F.one_hot(close.int().argmax(-1), flat.shape[-1]).to(flat.dtype)
    return shares(self, chosen.reshape(self.windows(self.x).shape) * grad_out[..., None, None])


def truncated(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Cut off the fractions of the gradient."""
    return self.right_gradient(grad_out).trunc()


def in_ints(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Collect the gradient in an array of int64, which cuts off the fractions and holds no large numbers."""
    right: torch.Tensor = self.right_gradient(grad_out)
    return right.long().to(right.dtype)


def at_other_corner(corner: Callable[[Any, int], int], *, exchanged: bool = False) -> Callable[..., torch.Tensor]:
    """Return a formula that finds the right cell of a window, but puts the gradient elsewhere.

    The window of output i starts at ``corner(self, i)``; ``exchanged`` means that row and column of the cell are.
    """

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        k, grad_x = self.kernel_size, torch.zeros_like(self.x)
        winner = one_maximum(self).flatten(4).argmax(-1)
        a, b = (winner % k, winner // k) if exchanged else (winner // k, winner % k)
        for n, c, i, j in torch.cartesian_prod(*map(torch.arange, grad_out.shape)).tolist():
            row, column = corner(self, i) + a[n, c, i, j], corner(self, j) + b[n, c, i, j]
            grad_x[n, c, row, column] += grad_out[n, c, i, j]
        return grad_x

    return formula


def to_all_maxima(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Give every tied maximum the whole gradient."""
    return shares(self, maxima(self) * grad_out[..., None, None])


def to_all_equal_cells(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Give every cell of the map that equals a window's maximum that window's gradient, inside the window or not."""
    x = self.x.detach()
    highest = self.windows(x).amax((-1, -2))
    equal = x[:, :, None, None] == highest[..., None, None]
    return (equal * grad_out[..., None, None]).sum((2, 3))


def to_largest_channel(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Look for the maximum over all channels of a window, so that only one channel of each sample gets a gradient."""
    highest = self.windows(self.x.detach()).amax((-1, -2))
    chosen = F.one_hot(highest.argmax(1), highest.shape[1]).movedim(-1, 1).to(grad_out.dtype)
    return shares(self, one_maximum(self) * (chosen * grad_out)[..., None, None])


def split_among_maxima(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Give tied maxima equal parts."""
    tied = maxima(self)
    return shares(self, tied / tied.sum((-1, -2), keepdim=True) * grad_out[..., None, None])


def window_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Write each window's gradient over its cells, including zeros."""
    return shares(self, maxima(self) * grad_out[..., None, None], add=False)


def maximum_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Write each window's gradient at its maximum instead of adding it."""
    grad_x, k, s = torch.zeros_like(self.x.detach()), self.kernel_size, self.stride
    chosen = one_maximum(self).bool()
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            cells = grad_x[:, :, i * s : i * s + k, j * s : j * s + k]
            cells.copy_(torch.where(chosen[:, :, i, j], grad_out[:, :, i, j, None, None], cells))
    return grad_x


def average_overwritten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Write each window's even share over its cells instead of adding it."""
    even = torch.ones_like(self.windows(self.x.detach())) / self.kernel_size**2
    return shares(self, even * grad_out[..., None, None], add=False)


def mask_accumulated(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Use one mask for the whole map, so that a window also feeds the maxima of its neighbours."""
    mask = (shares(self, maxima(self)) > 0).to(grad_out.dtype)
    return shares(self, self.windows(mask) * grad_out[..., None, None])


def average_at_multiples_of_kernel(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Add each window's even share at i·kernel_size instead of i·stride; what lies outside is lost."""
    grad_x, k = torch.zeros_like(self.x.detach()), self.kernel_size
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            grad_x[:, :, i * k : i * k + k, j * k : j * k + k] += grad_out[:, :, i, j, None, None] / k**2
    return grad_x


def maximum_at_multiples_of_kernel(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Look for each window's maximum at i·kernel_size instead of i·stride."""
    x, k = self.x.detach(), self.kernel_size
    grad_x = torch.zeros_like(x)
    for i in range(grad_out.shape[2]):
        for j in range(grad_out.shape[3]):
            cells = x[:, :, i * k : i * k + k, j * k : j * k + k]
            if cells.numel() == 0:
                raise ValueError("the window has no cell")
            flat = cells.flatten(2)
            chosen = F.one_hot(flat.argmax(-1), flat.shape[-1]).to(flat.dtype).reshape(cells.shape)
            grad_x[:, :, i * k : i * k + k, j * k : j * k + k] += chosen * grad_out[:, :, i, j, None, None]
    return grad_x


def spread_evenly(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the average."""
    even = torch.ones_like(self.windows(self.x.detach())) / self.kernel_size**2
    return shares(self, even * grad_out[..., None, None])


def to_maximum(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the maximum."""
    return shares(self, one_maximum(self) * grad_out[..., None, None])


def not_divided(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Return the gradient of the sum."""
    return self.right_gradient(grad_out) * self.kernel_size**2


def gradient_divided_by_side(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Divide by kernel_size instead of its square."""
    return self.right_gradient(grad_out) * self.kernel_size


def offset_forgotten(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
    """Take the place inside the window for the place in the map, so that all gradients go to the first window."""
    local = (one_maximum(self) * grad_out[..., None, None]).sum((2, 3))
    k = self.kernel_size
    grad_x = torch.zeros_like(self.x.detach())
    grad_x[:, :, :k, :k] = local
    return grad_x


def from_windows(*kept: int | slice) -> Callable[[Any, torch.Tensor], torch.Tensor]:
    """Return a formula in which only the windows at this index of (N, C, OH, OW) send their gradient back."""

    def formula(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        mask = torch.zeros_like(grad_out)
        mask[kept] = 1
        return self.right_gradient(grad_out * mask)

    return formula


EVERY, SHORT = slice(None), slice(-1)
LAST_WINDOW_MISSING = from_windows(EVERY, EVERY, SHORT, SHORT)
"""The loops stop one window early, so that the last row and the last column send nothing back."""

RETURNED_TOO_EARLY = (from_windows(EVERY, EVERY, 0, 0), from_windows(0, 0), from_windows(0, 0, 0, 0))
"""``return`` stands inside the loops over the windows, over the maps, or over both."""
