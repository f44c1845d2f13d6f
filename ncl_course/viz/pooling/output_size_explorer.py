"""The ruler with sliders: the number of windows that fit along an axis, and the remaining cells."""

from __future__ import annotations

from ncl_course.language import text
from ncl_course.viz.explorer import Explorer, side_by_side, slider
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling.ruler import LANE, Axis, draw_output_size, lay

LONGEST = 12
"""The longest axis, in cells."""

WIDTH, HEIGHT = 7.6, 2.5
"""The width and height of the picture, in inches."""

CELL = 0.45
"""A cell's largest side, in inches; it shrinks if many windows overlap or reach over the end."""


def output_size_explorer(size: int = 7, kernel_size: int = 3, stride: int = 2) -> OutputSizeExplorer:
    """Lay windows of any size and stride along an axis of any length."""
    return OutputSizeExplorer(size, kernel_size, stride)


class OutputSizeExplorer(Explorer):
    """The length of the axis, the window's size and the stride; a window is never longer than the axis."""

    def __init__(self, size: int, kernel_size: int, stride: int) -> None:
        self.size = slider(text("pooling.size_explorer.size"), size, 1, LONGEST)
        self.kernel_size = slider(text("pooling.explorer.kernel_size"), kernel_size, 1, size)
        self.stride = slider(text("pooling.explorer.stride"), stride, 1, 6)
        controls = (self.size, self.kernel_size, self.stride)
        super().__init__(Picture(WIDTH, HEIGHT, ""), controls, side_by_side(controls[:1], controls[1:]))

    def draw(self) -> str:
        """Draw the ruler again; its cells keep their place, and their size if there is room for all windows above."""
        self.kernel_size.max = self.size.value
        axis = lay(self.size.value, self.kernel_size.value, self.stride.value)
        self.picture.clear()
        wide, high = axis.length + 0.2, axis.lanes * LANE + 1.7
        cell = min(CELL, (WIDTH - 0.2) / wide, (HEIGHT - 0.45) / high)
        ax = self.picture.place(0.1, 0.05, wide * cell, high * cell)
        draw_output_size(axis.size, axis.kernel_size, axis.stride, ax)
        return size_in_words(axis)


def size_in_words(axis: Axis) -> str:
    """Say how many windows fit, where the last one starts, and how many cells are left over."""
    key = "fits" if axis.used == axis.size else "left"
    return text(
        f"pooling.size_explorer.{key}",
        size=axis.size,
        count=axis.count,
        last=(axis.count - 1) * axis.stride,
        left=axis.size - axis.used,
    )
