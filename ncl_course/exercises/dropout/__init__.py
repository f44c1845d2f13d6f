"""Lesson 04: dropout (lecture section 4). The lecture's p is the probability of keeping a neuron."""

from ncl_course.exercises.dropout.backward import backward_cases
from ncl_course.exercises.dropout.forward import forward_cases
from ncl_course.exercises.dropout.test_mode import test_mode_cases
from ncl_course.exercises.exercise import Exercise, Part

LESSON = "04_dropout"
LAYER = (
    Part("forward", 1.5, forward_cases),
    Part("backward", 1.0, backward_cases),
    Part("test_mode", 1.0, test_mode_cases),
)

EXERCISES = (Exercise("ClassicDropout", LESSON, LAYER), Exercise("Dropout", LESSON, LAYER))
