"""The sheet without a browser: a drawing is read by the network, at the brightness that it has learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ncl_course.data import load_fashion
from ncl_course.nn import CNNConfig, Layer, Sequential
from ncl_course.oracles.training import ready
from ncl_course.viz.training.live.drawing import Drawing
from ncl_course.viz.training.live.life import Life, Maker, Settings
from tests.viz.training.live.living import instrument


@pytest.fixture(scope="module")
def life() -> Life:
    """Return a network of ready-made layers that has seen 1,600 photographs of clothes."""
    maker = Maker(ready.build_cnn, ready.train_step, ready.CrossEntropyLoss, ready.SGD)
    made = Life(maker, load_fashion(), CNNConfig(1, 28, 10, filters=(4, 8)), Settings(batch=32))
    for _ in range(50):
        made.step()
    return made


def drawing(life: Life) -> tuple[Drawing, list[Any]]:
    """Return a sheet, and the list of what it sends."""
    made = Drawing(life.model, life.data)
    sent: list[Any] = []
    made.sheet.send = lambda message, buffers=None: sent.append((message, buffers))
    return made, sent


def test_a_photograph_on_the_sheet_gets_the_answer_that_the_network_gives_to_it(life: Life) -> None:
    made, sent = drawing(life)
    made.heard(made.sheet, {"kind": "example"}, [])
    (message, (pixels,)) = sent.pop()
    assert message == {"kind": "example"}
    made.heard(made.sheet, {"kind": "read"}, [memoryview(pixels)])
    (message, _) = sent.pop()
    assert message["trouble"] == ""
    logits = life.model.eval().forward(life.data.validation.x[:1])[0]
    share = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    assert np.allclose(message["probabilities"], share, atol=0.05)
    assert int(np.argmax(message["probabilities"])) == int(np.argmax(share))


def test_the_network_that_lives_in_the_instrument_now_reads_what_is_drawn(life: Life) -> None:
    view = instrument(life.data, steps=0, config=life.config)
    made, grey = Drawing(view, life.data), np.zeros((28, 28), np.uint8)
    view.model.params["7.bias"][:] = np.nan
    assert made.read(grey)["probabilities"] is None
    assert made.read(grey)["trouble"]
    view.life.start(view.life.config)
    assert made.model is view.life.model
    assert made.read(grey)["trouble"] == ""


def test_what_is_drawn_changes_the_answer(life: Life) -> None:
    made, sent = drawing(life)
    for shape in (np.s_[2:26, 12:17], np.s_[12:16, 2:26]):
        grey = np.zeros((28, 28), np.uint8)
        grey[shape] = 255
        made.heard(made.sheet, {"kind": "read"}, [grey.tobytes()])
    first, second = (message["probabilities"] for message, _ in sent)
    assert sum(first) == pytest.approx(1)
    assert max(abs(np.subtract(first, second))) > 0.1


def test_a_network_that_cannot_answer_says_why(life: Life) -> None:
    made, _ = drawing(life)
    made.reader = Sequential(Layer())
    answer = made.read(np.zeros((28, 28), np.uint8))
    assert answer["probabilities"] is None
    assert answer["trouble"] == "0 Layer: not written yet"


def test_a_network_that_has_diverged_says_so_and_gives_no_class_ten_per_cent(life: Life) -> None:
    made, _ = drawing(life)
    made.reader = life.maker.build(life.config, np.random.default_rng(0))
    made.model.params["0.weight"][...] = np.nan
    answer = made.read(np.zeros((28, 28), np.uint8))
    assert answer["probabilities"] is None
    assert answer["trouble"].startswith("The network's answers are NaN or ∞")


def test_without_widgets_examples_and_a_sentence_stay(life: Life) -> None:
    data = drawing(life)[0].static()
    assert "data:image/png;base64," in data["text/html"]
    assert data["text/plain"] in data["text/html"]
