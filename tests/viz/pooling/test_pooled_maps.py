"""The pictures get everything about a pooled map from the oracle."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.viz.pooling.pooled import SLIDE, Mode, pool_map


def test_the_slide_pools_to_the_slides_answer() -> None:
    assert pool_map(SLIDE, 2, None, "max").y.tolist() == [[7, 9], [8, 4]]
    assert pool_map(SLIDE, 2, None, "average").y.tolist() == [[3.75, 4.25], [4.75, 2.5]]


def test_each_maximum_has_its_winner_and_an_average_has_none() -> None:
    pooled = pool_map(SLIDE, 2, 2, "max")
    assert [pooled.winner(n) for n in range(4)] == [(1, 0), (0, 3), (2, 0), (3, 3)]
    assert pool_map(SLIDE, 2, 2, "average").winner(0) is None


def test_windows_lie_row_by_row_on_a_map_that_is_not_square() -> None:
    pooled = pool_map(np.arange(24).reshape(4, 6), 2, 2, "max")
    assert (pooled.in_shape, pooled.out_shape, pooled.steps) == ((4, 6), (2, 3), 6)
    assert [pooled.place(n) for n in (0, 2, 3)] == [(0, 0), (0, 2), (1, 0)]
    assert pooled.corner(5) == (2, 4)
    assert pooled.covers(5, (3, 5))
    assert not pooled.covers(5, (1, 5))


def test_an_input_cell_knows_the_windows_that_feed_it() -> None:
    overlapping = pool_map(SLIDE, 3, 1, "max")
    assert overlapping.sources((2, 0), 4) == [0, 2]
    assert overlapping.sources((2, 0), 2) == [0]
    assert pool_map(SLIDE, 3, 1, "average").sources((1, 1), 4) == [0, 1, 2, 3]


def test_the_slide_cannot_be_overwritten() -> None:
    with pytest.raises(ValueError, match="read-only"):
        SLIDE[0, 0] = 5


@pytest.mark.parametrize(
    ("x", "kernel_size", "stride", "mode", "words"),
    [
        (np.zeros((1, 1, 4, 4)), 2, 2, "max", r"shape \(1, 1, 4, 4\)\. Take one channel"),
        (np.zeros((0, 3)), 1, 1, "max", r"shape \(0, 3\)"),
        (np.zeros((4, 3)), 4, 1, "max", "4×4 window with stride 1 does not fit a 4×3 map"),
        (np.zeros((4, 3)), 2, 0, "max", "stride at least 1"),
        (np.zeros((4, 3)), 2, 1, "mean", "not 'mean'"),
    ],
)
def test_what_cannot_be_pooled_is_explained(
    x: np.ndarray, kernel_size: int, stride: int, mode: Mode, words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        pool_map(x, kernel_size, stride, mode)
