"""Reports say what the record says, in both languages, and nothing from a student is more than text."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.entry import Entry
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.plain import made, plain
from ncl_course.grading.reports import cohort, troubles
from ncl_course.grading.reports import names as names_module
from ncl_course.grading.reports.compare import changes
from ncl_course.grading.reports.csv import grades_csv, neutral
from ncl_course.grading.reports.html import SIGNS, feedback_page, report_page, script, script_hash
from ncl_course.grading.reports.names import LONG, file_names, fingerprint
from ncl_course.grading.results import Results, Run
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.site import Site
from ncl_course.language import language
from tests.grading.conftest import write_notebook
from tests.submissions.pooling import MAX, MAX_MISTAKES, SETUP, changed

EVIL = "<script>alert(1)</script>\"'{{ 7*7 }}&"


def part(name="forward", verdict="failed", **more):
    """Return a part's record."""
    return {"part": name, "score": 1.5 if verdict == "passed" else 0.0, "max_score": 1.5, "verdict": verdict, **more}


def exercise(verdict="failed", misconceptions=(), **more):
    """Return an exercise's record."""
    return {
        "exercise": "MaxPool2d",
        "score": 1.5 if verdict == "passed" else 0.0,
        "max_score": 1.5,
        "verdict": verdict,
        "misconceptions": list(misconceptions),
        "message": "why",
        "parts": [part(verdict=verdict, misconceptions=[m.partition(".")[2] for m in misconceptions], **more)],
    }


def entry(student="anna", exercises=None, also=(), **more):
    """Return a submission's entry, read from its JSON."""
    exercises = [exercise("passed")] if exercises is None else list(exercises)
    score, points = (sum(one[key] for one in exercises) for key in ("score", "max_score"))
    base = {"student": student, "lesson": "01_pooling", "file": f"{student}/01_pooling.ipynb", "status": "graded"}
    base |= {"score": score, "max_score": points, "seconds": 0.1, "exercises": exercises, "also": plain(tuple(also))}
    return made(Entry, {**base, **more}, "entry")


def results(*entries, seed=7, **run):
    """Return the content of a ``results.json``."""
    return Results(Run(seed, **run), entries)


def ungraded(lesson=None, message="no JSON", **more):
    """Return a submission without a score."""
    return entry(status="unreadable", score=None, max_score=None, lesson=lesson, message=message, exercises=(), **more)


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    " =1",
    "\u00a0=1",
    "＝1",
    "\u200b=1",
    "\ufeff \u2003=1",
    "\u3164=1",
    "\x1b=1",
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_a_text(formula):
    assert neutral(formula) == f"'{formula}"
    (_, row) = csv.reader(io.StringIO(grades_csv(results(entry(formula))), newline=""))
    assert row[0] == f"'{formula}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("anna;=1", "anna;'=1"),
        ("anna; \u200b=1;-2", "anna;' \u200b=1;'-2"),
        ("anna\t@SUM(A1)", "anna\t'@SUM(A1)"),
        ("anna\n+1", "anna\n'+1"),
    ],
)
def test_a_formula_becomes_a_text_also_for_a_program_that_separates_cells_by_another_sign(cell, text):
    assert neutral(cell) == text
    assert neutral(text) == text


@pytest.mark.parametrize("value", ["anna", "o'neil", "a=b", "", "3.5", "–", "a; b=c", "x - y"])
def test_other_cells_stay_as_they_are(value):
    assert neutral(value) == value


def test_the_table_has_a_row_a_submission_and_a_column_an_exercise():
    rows = list(csv.reader(grades_csv(results(entry("anna"), ungraded(student="boris"))).splitlines()))
    assert rows[0] == ["student", "lesson", "file", "status", "score", "max_score", "MaxPool2d"]
    assert rows[1] == ["anna", "01_pooling", "anna/01_pooling.ipynb", "graded", "1.5", "1.5", "1.5"]
    assert rows[2] == ["boris", "", "boris/01_pooling.ipynb", "unreadable", "", "", ""]


NAMES = [
    "../../etc/passwd",
    "/abs",
    "..",
    ".",
    "",
    "a/b",
    "a\\b",
    "con",
    "NUL.txt",
    ".hidden",
    "x" * 500,
    "a\0b",
    "\ud800",
    "Anna",
    "anna",
    "Ёжик",
    "a_b",
]


def test_file_names_stay_in_their_folder_and_never_collide():
    names = file_names(NAMES)
    assert len({name.casefold() for name in names.values()}) == len(NAMES)
    for name in names.values():
        assert re.fullmatch(r"[\w@ -][\w.@ -]{0,99}", name)
        assert name.encode("utf-8")
    assert names["Ёжик"] == "Ёжик"


@pytest.mark.parametrize("letter", ["漢", "\U00020000", "Ж", "a"])
def test_a_page_has_a_name_that_the_system_allows_however_many_bytes_a_letter_takes(tmp_path, letter):
    names = file_names([letter * length for length in (80, 81, 200)])
    assert len(set(names.values())) == 3
    for name in names.values():
        (tmp_path / f"{name}.html").touch()


@pytest.mark.parametrize("name", ["COM1", "com¹", "lpt³.x", "Aux"])
def test_no_page_has_a_name_that_windows_keeps_for_a_device(name):
    assert file_names([name])[name].startswith("_")


def test_nobody_gets_the_file_of_another_by_the_choice_of_a_name(monkeypatch):
    victim = "O'Brien"
    page, longer = (f"O_Brien-{fingerprint(victim, length)}" for length in (8, LONG))
    names = file_names([victim, page, longer, page.upper()])
    assert names[victim] == page
    assert len({name.casefold() for name in names.values()}) == 4
    monkeypatch.setattr(names_module, "fingerprint", lambda name, length=8: fingerprint(name, length)[8:] or "0" * 8)
    assert len(set(file_names([victim, "O?Brien", page]).values())) == 3  # even if somebody finds the same fingerprint


TURNED = "\u202e9 fo 9\u2066\u2028\x1b[2J\x9b"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_from_a_student_turns_round_the_words_beside_it(lang):
    language(lang)
    shown = {"lead": TURNED, "code": [TURNED], "grids": [], "sentences": [TURNED], "printed": TURNED}
    wrong = exercise("error", raised=TURNED, where=TURNED, raised_message=TURNED, note=TURNED, panel=shown)
    one = entry(TURNED, [wrong], notes=[TURNED], also=[entry(file=TURNED)], file=TURNED)
    two = ungraded(student=TURNED, file=TURNED, message=TURNED)
    for page in (report_page(results(one, two)), feedback_page(TURNED, [one, two]), feedback_page("שרה", [one])):
        assert "?9 fo 9???[2J?" in page
        assert not [sign for sign in page if not sign.isprintable() and sign not in "\n\t" and sign in TURNED]
    assert "שרה" in page


def evil_changes(one):
    """Return the changes after a regrade of a hostile student's work."""
    return changes(results(replace(one, score=9.0, sha256="a", file=EVIL)), results(replace(one, sha256="b")))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_from_a_student_gets_into_a_page_unescaped(lang):
    language(lang)
    shown = {"lead": EVIL, "code": [EVIL], "grids": [{"title": EVIL, "cells": [[EVIL]], "marked": [[0, 0]]}]}
    seen = {**shown, "sentences": [EVIL], "printed": EVIL}
    wrong = exercise("error", raised=EVIL, where=EVIL, raised_message=EVIL, note=EVIL, case="overlap", panel=seen)
    one = entry(EVIL, [wrong], notes=[EVIL], also=[entry(file=EVIL)], file=EVIL)
    two = ungraded(student=EVIL, file=EVIL, message=EVIL)
    for page in (report_page(results(one, two), evil_changes(one)), feedback_page(EVIL, [one, two])):
        assert page.replace(f"<script>{script()}</script>", "").count("<script") == 0
        assert "{{ 7*7 }}" in page
        assert "49" not in re.sub(
            r"&#\d+;|<style>.*?</style>|sha256-\S+|<script>.*?</script>", "", page, flags=re.DOTALL
        )


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_pages_need_no_network(lang):
    language(lang)
    for page in (report_page(results(entry())), feedback_page("anna", [entry()])):
        assert not re.search(r"https?:|src=|<link|@import|url\(", page)
        assert f'<html lang="{lang}">' in page


def test_feedback_names_the_misconception_with_its_hint_and_the_cases_reason():
    wrong = exercise(misconceptions=["MaxPool2d.gradient-to-all-maxima"], case="ties", failing=3, cases=36)
    page = feedback_page("anna", [entry(exercises=[wrong])])
    assert "every tied maximum gets the whole gradient" in page
    assert "compare dx.sum() with grad_out.sum()" in page
    assert "The smallest failing case: several cells of a window hold the maximum" in page


def test_feedback_quotes_the_line_that_raised_and_not_the_message():
    page = feedback_page(
        "anna", [entry(exercises=[exercise("error", raised="ValueError", raised_message="3.14159", where="3: x[9]")])]
    )
    assert "It raised ValueError. (in the line 3: x[9])" in page
    assert "3.14159" not in page


def test_feedback_says_why_torch_is_not_there():
    message = "torch is not there while a notebook is graded: exercises are written in NumPy alone"
    wrong = exercise("error", raised="ImportError", raised_message=message, where="8: import torch")
    assert "It imports torch, which is not available" in feedback_page("anna", [entry(exercises=[wrong])])


def test_the_report_counts_misconceptions_by_students():
    wrong = exercise(misconceptions=["MaxPool2d.starts-at-zero"])
    other = entry("clara", [exercise() | {"exercise": "ReLU"}], lesson="02_activations")
    found = results(entry("anna", [wrong]), entry("boris", [wrong]), entry("clara"), entry("dora"), other)
    assert [(one.exercise, one.students) for one in cohort.common(found)] == [("MaxPool2d", ("anna", "boris"))]
    page = report_page(found)
    assert "no maximum is below 0" in page
    assert 'style="width: 50%"' in page  # of the four who handed in the exercise
    assert 'class="cell none"' in page


def test_a_misconception_in_two_notebooks_of_one_student_counts_once():
    wrong = exercise(misconceptions=["MaxPool2d.starts-at-zero"])
    (common,) = cohort.common(results(entry("anna", [wrong]), entry("anna", [wrong], file="other.ipynb")))
    assert common.students == ("anna",)


def test_marks_fall_into_ten_bars():
    entries = [entry(exercises=[exercise() | {"score": score, "max_score": 10.0}]) for score in (0, 0.5, 1, 9.9, 10)]
    assert cohort.marks(entries) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]


def test_each_lesson_has_its_own_marks_and_map_from_the_most_points_to_the_fewest():
    other = entry("clara", [exercise("passed")], lesson="02_activations")
    first, second = cohort.lessons(results(entry("anna", [exercise()]), entry("boris"), other))
    assert (first.name, second.name) == ("01_pooling", "02_activations")
    assert [row.student for row in first.rows] == ["boris", "anna"]
    assert (first.mean, first.median, first.max_score) == (0.75, 0.75, 1.5)
    assert first.marks == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1)


def test_all_verdicts_look_like_something_and_have_a_sign():
    for verdict in Verdict:
        assert SIGNS[cohort.level(verdict)]


def test_what_ended_by_force_and_what_was_slow_is_listed():
    looping = exercise("timeout", note="It used more than 10 s of processor time.")
    entries = [entry(f"s{n}", cpu=0.1) for n in range(5)] + [entry("zoe", [looping], cpu=31.0)]
    (ended,) = troubles.ended(results(*entries))
    assert (ended.student, ended.lines) == (
        "zoe",
        ("MaxPool2d: took too long. It used more than 10 s of processor time.",),
    )
    assert [(one.student, one.seconds) for one in troubles.slow(results(*entries))] == [("zoe", 31.0)]
    page = report_page(results(*entries))
    assert "31.0 s" in page
    assert "It used more than 10 s" in page


def test_who_waited_for_torch_to_load_and_who_did_a_longer_lesson_is_not_slow():
    entries = [entry(f"s{n}", seconds=9.0 if n == 0 else 0.1, cpu=0.1) for n in range(5)]
    entries += [entry(f"s{n}", lesson="06_train_cnn", cpu=5.0 + n) for n in range(5)]
    entries += [entry("old", seconds=99.0)]  # an earlier release measured no processor time
    entries += [entry("ten times the others, but quick", cpu=1.9)]
    assert troubles.slow(results(*entries)) == []


def test_an_empty_cohort_has_a_report():
    assert "0 / 0" in report_page(results())


def test_a_page_allows_no_script_but_its_own():
    page = report_page(results(entry()))
    assert f"script-src &#39;{script_hash()}&#39;" in page or f"script-src '{script_hash()}'" in page
    assert "default-src 'none'" in page
    assert "script-src" not in feedback_page("anna", [entry()])


def test_both_notebooks_of_a_student_are_named_with_the_one_that_counts():
    also = entry("anna", [exercise()], file="anna/ru/01_pooling.ipynb")
    page = report_page(results(entry("anna", file="anna/en/01_pooling.ipynb", also=[also])))
    assert "anna/en/01_pooling.ipynb" in page
    assert "also handed in: anna/ru/01_pooling.ipynb (0)" in page


def test_feedback_shows_the_notebooks_own_panel_and_only_describes_the_graders_cases():
    grid = {"title": "yours [0, 0]", "cells": [["6", "7"]], "marked": [[0, 1]]}
    panel = {"lead": "3 of 9 cases fail.", "code": ["pool.forward(x)"], "grids": [grid], "sentences": [], "printed": ""}
    shown = exercise(case="ties", failing=3, cases=36, panel=panel, raised="ValueError", raised_message="2.71828")
    page = feedback_page("anna", [entry(exercises=[shown])])
    assert "With the cases of the check in the notebook: 3 of 9 cases fail." in page
    assert '<td>6</td><td class="wrong">7</td>' in page
    assert "Grading uses further cases with other numbers; 3 of 36 fail." in page
    assert "2.71828" not in page


@pytest.mark.bwrap
def test_the_panel_is_of_the_notebooks_seed_whatever_the_graders(walls, tmp_path):
    path = write_notebook(tmp_path / "anna" / "01_pooling.ipynb", SETUP, changed(MAX, MAX_MISTAKES["over-batch"]))
    panels = []
    for seed in (1, 2):
        with Site(walls) as site:
            record = Grader(site, seed, Limits(cpu=5, memory_mb=400))(
                Submission("anna", path, "anna/01_pooling.ipynb"), 0
            )
        forward, backward = record.exercises[1].parts
        panels.append(forward.panel)
        assert backward.panel is None
    assert panels[0] == panels[1]
    assert panels[0].grids


def test_the_page_of_what_was_not_graded_does_not_say_that_it_was():
    assert "Graded: " in feedback_page("anna", [entry()])
    assert "Graded: " not in feedback_page("anna", [ungraded(student="anna")])


def test_a_cell_that_failed_is_told_before_the_exercises_that_it_breaks():
    page = feedback_page("anna", [entry(notes=["Code cell 3 raised SyntaxError"])])
    assert page.index("Code cell 3 raised SyntaxError") < page.index("MaxPool2d")


def test_a_page_of_several_lessons_begins_with_the_total_and_its_contents():
    lessons = ("01_pooling", "02_activations")
    entries = [entry(lesson=lesson, file=f"{lesson}.ipynb") for lesson in lessons] + [ungraded("04_dropout")]
    page = feedback_page("anna", entries)
    head = page[page.index("<h1>") : page.index("<h2")]
    assert "Total: 3 of 3 points" in head
    assert "Not graded yet: 1." in head
    assert re.findall(r'href="#(part-\d)">([^<]*)', head) == [
        ("part-1", "01_pooling"),
        ("part-2", "02_activations"),
        ("part-3", "04_dropout"),
    ]
    assert re.findall(r'<h2 id="(part-\d)"', page) == ["part-1", "part-2", "part-3"]
    assert "<nav" not in feedback_page("anna", entries[:1])


def test_nothing_stands_between_the_beginning_and_the_search_that_a_keyboard_must_step_through():
    wrong = [exercise(misconceptions=[f"MaxPool2d.{name}"]) for name in ("starts-at-zero", "gradient-to-all-maxima")]
    page = report_page(results(*(entry(f"s{n}", [wrong[n % 2]]) for n in range(40))))
    before = page[: page.index('<input type="search"')]
    assert "<summary" not in before
    assert before.count("tabindex") <= 3  # the misconceptions and a lesson's table, which scroll


@pytest.mark.parametrize("make", [lambda: report_page(results(entry())), lambda: feedback_page("anna", [entry()])])
def test_a_page_has_one_main_part_with_its_heading(make):
    page = make()
    assert page.count("<main>") == page.count("</main>") == 1
    assert page.index("<main>") < page.index("<h1>") < page.index("</main>")
