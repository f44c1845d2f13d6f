"""A partly moving picture: the rest is drawn once, so a frame takes a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from ncl_course.viz.picture import Picture


class MovingPicture(Picture):
    """A picture whose ``moving`` artists are drawn on a fixed background.

    Attributes:
        moving: the artists that change from frame to frame.
        complete: the number of complete drawings so far.
    """

    def __init__(self, width: float, height: float, alt: str) -> None:
        super().__init__(width, height, alt)
        self.moving: list[Any] = []
        self.complete = 0
        self.standing: Any = None
        self.drawn_for: Any = None

    def let_move(self, artists: Iterable[Any]) -> None:
        """Set the artists that move."""
        self.moving = [*artists]
        for artist in self.moving:
            artist.set_animated(True)

    def frame(self) -> bytes:
        """Return the current picture as a PNG file, quickly: only the moving artists are drawn."""
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
        drawn.quantize(256, Image.Quantize.FASTOCTREE).save(out, "png", compress_level=1)  # takes a third of the time
        return out.getvalue()

    def frames_of_axes(self) -> tuple[Any, ...]:
        """Return values, such as limits, whose change requires a complete drawing."""
        return tuple((*ax.get_xlim(), *ax.get_ylim()) for ax in self.axes)

    def png(self, *, quick: bool = False) -> bytes:
        """Return the picture as a PNG file; with ``quick``, as a frame with the figure's dpi."""
        return self.frame() if quick else super().png()
