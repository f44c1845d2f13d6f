"""Lesson 02: activations (lecture section 2)."""

from ncl_course.exercises.activations import elementwise, maxout, prelu
from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.trials import passes

LESSON = "02_activations"


def plain(name: str, points: float, points_back: float) -> Exercise:
    """Return the exercise for an elementwise function without parameters."""
    return Exercise(name, LESSON, passes(points, points_back, elementwise.cases, elementwise.near_zero))


def sloped(name: str, points: float, points_back: float) -> Exercise:
    """Return the exercise for an elementwise function with a parameter ``alpha``."""
    return Exercise(name, LESSON, passes(points, points_back, elementwise.cases_with_alpha, elementwise.near_zero))


PRELU = (Part("forward", 1.0, prelu.forward_cases), Part("backward", 2.0, prelu.backward_cases))
MAXOUT = (Part("forward", 1.5, maxout.forward_cases), Part("backward", 2.5, maxout.backward_cases))

EXERCISES = (
    plain("ReLU", 0.5, 1.0),
    plain("Sigmoid", 1.0, 1.0),
    plain("Tanh", 1.0, 1.0),
    sloped("LeakyReLU", 0.5, 1.0),
    sloped("ELU", 1.0, 1.5),
    Exercise("PReLU", LESSON, PRELU),
    Exercise("Maxout", LESSON, MAXOUT),
)
