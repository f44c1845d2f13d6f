"""The questions of lesson 02; the messages ``activations.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question

QUESTIONS: tuple[Question, ...] = ()
