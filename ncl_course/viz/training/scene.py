"""The whole picture of a network in training, which is drawn once and then only updated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ncl_course.language import text
from ncl_course.viz.palette import INK, SMALL
from ncl_course.viz.training.curves import draw_accuracies, draw_losses, follow_accuracies, follow_losses
from ncl_course.viz.training.history import TrainingHistory
from ncl_course.viz.training.layers import (
    ROW,
    chosen,
    draw_gradient_sizes,
    draw_layers,
    draw_predictions,
    follow_gradients,
    follow_layers,
    follow_predictions,
)
from ncl_course.viz.training.moving import MovingPicture
from ncl_course.viz.training.probe import Look

WIDTH, LEAST_HEIGHT = 9.4, 5.0


class TrainingPicture(MovingPicture):
    """Curves and predictions on the left; image, layers, filters and gradients on the right."""

    def __init__(self, history: TrainingHistory, seen: Look, classes: Sequence[str], steps: int) -> None:
        rows = len(chosen(len(seen.names))) + 1 + (seen.filters is not None)
        height = max(LEAST_HEIGHT, ROW * rows + 0.75)
        super().__init__(WIDTH, height, text("training.picture.static"))
        self.classes = tuple(classes)
        left = height - 1.75
        above, middle, below = 0.29 * left, 0.25 * left, 0.46 * left
        self.loss = draw_losses(history, steps, self.place(0.55, height - 0.3 - above, 2.5, above))
        self.rate = draw_accuracies(history, steps, self.place(0.55, below + 0.95, 2.5, middle))
        self.guess = draw_predictions(seen, classes, self.place(1.0, 0.3, 2.05, below))
        self.rows = draw_layers(seen, classes, self.place(3.2, 0.1, 4.85, height - 0.4))
        beside = self.place(8.1, height - 0.3 - ROW * (rows + 0.2), 1.1, ROW * (rows + 0.2))
        self.slopes = draw_gradient_sizes(seen, beside)
        self.note = self.rows.ax.text(1.25, ROW * rows + 0.1, "", color=INK, fontsize=SMALL - 1, va="center")
        moving: list[Any] = [self.note, *self.loss.artists, *self.rate.artists, *self.guess.artists]
        moving += [*self.rows.artists, *self.slopes.artists]
        self.let_move(moving)
        self.follow(history, seen, steps)

    def follow(self, history: TrainingHistory, seen: Look, steps: int) -> None:
        """Update everything to the current state."""
        follow_losses(self.loss, history, steps)
        follow_accuracies(self.rate, history, steps)
        follow_predictions(self.guess, seen, self.classes)
        follow_layers(self.rows, seen, self.classes)
        follow_gradients(self.slopes, seen)
        self.note.set_text(
            text("training.picture.trouble", what=seen.trouble.splitlines()[0][:70]) if seen.trouble else ""
        )

    def frames_of_axes(self) -> tuple[Any, ...]:
        """Return the limits and the class names: if they change, everything must be drawn again."""
        return (*super().frames_of_axes(), tuple(self.guess.shown))
