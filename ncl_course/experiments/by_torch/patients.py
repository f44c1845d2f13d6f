"""Three broken layers to diagnose, with bugs that occurred in well-known teaching code; torch does the computing.

Each is a right layer with one thing changed. They behave like a student's layers, so the course's tools work on them.
"""

from __future__ import annotations

import numpy as np
import torch

from ncl_course.oracles.dropout.right import ClassicDropout
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d


class PatientA(ClassicDropout):
    """Classic dropout that multiplies by the probability of dropping at test."""

    def tested(self, x: torch.Tensor) -> torch.Tensor:
        return x * (1 - self.keep_prob)


class PatientB(BatchNorm2d):
    """Batch normalization whose running variance starts at 0."""

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, alpha, eps)
        self.running_var = np.zeros(num_features)


class PatientC(BatchNorm2d):
    """Batch normalization whose running statistics give the batch the weight α and the old value the weight 1 − α."""

    def __init__(self, num_features: int, alpha: float = 0.9, eps: float = 1e-5) -> None:
        super().__init__(num_features, 1 - alpha, eps)


DIAGNOSES = {"A": 4, "B": 6, "C": 2}
"""The number of the statement in lesson 06 that is true for each patient."""
