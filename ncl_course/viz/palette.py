"""Colours that colour-blind readers can distinguish, on light and on dark pages.

A figure is transparent. Everything on the page itself has the colour INK, a grey with a contrast of 4.8 to white; no
grey has as much to JupyterLab's dark #111 too, so a dark page shows pictures a little brighter. Everything in a cell
has the colour TEXT, nearly black, on a tint.
"""

from __future__ import annotations

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442")
"""Okabe and Ito's colours without their black, in an order that makes neighbours as different as possible."""

WITHOUT, WITH = OKABE_ITO[4], OKABE_ITO[0]
"""A network without what a lesson tries and one with it: the same two colours in every comparison."""

INK = "#727272"
BRIGHTER = 1.15
"""The factor by which a dark page shows every colour brighter."""

TEXT = "#141414"
PAPER = "#f4f4f2"
"""The face of a cell that belongs to no window."""

SHARED = "#dededa"
"""The face of a cell that belongs to more windows than it can show colours."""

PALE = "#646461"
"""The colour of unimportant numbers on PAPER."""

NOTE = "#404040"
"""The colour of small words beside a cell's number, on any tint."""

SMALL, NORMAL, LARGE = 11.0, 13.0, 15.0
"""Font sizes in points."""


def window_colour(n: int) -> str:
    """Return the colour of window n; after seven windows the colours repeat."""
    return OKABE_ITO[n % len(OKABE_ITO)]


def tint(colour: str, strength: float = 0.42) -> str:
    """Return the colour ``"#rrggbb"`` mixed with white, so that TEXT is readable on it."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * strength):02x}" for part in parts)
