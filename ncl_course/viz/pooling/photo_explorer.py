"""A photograph to pool with any window and any stride: some windows on its pixels, and the pooled photograph."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ncl_course.data.photo import sample_photo
from ncl_course.language import text
from ncl_course.viz.axes import title
from ncl_course.viz.explorer import Explorer, choice, side_by_side, slider
from ncl_course.viz.palette import TEXT, window_colour
from ncl_course.viz.photo import Array, draw_image, pool_photo
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import say

WIDTH, GAP, TOP = 2.7, 0.15, 0.35
"""The width of each of the three pictures, and the gaps between them and above them, in inches."""

LARGEST = 16
"""The largest window and the longest stride, in pixels."""

DETAIL = 4
"""The detail shows this fraction of the photograph along both axes."""

BLOCK = ((0, 0), (0, 1), (1, 0), (1, 1))
"""The row and the column of four neighbouring windows."""


def photo_explorer(photo: Any = None) -> PhotoExplorer:
    """Pool a photograph (H, W, 3) with the sliders' window and stride."""
    return PhotoExplorer(sample_photo() if photo is None else np.asarray(photo, dtype=np.float64))


class PhotoExplorer(Explorer):
    """The window's size and its stride; maximum or average."""

    def __init__(self, photo: Array) -> None:
        self.photo = photo
        rows, cols = photo.shape[:2]
        height = WIDTH * rows / cols
        picture = Picture(3 * WIDTH + 2 * GAP + 0.2, height + TOP + 0.05, "")
        axes = [picture.place(0.1 + n * (WIDTH + GAP), 0.05, WIDTH, height) for n in range(3)]
        draw_image(photo, axes[0], "pooling.photo.original")
        self.windows = self._draw_detail(axes[0], axes[1])
        self.pooled = draw_image(photo, axes[2], "pooling.photo.original")
        most = min(rows, cols, LARGEST)
        self.kernel_size = slider(text("pooling.explorer.kernel_size"), min(8, most), 1, most)
        self.stride = slider(text("pooling.explorer.stride"), min(8, most), 1, most)
        modes = [(text(f"pooling.explorer.{mode}"), mode) for mode in ("max", "average")]
        self.mode = choice(text("pooling.explorer.mode_label"), modes)
        sliders = (self.kernel_size, self.stride)
        super().__init__(picture, (*sliders, self.mode), side_by_side(sliders, (self.mode,)))

    def draw(self) -> str:
        """Show the pooled photograph, and the places of four neighbouring windows."""
        kernel_size, stride, mode = self.kernel_size.value, self.stride.value, self.mode.value
        pooled = pool_photo(self.photo, kernel_size, mode, stride)
        (rows, cols), (out_rows, out_cols) = self.photo.shape[:2], pooled.shape[:2]
        self.pooled.set_data(pooled)
        title(self.pooled.axes, text("pooling.photo_explorer.title", stride=stride, rows=out_rows, cols=out_cols))
        self._move_windows(kernel_size, stride)
        return text(
            f"pooling.photo_explorer.said_{mode}",
            kernel_size=kernel_size,
            stride=stride,
            before=f"{rows}×{cols}",
            after=f"{out_rows}×{out_cols}",
            share=say(100 * out_rows * out_cols / (rows * cols)),
            meeting=meeting_in_words(kernel_size, stride),
        )

    def _draw_detail(self, whole: Axes, ax: Axes) -> list[Rectangle]:
        """Draw the middle of the photograph large, frame it in the whole, and return movable frames of windows."""
        height, width = (size // DETAIL for size in self.photo.shape[:2])
        self.top, self.left = ((size - size // DETAIL) // 2 for size in self.photo.shape[:2])
        detail = self.photo[self.top : self.top + height, self.left : self.left + width]
        draw_image(detail, ax, "pooling.photo_explorer.detail")
        for edge, line in ((TEXT, 3.0), ("white", 1.4)):
            frame = Rectangle((self.left - 0.5, self.top - 0.5), width, height, facecolor="none", edgecolor=edge)
            whole.add_patch(frame).set_linewidth(line)
        colours = [colour for n in range(len(BLOCK)) for colour in (TEXT, window_colour(n))]
        frames = [Rectangle((0, 0), 1, 1, facecolor="none", edgecolor=colour) for colour in colours]
        for frame in frames:
            ax.add_patch(frame)
        return frames

    def _move_windows(self, kernel_size: int, stride: int) -> None:
        """Put four windows into the middle of the detail, where its first pixel covers -0.5 to 0.5."""
        corners = []
        for start, size in ((self.top, self.photo.shape[0] // DETAIL), (self.left, self.photo.shape[1] // DETAIL)):
            free = max(0, (size - stride - kernel_size) // 2)
            corners.append(-(-(start + free) // stride) * stride - start)
        for n, frame in enumerate(self.windows):
            row, col = (corner + stride * step - 0.5 for corner, step in zip(corners, BLOCK[n // 2], strict=True))
            frame.set(bounds=(col, row, kernel_size, kernel_size), linewidth=1.6 if n % 2 else 3.2)


def meeting_in_words(kernel_size: int, stride: int) -> str:
    """Say whether neighbouring windows overlap, touch or leave gaps, and what that means for the pixels."""
    if kernel_size < stride:
        missed = 100 * (1 - (kernel_size / stride) ** 2)
        return text("pooling.photo_explorer.gaps", missed=say(missed))
    if kernel_size > stride:
        return text("pooling.photo_explorer.overlap", times=(-(-kernel_size // stride)) ** 2)
    return text("pooling.photo_explorer.touch")
