"""Standardization uses only the numbers of the training part."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from ncl_course.data import Dataset, Part


def part(seed, count=20):
    rng = np.random.default_rng(seed)
    x = rng.normal((1, -2, 5), (0.5, 3, 1), (count, 4, 4, 3)).transpose(0, 3, 1, 2).astype(np.float32)
    return Part(x, rng.integers(0, 2, count))


def dataset():
    return Dataset(part(0), part(1, 8), part(2, 6), ("no", "yes"))


def test_each_channel_of_the_training_part_has_mean_zero_and_variance_one():
    x = dataset().standardized().train.x
    np.testing.assert_allclose(x.mean((0, 2, 3)), 0, atol=1e-5)
    np.testing.assert_allclose(x.var((0, 2, 3)), 1, atol=1e-5)
    assert x.dtype == np.float32


def test_the_other_parts_are_shifted_and_scaled_by_the_training_parts_numbers():
    before = dataset()
    mean, std = before.train.x.mean((0, 2, 3), keepdims=True), before.train.x.std((0, 2, 3), keepdims=True)
    after = before.standardized()
    np.testing.assert_allclose(after.test.x, (before.test.x - mean) / std, atol=1e-5)
    np.testing.assert_allclose(after.validation.x, (before.validation.x - mean) / std, atol=1e-5)


def test_labels_and_classes_stay_and_the_original_is_not_changed():
    before = dataset()
    after = before.standardized()
    assert np.array_equal(after.test.labels, before.test.labels)
    assert after.classes == before.classes
    assert np.array_equal(before.train.x, dataset().train.x)


def test_a_constant_channel_becomes_zero():
    train = Part(np.full((3, 1, 2, 2), 7, np.float32), np.zeros(3, np.int64))
    assert not Dataset(train, train, train, ("one",)).standardized().train.x.any()


def test_a_data_set_cannot_be_changed():
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'train'"):
        dataset().train = part(3)  # type: ignore[misc]
