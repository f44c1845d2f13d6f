"""The objection of a witness, and the comparisons that raise it."""

from __future__ import annotations

from typing import Any

import numpy as np

TOLERANCE = {"float64": 1e-7, "float32": 1e-4}


class DisagreementError(AssertionError):
    """An answer breaks the contract; the text says how."""


def demand(condition: object, objection: str) -> None:
    """Raise the objection unless the condition holds."""
    if not condition:
        raise DisagreementError(objection)


def same_array(got: Any, right: Any, dtype: Any, title: str, scale: float = 0.0, within: float = 0.0) -> None:
    """Demand a plain array of that dtype and the right shape, whose numbers are within the contract's tolerance."""
    demand(type(got) is np.ndarray, f"{title}: {type(got).__name__}")
    demand(got.dtype == dtype, f"{title}: {got.dtype} for {np.dtype(dtype)}")
    close(got, right, max(TOLERANCE[np.dtype(dtype).name], within), title, scale)


def close(got: Any, right: Any, tolerance: float, title: str, scale: float = 0.0) -> None:
    """Demand the right shape, and numbers within the tolerance times the largest right number or the scale."""
    demand(np.shape(got) == np.shape(right), f"{title}: shape {np.shape(got)} for {np.shape(right)}")
    largest = max(float(np.abs(right).max(initial=0.0)), scale) or 1.0
    with np.errstate(all="ignore"):
        error = np.abs(np.asarray(got, np.float64) - right)
    demand((error <= tolerance * largest).all(), f"{title}: wrong by {np.max(error, initial=0.0):.3g} of {largest:.3g}")
