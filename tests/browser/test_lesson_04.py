"""The interactive pictures of lesson 04 as a reader moves them: in both languages, one theme each."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.sliders import moved, run
from tests.browser.test_lesson_01 import picture

pytestmark = pytest.mark.browser
NAME = "04_dropout.ipynb"

EXPLORERS = {
    "nets-explorer": {"en": ("Draw 2, p = 0.5:", "p = 0.6:"), "ru": ("Маска 2, p = 0,5:", "p = 0,6:")},
    "expectation": {"en": ("Masks averaged over: 500", "p = 0.9."), "ru": ("Усреднено масок: 500", "p = 0,9.")},
    "scaling": {"en": ("p = 0.9:", "p = 0.9:"), "ru": ("p = 0,9:", "p = 0,9:")},
}
"""A part of each explorer's sentence after a key on its first slider, and after one on its second."""


@pytest.mark.parametrize(("lang", "theme", "inverted"), [("en", "light", "inverted"), ("ru", "dark", "второй")])
def test_every_explorer_follows_its_sliders(lab, lang, theme, inverted):
    page = lab.blank(NAME, lang, theme)
    for cell, said in EXPLORERS.items():
        explorer = lab.show(page, cell)
        first, second = said[lang]
        assert first in moved(explorer, 0, "ArrowLeft" if cell == "expectation" else "ArrowRight")
        assert second in moved(explorer, 1)
        picture(page, f"{cell}-{lang}-{theme}.png")
    explorer = lab.show(page, "scaling")
    image, words = explorer.locator("img").first, explorer.get_by_role("status")
    before = image.get_attribute("src")
    explorer.get_by_role("button", name=inverted, exact=True).click()
    expect(image).not_to_have_attribute("src", before)
    expect(words).to_contain_text({"en": "Inverted, p = 0.9:", "ru": "Второй вариант, p = 0,9:"}[lang])
    lab.close(page)


def test_play_draws_one_mask_after_another(lab):
    page = lab.blank(NAME)
    run(page, "nets-explorer")
    explorer = lab.show(page, "nets-explorer")
    words = explorer.get_by_role("status")
    expect(words).to_contain_text("Draw 1,")
    explorer.get_by_role("button").first.click()
    expect(words).to_contain_text("Draw 3,")
    lab.close(page)
