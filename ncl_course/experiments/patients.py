"""Three broken layers to diagnose, after bugs that well-known teaching code has had; torch does the computing.

Each is a right layer with one thing changed. They behave like a student's layers, so the course's tools work on them.
"""

from __future__ import annotations

import numpy as np
import torch

from ncl_course.oracles.dropout.right import ClassicDropout
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d


class PatientA(ClassicDropout):
    """Classic dropout that is scaled at test by the probability to drop."""

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * (1 - self.keep_prob)


class PatientB(BatchNorm2d):
    """Batch normalization whose running variance starts at 0."""

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, alpha, eps)
        self.running_var = np.zeros(num_features)


class PatientC(BatchNorm2d):
    """Batch normalization that takes α of the batch and 1 − α of what was known."""

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, 1 - alpha, eps)


DIAGNOSES = {"A": 4, "B": 6, "C": 2}
"""The number of the statement in lesson 06 that is true of each."""
