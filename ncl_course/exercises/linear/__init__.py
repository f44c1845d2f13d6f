"""Lesson 03: fully connected layers and softmax (lecture section 3)."""

from functools import partial

from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.linear import cross_entropy, fully_connected, maps, softmax
from ncl_course.exercises.trials import passes

LESSON = "03_linear_softmax"

LINEAR = (
    Part("forward", 1.5, fully_connected.forward_cases),
    Part("backward", 3.0, fully_connected.backward_cases),
)
SOFTMAX = (Part("forward", 1.5, softmax.forward_cases), Part("backward", 2.5, softmax.backward_cases))

EXERCISES = (
    Exercise("Flatten", LESSON, passes(0.5, 0.5, partial(maps.cases, maps.Flattened))),
    Exercise("Linear", LESSON, LINEAR),
    Exercise("Softmax", LESSON, SOFTMAX),
    Exercise("CrossEntropyLoss", LESSON, passes(1.5, 2.0, cross_entropy.cases)),
    Exercise("GlobalAvgPool2d", LESSON, passes(0.5, 1.0, partial(maps.cases, maps.Averaged))),
    Exercise("parameter_count", LESSON, (Part("value", 1.0, maps.count_cases),)),
)
