"""The pictures of lesson 03: numbers, colours, names, and no words over the edge."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course import viz
from ncl_course.language import language
from ncl_course.viz.linear.drawings import (
    draw_jacobian,
    draw_linear,
    draw_parameters,
    draw_softmax,
    draw_uses,
    vgg16,
)
from ncl_course.viz.linear.network import draw_inception, draw_residual, draw_template
from ncl_course.viz.linear.thin_product import INCH, draw_thin_product
from ncl_course.viz.linear.two_classes import draw_moving_logit
from ncl_course.viz.palette import tint, window_colour

FIGURES = {
    "flatten": viz.show_flatten,
    "linear": viz.show_linear,
    "parameters": viz.show_parameters,
    "thin product": viz.show_thin_product,
    "two classes": viz.show_sigmoid_as_softmax,
    "softmax": lambda: viz.show_softmax([2.0, 1.0, 0.0, -1.0]),
    "jacobian": lambda: viz.show_jacobian([1.0, 0.0, -1.0]),
    "cross entropy": viz.show_cross_entropy,
    "template": viz.show_template,
    "blocks": viz.show_blocks,
}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_itself_in_words_and_keeps_its_words_inside(name, lang):
    language(lang)
    picture = FIGURES[name]()
    picture.canvas.draw()
    assert picture.alt
    assert "viz." not in picture.alt
    for ax in picture.axes:
        for said in [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]:
            box = said.get_window_extent()
            if said.get_text():
                assert 0 <= box.x0 <= box.x1 <= picture.bbox.width, said.get_text()
                assert 0 <= box.y0 <= box.y1 <= picture.bbox.height, said.get_text()


def test_the_layers_of_vgg16_have_as_many_parameters_as_its_paper_says():
    layers = vgg16()
    assert sum(layer.count for layer in layers) == 138_357_544
    assert sum(layer.count for layer in layers if layer.fully_connected) == 123_642_856
    bars = draw_parameters(layers, Figure().subplots())
    assert max(bar.get_width() for bar in bars) == pytest.approx(102.764544)


def test_a_weight_of_a_convolution_is_used_at_each_cell_of_its_map_and_one_of_a_dense_layer_once():
    layers = vgg16()
    bars = draw_uses(layers, Figure().subplots())
    seen = {layer.name: bar.get_x() + bar.get_width() for layer, bar in zip(layers, bars, strict=True)}
    convolutions = [seen[f"CONV {block}.1"] for block in range(1, 6)]
    assert convolutions == pytest.approx([224**2, 112**2, 56**2, 28**2, 14**2])
    assert [seen[f"FC {n}"] for n in (1, 2, 3)] == pytest.approx([1, 1, 1])


def test_the_areas_of_the_matrices_are_their_numbers_of_weights():
    ax = Figure().subplots()
    words = draw_thin_product(ax)
    areas = [box.get_width() * box.get_height() * INCH**2 for box in ax.patches]
    assert areas == pytest.approx([4096 * 25088, 4096 * 256, 256 * 25088])
    assert [said.get_text().split(": ")[1] for said in words] == [
        "103 million weights", "1.05 million weights", "6.42 million weights",
    ]  # fmt: skip


def test_softmax_of_two_classes_lies_on_the_sigmoid_and_that_of_three_is_shifted_by_log_2():
    for classes, shift in ((2, 0.0), (3, np.log(2))):
        first, other, dots = draw_moving_logit(classes, Figure().subplots())
        z, p = first.get_data()
        assert p == pytest.approx(1 / (1 + np.exp(shift - z)))
        assert p + (classes - 1) * other.get_ydata() == pytest.approx(np.ones(len(z)))
        assert dots.get_ydata() == pytest.approx(1 / (1 + np.exp(-dots.get_xdata())))


def test_y_is_a_times_x_plus_b_and_an_output_has_the_colour_of_its_row():
    weight, x, bias = np.array([[1.0, 0, -2], [3, 1, 0]]), np.array([2.0, 1, 3]), np.array([5.0, -1])
    a, _, _, y = draw_linear(weight, x, bias, Figure().subplots(1, 4))
    assert [y.texts[m, 0].get_text() for m in (0, 1)] == ["1", "6"]
    assert a.faces[1, 2] == y.faces[1, 0] == [tint(window_colour(1))]


def test_bars_are_probabilities_and_a_high_temperature_makes_them_alike():
    low, high = (draw_softmax([2.0, 0.0], t, Figure().subplots()) for t in (0.5, 4))
    assert sum(bar.get_height() for bar in low) == pytest.approx(1)
    assert low[0].get_height() > 0.9
    assert high[0].get_height() < 0.7


def test_the_jacobian_is_positive_on_its_diagonal_alone():
    _, table = draw_jacobian([1.0, 0.0, -1.0], Figure().subplots(1, 2))
    assert {place for place, said in table.texts.items() if not said.get_text().startswith("−")} == {
        (0, 0),
        (1, 1),
        (2, 2),
    }


def test_the_networks_have_their_boxes_in_order():
    ax = Figure().subplots()
    assert len(draw_template(ax)) == 7
    words = [said.get_text() for said in ax.texts]
    assert [word for word in words if "×" not in word] == ["INPUT", "CONV", "RELU", "POOL?", "FC", "RELU", "Softmax"]
    assert [word for word in words if "×" in word] == ["× N", "× M", "× K"]
    assert len(draw_residual(Figure().subplots())) == 4
    assert len(draw_inception(Figure().subplots())) == 6
