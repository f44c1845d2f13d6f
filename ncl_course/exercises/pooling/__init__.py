"""Lesson 01: pooling (lecture section 1)."""

from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.pooling.layers import backward_cases, forward_cases, size_cases

LESSON = "01_pooling"
LAYER = (Part("forward", 1.5, forward_cases), Part("backward", 2.5, backward_cases))

EXERCISES = (
    Exercise("pool_output_size", LESSON, (Part("value", 1.0, size_cases),)),
    Exercise("MaxPool2d", LESSON, LAYER),
    Exercise("AvgPool2d", LESSON, LAYER),
)
