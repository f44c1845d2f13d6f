"""Each drawing, figure and explorer's first frame is compared with an image; ``make images`` draws the images again.

The images are from the matplotlib version in constraints.txt, which has its own font and, in its wheels, its own
FreeType. Without hinting, another FreeType draws the same letters in slightly different shades. Another matplotlib
may move letters.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import walk_packages
from types import FrameType, FunctionType

import pytest

from ncl_course import viz
from ncl_course.viz.picture import Picture
from ncl_course.viz.training.live.drawing import Drawing
from tests.viz.drawings import BASELINE, DRAWINGS, EXPLORERS, compared
from tests.viz.figures import FIGURES, NOT_COMPARED, PICTURES

CALLED: dict[str, set[tuple[str, str]]] = {}
"""The functions that drew each picture, by their module and name."""


def drawn(name: str) -> Picture:
    """Draw a picture, and note the functions that draw in it."""
    called = CALLED.setdefault(name, set())

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name.startswith("draw_"):
            called.add((frame.f_globals["__name__"], frame.f_code.co_name))

    sys.setprofile(note)
    try:
        return PICTURES[name]()
    finally:
        sys.setprofile(None)


@compared()
@pytest.mark.parametrize("name", DRAWINGS)
def test_drawn_as_before(name: str) -> Picture:
    return drawn(name)


@compared(dpi=45)
@pytest.mark.parametrize("name", FIGURES)
def test_shown_as_before(name: str) -> Picture:
    return drawn(name)


@compared(dpi=45)
@pytest.mark.parametrize("name", EXPLORERS)
def test_opens_as_before(name: str) -> Picture:
    return drawn(name)


def test_every_figure_that_viz_offers_is_compared() -> None:
    assert {name for name in viz.__all__ if name.startswith("show_")} - NOT_COMPARED <= set(FIGURES), "see figures.py"


def test_every_function_that_draws_has_drawn_in_some_image() -> None:
    for name in PICTURES.keys() - CALLED.keys():  # none, if the comparisons above have run in this process
        drawn(name)
    called = set().union(*CALLED.values())
    modules = [import_module(found.name) for found in walk_packages(viz.__path__, f"{viz.__name__}.")]
    written = [one for module in modules for one in vars(module).values() if isinstance(one, FunctionType)]
    drawing = {(one.__module__, one.__name__) for one in written if one.__name__.startswith("draw_")}
    drawing -= {(Drawing.__module__, "draw_and_read")}  # a sheet on which the reader draws
    assert drawing - called == set(), "no image shows these drawings: see tests/viz/figures.py"
    assert len(drawing) > 60


def test_there_is_an_image_for_each_and_no_other_and_all_are_small() -> None:
    images = {path.name: path.stat().st_size for path in BASELINE.iterdir()}
    drawn = {f"test_drawn_as_before_{name}.png" for name in DRAWINGS}
    shown = {f"test_shown_as_before_{name}.png" for name in FIGURES}
    opened = {f"test_opens_as_before_{name}.png" for name in EXPLORERS}
    assert set(images) == drawn | shown | opened, "run `make images`"
    assert max(images.values()) < 50_000
