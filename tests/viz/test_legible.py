"""Words in pictures are readable on JupyterLab's light page and on its dark one, and everyone can distinguish colours.

The background of a word is looked up in the picture itself, drawn without words on the page's colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from colorspacious import deltaE
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from ncl_course.viz.palette import BRIGHTER, INK, OKABE_ITO, tint
from ncl_course.viz.picture import PIXELS_PER_INCH, Picture
from tests.viz.figures import PICTURES

Colours = NDArray[np.float64]
PAGES = {"light": ("#ffffff", 1.0), "dark": ("#111111", BRIGHTER)}
"""The colour of each page, and how much brighter it shows a picture."""

ENOUGH, FOR_SIGNS = 4.5, 3.0
"""WCAG's limits for small words, and for signs."""

LEAST = 9
"""The size of the smallest words, in pixels of the page."""

SIGNS = ("✔", "?")
"""The coloured signs at the beginning of a line that says the same in words."""

CLEAR = 0.75
"""The share of a word's area that must have enough contrast: a curve may cross the word, but no more."""


def luminance(colours: Colours) -> Colours:
    """Return the relative luminance of WCAG 2 of colours (..., 3) from 0 to 1."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return linear @ np.array([0.2126, 0.7152, 0.0722])


def contrast(one: Colours, other: Colours) -> Colours:
    """Return the contrast of WCAG 2."""
    lights = luminance(one), luminance(other)
    return (np.maximum(*lights) + 0.05) / (np.minimum(*lights) + 0.05)


def words(picture: Figure) -> list[Text]:
    """Return all words that are drawn with the picture, so without tick labels beyond an axis."""
    written: list[Text] = []
    draw = Text.draw

    def noted(word: Text, *how: Any, **more: Any) -> None:
        if word.get_visible() and word.get_text().strip():
            written.append(word)
        draw(word, *how, **more)

    with patch.object(Text, "draw", noted):
        FigureCanvasAgg(picture).draw()
    return written


def without_words(picture: Figure, said: list[Text]) -> Colours:
    """Return the pixels (H, W, 4) of the picture without its words, on no page: their last number is the opacity."""
    seen = [word.get_visible() for word in said]
    for word in said:
        word.set_visible(False)
    picture.set_facecolor("none")
    canvas = FigureCanvasAgg(picture)
    canvas.draw()
    for word, visible in zip(said, seen, strict=True):
        word.set_visible(visible)
    return np.asarray(canvas.buffer_rgba()) / 255


def bright(colour: Colours, factor: float) -> Colours:
    """Return colours as a page shows them that makes pictures brighter by that factor."""
    return np.minimum(factor * np.asarray(colour), 1)


def on_its_own_box(word: Text, under: Colours, factor: float) -> Colours:
    """Return the background of a word, which may have its own box."""
    box = word.get_bbox_patch()
    *colour, alpha = box.get_facecolor() if box is not None else (0.0, 0.0, 0.0, 0.0)
    return alpha * bright(colour, factor) + (1 - alpha) * under


def badly_read(picture: Figure) -> dict[str, list[tuple[str, float]]]:
    """Return, for each page, the words that are too small, or have too little contrast to most of their background."""
    said = words(picture)
    boxes = [word.get_window_extent() for word in said]
    drawn = without_words(picture, said)
    colour, opacity = drawn[..., :3], drawn[..., 3:]
    tiny = [(word.get_text(), size) for word in said if (size := word.get_fontsize() * PIXELS_PER_INCH / 72) < LEAST]
    return {
        name: [
            *tiny,
            *unread(said, boxes, opacity * bright(colour, factor) + (1 - opacity) * np.array(to_rgb(page)), factor),
        ]
        for name, (page, factor) in PAGES.items()
    }


def unread(said: list[Text], boxes: list[Bbox], pixels: Colours, factor: float) -> Iterator[tuple[str, float]]:
    """Yield the words in these boxes that have too little contrast to too much of these pixels, with the contrast."""
    for word, box in zip(said, boxes, strict=True):
        top, bottom = (round(pixels.shape[0] - edge) for edge in (box.y1, box.y0))
        under = pixels[max(top, 0) : bottom, max(round(box.x0), 0) : round(box.x1)].reshape(-1, 3)
        under = on_its_own_box(word, under, factor)
        alpha = to_rgba(word.get_color(), word.get_alpha())[3]
        colour = alpha * bright(to_rgb(word.get_color()), factor) + (1 - alpha) * under
        least = float(np.quantile(contrast(colour, under), 1 - CLEAR)) if len(under) else 0.0
        if least < (FOR_SIGNS if word.get_text() in SIGNS else ENOUGH):
            yield word.get_text(), round(least, 2)


@pytest.mark.parametrize("name", PICTURES)
def test_every_word_of_a_picture_can_be_read_on_both_pages(name: str) -> None:
    picture = PICTURES[name]()
    assert badly_read(picture) == {"light": [], "dark": []}


def with_point(said: str) -> bool:
    """Return whether a text has a number with a decimal point, except in formulas and in the names of VGG's layers."""
    return "$" not in said and bool(re.search(r"(?<!CONV )\d\.\d", said))


@pytest.mark.parametrize("name", PICTURES)
def test_a_russian_picture_has_decimal_commas_but_for_formulas(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    picture = PICTURES[name]()
    said = [word.get_text() for word in words(picture)]
    assert [word for word in [*said, picture.alt] if with_point(word)] == []


@pytest.mark.parametrize(("colour", "where"), [("#444444", "dark"), ("#aaaaaa", "light"), (OKABE_ITO[1], "light")])
def test_a_word_in_a_colour_of_one_page_alone_is_found(colour: str, where: str) -> None:
    picture = Picture(2, 1, "")
    picture.text(0.5, 0.5, "word", color=colour)
    picture.text(0.5, 0.1, "ink", color=INK)
    found = {page: [word for word, _ in bad] for page, bad in badly_read(picture).items()}
    assert found == {"light": [], "dark": [], where: ["word"]}


def test_a_word_that_is_too_small_is_found() -> None:
    picture = Picture(2, 1, "")
    picture.text(0.5, 0.5, "tiny", color=INK, fontsize=6)
    assert [word for word, _ in badly_read(picture)["light"]] == ["tiny"]


def test_a_word_that_lies_on_a_bar_is_measured_against_the_bar() -> None:
    picture = Picture(2, 1, "")
    ax = picture.place(0, 0, 2, 1)
    ax.set_axis_off()
    ax.barh([0], [1], height=1, color=OKABE_ITO[0])
    ax.text(0.5, 0, "on blue", color=INK, ha="center")
    assert [word for word, _ in badly_read(picture)["light"]] == ["on blue"]


# ---- colours -----------------------------------------------------------------------------------------------------

SIGHTS = ("normal", "deuteranomaly", "protanomaly", "tritanomaly")


def apart(one: str, other: str, sight: str) -> float:
    """Return the distance of two colours (CAM02-UCS; about 1 is just visible) for that sight at full severity."""
    space = "sRGB1" if sight == "normal" else {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
    return float(deltaE(to_rgb(one), to_rgb(other), input_space=space))


@pytest.mark.parametrize("sight", SIGHTS)
def test_any_two_colours_of_the_palette_are_told_apart(sight: str) -> None:
    near = {(a, b): apart(a, b, sight) for a, b in combinations(OKABE_ITO, 2)}
    assert min(near.values()) > 10, min(near, key=near.__getitem__)


@pytest.mark.parametrize("sight", SIGHTS)
def test_neighbouring_windows_are_told_apart_by_the_faces_of_their_cells(sight: str) -> None:
    faces = [tint(colour) for colour in OKABE_ITO]
    assert min(apart(a, b, sight) for a, b in zip(faces, faces[1:] + faces[:1], strict=True)) > 5


def test_red_and_green_as_bright_as_one_another_would_be_found() -> None:
    assert apart("#d62728", "#2ca02c", "normal") > 50
    assert apart("#a05000", "#708000", "deuteranomaly") < 10
