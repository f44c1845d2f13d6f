"""The interactive pictures of lesson 02 as a reader moves them: in both languages, one theme each."""

from __future__ import annotations

import pytest

from tests.browser.sliders import Moves, follow

pytestmark = pytest.mark.browser
NAME = "02_activations.ipynb"

MOVES: Moves = {
    "curves-explorer": (
        (2, "ArrowRight", {"en": "LeakyReLU at x = −1.75", "ru": "LeakyReLU в точке x = −1,75"}),
        (1, "End", {"en": "of a gradient of 1, 2 comes back.", "ru": "от градиента 1 обратно возвращается 2."}),
        (0, "ArrowRight", {"en": "PReLU at x = −1.75", "ru": "PReLU в точке x = −1,75"}),
    ),
    "tanh-explorer": (
        (0, "ArrowRight", {"en": "The curve σ(1.25x) is up to", "ru": "Кривая σ(1,25x) отходит от tanh x"}),
        (1, "End", {"en": "The curve 3σ(1.25x) is up to", "ru": "Кривая 3σ(1,25x) отходит от tanh x"}),
        (2, "Home", {"en": "The curve 3σ(1.25x) − 2 is up to", "ru": "Кривая 3σ(1,25x) − 2 отходит от tanh x"}),
    ),
    "depth-explorer": (
        (1, "Home", {"en": "N(0, 0.5²/100)", "ru": "N(0, 0,5²/100)"}),
        (0, "ArrowRight", {"en": "Tanh, weights", "ru": "Tanh, веса"}),
    ),
    "dying-explorer": (
        (2, "ArrowRight", {"en": "Step 2: w = 0.042, b = −0.3.", "ru": "Шаг 2: w = 0,042, b = −0,3."}),
        (0, "ArrowRight", {"en": "comes back through the leak", "ru": "через утечку немного возвращается"}),
        (1, "Home", {"en": "In 20 of 20 samples", "ru": "на 20 примерах из 20"}),
    ),
    "maxout-explorer": (
        (
            2,
            "End",
            {
                "en": "max(−x − 0.5, 2x + 1): the kink is at x = −0.5.",
                "ru": "max(−x − 0,5; 2x + 1): излом при x = −0,5.",
            },
        ),
        (0, "End", {"en": "the lines are parallel, there is no kink", "ru": "прямые параллельны, излома нет"}),
        (1, "ArrowRight", {"en": "max(2x − 0.25, 2x + 1)", "ru": "max(2x − 0,25; 2x + 1)"}),
        (3, "Home", {"en": "The upper one, 2x − 0.25,", "ru": "Верхняя, 2x − 0,25,"}),
    ),
}


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_every_explorer_follows_its_sliders(lab, lang, theme):
    page = lab.blank(NAME, lang, theme)
    follow(lab, page, MOVES, lang, theme)
    lab.close(page)
