"""Compute a network's answers to many images in portions, because a convolution takes memory for each image."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PORTION = 300


def logits_of(net: Any, x: NDArray[Any]) -> NDArray[Any]:
    """Return logits (N, classes) of images (N, C, H, W) in test mode; the network's mode is restored afterwards."""
    training = net.training
    net.eval()
    try:
        return np.concatenate([np.asarray(net.forward(x[n : n + PORTION])) for n in range(0, len(x), PORTION)])
    finally:
        (net.train if training else net.eval)()
