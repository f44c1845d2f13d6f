"""Statements that were once wrong in a lesson do not come back, and each trial says with how many seeds it was made."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from matplotlib.figure import Figure

from ncl_course.authoring.source import read
from ncl_course.exercises import LESSONS
from ncl_course.language import LANGUAGES, messages
from ncl_course.viz.linear.network import draw_template

ROOT = Path(__file__).parents[2] / "lessons"
WRONG = {
    r"soft (version of the )?maximum|мягк\w+ (вариант )?максимум": "softmax is a soft arg max",
    r"every (number|value)[^.]*through your|кажд\w+ числ\w+[^.]*через ваш": "convolution and optimiser are given",
    r"paper[^.]*\b15 times|стать[^.]*в 15 раз": "the paper's abstract says 14 times",
    r"\bp times (smaller|less)|в p раз меньше": "it is multiplied by p",
    r"has most of the parameters|больш\w+ част\w+ параметров": "FC layers can have 8 % of the parameters",
}
SAID_ABOUT_RUNS = {"en": r"seed|\bruns?\b", "ru": r"зерн|запуск"}
TRIALS = {
    "01_pooling": ["pool-trial-picture"],
    "04_dropout": ["overfitting", "narrow"],
    "05_normalization": [
        *("drift", "input-trial", "learning-rates", "starts", "depths", "dropout", "norm-after"),
        *("small-batches-picture", "ws-gain"),
    ],
    "06_train_cnn": ["claims-picture", "gap-picture"],
}
TEMPLATE = ["INPUT", "CONV", "RELU", "POOL?", "FC", "RELU", "Softmax"]


@cache
def source(lesson):
    return read(ROOT / f"{lesson}.py")


def cells(lesson, lang):
    return source(lesson).in_language(lang)


def words(lesson, lang, name):
    (cell,) = (cell for cell in cells(lesson, lang) if cell.id == name)
    return cell.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_statement_does_not_come_back(wrong, lang):
    said = [cell.text for lesson in LESSONS for cell in cells(lesson, lang) if cell.kind == "markdown"]
    said += [repr(messages(lang)[room]) for room in ("pooling", "activations", "linear", "dropout", "training")]
    assert not [one for one in said if re.search(wrong, one)], WRONG[wrong]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lectures_template_is_the_picture_and_has_no_batch_normalization_or_dropout(lang):
    ax = Figure().subplots()
    draw_template(ax)
    drawn = [one.get_text() for one in ax.texts if not one.get_text().startswith("×")]
    assert drawn == TEMPLATE
    assert re.findall(r"[A-Z]{2,}\??|Softmax", words("06_train_cnn", lang, "template").split("`")[-2]) == TEMPLATE


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lesson_05_says_what_else_the_papers_rows_changed(lang):
    said = words("05_normalization", lang, "claims-table")
    for change in {
        "en": ("14 times", "dropout", "L2", "decay", "shuffled", "distorted"),
        "ru": ("14 раз", "дропаут", "L2", "убывание", "перемешивали", "искажали"),
    }[lang]:
        assert change in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_title_of_lesson_06_names_what_is_given(lang):
    for name in ("title", "end"):
        assert re.search(
            {"en": "convolution[^.]*given|given[^.]*convolution", "ru": "дан[^.]*свёртк|свёртк[^.]*дан"}[lang],
            words("06_train_cnn", lang, name),
        )


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("lesson", TRIALS)
def test_a_trial_says_with_how_many_runs_it_was_made(lesson, lang):
    """Its section says so, from its heading to the first cell of text after the picture."""
    all_cells = cells(lesson, lang)
    for name in TRIALS[lesson]:
        place = next(number for number, cell in enumerate(all_cells) if cell.id == name)
        after = next(number for number in range(place, len(all_cells)) if all_cells[number].kind == "markdown")
        heads = [number for number in range(place) if re.search("^##", all_cells[number].text, re.MULTILINE)]
        said = " ".join(cell.text for cell in all_cells[heads[-1] : after + 1] if cell.kind == "markdown")
        assert re.search(SAID_ABOUT_RUNS[lang], said), name
