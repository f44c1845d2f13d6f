"""A training in words: its latest numbers, and the picture's alternative text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ncl_course.language import text
from ncl_course.viz.spoken import numeral, percentage
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.probe import Look

UNKNOWN = "…"
FOUR_FIFTHS = 0.8


def scene_in_words(history: TrainingHistory, seen: Look, classes: Sequence[str]) -> str:
    """Describe the picture for readers who cannot see it."""
    known = seen.probabilities is not None and len(seen.probabilities) == len(classes)
    guess = classes[int(np.argmax(seen.probabilities))] if known else text("training.picture.no_guess")  # type: ignore[arg-type]
    loss, share = loss_in_words(history), accuracy_in_words(history)
    said = text("training.picture.alt", step=history.steps, loss=loss, accuracy=share, guess=guess)
    reached = (step for step, right in zip(history.measured, history.accuracies, strict=True) if right >= FOUR_FIFTHS)
    return " ".join([said, *(text("training.picture.four_fifths", step=step) for step in [*reached][:1])])


def loss_in_words(history: TrainingHistory) -> str:
    """Return the latest loss."""
    return numeral(f"{history.losses[-1]:.3f}") if history.losses else UNKNOWN


def accuracy_in_words(history: TrainingHistory) -> str:
    """Return the latest accuracy, in percent."""
    return percentage(f"{100 * history.accuracies[-1]:.0f}") if history.accuracies else UNKNOWN
