"""The interactive pictures of lesson 05 as a reader moves them: in both languages, one theme each."""

from __future__ import annotations

import pytest

from tests.browser.sliders import moved
from tests.browser.test_lesson_01 import picture

pytestmark = pytest.mark.browser
NAME = "05_normalization.ipynb"

EXPLORERS = {
    "drift": {"en": ("Step 2, layer 6,", "layer 5,"), "ru": ("Шаг 2, слой 6,", "слой 5,")},
    "map-explorer": {
        "en": ("X: mean 5,", "X: mean 5, standard deviation 1.12."),
        "ru": ("X: среднее 5,", "X: среднее 5, стандартное отклонение 1,12."),
    },
    "running-picture": {"en": ("α = 0.95, step 100.", "step 99."), "ru": ("α = 0,95, шаг 100.", "шаг 99.")},
    "axes": {"en": ("4 means of 24 values each",), "ru": ("Средних 4, чисел в каждом 24",)},
    "small-batch": {
        "en": ("Batches of 4 samples, maps of 2 × 2", "maps of 1 × 1"),
        "ru": ("Примеров в пакете 4, карты 2 × 2", "карты 1 × 1"),
    },
}
"""A part of each explorer's sentence after a step right on its first slider, and after a step left on its second."""


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_every_explorer_follows_its_sliders(lab, lang, theme):
    page = lab.blank(NAME, lang, theme)
    for cell, said in EXPLORERS.items():
        explorer = lab.show(page, cell)
        for slider, (words, key) in enumerate(zip(said[lang], ("ArrowRight", "ArrowLeft"), strict=False)):
            assert words in moved(explorer, slider, key)
        picture(page, f"{cell}-{lang}-{theme}.png")
    lab.close(page)
