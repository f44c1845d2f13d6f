"""The digits are scikit-learn's, split so that no image is in two parts."""

from __future__ import annotations

import doctest

import numpy as np
from sklearn.datasets import load_digits as sklearn_digits

from ncl_course.data import all_digits, digits, load_digits


def rows(part):
    return [(image.tobytes(), int(label)) for image, label in zip(part.x, part.labels, strict=True)]


def test_all_digits_are_scikit_learns_pixels_in_zero_to_one():
    images, labels = all_digits()
    bunch = sklearn_digits()
    assert np.array_equal(16 * images[:, 0], bunch.images)
    assert np.array_equal(labels, bunch.target)
    assert (images.dtype, images.shape, labels.dtype) == (np.float32, (1797, 1, 8, 8), np.int64)
    assert (images.min(), images.max()) == (0, 1)


def test_the_parts_together_are_all_digits_each_with_its_label():
    split, (images, labels) = load_digits(), all_digits()
    parts = (split.train, split.validation, split.test)
    assert [len(part) for part in parts] == [1197, 300, 300]
    everything = [(image.tobytes(), int(label)) for image, label in zip(images, labels, strict=True)]
    assert sorted(row for part in parts for row in rows(part)) == sorted(everything)


def test_every_part_holds_every_class_and_the_classes_have_names():
    split = load_digits()
    for part in (split.train, split.validation, split.test):
        assert np.bincount(part.labels, minlength=10).min() >= 15
    assert split.classes == tuple("0123456789")


def test_the_same_seed_gives_the_same_split_and_another_seed_another():
    assert rows(load_digits().test) == rows(load_digits(0).test)
    assert sorted(rows(load_digits(1).test)) != sorted(rows(load_digits(2).test))


def test_the_example_in_the_docstring_is_true():
    results = doctest.testmod(digits)
    assert (results.failed, results.attempted > 0) == (0, True)


def test_two_calls_share_no_memory():
    one, other = load_digits(), load_digits()
    one.train.x[...] = 0
    assert other.train.x.any()
