"""The explorer of a finished training without a browser: each step and each layer as they were recorded."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from ncl_course.data import Dataset, load_digits
from ncl_course.language import language
from ncl_course.nn import Layer, Sequential
from ncl_course.viz import scrub_training
from ncl_course.viz.spoken import short
from ncl_course.viz.training.layer import LayerPicture, grid_of, tiles, weights_of
from ncl_course.viz.training.live.instrument import Instrument
from ncl_course.viz.training.mosaic import TONES, maps_in_a_grid
from ncl_course.viz.training.record import gradients_of, ways_left
from ncl_course.viz.training.scrubber import TrainingScrubber, history_until, trained
from tests.viz.explored import pixels, sentence, stands_inside
from tests.viz.training.live.living import instrument, lived


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


@pytest.fixture(scope="module")
def view(digits: Dataset) -> Instrument:
    """Return an instrument after a training of 38 steps."""
    return lived(digits, steps=38)


@pytest.fixture
def scrubber(view: Instrument) -> TrainingScrubber:
    return scrub_training(view)


def titles(picture: LayerPicture) -> list[str]:
    """Return the titles above maps and weights, if there are some."""
    return [words for grid in (picture.maps, picture.weights) if (words := grid.axes.get_title(loc="left"))]


def test_it_opens_at_the_first_layer_after_the_last_step(scrubber: TrainingScrubber) -> None:
    assert sentence(scrubber).startswith("0 Conv2d after step 38: gradient ‖g‖ = ")
    assert sentence(scrubber).endswith("0% of the distance to its last weights is left.")
    assert [label for label, _ in scrubber.step.options] == [str(frame.steps) for frame in scrubber.frames]
    assert scrubber.step.value == scrubber.play.value == scrubber.play.max == len(scrubber.frames) - 1


def test_the_slider_shows_the_filters_and_the_maps_of_that_step(scrubber: TrainingScrubber) -> None:
    picture = scrubber.picture
    assert isinstance(picture, LayerPicture)
    seen = []
    for number in (0, 5, len(scrubber.frames) - 1):
        scrubber.step.value = number
        frame = scrubber.frames[number]
        assert np.array_equal(picture.weights.get_array(), grid_of(frame.params[0]["weight"][:, 0], picture.span))
        assert np.array_equal(picture.maps.get_array(), grid_of(frame.seen.outputs[0]))
        assert picture.slopes.mark.get_xdata() == [frame.steps, frame.steps]
        seen.append(pixels(scrubber))
    assert not any(np.array_equal(one, other) for one, other in pairwise(seen))
    scrubber.step.value = 0
    assert np.array_equal(pixels(scrubber), seen[0]), "the layer's picture must be the same as before"


def test_before_the_first_step_there_is_no_gradient_and_all_of_the_way_is_left(scrubber: TrainingScrubber) -> None:
    scrubber.step.value = 0
    assert sentence(scrubber) == (
        "0 Conv2d after step 0: gradient ‖g‖ = none yet. 100% of the distance to its last weights is left."
    )


def test_a_layer_without_parameters_says_so(scrubber: TrainingScrubber) -> None:
    scrubber.layer.value = scrubber.names.index("2 ReLU")
    assert "It has no parameters" in sentence(scrubber)
    assert titles(scrubber.picture) == ["the layer's output for the image"]
    assert not scrubber.picture.weights.get_visible()
    assert scrubber.picture.slopes.nothing.get_visible()


def test_a_layer_looks_the_same_whatever_was_looked_at_before(view: Instrument) -> None:
    used = scrub_training(view)
    for name in ("9 Linear", "2 ReLU", "0 Conv2d", "10 ReLU"):
        used.layer.value = used.names.index(name)
        fresh = scrub_training(view)
        fresh.layer.value = used.layer.value
        assert np.array_equal(pixels(used), pixels(fresh)), name


def test_all_layers_are_the_view_s_own_picture_as_it_was_after_that_step(scrubber: TrainingScrubber) -> None:
    scrubber.layer.value, scrubber.step.value = -1, 5
    steps, losses = scrubber.frames[5].steps, scrubber.history.losses
    assert list(scrubber.scene.loss.raw.get_xdata()) == [*range(1, steps + 1)]
    assert sentence(scrubber).startswith(f"After step {steps}: loss {losses[steps - 1]:.3f}, validation accuracy ")
    sizes = [size or 0 for size in scrubber.frames[5].seen.gradients]
    assert scrubber.names[int(np.argmax(sizes))] in sentence(scrubber)
    scrubber.step.value = 0
    share = f"{100 * scrubber.history.accuracies[0]:.0f}%"
    assert sentence(scrubber) == (
        f"After step 0: loss not computed yet, validation accuracy {share}. Largest gradient: none yet."
    )


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_layer_has_a_picture_on_which_no_word_leaves_it_or_lies_on_another(view: Instrument, lang: str) -> None:
    language(lang)
    scrubber = scrub_training(view)
    for number in range(len(scrubber.names)):
        scrubber.layer.value = number
        stands_inside(scrubber)


def test_a_frame_draws_nothing_anew_but_what_moves(scrubber: TrainingScrubber) -> None:
    for layer in range(len(scrubber.names)):
        scrubber.layer.value = layer
        drawn = scrubber.picture.complete
        for number in range(len(scrubber.frames)):
            scrubber.step.value = number
        assert scrubber.picture.complete == drawn


def test_a_page_without_widgets_tells_the_course_of_each_layer_with_parameters(scrubber: TrainingScrubber) -> None:
    page, frames = scrubber.static()["text/html"], scrubber.frames
    for layer in trained(frames[0]):
        half, tenth = (
            next(one.steps for one, left in zip(frames, ways_left(frames, layer), strict=True) if left <= share)
            for share in (0.5, 0.1)
        )
        first, last = (short(gradients_of(frames, layer)[number]) for number in (1, -1))
        assert frames[1].steps == 1
        assert (
            f"{frames[0].seen.names[layer]}: gradient {first} after step 1, {last} after step 38. Half of the way to "
            f"its last weights was left after step {half}, a tenth after step {tenth}."
        ) in page
    assert "2 ReLU: gradient" not in page


def test_the_static_form_has_no_numbers_that_differ_from_machine_to_machine(scrubber: TrainingScrubber) -> None:
    data = scrubber.static()
    assert data["text/plain"].startswith("A recorded training")
    assert f'alt="{sentence(scrubber)}"' in data["text/html"]


def test_without_a_training_there_is_nothing_to_scrub_through(digits: Dataset) -> None:
    with pytest.raises(ValueError, match=r"nothing to show yet: run the training first"):
        scrub_training(instrument(digits, steps=1))


class Breaks(Layer):
    """A layer that fails on a batch with a single image."""

    def forward(self, x: Any) -> Any:
        raise IndexError("one image is not enough")


def test_layers_behind_one_that_fails_are_shown_without_maps(digits: Dataset) -> None:
    view = instrument(digits, steps=1)
    view.life.model = Sequential(*view.model.layers[:1], Breaks(), *view.model.layers[1:])
    view.look()
    view.life.history.add_loss(2.0)
    view.look()
    scrubber = scrub_training(view)
    assert titles(scrubber.picture) == [
        "the layer's output for the image",
        "its filters; one colour scale for all steps",
    ]
    scrubber.layer.value = 2
    assert titles(scrubber.picture) == ["its parameters; one colour scale for all steps"]
    assert not scrubber.picture.maps.get_visible()


def test_a_history_of_old_holds_what_was_known_then(view: Instrument) -> None:
    before = history_until(view.history, 20)
    assert before.losses == view.history.losses[:20]
    assert before.measured == [step for step in view.history.measured if step <= 20]
    assert before.measured[:4] == [0, 1, 4, 16]
    assert history_until(view.history, 1).accuracies == view.history.accuracies[:2]


def test_what_is_shown_of_parameters() -> None:
    frame = scrub_frame({"gamma": np.arange(3.0), "beta": np.ones(3)})
    assert weights_of(frame, 0).tolist() == [[0, 1, 2], [1, 1, 1]]
    assert weights_of(scrub_frame({"bias": np.ones(2), "weight": np.eye(2)}), 0).tolist() == np.eye(2).tolist()
    assert weights_of(scrub_frame({}), 0) is None
    assert tiles(np.ones((4, 3, 2, 2))).shape == (4, 2, 2)
    assert tiles(np.ones(5)).shape == (1, 1, 5)
    assert tiles(np.ones((0, 3))) is None


def scrub_frame(params: dict[str, Any]) -> Any:
    from ncl_course.viz.training.record import Frame

    return Frame(0, None, (params,))  # type: ignore[arg-type]


def test_a_grid_fills_its_room_and_one_colour_is_one_number() -> None:
    maps = np.arange(16.0).reshape(16, 1, 1) * np.ones((1, 8, 8))
    assert grid_of(maps).shape == (2 * 8 + 1, 8 * 9 - 1, 4)
    assert grid_of(np.concatenate([maps] * 4)).shape[0] == 3 * 9 - 1, "32 of 64"
    two = maps_in_a_grid(np.array([[[0.0]], [[1.0]]]), 2, 1, (0.0, 2.0))
    assert two[0, 0].tolist() == TONES[0].tolist()
    assert two[0, 2].tolist() == TONES[127].tolist()
    assert two[0, 1, 3] == 0, "see-through in between"
