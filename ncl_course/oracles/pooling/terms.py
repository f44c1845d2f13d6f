"""The results of a pooling layer that reduces its windows, or takes their places, in another way; by torch.

Each is computed only when it is asked for, because there are many.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import product
from typing import Any

import torch

from ncl_course.oracles.layer import Array, gradients, to_numpy, to_torch

Result = Callable[[], torch.Tensor]


class Lazy(Mapping[str, Array]):
    """Arrays by name, computed when they are read."""

    def __init__(self, made: dict[str, Result]) -> None:
        self.made = made
        self.known: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self.known:
            values = self.made[name]()
            self.known[name] = to_numpy(values, values.numpy().dtype)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


def terms(sight: Any) -> Mapping[str, Array]:
    """Return other results of a pooling layer (for a ``checking.naming.sight.Sight``), by their descriptions."""
    x = sight.arrays.get("x")
    kinds = {"forward": forwards, "backward": backwards}
    if x is None or x.ndim != 4 or sight.method not in kinds:
        return {}
    k = int(sight.numbers["kernel_size"])
    return Lazy(kinds[sight.method](Windows(sight, to_torch(x), k, int(sight.numbers.get("stride", k)))))


class Windows:
    """The windows of an input: ``k`` cells wide, ``s`` cells apart."""

    def __init__(self, sight: Any, x: torch.Tensor, k: int, s: int) -> None:
        self.x, self.k, self.s = x, k, s
        self.average = sight.exercise == "AvgPool2d"
        grad_out = sight.arrays.get("grad_out")
        self.g = to_torch(grad_out) if grad_out is not None else torch.zeros(0)

    def cut(self, step: tuple[int, int], size: tuple[int, int], shift: tuple[int, int] = (0, 0)) -> torch.Tensor:
        """Return windows (N, C, OH, OW, cells) with other steps, sizes or first corners; outside cells are NaN."""
        places, outside = [], []
        for axis in (0, 1):
            length = self.x.shape[2 + axis]
            count = (length - self.k) // self.s + 1
            at = torch.arange(count)[:, None] * step[axis] + torch.arange(size[axis]) + shift[axis]
            outside.append((at < 0) | (at >= length))
            places.append(at.clamp(0, length - 1))
        cells = self.x[:, :, places[0][:, :, None, None], places[1]]
        hidden = outside[0][:, :, None, None] | outside[1]
        return cells.masked_fill(hidden, float("nan")).permute(0, 1, 2, 4, 3, 5).flatten(4)

    def usual(self) -> torch.Tensor:
        """Return the right windows."""
        return self.cut((self.s, self.s), (self.k, self.k))

    def reduced(self, cells: torch.Tensor) -> torch.Tensor:
        """Return the layer's own maximum or mean of cells that are inside."""
        if self.average:
            return cells.nanmean(-1)
        return cells.nan_to_num(-torch.inf).amax(-1)


def centre(k: int) -> int:
    """Return the number of the cell (k // 2, k // 2) in a window that is k cells wide."""
    return (k + 1) * (k // 2)


REDUCTIONS: tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...] = (
    ("max", lambda cells: cells.amax(-1)),
    ("min", lambda cells: cells.amin(-1)),
    ("mean", lambda cells: cells.mean(-1)),
    ("median", lambda cells: cells.quantile(0.5, -1)),
    ("sum", lambda cells: cells.sum(-1)),
    ("max|x|", lambda cells: cells.abs().amax(-1)),
    ("mean|x|", lambda cells: cells.abs().mean(-1)),
    ("x of the largest |x|", lambda cells: cells.gather(-1, cells.abs().argmax(-1, keepdim=True))[..., 0]),
    ("first cell", lambda cells: cells[..., 0]),
    ("last cell", lambda cells: cells[..., -1]),
    ("middle cell", lambda cells: cells[..., cells.shape[-1] // 2]),
    ("cell (k//2, k//2)", lambda cells: cells[..., centre(math.isqrt(cells.shape[-1]))]),
    ("argmax", lambda cells: cells.argmax(-1).to(torch.float64)),
    ("mean x²", lambda cells: (cells**2).mean(-1)),
    ("√Σx²", lambda cells: cells.norm(dim=-1)),
    ("(max + min)/2", lambda cells: (cells.amax(-1) + cells.amin(-1)) / 2),
    ("max − min", lambda cells: cells.amax(-1) - cells.amin(-1)),
    ("Σ/(k² − 1)", lambda cells: cells.sum(-1) / (cells.shape[-1] - 1)),
)
"""Numbers of a window that students take."""


def forwards(windows: Windows) -> dict[str, Result]:
    """Return other reductions of the right windows, and the right reduction of other windows."""
    k, s = windows.k, windows.s
    found: dict[str, Result] = {f"{name} of a window": partial(usual, windows, reduce) for name, reduce in REDUCTIONS}
    steps = {"stride": s, "kernel_size": k, "1": 1, "stride + 1": s + 1}
    sizes = {"k": k, "(k − 1)": k - 1, "(k + 1)": k + 1, "stride": s, "1": 1}
    for (rows, down), (columns, across) in product(steps.items(), repeat=2):
        name = f"windows start at i · {rows}, j · {columns}"
        found[name] = partial(other, windows, (down, across), (k, k))
        if windows.average:
            found[f"{name}; their sums divided by k²"] = partial(divided, windows, (down, across), (k, k))
    for (rows, high), (columns, wide) in product(sizes.items(), repeat=2):
        if high > 0 and wide > 0:
            found[f"windows of {rows} × {columns}"] = partial(other, windows, (s, s), (high, wide))
    for down, across in ((1, 0), (0, 1), (1, 1), (-1, 0), (0, -1), (-1, -1)):
        found[f"windows shifted by ({down}, {across})"] = partial(other, windows, (s, s), (k, k), (down, across))
    return found


def usual(windows: Windows, reduce: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Return a reduction of the right windows."""
    return reduce(windows.usual())


def other(windows: Windows, *where: tuple[int, int]) -> torch.Tensor:
    """Return the layer's own reduction of other windows."""
    return windows.reduced(windows.cut(*where))


def divided(windows: Windows, *where: tuple[int, int]) -> torch.Tensor:
    """Return sums of other windows, divided by k² even where cells are missing."""
    cells = windows.cut(*where)
    return cells.nansum(-1) / cells.shape[-1]


WINNERS: tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...] = (
    ("the largest x", lambda cells: cells.argmax(-1)),
    ("the smallest x", lambda cells: cells.argmin(-1)),
    ("the largest |x|", lambda cells: cells.abs().argmax(-1)),
    ("the first cell", lambda cells: torch.zeros(cells.shape[:-1], dtype=torch.int64)),
    ("the last cell", lambda cells: torch.full(cells.shape[:-1], cells.shape[-1] - 1)),
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
    else:
        for words, cells in UNSEEN:
            found[words] = partial(scattered, windows, partial(unseen, cells, k), values["g"])
    return found


UNSEEN: tuple[tuple[str, Callable[[int, int, int], bool]], ...] = (
    ("without the last cell of a window", lambda a, b, k: a == b == k - 1),
    ("without the first cell of a window", lambda a, b, k: a == b == 0),
    ("without the last row of a window", lambda a, b, k: a == k - 1),
    ("without the last column of a window", lambda a, b, k: b == k - 1),
    ("without the last row and column of a window", lambda a, b, k: k - 1 in (a, b)),
    ("without the first row and column of a window", lambda a, b, k: 0 in (a, b)),
)
"""Cells (a, b) of a window whose gradient a loop over the window does not reach."""
NOBODY = -2
"""The winner of a window that sends nothing back."""


def unseen(hidden: Callable[[int, int, int], bool], k: int, cells: torch.Tensor) -> torch.Tensor:
    """Return the largest cell of each window, or nobody where a loop does not reach it."""
    winner = cells.argmax(-1)
    for cell in range(k * k):
        if hidden(cell // k, cell % k, k):
            winner = winner.masked_fill(winner == cell, NOBODY)
    return winner


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
