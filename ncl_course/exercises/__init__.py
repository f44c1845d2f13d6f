"""Every exercise of the course, lesson by lesson."""

from ncl_course.exercises import activations, batchnorm, dropout, groupnorm, linear, pooling, training
from ncl_course.exercises.exercise import Case, Exercise, Part

EXERCISES: tuple[Exercise, ...] = (
    *pooling.EXERCISES,
    *activations.EXERCISES,
    *linear.EXERCISES,
    *dropout.EXERCISES,
    *batchnorm.EXERCISES,
    *groupnorm.EXERCISES,
    *training.EXERCISES,
)
LESSONS: tuple[str, ...] = tuple(dict.fromkeys(exercise.lesson for exercise in EXERCISES))


def find(name: str) -> Exercise | None:
    """The exercise of that name, or None."""
    return next((exercise for exercise in EXERCISES if exercise.name == name), None)


__all__ = ["EXERCISES", "LESSONS", "Case", "Exercise", "Part", "find"]
