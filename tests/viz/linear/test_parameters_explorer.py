"""The parameters explorer without a browser: the layers with most parameters, with and without flattening."""

from __future__ import annotations

from itertools import pairwise

import pytest

from ncl_course.nn import Conv2d
from ncl_course.oracles.linear.right import Linear, parameter_count
from ncl_course.viz import parameters_explorer
from ncl_course.viz.linear.drawings import dense_layers, halving_network
from ncl_course.viz.linear.parameters_explorer import HIDDEN, MAPS, SIZES, ParametersExplorer
from tests.viz.inside import words_that_leave


@pytest.fixture
def explorer() -> ParametersExplorer:
    return parameters_explorer()


def bars(explorer: ParametersExplorer, side: int) -> dict[str, float]:
    """Return the length of each layer's bar, in millions, in the left (0) or in the right picture (1)."""
    ax = explorer.axes[side]
    names = [label.get_text() for label in ax.get_yticklabels()]
    return dict(zip(names, (bar.get_width() for bar in ax.patches), strict=True))  # type: ignore[attr-defined]


def test_it_opens_at_the_first_dense_layer_of_vgg16(explorer: ParametersExplorer) -> None:
    assert bars(explorer, 0)["FC 1"] == 102.764544
    assert bars(explorer, 1)["FC 1"] == 0.513
    assert explorer.picture.alt == (
        "512 maps of 7×7 are flattened into 25088 numbers: the fully connected layers hold 107 of 108 million "
        "parameters, 99%. With global average pooling the network has 2.08 million, and only 0.513 million of them "
        "come after the maps, whatever the size of the image."
    )


def test_a_larger_image_makes_the_first_dense_layer_larger_and_no_other(explorer: ParametersExplorer) -> None:
    left, right, image = bars(explorer, 0), bars(explorer, 1), explorer.image.value
    explorer.size.value = 320
    assert explorer.image.value != image
    assert bars(explorer, 1) == right
    grown = {name: after / left[name] for name, after in bars(explorer, 0).items() if after != left[name]}
    assert grown == {"FC 1": pytest.approx(100 / 49, rel=1e-4)}


def test_twice_the_maps_are_four_times_the_convolution_and_twice_the_dense_layer(explorer: ParametersExplorer) -> None:
    before = bars(explorer, 0)
    explorer.maps.value = 1024
    after = bars(explorer, 0)
    assert after["CONV 5"] / before["CONV 5"] == pytest.approx(4, rel=1e-3)
    assert after["FC 1"] / before["FC 1"] == pytest.approx(2, rel=1e-3)


def test_without_hidden_units_one_dense_layer_is_left_and_the_largest_still(explorer: ParametersExplorer) -> None:
    explorer.hidden.value = 0
    left = bars(explorer, 0)
    assert [name for name in left if name.startswith("FC")] == ["FC 1"]
    assert max(left, key=lambda name: left[name]) == "FC 1"
    right = bars(explorer, 1)
    assert max(right, key=lambda name: right[name]) == "CONV 5"


def test_both_pictures_have_one_scale(explorer: ParametersExplorer) -> None:
    for size in (32, 320):
        explorer.size.value = size
        assert explorer.axes[0].get_xlim() == explorer.axes[1].get_xlim()


def test_the_counts_are_those_of_real_layers() -> None:
    convolutions, side = halving_network(64, 32)
    filters = (3, 2, 4, 8, 16, 32)
    real = [Conv2d(came, made, 3, padding=1) for came, made in pairwise(filters)]
    assert [layer.count for layer in convolutions] == [parameter_count([layer]) for layer in real]
    assert side == 2
    dense = dense_layers(32 * side * side, 5, 10)
    assert [layer.count for layer in dense] == [parameter_count([layer]) for layer in (Linear(128, 5), Linear(5, 10))]
    assert [layer.name for layer in dense_layers(128, 0, 10)] == ["FC 1"]


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize(
    ("size", "maps", "hidden"), [(SIZES[0], MAPS[0], HIDDEN[0]), (SIZES[-1], MAPS[-1], HIDDEN[-1])]
)
def test_the_ends_of_the_sliders_stay_on_the_page(
    size: int, maps: int, hidden: int, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = parameters_explorer(size, maps, hidden)
    assert any("а" <= letter <= "я" for letter in explorer.picture.alt) == (lang == "ru")
    assert words_that_leave(explorer.picture) == []
