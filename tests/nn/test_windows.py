"""Lines and stacks contain the right pixels for all sizes, and products in portions equal a single product."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.nn.memory import spaced
from ncl_course.nn.windows import add_up, multiply, side_by_side, stacks

SIZES = [((6, 2, 9, 5), 3, 1), ((5, 3, 8, 4), 2, 3), ((4, 1, 7, 1), 1, 2), ((3, 2, 5, 2), 5, 1)]
"""Each line: images (H, C, W, N), the width of the filters, the distance between neighbouring windows."""


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@pytest.mark.parametrize(("shape", "width", "step"), SIZES, ids=str)
def test_a_line_contains_the_pixels_of_one_channel_under_one_filter_column(shape, width, step):
    images = drawn(*shape)
    H, C, W, N = shape
    lines = side_by_side(images, width, step)
    OW = (W - width) // step + 1
    assert lines.shape == (H, width * C, OW, N)
    for v in range(width):
        for c in range(C):
            for j in range(OW):
                assert np.array_equal(lines[:, v * C + c, j], images[:, c, step * j + v])


@pytest.mark.parametrize(("shape", "width", "step"), SIZES, ids=str)
def test_add_up_is_the_gradient_of_side_by_side(shape, width, step):
    """⟨side_by_side(a), b⟩ = ⟨a, add_up(b)⟩ for all a and b."""
    H, C, W, _ = shape
    images = drawn(*shape)
    lines = side_by_side(images, width, step)
    other = drawn(*lines.shape, seed=1)
    assert (lines * other).sum() == pytest.approx((images.swapaxes(0, 1) * add_up(other, C, W, step)).sum())
    assert add_up(other, C, W, step).shape == (C, H, W, shape[3])


@pytest.mark.parametrize(("height", "step"), [(1, 1), (3, 1), (2, 3), (5, 2), (7, 1)])
def test_stacks_are_a_view_of_the_lines_of_neighbouring_rows(height, step):
    lines = spaced((7, 3, 4, 2), axes=2, dtype=np.float64)
    lines[...] = drawn(7, 3, 4, 2)
    stacked = stacks(lines, height, step)
    assert len(stacked) == (7 - height) // step + 1
    for i, matrix in enumerate(stacked):
        assert np.array_equal(matrix, lines[step * i : step * i + height].reshape(height * 3, 8))
    assert np.shares_memory(stacked, lines)


@pytest.mark.parametrize("filters", [(16, 27), (32, 144), (64, 288)], ids=["in one", "in portions", "too many"])
@pytest.mark.parametrize("columns", [1, 127, 192, 500, 0])
def test_a_product_in_portions_equals_a_single_product(filters, columns):
    weight, matrices = drawn(*filters), drawn(3, filters[1], columns, seed=1)
    out = np.full((filters[0], 3, columns), np.nan)
    multiply(weight, matrices, out.swapaxes(0, 1))
    np.testing.assert_allclose(out.swapaxes(0, 1), weight @ matrices, rtol=0, atol=1e-12)
