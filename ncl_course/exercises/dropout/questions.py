"""The questions of lesson 04; the messages ``dropout.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question

QUESTIONS: tuple[Question, ...] = ()
