"""Lesson 06: build a CNN from the lecture's template (section 6) and train it so that each step equals torch's.

The exercises are functions that take the course's pieces as arguments.
"""

from ncl_course.exercises.exercise import Exercise, Part
from ncl_course.exercises.training import building, learning, stepping

LESSON = "06_train_cnn"

EXERCISES = (
    Exercise("build_cnn", LESSON, (Part("value", 4.0, building.cases),), pieces=True),
    Exercise("train_step", LESSON, (Part("value", 3.0, stepping.cases),), pieces=True),
    Exercise("train", LESSON, (Part("value", 3.0, learning.cases),), pieces=True),
)
