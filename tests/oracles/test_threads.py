"""Torch gets its threads back after a block on one thread."""

from __future__ import annotations

import pytest
import torch

from ncl_course.oracles.threads import one_thread


def fail_inside():
    with one_thread():
        assert torch.get_num_threads() == 1
        raise ValueError("inside")


def test_there_is_one_thread_inside_the_block_and_as_many_as_before_afterwards_even_after_an_error():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with pytest.raises(ValueError, match="inside"):
            fail_inside()
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
