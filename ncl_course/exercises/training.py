"""Lesson 06: build a CNN by the lecture's template (section 6) and train it, step for step equal to torch.

Each case is named for what it catches; ``messages`` holds the sentence under ``case.NAME``.
"""

from __future__ import annotations

from ncl_course.exercises import building, learning, stepping
from ncl_course.exercises.exercise import Exercise, Part

LESSON = "06_train_cnn"


def exercise(name: str, part: Part) -> Exercise:
    """An exercise of this lesson: a function, which the course's pieces are handed to."""
    return Exercise(
        name,
        LESSON,
        (part,),
        "ncl_course.oracles.training",
        "ncl_course.oracles.training_mistakes",
        pieces="ncl_course.oracles.network",
    )


EXERCISES = (
    exercise("build_cnn", Part("value", 4.0, building.cases)),
    exercise("train_step", Part("value", 3.0, stepping.cases)),
    exercise("train", Part("value", 3.0, learning.cases)),
)
