"""The questions of lesson 03; the messages ``linear.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question

QUESTIONS: tuple[Question, ...] = ()
