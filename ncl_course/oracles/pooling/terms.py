"""The results of a pooling layer that reduces its windows, or takes their places, in another way; by torch.

Each is computed only when it is asked for, because there are many.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from typing import Any

import torch

from ncl_course.oracles.layer import Array, to_torch
from ncl_course.oracles.pooling.terms_backward import backwards, centre
from ncl_course.oracles.pooling.windows import UNSEEN, Lazy, Result, Windows, out_of_reach


def terms(sight: Any) -> Mapping[str, Array]:
    """Return other results of a pooling layer (for a ``checking.naming.sight.Sight``), by their descriptions."""
    x = sight.arrays.get("x")
    kinds = {"forward": forwards, "backward": backwards}
    if x is None or x.ndim != 4 or sight.method not in kinds:
        return {}
    k = int(sight.numbers["kernel_size"])
    return Lazy(kinds[sight.method](Windows(sight, to_torch(x), k, int(sight.numbers.get("stride", k)))))


REDUCTIONS: tuple[tuple[str, Callable[[torch.Tensor], torch.Tensor]], ...] = (
    ("max", lambda cells: cells.amax(-1)),
    ("min", lambda cells: cells.amin(-1)),
    ("mean", lambda cells: cells.mean(-1)),
    ("median", lambda cells: cells.quantile(0.5, -1)),
    ("sum", lambda cells: cells.sum(-1)),
    ("second largest x", lambda cells: cells.sort(-1).values[..., max(-2, -cells.shape[-1])]),
    ("mean of x ≠ 0", lambda cells: cells.sum(-1) / (cells != 0).sum(-1).clamp(min=1)),
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
    for words, hidden in UNSEEN:
        found[words] = partial(without, windows, hidden)
    for down, across in ((1, 0), (0, 1), (1, 1), (-1, 0), (0, -1), (-1, -1)):
        found[f"windows shifted by ({down}, {across})"] = partial(other, windows, (s, s), (k, k), (down, across))
    return found


def usual(windows: Windows, reduce: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Return a reduction of the right windows."""
    return reduce(windows.usual())


def without(windows: Windows, hidden: Callable[[int, int, int], bool]) -> torch.Tensor:
    """Return the layer's own reduction of windows, with some of their cells left out."""
    return windows.reduced(windows.usual().masked_fill(out_of_reach(hidden, windows.k), float("nan")))


def other(windows: Windows, *where: tuple[int, int]) -> torch.Tensor:
    """Return the layer's own reduction of other windows."""
    return windows.reduced(windows.cut(*where))


def divided(windows: Windows, *where: tuple[int, int]) -> torch.Tensor:
    """Return sums of other windows, divided by k² even where cells are missing."""
    cells = windows.cut(*where)
    return cells.nansum(-1) / cells.shape[-1]
