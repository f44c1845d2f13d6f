"""A frame holds what the network does to the images, and making it changes nothing in the training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ncl_course.data import Dataset, load_digits
from ncl_course.nn import Layer, Sequential
from ncl_course.viz.training.live.frame import (
    BEST,
    GRID,
    TIMED,
    Frame,
    Passed,
    Times,
    as_maps,
    guesses,
    millis,
    passed,
)
from ncl_course.viz.training.live.life import Life, Settings
from ncl_course.viz.training.mosaic import grey
from tests.viz.training.live.living import CONFIG, maker


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


@pytest.fixture
def life(digits: Dataset) -> Life:
    made = Life(maker(), digits, CONFIG, Settings(batch=64))
    made.step()
    return made


def test_a_frame_between_two_steps_changes_no_step(digits: Dataset, life: Life) -> None:
    alone = Life(maker(), digits, CONFIG, Settings(batch=64))
    alone.step()
    for _ in range(3):
        Frame(life, 0)
        life.measure()
        life.step()
        alone.step()
    assert life.history.losses == alone.history.losses
    assert all(np.array_equal(values, alone.model.params[key]) for key, values in life.model.params.items())


def test_the_gradients_of_outputs_are_those_of_the_mean_loss(life: Life) -> None:
    part = life.data.validation
    done = passed(life.model, part.x[:GRID], part.labels[:GRID])
    assert not done.trouble
    last = len(done.outputs) - 1
    moved = done.outputs[last].astype(np.float64)

    def loss(logits: np.ndarray) -> float:
        logits = logits - logits.max(axis=1, keepdims=True)
        return float(np.mean(np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(GRID), part.labels[:GRID]]))

    step = np.zeros_like(moved)
    step[2, 3] = 1e-5
    assert done.gradients[last] is not None
    assert done.gradients[last][2, 3] == pytest.approx((loss(moved + step) - loss(moved - step)) / 2e-5, rel=1e-4)
    assert all(g is not None and g.shape == out.shape for g, out in zip(done.gradients, done.outputs, strict=True))


def test_every_row_has_its_maps_numbers_and_times(life: Life) -> None:
    frame = Frame(life, 5)
    rows = frame.content["layers"]
    assert [row["name"] for row in rows][:4] == ["0 Conv2d", "1 BatchNorm2d", "2 ReLU", "3 MaxPool2d"]
    assert [row["params"] for row in rows][:3] == [4 * 9 + 4, 8, 0]
    assert rows[2]["weight"] is None
    assert all(row["act"] and row["grad"] and row["forward"] != "—" and row["backward"] != "—" for row in rows)
    conv = rows[0]
    weight = life.model.params["0.weight"][:, 0]
    at, shape = conv["weight"]["at"], conv["weight"]["shape"]
    assert np.array_equal(np.frombuffer(frame.bytes, np.uint8)[at : at + weight.size].reshape(shape), grey(weight))
    slope = life.model.grads["0.weight"][:, 0]
    at = conv["slope"]["at"]
    assert np.array_equal(np.frombuffer(frame.bytes, np.uint8)[at : at + slope.size].reshape(shape), grey(slope))


def test_the_numbers_are_of_the_same_step_as_the_maps(life: Life) -> None:
    life.measure()
    content = Frame(life, 0).content
    assert content["step"] == 1
    assert content["examples"] == 64
    assert content["curve"]["steps"] == [1.0]
    assert content["curve"]["measured"] == [1]
    assert content["curve"]["validation"] == life.history.accuracies
    assert content["curve"]["train"] == life.trained


def test_a_frame_that_is_sent_again_later_still_tells_the_accuracies_of_its_step(life: Life) -> None:
    life.measure()
    frame = Frame(life, 0)
    told = [*frame.content["curve"]["measured"]]
    life.step()
    life.measure()
    assert frame.content["curve"]["measured"] == told
    assert len(frame.content["curve"]["train"]) == len(frame.content["curve"]["validation"]) == len(told)


def test_each_image_has_its_best_guesses_the_best_first() -> None:
    assert guesses(np.array([[0.1, 0.6, 0.05, 0.25]])) == [[(1, 0.6), (3, 0.25), (0, 0.1)]]
    assert guesses(None) == []
    assert BEST == 3


class Breaks(Layer):
    """A layer that fails in one direction."""

    def __init__(self, way: str) -> None:
        self.way = way

    def forward(self, x: Any) -> Any:
        if self.way == "forward":
            raise IndexError("no such index")
        return x

    def backward(self, grad_out: Any) -> Any:
        raise IndexError("no such index")


@pytest.mark.parametrize("way", ["forward", "backward"])
def test_a_layer_that_fails_is_named_and_the_rows_say_what_is_known(life: Life, way: str) -> None:
    life.model = Sequential(*life.model.layers[:2], Breaks(way), *life.model.layers[2:])
    content = Frame(life, 0).content
    assert content["trouble"].startswith("2 Breaks: IndexError: no such index")
    assert content["layers"][1]["act"] is not None
    assert content["layers"][1]["grad"] is None
    assert (content["layers"][3]["act"] is None) == (way == "forward")
    assert bool(content["guesses"]) == (way == "backward")


def test_a_number_that_is_not_finite_is_told_and_the_frame_is_still_made(life: Life) -> None:
    life.model.params["0.weight"][0, 0, 0, 0] = np.nan
    frame = Frame(life, 0)
    assert frame.content["layers"][0]["weight"]["all"] is False
    assert frame.content["layers"][0]["weight"]["span"] != ["?", "?"]
    life.model.params["0.weight"][...] = np.inf
    assert Frame(life, 0).content["layers"][0]["weight"]["span"] == ["?", "?"]


def test_a_network_whose_answers_are_nan_has_no_guesses_and_the_frame_says_why(life: Life) -> None:
    finite = guesses(np.array([[0.25, 0.75], [np.nan, np.nan]]))
    assert finite == [[(1, 0.75), (0, 0.25)], []], "one image without a finite answer leaves the others their guesses"
    life.model.params["0.weight"][...] = np.nan
    content = Frame(life, 0).content
    assert content["guesses"] == []
    assert content["trouble"].startswith("The network's answers are NaN or ∞")


def test_a_layer_shows_its_shortest_time_of_the_latest_frames() -> None:
    times = Times()

    def shown(forward: float, backward: float | None, trouble: str = "") -> tuple[float, float | None]:
        done = Passed([], [], [forward, 1.0], [backward, 1.0], trouble=trouble)
        times.shorten(done)
        return done.forward[0], done.backward[0]

    assert shown(12.0, 0.5) == (12.0, 0.5)
    assert shown(0.25, 9.0) == (0.25, 0.5), "an interruption of one frame is not the layer's time"
    assert shown(3.0, None, "it failed") == (3.0, None)
    assert [shown(2.0, 2.0) for _ in range(TIMED)][-1] == (2.0, 2.0), "a network that has become slower"


def test_a_strip_shows_maps_filters_matrices_and_vectors() -> None:
    assert as_maps(np.zeros((20, 3, 5, 7)), filters=True).shape == (8, 5, 7)
    assert as_maps(np.zeros((20, 5, 7)), filters=False).shape == (8, 5, 7)
    assert as_maps(np.zeros((10, 1000)), filters=True).shape == (1, 10, 256)
    assert as_maps(np.zeros(200), filters=False).shape == (1, 1, 64)


def test_a_quick_layers_time_is_as_short_as_a_slow_ones() -> None:
    assert [millis(value) for value in (None, 0.0073, 2e-4, 0.0123, 0.5, 12.34)] == [
        "—", "<0.01", "<0.01", "0.01", "0.5", "12",
    ]  # fmt: skip
