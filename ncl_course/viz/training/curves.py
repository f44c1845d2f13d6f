"""The curves of a training: the loss of each step, and the accuracy on validation images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ncl_course.language import text
from ncl_course.viz.axes import headed
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.training.history import TrainingHistory, smoothed, thinned

BLUE, ORANGE = OKABE_ITO[0], OKABE_ITO[1]


@dataclass
class Curve:
    """The artists of a curve: the measurements, and a smooth line through them if there is one."""

    ax: Axes
    raw: Line2D
    smooth: Line2D | None = None

    @property
    def artists(self) -> list[Line2D]:
        """All artists."""
        return [self.raw, *([self.smooth] if self.smooth else [])]


def draw_losses(history: TrainingHistory, steps: int, ax: Axes) -> Curve:
    """Draw the loss of each step, pale, and its running mean; the axis has room for that number of steps."""
    (raw,) = ax.plot([], [], color=BLUE, linewidth=1, alpha=0.35)
    (smooth,) = ax.plot([], [], color=BLUE, linewidth=2)
    headed(ax, text("training.picture.loss"))
    curve = Curve(ax, raw, smooth)
    follow_losses(curve, history, steps)
    return curve


def follow_losses(curve: Curve, history: TrainingHistory, steps: int) -> None:
    """Move the curve to the current history; its axis grows in leaps, so that a full redraw is rare."""
    where, values = thinned(history.losses)
    curve.raw.set_data(where, values)
    if curve.smooth:
        curve.smooth.set_data(where, smoothed(list(values)))
    top, highest = curve.ax.get_ylim()[1], float(values.max(initial=0.0))
    if not len(values):
        make_room(curve.ax, steps, 3.0)
    elif highest > top or highest < top / 3:
        make_room(curve.ax, steps, max(1.3 * highest, 1e-6))
    else:
        make_room(curve.ax, steps, top)


def draw_accuracies(history: TrainingHistory, steps: int, ax: Axes) -> Curve:
    """Draw the accuracy in percent at each measurement."""
    (line,) = ax.plot([], [], "o-", color=ORANGE, linewidth=2, markersize=4, clip_on=False)
    headed(ax, text("training.picture.accuracy"))
    ax.set_yticks([0, 50, 100])
    ax.set_xlabel(text("training.picture.step"), color=INK, fontsize=SMALL, labelpad=1)
    curve = Curve(ax, line)
    follow_accuracies(curve, history, steps)
    return curve


def follow_accuracies(curve: Curve, history: TrainingHistory, steps: int) -> None:
    """Move the curve to the current history."""
    curve.raw.set_data(history.measured, 100 * np.asarray(history.accuracies))
    make_room(curve.ax, steps, 104)


def make_room(ax: Axes, steps: int, top: float) -> None:
    """Set the limits only if they have changed, because that costs more than a curve."""
    if (ax.get_xlim(), ax.get_ylim()) != ((0, max(steps, 1)), (0, top)):
        ax.set(xlim=(0, max(steps, 1)), ylim=(0, top))
