"""Limit torch to one thread while an oracle answers or a small net learns: several threads would wait for others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread in the block, and restore the number of threads afterwards."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def stay_on_one_thread() -> None:
    """Let torch compute on one thread from now on, because NumPy's layers around it are then many times faster."""
    torch.set_num_threads(1)
