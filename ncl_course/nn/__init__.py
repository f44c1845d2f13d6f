"""Given pieces, NumPy only: what a network needs and this lecture does not teach."""

from ncl_course.nn.layer import Layer

__all__ = ["Layer"]
