"""CIFAR-10: 60,000 colour photographs, 32×32, of ten kinds of objects, from its binary version."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ncl_course.data.cifar10_archive import read_archive
from ncl_course.data.dataset import Array, Dataset, Part
from ncl_course.data.download import Source, fetch, require_published

CIFAR10 = Source(
    title="CIFAR-10",
    url="https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    known_hash="md5:c32a1d4ab5d03f1284b67883e8d13530",
    megabytes=162,
)
"""The archive, with the checksum that its authors publish beside it."""

CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

VALIDATION = 0.1
"""The fraction of the training images that is kept for validation: 5,000 of 50,000."""


def load_cifar10(
    path: str | Path | None = None,
    *,
    seed: int = 0,
    limit: int | None = None,
    progress: bool = True,
    source: Source = CIFAR10,
    records: int = 10_000,
) -> Dataset:
    """Load CIFAR-10, split: 45,000 images to train on, 5,000 to validate, its own 10,000 to test; pixels in [0, 1].

    The archive is downloaded once, checked, and kept in the folder that ``NCL_DATA`` names, or else in the system's
    cache folder. An archive that is already there is used if its checksum is right. All images together take 740 MB of
    memory.

    Source: A. Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.

    Args:
        path: the archive or its folder, if you have it somewhere else; then nothing is downloaded.
        seed: determines which training images are kept for validation, and the order of all training images.
        limit: the largest number of images to train on; the other parts shrink by the same factor. None takes all
            images.
        progress: whether to show a progress bar while downloading.
        source: the archive's address and checksum; tests and mirrors pass their own.
        records: the number of images in each of the archive's six files.

    Returns:
        The three parts, with images (N, 3, 32, 32) float32 and labels (N,) int64, and the names of the ten classes.

    Raises:
        DataError: if there is neither a copy nor a network, or if the archive is not the published one; the message
            says how to get it.
        ValueError: if ``limit`` is below 1.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"load_cifar10 expects limit of at least 1 image but got {limit}; None takes them all")
    archive = fetch(source, progress) if path is None else require_published(in_folder(Path(path), source), source)
    (images, labels), test = read_archive(archive, records)
    order = np.random.default_rng(seed).permutation(len(labels))
    held_out = round(VALIDATION * len(order))
    share = 1.0 if limit is None else min(1.0, limit / (len(order) - held_out))
    train = part(images, labels, order[held_out:], share)
    validation = part(images, labels, order[:held_out], share)
    return Dataset(train, validation, part(*test, np.arange(len(test[1])), share), CLASSES)


def in_folder(path: Path, source: Source) -> Path:
    """Return the path of the archive, given that path or its folder."""
    path = path.expanduser()
    return path / source.name if path.is_dir() else path


def part(images: Array, labels: Array, places: Array, share: float) -> Part:
    """Return the images at the first ``share`` of those places, at least one, with pixels in [0, 1]."""
    chosen = places[: max(1, round(share * len(places)))]
    return Part(images[chosen].astype(np.float32) / np.float32(255), labels[chosen].astype(np.int64))
