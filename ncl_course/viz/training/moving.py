"""A picture of which a part moves: the rest is drawn once, and a frame takes a fraction of the time."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from ncl_course.viz.picture import Picture


class MovingPicture(Picture):
    """A picture whose ``moving`` artists are drawn on what stands.

    Attributes:
        moving: the artists that change from frame to frame.
        complete: how often all of it had to be drawn.
    """

    def __init__(self, width: float, height: float, alt: str) -> None:
        super().__init__(width, height, alt)
        self.moving: list[Any] = []
        self.complete = 0
        self.standing: Any = None
        self.drawn_for: Any = None

    def let_move(self, artists: Iterable[Any]) -> None:
        """Say what moves."""
        self.moving = [*artists]
        for artist in self.moving:
            artist.set_animated(True)

    def frame(self) -> bytes:
        """What is so now as a PNG file, quickly: only what moves is drawn."""
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
        """What all must be drawn anew for, when it has changed."""
        return tuple((*ax.get_xlim(), *ax.get_ylim()) for ax in self.axes)

    def png(self, *, quick: bool = False) -> bytes:
        """The picture as a PNG file; quickly, it is a frame, as sharp as the figure's dpi."""
        return self.frame() if quick else super().png()
