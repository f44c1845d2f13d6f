"""The scrubber of a finished training in a real JupyterLab: the slider moves through it, for one layer or for all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_live_network import SETUP, results

pytestmark = pytest.mark.browser
WORDS = {
    "en": {"layer": r"0 Conv2d after step (\d+): gradient", "all": r"After step (\d+): loss", "every": "all layers"},
    "ru": {
        "layer": r"0 Conv2d после шага (\d+): градиент",
        "all": r"После шага (\d+): функция потерь",
        "every": "все слои",
    },
}


def scratch(lab, lang: str) -> str:
    """Return a notebook that trains the right layers and then shows the scrubber."""
    sources = {
        "setup": SETUP.replace("import draw_and_read", "import draw_and_read, scrub_training") + f'language("{lang}")',
        "run": "view = live_training(*pieces, digits, config, steps=38)",
        "scrub": "scrub_training(view)",
    }
    return lab.write(f"scrub-{lang}", sources)


def step(shown, words: str) -> int:
    """Return the number of the step in the sentence, once the sentence appears."""
    sentence = shown.get_by_text(re.compile(words)).first
    sentence.wait_for()
    return int(re.search(words, sentence.inner_text()).group(1))


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_the_slider_moves_through_the_training_and_a_layer_can_be_chosen(lab, lang, theme):
    words = WORDS[lang]
    page = lab.open(scratch(lab, lang), theme)
    lab.run_all(page)
    shown = lab.show(page, "scrub")
    assert step(shown, words["layer"]) == 38
    picture = shown.locator("img").first
    last = picture.get_attribute("src")
    page.screenshot(path=results(f"scrub-layer-{lang}-{theme}.png"))

    slider = shown.get_by_role("slider").first
    slider.focus()
    slider.press("Home")
    expect(picture).not_to_have_attribute("src", last)
    assert step(shown, re.sub(r"\(\\d\+\)", "(0)", words["layer"])) == 0
    slider.press("ArrowRight")
    assert step(shown, re.sub(r"\(\\d\+\)", "(1)", words["layer"])) == 1

    large = picture.get_attribute("src")
    shown.locator("select").first.select_option(label=words["every"])
    assert step(shown, words["all"]) == 1
    expect(picture).not_to_have_attribute("src", large)
    expect(picture).to_have_attribute("alt", re.compile(words["all"]))
    page.screenshot(path=results(f"scrub-all-{lang}-{theme}.png"))
    lab.close(page)
