"""Handwritten digits, 8×8: real images that come with the course."""

from __future__ import annotations

from importlib import resources

import numpy as np

from ncl_course.data.dataset import Array, Dataset, Part

FILE = "digits_1797.npz"
HELD_OUT = 300
"""The number of images in the validation part and in the test part; 1,197 are left for training."""


def all_digits() -> tuple[Array, Array]:
    """Return all 1,797 digits in scikit-learn's order: images (1797, 1, 8, 8) float32 in [0, 1], labels (1797,) int64.

    Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository, the
    test set, as ``sklearn.datasets.load_digits`` has it, under the license in ``LICENSE-digits.txt``. There each pixel
    counts the dark pixels, 0 to 16, of a 4×4 block of the scan; here it is divided by 16.
    """
    with resources.files("ncl_course.data").joinpath(FILE).open("rb") as file, np.load(file) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    return images[:, None].astype(np.float32) / np.float32(16), labels.astype(np.int64)


def load_digits(seed: int = 0) -> Dataset:
    """Return the digits, shuffled and split: 1,197 to train on, 300 to validate, 300 to test; pixels in [0, 1].

    Args:
        seed: determines the split; the same seed gives the same split.

    Returns:
        The three parts, with images (N, 1, 8, 8) float32 and labels (N,) int64, and the names of the ten classes.

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
