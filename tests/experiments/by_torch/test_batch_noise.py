"""A digit's outputs in small batches, compared with a plain loop over the batches."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ncl_course.experiments.by_torch.batch_noise import middles, noise
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d


@pytest.mark.parametrize(("batch", "side"), [(2, 1), (4, 2), (3, 8)])
def test_each_output_is_the_oracles_for_its_own_batch(batch: int, side: int) -> None:
    x = middles(side).numpy()
    generator = torch.Generator().manual_seed(1)
    rows = torch.randint(1, len(x), (batch - 1, 5), generator=generator).numpy()
    seen = noise(batch, side, draws=5)
    for draw in range(5):
        own = np.concatenate([x[:1], x[rows[:, draw]]])
        assert seen.means[draw] == pytest.approx(own.mean())
        assert seen.outputs[draw] == pytest.approx(BatchNorm2d(1).forward(own)[0, 0, side // 2, side // 2])


def test_with_two_samples_of_one_number_only_their_order_is_left() -> None:
    assert set(np.round(noise(2, 1).outputs, 3)) == {-1, 0, 1}


@pytest.mark.parametrize("side", [1, 2, 4, 8])
def test_larger_batches_scatter_less_and_come_closer_to_the_output_over_all_digits(side: int) -> None:
    seen = [noise(batch, side) for batch in (2, 8, 32, 128)]
    assert [one.outputs.std() for one in seen] == sorted((one.outputs.std() for one in seen), reverse=True)
    distances = [np.abs(one.outputs - one.tested).mean() for one in seen]
    assert distances == sorted(distances, reverse=True)


def test_the_middle_of_a_digit_is_cut_out_of_it() -> None:
    assert middles(8).shape == (1797, 1, 8, 8)
    assert torch.equal(middles(2), middles(8)[:, :, 3:5, 3:5])
    assert (float(middles(8).min()), float(middles(8).max())) == (0, 16)
