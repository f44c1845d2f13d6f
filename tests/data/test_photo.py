"""The photograph is scikit-learn's, reduced once, and travels with its license."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_sample_image

from ncl_course import data
from ncl_course.data.photo import FILE, sample_photo


def test_the_photo_is_scikit_learns_reduced_with_lanczos():
    rows, cols = 192, 288
    small = Image.fromarray(load_sample_image("china.jpg")).resize((cols, rows), Image.Resampling.LANCZOS)
    photo = sample_photo()

    assert (photo.shape, photo.dtype) == ((rows, cols, 3), np.float64)
    assert np.abs(255 * photo - np.asarray(small, dtype=np.float64)).max() <= 1, "Pillow may round differently one day"
    assert photo.std() > 0.1


def test_two_calls_share_no_memory():
    one, other = sample_photo(), sample_photo()
    one[...] = 0
    assert other.any()


def test_every_file_of_images_has_a_license_beside_it_that_names_it():
    folder = Path(data.__file__).parent
    licenses = "".join(path.read_text(encoding="utf-8") for path in folder.glob("LICENSE-*.txt"))

    assert FILE in {path.name for path in folder.glob("*.npz")}
    assert [p.name for p in folder.glob("*.npz") if p.name not in licenses and "fashion" not in p.name] == []
