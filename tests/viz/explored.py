"""Common questions of explorers' tests: the sentence, whether two pictures are equal, whether all words are visible."""

from __future__ import annotations

import html
import re
from io import BytesIO

import numpy as np
from PIL import Image

from ncl_course.viz.explorer import Explorer


def sentence(explorer: Explorer) -> str:
    """Return the explorer's sentence without tags."""
    return html.unescape(re.sub("<[^>]+>", "", explorer.sentence.value))


def pixels(explorer: Explorer) -> np.ndarray:
    """Return its picture as red, green, blue and opacity."""
    return np.asarray(Image.open(BytesIO(explorer.png)).convert("RGBA"))


def same_picture(one: Explorer, other: Explorer) -> bool:
    """Return whether all pixels of two explorers' pictures are equal."""
    return np.array_equal(pixels(one), pixels(other))


def stands_inside(explorer: Explorer) -> None:
    """Return whether edges are transparent, no word leaves the picture, and no two words of one axes overlap."""
    picture = explorer.picture
    assert pixels(explorer)[0, 0, 3] == 0
    picture.canvas.draw()
    for ax in picture.axes:
        box = ax.get_tightbbox()
        assert box.x0 >= 0, explorer
        assert box.y0 >= 0, explorer
        assert box.x1 <= picture.bbox.width, explorer
        assert box.y1 <= picture.bbox.height, explorer
        words = [said.get_window_extent() for said in [*ax.texts, ax.title] if said.get_text()]
        for place, one in enumerate(words):
            assert not [other for other in words[:place] if one.overlaps(other)], [t.get_text() for t in ax.texts]
