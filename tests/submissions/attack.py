"""An attack as a notebook: it attacks in MaxPool2d, and the other two exercises are right, as a control.

The control is essential: whatever the attack does, ``pool_output_size`` and ``AvgPool2d`` must still be judged.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.submissions.expected import Expected
from tests.submissions.hostile import WRONG_UNLESS, in_backward, in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE


@dataclass(frozen=True)
class Attack:
    """The code cells of a hostile notebook, and its expected verdicts."""

    cells: tuple[str, ...]
    expected: Expected


def for_loot(code: str, why: str) -> Attack:
    """Return a notebook in which a cell fills ``loot`` if its attack succeeds.

    MaxPool2d is right only if the attack succeeds, so its verdict must be a failure.
    """
    return Attack((SETUP, SIZE, f"loot = []\n{code}", WRONG_UNLESS, AVG), Expected(max="fm", why=why))


def forward_first(code: str, marks: str, why: str, *helpers: str, named: tuple[str, ...] = ()) -> Attack:
    """Return a notebook with a right MaxPool2d whose forward pass runs this code first."""
    return Attack((SETUP, SIZE, *helpers, in_forward(code), AVG), Expected(max=marks, why=why, named=named))


def backward_first(code: str, marks: str, why: str, *helpers: str) -> Attack:
    """Return a notebook with a right MaxPool2d whose backward pass runs this code first."""
    return Attack((SETUP, SIZE, *helpers, in_backward(code), AVG), Expected(max=marks, why=why))


def cell_before(code: str, why: str, marks: str = "pp") -> Attack:
    """Return a notebook with a cell that runs before honest work; by default no exercise may fail."""
    return Attack((SETUP, SIZE, code, MAX, AVG), Expected(max=marks, why=why))


def size_is(source: str, marks: str, why: str, *, named: tuple[str, ...] = ()) -> Attack:
    """Return a notebook with another ``pool_output_size`` and honest layers."""
    return Attack((SETUP, source, MAX, AVG), Expected(size=marks, why=why, named=named))
