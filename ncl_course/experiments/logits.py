"""What a network says of many images, in portions: a convolution takes memory for each image that it sees at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PORTION = 300


def logits_of(net: Any, x: NDArray[Any]) -> NDArray[Any]:
    """Logits (N, classes) of images (N, C, H, W) in test mode; the network is left in the mode it was found in."""
    training = net.training
    net.eval()
    try:
        return np.concatenate([np.asarray(net.forward(x[n : n + PORTION])) for n in range(0, len(x), PORTION)])
    finally:
        (net.train if training else net.eval)()
