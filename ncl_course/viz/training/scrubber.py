"""The explorer of a finished training: a slider over its recorded steps, with all layers or with one large layer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from html import escape
from typing import Protocol

import ipywidgets as widgets
import numpy as np

from ncl_course.language import text
from ncl_course.still import NOTE
from ncl_course.viz.explorer import Explorer, side_by_side, stops
from ncl_course.viz.picture import Bundle
from ncl_course.viz.slider import Play
from ncl_course.viz.spoken import short
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.layer import LayerPicture
from ncl_course.viz.training.record import Frame, TrainingRecord, gradients_of, ways_left
from ncl_course.viz.training.scene import TrainingPicture
from ncl_course.viz.training.words import accuracy_in_words, loss_in_words

SHARPNESS = 150
"""Dots per inch, 1.5 times those of a page."""


class Named(Protocol):
    """Data of classes that have names."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""


class Watched(Protocol):
    """A training that was watched, as ``live_training`` returns it."""

    @property
    def record(self) -> TrainingRecord:
        """The looks into the network."""

    @property
    def history(self) -> TrainingHistory:
        """The losses and accuracies."""

    @property
    def data(self) -> Named:
        """The data set."""


def scrub_training(view: Watched) -> TrainingScrubber:
    """Scrub through the training that ``view`` has watched, layer by layer.

    Raises:
        ValueError: the view has not watched a training.
    """
    if not view.record.frames:
        raise ValueError(text("training.scrubber.empty"))
    return TrainingScrubber(view)


class TrainingScrubber(Explorer):
    """A step and a layer. It keeps the current frames; after more training, make a new one."""

    def __init__(self, view: Watched) -> None:
        self.frames, self.history, self.classes = [*view.record.frames], view.history, view.data.classes
        self.names = self.frames[0].seen.names
        self.scene: TrainingPicture | None = None
        self.large = LayerPicture(self.frames)
        self.large.set_dpi(SHARPNESS)
        self._make_controls()
        above = side_by_side([widgets.HBox([self.step, self.play])], [self.layer])
        self._scene(self.frames[-1]).frame()  # draw it now, so that the first look at it is not slower
        super().__init__(self.large, (self.step, self.layer), above)

    def _make_controls(self) -> None:
        last = len(self.frames) - 1
        self.step = stops(text("training.scrubber.step"), [(str(f.steps), n) for n, f in enumerate(self.frames)], last)
        self.play = Play(value=last, min=0, max=last, interval=500, tooltip=text("training.scrubber.play"))
        self.link = widgets.jslink((self.play, "value"), (self.step, "index"))
        options = [(text("training.scrubber.all"), -1), *((name, n) for n, name in enumerate(self.names))]
        self.layer = widgets.Dropdown(options=options, value=first_trained(self.frames[0]))
        self.layer.description = text("training.scrubber.layer")

    def draw(self) -> str:
        """Draw the layer, or all layers, after the step."""
        number, layer = self.step.value, self.layer.value
        if layer < 0:
            self.picture = self._scene(self.frames[number])
            return all_in_words(history_until(self.history, self.frames[number].steps), self.frames[number])
        large = self.picture = self._layer_picture(layer)
        large.follow(number)
        return layer_in_words(self.frames, number, layer)

    def _scene(self, frame: Frame) -> TrainingPicture:
        """Return the picture of all layers at a frame."""
        history, steps = history_until(self.history, frame.steps), self.frames[-1].steps
        if self.scene is None:
            self.scene = TrainingPicture(history, frame.seen, self.classes, steps)
            self.scene.set_dpi(SHARPNESS)
        self.scene.follow(history, frame.seen, steps)
        return self.scene

    def _layer_picture(self, layer: int) -> LayerPicture:
        """Return the picture of one layer."""
        if self.large.layer != layer:
            self.large.turn_to(layer)
        return self.large

    def static(self) -> Bundle:
        """Return the same with the course of each layer, and a sentence as text: the numbers depend on the machine."""
        still, courses = super().static(), (course_in_words(self.frames, n) for n in trained(self.frames[0]))
        html = still["text/html"] + NOTE.format("<br>".join(map(escape, courses)))
        return {"text/html": html, "text/plain": text("training.scrubber.static")}


def first_trained(frame: Frame) -> int:
    """Return the number of the first layer with parameters, or −1, which stands for all layers, if none has any."""
    return next(trained(frame), -1)


def trained(frame: Frame) -> Iterator[int]:
    """Yield the numbers of the layers with parameters."""
    return (number for number, params in enumerate(frame.params) if params)


def history_until(history: TrainingHistory, steps: int) -> TrainingHistory:
    """Return a history as it was after that number of steps."""
    measured = bisect_right(history.measured, steps)
    return TrainingHistory(history.losses[:steps], history.measured[:measured], history.accuracies[:measured])


def all_in_words(history: TrainingHistory, frame: Frame) -> str:
    """Describe all layers in a sentence."""
    sizes = np.array([np.nan if size is None else size for size in frame.seen.gradients])
    largest = text("training.scrubber.no_gradient")
    if np.isfinite(sizes).any():
        best = int(np.nanargmax(sizes))
        largest = f"{frame.seen.names[best]}, {short(sizes[best])}"
    said = {
        "loss": loss_in_words(history) if history.losses else text("training.scrubber.no_loss"),
        "accuracy": accuracy_in_words(history) if history.accuracies else text("training.scrubber.no_accuracy"),
    }
    return text("training.scrubber.all_seen", step=frame.steps, largest=largest, **said)


def course_in_words(frames: list[Frame], layer: int) -> str:
    """Say how long a layer's gradient was at both ends of the training, and when its weights had come how far."""
    sizes, ways = gradients_of(frames, layer), ways_left(frames, layer)
    first, last = np.flatnonzero(np.isfinite(sizes))[[0, -1]] if np.isfinite(sizes).any() else (0, -1)
    half, tenth = (frames[int(np.argmax(ways <= share))].steps for share in (0.5, 0.1))
    return text(
        "training.scrubber.course",
        name=frames[0].seen.names[layer],
        first=short(sizes[first]),
        begin=frames[first].steps,
        last=short(sizes[last]),
        end=frames[last].steps,
        half=half,
        tenth=tenth,
    )


def layer_in_words(frames: list[Frame], number: int, layer: int) -> str:
    """Describe one layer in a sentence."""
    frame = frames[number]
    said = {"name": frame.seen.names[layer], "step": frame.steps}
    if not frame.params[layer]:
        return text("training.scrubber.seen_plain", **said)
    size, left = frame.seen.gradients[layer], ways_left(frames, layer)[number]
    gradient = text("training.scrubber.no_gradient") if size is None else short(size)
    return text("training.scrubber.seen", gradient=gradient, left=f"{100 * np.nan_to_num(left):.0f}", **said)
