"""Lateness, points by hand and marks in the reports, and reports do not mention them if there are none."""

from __future__ import annotations

import csv
import io

import pytest

from ncl_course.grading.reports import cohort
from ncl_course.grading.reports.compare import changes
from ncl_course.grading.reports.csv import grades_csv
from ncl_course.grading.reports.html import feedback_page, report_page
from ncl_course.language import LANGUAGES, language
from tests.grading.given_sheets import graded
from tests.grading.reports.test_reports import EVIL, results, ungraded

LATE = {"submitted": "2026-10-14T10:05:00+03:00", "due": "2026-10-12T23:59:00+03:00", "hours": 34.1, "factor": 0.8}
MANUAL = [{"exercise": "MaxPool2d", "points": 1.5, "comment": EVIL}, {"exercise": "", "points": -1.0, "comment": ""}]
BORIS = graded("boris", "12", 7.5, late=LATE, manual=MANUAL, final=6.5)
ANNA = graded("anna", "11", 7.0, late=LATE | {"hours": 0.0, "factor": 1.0}, final=7.0)
BROKEN = ungraded(student="clara", manual=[{"exercise": "", "points": 4.0, "comment": "by eye"}], final=4.0)


def test_the_table_has_three_columns_more_where_there_are_marks():
    rows = list(csv.DictReader(io.StringIO(grades_csv(results(ANNA, BORIS, BROKEN)), newline="")))
    shown = [[row[name] for name in ("student", "score", "late", "manual", "final")] for row in rows]
    assert shown == [
        ["anna", "7.0", "0.0", "", "7.0"],
        ["boris", "7.5", "34.1", "0.5", "6.5"],
        ["clara", "", "", "4.0", "4.0"],
    ]
    assert "final" not in grades_csv(results(graded("anna")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_show_the_score_what_was_taken_and_given_and_the_mark(lang):
    language(lang)
    page = report_page(results(ANNA, BORIS, BROKEN))
    for shown in ("7.5 / 9", "× 0.8", "<summary>+0.5</summary>", "<b>6.5</b>", "<b>4</b>"):
        assert shown.replace(".", "," if lang == "ru" else ".") in page
    said = feedback_page("boris", [BORIS])
    assert {"en": "Mark: 6.5 of 9", "ru": "Оценка: 6,5 из 9"}[lang] in said
    assert "(MaxPool2d): &lt;script&gt;" in said
    assert "<script>" not in said


def test_a_grace_that_was_used_is_said_and_who_was_on_time_reads_nothing_of_it():
    grace = graded("anna", late=LATE | {"hours": 0.1, "factor": 1.0}, final=7.5)
    assert "Handed in 0.1 h after the due time (2026-10-12 23:59): nothing is deducted" in feedback_page(
        "anna", [grace]
    )
    assert '<ul class="mark">' not in feedback_page("anna", [ANNA])


def test_without_marks_pages_say_nothing_of_them():
    page = report_page(results(graded("anna")))
    assert "by hand" not in page
    assert '<ul class="mark">' not in feedback_page("anna", [graded("anna")])


def test_the_distribution_and_the_order_are_those_of_the_marks():
    (lesson,) = cohort.lessons(results(ANNA, BORIS))
    assert [row.student for row in lesson.rows] == ["anna", "boris"]
    assert (lesson.mean, lesson.rows[1].score, lesson.rows[1].mark) == (6.75, "7.5", "6.5")
    assert cohort.marks([graded("a", final=-1.0), graded("b", final=12.0)]) == [1, *[0] * 8, 1]


CHANGES = {
    "Factor for lateness 1 → 0.8.": (graded("a", final=7.5), graded("a", late=LATE, final=6.0)),
    "Points by hand +0 → +0.5.": (graded("a", final=7.5), graded("a", manual=MANUAL, final=8.0)),
    "The points are the same; the policy's limits have changed.": (graded("a", final=9.0), graded("a", final=9.5)),
}


@pytest.mark.parametrize(("why", "pair"), CHANGES.items())
def test_a_mark_that_changed_without_a_regrade_says_why(why, pair):
    (change,) = changes(*map(results, pair))
    assert change.reasons == (why,)
    assert (change.before, change.after) == tuple(one.final for one in pair)


def test_a_first_policy_that_changes_no_mark_is_no_change():
    assert changes(results(graded("a")), results(graded("a", final=7.5))) == []
