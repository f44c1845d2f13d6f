"""Normalizations by torch (lecture section 5): the right answers to lesson 05."""

from ncl_course.oracles.normalization.batchnorm import BatchNorm2d, batchnorm_parameter_count
from ncl_course.oracles.normalization.groupnorm import GroupNorm, InstanceNorm2d, LayerNorm2d, WeightStandardization

__all__ = [
    "BatchNorm2d",
    "GroupNorm",
    "InstanceNorm2d",
    "LayerNorm2d",
    "WeightStandardization",
    "batchnorm_parameter_count",
]
