"""The whole picture of a network in training, which is drawn once and then only moved."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from ncl_course.language import text
from ncl_course.viz.palette import INK, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.training_curves import draw_accuracies, draw_losses, follow_accuracies, follow_losses
from ncl_course.viz.training_history import TrainingHistory
from ncl_course.viz.training_layers import (
    ROW,
    chosen,
    draw_gradient_sizes,
    draw_layers,
    draw_predictions,
    follow_gradients,
    follow_layers,
    follow_predictions,
)
from ncl_course.viz.training_probe import Look

WIDTH, LEAST_HEIGHT = 9.4, 5.0


class TrainingPicture(Picture):
    """Curves and predictions at the left; image, layers, filters and gradients at the right.

    Attributes:
        complete: how often all of it had to be drawn; most often what moves is drawn on what stands.
    """

    def __init__(self, history: TrainingHistory, seen: Look, classes: Sequence[str], steps: int) -> None:
        rows = len(chosen(len(seen.names))) + 1 + (seen.filters is not None)
        height = max(LEAST_HEIGHT, ROW * rows + 0.75)
        super().__init__(WIDTH, height, text("viz.training.static"))
        self.classes, self.complete = tuple(classes), 0
        left = height - 1.75
        above, middle, below = 0.29 * left, 0.25 * left, 0.46 * left
        self.loss = draw_losses(history, steps, self.place(0.55, height - 0.3 - above, 2.5, above))
        self.rate = draw_accuracies(history, steps, self.place(0.55, below + 0.95, 2.5, middle))
        self.guess = draw_predictions(seen, classes, self.place(1.0, 0.3, 2.05, below))
        self.rows = draw_layers(seen, classes, self.place(3.2, 0.1, 4.85, height - 0.4))
        beside = self.place(8.1, height - 0.3 - ROW * (rows + 0.2), 1.1, ROW * (rows + 0.2))
        self.slopes = draw_gradient_sizes(seen, beside)
        self.note = self.rows.ax.text(1.25, ROW * rows + 0.1, "", color=INK, fontsize=SMALL - 1, va="center")
        self.moving: list[Any] = [self.note, *self.loss.artists, *self.rate.artists, *self.guess.artists]
        self.moving += [*self.rows.artists, *self.slopes.artists]
        for artist in self.moving:
            artist.set_animated(True)
        self.standing: Any = None
        self.drawn_for: Any = None
        self.follow(history, seen, steps)

    def follow(self, history: TrainingHistory, seen: Look, steps: int) -> None:
        """Move everything to what is so now."""
        follow_losses(self.loss, history, steps)
        follow_accuracies(self.rate, history, steps)
        follow_predictions(self.guess, seen, self.classes)
        follow_layers(self.rows, seen, self.classes)
        follow_gradients(self.slopes, seen)
        self.note.set_text(text("viz.training.trouble", what=seen.trouble.splitlines()[0][:70]) if seen.trouble else "")

    def frame(self) -> bytes:
        """What is so now as a PNG file of the page's size, quickly: only what moves is drawn."""
        canvas: Any = self.canvas
        if self.drawn_for != self.frames_of_axes():
            canvas.draw()
            self.standing, self.drawn_for = canvas.copy_from_bbox(self.bbox), self.frames_of_axes()
            self.complete += 1
        canvas.restore_region(self.standing)
        for artist in self.moving:
            artist.axes.draw_artist(artist)
        out = BytesIO()
        drawn = Image.fromarray(np.asarray(canvas.buffer_rgba()))
        drawn.quantize(256, Image.Quantize.FASTOCTREE).save(out, "png", compress_level=1)  # a third of the time
        return out.getvalue()

    def frames_of_axes(self) -> tuple[Any, ...]:
        """What all must be drawn anew for, when it has changed: limits and names."""
        limits = tuple((*ax.get_xlim(), *ax.get_ylim()) for ax in self.axes)
        return limits, tuple(self.guess.shown)
