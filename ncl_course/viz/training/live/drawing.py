"""A sheet on which the reader draws, and a network that says at each stroke what it sees there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from ncl_course.language import current, messages, text
from ncl_course.still import Still, noted
from ncl_course.viz.picture import Bundle
from ncl_course.viz.training.live.frame import passed
from ncl_course.viz.training.live.instrument import Instrument
from ncl_course.viz.training.live.life import Data
from ncl_course.viz.training.own_network import show_images
from ncl_course.viz.training.probe import Array
from ncl_course.widget import Widget, code

HERE = Path(__file__).parent
WHITE = 255


class Sheet(Widget):
    """The widget: a message for each drawing goes to the kernel, and the network's answer comes back."""

    _esm = code(HERE / "drawing.js")
    _css = HERE / "drawing.css"
    setup = traitlets.Dict().tag(sync=True)


class Drawing:
    """A sheet for drawings and the network that reads them.

    Attributes:
        reader: the network, or the instrument in which it lives, and in which a new one can take its place.
        probabilities: the network's latest answer, the probability of each class; None before the first.
        sheet: the widget.
    """

    def __init__(self, model: Any, data: Data) -> None:
        self.reader, self.data = model, data
        self.probabilities: Array | None = None
        self.side, self.shown = data.validation.x.shape[3], 0
        self.low, self.high = float(data.train.x.min()), float(data.train.x.max())
        words = messages(current())["training"]["drawing"]
        told = {"words": words, "classes": list(data.classes), "lang": current(), "side": self.side}
        self.sheet = Sheet(setup=told)
        self.sheet.on_msg(self.heard)
        self.still = Still(self.sheet)

    @property
    def model(self) -> Any:
        """The network; in an instrument it is the one that lives there now."""
        return self.reader.model if isinstance(self.reader, Instrument) else self.reader

    def heard(self, _sheet: Any, message: dict[str, Any], buffers: Any) -> None:
        """Answer a drawing, or send an example to draw on."""
        if message.get("kind") == "read":
            grey = np.frombuffer(bytes(buffers[0]), np.uint8).reshape(self.side, self.side)
            self.sheet.send({"kind": "answer", **self.read(grey)})
        elif message.get("kind") == "example":
            image = self.data.validation.x[self.shown % len(self.data.validation.labels), 0]
            self.shown += 1
            grey = WHITE * (image - self.low) / max(self.high - self.low, 1e-12)
            self.sheet.send({"kind": "example"}, [grey.astype(np.uint8).tobytes()])

    def read(self, grey: Array) -> dict[str, Any]:
        """Return the network's answer to brightnesses (H, W) from 0 to 255: the probability of each class."""
        one = self.low + (self.high - self.low) * grey.astype(self.data.train.x.dtype) / WHITE
        x = np.repeat(one[None, None], self.data.train.x.shape[1], axis=1)
        done = passed(self.model, x, np.zeros(1, np.int64))
        if done.trouble or done.probabilities is None:
            return {"probabilities": None, "trouble": done.trouble}
        self.probabilities = done.probabilities[0]
        return {"probabilities": done.probabilities[0].tolist(), "trouble": ""}

    def static(self) -> Bundle:
        """Return what a page without running widgets shows: examples, and how to draw."""
        picture = show_images(self.data.validation.x, self.data.validation.labels, self.data.classes, rows=1)
        words = text("training.drawing.static")
        return noted(picture.html(picture.png()), words)

    def _ipython_display_(self) -> None:
        self.still.show(self.static())


def draw_and_read(model: Any, data: Data) -> Drawing:
    """Draw with the mouse, and let a network say at each stroke what it sees.

    Args:
        model: a trained network, or the ``view`` in which it has been trained; if you start it anew there, the new
            network reads.
        data: the data set that it has learned from.
    """
    return Drawing(model, data)
