"""The drawings in the pictures of the lesson on activations, and their words on a layer that is not written yet."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from torch import nn

from ncl_course import viz
from ncl_course.experiments.deep_toy import fold, measure_depth, train_one_neuron
from ncl_course.nn import Layer
from ncl_course.viz.activations.curves import draw_activation
from ncl_course.viz.activations.own_layers import draw_own_activation
from ncl_course.viz.activations.places import STAGES
from tests.answers.activations_right import RIGHT, NumPyTanh

FIGURES = {
    "activations": viz.show_activations,
    "family": lambda: viz.show_family("ELU", (0.5, 2)),
    "tanh": viz.show_tanh_from_sigmoid,
    "edges": viz.show_edges,
    "folds": viz.show_folds,
    "gate": lambda: viz.show_gate([-1, 2], [3, -4]),
    "depth": viz.show_depth,
    "dying": viz.show_dying,
    "places": viz.show_layers_with_numbers,
}


class Tanh(NumPyTanh):
    pass


class ReLU(Layer):
    pass


class ELU(Layer):
    def forward(self, x):
        return x[:3]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_shows_itself_with_a_sentence_and_no_title_leaves_it(name, lang, monkeypatch):
    monkeypatch.setenv("NCL_LANG", lang)
    picture = FIGURES[name]()
    assert any("а" <= letter <= "я" for letter in picture.alt) == (lang == "ru")
    picture.canvas.draw()
    page = picture.bbox.padded(1)
    for ax in picture.axes:
        box = ax.title.get_window_extent()
        if ax.get_title():
            assert page.x0 <= box.x0 <= box.x1 <= page.x1, ax.get_title()
            assert page.y0 <= box.y0 <= box.y1 <= page.y1, ax.get_title()


def test_the_numbers_below_a_network_are_those_of_torchs_layers():
    """Inputs of one output: the numbers of the first of its images that a derivative reaches."""
    stages = (nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 16, 3, padding=1), nn.PReLU(16))
    dense = nn.Sequential(nn.Flatten(), nn.Linear(16 * 14 * 14, 10))
    x, seen = torch.rand(1, 1, 28, 28), []
    for layer in (*stages, dense):
        y = layer(x.requires_grad_())
        middle = tuple(size // 2 for size in y.shape)
        (reached,) = torch.autograd.grad(y[middle], x)
        inputs = 4 if isinstance(layer, nn.MaxPool2d) else int(torch.count_nonzero(reached))
        seen.append((inputs, sum(p.numel() for p in layer.parameters())))
        x = torch.rand(y.shape)
    assert [(one.inputs, one.trained) for one in STAGES] == seen
    assert [one.name for one in STAGES if one.is_activation] == ["ReLU", "PReLU"]


def test_a_curve_is_drawn_with_its_derivative():
    value, slope = draw_activation("Sigmoid", Figure().subplots())
    assert np.max(value.get_ydata()) == pytest.approx(0.982, abs=1e-3)
    assert np.nanmax(slope.get_ydata()) == pytest.approx(0.25)


def test_one_own_layer_is_drawn_over_torch_and_the_others_are_told_gently():
    axes = Figure().subplots(1, 3)
    assert len(draw_own_activation(Tanh, axes[0])) == 4
    assert draw_own_activation(ReLU, axes[1])[0].get_text() == "not written yet"
    assert draw_own_activation(ELU, axes[2])[0].get_text().startswith("shape ")


def beside_the_bend(line):
    """Return the drawn points except at x = 0, where several slopes are right."""
    x, y = line.get_data()
    return y[(np.abs(x) > 0.02) & ~np.isnan(y)]  # NaN is the gap in a line with a jump


@pytest.mark.parametrize("name", ["ReLU", "Sigmoid", "Tanh", "LeakyReLU", "ELU", "PReLU"])
def test_a_right_layer_of_one_s_own_lies_on_torch_s_curve_and_slope(name):
    for right in RIGHT[name]:
        own = type(name, (right,), {})
        value, torch_value, slope, torch_slope = draw_own_activation(own, Figure().subplots())
        np.testing.assert_allclose(value.get_ydata(), torch_value.get_ydata())
        np.testing.assert_allclose(beside_the_bend(slope), beside_the_bend(torch_slope))


def test_the_sigmoid_loses_the_gradient_in_ten_layers_and_relu_does_not():
    lost = measure_depth("Sigmoid").gradients
    assert np.all(lost[1:] / lost[:-1] > 3.5)
    kept = measure_depth("ReLU").gradients
    assert 0.5 < kept[0] / kept[-1] < 2


def test_the_relu_stays_dead_and_the_leaky_one_comes_back():
    dead, leaky = train_one_neuron(0.0, 1.0, 0.3), train_one_neuron(0.1, 1.0, 0.3)
    assert not dead.active[1:].any()
    assert np.ptp(dead.losses[1:]) == 0
    assert leaky.active[1] == 0
    assert leaky.active[-1] == 1
    assert leaky.losses[-1] < 0.001


def test_each_layer_doubles_the_peaks_and_without_a_bend_there_are_none():
    x = np.linspace(0, 1, 1025)
    for depth in (1, 2, 3):
        assert (fold(x, depth) == 1).sum() == 2 ** (depth - 1)
        assert np.allclose(np.diff(fold(x, depth, bent=False), 2), 0)
