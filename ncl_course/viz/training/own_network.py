"""Pictures of a student's own network, and of what a student finds out about others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.instead import when_written
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture

Array = NDArray[Any]
SIDE = 0.85
"""The side of one image, in inches."""


def show_images(x: Array, labels: Array, classes: Sequence[str], columns: int = 10, rows: int = 2) -> Picture:
    """Show the first images (N, C, H, W) with the names of their classes."""
    alt = text("training.own_network.images", number=columns * rows)
    picture = Picture(columns * SIDE + 0.1, rows * (SIDE + 0.3) + 0.1, alt)
    for number, (image, label) in enumerate(zip(x[: rows * columns], labels, strict=False)):
        row, column = divmod(number, columns)
        bottom = (rows - 1 - row) * (SIDE + 0.3) + 0.05
        ax = picture.place(0.05 + column * SIDE, bottom, SIDE - 0.08, SIDE - 0.08)
        draw_image(image, ax)
        ax.set_title(classes[int(label)], color=INK, fontsize=SMALL, pad=2)
    return picture


def draw_image(image: Array, ax: Any) -> Any:
    """Draw one image (C, H, W): grey for one map, colours for three."""
    ax.set_axis_off()
    pixels = np.moveaxis(np.asarray(image, dtype=np.float64), 0, -1).clip(0, 1)
    return ax.imshow(pixels.squeeze(-1) if pixels.shape[-1] == 1 else pixels, cmap="gray", vmin=0, vmax=1)


def three_patients() -> tuple[type, type, type]:
    """Return three layers, each with one thing wrong: a classic dropout and two batch normalizations."""
    from ncl_course.experiments.by_torch.patients import PatientA, PatientB, PatientC

    return PatientA, PatientB, PatientC


def show_diagnosis(diagnosis: Callable[[], dict[str, int]]) -> Picture | None:
    """Show which of the student's diagnoses are right, without the right answers for the others."""
    from ncl_course.experiments.by_torch.patients import DIAGNOSES

    def told() -> Picture:
        return draw_marks({name: diagnosis().get(name) == number for name, number in DIAGNOSES.items()})

    return when_written(told)


def draw_marks(marks: dict[str, bool]) -> Picture:
    """Return a picture with a line for each patient: diagnosed or not yet."""
    said = [
        text(f"training.own_network.{'found' if right else 'not_found'}", name=name) for name, right in marks.items()
    ]
    picture = Picture(8.0, 0.35 * len(said) + 0.2, " ".join(said))
    ax = picture.place(0.05, 0.05, 7.9, 0.35 * len(said) + 0.1)
    ax.set_axis_off()
    for row, (line, right) in enumerate(zip(said, marks.values(), strict=True)):
        place = 1 - (row + 0.5) / len(said)
        sign, colour = ("✔", OKABE_ITO[2]) if right else ("?", OKABE_ITO[4])
        ax.text(0.0, place, sign, color=colour, fontsize=NORMAL, va="center", fontweight="bold")
        ax.text(0.04, place, line, color=INK, fontsize=NORMAL, va="center")
    return picture
