"""Fashion-MNIST: photographs of clothes, shoes and bags, 28×28. The course contains 6,000 of them."""

from __future__ import annotations

from importlib import resources

import numpy as np

from ncl_course.data.dataset import Array, Dataset, Part
from ncl_course.language import text

FILE = "fashion_mnist_6000.npz"
CLASSES = ("tshirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle_boot")
"""The classes in the order of their numbers; the messages ``course.data.fashion.…`` hold their names."""

EACH = 600
HELD_OUT = 100
"""The number of images of each class: in total, and in the validation part and the test part; 400 are for training."""


def all_fashion() -> tuple[Array, Array]:
    """Return all 6,000 images in the file's order: (6000, 1, 28, 28) float32 in [0, 1], and labels (6000,) int64.

    Source: H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning
    Algorithms", 2017. The file holds 600 images of each class, under the license in ``LICENSE-fashion-mnist.txt``.
    """
    with resources.files("ncl_course.data").joinpath(FILE).open("rb") as file, np.load(file) as arrays:
        images, labels = arrays["images"], arrays["labels"]
    return images[:, None].astype(np.float32) / np.float32(255), labels.astype(np.int64)


def load_fashion(seed: int = 0) -> Dataset:
    """Return the images, shuffled and split: 4,000 to train on, 1,000 to validate, 1,000 to test; pixels in [0, 1].

    Every part has the same number of images of each class.

    Args:
        seed: determines the split; the same seed gives the same split.

    Returns:
        The three parts, with images (N, 1, 28, 28) float32 and labels (N,) int64, and the names of the ten classes in
        the current language.

    Example:
        >>> fashion = load_fashion()
        >>> fashion.train.x.shape, fashion.test.labels.shape
        ((4000, 1, 28, 28), (1000,))
        >>> fashion.classes[:3]
        ('T-shirt', 'trousers', 'pullover')
    """
    images, labels = all_fashion()
    rng = np.random.default_rng(seed)
    by_class = rng.permuted(np.argsort(labels, kind="stable").reshape(len(CLASSES), EACH), axis=1)
    chosen = np.split(by_class, [EACH - 2 * HELD_OUT, EACH - HELD_OUT], axis=1)
    orders = [rng.permutation(places.ravel()) for places in chosen]
    train, validation, test = (Part(images[order], labels[order]) for order in orders)
    return Dataset(train, validation, test, classes=tuple(text(f"course.data.fashion.{name}") for name in CLASSES))
