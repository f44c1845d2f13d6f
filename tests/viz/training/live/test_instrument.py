"""The instrument without a browser: it trains, obeys clicks between two steps, and leaves a picture."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from html import unescape
from typing import Any

import pytest

from ncl_course.data import Dataset, load_digits
from ncl_course.errors import NoTorchError
from ncl_course.viz.training.live.rhythm import EARLY, SOON
from ncl_course.viz.training.record import TrainingRecord
from tests.patience import until
from tests.viz.training.live.living import click, instrument, lived


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


def frames(made: Any, kind: str = "frame") -> list[dict[str, Any]]:
    """Return the contents of the frames that were sent; those of the kind "again" to a page that has just opened."""
    return [message["content"] for message, _ in made.sent if message["kind"] == kind]


def states(made: Any) -> list[dict[str, Any]]:
    """Return the messages about the state."""
    return [message for message, _ in made.sent if message["kind"] == "state"]


def test_the_first_steps_have_frames_whatever_the_clock_says_and_text_and_maps_are_of_one_step(digits: Dataset) -> None:
    made = lived(digits, steps=70)
    made_for = [content["step"] for content in frames(made)]
    assert made_for[0] == 0
    assert set(EARLY) <= set(made_for)
    assert made_for == sorted(made_for)
    assert made_for[-1] == 70
    assert states(made)[-1]["state"] == "done"
    assert made.history.measured == [0, 1, 4, 16, 42, 64, 70], "early, then after 1600 more images, not by the clock"
    json.dumps(made.sent[-1][0], allow_nan=False)


def test_settings_change_while_it_runs_and_a_silly_rate_raises_the_loss(digits: Dataset) -> None:
    made = instrument(digits, steps=0)
    runner = threading.Thread(target=made.run)
    runner.start()
    until(lambda: made.history.steps > 60, "it trains")
    good = sum(made.history.losses[40:60]) / 20
    click(made, "set", name="lr", value=50.0)
    at = made.history.steps
    until(lambda: made.history.steps > at + 40, "it trains on")
    assert max(made.history.losses[at : at + 40]) > 3 * good
    click(made, "set", name="lr", value=0.05)
    click(made, "reset")
    until(lambda: made.history.steps > 60, "it starts anew")
    assert made.history.losses[0] < 10
    click(made, "stop")
    runner.join()
    assert made.state == "stopped"
    assert frames(made)[-1]["step"] == made.history.steps


def test_after_a_change_of_a_setting_the_accuracies_are_measured_soon(digits: Dataset) -> None:
    made = instrument(digits, steps=110)
    made.measured_every = 10**6
    right = made.life.step

    def step() -> None:
        right()
        if made.history.steps == 80:
            click(made, "set", name="batch", value=8)

    made.life.step = step  # type: ignore[method-assign]
    made.run()
    assert made.history.measured == [0, 1, 4, 16, 64, 80 + SOON, 110]


def test_the_times_of_a_new_network_are_its_own(digits: Dataset) -> None:
    made = lived(digits, steps=5)
    click(made, "build", config={"filters": [5], "hidden": [], "batch_norm": False})
    until(lambda: (frames(made)[-1]["step"], len(frames(made)[-1]["layers"])) == (5, 5), "another network has trained")
    assert {len(times) for times in made.times.latest} == {10}
    assert not made.trouble


def test_after_stop_it_goes_on_from_there_although_the_cell_has_ended(digits: Dataset) -> None:
    made = lived(digits, steps=5)
    losses = list(made.history.losses)
    click(made, "go")
    until(lambda: made.history.steps > 10, "it goes on")
    click(made, "stop")
    until(lambda: made.state == "stopped", "it stops")
    assert made.history.losses[:5] == losses


def test_another_image_is_shown_although_the_training_has_ended(digits: Dataset) -> None:
    made = lived(digits, steps=3)
    click(made, "image", value=7)
    until(lambda: frames(made)[-1]["image"] == 7, "the frame shows it")
    assert frames(made)[-1]["step"] == 3


def test_another_template_starts_anew_and_one_that_cannot_be_built_is_refused(digits: Dataset) -> None:
    made = lived(digits, steps=3)
    click(made, "build", config={"filters": [2, 2, 2, 2, 2]})
    until(lambda: bool(states(made)[-1]["trouble"]), "it is refused")
    assert "image" in states(made)[-1]["trouble"]
    assert made.history.steps == 3
    click(made, "build", config={"filters": [5], "hidden": [], "batch_norm": False, "keep_prob": 1.0, "pool": True})
    until(lambda: made.state == "done" and len(made.model.layers) == 5, "it is built")
    assert made.model.params["0.weight"].shape[0] == 5
    assert [content["step"] for content in frames(made)][-1] == 3


def test_a_kept_state_is_loaded(digits: Dataset) -> None:
    made = lived(digits, steps=4)
    click(made, "keep")
    until(lambda: states(made)[-1]["kept"], "it is kept")
    weight = made.model.params["0.weight"].copy()
    click(made, "go")
    until(lambda: made.history.steps > 6, "it goes on")
    click(made, "stop")
    click(made, "load")
    until(lambda: made.history.steps == 4, "it is back")
    assert (made.model.params["0.weight"] == weight).all()
    row, now = frames(made)[-1]["layers"][0], frames(made)[-1]
    assert row["slope"] is not None, "the gradient of the kept step"
    assert float(now["msExample"].replace("·10⁻", "e-")) > 0


def test_one_looks_back_from_a_kept_state_at_its_own_network(digits: Dataset) -> None:
    made = lived(digits, steps=20)
    click(made, "keep")
    until(lambda: states(made)[-1]["kept"], "it is kept")
    sent, looks = [frame.content["step"] for frame in made.frames], [one.steps for one in made.record.frames]
    click(made, "build", config={"filters": [5], "hidden": [], "batch_norm": False})
    until(lambda: (frames(made)[-1]["step"], len(frames(made)[-1]["layers"])) == (20, 5), "another network has trained")
    made.sent.clear()  # type: ignore[attr-defined]
    click(made, "load")
    until(lambda: bool(states(made)) and "config" in states(made)[-1], "it is back")
    assert [frame.content["step"] for frame in made.frames] == sent
    assert {len(frame.content["layers"]) for frame in made.frames} == {len(made.model.layers)}
    assert [content["step"] for content in frames(made, "again")] == sent
    assert [one.steps for one in made.record.frames] == looks
    assert {len(one.params) for one in made.record.frames} == {len(made.model.layers)}


def test_a_page_that_is_opened_again_gets_every_frame_and_setting(digits: Dataset) -> None:
    made = lived(digits, steps=9)
    click(made, "speed", value="slower")
    click(made, "set", name="lr", value=0.5)
    sent = [content["step"] for content in frames(made)]
    made.sent.clear()  # type: ignore[attr-defined]
    click(made, "hello")
    until(lambda: any("settings" in state for state in states(made)), "it answers")
    assert [content["step"] for content in frames(made, "again")] == sent
    assert states(made)[-1]["speed"] == "slower"
    assert states(made)[-1]["settings"]["lr"] == 0.5


def test_the_looks_for_the_record_use_the_memory_of_another_thread_than_the_training(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = instrument(digits, steps=3)
    looked: list[int] = []
    right = TrainingRecord.add

    def add(record: TrainingRecord, *what: Any) -> None:
        looked.append(threading.get_ident())
        right(record, *what)

    monkeypatch.setattr(TrainingRecord, "add", add)
    made.run()
    assert looked
    assert made.thread.ident not in looked
    made.close()
    made.thread.join(60)
    with pytest.raises(RuntimeError, match="after shutdown"):
        made.looker.submit(int)


@pytest.mark.parametrize(("took", "waited"), [(0.03, 0.07), (0.3, 0.0)])
def test_ten_steps_a_second_are_ten_whatever_a_step_takes(
    digits: Dataset, monkeypatch: pytest.MonkeyPatch, took: float, waited: float
) -> None:
    made, now, waits = instrument(digits, steps=0), [0.0], list[float]()
    made.begin()
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    made.speed = "slow"

    def step() -> None:
        now[0] += took
        made.life.history.add_loss(1.0)

    made.life.step = step  # type: ignore[method-assign]
    made.wake.wait = waits.append  # type: ignore[assignment,method-assign]
    for _ in range(3):
        made.step()
    assert waits == pytest.approx([waited] * 3)


def test_an_error_of_the_students_step_ends_the_training_and_is_raised_in_the_cell(digits: Dataset) -> None:
    def broken(*_: Any) -> float:
        raise NotImplementedError("train_step is not written yet")

    made = instrument(digits, steps=5, train_step=broken)
    with pytest.raises(NotImplementedError, match="not written yet"):
        made.run()
    assert states(made)[-1]["state"] == "failed"
    assert "not written yet" in states(made)[-1]["trouble"]


@pytest.mark.parametrize("where", ["measure", "look", "show"])
@pytest.mark.parametrize("at", [1, 2])
def test_an_error_beside_the_steps_ends_the_training_too_and_no_cell_waits(
    digits: Dataset, where: str, at: int
) -> None:
    """Before the first step or after it; a test pass that fails, or torch that is not there, for example."""
    made = instrument(digits, steps=5)
    right, calls = getattr(made, where), []

    def broken() -> None:
        calls.append(where)
        if len(calls) == at:
            raise NoTorchError("torch is not installed")
        right()

    setattr(made, where, broken)
    with pytest.raises(NoTorchError, match="not installed"):
        made.run()
    assert states(made)[-1]["state"] == "failed"
    assert made.history.steps == at - 1
    click(made, "reset")
    until(lambda: states(made)[-1]["state"] == "done", "it starts anew")


def test_an_interrupt_of_the_kernel_is_a_stop(digits: Dataset) -> None:
    made = instrument(digits, steps=0)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    made.run()
    assert made.state == "stopped"


def test_nothing_is_drawn_before_the_first_step(digits: Dataset) -> None:
    data = instrument(digits, steps=3).static()
    assert "<img" not in data["text/html"]
    assert data["text/plain"] in unescape(data["text/html"])


def test_without_widgets_one_picture_and_a_sentence_without_numbers_stay(digits: Dataset) -> None:
    made = lived(digits, steps=3)
    data = made.static()
    assert not any(letter.isdigit() for letter in data["text/plain"])
    assert 'alt="The network after 3 steps: loss ' in data["text/html"]
