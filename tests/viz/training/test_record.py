"""The record of a training: few frames even if it is long, the same frames each time, and no effect on the network."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ncl_course.data import Dataset, load_digits
from ncl_course.nn import Layer, Sequential
from ncl_course.viz.training import record as record_file
from ncl_course.viz.training.record import EARLY, LEAST, MOST, TrainingRecord, gradients_of, ways_left
from tests.patience import until
from tests.viz.training.live.living import instrument, lived


class Weight(Layer):
    """A layer with one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.params = {"weight": np.array([[0.0]])}

    def forward(self, x: Any) -> Any:
        return x * self.params["weight"]


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


def recorded(steps: int, planned: int | None = None) -> TrainingRecord:
    """Return a record of a network whose weight is the number of finished steps."""
    layer, record = Weight(), TrainingRecord()
    if planned is not None:
        record.plan(planned)
    for step in range(steps + 1):
        layer.params["weight"][...] = step
        if record.wants(step):
            record.add(Sequential(layer), np.ones((1, 1, 1)), 0, step)
    return record


@pytest.mark.parametrize("steps", [1, 5, 60, 285, 5_000])
@pytest.mark.parametrize("planned", [True, False])
def test_frames_stay_few_and_evenly_spread(steps: int, planned: bool) -> None:
    record = recorded(steps, steps if planned else None)
    taken = [frame.steps for frame in record.frames]
    assert len(taken) <= MOST
    assert len(taken) >= min(steps, 20)
    assert taken[:2] == [0, 1]
    assert {step for step in taken if step % record.interval} <= {*EARLY, taken[-1]}
    assert [frame.params[0]["weight"].item() for frame in record.frames] == taken, "a frame must hold copies"


def test_a_second_look_after_the_same_step_takes_the_place_of_the_first() -> None:
    record = recorded(3)
    before = len(record.frames)
    record.add(Sequential(Weight()), np.ones((1, 1, 1)), 0, 3)
    assert len(record.frames) == before


def test_of_a_large_network_there_are_fewer_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_file, "MEMORY", 1)
    assert LEAST >= len(recorded(500).frames) > LEAST // 3


def test_the_way_left_is_a_share_of_the_way_from_the_first_to_the_last() -> None:
    assert np.allclose(ways_left(recorded(4).frames, 0), [1, 0.75, 0.5, 0.25, 0])
    still = recorded(0).frames
    assert np.isnan(ways_left(still, 0)).all()
    assert np.isnan(gradients_of(still, 0)).all(), "there was no backward yet"


def test_watching_keeps_a_frame_before_the_first_and_after_the_last_step(digits: Dataset) -> None:
    view = instrument(digits, steps=19)
    view.image = 3
    view.run()
    frames = view.record.frames
    assert [frame.steps for frame in frames] == [*range(20)]
    assert frames[-1].seen.gradients[0] > 0
    assert frames[0].seen.gradients[0] is None
    assert np.array_equal(frames[0].seen.image, digits.validation.x[3])
    assert np.allclose(frames[-1].params[0]["weight"], view.model.params["0.weight"])


def test_a_training_that_goes_on_goes_on_in_the_same_record(digits: Dataset) -> None:
    view = lived(digits, steps=38)
    view.steps = 76
    view.do(view.go)
    until(lambda: view.history.steps == 76 and view.state == "done", "the training goes on to its end")
    taken = [frame.steps for frame in view.record.frames]
    assert (taken[0], taken[-1]) == (0, 76)
    assert taken == sorted(set(taken))
    assert len(taken) <= MOST
