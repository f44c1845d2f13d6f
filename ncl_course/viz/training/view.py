"""The view into a network while it trains: a progress bar, buttons, and the moving picture.

The training runs in the cell, as it would without a view; clicks set flags, which the next step reads.
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable
from html import escape
from typing import Any, Protocol

import ipywidgets as widgets
import numpy as np

from ncl_course.experiments.progress import WIDGET_VIEW, view_of
from ncl_course.language import text
from ncl_course.viz.explorer import IMAGE
from ncl_course.viz.picture import Bundle
from ncl_course.viz.training.clicks import answer_while_busy, gentle_interrupt
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.pace import Pace, Stopwatch, measuring_interval
from ncl_course.viz.training.probe import Labelled, Look, accuracy, look
from ncl_course.viz.training.record import TrainingRecord
from ncl_course.viz.training.scene import TrainingPicture
from ncl_course.viz.training.words import ready_in_words, running_in_words, scene_in_words

MEASURED = 128
"""The number of validation images to measure the accuracy on; so many are enough to see it grow."""
TEMPI = (("full", 0.0), ("slow", 0.1), ("slower", 0.5))
"""The seconds to wait after a step."""
LINE = '<p style="margin: 0; font-size: 14px; line-height: 1.5">{}</p>'


class Data(Protocol):
    """A data set such as ``ncl_course.data`` loads."""

    @property
    def train(self) -> Labelled:
        """The images to learn from."""

    @property
    def validation(self) -> Labelled:
        """The images to measure the accuracy on and to look at."""

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes."""


def watch_training(model: Any, data: Data, steps: int | None = None) -> TrainingView:
    """Show a view into ``model`` in the notebook, and return it; ``view.run(…)`` then trains.

    Args:
        model: a network, for example a ``Sequential`` of your own layers.
        data: a data set; ``run`` trains on its training part, and you can look at its first validation images.
        steps: the number of steps, if you know it already.
    """
    from IPython import get_ipython
    from IPython.display import display

    view = TrainingView(model, data, steps)
    if get_ipython() is not None:
        view.handle = display(view, display_id=True)
    return view


class TrainingView:
    """The view's widgets and flags. On a page without running widgets, its picture stays.

    Attributes:
        history: losses and accuracies so far; a stopped training leaves them, and the next one continues them.
        record: looks into the network to scrub through afterwards.
        recorded: the number of the image in these looks.
        pace: the time of the next picture, and the seconds that all pictures have cost.
        steps: the number of steps when the training is finished.
        box: all widgets as one.
        handle: IPython's handle of the display.
    """

    handle: Any = None

    def __init__(self, model: Any, data: Data, steps: int | None = None) -> None:
        self.model, self.data, self.steps = model, data, int(steps or 0)
        self.history, self.pace, self.ticks, self.watch = TrainingHistory(), Pace(), Pace(), Stopwatch()
        self.record, self.recorded = TrainingRecord(), 0
        self.halt, self.going, self.drawing = threading.Event(), threading.Event(), threading.Lock()
        self.going.set()
        self.running, self.before, self.interval = False, 0, measuring_interval(self.steps)
        self._make_widgets()
        self.picture = TrainingPicture(self.history, self._look(), data.classes, self.steps)
        self.picture.sharpness = 1.5
        self.show()
        self.say(ready_in_words(self.steps))

    def run(
        self,
        train: Callable[..., list[float]],
        loss: Any,
        optimizer: Any,
        *,
        epochs: int,
        batch_size: int,
        rng: np.random.Generator,
    ) -> list[float]:
        """Let ``train`` train the model on the training part, watch it, and return its result.

        Pause and Stop work meanwhile. A stopped training keeps its weights and the history, and ``run`` continues it.
        """
        part = self.data.train
        self.begin(epochs * -(-len(part.labels) // batch_size))
        ended = "failed"
        try:
            with gentle_interrupt(self.halt.set):
                sizes = {"epochs": epochs, "batch_size": batch_size}
                x, labels = part.x, part.labels
                losses = train(self.model, loss, optimizer, x, labels, **sizes, rng=rng, on_step=self.on_step)
            ended = "stopped" if self.halt.is_set() else "done"
        finally:
            self.end(ended)
        return losses

    def on_step(self, step: int, loss: float) -> bool:  # noqa: ARG002 - the history counts for itself
        """Look at the network after a step, and return whether Stop was pressed. ``train`` calls this."""
        self.history.add_loss(loss)
        if self.history.steps % self.interval == 0:
            self.measure()
        if self.record.wants(self.history.steps):
            self.keep()
        delay = self.tempo.value
        if self.pace.is_due() or delay:
            self.show()
        if self.ticks.is_due():
            with self.ticks.picture():
                self.tell()
        if delay:
            self.halt.wait(delay)
        if not self.going.is_set() and not self.halt.is_set():
            self.wait()
        return self.halt.is_set()

    def begin(self, steps: int) -> None:
        """Prepare for that many more steps."""
        self.steps, self.running = self.history.steps + steps, True
        self.before, self.interval = self.history.steps, measuring_interval(steps)
        self.record.plan(self.steps)
        if not self.record.frames:
            self.recorded = self.number.value
            self.keep()
        self.halt.clear()
        self.pause.value = False
        self.going.set()
        self.watch = Stopwatch()
        self.progress.min, self.progress.max = 0, max(self.steps, 1)
        self.pause.disabled = self.stop.disabled = False
        answer_while_busy(self.pause, self.stop, self.number, self.tempo)

    def end(self, how: str) -> None:
        """Measure and draw once more, say how the training ended, and leave the last picture in the notebook."""
        self.running = False
        self.pause.disabled = self.stop.disabled = True
        self.measure()
        self.keep()
        self.say(running_in_words(how, self.history, self.steps))
        self.progress.value = self.history.steps
        self.steps = self.history.steps
        self.show()
        if self.handle is not None:
            self.handle.update(self)

    def wait(self) -> None:
        """Wait until Pause is released or Stop is pressed; the reader may look at another image meanwhile."""
        self.show()
        self.say(running_in_words("paused", self.history, self.steps))
        with self.watch.paused():
            while not self.going.wait(0.05) and not self.halt.is_set():
                if self.pace.due == 0:
                    self.show()

    # ---- what is seen --------------------------------------------------------------------------------------------

    def measure(self) -> None:
        """Measure the accuracy on some validation images."""
        with self.pace.timed():
            share = accuracy(self.model, self.data.validation, MEASURED)
        if share is not None:
            self.history.add_accuracy(share)

    def keep(self) -> None:
        """Record the current state, to scrub through it afterwards."""
        part = self.data.validation
        with self.pace.timed():
            self.record.add(self.model, part.x[self.recorded], part.labels[self.recorded], self.history.steps)

    def show(self) -> None:
        """Draw the current state."""
        with self.drawing, self.pace.picture():
            self.seen = self._look()
            self.picture.follow(self.history, self.seen, max(self.steps, self.history.steps))
            alt = scene_in_words(self.history, self.seen, self.data.classes)
            width, height = self.picture.page_size
            png = b64encode(self.picture.frame()).decode("ascii")
            self.image.value = IMAGE.format(alt=escape(alt), width=width, height=height, png=png)

    def tell(self) -> None:
        """Move the progress bar, and say the numbers and the remaining time."""
        done = self.history.steps - self.before if self.running else 0
        left = self.watch.left(done, self.steps - self.history.steps + done)
        self.progress.value = self.history.steps
        self.say(running_in_words("running", self.history, self.steps, left))

    def say(self, words: str) -> None:
        """Write a line below the progress bar."""
        self.line.value = LINE.format(escape(words))

    def _look(self) -> Look:
        part, number = self.data.validation, self.number.value
        return look(self.model, part.x[number], part.labels[number])

    # ---- widgets -------------------------------------------------------------------------------------------------

    def _make_widgets(self) -> None:
        self.pause = widgets.ToggleButton(description=text("training.picture.pause"), icon="pause", disabled=True)
        self.stop = widgets.Button(
            description=text("training.picture.stop"),
            icon="stop",
            disabled=True,
            tooltip=text("training.picture.stop_hint"),
        )
        last = min(len(self.data.validation.labels), 100) - 1
        self.number = widgets.IntSlider(
            0, 0, last, description=text("training.picture.chosen"), style={"description_width": "initial"}
        )
        tempi = [(text(f"training.picture.tempo_{name}"), delay) for name, delay in TEMPI]
        self.tempo = widgets.Dropdown(options=tempi, description=text("training.picture.tempo"))
        self.progress = widgets.IntProgress(0, 0, max(self.steps, 1), layout=widgets.Layout(width="100%"))
        self.line, self.image = widgets.HTML(), widgets.HTML()
        wrap = widgets.Layout(flex_flow="row wrap", grid_gap="0 1em")
        controls = widgets.HBox([self.pause, self.stop, self.tempo, self.number], layout=wrap)
        self.box = widgets.VBox([controls, self.progress, self.line, self.image])
        self.pause.observe(self._paused, "value")
        self.stop.on_click(lambda _button: self.halt.set())
        self.number.observe(self._chosen, "value")

    def _paused(self, change: Any) -> None:
        self.pause.description = text("training.picture.go_on" if change["new"] else "training.picture.pause")
        self.pause.icon = "play" if change["new"] else "pause"
        (self.going.clear if change["new"] else self.going.set)()

    def _chosen(self, _change: Any) -> None:
        """Look at another image; during a training, its next step does this."""
        if self.running:
            self.pace.due = 0
        else:
            self.show()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:  # noqa: ARG002 - IPython's
        width, height = self.picture.page_size
        with self.drawing:
            png = b64encode(self.picture.png()).decode("ascii")
        data = {WIDGET_VIEW: view_of(self.box), "image/png": png, "text/plain": self.picture.alt}
        return data, {"image/png": {"width": width, "height": height, "alt": self.picture.alt}}
