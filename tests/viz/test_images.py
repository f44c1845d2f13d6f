"""Each drawing and each explorer's first frame against an image of it; ``make images`` draws the images anew.

They are those of the matplotlib in constraints.txt, which brings its own font and, in its wheels, its own FreeType;
without hinting another FreeType draws the same letters but for shades. Another matplotlib may move letters.
"""

from __future__ import annotations

import pytest

from ncl_course import viz
from ncl_course.viz.picture import Picture
from tests.viz.drawings import BASELINE, DRAWINGS, EXPLORERS, compared, first_frame


@compared()
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawn_as_before(name: str) -> Picture:
    return DRAWINGS[name]()


@compared(dpi=45)
@pytest.mark.parametrize("name", EXPLORERS)
def test_opens_as_before(name: str) -> Picture:
    return first_frame(name)


def test_every_drawing_that_viz_offers_is_compared() -> None:
    assert {name for name in viz.__all__ if name.startswith("draw_")} == set(DRAWINGS), "see tests/viz/drawings.py"
    assert len(EXPLORERS) >= 3


def test_there_is_an_image_for_each_and_no_other_and_all_are_small() -> None:
    images = {path.name: path.stat().st_size for path in BASELINE.iterdir()}
    drawn = {f"test_drawn_as_before_{name}.png" for name in DRAWINGS}
    assert set(images) == drawn | {f"test_opens_as_before_{name}.png" for name in EXPLORERS}, "run `make images`"
    assert max(images.values()) < 50_000
