"""Many equal copies are one group on a small page, and earlier years are compared without one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.reports.similar import ROWS, similar_csv, similar_page
from ncl_course.grading.similar import pairs as module
from ncl_course.grading.similar.clusters import MOST_NAMES, clusters
from ncl_course.grading.similar.pairs import Pair, Solution, find_alike
from ncl_course.grading.similar.verb import MOST_LINES, lines
from ncl_course.language import LANGUAGES, language
from tests.grading.conftest import write_notebook
from tests.grading.similar.test_pairs import HONEST, SKELETONS
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE


def solution(student, earlier=""):
    """Return a solution without fingerprints."""
    return Solution(student, "01_pooling", f"{student}/01_pooling.ipynb", "code", None, earlier)


def pair(first, second, likeness):
    """Return a pair of that similarity."""
    return Pair(first, second, (likeness, likeness), ((), ()))


def test_solutions_that_share_code_through_others_are_one_group():
    a, b, c, d, e, f = map(solution, "abcdef")
    found = clusters([pair(a, b, 0.6), pair(d, e, 0.99), pair(b, c, 0.9), pair(e, f, 0.7), pair(c, a, 0.5)])
    assert [(one.students, one.pairs, one.least, one.best.likeness) for one in found] == [
        (("d", "e", "f"), 2, 0.7, 0.99),
        (("a", "b", "c"), 3, 0.5, 0.9),
    ]
    assert clusters([]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_hundred_equal_solutions_are_one_group_on_a_page_with_a_cap_and_are_compared_once(
    tmp_path: Path, monkeypatch, lang
):
    language(lang)
    for number in range(60):
        write_notebook(tmp_path / f"s{number:02}" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    write_notebook(tmp_path / "honest" / "01_pooling.ipynb", SETUP, HONEST)
    calls = []
    whole = module.compared
    monkeypatch.setattr(module, "usual", lambda solutions: 0.0)
    monkeypatch.setattr(module, "compared", lambda *two: calls.append(two) or whole(*two))
    found, left_out = find_alike(collect([tmp_path]), SKELETONS, 0.5)
    (group,) = clusters(found[0].pairs)
    page = similar_page(found, left_out, 0.5)
    assert f" {60 * 59 // 2 - MOST_LINES} " in lines(found[0])[-1].replace(":", " ").replace(";", " ")
    assert (len(group.students), group.pairs, group.least) == (60, 60 * 59 // 2, 1.0)
    assert len(calls) <= 3
    assert len(group.shown) + group.further == 60
    assert page.count("<tr>") <= ROWS + 10
    assert page.count("<details") == 1
    assert len(page) < 200_000
    assert f"… +{60 - MOST_NAMES}" in page
    assert similar_csv(found).count("\r\n") == 1 + group.pairs, "the table has every pair"


def test_this_years_solutions_are_compared_with_earlier_ones_and_these_not_with_one_another(tmp_path: Path):
    for year, names in {"2024": ("old", "older"), "2026": ("new",)}.items():
        for name in names:
            write_notebook(tmp_path / year / name / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    earlier = {"2024": collect([tmp_path / "2024"])}
    (lesson,), _ = find_alike(collect([tmp_path / "2026"]), SKELETONS, 0.5, earlier)
    assert {(one.first.label, one.second.label) for one in lesson.pairs} == {
        ("new", "old [2024]"),
        ("new", "older [2024]"),
    }
    assert lesson.solutions == 1
    assert "old [2024]" in similar_csv([lesson])
