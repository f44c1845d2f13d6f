"""The interactive pictures of lesson 03 as a reader moves them: in both languages, one theme each."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.sliders import Moves, follow
from tests.browser.test_lesson_01 import picture

pytestmark = pytest.mark.browser
NAME = "03_linear_softmax.ipynb"

MOVES: Moves = {
    "mean-explorer": (
        (0, "ArrowRight", {"en": "512 maps of 8×8", "ru": "Карты 8×8 (их 512)"}),
        (1, "ArrowLeft", {"en": "256 maps of 8×8", "ru": "Карты 8×8 (их 256)"}),
        (2, "Home", {"en": "of 16.8 million parameters", "ru": "из 16,8 млн параметров"}),
    ),
    "softmax-explorer": (
        (1, "End", {"en": "Class 2 is", "ru": "Класс 2 вероятнее"}),
        (4, "ArrowRight", {"en": "3 / 1.25.", "ru": "3 / 1,25."}),
    ),
    "overflow-explorer": (
        (0, "ArrowRight", {"en": "c = 1: both ways give", "ru": "c = 1: оба способа дают"}),
        (0, "End", {"en": "∞ / ∞ is NaN", "ru": "∞ / ∞ — это NaN"}),
        (0, "Home", {"en": "0 / 0 is NaN", "ru": "0 / 0 — это NaN"}),
    ),
    "template-explorer": (
        (0, "Home", {"en": "at most 22×22 pixels", "ru": "не больше 22×22 пикселей"}),
        (1, "End", {"en": "N = 1, M = 5, K = 1. Layers with parameters: 7", "ru": "Слоёв с параметрами: 7"}),
        (2, "ArrowRight", {"en": "(CONV 5, FC 3)", "ru": "(CONV — 5, FC — 3)"}),
    ),
}


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_every_explorer_follows_its_sliders(lab, lang, theme):
    page = lab.blank(NAME, lang, theme)
    follow(lab, page, MOVES, lang, theme)
    explorer = lab.show(page, "overflow-explorer")
    image = explorer.locator("img").first
    before = image.get_attribute("src")
    explorer.get_by_role("button", name="float32").click()
    expect(image).not_to_have_attribute("src", before)
    drag_a_logit_down(lab, page, lang)
    template = lab.show(page, "template-explorer")
    template.get_by_role("button", name={"en": "without POOL", "ru": "без POOL"}[lang]).click()
    expect(template.get_by_role("status")).to_contain_text("256×32×32")
    picture(page, f"template-explorer-without-{lang}-{theme}.png")
    lab.close(page)


def drag_a_logit_down(lab, page, lang):
    """Drag the first logit with the mouse until it is below all others."""
    explorer = lab.show(page, "softmax-explorer")
    place = explorer.get_by_role("slider").nth(0).bounding_box()
    across, down = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(across, down)
    page.mouse.down()
    page.mouse.move(across, down + 200, steps=5)
    page.mouse.up()
    least = {"en": "Probabilities 0;", "ru": "Вероятности 0;"}[lang]
    expect(explorer.get_by_role("status")).to_contain_text(least)
