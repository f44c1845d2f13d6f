"""A training in words: the line below the progress bar, and the picture's alternative text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ncl_course.language import text
from ncl_course.viz.spoken import numeral
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.probe import Look

UNKNOWN = "…"


def ready_in_words(steps: int) -> str:
    """Return the line before the first step."""
    return text("training.picture.ready", steps=steps) if steps else text("training.picture.ready_open")


def running_in_words(state: str, history: TrainingHistory, steps: int, left: float = 0.0) -> str:
    """Return the line for a state of the training: ``running``, ``paused``, ``stopped``, ``done`` or ``failed``."""
    return text(
        f"training.picture.{state}",
        step=history.steps,
        steps=steps,
        loss=loss_in_words(history),
        accuracy=accuracy_in_words(history),
        left=time_in_words(left),
    )


def scene_in_words(history: TrainingHistory, seen: Look, classes: Sequence[str]) -> str:
    """Describe the picture for readers who cannot see it."""
    known = seen.probabilities is not None and len(seen.probabilities) == len(classes)
    guess = classes[int(np.argmax(seen.probabilities))] if known else text("training.picture.no_guess")  # type: ignore[arg-type]
    loss, share = loss_in_words(history), accuracy_in_words(history)
    return text("training.picture.alt", step=history.steps, loss=loss, accuracy=share, guess=guess)


def loss_in_words(history: TrainingHistory) -> str:
    """Return the latest loss."""
    return numeral(f"{history.losses[-1]:.3f}") if history.losses else UNKNOWN


def accuracy_in_words(history: TrainingHistory) -> str:
    """Return the latest accuracy, in percent."""
    return f"{100 * history.accuracies[-1]:.0f} %" if history.accuracies else UNKNOWN


def time_in_words(seconds: float) -> str:
    """Return a remaining time, only as exact as such an estimate can be."""
    if seconds < 90:
        return text("training.picture.seconds", count=max(0, round(seconds)))
    return text("training.picture.minutes", count=round(seconds / 60))
