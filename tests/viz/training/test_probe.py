"""The look into a network: its results, and that the network itself does not change."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.data import Part
from ncl_course.language import language
from ncl_course.nn import Conv2d, Layer, Sequential
from ncl_course.viz.training.live.life import Settings
from ncl_course.viz.training.probe import AT_ONCE, accuracy, first_filters, gradient_size, look, twin
from tests.answers.training_right import Dropout, Flatten, Linear, ReLU


class Forgetful(Layer):
    """A layer that keeps its inputs in containers, and wrongly draws at test too."""

    def __init__(self):
        self.seen, self.cache = [], {}
        self.rng = np.random.default_rng(3)

    def forward(self, x):
        self.seen.append(x)
        self.cache["x"] = x
        self.rng.random()
        return x

    def backward(self, grad_out):
        return grad_out


def network():
    rng = np.random.default_rng(0)
    return Sequential(Conv2d(1, 4, 3, rng=rng), ReLU(), Flatten(), Linear(4 * 36, 3, rng=rng), Dropout(0.5, rng))


IMAGE = np.random.default_rng(1).normal(size=(1, 8, 8)).astype(np.float32)


def test_a_look_sees_every_layers_answer_in_test_mode():
    model = network()
    seen = look(model, IMAGE, np.int64(2))
    x = IMAGE[None]
    for layer, output in zip(model.eval().layers, seen.outputs, strict=True):
        x = layer(x)
        assert np.array_equal(output, x[0])
    assert seen.names == ("0 Conv2d", "1 ReLU", "2 Flatten", "3 Linear", "4 Dropout")
    assert seen.label == 2
    assert np.array_equal(seen.filters, model.params["0.weight"])
    logits = x[0].astype(np.float64)
    assert seen.probabilities == pytest.approx(np.exp(logits) / np.exp(logits).sum(), rel=1e-6)
    assert seen.trouble == ""


def test_a_twin_has_the_live_parameters_and_a_memory_of_its_own():
    layer = Forgetful()
    layer.params["weight"] = np.ones(2)
    layer.forward(np.zeros(1))
    other = twin(layer)
    other.forward(np.ones(1))
    assert other.params["weight"] is layer.params["weight"]
    assert (len(layer.seen), len(other.seen), layer.cache["x"].item()) == (1, 2, 0)
    assert (layer.training, other.training) == (True, False)
    assert layer.rng.random() != Forgetful().rng.random(), "the layer must have drawn once"
    fresh = np.random.default_rng(3)
    fresh.random(2)
    assert layer.rng.random() == fresh.random(), "the twin's draw must not change the layer's generator"


def test_a_layer_without_train_and_eval_is_tried_in_test_mode_too():
    class Plain:
        training = True

        def forward(self, x):
            return np.full(x.shape, self.training)

    model = Plain()
    assert not look(model, IMAGE, 0).outputs[0].any()
    assert model.training


def test_layers_within_layers_have_twins_too():
    model = Sequential(Sequential(Forgetful()), Flatten())
    look(model, IMAGE, 0)
    assert model.layers[0].layers[0].seen == []
    assert model.layers[0].layers[0].training


def test_an_answer_that_is_no_logits_has_no_probabilities():
    assert look(Sequential(ReLU()), IMAGE, 0).probabilities is None


def test_a_layer_that_raises_is_told_and_what_came_before_is_seen():
    model = Sequential(ReLU(), Linear(5, 3))
    seen = look(model, IMAGE, 0)
    assert len(seen.outputs) == 1
    assert seen.trouble.startswith("1 Linear: ")
    assert seen.probabilities is None
    assert accuracy(model, Part(IMAGE[None], np.array([0])), 1) is None


def test_the_accuracy_is_the_share_of_right_answers_among_the_first_images():
    class Given(Layer):
        def forward(self, x):
            return np.eye(3)[x[:, 0, 0, 0].astype(int)]

    x = np.array([0, 1, 2, 0]).reshape(4, 1, 1, 1)
    images = Part(x, np.array([0, 1, 0, 1]))
    assert accuracy(Given(), images, 2) == 1.0
    assert accuracy(Given(), images, 4) == 0.5


def test_an_answer_that_is_not_finite_is_not_right():
    class Ruined(Layer):
        def forward(self, x):
            answers = np.zeros((len(x), 2))
            answers[1], answers[2, 0] = np.nan, np.inf
            return answers

    images = Part(np.zeros((4, 1, 1, 1)), np.zeros(4, int))
    assert accuracy(Ruined(), images, 4) == 0.5


@pytest.mark.parametrize(("side", "pieces"), [(28, [AT_ONCE, AT_ONCE, 10]), (8, [2 * AT_ONCE + 10]), (64, [4] * 15)])
def test_a_measurement_answers_fewer_images_at_once_than_a_training_step_and_each_of_them_once(side, pieces):
    count, sizes = 2 * AT_ONCE + 10, []

    class HalfRight(Layer):
        """A network that is right about the first half of the images."""

        def forward(self, x):
            sizes.append(len(x))
            return np.where(np.arange(2) == (x[:, :1, 0, 0] < count // 2), 1.0, 0.0)

    x = np.repeat(np.arange(count, dtype=np.float32), side * side).reshape(-1, 1, side, side)
    assert accuracy(HalfRight(), Part(x, np.ones(count, dtype=int)), count) == 0.5
    assert sizes == pieces
    assert Settings().batch > AT_ONCE


def test_a_gradients_size_is_the_length_of_all_of_the_layers_gradients():
    layer = Layer()
    assert gradient_size(layer) is None
    layer.grads.update(weight=np.array([[3.0, 0.0]], np.float32), bias=np.array([4.0]))
    assert gradient_size(layer) == pytest.approx(5)


def test_filters_are_those_of_the_first_convolution_and_a_copy():
    model = network()
    filters = first_filters(model.layers)
    filters[...] = 0
    assert model.params["0.weight"].any()
    assert first_filters([ReLU()]) is None


def test_what_a_given_piece_raises_is_told_in_the_readers_language():
    language("ru")
    seen = look(Sequential(Conv2d(3, 4, 3)), IMAGE, 0)
    assert seen.trouble.startswith("0 Conv2d: ValueError: Conv2d ждёт x формы (N, 3, H, W), а получил (1, 1, 8, 8)")
    assert accuracy(Sequential(Conv2d(3, 4, 3)), Part(IMAGE[None], np.array([0])), 1) is None
