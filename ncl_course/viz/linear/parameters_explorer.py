"""The parameters explorer: a CNN layer by layer, with fully connected layers and with global average pooling."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.ticker import MaxNLocator

from ncl_course.language import text
from ncl_course.viz.axes import wipe
from ncl_course.viz.explorer import Explorer, side_by_side, stops
from ncl_course.viz.linear.drawings import LayerCount, dense_layers, draw_parameters, halving_network
from ncl_course.viz.palette import INK, NORMAL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral

SIZES = tuple(range(32, 321, 32))
MAPS = (64, 128, 256, 512, 1024)
HIDDEN = (0, 256, 512, 1024, 2048, 4096)
CLASSES = 1000


def parameters_explorer(size: int = 224, maps: int = 512, hidden: int = 4096) -> ParametersExplorer:
    """Choose the image's size, the final number of maps and the hidden units, and see where the parameters are."""
    return ParametersExplorer(size, maps, hidden)


class ParametersExplorer(Explorer):
    """Five convolutions with pooling, then one hidden fully connected layer or none, or the mean of each map."""

    def __init__(self, size: int, maps: int, hidden: int) -> None:
        self.size = stops(text("linear.parameters_explorer.size"), [(f"{n}×{n}", n) for n in SIZES], size)
        self.maps = stops(text("linear.parameters_explorer.maps"), [(str(n), n) for n in MAPS], maps)
        self.hidden = stops(text("linear.parameters_explorer.hidden"), [(str(n), n) for n in HIDDEN], hidden)
        picture = Picture(8.8, 2.75, "")
        self.axes = [picture.place(left, 0.55, 3.3, 1.8) for left in (0.85, 5.25)]
        for ax in self.axes:
            ax.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 5, 10]))  # each tick costs a millisecond per frame
        controls = (self.size, self.maps, self.hidden)
        super().__init__(picture, controls, side_by_side(controls[:2], controls[2:]))

    def draw(self) -> str:
        """Draw both networks on one scale, layer by layer."""
        convolutions, side = halving_network(self.size.value, self.maps.value)
        inputs = self.maps.value * side * side
        dense = dense_layers(inputs, self.hidden.value, CLASSES)
        networks = (convolutions + dense, convolutions + dense_layers(self.maps.value, CLASSES))
        most = max(layer.count for network in networks for layer in network)
        for ax, network, key in zip(self.axes, networks, ("dense", "mean"), strict=True):
            wipe(ax)
            draw_parameters(network, ax, most)
            ax.set_ylim(6.6, -0.6)
            words = text(f"linear.parameters_explorer.{key}", total=millions(network))
            ax.set_title(words, color=INK, fontsize=NORMAL)
        return parameters_in_words(networks, self.maps.value, side)


def millions(layers: Sequence[LayerCount]) -> str:
    """Return the parameters of these layers, in millions."""
    return numeral(f"{sum(layer.count for layer in layers) / 1e6:.3g}")


def parameters_in_words(networks: Sequence[Sequence[LayerCount]], maps: int, side: int) -> str:
    """Say how many parameters the fully connected layers have, and how many there are without these layers."""
    dense, mean = ([layer for layer in network if layer.fully_connected] for network in networks)
    total = sum(layer.count for layer in networks[0])
    share = 100 * sum(layer.count for layer in dense) / total
    return text(
        "linear.parameters_explorer.said",
        maps=maps,
        side=side,
        inputs=maps * side * side,
        dense=millions(dense),
        total=millions(networks[0]),
        share=f"{share:.0f}",
        few=millions(mean),
        small=millions(networks[1]),
    )
