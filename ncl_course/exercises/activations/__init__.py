"""Lesson 02: activations (lecture section 2)."""

from ncl_course.exercises.activations import elementwise, maxout, prelu
from ncl_course.exercises.exercise import Exercise, Part

LESSON = "02_activations"


def plain(name: str, points: float, points_back: float) -> Exercise:
    """Return the exercise for an elementwise function without parameters."""
    parts = (
        Part("forward", points, elementwise.forward_cases),
        Part("backward", points_back, elementwise.backward_cases),
    )
    return Exercise(name, LESSON, parts)


def sloped(name: str, points: float, points_back: float) -> Exercise:
    """Return the exercise for an elementwise function with a parameter ``alpha``."""
    parts = (
        Part("forward", points, elementwise.forward_cases_with_alpha),
        Part("backward", points_back, elementwise.backward_cases_with_alpha),
    )
    return Exercise(name, LESSON, parts)


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
