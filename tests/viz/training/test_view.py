"""The view into a training without a browser: it records, draws, pauses and stops, without effect on the training."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from base64 import b64decode
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from ncl_course.data import Dataset, load_digits
from ncl_course.nn import SGD, CNNConfig, Layer, Sequential
from ncl_course.viz import watch_training
from ncl_course.viz.training.clicks import answer_while_busy
from ncl_course.viz.training.view import TrainingView
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT
from tests.patience import PATIENCE, until

CONFIG = CNNConfig(1, 8, 10, filters=(4, 6), hidden=(8,), batch_norm=True, keep_prob=0.8)


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


def pieces(seed: int = 0) -> tuple[Any, Any, Any]:
    """Return a network of right layers with batch normalization and dropout, its loss and its optimizer."""
    model = RIGHT["build_cnn"][0](CONFIG, np.random.default_rng(seed))
    return model, LINEAR["CrossEntropyLoss"][0](), SGD(model, lr=0.05, momentum=0.9)


def run(view: TrainingView, loss: Any, optimizer: Any, train: Any = RIGHT["train"][0], epochs: int = 1) -> list[float]:
    rng = np.random.default_rng(7)
    losses: list[float] = view.run(train, loss, optimizer, epochs=epochs, batch_size=64, rng=rng)
    return losses


def said(view: TrainingView) -> str:
    return re.sub("<[^>]+>", "", view.line.value)


@pytest.mark.parametrize("train", RIGHT["train"], ids=lambda train: train.__name__)
def test_a_training_is_the_same_with_the_view_and_without(digits: Dataset, train: Any) -> None:
    (model, loss, optimizer), (watched, loss_2, optimizer_2) = pieces(), pieces()
    x, labels, rng = digits.train.x, digits.train.labels, np.random.default_rng(7)
    losses = train(model, loss, optimizer, x, labels, epochs=1, batch_size=64, rng=rng)
    view = watch_training(watched, digits)
    view.pace.share = 1.0  # at most one picture every quarter of a second
    assert list(run(view, loss_2, optimizer_2, train)) == list(losses) == view.history.losses
    for key, values in model.params.items():
        assert np.array_equal(values, watched.params[key]), key
    assert np.array_equal(model.layers[1].running_var, watched.layers[1].running_var)


def test_a_look_after_every_step_does_not_disturb_either(digits: Dataset) -> None:
    (model, loss, optimizer), (watched, loss_2, optimizer_2) = pieces(), pieces()
    x, labels, rng = digits.train.x[:320], digits.train.labels[:320], np.random.default_rng(7)
    losses = RIGHT["train"][0](model, loss, optimizer, x, labels, epochs=1, batch_size=64, rng=rng)
    view = watch_training(watched, digits)

    def every_step(step: int, value: float) -> bool:
        view.pace.due = 0
        view.interval = 1
        return view.on_step(step, value)

    rng = np.random.default_rng(7)
    again = RIGHT["train"][0](
        watched, loss_2, optimizer_2, x, labels, epochs=1, batch_size=64, rng=rng, on_step=every_step
    )
    assert again == losses
    assert view.history.measured == [1, 2, 3, 4, 5]
    assert watched.training
    assert all(getattr(layer, "training", True) for layer in watched.layers)


def test_a_look_between_forward_and_backward_leaves_the_gradients_as_they_are(digits: Dataset) -> None:
    (model, loss, _), (watched, loss_2, _) = pieces(), pieces()
    view = watch_training(watched, digits)
    x, labels = digits.train.x[:32], digits.train.labels[:32]
    loss.forward(model(x), labels)
    loss_2.forward(watched(x), labels)
    view.show()
    view.measure()
    assert np.array_equal(model.backward(loss.backward()), watched.backward(loss_2.backward()))
    for key, values in model.grads.items():
        assert np.array_equal(values, watched.grads[key]), key


def test_stop_ends_the_training_after_the_step_and_keeps_weights_and_history(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)
    first = model.params["0.weight"].copy()
    threading.Timer(0.3, view.stop.click).start()
    losses = run(view, loss, optimizer, epochs=10_000)
    assert 0 < len(losses) < 190_000
    assert view.history.losses == losses
    assert view.history.measured[-1] == len(losses)
    assert not np.array_equal(first, model.params["0.weight"])
    assert said(view).startswith(f"Stopped after step {len(losses)} of 190000.")
    assert (view.stop.disabled, view.pause.disabled) == (True, True)


def test_a_stopped_training_goes_on_where_it_stood(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits, steps=19)
    assert said(view) == "Ready: 19 steps."
    first, kept = run(view, loss, optimizer), model.params["0.weight"].copy()
    assert said(view).startswith("Done: 19 steps · last loss")
    second = run(view, loss, optimizer)
    assert view.history.losses == first + second
    assert second[-1] < first[0]
    assert not np.array_equal(kept, model.params["0.weight"])
    assert view.progress.value == view.progress.max == view.steps == 38


def test_pause_stands_still_until_it_is_released(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)
    seen: list[Any] = []

    def clicks() -> None:
        wait_for(lambda: view.history.steps > 2)
        view.pause.value = True
        wait_for(lambda: said(view).startswith("Paused"))
        stood, picture = view.history.steps, view.image.value
        time.sleep(0.2)
        seen.extend([stood, view.history.steps, view.pause.description])
        view.number.value = 3
        wait_for(lambda: view.image.value != picture)
        view.pause.value = False
        wait_for(lambda: view.history.steps > stood)
        seen.append(view.pause.description)
        view.stop.click()

    clicking = threading.Thread(target=clicks)
    clicking.start()
    losses = run(view, loss, optimizer, epochs=10_000)
    clicking.join(PATIENCE)
    stood, later, paused, released = seen
    assert stood == later < len(losses)
    assert (paused, released) == ("Continue", "Pause")


def wait_for(condition: Any) -> None:
    until(condition, "the view has changed")


def test_a_stop_during_a_pause_ends_the_training(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)

    def clicks() -> None:
        wait_for(lambda: view.history.steps > 0)
        view.pause.value = True
        wait_for(lambda: said(view).startswith("Paused"))
        view.stop.click()

    threading.Thread(target=clicks).start()
    assert len(run(view, loss, optimizer, epochs=10_000)) == view.history.steps


def test_an_interrupt_of_the_kernel_is_a_stop_and_the_handler_is_given_back(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view, before = watch_training(model, digits), signal.getsignal(signal.SIGINT)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    losses = run(view, loss, optimizer, epochs=10_000)
    assert said(view).startswith(f"Stopped after step {len(losses)}")
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_in_the_training_goes_through_and_the_view_says_so(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)

    def broken(model: Any, loss: Any, optimizer: Any, x: Any, labels: Any, *, on_step: Any, **_: Any) -> list[float]:
        on_step(0, 2.5)
        raise NotImplementedError("train is not written yet")

    with pytest.raises(NotImplementedError, match="train is not written yet"):
        run(view, loss, optimizer, broken)
    assert view.history.losses == [2.5]
    assert said(view).startswith("The training stopped after step 1 because of an error")
    assert not view.running


class Picky(Layer):
    """A layer that needs batches: it fails for one image."""

    def forward(self, x: Any) -> Any:
        if len(x) == 1:
            raise ValueError("one image is not a batch")
        return x

    def backward(self, grad_out: Any) -> Any:
        return grad_out


def test_a_layer_that_raises_under_the_view_leaves_a_note_and_a_whole_training(digits: Dataset) -> None:
    model = Sequential(Picky(), LINEAR["Flatten"][0](), LINEAR["Linear"][0](64, 10))
    view = watch_training(model, digits)
    losses = run(view, LINEAR["CrossEntropyLoss"][0](), SGD(model, lr=0.1))
    assert len(losses) == 19
    assert view.picture.note.get_text() == "The view stopped: 0 Picky: ValueError: one image is not a batch"
    assert view.history.measured == [19], "the batch of validation images did not raise"


def test_without_widgets_one_picture_and_a_sentence_without_numbers_stay(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)
    before = view._repr_mimebundle_()[0]
    run(view, loss, optimizer)
    data, metadata = view._repr_mimebundle_()
    assert set(data) == {"application/vnd.jupyter.widget-view+json", "image/png", "text/plain"}
    assert data["text/plain"] == before["text/plain"] == metadata["image/png"]["alt"]
    assert not re.search(r"\d", data["text/plain"])
    assert data["image/png"] != before["image/png"]
    width = metadata["image/png"]["width"]
    assert Image.open(BytesIO(b64decode(data["image/png"]))).width == pytest.approx(1.5 * width, abs=2)


def test_the_last_picture_of_a_repeated_training_is_the_same(digits: Dataset) -> None:
    pictures = []
    for share in (1.0, 1e-6):  # regardless of the number of drawings
        model, loss, optimizer = pieces()
        view = watch_training(model, digits)
        view.pace.share = share
        run(view, loss, optimizer)
        pictures.append(view._repr_mimebundle_()[0]["image/png"])
    assert pictures[0] == pictures[1]


def test_the_alternative_text_of_the_moving_picture_has_the_numbers(digits: Dataset) -> None:
    model, loss, optimizer = pieces()
    view = watch_training(model, digits)
    losses = run(view, loss, optimizer)
    alt = re.search('alt="([^"]*)"', view.image.value)
    assert alt is not None
    assert alt[1].startswith(f"The network after 19 steps: loss {losses[-1]:.3f}, validation accuracy ")
    assert f"{100 * view.history.accuracies[-1]:.0f} %" in alt[1]


def test_clicks_are_sent_where_the_page_says_once_the_main_thread_has_spoken() -> None:
    class Spoken:
        comm = type("Comm", (), {})()

    Spoken.comm._reply_subshell_id = None
    answer_while_busy(Spoken, Spoken)
    assert not hasattr(Spoken.comm, "_reply_subshell_id")


def test_a_russian_view_speaks_russian(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    model, loss, optimizer = pieces()
    view = watch_training(model, digits, steps=19)
    assert said(view) == "Всё готово. Шагов впереди: 19."
    run(view, loss, optimizer)
    assert said(view).startswith("Готово. Шагов: 19 · последнее значение функции потерь ")
