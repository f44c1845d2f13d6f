"""The pictures of lesson 04: neurons, connections, numbers, means, and no words over the edge."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course import viz
from ncl_course.language import language
from ncl_course.oracles.dropout.right import ClassicDropout, Dropout
from ncl_course.viz.dropout.both_kinds import KINDS, at_test, in_training, is_right, layer_of
from ncl_course.viz.dropout.drawings import draw_curves, draw_net, draw_row, draw_running_mean
from ncl_course.viz.dropout.figures import ends_in_words

X = [2.0, -1.0, 4.0, 3.0]
MASK = [True, False, True, False]


class Unwritten(Dropout):
    """A layer as students get it."""

    def forward(self, x):
        raise NotImplementedError


class Raises(Dropout):
    def forward(self, x):
        raise ValueError("no such mask")


class Wide(Dropout):
    """A layer that returns an array of another shape."""

    def forward(self, x):
        return np.ones((1, 2, 3))


FIGURES = {
    "nets": viz.show_thinned_nets,
    "masking": lambda: viz.show_masking(X, MASK, 0.8),
    "own": lambda: viz.show_own_dropout(Dropout),
    "own unwritten": lambda: viz.show_own_dropout(Unwritten),
    "overfitting": lambda: viz.show_overfitting(Dropout, samples=50, width=8, seeds=1),
}


def words(picture):
    return [said.get_text() for ax in picture.axes for said in [*ax.texts, ax.title]]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_itself_in_words_and_keeps_its_words_inside(name, lang):
    language(lang)
    picture = FIGURES[name]()
    picture.canvas.draw()
    assert picture.alt
    assert "viz." not in picture.alt
    for part in [*picture.axes, *picture.legends]:
        box = part.get_tightbbox()
        assert 0 <= box.x0 <= box.x1 <= picture.bbox.width, words(picture)
        assert 0 <= box.y0 <= box.y1 <= picture.bbox.height, words(picture)


def test_a_neuron_that_is_off_is_crossed_out_and_has_no_connections():
    ax = Figure().subplots()
    circles = draw_net(ax, (2, 3, 1), [[True, True], [True, False, True], [True]], "")
    lines, *crosses = ax.collections
    assert len(circles) == 6
    assert len(lines.get_segments()) == 2 * 2 + 2 * 1
    assert len(crosses) == 1
    off = circles[3].get_center()
    assert not [segment for segment in lines.get_segments() if off in map(tuple, segment)]


def test_the_first_net_is_whole_and_inputs_and_outputs_are_always_on():
    picture = viz.show_thinned_nets(draws=2, keep_prob=0.5)
    whole, *thinned = picture.axes
    assert len(whole.collections) == 1
    edges = [[c.get_center()[0] for c in (ax.patches[0], ax.patches[-1])] for ax in picture.axes]
    for ax, (first, last) in zip(thinned, edges[1:], strict=True):
        crosses = [segment[0][0] for crossed in ax.collections[1:] for segment in crossed.get_segments()]
        assert crosses
        assert all(first + 0.5 < x < last - 0.5 for x in crosses)


def test_a_row_says_its_numbers_and_a_kept_neuron_alone_is_coloured():
    ax = Figure().subplots()
    assert draw_row(ax, np.array([1.5, 0.0, -2.0]), np.array([True, False, True]), "x") == ["1.5", "0", "−2"]
    assert [said.get_text() for said in ax.texts][-1] == "x"


def test_the_rows_are_those_of_both_ways_and_a_zero_has_no_sign():
    rows = [[said.get_text() for said in ax.texts][:-1] for ax in viz.show_masking(X, MASK, 0.8).axes]
    assert rows == [
        ["2", "−1", "4", "3"],
        ["1", "0", "1", "0"],
        ["2", "0", "4", "0"],
        ["1.6", "−0.8", "3.2", "2.4"],
        ["2.5", "0", "5", "0"],
        ["2", "−1", "4", "3"],
    ]


def test_a_running_mean_is_the_mean_of_the_draws_so_far():
    outputs = np.array([[4.0, 0], [0, 2], [4, 2], [4, 2]])
    lines = draw_running_mean(Figure().subplots(), outputs, np.array([3.2, 1.6]))
    assert lines[0].get_ydata().tolist() == pytest.approx([4, 2, 8 / 3, 3])
    assert lines[1].get_ydata().tolist() == pytest.approx([0, 1, 4 / 3, 1.5])


def test_curves_of_learnt_samples_are_dashed_and_all_four_are_named():
    a, b, c, d = (np.full(3, value) for value in (1.0, 2.0, 3.0, 4.0))
    lines = draw_curves(Figure().subplots(), a, b, (c, d), "")
    assert [(line.get_ydata()[0], line.get_linestyle()) for line in lines] == [(2, "-"), (4, "--"), (1, "-"), (3, "--")]
    assert len({line.get_label() for line in lines}) == 4


def test_a_students_layer_is_drawn_in_training_three_times_and_at_test():
    images = [ax.images[0].get_array() for ax in viz.show_own_dropout(Dropout, 0.5).axes]
    digit, *trained, tested = images
    assert (tested == digit).all()
    assert all(set(np.unique(image[digit > 0] / digit[digit > 0])) == {0, 2} for image in trained)
    assert (trained[0] != trained[1]).any()


@pytest.mark.parametrize(
    ("layer", "said"),
    [(Unwritten, "not written yet"), (Raises, "ValueError: no such mask"), (Wide, "shape (2, 3) is not a picture")],
)
def test_a_layer_that_cannot_be_drawn_is_said_in_its_place(layer, said):
    language("en")
    picture = viz.show_own_dropout(layer)
    assert len(picture.axes[0].images) == 1
    assert [" ".join(word.split()) for word in words(picture)].count(said) == 4


def test_a_long_error_stays_in_its_place():
    class Broadcast(Dropout):
        def forward(self, x):
            raise ValueError("operands could not be broadcast together with shapes (1,8,8) (8,) " + "and so on " * 20)

    picture = viz.show_own_dropout(Broadcast)
    picture.canvas.draw()
    for ax in picture.axes[1:]:
        box, room = ax.texts[0].get_window_extent(), ax.get_window_extent()
        assert room.x0 <= box.x0 <= box.x1 <= room.x1
        assert room.y0 <= box.y0 <= box.y1 <= room.y1


def test_a_layer_that_cannot_be_made_is_said_too():
    def broken(keep_prob, rng):
        raise TypeError("one argument too many")

    said = [" ".join(word.split()) for word in words(viz.show_own_dropout(broken))]
    assert said.count("TypeError: one argument too many") == 4


class OtherMask(Dropout):
    """A layer whose backward draws another mask."""

    def backward(self, grad_out):
        return in_training("inverted", grad_out, self.draw(grad_out.shape), self.keep_prob)


class DropsAtTest(Dropout):
    def eval(self):
        return self


class KeepsAll(Dropout):
    def draw(self, shape, keep_prob=None):
        return np.ones(shape, bool)


@pytest.mark.parametrize(
    ("layer", "right"),
    [(Dropout, True), (ClassicDropout, False), (OtherMask, False), (DropsAtTest, False), (KeepsAll, False)],
)
def test_the_experiment_takes_a_layer_that_answers_as_torchs_and_no_other(layer, right):
    assert is_right("inverted", layer) is right


@pytest.mark.parametrize("kind", KINDS)
def test_both_kinds_are_the_oracles_under_a_given_mask_and_at_test(kind):
    layer = layer_of(kind, 0.8, np.random.default_rng(0))
    x = np.array([2.0, -1.0, 4.0, 3.0, -5.0])
    trained = layer.forward(x)
    assert in_training(kind, x, layer.mask, 0.8) == pytest.approx(trained)
    assert at_test(kind, x, 0.8) == pytest.approx(layer.eval().forward(x))


@pytest.mark.parametrize(
    ("layer", "whose"), [(Dropout, "your own layer"), (Unwritten, "torch's, until yours is right")]
)
def test_the_experiment_says_whose_dropout_it_has_measured(layer, whose):
    language("en")
    picture = viz.show_overfitting(layer, samples=50, width=8, seeds=1)
    assert picture.legends[0].get_title().get_text() == f"dropout: {whose}"
    assert "50 digits" in picture.alt
    assert "8 neurons" in picture.alt


def test_the_ends_of_all_curves_of_the_experiment_are_in_sight():
    for ax in viz.show_overfitting(Dropout, samples=50, width=8, seeds=1).axes:
        bottom, top = ax.get_ylim()
        assert len(ax.lines) == 4
        assert all(bottom <= line.get_ydata()[-1] <= top for line in ax.lines)


def test_the_curves_tell_their_ends():
    mean = {
        (net, curve): np.array([9.0, end])
        for net, ends in enumerate(((0.0021, 0.291, 1.0, 0.924), (0.03, 0.24, 0.99, 0.92)))
        for curve, end in zip(("train_loss", "test_loss", "train_right", "test_right"), ends, strict=True)
    }
    assert ends_in_words(mean) == (
        "without dropout: loss 0.002 on learned digits and 0.291 on new ones, right answers 100% and 92%; "
        "with dropout: loss 0.030 on learned digits and 0.240 on new ones, right answers 99% and 92%"
    )
