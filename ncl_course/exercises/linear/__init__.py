"""Lesson 03: fully connected layers and softmax (lecture section 3)."""

from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.linear import fully_connected, maps, softmax

LESSON = "03_linear_softmax"


def layer(name: str, forward: Part, backward: Part) -> Exercise:
    """A layer of this lesson."""
    return Exercise(name, LESSON, (forward, backward))


EXERCISES = (
    layer("Flatten", Part("forward", 0.5, maps.map_forward_cases), Part("backward", 0.5, maps.flatten_backward_cases)),
    layer(
        "Linear",
        Part("forward", 1.5, fully_connected.forward_cases),
        Part("backward", 3.0, fully_connected.backward_cases),
    ),
    layer("Softmax", Part("forward", 1.5, softmax.forward_cases), Part("backward", 2.5, softmax.backward_cases)),
    layer(
        "CrossEntropyLoss",
        Part("forward", 1.5, softmax.loss_cases),
        Part("backward", 2.0, softmax.loss_gradient_cases),
    ),
    layer(
        "GlobalAvgPool2d",
        Part("forward", 0.5, maps.map_forward_cases),
        Part("backward", 1.0, maps.mean_backward_cases),
    ),
    Exercise("parameter_count", LESSON, (Part("value", 1.0, maps.count_cases),)),
)
