"""Images with labels in three parts: for learning, for choosing settings, and for the final test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Part:
    """Images and the class that each one shows.

    Attributes:
        x: images (N, C, H, W), float32.
        labels: class numbers (N,), int64.
    """

    x: Array
    labels: Array

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class Dataset:
    """A data set in three parts that share no image.

    Attributes:
        train: the images that the network learns from.
        validation: the images for choosing settings such as the learning rate.
        test: the images for judging the final result, once.
        classes: the names of the classes, in the order of their numbers.
    """

    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]

    def standardized(self) -> Dataset:
        """Return the images shifted and scaled: every channel of the training part gets mean 0 and variance 1.

        The other parts are shifted and scaled by the same numbers, so that nothing is learned from them. A channel that
        is constant in the training part is only shifted.
        """
        mean = self.train.x.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
        std = self.train.x.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
        scale = np.where(std > 0, std, 1.0)
        return self.changed(lambda x: ((x - mean) / scale).astype(x.dtype))

    def changed(self, change: Callable[[Array], Array]) -> Dataset:
        """Return the same data set with ``change`` applied to the images of every part."""

        def new(part: Part) -> Part:
            return replace(part, x=change(part.x))

        return replace(self, train=new(self.train), validation=new(self.validation), test=new(self.test))
