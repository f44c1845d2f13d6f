"""Lesson 05: batch, layer, instance and group normalization, and weight standardization (lecture section 5)."""

from functools import partial

from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.normalization import batchnorm, batchnorm_running, groupnorm, weight_standardization
from ncl_course.exercises.trials import passes

LESSON = "05_normalization"


def within_a_sample(name: str, forward: float, backward: float) -> Exercise:
    """Return the exercise for a layer whose statistics are computed within one sample, with the points of its parts."""
    parts = (
        Part("forward", forward, partial(groupnorm.forward_cases, name)),
        Part("backward", backward, partial(groupnorm.backward_cases, name)),
    )
    return Exercise(name, LESSON, parts)


BATCHNORM = (
    Part("forward", 1.5, batchnorm.forward_cases),
    Part("running", 1.0, batchnorm_running.running_cases),
    Part("test_mode", 1.0, batchnorm_running.test_mode_cases),
    Part("backward", 3.0, batchnorm.backward_cases),
)
WEIGHTS = passes(1.0, 2.0, weight_standardization.cases, weight_standardization.near_a_thousand)

EXERCISES = (
    Exercise("BatchNorm2d", LESSON, BATCHNORM),
    Exercise("batchnorm_parameter_count", LESSON, (Part("value", 0.5, batchnorm.count_cases),)),
    within_a_sample("LayerNorm2d", 1.0, 2.0),
    within_a_sample("InstanceNorm2d", 1.0, 2.0),
    within_a_sample("GroupNorm", 1.5, 2.5),
    Exercise("WeightStandardization", LESSON, WEIGHTS),
)
