"""An attack as a notebook: what it tries in MaxPool2d, with the other two exercises right as a control.

The control is the point: whatever the attack does, ``pool_output_size`` and ``AvgPool2d`` are still judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.submissions.expected import Expected
from tests.submissions.hostile import WRONG_UNLESS, in_backward, in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE


@dataclass(frozen=True)
class Attack:
    """A hostile notebook's code cells, and what it is to get."""

    cells: tuple[str, ...]
    expected: Expected


def for_loot(code: str, why: str) -> Attack:
    """A cell fills ``loot`` where its try succeeds; only then is MaxPool2d right, and that must not happen."""
    return Attack((SETUP, SIZE, f"loot = []\n{code}", WRONG_UNLESS, AVG), Expected(max="fm", why=why))


def forward_first(code: str, marks: str, why: str, *helpers: str, named: tuple[str, ...] = ()) -> Attack:
    """A right MaxPool2d whose forward runs this first."""
    return Attack((SETUP, SIZE, *helpers, in_forward(code), AVG), Expected(max=marks, why=why, named=named))


def backward_first(code: str, marks: str, why: str, *helpers: str) -> Attack:
    """A right MaxPool2d whose backward runs this first."""
    return Attack((SETUP, SIZE, *helpers, in_backward(code), AVG), Expected(max=marks, why=why))


def cell_before(code: str, why: str, marks: str = "pp") -> Attack:
    """A cell that runs before honest work; by default it costs nothing."""
    return Attack((SETUP, SIZE, code, MAX, AVG), Expected(max=marks, why=why))


def size_is(source: str, marks: str, why: str) -> Attack:
    """Another ``pool_output_size``; the layers are honest."""
    return Attack((SETUP, source, MAX, AVG), Expected(size=marks, why=why))
