"""Time the given Conv2d against torch's, forward and backward separately, on one thread each, in one run.

The layers are those of the course's networks: 16 filters of 3×3 on the image, and 32 filters on 16 maps of half its
size. In a network, arrays have their samples innermost in memory; on its own, a layer usually gets C-contiguous arrays.
Both cases are measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from bench.measure import BATCH, kernel, medians, on_one_thread
from ncl_course.nn import Conv2d
from ncl_course.nn.memory import samples_last

AIM = 1.5
SHAPES = ((1, 8, 8), (1, 28, 28), (3, 32, 32))


def layers() -> Iterator[tuple[int, int, int]]:
    """Yield the channels, the filters and the size of both convolutions for each image size."""
    for channels, size, _ in SHAPES:
        yield channels, 16, size
        yield 16, 32, size // 2


def cost(channels: int, filters: int, size: int, *, as_in_a_network: bool) -> list[float]:
    """Return the milliseconds of our forward, torch's forward, our backward and torch's backward."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(BATCH, channels, size, size)).astype(np.float32)
    grad_out = rng.normal(size=(BATCH, filters, size, size)).astype(np.float32)
    ours, theirs = Conv2d(channels, filters, 3, padding=1, rng=rng), torch.nn.Conv2d(channels, filters, 3, padding=1)
    leaf, upstream = torch.tensor(x, requires_grad=True), torch.tensor(grad_out)
    if as_in_a_network:
        grad_out = samples_last(grad_out)
        x = x if channels < 16 else samples_last(x)  # a data set's images are C-contiguous
    ours(x)
    gradients = partial(torch.autograd.grad, theirs(leaf), [leaf, *theirs.parameters()], upstream, retain_graph=True)
    return medians(partial(ours, x), partial(theirs, leaf), partial(ours.backward, grad_out), gradients)


def table(*, as_in_a_network: bool) -> Table:
    """Return a table with one row for each convolution."""
    order = "as in a network" if as_in_a_network else "C-contiguous arrays"
    made = Table(title=f"Conv2d 3×3, {BATCH} samples, float32, {order}, ms (aim: ≤ {AIM} times torch's)")
    for name in ("channels, filters, size", "forward", "torch's", "ratio", "backward", "torch's", "ratio"):
        made.add_column(name, justify="right" if made.columns else "left")
    for channels, filters, size in layers():
        times = cost(channels, filters, size, as_in_a_network=as_in_a_network)
        cells = [cell for own, other in (times[:2], times[2:]) for cell in ratio(own, other)]
        made.add_row(f"{channels} → {filters}, {size}×{size}", *cells)
    return made


def ratio(own: float, other: float) -> tuple[Any, ...]:
    """Return the cells for both times and their ratio."""
    return f"{own:.2f}", f"{other:.2f}", f"{own / other:.2f}"


def run() -> None:
    """Print both tables."""
    with on_one_thread():
        for as_in_a_network in (True, False):
            Console(width=110).print(table(as_in_a_network=as_in_a_network))
        print(kernel())


if __name__ == "__main__":
    run()
