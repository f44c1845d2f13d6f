"""The instrument: a thread in which a network lives, and the page on which its reader watches and turns the knobs.

The cell waits while the network trains for the first time, so that later cells find it trained. Clicks change settings
or queue a task, which the thread does between two steps. After Stop, the training can go on while the cell has ended.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any

from ncl_course.language import text
from ncl_course.nn import CNNConfig
from ncl_course.still import Still
from ncl_course.viz.picture import Bundle
from ncl_course.viz.training.clicks import answer_while_busy
from ncl_course.viz.training.live.frame import GRID, Frame, Times
from ncl_course.viz.training.live.kept import Kept, unshared
from ncl_course.viz.training.live.life import Data, Life, Maker, Settings
from ncl_course.viz.training.live.page import Page, setup_of, still_of
from ncl_course.viz.training.live.rhythm import DELAYS, EARLY, HOLD, KEPT, LEARNED, MEASURED_EARLY, SOON
from ncl_course.viz.training.pace import Pace
from ncl_course.viz.training.record import TrainingRecord
from ncl_course.worded import error_in_words


class Instrument:
    """A network that trains, and the page that shows it.

    Attributes:
        life: the network with its history and settings.
        record: looks into the network to scrub through afterwards.
        pace: the time of the next frame.
        measured_every: the number of images to learn from between two measurements.
        due: the number of images learned from at which the next measurement is due.
        page: the widget.
        speed: full, slow or slower.
        steps: the number of steps after which the training stops by itself; 0 for none.
        state: ``ready``, ``running``, ``stopped``, ``done`` or ``failed``.
        hold: the seconds for which each early frame stays.
        times: the times of the layers in the latest frames.
        looker: the thread that looks for the record. Its memory is not the training's: the many small arrays of a look
            would leave gaps between the training's buffers, and each step would take fresh pages from the system.
    """

    def __init__(self, maker: Maker, data: Data, config: CNNConfig, settings: Settings, steps: int) -> None:
        self.life, self.steps, self.state, self.hold = Life(maker, data, config, settings), steps, "ready", HOLD
        self.pace, self.measured_every, self.due = Pace(), LEARNED, 0
        self.record, self.image, self.speed = TrainingRecord(), 0, "full"
        self.frames: list[Frame] = []
        self.times = Times()
        self.kept: Kept | None = None
        self.error: Exception | None = None
        self.trouble = ""
        self.tasks: deque[Callable[[], None]] = deque()
        self.wake, self.finished, self.sending = threading.Event(), threading.Event(), threading.Lock()
        self.closed = False
        self.page = Page(setup_of(self.life))
        self.page.on_msg(self.heard)
        self.still = Still(self.page)
        self.looker = ThreadPoolExecutor(1, "ncl-look")
        self.thread = threading.Thread(target=self.work, name="ncl-live", daemon=True)

    # ---- what later cells need ---------------------------------------------------------------------------------------

    @property
    def model(self) -> Any:
        """The network."""
        return self.life.model

    @property
    def history(self) -> Any:
        """The losses and the validation accuracies so far."""
        return self.life.history

    @property
    def data(self) -> Data:
        """The images."""
        return self.life.data

    def run(self) -> None:
        """Start the training and wait until it has made its steps, or until Stop.

        Raises:
            Exception: the one that the student's code raised in the training.
        """
        self.do(self.go)
        self.thread.start()
        answer_while_busy(self.page)
        try:
            while not self.finished.wait(0.1):
                pass
        except KeyboardInterrupt:
            self.do(self.stop)
            self.finished.wait()
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        """End the thread; the page keeps what it shows."""
        self.closed = True
        self.wake.set()

    # ---- the thread --------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Do the queued tasks, and between them steps, until the instrument is closed; an error ends the training."""
        while not self.closed:
            try:
                while self.tasks:
                    self.tasks.popleft()()
                if self.state == "running":
                    self.step()
            except Exception as error:  # of the student's code, or torch is missing: the cell must not wait for ever
                self.error, self.trouble = error, error_in_words(error)
                self.turn("failed")
            if self.state != "running" and not self.tasks:
                self.finished.set()
                self.wake.wait()
            self.wake.clear()
        self.looker.shutdown(wait=False)

    def step(self) -> None:
        """Make one step, and whatever is due after it; a step at a slow speed takes the whole of its time."""
        begun, delay = time.perf_counter(), DELAYS[self.speed]
        self.life.step()
        steps = self.life.history.steps
        early, last = steps in EARLY, steps == self.steps
        if steps in MEASURED_EARLY or last or self.life.examples >= self.due:
            self.measure()
        if self.record.wants(steps) or last:
            self.look()
        if early or last or delay or self.pace.is_due():
            self.show()
        if last:
            self.turn("done")
        elif delay:
            self.wake.wait(max(0.0, begun + delay - time.perf_counter()))
        elif early and self.hold:
            self.wake.wait(self.hold)

    def begin(self) -> None:
        """Show the network before its first step."""
        self.frames, self.trouble, self.error = [], "", None
        self.record, self.times = TrainingRecord(), Times()
        self.record.plan(self.steps)
        self.send({"kind": "clear"})
        self.measure()
        self.look()
        self.show()

    def measure(self) -> None:
        """Measure both accuracies."""
        self.life.measure()
        self.due = self.life.examples + self.measured_every

    def look(self) -> None:
        """Record the network, to scrub through it afterwards."""
        part, steps = self.life.data.validation, self.life.history.steps
        image, label = part.x[self.image], part.labels[self.image]
        self.looker.submit(self.record.add, self.life.model, image, label, steps).result()

    def show(self) -> None:
        """Send a frame of the current state, and keep it for a page that is opened again."""
        with self.pace.picture():
            frame = Frame(self.life, self.image, self.times)
            self.frames = [one for one in self.frames if one.content["step"] < frame.content["step"]] + [frame]
            if len(self.frames) > KEPT:
                self.frames = [*self.frames[:-1:2], frame]
            self.send({"kind": "frame", "content": frame.content}, [bytes(frame.bytes)])
            self.tell()

    def turn(self, state: str) -> None:
        """Change the state and say so."""
        self.state = state
        self.tell()

    def tell(self) -> None:
        """Send the state and the line about it."""
        history = self.life.history
        open_end = self.state == "running" and not history.steps < self.steps
        key = "running_on" if open_end else self.state
        line = text(f"training.live.state_{key}", step=history.steps, steps=self.steps)
        told = {"state": self.state, "line": line, "trouble": self.trouble, "kept": self.kept is not None}
        self.send({"kind": "state", **told})

    # ---- clicks ------------------------------------------------------------------------------------------------------

    def heard(self, _page: Any, message: dict[str, Any], _buffers: Any) -> None:
        """Obey a click: settings change at once, everything else between two steps."""
        match message.get("kind"):
            case "set":
                self.life.settings.change(message["name"], message["value"])
                self.due = min(self.due, self.life.examples + SOON * self.life.settings.batch)
                if self.state != "running":
                    self.do(self.tell)
            case "speed":
                self.speed = message["value"]
                self.wake.set()
            case "image":
                self.image = min(max(int(message["value"]), 0), GRID - 1)
                self.do(self.show)
            case "build":
                self.do(lambda: self.rebuild(message["config"]))
            case "hello":
                self.do(self.greet)
            case "go" | "stop" | "reset" | "keep" | "load" as name:
                self.do(getattr(self, name))

    def do(self, task: Callable[[], None]) -> None:
        """Queue a task for the thread."""
        self.tasks.append(task)
        self.wake.set()

    def go(self) -> None:
        """Train, from the beginning or from where the training stopped."""
        if self.state == "ready":
            self.begin()
        self.error, self.trouble = None, ""
        self.turn("running")

    def stop(self) -> None:
        """Stop, with a frame of the last step."""
        if self.state == "running":
            self.measure()
            self.look()
            self.state = "stopped"
            self.show()

    def reset(self) -> None:
        """Start the same network anew."""
        self.life.start(self.life.config)
        self.begin()
        self.turn("running")

    def rebuild(self, asked: dict[str, Any]) -> None:
        """Start a network of another template anew; one that cannot be built is refused with the reason."""
        try:
            self.life.start(replace(self.life.config, **asked))
        except Exception as error:
            self.trouble = error_in_words(error)
            self.tell()
            return
        self.begin()
        self.turn("running")

    def keep(self) -> None:
        """Keep a copy of the current state."""
        self.kept = Kept(self.life.keep(), [*self.frames], self.times, unshared(self.record))
        self.tell()

    def load(self) -> None:
        """Go back to the kept state with the frames before it, and stop there."""
        if self.kept is not None:
            self.life.load(self.kept.network)
            self.frames, self.times = [*self.kept.frames], self.kept.times
            self.record = unshared(self.kept.record)
            self.due = self.life.examples + self.measured_every
            self.state, self.trouble = "stopped", ""
            self.send({"kind": "clear"})
            self.resend()
            self.look()
            self.show()
            self.send({**self.told_last, "config": asdict(self.life.config)})

    def greet(self) -> None:
        """Send everything to a page that has just opened."""
        self.resend()
        self.tell()
        chosen = {"settings": asdict(self.life.settings), "config": asdict(self.life.config), "speed": self.speed}
        self.send({**self.told_last, **chosen})

    def resend(self) -> None:
        """Send the frames up to now."""
        for frame in self.frames:
            self.send({"kind": "again", "content": frame.content}, [bytes(frame.bytes)])

    def send(self, message: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        """Send a message to the page."""
        if message["kind"] == "state":
            self.told_last = message
        with self.sending:
            self.page.send(message, buffers)

    # ---- where no widget runs ----------------------------------------------------------------------------------------

    def static(self) -> Bundle:
        """Return what a page without running widgets shows."""
        return still_of(self.life, self.image)

    def _ipython_display_(self) -> None:
        self.still.show(self.static())
