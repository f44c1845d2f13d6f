"""The maxout explorer: the larger of two lines equals the oracle's, and the sentence says its name and its kink."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ncl_course.oracles.activations.right import Maxout
from ncl_course.viz import maxout_explorer
from ncl_course.viz.activations.maxout_explorer import (
    COLOURS,
    REACH,
    Line,
    MaxoutExplorer,
    draw_maxout,
    draw_slopes,
    in_force,
    kink,
    line_in_words,
    maxout_in_words,
)
from tests.viz.explored import same_picture, sentence, stands_inside

Lines = tuple[Line, Line]

CASES: list[Lines] = [
    ((-1, -0.5), (0.5, 1)),
    ((1.25, 2), (-2, -1)),
    ((0, 0), (1, 0)),
    ((2, 2), (1.75, -2)),
    ((-2, 2), (-1.75, -2)),
    ((0.5, -1), (0.5, 1)),
    ((0.5, 1), (0.5, 1)),
]
"""Kinks on the left, in the middle, on the right and outside on both sides, and no kink."""


@pytest.fixture
def explorer() -> MaxoutExplorer:
    return maxout_explorer()


def put(explorer: MaxoutExplorer, lines: Lines) -> MaxoutExplorer:
    for control, value in zip(explorer.controls, np.ravel(lines), strict=True):
        control.value = value
    return explorer


def axes() -> Axes:
    ax: Axes = Figure().subplots()
    return ax


@pytest.mark.parametrize("lines", CASES)
def test_what_is_drawn_thick_is_the_oracles_maxout_and_its_slope(lines: Lines) -> None:
    oracle = Maxout(1, 1, 2)
    oracle.params["weight"][:, 0, 0], oracle.params["bias"][:, 0] = np.transpose(lines)
    for value, slope in zip(draw_maxout(lines, axes()), draw_slopes(lines, axes()), strict=True):
        start, end = np.asarray(value.get_xdata(), dtype=float)
        x = np.linspace(start, end, 7)[1:-1, None]
        right = oracle.forward(x).ravel()
        assert np.interp(x.ravel(), [start, end], np.asarray(value.get_ydata(), float)) == pytest.approx(right)
        assert list(slope.get_xdata()) == [start, end]
        assert oracle.backward(np.ones_like(x)).ravel() == pytest.approx(slope.get_ydata()[0])
        assert value.get_color() == slope.get_color()


@pytest.mark.parametrize("lines", CASES)
def test_its_parts_cover_the_picture_without_a_gap_and_the_slope_never_falls(lines: Lines) -> None:
    parts = in_force(lines)
    assert (parts[0][1], parts[-1][2]) == (-REACH, REACH)
    assert all(one[2] == other[1] and one[0] != other[0] for one, other in pairwise(parts))
    slopes = [lines[n][0] for n, *_ in parts]
    assert slopes == sorted(slopes)


def test_each_part_has_the_colour_of_its_line_and_the_kink_a_dot() -> None:
    ax = axes()
    left, right = draw_maxout(((1, 1), (-1, -1)), ax)
    assert (left.get_color(), right.get_color()) == (COLOURS[1], COLOURS[0])
    dot = ax.lines[-1]
    assert [dot.get_xdata()[0], dot.get_ydata()[0]] == [-1, 0]
    assert dot.get_marker() == "o"
    dotted = {line.get_color(): list(line.get_ydata()) for line in ax.lines if line.get_linestyle() == ":"}
    assert dotted == {COLOURS[0]: [-3, 5], COLOURS[1]: [3, -5]}


def test_parallel_lines_have_neither_kink_nor_jump() -> None:
    for lines in CASES[-2:]:
        assert kink(lines) is None
        values, slopes = axes(), axes()
        assert len(draw_maxout(lines, values)) == len(draw_slopes(lines, slopes)) == 1
        assert len(values.lines) == 3
        assert len(slopes.lines) == 1
    assert in_force(((0.5, -1), (0.5, 1))) == [(1, -REACH, REACH)]


def test_it_opens_with_an_uneven_v_and_says_where_it_bends(explorer: MaxoutExplorer) -> None:
    assert sentence(explorer) == (
        "max(−x − 0.5, 0.5x + 1): the kink is at x = −1. The slope is −1 left of it and 0.5 right of it: it only "
        "grows, the curve is convex."
    )


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (((0, 0), (1, 0)), "This is ReLU."),
        (((-1, 0), (1, 0)), "This is |x|."),
        (((0.25, 0), (1, 0)), "This is a leaky ReLU with α = 0.25."),
        (((0.75, 0), (1, 0)), "This is a leaky ReLU with α = 0.75."),
        (((1, 0), (1, -1)), "This is the identity, y = x."),
        (((1, 0), (1, 0)), "This is the identity, y = x."),
    ],
)
def test_what_is_known_is_called_by_its_name_in_either_order(lines: Lines, said: str) -> None:
    for pair in (lines, lines[::-1]):
        assert maxout_in_words(pair).endswith(f" {said}")


@pytest.mark.parametrize(
    "lines",
    [
        ((0, 1), (1, 1)),
        ((0, 0), (1, -1)),
        ((0, 0), (2, 0)),
        ((0, 0), (-1, 0)),
        ((0.25, 1), (1, 0)),
        ((-0.5, 0), (1, 0)),
        ((1, 0), (2, 0)),
        ((1, 1), (1, 0)),
    ],
)
def test_what_only_looks_like_them_is_not(lines: Lines) -> None:
    for pair in (lines, lines[::-1]):
        assert "This is" not in maxout_in_words(pair)


def test_a_kink_outside_and_none_at_all_are_said() -> None:
    assert maxout_in_words(((2, 2), (1.75, -2))) == (
        "max(2x + 2, 1.75x − 2): the kink is at x = −16 and y = −30, outside the picture. The slope is 1.75 left "
        "of it and 2 right of it: it only grows, the curve is convex."
    )
    assert maxout_in_words(((0.5, -1), (0.5, 1))) == (
        "max(0.5x − 1, 0.5x + 1): the lines are parallel, there is no kink. The upper one, 0.5x + 1, is the larger "
        "everywhere: a straight line with slope 0.5."
    )
    assert maxout_in_words(((0, -1), (0, -1))) == (
        "max(−1, −1): the lines are the same, there is no kink. What is left is a straight line with slope 0."
    )
    assert "the kink is at x = 4. " in maxout_in_words(((0, 2), (0.5, 0)))
    assert "the kink is at x = 2 and y = 5, outside the picture." in maxout_in_words(((2, 1), (1.5, 2)))


def test_a_line_is_written_as_one_writes_it() -> None:
    said = [line_in_words(*line) for line in ((1, 0), (-1, 2), (0, 0), (0, -2), (-1.25, -0.5))]
    assert said == ["x", "−x + 2", "0", "−2", "−1.25x − 0.5"]


@pytest.mark.parametrize("control", ["a1", "b1", "a2", "b2"])
@pytest.mark.parametrize("value", [-2.0, 2.0])
def test_moving_a_slider_changes_picture_and_sentence(explorer: MaxoutExplorer, control: str, value: float) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_a_frame_leaves_nothing_of_the_one_before(explorer: MaxoutExplorer) -> None:
    put(explorer, ((0.5, 1), (0.5, 1)))
    put(explorer, CASES[0])
    assert same_picture(explorer, maxout_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("lines", CASES)
def test_words_are_the_readers_and_stand_inside(lines: Lines, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = put(maxout_explorer(), lines)
    assert explorer.right.get_title() == {"en": "derivative", "ru": "производная"}[lang]
    assert any("а" <= letter <= "я" for letter in sentence(explorer)) == (lang == "ru")
    assert ("0,5" in sentence(explorer)) == (lang == "ru" and 0.5 in np.abs(lines))
    stands_inside(explorer)
