"""Softmax as it is written on paper, step by step in torch: what a float makes of each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Precision = Literal["float32", "float64"]


@dataclass(frozen=True)
class Steps:
    """The exponents, their exponentials and the quotients, as that float has them; infinite or NaN where they are."""

    exponents: Array
    exponentials: Array
    quotients: Array


def written_softmax(logits: ArrayLike, precision: Precision, *, shifted: bool) -> Steps:
    """Exponentials divided by their sum for a few logits; ``shifted`` takes the largest logit off first."""
    exponents = torch.tensor(np.asarray(logits, dtype=np.float64), dtype=getattr(torch, precision))
    if shifted:
        exponents = exponents - torch.amax(exponents)
    exponentials = torch.exp(exponents)
    quotients = torch.div(exponentials, torch.sum(exponentials))
    return Steps(*(tensor.double().numpy() for tensor in (exponents, exponentials, quotients)))
