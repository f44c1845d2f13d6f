"""Use one thread for torch: with such small arrays it is four times as fast as several threads."""

from __future__ import annotations

import pytest
import torch


@pytest.fixture(autouse=True, scope="package")
def _one_thread():
    """Set one thread for these tests, and restore the threads for those in other folders."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
