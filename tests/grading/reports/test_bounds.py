"""An entry and its pages stay short, however long a student's texts are; an honest student's texts stay whole."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ncl_course.checking.grids import Grid
from ncl_course.grading.entry import Panel
from ncl_course.grading.plain import plain
from ncl_course.grading.reports.bounds import IN_ALL, MOST_LINES, MOST_NOTES, PRINTED, SENTENCE, WORD, bounded
from ncl_course.grading.reports.html import feedback_page
from ncl_course.nn.sentences import Sentence
from ncl_course.worded import worded
from tests.grading.reports.test_reports import entry
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

FLOOD = "spam and eggs " * 10_000


def flooding():
    """Return an entry with too much of everything."""
    made = entry("mallory", notes=[FLOOD] * 1_000, message=FLOOD)
    panel = Panel(FLOOD, (FLOOD,) * 1_000, (Grid("y", (("1",),)),), (FLOOD,) * 1_000, FLOOD)
    parts = [
        replace(part, note=FLOOD, raised=FLOOD, where=FLOOD, raised_message=FLOOD, panel=panel)
        for part in made.exercises[0].parts
    ]
    exercises = tuple(replace(one, message=FLOOD, parts=tuple(parts)) for one in made.exercises)
    return replace(made, exercises=exercises)


def test_each_text_is_cut_and_says_so():
    one = bounded(flooding())
    part = one.exercises[0].parts[0]
    assert one.message == FLOOD[:SENTENCE] + "…"
    assert part.raised == FLOOD[:WORD] + "…"
    assert part.panel.lead == FLOOD[:SENTENCE] + "…"
    assert len(part.panel.code) <= MOST_LINES + 1
    assert part.panel.code[-1] == f"… and further lines: {1_000 - len(part.panel.code) + 1}."


def test_all_texts_together_are_cut():
    one = bounded(flooding())
    assert len(json.dumps(plain(one), ensure_ascii=False)) < 1.2 * IN_ALL
    assert len(feedback_page("mallory", [one])) < 2 * IN_ALL
    assert one.notes[-1].startswith("… and further lines: ")
    assert [part.verdict for done in one.exercises for part in done.parts]


def test_what_an_honest_notebook_has_stays_whole():
    panel = Panel("One case fails.", ("x = 1",) * MOST_LINES, (), ("a" * SENTENCE,), "p" * PRINTED)
    honest = entry("anna", notes=[f"note {n}" for n in range(MOST_NOTES)])
    parts = (replace(honest.exercises[0].parts[0], panel=panel, raised="ValueError", where="x = 1"),)
    honest = replace(honest, exercises=(replace(honest.exercises[0], parts=parts),))
    assert bounded(honest) == honest


def test_a_sentence_in_sentences_is_not_longer_than_they_are():
    words = Sentence("e", "conv.least", {"name": "n" * 4_000, "least": "1"})
    for _ in range(6):
        words = Sentence("e", "conv.least", {"name": words, "least": words})
    assert len(worded(words)) < 3_000


@pytest.mark.bwrap
def test_a_notebook_that_floods_its_report_gets_its_marks_and_a_short_page(graded):
    flood = 'raise ValueError("spam and eggs " * 10_000)'
    one = graded(SETUP, *[flood] * 300, SIZE, MAX, AVG)
    assert one.score == 9.0
    assert len(one.notes) == MOST_NOTES + 1
    assert len(feedback_page("mallory", [one])) < 2 * IN_ALL
