"""One thread for torch while an oracle answers or a small net learns: a team of threads would wait for itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread, and afterwards on as many as before."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def stay_on_one_thread() -> None:
    """Let torch compute on one thread from now on: among NumPy's layers its own are many times faster so."""
    torch.set_num_threads(1)
