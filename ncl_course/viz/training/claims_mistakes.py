"""The test images that a trained network classifies wrongly, shown once, at the end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ncl_course.experiments.logits import logits_of
from ncl_course.language import text
from ncl_course.viz.palette import INK, NORMAL, OKABE_ITO, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral
from ncl_course.viz.training.own_network import draw_image

SIDE, COLUMNS, ROWS = 1.05, 8, 2
"""The side of one image in inches, and the largest number of columns and of rows."""
COLUMNS_IN_WORDS = 6
"""The largest number of columns if the classes' names are words, which need more room."""


def show_mistakes(model: Any, digits: Any) -> Picture:
    """Show how many test images are classified correctly, and the wrong ones with the network's answer.

    Args:
        model: a trained network; its mode does not change.
        digits: a data set with its part ``test`` and ``classes``.

    Raises:
        NotImplementedError: there is no network (the cell before could not train one yet).
    """
    if not hasattr(model, "forward"):
        raise NotImplementedError("there is no trained network yet")
    test = digits.test
    predicted = logits_of(model, test.x).argmax(axis=1)
    wrong = np.flatnonzero(predicted != test.labels)
    in_words = any(len(name) > 1 for name in digits.classes)
    columns, pitch = (COLUMNS_IN_WORDS, SIDE + 0.3) if in_words else (COLUMNS, SIDE + 0.15)
    across, rows = COLUMNS * SIDE / columns, min(ROWS, -(-len(wrong) // columns))
    counted = how_many(len(test) - len(wrong), len(test))
    alt = f"{text('training.claims.mistakes_alt')} {text('training.claims.counted', counted=counted)}"
    picture = Picture(COLUMNS * SIDE + 0.2, 0.45 + rows * pitch, alt)
    picture.text(
        0.012,
        1 - 0.27 / picture.get_figheight(),
        said(len(wrong), len(test), columns * ROWS),
        color=INK,
        fontsize=NORMAL,
    )
    for number, place in enumerate(wrong[: columns * ROWS]):
        row, column = divmod(number, columns)
        left = 0.15 + column * across + (across - SIDE) / 2
        ax = picture.place(left, 0.05 + (rows - 1 - row) * pitch, SIDE - 0.15, SIDE - 0.15)
        draw_mistake(test.x[place], digits.classes[predicted[place]], digits.classes[test.labels[place]], ax)
    return picture


def said(wrong: int, number: int, most: int) -> str:
    """Return the line above: how many are right and, if there are too many wrong ones to show, how many are shown."""
    line = how_many(number - wrong, number)
    if not wrong:
        return f"{line}: {text('training.claims.none_wrong')}"
    return f"{line}; {text('training.claims.first', number=most)}" if wrong > most else line


def how_many(right: int, number: int) -> str:
    """Say how many test images are right, and the percentage."""
    return text("training.claims.right_of", right=right, number=number, percent=numeral(f"{100 * right / number:.1f}"))


def draw_mistake(image: NDArray[Any], predicted: str, label: str, ax: Any) -> Any:
    """Draw an image with the network's answer and the right one."""
    drawn = draw_image(image, ax)
    words = text("training.claims.confused", predicted=predicted, label=label)
    caption = words if len(predicted) == 1 else words.replace(", ", ",\n", 1)
    ax.set_title(caption, color=INK, fontsize=SMALL, pad=3)
    ax.add_patch(frame(drawn))
    return drawn


def frame(drawn: Any) -> Any:
    """Return a frame around a drawn image."""
    from matplotlib.patches import Rectangle

    left, right, bottom, top = drawn.get_extent()
    size = (right - left, top - bottom)
    return Rectangle((left, bottom), *size, fill=False, edgecolor=OKABE_ITO[4], linewidth=2, clip_on=False)
