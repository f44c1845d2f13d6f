"""Statistics of parts and lessons, the lecturer's page, the history of runs, and whom to ask how it goes."""

from __future__ import annotations

import csv
import io
import json
import statistics

import pytest

from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.reports.html import items_page
from ncl_course.grading.term.behind import behind
from ncl_course.grading.term.class_talk import topics
from ncl_course.grading.term.excerpts import by_key, excerpt
from ncl_course.grading.term.form import EXCEL, PLAIN, items_form
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.history import NAME, Past, keep, read_history, scores
from ncl_course.grading.term.items import items, items_csv, lesson_lines
from ncl_course.grading.term.roster import Roster
from ncl_course.grading.term.written import write_items
from ncl_course.language import LANGUAGES, language
from tests.grading.conftest import write_notebook
from tests.grading.reports.test_reports import EVIL, entry, exercise, part, results
from tests.grading.term.cohort import as_russian_excel, cohort, marked

ONE, TWO, THREE = "01_pooling", "02_activations", "03_linear_softmax"


def two_parts(forward, backward, cpu=0.0):
    """Return an exercise of 1.5 + 2.5 points with these verdicts."""
    parts = [part("forward", forward), {**part("backward", backward), "max_score": 2.5}]
    parts[1]["score"] = 2.5 if backward == "passed" else 0.0
    made = {**exercise(), "parts": parts, "score": sum(p["score"] for p in parts), "max_score": 4.0}
    return made | ({"cpu": cpu} if cpu else {})


COHORT = [
    entry("a", [two_parts("passed", "passed", 0.1)]),
    entry("b", [two_parts("passed", "failed", 0.3)]),
    entry("c", [two_parts("failed", "missing", 0.2)]),
    entry("d", [two_parts("passed", "passed", 0.9)]),
]


def test_a_parts_numbers_are_those_of_a_pencil():
    forward, backward = items(results(*COHORT))
    assert (forward.tried, forward.passed, forward.share, forward.mean) == (4, 3, 0.75, 0.75)
    assert (backward.tried, backward.passed, backward.share, backward.mean) == (3, 2, pytest.approx(2 / 3), 0.5)
    rest = [2.5, 0.0, 0.0, 2.5]  # the points of backward, which are the rest beside forward
    assert forward.discrimination == pytest.approx(statistics.correlation([1, 1, 0, 1], rest)) == pytest.approx(3**-0.5)
    assert forward.seconds == backward.seconds == pytest.approx(0.25)


def test_a_part_that_everybody_passes_or_nobody_tries_has_no_discrimination_and_no_share():
    everybody, nobody = items(results(*(entry(name, [two_parts("passed", "missing")]) for name in "abc")))
    assert (everybody.discrimination, everybody.share, everybody.seconds) == (None, 1.0, None)
    assert (nobody.tried, nobody.share, nobody.mean) == (0, None, 0.0)


def test_items_csv_has_the_columns_of_the_contract_and_a_form_for_a_russian_excel():
    rows = list(csv.DictReader(io.StringIO(items_csv(items(results(*COHORT)), PLAIN))))
    assert list(rows[0]) == [
        "lesson",
        "exercise",
        "part",
        "tried",
        "passed",
        "share",
        "mean",
        "discrimination",
        "seconds",
    ]
    assert [rows[1][name] for name in ("exercise", "part", "tried", "passed", "mean")] == [
        "MaxPool2d",
        "backward",
        "3",
        "2",
        "0.5",
    ]
    table = as_russian_excel(items_csv(items(results(*COHORT)), EXCEL["ru"]).encode())
    assert table[1][3:7] == [4.0, 3.0, 0.75, 0.75]
    assert (items_form("excel", "en"), items_form("plain", "ru"), items_form("excel", "ru")) == (
        PLAIN,
        PLAIN,
        EXCEL["ru"],
    )


def test_lessons_stand_side_by_side_with_the_correlation_of_neighbours():
    found = [marked(name, ONE, mark) for name, mark in zip("abc", (2.0, 5.0, 10.0), strict=True)]
    found += [marked(name, TWO, mark, 20.0) for name, mark in zip("abc", (4.0, 10.0, 20.0), strict=True)]
    one, two = lesson_lines(cohort(*found))
    assert (one.notebooks, one.full, one.with_previous) == (3, 1, None)
    assert two.mean == pytest.approx(statistics.fmean([0.2, 0.5, 1.0]))
    assert two.with_previous == pytest.approx(1.0)


def ask(found, history=()):
    """Return the reasons by student."""
    return {one.student: list(one.reasons) for one in behind(term(cohort(*found), Roster()), history)}


def test_whom_to_ask_is_said_with_the_fact_and_everybody_else_is_not_named():
    language("en")
    everybody = [marked(name, lesson, 9.0) for name in "abcdef" for lesson in (ONE, TWO, THREE)]
    gone = [marked("gone", ONE, 9.0)]
    fell = [marked("fell", ONE, 9.0), marked("fell", TWO, 10.0), marked("fell", THREE, 6.0)]
    once = [marked("once", ONE, 9.0), marked("once", TWO, 9.0)]
    assert ask([*everybody, *gone, *fell, *once]) == {
        "gone": [f"Nothing handed in for {TWO}, {THREE}."],
        "fell": [f"{THREE}: 60% after 95% before."],
    }


def test_nobody_is_behind_in_a_lesson_that_most_have_not_begun():
    everybody = [marked(name, ONE, 9.0) for name in "abcdef"]
    assert ask([*everybody, marked("a", TWO, 9.0), marked("a", THREE, 9.0)]) == {}


def test_unwritten_exercises_and_runs_without_progress_are_said():
    language("en")
    blank = entry("blank", [exercise("missing"), exercise("missing"), exercise("passed")])
    assert ask([blank])["blank"] == [f"{ONE}: 2 of 3 exercises are not written."]
    slow = [
        Past(str(n), {"s": {ONE: (mark, 10.0)}, "t": {ONE: (mark, 10.0)}}) for n, mark in enumerate((4.0, 4.0, 4.0))
    ]
    slow += [Past("3", {"s": {ONE: (4.0, 10.0)}, "t": {ONE: (4.5, 10.0)}})]
    assert ask([marked("s", ONE, 4.0), marked("t", ONE, 4.5)], slow) == {
        "s": [f"{ONE}: 40%, no higher in the last 4 runs."]
    }


def test_each_run_keeps_the_scores_before_it(tmp_path):
    first, second = cohort(marked("a", ONE, 4.0)), cohort(marked("a", ONE, 7.0), marked("b", ONE, 1.0))
    assert [run.scores for run in keep(first, tmp_path)] == [scores(first)]
    keep(first, tmp_path)  # the same run again adds nothing
    assert [run.scores for run in keep(second, tmp_path)] == [scores(first), scores(second)]
    assert json.loads((tmp_path / NAME).read_text())["runs"][0]["scores"] == {"a": {ONE: [4.0, 10.0]}}


def run_with(score):
    return f'{{"runs": [{{"when": "", "scores": {{"a": {{"{ONE}": [{score}]}}}}}}]}}'


SURROGATES = ['{"runs": [{"when": "", "scores": {"\\ud800": {}}}]}', '{"runs": [{"when": "\\udc00", "scores": {}}]}']
DAMAGED = [*SURROGATES, "", "{", "[]", '{"runs": 3}', '{"runs": [{"when": "", "scores": {"a": 3}}]}', "[" * 100_000]
SCORES = [
    "NaN, 10",
    "Infinity, 10",
    "1e999, 10",
    "1, 0",
    "1, -1",
    f"{10**400}, 10",
    "1" * 5_000 + ", 10",
    'true, "3"',
    "1, 2, 3",
]


@pytest.mark.parametrize("content", [*DAMAGED, *map(run_with, SCORES)], ids=range(len(DAMAGED) + len(SCORES)))
def test_a_damaged_history_begins_anew(tmp_path, content):
    (tmp_path / NAME).write_text(content)
    assert read_history(tmp_path) == []
    assert len(keep(cohort(marked("a", ONE, 4.0)), tmp_path)) == 1


CODE = '''class MaxPool2d(Layer):
    """Anna's layer."""

    def __init__(self, size):  # by Anna
        self.size = size

    def forward(self, x):
        """The layer of Anna."""
        # Anna Petrova
        if not x.size:
            raise ValueError(f"Anna {x}")
        return x[::2]  # Anna

    def backward(self, grad_out):
        return -grad_out * 2 ** 3


anna = 1
'''


def test_an_excerpt_is_the_method_without_comments_and_texts():
    forward = excerpt(["import numpy", CODE], "MaxPool2d", "forward")
    assert forward.splitlines()[:2] == ["def forward(self, x):", "    if not x.size:"]
    assert forward.endswith("return x[::2]")
    assert "Anna" not in forward
    assert excerpt([CODE], "MaxPool2d", "backward") == "def backward(self, grad_out):\n    return -grad_out * 2 ** 3"
    whole = excerpt([CODE], "MaxPool2d", "value")
    assert whole.startswith("class MaxPool2d(Layer):")
    assert "anna = 1" not in whole


def test_an_excerpt_comes_from_the_definition_that_counts():
    continued = "class MaxPool2d(MaxPool2d):\n    def backward(self, grad_out):\n        return 2 * grad_out"
    assert excerpt([CODE, continued], "MaxPool2d", "forward").startswith("def forward(self, x):")
    assert excerpt([CODE, continued], "MaxPool2d", "backward").endswith("return 2 * grad_out")
    assert excerpt([CODE, "MaxPool2d = Other"], "MaxPool2d", "forward") == ""
    assert excerpt([CODE, "MaxPool2d == Other"], "MaxPool2d", "forward").startswith("def forward")


def test_the_page_shows_the_three_most_common_misconceptions_of_an_exercise_and_folds_the_others():
    names = (
        "starts-at-zero",
        "gradient-to-all-maxima",
        "gradient-split-among-maxima",
        "stride-ignored",
        "average-taken",
    )
    wrong = [exercise(misconceptions=[f"MaxPool2d.{name}"]) for name in names]
    found = results(*(entry(f"{n}-{k}", [one]) for n, one in enumerate(wrong) for k in range(2 + (n == 3))))
    (topic,) = topics(found, {})
    assert ([one.students for one in topic.common], [one.students for one in topic.further]) == ([3, 2, 2], [2, 2])


@pytest.mark.parametrize(
    "cell",
    ["class MaxPool2d(Layer:\n    x = '''\n", "class MaxPool2d:\n" + "    x = 1\n" * 2000, "x = 1", "class MaxPool2d"],
)
def test_code_that_cannot_be_read_or_is_too_long_gives_no_excerpt_and_no_error(cell):
    assert excerpt([cell], "MaxPool2d", "forward") in ("", "class MaxPool2d")


PANEL = {
    "lead": "3 of 9 cases fail.",
    "code": ["pool.forward(x)"],
    "grids": [{"title": "yours", "cells": [["6", "7"]], "marked": [[0, 1]]}],
    "sentences": [],
    "printed": "Anna was here",
}
WRONG = exercise(misconceptions=["MaxPool2d.starts-at-zero"], case="ties", failing=3, cases=36, panel=PANEL)
LONELY = exercise(misconceptions=["MaxPool2d.gradient-to-all-maxima"])


def of(tmp_path, student, code):
    """Return the submission of an entry."""
    return Submission(
        student, write_notebook(tmp_path / student / "01_pooling.ipynb", code), f"{student}/01_pooling.ipynb"
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lecturers_page_says_how_many_what_they_believe_and_what_to_compute_and_names_nobody(tmp_path, lang):
    language(lang)
    found = results(
        entry("Anna Petrova", [WRONG]), entry(EVIL, [WRONG], file="evil.ipynb"), entry("Clara", [LONELY]), entry("Dina")
    )
    there = [of(tmp_path, "Anna Petrova", CODE)]
    (topic,) = topics(found, by_key(there))
    (common,) = topic.common
    assert (common.students, common.tried, len(topic.further)) == (2, 4, 1)
    assert common.board is not None
    assert common.board.code == ("pool.forward(x)",)
    assert len(common.excerpts) == 1
    write_items(found, term(found, Roster()), tmp_path / "out", there, PLAIN)
    page = (tmp_path / "out" / "items.html").read_text("utf-8")
    talk = page[: page.index("<h2>", page.index("<h2>") + 1)]
    assert ("2 of 4 students" if lang == "en" else "Студентов 2 из 4") in talk
    assert "return x[::2]" in talk
    assert talk.index("<details>") > talk.index("2 of 4" if lang == "en" else "2 из 4")
    assert "Anna" not in talk
    assert "Clara" not in talk
    assert EVIL not in page
    assert (tmp_path / "out" / "items.csv").read_text().startswith("lesson,exercise,part,tried,")


def test_an_empty_cohort_has_a_page():
    assert "<main>" in items_page(items=[], lessons=[], behind=[], topics=[])
