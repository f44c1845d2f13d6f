"""All exercises of the course, lesson by lesson."""

from ncl_course.exercises import activations, dropout, linear, normalization, pooling, training
from ncl_course.exercises.activations import questions as on_activations
from ncl_course.exercises.asked import Question
from ncl_course.exercises.dropout import questions as on_dropout
from ncl_course.exercises.exercise import ROOMS, Case, Exercise, Part
from ncl_course.exercises.linear import questions as on_linear
from ncl_course.exercises.normalization import questions as on_normalization
from ncl_course.exercises.pooling import questions as on_pooling
from ncl_course.exercises.training import questions as on_training

EXERCISES: tuple[Exercise, ...] = (
    *pooling.EXERCISES,
    *activations.EXERCISES,
    *linear.EXERCISES,
    *dropout.EXERCISES,
    *normalization.EXERCISES,
    *training.EXERCISES,
)
LESSONS: tuple[str, ...] = tuple(ROOMS)
QUESTIONS: tuple[Question, ...] = (
    *on_pooling.QUESTIONS,
    *on_activations.QUESTIONS,
    *on_linear.QUESTIONS,
    *on_dropout.QUESTIONS,
    *on_normalization.QUESTIONS,
    *on_training.QUESTIONS,
)
"""The questions that the lessons ask with ``ask``, lesson by lesson."""


def find(name: str) -> Exercise | None:
    """Return the exercise of that name, or None."""
    return next((exercise for exercise in EXERCISES if exercise.name == name), None)


def question(name: str) -> Question | None:
    """Return the question of that name, or None."""
    return next((question for question in QUESTIONS if question.name == name), None)


__all__ = ["EXERCISES", "LESSONS", "QUESTIONS", "ROOMS", "Case", "Exercise", "Part", "Question", "find", "question"]
