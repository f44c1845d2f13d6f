"""Handwritten digits, 8×8, which come with scikit-learn: real images without a download."""

from __future__ import annotations

import numpy as np

from ncl_course.data.dataset import Array, Dataset, Part

HELD_OUT = 300
"""Images of the validation part, and as many of the test part; 1,197 are left to learn from."""


def all_digits() -> tuple[Array, Array]:
    """All 1,797 digits in their own order: images (1797, 1, 8, 8) float32 in [0, 1], labels (1797,) int64.

    Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
    the test set, as scikit-learn has it. A cell counts the dark pixels, 0 to 16, of a 4×4 block.
    """
    from sklearn.datasets import load_digits as sklearn_digits

    images, labels = sklearn_digits(return_X_y=True)
    return (images / 16).astype(np.float32).reshape(-1, 1, 8, 8), labels.astype(np.int64)


def load_digits(seed: int = 0) -> Dataset:
    """The digits, shuffled and split: 1,197 to train on, 300 to validate, 300 to test; pixels in [0, 1].

    Args:
        seed: which images go where; the same seed, the same split.

    Example:
        >>> digits = load_digits()
        >>> digits.train.x.shape, digits.test.labels.shape
        ((1197, 1, 8, 8), (300,))
    """
    images, labels = all_digits()
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen = np.split(order, [len(order) - 2 * HELD_OUT, len(order) - HELD_OUT])
    train, validation, test = (Part(images[places], labels[places]) for places in chosen)
    return Dataset(train, validation, test, classes=tuple("0123456789"))
