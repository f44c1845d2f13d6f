"""Given pieces, NumPy only: the parts of a network that this lecture does not teach."""

from ncl_course.nn.config import CNNConfig
from ncl_course.nn.conv import Conv2d
from ncl_course.nn.gradient import GradientComparison, compare_gradients, gradient_error, numeric_gradient
from ncl_course.nn.layer import Layer
from ncl_course.nn.optim import SGD
from ncl_course.nn.sequential import Sequential

__all__ = [
    "SGD",
    "CNNConfig",
    "Conv2d",
    "GradientComparison",
    "Layer",
    "Sequential",
    "compare_gradients",
    "gradient_error",
    "numeric_gradient",
]
