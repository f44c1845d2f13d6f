"""Images with labels in three parts: to learn from, to choose by, to judge by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Part:
    """Images and what they show.

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
        train: what the network learns from.
        validation: what settings are chosen by.
        test: what the result is judged by, once.
        classes: the name of each class number.
    """

    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]

    def standardized(self) -> Dataset:
        """The same images with mean 0 and variance 1 in every channel of the training part.

        The other parts are moved and scaled by the same numbers: nothing is learned from them.
        """
        mean = self.train.x.mean(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
        std = self.train.x.std(axis=(0, 2, 3), keepdims=True, dtype=np.float64)
        scale = np.where(std > 0, std, 1.0)
        return self.changed(lambda x: ((x - mean) / scale).astype(x.dtype))

    def changed(self, change: Callable[[Array], Array]) -> Dataset:
        """The same data set with every part's images changed."""

        def new(part: Part) -> Part:
            return replace(part, x=change(part.x))

        return replace(self, train=new(self.train), validation=new(self.validation), test=new(self.test))
