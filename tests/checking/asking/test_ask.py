"""A question: read, locked, kept in the saved notebook, found there again, and shown as text where nothing runs."""

from __future__ import annotations

import json

import pytest

import ncl_course
from ncl_course.checking.asking import ask as asking
from ncl_course.checking.asking import view
from ncl_course.checking.asking.answer import Answer, answers_in, number_in, read, saved_answers
from ncl_course.checking.asking.form import Form
from ncl_course.checking.course_map import standings
from ncl_course.checking.display import ANSWER_MIME
from ncl_course.checking.map_view import map_html, map_plain
from ncl_course.errors import UnknownExerciseError
from ncl_course.exercises import question
from ncl_course.exercises.asked import Question
from ncl_course.language import LANGUAGES, language
from ncl_course.submission.namespace import definitions
from ncl_course.submission.notebook import read_notebook

ROWS = question("pooling.rows-left")
WORDS = Question("pooling.rows-left", {"right": (1, 2.5), "rounded-up": 3, "every-position": 4})


@pytest.fixture(autouse=True)
def session(monkeypatch, tmp_path):
    """Begin a session of its own in an empty folder."""
    monkeypatch.setattr(asking, "_given", {})
    monkeypatch.setattr(asking, "_read", [])
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    language("en")


def notebook(*records):
    """Return a notebook of lesson 01 whose cells' outputs hold these records."""
    cells = [
        {"cell_type": "code", "source": "", "metadata": {}, "execution_count": None,
         "outputs": [{"output_type": "display_data", "data": {ANSWER_MIME: record}, "metadata": {}}]}
        for record in records
    ]  # fmt: skip
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


@pytest.mark.parametrize(
    ("words", "number"),
    [("2", 2), ("3,75", 3.75), (" −0.5 ", -0.5), ("9/4", 2.25), ("-3/4", -0.75), ("1 000", 1000)],
)
def test_a_number_is_read_as_people_write_it(words, number):
    assert number_in(words) == number


@pytest.mark.parametrize("words", ["", "two", "1/0", "nan", "inf", "1e999999999", "9" * 60, "0x10", "1;2"])
def test_what_is_no_number_is_not_read_as_one(words):
    assert number_in(words) is None


def test_a_choice_is_read_by_its_letter_in_either_alphabet():
    names = [*WORDS.order]
    assert [read(WORDS, letter).given for letter in ("a", "б", "C)")] == names
    assert read(WORDS, "d") is None
    assert read(WORDS, "") is None


@pytest.mark.parametrize(
    ("given", "right"), [("2", True), ("2.0001", True), ("2.1", False), ("3", False), ("-2", False)]
)
def test_an_answer_is_right_up_to_rounding(given, right):
    assert read(ROWS, given).is_right is right


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_answer_is_explained_by_its_own_sentence_and_then_by_the_right_one(capsys, lang):
    language(lang)
    ncl_course.ask("pooling.rows-left", 3)
    said = capsys.readouterr().out
    assert view.sentence(ROWS, "why.rounded-up") in said
    assert view.sentence(ROWS, "why.every-position") not in said
    assert said.index(view.sentence(ROWS, "why.rounded-up")) < said.index(view.sentence(ROWS, "why.right"))
    assert "✘" in said


def test_a_number_that_no_known_mistake_gives_is_explained_in_general(capsys):
    ncl_course.ask("pooling.rows-left", 17)
    said = capsys.readouterr().out
    assert "None of the usual mistakes leads to it" in said
    assert "The right answer: 2." in said


def test_an_answer_is_locked_and_a_second_one_changes_nothing(capsys):
    ncl_course.ask("pooling.rows-left", 3)
    capsys.readouterr()
    ncl_course.ask("pooling.rows-left", 2)
    assert "Your answer was 3" in capsys.readouterr().out


def test_without_widgets_a_question_is_text_that_says_how_to_answer_and_keeps_the_answer_to_itself(capsys):
    ncl_course.ask("pooling.rows-left")
    said = capsys.readouterr().out
    assert 'run ask("pooling.rows-left", 12)' in said
    assert view.sentence(ROWS, "why.right") not in said


@pytest.mark.parametrize("given", ["many", "nan"])
def test_words_that_are_no_answer_are_refused_and_lock_nothing(given, capsys):
    with pytest.raises(UnknownExerciseError, match="is not an answer to this question"):
        ncl_course.ask("pooling.rows-left", given)
    ncl_course.ask("pooling.rows-left")
    assert "Your answer" not in capsys.readouterr().out


def test_an_unknown_question_is_an_error_that_names_it():
    with pytest.raises(UnknownExerciseError, match=r"There is no question 'pooling\.nonsense'"):
        ncl_course.ask("pooling.nonsense")


def test_the_form_locks_once_and_only_with_an_answer():
    given = []
    form = Form(ROWS, given.append)
    assert form.lock.disabled
    form.field.value = "many"
    form.lock.click()
    assert (given, "not a number" in form.said.value) == ([], True)
    form.field.value = "3"
    form.lock.click()
    assert given == [Answer(ROWS, 3.0)]
    assert form.field.disabled
    assert form.lock.disabled


def test_the_form_offers_the_choices_with_nothing_chosen():
    given = []
    form = Form(WORDS, given.append)
    assert form.field.value is None
    assert [letter for _, letter in form.field.options] == ["a", "b", "c"]
    form.field.value = "b"
    form.lock.click()
    assert [one.given for one in given] == [WORDS.order[1]]


def test_the_record_in_a_saved_notebook_is_read_back(tmp_path, capsys):
    (tmp_path / "01_pooling.ipynb").write_bytes(notebook(Answer(ROWS, 3.0).record()))
    assert saved_answers(tmp_path) == {"pooling.rows-left": Answer(ROWS, 3.0)}
    ncl_course.ask("pooling.rows-left")
    assert "Your answer was 3" in capsys.readouterr().out


def test_the_notebook_that_is_running_is_the_one_that_is_read(tmp_path, monkeypatch):
    (tmp_path / "01_pooling.ipynb").write_bytes(notebook(Answer(ROWS, 3.0).record()))
    mine = tmp_path / "mine.ipynb"
    mine.write_bytes(notebook(Answer(ROWS, 4.0).record()))
    monkeypatch.setenv("JPY_SESSION_NAME", str(mine))
    assert saved_answers(tmp_path) == {"pooling.rows-left": Answer(ROWS, 4.0)}


def test_records_that_were_edited_into_something_else_are_ignored():
    edited = [
        {"question": "pooling.rows-left", "given": "nonsense"},
        {"question": "pooling.rows-left", "given": float("inf")},
        {"question": "pooling.nonsense", "given": 2},
        {"question": ["pooling.rows-left"], "given": 2},
        {"question": "pooling.rows-left", "given": {"a": 1}},
        {},
    ]
    assert answers_in(notebook(*edited)) == {}


def test_the_record_does_not_decide_what_is_right(tmp_path):
    record = Answer(ROWS, 3.0).record() | {"right": True}
    (tmp_path / "01_pooling.ipynb").write_bytes(notebook(record))
    assert (standings(tmp_path)[0].asked, standings(tmp_path)[0].right) == (1, 0)


def test_the_course_map_counts_the_questions_of_a_saved_notebook(tmp_path):
    (tmp_path / "01_pooling.ipynb").write_bytes(notebook(Answer(ROWS, 2.0).record()))
    lessons = standings(tmp_path)
    total = lessons[0].questions
    assert (lessons[0].asked, lessons[0].right) == (1, 1)
    assert f"Questions answered: 1 of {total}; right at once: 1" in map_html(lessons)
    assert f"Questions answered: 1 of {total}; right at once: 1" in map_plain(lessons)


def test_a_sentence_cannot_inject_html_and_its_code_is_code():
    assert view.marked_up("`a < b` & <b>") == "<code>a &lt; b</code> &amp; &lt;b&gt;"


def test_ncl_course_check_passes_questions_over(tmp_path, capsys):
    source = 'from ncl_course import ask\nask("pooling.rows-left")\nask("pooling.rows-left", 2)\nx = 1'
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}]
    path = tmp_path / "01_pooling.ipynb"
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
    made = definitions(read_notebook(path))
    assert made.troubles == {}
    assert made.names["x"] == 1
    assert capsys.readouterr().out == ""
