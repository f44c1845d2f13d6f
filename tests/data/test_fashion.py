"""The images of Fashion-MNIST are split evenly and are part of the package."""

from __future__ import annotations

import doctest
import hashlib
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

import ncl_course.data
from ncl_course.data import all_fashion, fashion, load_fashion
from ncl_course.language import language

NAMES = {
    "en": ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    "ru": (
        *("футболка", "брюки", "пуловер", "платье", "пальто"),
        *("сандалия", "рубашка", "кроссовка", "сумка", "ботильон"),
    ),
}


def parts(split):
    return (split.train, split.validation, split.test)


def rows(part):
    return [(image.tobytes(), int(label)) for image, label in zip(part.x, part.labels, strict=True)]


def test_there_are_6000_different_images_600_of_each_class():
    images, labels = all_fashion()
    assert (images.dtype, images.shape, labels.dtype) == (np.float32, (6000, 1, 28, 28), np.int64)
    assert np.bincount(labels).tolist() == [600] * 10
    assert len({image.tobytes() for image in images}) == 6000


def test_pixels_are_the_256_grey_levels_divided_by_255():
    images, _ = all_fashion()
    assert (images.min(), images.max()) == (0, 1)
    assert np.array_equal(np.rint(images * 255) / np.float32(255), images)
    assert len(np.unique(images)) == 256


def test_the_file_holds_the_chosen_images_and_labels_unchanged():
    with np.load(Path(ncl_course.data.__file__).with_name(fashion.FILE)) as arrays:
        sums = {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in arrays.items()}
    assert sums == {
        "images": "a972391453d4c2982f8f4a38851d264b3708c3d8c88004478b57647274ef0c40",
        "labels": "c1899021d25125054170c48e2a8a246097488662cd0c8be8618697a34ff226f7",
    }


def test_each_part_has_the_same_number_of_images_of_each_class():
    split = load_fashion()
    assert [len(part) for part in parts(split)] == [4000, 1000, 1000]
    assert [np.bincount(part.labels).tolist() for part in parts(split)] == [[400] * 10, [100] * 10, [100] * 10]
    assert all((part.x.dtype, part.labels.dtype) == (np.float32, np.int64) for part in parts(split))


def test_the_parts_together_contain_every_image_with_its_label():
    images, labels = all_fashion()
    everything = [(image.tobytes(), int(label)) for image, label in zip(images, labels, strict=True)]
    assert sorted(row for part in parts(load_fashion()) for row in rows(part)) == sorted(everything)


def test_every_part_is_shuffled_so_that_each_batch_contains_most_classes():
    for part in parts(load_fashion()):
        assert all(len(set(batch.tolist())) >= 8 for batch in part.labels.reshape(-1, 50))


def test_the_same_seed_gives_the_same_split_and_another_seed_another_one():
    assert all(
        rows(one) == rows(other) for one, other in zip(parts(load_fashion()), parts(load_fashion(0)), strict=True)
    )
    assert sorted(rows(load_fashion(1).test)) != sorted(rows(load_fashion(2).test))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_classes_have_names_in_the_current_language(lang):
    language(lang)
    assert load_fashion().classes == NAMES[lang]


def test_two_calls_share_no_memory():
    one, other = load_fashion(), load_fashion()
    one.train.x[...] = 0
    assert other.train.x.any()


def test_loading_imports_neither_torch_nor_scikit_learn():
    code = "import sys; from ncl_course.data import load_fashion; load_fashion(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "numpy" in loaded
    assert not {"torch", "sklearn", "PIL", "matplotlib"} & set(loaded)


def test_the_file_is_small_and_is_packaged_together_with_its_license():
    folder = Path(ncl_course.data.__file__).parent
    about = tomllib.loads((folder.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    travels = {
        path.name
        for pattern in about["tool"]["setuptools"]["package-data"]["ncl_course"]
        for path in folder.parent.glob(pattern)
    }
    assert {"fashion_mnist_6000.npz", "LICENSE-fashion-mnist.txt"} <= travels
    assert (folder / fashion.FILE).stat().st_size < 2_600_000
    assert "Copyright © 2017 Zalando SE" in (folder / "LICENSE-fashion-mnist.txt").read_text(encoding="utf-8")
    assert "MIT" in about["project"]["license"]


def test_the_docstring_example_is_correct():
    language("en")
    results = doctest.testmod(fashion)
    assert (results.failed, results.attempted > 0) == (0, True)
