"""Instruments without a browser: what they send is kept in a list, and what a reader clicks is a message."""

from __future__ import annotations

from typing import Any

from ncl_course.data import Dataset
from ncl_course.nn import SGD, CNNConfig
from ncl_course.viz.training.live.instrument import Instrument
from ncl_course.viz.training.live.life import Maker, Settings
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT

CONFIG = CNNConfig(1, 8, 10, filters=(4, 6), hidden=(8,), batch_norm=True, keep_prob=0.8)


def maker(**others: Any) -> Maker:
    """Return the right answers of lesson 06, some of them replaced."""
    right: dict[str, Any] = {
        "build": RIGHT["build_cnn"][0],
        "train_step": RIGHT["train_step"][0],
        "loss": LINEAR["CrossEntropyLoss"][0],
        "optimizer": SGD,
    }
    return Maker(**{**right, **others})


def instrument(data: Dataset, steps: int, config: CNNConfig = CONFIG, **others: Any) -> Instrument:
    """Return an instrument that waits for nobody; ``sent`` holds the messages to its page."""
    made = Instrument(maker(**others), data, config, Settings(batch=64), steps)
    made.hold = 0
    sent: list[tuple[dict[str, Any], Any]] = []
    made.page.send = lambda message, buffers=None: sent.append((message, buffers))
    made.sent = sent  # type: ignore[attr-defined]
    return made


def lived(data: Dataset, steps: int) -> Instrument:
    """Return an instrument after a training."""
    made = instrument(data, steps)
    made.run()
    return made


def click(made: Instrument, kind: str, **more: Any) -> None:
    """Send a message as the page does."""
    made.heard(made.page, {"kind": kind, **more}, [])
