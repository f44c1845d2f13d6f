"""The questions of lesson 06; the messages ``training.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question

QUESTIONS: tuple[Question, ...] = ()
