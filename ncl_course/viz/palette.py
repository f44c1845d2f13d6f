"""Colours that colour-blind readers can tell apart, on a light page and on a dark one alike.

A figure is transparent. What stands on the page itself is drawn in INK, a grey with a contrast of more than 4
both to white and to JupyterLab's dark #111; what stands in a cell is TEXT, nearly black, on a tint.
"""

from __future__ import annotations

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442")
"""Okabe and Ito's colours without their black, neighbours as unlike as they go."""

INK = "#787878"
TEXT = "#141414"
PAPER = "#f4f4f2"
"""The face of a cell that belongs to nothing."""

SHARED = "#dededa"
"""The face of a cell that belongs to more windows than its colours can say."""

PALE = "#80807c"
"""Numbers that do not matter here, on PAPER."""

NOTE = "#505050"
"""Small words in a cell beside its number, on any tint."""

SMALL, NORMAL, LARGE = 11.0, 13.0, 15.0
"""Font sizes in points."""


def window_colour(n: int) -> str:
    """The colour of window n; after seven they start again."""
    return OKABE_ITO[n % len(OKABE_ITO)]


def tint(colour: str, strength: float = 0.42) -> str:
    """The colour ``"#rrggbb"`` thinned with white, so that TEXT reads well on it."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (part - 255) * strength):02x}" for part in parts)
