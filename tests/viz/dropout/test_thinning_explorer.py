"""The explorer of thinned nets: each draw repeats, the sliders change it, and the rest of the net is counted."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from ncl_course.viz import thinning_explorer
from ncl_course.viz.dropout.thinning_explorer import DRAWS, ThinningExplorer, connections, layers_kept
from tests.viz.explored import same_picture, sentence, stands_inside


@pytest.fixture
def explorer() -> ThinningExplorer:
    return thinning_explorer()


def test_it_says_how_many_neurons_and_connections_are_left(explorer: ThinningExplorer) -> None:
    kept = layers_kept(1, 0.5, 1)
    first, second = map(sum, kept[1:-1])
    assert sentence(explorer) == (
        f"Draw 1, p = 0.5: {first + second} of 12 hidden neurons are on ({first} + {second}); on average there "
        f"are 6. {4 * first + first * second + 2 * second} of 72 connections are left."
    )


@pytest.mark.parametrize(("control", "value"), [("number", 7), ("keep_prob", 0.9)])
def test_moving_a_slider_changes_picture_and_sentence(explorer: ThinningExplorer, control: str, value: float) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_a_draw_repeats_and_belongs_to_its_seed(explorer: ThinningExplorer) -> None:
    before = explorer.image.value
    explorer.number.value = 2
    explorer.number.value = 1
    assert explorer.image.value == before
    assert thinning_explorer().image.value == before
    assert thinning_explorer(seed=2).image.value != before


def test_the_crosses_are_at_the_neurons_that_are_off_and_no_others(explorer: ThinningExplorer) -> None:
    explorer.number.value = 3
    kept = layers_kept(3, 0.5, 1)
    lines, *crosses = explorer.ax.collections
    assert len(crosses) == 12 - sum(map(sum, kept[1:-1]))
    assert len(lines.get_segments()) == connections(kept)


def test_a_larger_p_only_brings_neurons_back() -> None:
    shares = [0.1 * tenth for tenth in range(1, 11)]
    for number in (1, 2, 3):
        masks = [np.concatenate(layers_kept(number, p, 1)) for p in shares]
        assert all((less <= more).all() for less, more in pairwise(masks))
        assert masks[-1].all()


def test_on_the_average_p_of_the_neurons_are_on_and_inputs_and_outputs_always() -> None:
    draws = [layers_kept(number, 0.7, 1) for number in range(400)]
    assert np.mean([np.concatenate(kept[1:-1]).mean() for kept in draws]) == pytest.approx(0.7, abs=0.02)
    assert all(all(kept[0]) and all(kept[-1]) for kept in draws)


def test_as_many_connections_are_left_as_the_lesson_works_out() -> None:
    counts = [connections(layers_kept(number, 0.5, 1)) for number in range(1000)]
    assert np.mean(counts) == pytest.approx(27, abs=1)


def test_the_sliders_end_where_there_is_nothing_more(explorer: ThinningExplorer) -> None:
    assert (explorer.number.min, explorer.number.max) == (1, DRAWS)
    assert (explorer.play.min, explorer.play.max) == (1, DRAWS)
    assert (explorer.keep_prob.min, explorer.keep_prob.max) == (0.1, 1.0)
    explorer.keep_prob.value = 1.0
    assert "12 of 12 hidden neurons are on (6 + 6); on average there are 12. 72 of 72 connections" in sentence(explorer)


def test_a_frame_leaves_nothing_of_the_one_before(explorer: ThinningExplorer) -> None:
    explorer.keep_prob.value = 0.1
    explorer.keep_prob.value = 0.5
    assert same_picture(explorer, thinning_explorer())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_words_are_the_readers_and_stand_inside(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = thinning_explorer()
    assert explorer.number.description == {"en": "draw number", "ru": "номер маски"}[lang]
    assert ("Маска 1, p = 0,5: включено" in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
