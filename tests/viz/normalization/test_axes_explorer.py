"""The explorer of the averaged axes: the highlighted cells at each stop, the number of means and of their values."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.oracles.layer import to_torch
from ncl_course.oracles.normalization.groupnorm import GroupNorm
from ncl_course.viz import axes_explorer
from ncl_course.viz.normalization.axes_explorer import STOPS, AxesExplorer, C, N, draw_sets
from ncl_course.viz.normalization.groupnorm import SHAPE, averaged_cells
from tests.viz.explored import same_picture, sentence, stands_inside

PLACES = SHAPE[-1]


@pytest.fixture
def explorer() -> AxesExplorer:
    return axes_explorer()


def test_one_slider_stops_at_batch_layer_two_groups_three_groups_and_instance(explorer: AxesExplorer) -> None:
    assert [words for words, _ in explorer.kind.options] == ["BN", "LN=GN(1)", "GN(2)", "GN(3)", "IN=GN(6)"]


@pytest.mark.parametrize(
    ("stop", "count", "size"), [(0, C, N * PLACES), (1, N, C * PLACES), (2, 8, 12), (3, 12, 8), (4, N * C, PLACES)]
)
def test_every_stop_tells_its_means_and_the_values_in_each(
    explorer: AxesExplorer, stop: int, count: int, size: int
) -> None:
    explorer.kind.value = stop
    assert f"{count} means of {size} values each, 96 values in all." in sentence(explorer)
    assert explorer.sets.texts[0].get_text() == f"{count} means of {size} values each"
    (cells,) = explorer.sets.collections
    assert len(cells.get_paths()) == 96
    faces, often = np.unique(cells.get_facecolors(), axis=0, return_counts=True)
    assert sorted(often) == [size, 96 - size]
    assert len(faces) == 2


@pytest.mark.parametrize("stop", range(1, 5))
def test_the_lit_cells_are_those_that_the_oracle_averages(stop: int) -> None:
    _, axes, parts = STOPS[stop]
    x = np.random.default_rng(stop).standard_normal((*SHAPE, 1))
    mean = GroupNorm(parts, C).average(to_torch(x))[0, -1].item()
    assert x[..., 0][averaged_cells(axes, parts)].mean() == pytest.approx(mean)


def test_batch_normalization_alone_needs_the_other_samples(explorer: AxesExplorer) -> None:
    said = []
    for stop in range(5):
        explorer.kind.value = stop
        said.append(sentence(explorer))
    assert [stop for stop, words in enumerate(said) if "depends on the other samples" in words] == [0]
    assert [stop for stop, words in enumerate(said) if "other samples do not matter" in words] == [1, 2, 3, 4]


def test_each_set_is_a_column_as_high_as_it_is_large() -> None:
    cells = draw_sets(3, 5, Figure().subplots())
    corners = np.array([path.vertices[:4] for path in cells.get_paths()])
    assert corners[..., 0].max() == 3
    assert corners[..., 1].max() == 5
    assert len(corners) == 15


def test_moving_the_slider_changes_the_picture_and_leaves_nothing_of_the_one_before(explorer: AxesExplorer) -> None:
    before = explorer.image.value
    explorer.kind.value = 3
    assert explorer.image.value != before
    explorer.kind.value = 0
    assert same_picture(explorer, axes_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("stop", range(5))
def test_words_are_the_readers_and_stand_inside(lang: str, stop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = axes_explorer()
    explorer.kind.value = stop
    assert ("всего чисел 96" in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
