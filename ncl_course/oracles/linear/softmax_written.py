"""The written formula of softmax, step by step in torch, with the value that a float has after each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ncl_course.oracles.settings import own_settings

Array = NDArray[np.float64]
Precision = Literal["float32", "float64"]


@dataclass(frozen=True)
class Steps:
    """The exponents, their exponentials and the quotients in that float type, including infinity and NaN."""

    exponents: Array
    exponentials: Array
    quotients: Array


@own_settings()
def written_softmax(logits: ArrayLike, precision: Precision, *, shifted: bool) -> Steps:
    """Divide exponentials by their sum for a few logits; with ``shifted``, subtract the largest logit first."""
    exponents = torch.tensor(np.asarray(logits, dtype=np.float64), dtype=getattr(torch, precision))
    if shifted:
        exponents = exponents - torch.amax(exponents)
    exponentials = torch.exp(exponents)
    quotients = torch.div(exponentials, torch.sum(exponentials))
    return Steps(*(tensor.double().numpy() for tensor in (exponents, exponentials, quotients)))
