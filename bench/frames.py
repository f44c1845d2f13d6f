"""Measure one frame of each explorer, and compare it with an ordinary pyplot figure of the same size in a notebook.

A frame is everything that a move of a control causes: the picture is drawn and encoded as PNG and base64, and its
sentence is written.
"""

from __future__ import annotations

import gc
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import matplotlib as mpl
import numpy as np
from ipywidgets import ValueWidget
from rich.console import Console
from rich.table import Table

from ncl_course.viz.explorer import Explorer
from ncl_course.viz.picture import PIXELS_PER_INCH
from tests.viz.drawings import EXPLORERS

AIM = 100.0
MOVES = 5
"""The largest number of evenly spaced values that a control takes before it returns."""


def places(control: ValueWidget) -> list[Any]:
    """Return values along the range of a slider, or of buttons, from one end to the other."""
    if hasattr(control, "_options_full"):
        values = [value for _, value in control._options_full]
    elif hasattr(control, "step"):
        steps = round((control.max - control.min) / control.step)
        values = [control.min + control.step * n for n in range(steps + 1)]
    else:
        values = [False, True]
    return [values[n] for n in sorted({round(n) for n in np.linspace(0, len(values) - 1, MOVES)})]


def milliseconds(action: Callable[[], Any]) -> float:
    """Return the time that an action takes once."""
    start = time.perf_counter()
    action()
    return 1e3 * (time.perf_counter() - start)


def frames(explorer: Explorer) -> Iterator[float]:
    """Yield the time of each frame, in ms, while every control moves through its range and back."""
    for control in explorer.controls:
        before = control.value
        for value in [*places(control), before]:
            seen = explorer.image.value
            took = milliseconds(lambda control=control, value=value: setattr(control, "value", value))
            if explorer.image.value != seen:
                yield took


def ordinary(explorer: Explorer) -> float:
    """Return the time, in ms, to make, print and close a figure with as many axes and pixels, and a curve in each."""
    import matplotlib.pyplot as plt
    from IPython.core.pylabtools import print_figure

    picture = explorer.picture
    size, dpi = picture.get_size_inches(), PIXELS_PER_INCH * picture.sharpness

    def show() -> str:
        figure, axes = plt.subplots(1, max(1, len(picture.axes)), figsize=size, dpi=dpi, squeeze=False)
        for ax in axes.ravel():
            ax.plot(np.arange(100.0))
            ax.set_title("an ordinary figure")
        png = print_figure(figure, "png", bbox_inches="tight")
        plt.close(figure)
        return b64encode(png).decode("ascii")

    with mpl.rc_context({"backend": "agg"}):
        show()
        return statistics.median(milliseconds(show) for _ in range(5))


def row(name: str, explorer: Explorer) -> tuple[str, ...]:
    """Return one row of the table. The first moves are not counted, since they load what is loaded only once.

    The garbage of the rows above is collected before, so that no frame of this row pays for it.
    """
    list(islice(frames(explorer), 3))
    gc.collect()
    took, peer = list(frames(explorer)), ordinary(explorer)
    kilobytes = len(explorer.png) / 1024
    median = statistics.median(took)
    figures = (median, max(took), peer)
    return name, str(len(took)), *(f"{value:.0f}" for value in figures), f"{median / peer:.2f}", f"{kilobytes:.0f}"


def run() -> None:
    """Print the table."""
    table = Table(title=f"A frame of an explorer, ms (aim: under {AIM:.0f})")
    for column in ("explorer", "frames", "median", "max", "pyplot's", "ratio", "KiB"):
        table.add_column(column, justify="left" if column == "explorer" else "right", no_wrap=True)
    for name, make in EXPLORERS.items():
        table.add_row(*row(name, make()))
    Console().print(table)
