"""All exercises of the course, lesson by lesson."""

from ncl_course.exercises import activations, dropout, linear, normalization, pooling, training
from ncl_course.exercises.exercise import ROOMS, Case, Exercise, Part

EXERCISES: tuple[Exercise, ...] = (
    *pooling.EXERCISES,
    *activations.EXERCISES,
    *linear.EXERCISES,
    *dropout.EXERCISES,
    *normalization.EXERCISES,
    *training.EXERCISES,
)
LESSONS: tuple[str, ...] = tuple(ROOMS)


def find(name: str) -> Exercise | None:
    """Return the exercise of that name, or None."""
    return next((exercise for exercise in EXERCISES if exercise.name == name), None)


__all__ = ["EXERCISES", "LESSONS", "ROOMS", "Case", "Exercise", "Part", "find"]
