"""The explorer of the expectation: means over the first masks, of both kinds, and their limits."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.viz import expectation_explorer
from ncl_course.viz.dropout.expectation_explorer import COUNTS, KINDS, ExpectationExplorer, outputs_of
from tests.viz.explored import same_picture, sentence, stands_inside

X = (4.0, 2.0, -1.0)


@pytest.fixture
def explorer() -> ExpectationExplorer:
    return expectation_explorer(X)


def lines(explorer: ExpectationExplorer, kind: str) -> list[np.ndarray]:
    """Return the heights of the solid lines of one kind, neuron by neuron."""
    return [np.asarray(line.get_ydata()) for line in explorer.axes[kind].lines if line.get_linestyle() == "-"]


def dotted(explorer: ExpectationExplorer, kind: str) -> list[float]:
    return [line.get_ydata()[0] for line in explorer.axes[kind].lines if line.get_linestyle() == ":"]


def test_the_slider_goes_from_one_mask_to_a_thousand_in_even_steps_of_its_logarithm(
    explorer: ExpectationExplorer,
) -> None:
    assert [value for _, value in explorer.count.options] == list(COUNTS)
    assert (COUNTS[0], COUNTS[-1]) == (1, 1000)
    assert np.diff(np.log(COUNTS)).max() < 0.75


def test_one_mask_alone_gives_the_neuron_or_nothing(explorer: ExpectationExplorer) -> None:
    explorer.count.value = 1
    first = [float(values[0]) for values in lines(explorer, "classic")]
    assert all(value in (0, x) for value, x in zip(first, X, strict=True))
    assert all(len(values) == 1 for values in lines(explorer, "classic"))
    assert sentence(explorer).startswith("Masks averaged over: 1, p = 0.8. Classic: ")


def test_each_line_is_the_mean_of_the_draws_so_far(explorer: ExpectationExplorer) -> None:
    explorer.count.value = 10
    outputs, _ = outputs_of("inverted", X, 0.8, 3)
    for neuron, values in enumerate(lines(explorer, "inverted")):
        assert values == pytest.approx([outputs[:n, neuron].mean() for n in range(1, 11)])


@pytest.mark.parametrize("keep_prob", [0.3, 0.8, 1.0])
def test_a_thousand_masks_settle_at_px_and_at_x(explorer: ExpectationExplorer, keep_prob: float) -> None:
    explorer.keep_prob.value = keep_prob
    for kind, factor in (("classic", keep_prob), ("inverted", 1.0)):
        assert dotted(explorer, kind) == pytest.approx([factor * x for x in X])
        ends = [values[-1] for values in lines(explorer, kind)]
        assert ends == pytest.approx([factor * x for x in X], rel=0.15)


def test_both_kinds_take_the_same_masks() -> None:
    classic, inverted = (outputs_of(kind, X, 0.4, 3)[0] for kind in KINDS)
    assert classic == pytest.approx(inverted * 0.4)


def test_the_sentence_tells_means_and_expectations(explorer: ExpectationExplorer) -> None:
    explorer.keep_prob.value = 1.0
    assert sentence(explorer) == (
        "Masks averaged over: 1000, p = 1. Classic: 4; 2; −1; expected: 4; 2; −1. "
        "Inverted: 4; 2; −1; expected: 4; 2; −1."
    )


@pytest.mark.parametrize(("control", "value"), [("count", 20), ("keep_prob", 0.3)])
def test_moving_a_slider_changes_picture_and_sentence(
    explorer: ExpectationExplorer, control: str, value: float
) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_both_sides_have_the_same_scale_at_every_p(explorer: ExpectationExplorer) -> None:
    before = explorer.axes["classic"].get_ylim()
    explorer.keep_prob.value = 0.1
    assert explorer.axes["inverted"].get_ylim() == explorer.axes["classic"].get_ylim() == before
    assert before[0] < min(X) < max(X) < before[1]


def test_a_frame_leaves_nothing_of_the_one_before(explorer: ExpectationExplorer) -> None:
    explorer.count.value = 5
    explorer.count.value = 1000
    assert same_picture(explorer, expectation_explorer(X))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_stand_inside(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = expectation_explorer(X)
    assert ("а матожидания — 3,2; 1,6; −0,8." in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
