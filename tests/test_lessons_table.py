"""The lessons tell their own length as it is computed, and the lecture's statements are taught in cells that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ncl_course.authoring.source import read
from ncl_course.exercises import LESSONS
from scripts.lessons_table import count, measure, rounded, sections, share, statements, table

ROOT = Path(__file__).parents[1]
TIMED = ("02_activations", "05_normalization")
MOST_WORDS = 250
FOLDED = re.compile(r"<details><summary>(?P<name>.*?)</summary>")
HELP = re.compile("Hint|Подсказка|CIFAR-10|in the terminal|в терминале|Starting a notebook|Начать тетрадь")
"""Names of folds that help; an answer is never folded: the reader asks for it with ``ask``."""


def lesson(name):
    return read(ROOT / "lessons" / f"{name}.py")


@pytest.mark.parametrize("name", TIMED)
def test_a_section_of_a_long_lesson_tells_how_long_it_takes(name):
    for headings, minutes in sections(lesson(name)):
        told = [re.findall(r"\*(?:About|Около) (\d+)", headings[lang]) for lang in ("en", "ru")]
        assert told == ([[str(rounded(minutes))]] * 2 if minutes >= 2.5 else [[], []]), headings["en"]


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_map_tells_how_many_hours_a_lesson_takes(lang):
    (cell,) = (cell for cell in lesson("00_start").cells if cell.id == "before" and cell.lang == lang)
    (told_here,) = (part for part in cell.text.split("\n\n") if re.search("How long it takes|Сколько это займёт", part))
    told = re.findall(r"(?:lesson|занятие)\s+\d\D*(\d(?:[.,]5)?)", told_here)
    hours = [round(measure(lesson(name), "en").minutes / 30) / 2 for name in LESSONS]
    assert [float(one.replace(",", ".")) for one in told] == hours


@pytest.mark.parametrize("name", LESSONS)
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_no_stretch_of_a_lesson_is_long_without_something_to_do_or_to_look_at(name, lang):
    assert max(measure(lesson(name), lang).stretches) <= MOST_WORDS


@pytest.mark.parametrize("path", sorted((ROOT / "lessons").glob("*.py")), ids=lambda path: path.stem)
def test_a_fold_holds_a_hint_and_never_the_answer_to_a_question(path):
    names = [found["name"] for found in FOLDED.finditer(path.read_text(encoding="utf-8"))]
    assert not [name for name in names if not HELP.search(name)]


def test_each_lesson_ends_with_three_questions_that_mix_it_with_earlier_ones():
    for name in LESSONS:
        cells = [cell for cell in lesson(name).in_language("en") if cell.role != "given"]
        last = [cell.role == "question" for cell in cells if cell.id != "built"][-4:]
        assert last == [True, True, True, False], name


def test_folded_text_is_not_counted_and_a_formula_is_one_word():
    assert count("two words\n<details>many more words here</details>\n$a + b = c$") == 3


def test_the_table_has_a_row_for_each_lesson():
    rows = table(ROOT / "lessons").splitlines()[2:]
    assert [row.split(" | ")[0].strip("| ") for row in rows] == [*LESSONS]


def test_the_table_of_coverage_has_each_lessons_questions_and_statements():
    written = (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8")
    told = {name: row.split(" | ") for name, row in re.findall(r"^\| (\w+), now \| (.*) \|$", written, re.MULTILINE)}
    taught = statements(written)
    assert {name: (int(row[0]), f"{row[-1]} to do") for name, row in told.items()} == {
        name: (measure(lesson(name), "en").questions, share(name, taught)) for name in LESSONS
    }, "after a change, copy the table of python -m scripts.lessons_table into docs/coverage.md"


def ways_of(cell):
    """Return how a cell teaches: with text, with a picture, with something to do; a code cell may do two of them."""
    if cell.kind == "markdown":
        return {"text"}
    acted_on = cell.role in {"question", "own"} or cell.check or "_explorer(" in cell.text
    return ({"picture"} if cell.role == "picture" else set()) | ({"do"} if acted_on else set())


def test_every_statement_of_the_lecture_is_taught_by_text_picture_and_something_to_do():
    """And the table names the cells that do it."""
    told = statements((ROOT / "docs" / "coverage.md").read_text(encoding="utf-8"))
    cells = {(path.stem, cell.id): cell for path in (ROOT / "lessons").glob("*.py") for cell in read(path).cells}
    assert [one.number for one in told] == [*range(1, len(told) + 1)]
    assert len(told) >= 75
    assert not [(one.number, place) for one in told for place in one.places if place not in cells]
    for one in told:
        assert one.ways - {"trial"} == {"text", "picture", "do"}, one.number
        seen = set().union(*(ways_of(cells[place]) for place in one.places))
        assert seen == {"text", "picture", "do"}, (one.number, one.words)


def test_a_picture_alone_is_nothing_to_do():
    cells = {cell.id: ways_of(cell) for cell in lesson("03_linear_softmax").in_language("en")}
    assert (cells["count-picture"], cells["ask-field"]) == ({"picture"}, {"do"})
    assert cells["template-explorer"] == {"picture", "do"}
    assert cells["sigmoid-numbers"] == set()
