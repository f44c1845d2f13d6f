"""A figure that displays itself in a notebook: a sharp transparent PNG, and a sentence for readers who cannot see it.

It does not belong to pyplot, so nothing shows it a second time and nothing has to be closed. Its plain text is its
sentence, the same on every machine except for the numbers of a training.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from html import escape
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from ncl_course.viz.palette import BRIGHTER
from ncl_course.viz.spoken import numeral

PIXELS_PER_INCH = 100
"""Pixels per inch on the page; the PNG has more, for sharp screens."""

IMAGE = (
    '<img class="ncl-picture" alt="{alt}" width="{width}" height="{height}" decoding="sync" '
    'style="display: block; max-width: 100%; height: auto; background-color: #fff" src="data:image/png;base64,{png}">'
    '<style>[data-jp-theme-light="false"] .ncl-picture, .vscode-dark .ncl-picture '
    "{{filter: brightness({brighter}); background-color: transparent !important}}</style>"
)
"""A picture on a page. A style makes it brighter on a dark page; where pages drop the style, as in a notebook that is
not trusted, or are dark in another way, the picture keeps a white ground.
"""

Bundle = dict[str, str]


class Ticks(ScalarFormatter):
    """The numbers on an axis, with the language's decimal mark."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        return numeral(super().__call__(x, pos))


class Picture(Figure):
    """A transparent figure of ``width`` × ``height`` inches.

    Attributes:
        alt: a description of the picture.
        sharpness: the PNG's pixels per pixel of the page; fewer are quicker.
    """

    sharpness = 2.0

    def __init__(self, width: float, height: float, alt: str) -> None:
        super().__init__(figsize=(width, height), dpi=PIXELS_PER_INCH, facecolor="none")
        FigureCanvasAgg(self)
        self.alt = alt

    @property
    def page_size(self) -> tuple[int, int]:
        """Width and height on the page, in CSS pixels."""
        width, height = self.get_size_inches()
        return round(width * PIXELS_PER_INCH), round(height * PIXELS_PER_INCH)

    def place(self, left: float, bottom: float, width: float, height: float) -> Axes:
        """Make axes at a place in inches; the position of their title is fixed, which saves measuring the ticks."""
        across, down = self.get_size_inches()
        ax = self.add_axes((left / across, bottom / down, width / across, height / down), facecolor="none")
        ax.set_title("", y=1.0)
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(Ticks())
        return ax

    def png(self, *, quick: bool = False) -> bytes:
        """Return the picture as a PNG file: small for storage in notebooks, or made quickly for a moving picture."""
        out = BytesIO()
        dots = PIXELS_PER_INCH * self.sharpness
        # level 9 would take four times as long as 6, for files that are 3 % smaller
        how = {"compress_level": 1, "compress_type": zlib.Z_RLE} if quick else {"compress_level": 6}
        self.savefig(out, format="png", dpi=dots, facecolor="none", pil_kwargs=how)
        return out.getvalue()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Bundle:  # noqa: ARG002 - IPython's
        return {"text/html": self.html(self.png()), "text/plain": self.alt}

    def html(self, png: bytes) -> str:
        """Return the picture, given as a PNG file, for a page; HTML alone takes its description there."""
        width, height = self.page_size
        source = b64encode(png).decode("ascii")
        return IMAGE.format(alt=escape(self.alt), width=width, height=height, png=source, brighter=BRIGHTER)
