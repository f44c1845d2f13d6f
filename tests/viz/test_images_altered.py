"""The comparison of images works: a drawing with one changed number, colour or point differs from the old one.

Each test is expected to fail, as a comparison does. If it passes, that is an error; without the option ``--mpl``,
which pyproject.toml sets for every run, all of them would pass.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Text

from ncl_course.viz.palette import OKABE_ITO, tint
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.drawings import draw_window
from ncl_course.viz.pooling.pooled import SLIDE, pool_map
from ncl_course.viz.training.curves import draw_losses
from ncl_course.viz.training.history import TrainingHistory
from tests.viz.drawings import DRAWINGS, compared, one, two


@pytest.fixture(autouse=True)
def _never_taken_for_the_right_image(request: pytest.FixtureRequest) -> None:
    """Skip these tests while images are drawn again, so that no altered picture is saved as an image."""
    if request.config.getoption("--mpl-generate-path"):
        pytest.skip("an altered picture must not be saved as an image")


def bites(name: str) -> Callable[[Callable[[], Picture]], Callable[[], Picture]]:
    """Mark a test whose drawing differs from the image of ``name`` and must fail for that reason."""

    def decorate(test: Callable[[], Picture]) -> Callable[[], Picture]:
        expected = pytest.mark.xfail(
            strict=True, raises=pytest.fail.Exception, reason="the altered drawing must differ"
        )
        return compared(filename=f"test_drawn_as_before_{name}.png")(expected(test))

    return decorate


def altered_slide() -> np.ndarray:
    slide = SLIDE.copy()
    slide[3, 1] = 3
    return slide


@bites("draw_window")
def test_one_number_of_a_map_is_another() -> Picture:
    return two(lambda a, b: draw_window(pool_map(altered_slide(), 2, 2, "max"), 1, a, b))()


@bites("draw_gradient")
def test_one_small_number_in_the_corner_of_a_cell_is_another() -> Picture:
    picture = DRAWINGS["draw_gradient"]()
    small = min(picture.axes[0].texts, key=Text.get_fontsize)
    small.set_text("6")
    return picture


@bites("draw_output_size")
def test_one_digit_of_a_title_is_another() -> Picture:
    picture = DRAWINGS["draw_output_size"]()
    title = picture.axes[0]._left_title  # type: ignore[attr-defined]
    title.set_text(title.get_text().replace("fit: 3", "fit: 4"))
    return picture


@bites("draw_output_size")
def test_one_window_has_the_colour_of_another() -> Picture:
    picture = DRAWINGS["draw_output_size"]()
    bar = next(patch for patch in picture.axes[0].patches if isinstance(patch, FancyBboxPatch))
    bar.set_facecolor(tint(OKABE_ITO[5], 0.55))
    return picture


@bites("draw_family")
def test_one_curve_has_another_colour() -> Picture:
    picture = DRAWINGS["draw_family"]()
    line: Line2D = picture.axes[1].lines[0]
    line.set_color(OKABE_ITO[5])
    return picture


@bites("draw_losses")
def test_one_loss_of_a_curve_is_another() -> Picture:
    history = TrainingHistory([2.0, 1.5, 1.7, 0.5], [1, 4], [0.25, 0.75])
    return one(lambda ax: draw_losses(history, 6, ax))()


@bites("draw_predictions")
def test_one_bar_is_a_little_longer() -> Picture:
    picture = DRAWINGS["draw_predictions"]()
    bar = picture.axes[0].patches[0]
    bar.set_width(bar.get_width() + 0.03)  # type: ignore[attr-defined]
    return picture
