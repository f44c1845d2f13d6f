"""The pictures of normalization within a sample and of weights: highlighted cells, colours and words."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ncl_course import viz
from ncl_course.oracles.layer import to_torch
from ncl_course.oracles.normalization.groupnorm import GroupNorm, InstanceNorm2d, LayerNorm2d, WeightStandardization
from ncl_course.viz.normalization.groupnorm import (
    SHAPE,
    WAYS,
    averaged_cells,
    draw_cube,
    draw_filter,
    example_filters,
    weight_colour,
)
from ncl_course.viz.palette import PAPER

N, C, S = SHAPE
LAYERS = {"ln": LayerNorm2d(C), "in": InstanceNorm2d(C), "gn": GroupNorm(2, C)}
FIGURES = {"axes": viz.show_normalized_axes, "weights": viz.show_weight_standardization}


@pytest.fixture(params=["en", "ru"])
def lang(request, monkeypatch):
    monkeypatch.setenv("NCL_LANG", request.param)
    return request.param


@pytest.mark.parametrize("name", LAYERS)
def test_the_lit_cells_are_those_that_the_oracle_averages(name):
    x = np.random.default_rng(0).standard_normal((N, C, S, 1))
    lit = averaged_cells(*WAYS[name])
    mean = LAYERS[name].average(to_torch(x))[0, -1].item()
    assert x[..., 0][lit].mean() == pytest.approx(mean)
    assert lit[0, -1, 0]


def test_batch_norm_averages_one_channel_of_all_samples():
    lit = averaged_cells(*WAYS["bn"])
    assert lit[:, -1].all()
    assert not lit[:, :-1].any()


@pytest.mark.parametrize(("name", "count"), [("bn", N * S), ("ln", C * S), ("in", S), ("gn", C // 2 * S)])
def test_as_many_cells_are_lit_as_share_a_mean(name, count):
    assert averaged_cells(*WAYS[name]).sum() == count


def test_a_cube_shows_three_sides_and_lights_what_its_mask_says():
    mask = np.zeros((2, 3, 4), dtype=bool)
    mask[0, 2, 0] = mask[1, 0, 3] = True
    cube = draw_cube(mask, Figure().subplots())
    assert len(cube.faces) == 3 * 4 + 2 * 3 + 2 * 4
    assert cube.lit == {(side, (0, 2, 0)) for side in ("front", "top", "side")}
    white = [face for at, face in cube.faces.items() if at not in cube.lit]
    assert {face.get_facecolor() for face in white} == {(0xF4 / 255, 0xF4 / 255, 0xF2 / 255, 1.0)}
    assert PAPER == "#f4f4f2"
    assert [word.get_text() for word in cube.words] == ["C", "H·W", "N"]


def test_a_filter_says_its_mean_and_variance_and_has_a_cell_a_weight(lang):
    ax = Figure().subplots()
    cells = draw_filter(np.array([[[1.0, 3.0]], [[-1.0, -3.0]]]), ax)
    assert len(cells) == 4
    assert ax.texts[0].get_text() == {"en": "μ = 0.00   σ² = 5.00", "ru": "μ = 0,00   σ² = 5,00"}[lang]
    colours = [cell.get_facecolor() for cell in cells]
    assert len(set(colours)) == 4
    assert colours[1][2] > colours[1][0], "above 0 is blue"
    assert colours[3][2] < colours[3][0], "below 0 is orange"


def test_a_weight_of_zero_is_white_and_beyond_the_limit_nothing_grows():
    assert weight_colour(0.0) == "#ffffff"
    assert weight_colour(3.0) == weight_colour(300.0)


def test_after_standardization_every_filter_says_mean_0_and_variance_1(lang):
    picture = viz.show_weight_standardization()
    said = [ax.texts[0].get_text() for ax in picture.axes if "μ" in ax.texts[0].get_text()]
    assert len(said) == 8
    assert set(said[4:]) == {{"en": "μ = 0.00   σ² = 1.00", "ru": "μ = 0,00   σ² = 1,00"}[lang]}
    assert not set(said[:4]) & set(said[4:])


def test_a_students_own_bank_is_drawn_with_its_own_eps():
    picture = viz.show_weight_standardization(np.array([[[[1.0, 3.0]]]]), eps=3.0)
    assert picture.axes[-1].texts[0].get_text() == "μ = 0.00   σ² = 0.25"


def test_the_example_is_flat_only_before():
    weight = example_filters()
    assert np.ptp(weight.mean((1, 2, 3))) > 3
    assert np.ptp(WeightStandardization().forward(weight).mean((1, 2, 3))) < 1e-12


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_itself_as_one_transparent_image_with_a_sentence(name, lang):
    picture = FIGURES[name]()
    data = picture._repr_mimebundle_()
    assert data["text/plain"] == picture.alt
    assert any("а" <= letter <= "я" for letter in picture.alt) == (lang == "ru")
    assert Image.open(BytesIO(picture.png())).getpixel((0, 0))[3] == 0, "the page shows through"


@pytest.mark.parametrize("name", FIGURES)
def test_no_words_leave_the_figure_or_overlap(name, lang):
    picture = FIGURES[name]()
    picture.canvas.draw()
    page, renderer = picture.bbox.padded(1), picture.canvas.get_renderer()
    boxes = [
        said.get_window_extent(renderer) for ax in picture.axes for said in [*ax.texts, ax.title] if said.get_text()
    ]
    assert all(page.x0 <= box.x0 <= box.x1 <= page.x1 and page.y0 <= box.y0 <= box.y1 <= page.y1 for box in boxes)
    assert not [(a, b) for i, a in enumerate(boxes) for b in boxes[:i] if a.overlaps(b)]
