"""The overflow explorer without a browser: exponentials outside the range of floats, and the sentence on them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import overflow_explorer
from ncl_course.viz.linear.overflow_explorer import FLOATS, OverflowExplorer, draw_powers, draw_quotients
from tests.viz.inside import words_that_leave

RIGHT = "0.665; 0.245; 0.09"


@pytest.fixture
def explorer() -> OverflowExplorer:
    return overflow_explorer()


def quotients(explorer: OverflowExplorer) -> tuple[list[str], list[str]]:
    """Return the quotients above, without the trick, and below, with it."""
    words = [said.get_text() for said in explorer.table.texts]
    return words[:3], words[3:]


def test_it_opens_where_both_ways_agree(explorer: OverflowExplorer) -> None:
    assert explorer.picture.alt == f"c = 0: both ways give {RIGHT}. The largest exponential is 2.7."
    assert quotients(explorer) == (["0.665", "0.245", "0.090"],) * 2


@pytest.mark.parametrize(
    ("precision", "shift", "words"),
    [
        ("float64", 708, "both ways give"),
        ("float64", 709, "becomes ∞, and ∞ / ∞ is NaN"),
        ("float64", 1000, "becomes ∞, and ∞ / ∞ is NaN"),
        ("float64", -740, "both ways give"),
        ("float64", -746, "no NaN, and yet the quotients are wrong: 1; 0; 0"),
        ("float64", -747, "become 0, and 0 / 0 is NaN"),
        ("float32", 87, "both ways give"),
        ("float32", 88, "becomes ∞, and ∞ / ∞ is NaN"),
        ("float32", -103, "no NaN, and yet the quotients are wrong: 0.8; 0.2; 0."),
        ("float32", -104, "no NaN, and yet"),
        ("float32", -105, "become 0, and 0 / 0 is NaN"),
    ],
)
def test_the_naive_way_fails_where_the_lesson_says_and_the_trick_never(
    explorer: OverflowExplorer, precision: str, shift: int, words: str
) -> None:
    before = explorer.image.value
    explorer.precision.value, explorer.shift.value = precision, shift
    assert explorer.image.value != before
    assert words in explorer.picture.alt
    assert RIGHT in explorer.picture.alt
    above, below = quotients(explorer)
    assert ("NaN" in above) == ("NaN" in words and "no NaN" not in words)
    assert below == ["0.665", "0.245", "0.090"]


def test_the_shaded_ends_of_the_scale_are_those_of_the_type() -> None:
    for precision, (low, high) in FLOATS.items():
        info = np.finfo(precision)
        assert high == pytest.approx(np.log10(float(info.max)), abs=0.01)
        assert low == pytest.approx(np.log10(float(info.smallest_subnormal)), abs=0.1)


def test_what_does_not_fit_is_a_cross_and_the_classes_stand_below_one_another() -> None:
    drawn = draw_powers(np.array([40.0, 38.0, -50.0]), 1, "float32", Figure().subplots())
    assert [one.get_marker() for one in drawn] == ["X", "o", "X"]  # type: ignore[attr-defined]
    assert [one.get_ydata()[0] for one in drawn] == [1.25, 1, 0.75]  # type: ignore[attr-defined]


def test_a_quotient_that_is_no_number_is_written_as_nan() -> None:
    said = draw_quotients(np.array([np.nan, 0.0]), 0, Figure().subplots())
    assert [one.get_text() for one in said] == ["NaN", "0.000"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("precision", FLOATS)
@pytest.mark.parametrize("shift", [-1000, 1000])
def test_no_word_leaves_the_page(precision: str, shift: int, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = overflow_explorer()
    explorer.precision.value, explorer.shift.value = precision, shift
    assert any("а" <= letter <= "я" for letter in explorer.picture.alt) == (lang == "ru")
    assert words_that_leave(explorer.picture) == []
