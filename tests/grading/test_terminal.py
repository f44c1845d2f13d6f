"""The instructor's terminal: the table fits in 80 columns, and the lines below it say what happened."""

from __future__ import annotations

import pytest

from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.grading.terminal import complain, summary
from ncl_course.language import LANGUAGES, language
from tests.grading.reports.test_reports import entry, results

NARROW = 80


def of_lesson(lesson, verdict, student):
    """Return an entry of a lesson in which every exercise has the same verdict."""
    made = [
        {"exercise": one.name, "score": one.max_score, "max_score": one.max_score, "verdict": str(verdict)}
        | {"misconceptions": [], "message": "", "parts": []}
        for one in EXERCISES
        if one.lesson == lesson
    ]
    return entry(student, made, lesson=lesson, file=f"{student}/{lesson}.ipynb")


def test_a_complaint_about_a_file_that_was_made_for_it_does_not_fill_the_terminal(capsys):
    complain("\n".join(f"line {number}: not understood" for number in range(20_000)))
    said = capsys.readouterr().err
    assert said.startswith("line 0: not understood\nline 1")
    assert (said.rstrip().endswith("…"), len(said) < 6_500) == (True, True)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_of_six_lessons_and_of_every_verdict_fits_in_80_columns(lang, capsys):
    language(lang)
    cohort = [of_lesson(name, verdict, f"{verdict}{n}") for name in LESSONS for verdict in Verdict for n in range(101)]
    summary(results(*cohort), "marks")
    table, _, _ = capsys.readouterr().out.partition("\n" + "x" * 99)
    rows = [line for line in table.splitlines() if any(one.name in line.split() for one in EXERCISES)]
    assert len(rows) == len(EXERCISES)
    assert all(len(line) <= NARROW for line in table.splitlines()[: len(EXERCISES) + 2])
    assert all(line.split()[1:-1] == ["101"] * len(Verdict) for line in rows), "no number is cut off"
