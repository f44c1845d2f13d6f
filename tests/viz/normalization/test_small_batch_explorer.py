"""The explorer of small batches: the scatter of their means, and of one pixel's output."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.experiments.by_torch.batch_noise import noise
from ncl_course.viz import small_batch_explorer
from ncl_course.viz.normalization.small_batch_explorer import ROOM, SIDES, SIZES, SmallBatchExplorer
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> SmallBatchExplorer:
    return small_batch_explorer()


def test_it_opens_at_two_samples(explorer: SmallBatchExplorer) -> None:
    seen = noise(2, 2)
    said = sentence(explorer)
    assert said.startswith("Batches of 2 samples, maps of 2 × 2: each mean averages 8 numbers.")
    assert f"standard deviation of {seen.means.std():.3g}." in said
    assert f"from {seen.outputs.min():.2g} to" in said


def test_the_dots_are_the_batches_and_the_line_is_what_all_digits_give(explorer: SmallBatchExplorer) -> None:
    explorer.size.value, explorer.side.value = 8, 4
    seen = noise(8, 4)
    for name, values, whole in (("means", seen.means, seen.mean), ("outputs", seen.outputs, seen.tested)):
        dots, line = explorer.axes[name].lines
        assert np.array_equal(dots.get_ydata(), values)
        assert list(line.get_ydata()) == [whole, whole]


@pytest.mark.parametrize(("control", "value"), [("size", 128), ("side", 1)])
def test_moving_a_slider_changes_picture_and_sentence(explorer: SmallBatchExplorer, control: str, value: int) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("size", SIZES)
def test_every_dot_is_in_sight(size: int, side: int) -> None:
    seen = noise(size, side)
    for name, values in (("means", seen.means), ("outputs", seen.outputs)):
        assert ROOM[name][0] <= values.min()
        assert values.max() <= ROOM[name][1]


def test_a_frame_leaves_nothing_of_the_one_before(explorer: SmallBatchExplorer) -> None:
    explorer.size.value = 32
    explorer.size.value = 2
    assert same_picture(explorer, small_batch_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_stand_inside(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = small_batch_explorer()
    assert ("Примеров в пакете 2, карты 2 × 2" in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
