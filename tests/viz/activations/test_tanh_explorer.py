"""The tanh explorer: the sigmoid follows its three numbers, and three of them make it tanh to the last digit."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.oracles.activations.right import Tanh
from ncl_course.viz import tanh_explorer
from ncl_course.viz.activations.curves import X
from ncl_course.viz.activations.tanh_explorer import TanhExplorer, draw_distance, draw_over, formula
from ncl_course.viz.spoken import addend, factor
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> TanhExplorer:
    return tanh_explorer()


def put(explorer: TanhExplorer, k: float, a: float, b: float) -> TanhExplorer:
    explorer.squeeze.value, explorer.stretch.value, explorer.shift.value = k, a, b
    return explorer


def drawn(explorer: TanhExplorer) -> list[np.ndarray]:
    """Return the drawn curve and slopes, and those of tanh behind them."""
    panels = [explorer.left, explorer.right]
    return [np.asarray(ax.lines[n].get_ydata(), dtype=float) for n in (3, 2) for ax in panels]


def test_it_opens_with_the_sigmoid_and_says_how_far_it_is_from_tanh(explorer: TanhExplorer) -> None:
    assert sentence(explorer) == (
        "The curve σ(x) is up to 1.09 away from tanh x for x from −4 to 4. Its slope at 0 is ak/4 = 1·1/4 = 0.25; "
        "that of the sigmoid is 1/4, that of tanh 1."
    )
    value, slope, *_ = drawn(explorer)
    assert value == pytest.approx(1 / (1 + np.exp(-X)))
    assert slope == pytest.approx(value * (1 - value))


@pytest.mark.parametrize("numbers", [(0.5, 3.0, 1.0), (4.0, 0.5, -2.0), (1.75, 2.25, -0.5)])
def test_curve_and_slopes_are_those_of_the_formula(explorer: TanhExplorer, numbers: tuple[float, float, float]) -> None:
    k, a, b = numbers
    value, slope, *_ = drawn(put(explorer, k, a, b))
    assert value == pytest.approx(a / (1 + np.exp(-k * X)) + b)
    assert slope == pytest.approx(np.gradient(value, X), abs=0.02)
    assert slope[len(X) // 2] == pytest.approx(a * k / 4)


def test_the_lectures_numbers_make_it_tanh_as_the_oracle_has_it(explorer: TanhExplorer) -> None:
    put(explorer, 2, 2, -1)
    oracle = Tanh()
    right = oracle.forward(X), oracle.backward(np.ones_like(X))
    for seen in (drawn(explorer)[:2], drawn(explorer)[2:]):
        assert seen[0] == pytest.approx(right[0])
        assert seen[1] == pytest.approx(right[1])
    assert sentence(explorer) == (
        "The curve 2σ(2x) − 1 is tanh x exactly, the distance is 0. Its slope at 0 is ak/4 = 2·2/4 = 1, four times "
        "the sigmoid's 1/4."
    )


def test_no_other_stop_of_the_sliders_beside_it_is_tanh(explorer: TanhExplorer) -> None:
    for control, value in (("squeeze", 2.25), ("stretch", 1.75), ("shift", -0.75)):
        put(explorer, 2, 2, -1)
        getattr(explorer, control).value = value
        assert "is up to" in sentence(explorer)


def test_the_order_of_the_sliders_does_not_matter(explorer: TanhExplorer) -> None:
    put(explorer, 2, 2, -1)
    other = tanh_explorer()
    other.shift.value, other.stretch.value, other.squeeze.value = -1, 2, 2
    assert same_picture(explorer, other)


def test_the_same_slope_at_0_by_squeezing_alone_is_flat_twice_as_near_to_0(explorer: TanhExplorer) -> None:
    _, slope, _, target = drawn(put(explorer, 4, 1, 0))
    middle = len(X) // 2
    near, far = slope[middle : middle + 201], target[middle:]
    assert near[0] == far[0] == 1
    assert near[:100] == pytest.approx(far[:200:2])


def test_the_largest_distance_is_marked_and_returned() -> None:
    ax = Figure().subplots()
    target = np.zeros_like(X)
    y = target.copy()
    y[7] = -0.5
    assert draw_distance(y, target, ax) == 0.5
    assert np.asarray(ax.lines[0].get_xdata()) == pytest.approx([X[7]] * 2)
    assert list(ax.lines[0].get_ydata()) == [-0.5, 0]


def test_the_curve_lies_over_the_pale_target_with_a_dot_at_0() -> None:
    ax = Figure().subplots()
    line, below = draw_over(X + 2, X, "#0072B2", ax)
    assert list(line.get_ydata()) == list(X + 2)
    assert list(below.get_ydata()) == list(X)
    assert ax.lines.index(below) < ax.lines.index(line)
    assert [ax.lines[-1].get_xdata()[0], ax.lines[-1].get_ydata()[0]] == [0, 2]


@pytest.mark.parametrize(("control", "value"), [("squeeze", 1.25), ("stretch", 2.0), ("shift", -0.25)])
def test_moving_a_slider_changes_picture_and_sentence(explorer: TanhExplorer, control: str, value: float) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_formulas_are_written_as_one_writes_them() -> None:
    assert (formula(1, 1, 0), formula(2, 2, -1), formula(0.5, 3, 0.25)) == ("σ(x)", "2σ(2x) − 1", "3σ(0.5x) + 0.25")
    assert [factor(value) for value in (-1, 1, -2, 0.5)] == ["−", "", "−2", "0.5"]
    assert [addend(value) for value in (-1, 0, 1)] == [" − 1", "", " + 1"]


def test_a_frame_leaves_nothing_of_the_one_before(explorer: TanhExplorer) -> None:
    put(explorer, 4, 3, 1)
    put(explorer, 1, 1, 0)
    assert same_picture(explorer, tanh_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("numbers", [(0.5, 0.5, -2.0), (4.0, 3.0, 1.0)])
def test_words_are_the_readers_and_all_is_in_sight(
    lang: str, numbers: tuple[float, float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = put(tanh_explorer(), *numbers)
    assert explorer.right.get_title() == {"en": "derivative", "ru": "производная"}[lang]
    assert ("Её наклон в нуле ak/4 =" in sentence(explorer)) == (lang == "ru")
    assert ("0,0625" in sentence(explorer)) == (lang == "ru" and numbers[0] == 0.5)
    for ax, values in zip((explorer.left, explorer.right), drawn(explorer)[:2], strict=True):
        low, high = ax.get_ylim()
        assert low <= values.min() <= values.max() <= high
    stands_inside(explorer)
