"""The template explorer without a browser: its drawings and its sentence have the numbers of a network of torch."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.text import Text

from ncl_course.viz import template_explorer
from ncl_course.viz.linear.network import colour_of
from ncl_course.viz.linear.template_explorer import (
    MOST,
    TemplateExplorer,
    draw_chain,
    draw_volumes,
    grouped,
    percent,
)
from ncl_course.viz.linear.template_network import blocks_of, network
from tests.viz.explored import same_picture, sentence, stands_inside
from tests.viz.linear.test_template_network import SETTINGS, Setting, real_counts, widest


@pytest.fixture
def explorer() -> TemplateExplorer:
    return template_explorer()


def move(explorer: TemplateExplorer, setting: Setting) -> TemplateExplorer:
    """Set all four controls."""
    controls = (explorer.convs, explorer.blocks, explorer.dense, explorer.pool)
    for control, value in zip(controls, setting, strict=True):
        control.value = value
    return explorer


def all_corners(volumes: PolyCollection) -> list[np.ndarray]:
    """Return the corners of each volume, in inches."""
    return [np.asarray(path.vertices) for path in volumes.get_paths()]


def numbers(words: list[Text]) -> list[int]:
    return [int(word.get_text().replace(",", "")) for word in words]


@pytest.mark.parametrize("setting", SETTINGS)
def test_volumes_and_parameters_are_those_of_a_network_of_torch(explorer: TemplateExplorer, setting: Setting) -> None:
    volume, convolutions, dense = real_counts(setting)
    said = sentence(move(explorer, setting))
    total = sum(convolutions) + sum(dense)
    assert "×".join(map(str, volume)) + f", so {grouped(int(np.prod(volume)))} numbers" in said
    assert f"Parameters: {grouped(total)}, {grouped(sum(dense))} of them in FC layers (" in said
    _, rows = draw_volumes(network(*setting[:3], pool=setting[3]), explorer.volumes)
    assert numbers(rows["count"]) == convolutions + dense


@pytest.mark.parametrize("setting", [(1, 3, 0, True), (3, 2, 0, True), (2, 2, 0, True), (3, 5, 0, False)])
def test_a_window_that_fits_the_image_is_seen_by_some_cell_of_the_last_map(setting: Setting) -> None:
    convs, blocks, _, pool = setting
    side = widest(convs, blocks, pool, 32)
    assert f"sees at most {side}×{side} pixels of the image." in sentence(move(template_explorer(), setting))


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_volume_is_as_high_as_its_maps_and_as_wide_as_the_root_of_their_number(setting: Setting) -> None:
    config = network(*setting[:3], pool=setting[3])
    ax = template_explorer().volumes
    volumes, _ = draw_volumes(config, ax)
    sizes = np.array([np.ptp(corners, axis=0) for corners in all_corners(volumes)])
    colours = [to_hex(colour) for colour in np.asarray(volumes.get_edgecolor())]
    made = [(3, 32)]
    for block in blocks_of(config):
        made += [(block.maps, block.side)] * config.convs + [(block.maps, block.end)] * config.pool
    maps = sizes[: len(made)] / sizes[0] * (np.sqrt(3), 32)
    assert maps == pytest.approx(np.array([(np.sqrt(number), side) for number, side in made]))
    for word, often in (
        ("CONV", config.convs * len(config.filters)),
        ("POOL?", config.pool * len(config.filters)),
        ("FC", len(config.hidden) + 1),
        ("Softmax", 1),
    ):
        assert colours.count(colour_of(word).lower()) == often, word


def test_volumes_stand_one_behind_another_on_the_page() -> None:
    for setting in [*SETTINGS, (3, 5, 3, True), (3, 5, 3, False), (1, 1, 0, False)]:
        ax = template_explorer().volumes
        volumes, _ = draw_volumes(network(*setting[:3], pool=setting[3]), ax)
        edges = [(corners[:, 0].min(), corners[:, 0].max()) for corners in all_corners(volumes)]
        assert all(left[1] < right[0] for left, right in pairwise(edges)), setting
        assert edges[-1][1] < ax.get_xlim()[1], setting


def test_the_chain_bears_its_numbers_and_a_dashed_box_is_left_out(explorer: TemplateExplorer) -> None:
    move(explorer, (3, 5, 0, False))
    said = [word.get_text() for word in explorer.chain.texts]
    assert said == ["INPUT", "CONV", "RELU", "POOL", "FC", "RELU", "FC", "Softmax", "× 3", "× 5", "× 0"]
    dashed = {True: [False] * 8, False: [False, False, False, True, True, True, False, False]}
    for there, expected in dashed.items():
        ax = template_explorer().chain
        boxes = draw_chain(network(3, 5, 2 * there, pool=there), ax)
        assert [box.get_linestyle() != "solid" for box in boxes] == expected


@pytest.mark.parametrize(("setting", "bold"), [((1, 5, 1, True), "295,168"), ((1, 5, 1, False), "33,554,560")])
def test_the_layer_with_the_most_parameters_is_bold(setting: Setting, bold: str) -> None:
    _, rows = draw_volumes(network(*setting[:3], pool=setting[3]), template_explorer().volumes)
    heavy = [word.get_text() for row in rows.values() for word in row if word.get_fontweight() == "bold"]
    assert heavy == [bold]


def test_it_opens_with_its_network_in_words(explorer: TemplateExplorer) -> None:
    assert sentence(explorer) == (
        "N = 2, M = 3, K = 1. Layers with parameters: 8 (CONV 6, FC 2). The maps at the end are 64×4×4, so 1024 "
        "numbers go into the first FC layer. Parameters: 204,570, 132,490 of them in FC layers "
        "(64.8%). A cell of the last map has a window of 36×36 pixels, larger than the image."
    )
    explorer.convs.value = 1
    assert "A cell of the last map sees at most 22×22 pixels of the image." in sentence(explorer)


@pytest.mark.parametrize(("control", "value"), [("convs", 3), ("blocks", 4), ("dense", 0), ("pool", False)])
def test_every_control_changes_picture_and_sentence(explorer: TemplateExplorer, control: str, value: int) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_a_frame_leaves_nothing_of_the_one_before(explorer: TemplateExplorer) -> None:
    move(explorer, (3, 5, 3, False))
    move(explorer, (1, 1, 0, True))
    assert same_picture(explorer, template_explorer(1, 1, 0))


@pytest.mark.parametrize(("share", "said"), [(0.9998, "> 99.9"), (0.9994, "99.9"), (0.0013, "0.1"), (0.5, "50.0")])
def test_nearly_all_is_not_called_all(share: float, said: str) -> None:
    assert percent(share) == f"{said}%"


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("pool", [True, False])
@pytest.mark.parametrize(("convs", "blocks", "dense"), [(1, 1, 0), tuple(MOST.values()), (1, 5, 3), (3, 5, 0)])
def test_the_ends_of_the_sliders_stay_on_the_page(
    convs: int, blocks: int, dense: int, pool: bool, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = move(template_explorer(), (convs, blocks, dense, pool))
    assert bool(re.search("[а-я]", sentence(explorer))) == (lang == "ru")
    stands_inside(explorer)
