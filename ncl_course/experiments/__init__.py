"""Small measured experiments that lessons try out, most of them on real images.

Lesson 06 runs two of them on a student's own layers.
"""

from ncl_course.experiments.claims import run_claims
from ncl_course.experiments.own_overfitting import run_overfitting

__all__ = ["run_claims", "run_overfitting"]
