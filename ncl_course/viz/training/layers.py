"""A look into a network in pictures: each layer's maps, its gradient's size, the filters, the predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from ncl_course.language import text
from ncl_course.viz.axes import headed, in_decades
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL
from ncl_course.viz.training.mosaic import Array, answer_in_a_row, filters_in_a_row, image_in_a_row
from ncl_course.viz.training.probe import Look

BLUE, ORANGE, GREEN, PINK, VERMILION = OKABE_ITO[:5]
ROW, MAP, WIDTH = 0.36, 0.28, 3.5
"""The height of a row, of a map in it, and the width of twelve maps with their gaps, in inches."""
LAYERS = 14
"""The largest number of layers; in a deeper network, the layers are chosen evenly."""
CLASSES = 10
"""The largest number of classes; if there are more, the most probable ones are shown."""


def chosen(count: int) -> list[int]:
    """Return the numbers of the layers to show."""
    return sorted({round(n) for n in np.linspace(0, count - 1, min(count, LAYERS))})


@dataclass
class Rows:
    """The artists of the rows from the top: the image, the layers, and the filters if there are some."""

    ax: Axes
    images: list[AxesImage]
    shown: list[int]
    seen: Text

    @property
    def artists(self) -> list[AxesImage | Text]:
        """All artists that change."""
        return [*self.images, self.seen]


def draw_layers(seen: Look, classes: Sequence[str], ax: Axes) -> Rows:
    """Draw one row each for the image, every layer's answer to it and the first filters; 1 in ``ax`` is an inch."""
    shown = chosen(len(seen.names))
    names = [text("training.picture.image"), *(seen.names[n] for n in shown)]
    names += [text("training.picture.filters")] if seen.filters is not None else []
    ax.set_axis_off()
    ax.set(xlim=(0, ax_inches(ax)[0]), ylim=(ax_inches(ax)[1], 0))
    blank = np.zeros((1, 1, 4), np.uint8)
    images: list[AxesImage] = []
    for number, name in enumerate(names):
        ax.text(1.15, ROW * (number + 0.45), name, color=INK, fontsize=SMALL - 1, ha="right", va="center")
        images.append(ax.imshow(blank, interpolation="nearest", aspect="auto"))
    ax.set(xlim=(0, ax_inches(ax)[0]), ylim=(ax_inches(ax)[1], 0))
    caption = ax.text(1.35 + MAP, ROW * 0.45, "", color=INK, fontsize=SMALL - 1, va="center")
    rows = Rows(ax, images, shown, caption)
    follow_layers(rows, seen, classes)
    return rows


def follow_layers(rows: Rows, seen: Look, classes: Sequence[str]) -> None:
    """Show the current look; layers that the image did not reach stay empty."""
    pictures: list[Array | None] = [image_in_a_row(seen.image)]
    pictures += [answer_in_a_row(seen.outputs[n]) if n < len(seen.outputs) else None for n in rows.shown]
    pictures += [filters_in_a_row(seen.filters)] if seen.filters is not None else []
    for number, (image, picture) in enumerate(zip(rows.images, pictures, strict=True)):
        image.set_visible(picture is not None)
        if picture is not None:
            image.set_data(picture)
            top, height = ROW * number + (ROW - MAP) / 2 - 0.02, MAP if len(picture) > 1 else MAP / 2
            top += (MAP - height) / 2
            extent = (1.25, 1.25 + WIDTH, top + height, top)
            if tuple(image.get_extent()) != extent:  # setting the extent costs more than the picture itself
                image.set_extent(extent)
    rows.seen.set_text(text("training.picture.shows", name=classes[seen.label]))


def ax_inches(ax: Axes) -> tuple[float, float]:
    """Return the width and height of axes on paper, in inches."""
    box = ax.get_window_extent()
    dpi = ax.get_figure(root=True).dpi  # type: ignore[union-attr]
    return box.width / dpi, box.height / dpi


# ---- gradients ---------------------------------------------------------------------------------------------------


@dataclass
class Bars:
    """The artists of a row of bars, and of a mark at the right one if there is one."""

    ax: Axes
    bars: list[Rectangle]
    shown: list[int]
    mark: Text | None = None

    @property
    def artists(self) -> list[Rectangle | Text]:
        """All artists that change."""
        return [*self.bars, *([self.mark] if self.mark else [])]


def draw_gradient_sizes(seen: Look, ax: Axes) -> Bars:
    """Draw the length of every layer's gradient, on a logarithmic scale, in the layers' own rows."""
    shown = chosen(len(seen.names))
    places = ROW * (np.arange(len(shown)) + 1.45)
    bars = ax.barh(places, np.ones(len(shown)), ROW * 0.45, left=1e-4, color=PINK)
    in_decades(ax.xaxis)
    headed(ax, text("training.picture.gradients"))
    ax.set(xlim=(1e-3, 1e1), ylim=(ax_inches(ax)[1], 0), yticks=[])
    drawn = Bars(ax, list(bars), shown)
    follow_gradients(drawn, seen)
    return drawn


def follow_gradients(drawn: Bars, seen: Look) -> None:
    """Show the current lengths; the scale grows by whole powers of ten if a length is outside it."""
    low, high = drawn.ax.get_xlim()
    sizes = [seen.gradients[n] for n in drawn.shown]
    usable = [size for size in sizes if size is not None and 0 < size < np.inf]
    if usable:
        low = min(low, max(10.0 ** np.floor(np.log10(min(usable))), 1e-12))
        high = max(high, 10.0 ** np.ceil(np.log10(max(usable))))
    for bar, size in zip(drawn.bars, sizes, strict=True):
        bar.set_x(low)
        bar.set_width(max(size - low, 0.0) if size is not None and size < np.inf else 0.0)
    if drawn.ax.get_xlim() != (low, high):
        drawn.ax.set_xlim(low, high)


# ---- predictions -------------------------------------------------------------------------------------------------


def draw_predictions(seen: Look, classes: Sequence[str], ax: Axes) -> Bars:
    """Draw the probability of each class as a bar: the right class green with a tick, a wrong first choice red."""
    count = min(len(classes), CLASSES)
    bars = ax.barh(np.arange(count), np.zeros(count), 0.75)
    headed(ax, text("training.picture.predictions"))
    ax.set(xlim=(0, 1.12), ylim=(count - 0.4, -0.6), xticks=[0, 0.5, 1])
    mark = ax.text(0, 0, "✓", color=INK, fontsize=SMALL, va="center")
    drawn = Bars(ax, list(bars), [], mark)
    follow_predictions(drawn, seen, classes)
    return drawn


def follow_predictions(drawn: Bars, seen: Look, classes: Sequence[str]) -> None:
    """Show the current probabilities, or no bars if the image did not reach the end of the network."""
    known = seen.probabilities is not None and len(seen.probabilities) == len(classes)
    values = seen.probabilities if known and seen.probabilities is not None else np.zeros(len(classes))
    order = np.sort(np.argsort(-values, kind="stable")[: len(drawn.bars)])
    if drawn.shown != order.tolist():
        drawn.shown = order.tolist()
        drawn.ax.set_yticks(range(len(order)), [classes[n] for n in order])
    best = int(np.argmax(values))
    for bar, number in zip(drawn.bars, order, strict=True):
        bar.set_width(float(np.nan_to_num(values[number])))
        bar.set_color(GREEN if number == seen.label else VERMILION if number == best else BLUE)
    place = drawn.shown.index(seen.label) if seen.label in drawn.shown else None
    if drawn.mark:
        drawn.mark.set_visible(known and place is not None)
        drawn.mark.set_position((float(np.nan_to_num(values[seen.label])) + 0.02, place or 0))
