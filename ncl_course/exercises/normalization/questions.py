"""The questions of lesson 05; the messages ``normalization.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question

QUESTIONS: tuple[Question, ...] = ()
