"""The sample photograph of several lessons, which the course ships."""

from __future__ import annotations

from importlib import resources

import numpy as np

from ncl_course.data.dataset import Array

FILE = "summer_palace_192x288.npz"
"""The file's name holds H and W: they differ, and both are divisible by 2, 4, 8, 16 and 32."""


def sample_photo() -> Array:
    """Return a photograph of the Summer Palace in Beijing as (H, W, 3) float64 from 0 to 1.

    It is scikit-learn's ``china.jpg``, reduced with Lanczos's filter, under the license in
    ``LICENSE-summer-palace.txt``.
    """
    with resources.files("ncl_course.data").joinpath(FILE).open("rb") as file, np.load(file) as arrays:
        return arrays["image"].astype(np.float64) / 255
