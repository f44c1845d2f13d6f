"""Describe one step of the window in one sentence."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ncl_course.language import text
from ncl_course.viz.cells import Place
from ncl_course.viz.pooling.pooled import Array, PooledMap
from ncl_course.viz.spoken import say

Direction = Literal["forward", "backward"]


def step_in_words(pooled: PooledMap, step: int, direction: Direction, grad_out: Array) -> str:
    """Say the cells and the output of window ``step``, or its gradient and where the gradient goes."""
    sent = grad_out if direction == "backward" else pooled.y
    return text(
        f"pooling.explorer.{pooled.mode}_{direction}",
        place=in_brackets(pooled.place(step)),
        count=pooled.kernel_size**2,
        value=say(sent[pooled.place(step)]),
        **_rows_and_cols(pooled, step),
        **_received(pooled, step, grad_out),
    )


def in_brackets(place: Place) -> str:
    """Return a place in brackets, such as ``(1, 2)``."""
    return f"({place[0]}, {place[1]})"


def _rows_and_cols(pooled: PooledMap, step: int) -> dict[str, str]:
    row, col = pooled.corner(step)
    last = pooled.kernel_size - 1
    return {"rows": _span(row, row + last), "cols": _span(col, col + last)}


def _span(first: int, last: int) -> str:
    return f"{first}\N{EN DASH}{last}" if last > first else str(first)


def _received(pooled: PooledMap, step: int, grad_out: Array) -> dict[str, Any]:
    """Return where the gradient of this step goes: the winner and its sum so far, or each cell's equal share."""
    share = grad_out.ravel()[step] * pooled.shares[step].max()
    winner = pooled.winner(step)
    if winner is None:
        return {"share": say(share)}
    so_far = np.dot(grad_out.ravel()[: step + 1], pooled.shares[(slice(step + 1), *winner)])
    return {"winner": in_brackets(winner), "received": say(so_far)}
