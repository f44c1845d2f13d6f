"""Wrong gradients of a pooling layer: to other cells, multiplied by something, with windows left out; by torch."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from itertools import product

import torch

from ncl_course.oracles.layer import gradients
from ncl_course.oracles.pooling.windows import UNSEEN, Result, Windows, out_of_reach


def centre(k: int) -> int:
    """Return the number of the cell (k // 2, k // 2) in a window that is k cells wide."""
    return (k + 1) * (k // 2)


WINNERS: tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...] = (
    ("the largest x", lambda cells: cells.argmax(-1)),
    ("the smallest x", lambda cells: cells.argmin(-1)),
    ("the largest |x|", lambda cells: cells.abs().argmax(-1)),
    ("the first cell", lambda cells: torch.zeros(cells.shape[:-1], dtype=torch.int64)),
    ("the last cell", lambda cells: torch.full(cells.shape[:-1], cells.shape[-1] - 1)),
    ("cell (k//2, k//2)", lambda cells: torch.full(cells.shape[:-1], centre(math.isqrt(cells.shape[-1])))),
    ("the middle cell", lambda cells: torch.full(cells.shape[:-1], cells.shape[-1] // 2)),
    ("every cell", lambda cells: torch.full(cells.shape[:-1], -1)),
)
"""Cells of a window that get its gradient; −1 means all."""


def backwards(windows: Windows) -> dict[str, Result]:
    """Return gradients that go to another cell, are multiplied by something, or leave windows out."""
    k = windows.k
    found: dict[str, Result] = {}
    values: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
        "g": lambda _: windows.g,
        "g · x": lambda cells: windows.g * cells,
        "g/k²": lambda _: windows.g / k**2,
        "⌊g/k²⌋": lambda _: (windows.g / k**2).floor(),
        "g/k": lambda _: windows.g / k,
        "1": lambda _: torch.ones_like(windows.g),
        "x": lambda cells: cells,
        "g²": lambda _: windows.g**2,
        "|g|": lambda _: windows.g.abs(),
    }
    for (who, choose), (what, value) in product(WINNERS, values.items()):
        found[f"{what} to {who}"] = partial(scattered, windows, choose, value)
    winner, share = (WINNERS[-1][1], values["g/k²"]) if windows.average else (WINNERS[0][1], values["g"])
    for words, kept_rows, kept_columns in LEFT_OUT:
        found[words] = partial(scattered, windows, winner, share, (kept_rows, kept_columns))
    share_of = partial(shares, windows, winner, share)
    rows, columns = torch.meshgrid(*(torch.arange(length) for length in windows.g.shape[2:]), indexing="ij")
    corners = {f"i · {name}": rows * by for name, by in (("stride", windows.s), ("kernel_size", k), ("1", 1))}
    corners |= {f"j · {name}": columns * by for name, by in (("stride", windows.s), ("kernel_size", k), ("1", 1))}
    for (first, top), (second, left) in product(corners.items(), repeat=2):
        found[f"windows start at {first}, {second}"] = partial(placed, windows, share_of, top, left)
    if windows.average:
        sizes, starts = {"k": k, "stride": windows.s, "(k − 1)": k - 1}, (rows * windows.s, columns * windows.s)
        for (first, high), (second, wide) in product(sizes.items(), repeat=2):
            size = partial(even, windows, high, wide)
            found[f"windows of {first} × {second}"] = partial(placed, windows, size, *starts)
        for words, cells in UNSEEN:
            found[words] = partial(weighted, windows, partial(evenly_where, ~out_of_reach(cells, k)))
    else:
        found["every cell up to the largest x"] = partial(weighted, windows, lambda x: numbered(x) <= largest(x))
        found["every cell from the largest x on"] = partial(weighted, windows, lambda x: numbered(x) >= largest(x))
        found["every cell but the largest x"] = partial(weighted, windows, lambda x: numbered(x) != largest(x))
        found["softmax of a window"] = partial(weighted, windows, lambda x: x.softmax(-1))
        for words, cells in UNSEEN:
            found[words] = partial(scattered, windows, partial(unseen, cells, k), values["g"])
    return found


NOBODY = -2
"""The winner of a window that sends nothing back."""


def unseen(hidden: Callable[[int, int, int], bool], k: int, cells: torch.Tensor) -> torch.Tensor:
    """Return the largest cell of each window, or nobody where a loop does not reach it."""
    winner = cells.argmax(-1)
    return winner.masked_fill(out_of_reach(hidden, k)[winner], NOBODY)


def numbered(cells: torch.Tensor) -> torch.Tensor:
    """Return the numbers of a window's cells."""
    return torch.arange(cells.shape[-1])


def largest(cells: torch.Tensor) -> torch.Tensor:
    """Return the number of the largest cell of each window, along an axis of length 1."""
    return cells.argmax(-1, keepdim=True)


def evenly_where(reached: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
    """Return the average's weights of the cells that a loop reaches."""
    return reached / cells.shape[-1]


def weighted(windows: Windows, weights: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Send each window's gradient to its cells, times a weight that depends on the window."""
    x = windows.x.clone().requires_grad_()
    cells = x.unfold(2, windows.k, windows.s).unfold(3, windows.k, windows.s).flatten(4)
    (grad_x,) = gradients(cells, windows.g[..., None] * weights(cells.detach()).expand(cells.shape), x)
    return grad_x


def shares(
    windows: Windows,
    choose: Callable[[torch.Tensor], torch.Tensor],
    value: Callable[[torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    """Return what each window gives its cells: (N, C, OH, OW, k, k)."""
    k = windows.k
    cells = windows.x.unfold(2, k, windows.s).unfold(3, k, windows.s).flatten(4)
    return (chosen(cells, choose(cells)) * value(cells[..., 0])[..., None]).reshape(*windows.g.shape, k, k)


def even(windows: Windows, high: int, wide: int) -> torch.Tensor:
    """Return the average's share for windows of another size."""
    return (windows.g / windows.k**2)[..., None, None].expand(*windows.g.shape, high, wide)


def placed(windows: Windows, share: Callable[[], torch.Tensor], top: torch.Tensor, left: torch.Tensor) -> torch.Tensor:
    """Add the windows' shares at other corners (OH, OW); what lies outside is lost."""
    given = share()
    height, width = windows.x.shape[2:]
    rows = top[..., None, None] + torch.arange(given.shape[-2])[:, None]
    columns = left[..., None, None] + torch.arange(given.shape[-1])
    inside = (rows < height) & (columns < width)
    place = (rows.clamp(max=height - 1) * width + columns.clamp(max=width - 1)).flatten()
    flat = torch.zeros(*windows.x.shape[:2], height * width, dtype=torch.float64)
    return flat.index_add_(2, place, (given * inside).flatten(2)).reshape(windows.x.shape)


def chosen(cells: torch.Tensor, winner: torch.Tensor) -> torch.Tensor:
    """Return 1 at each window's winner and 0 elsewhere, or 1 everywhere; nobody wins where it is ``NOBODY``."""
    if bool((winner == -1).all()):
        return torch.ones_like(cells)
    one: torch.Tensor = torch.nn.functional.one_hot(winner.clamp(min=0), cells.shape[-1])
    return one * (winner != NOBODY)[..., None]


WHOLE, SHORT, LATE, ONE, LAST = slice(None), slice(None, -1), slice(1, None), slice(0, 1), slice(-1, None)
LEFT_OUT = (
    ("without the last row of windows", SHORT, WHOLE),
    ("without the last column of windows", WHOLE, SHORT),
    ("without the first row of windows", LATE, WHOLE),
    ("without the first column of windows", WHOLE, LATE),
    ("without the first row and column of windows", LATE, LATE),
    ("only the first row of windows", ONE, WHOLE),
    ("only the first column of windows", WHOLE, ONE),
    ("only the last row of windows", LAST, WHOLE),
    ("only the last column of windows", WHOLE, LAST),
)
"""Loops over the windows that end too early or begin too late."""


def scattered(
    windows: Windows,
    choose: Callable[[torch.Tensor], torch.Tensor],
    value: Callable[[torch.Tensor], torch.Tensor],
    kept: tuple[slice, slice] = (WHOLE, WHOLE),
) -> torch.Tensor:
    """Add a value of each window to its chosen cell."""
    x = windows.x.clone().requires_grad_()
    cells = x.unfold(2, windows.k, windows.s).unfold(3, windows.k, windows.s).flatten(4)
    winner = choose(cells.detach())
    one = chosen(cells, winner)
    taken = cells.detach().gather(-1, winner.clamp(min=0)[..., None])[..., 0]
    inside = torch.zeros_like(windows.g)
    inside[:, :, kept[0], kept[1]] = 1
    (grad_x,) = gradients(cells, (value(taken) * inside)[..., None] * one, x)
    return grad_x
