"""Networks of the lecture's template on CIFAR-10: their volumes, parameters and receptive field."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ncl_course.nn import CNNConfig
from ncl_course.viz.linear.drawings import dense_layers

FIRST_MAPS, HIDDEN = 16, 128
"""The number of maps of the first block, and the number of neurons of each hidden FC layer."""


def network(convs: int, blocks: int, dense: int, *, pool: bool) -> CNNConfig:
    """Return a network for CIFAR-10 whose every block has twice as many maps as the block before."""
    filters = tuple(FIRST_MAPS * 2**block for block in range(blocks))
    return CNNConfig(3, 32, 10, filters, convs, pool, hidden=(HIDDEN,) * dense)


@dataclass(frozen=True)
class Block:
    """One block [CONV → RELU]·N → POOL?: its maps, their side before pooling and at the end, and its parameters."""

    maps: int
    side: int
    end: int
    count: int

    @property
    def values(self) -> int:
        """The number of values in the block's output."""
        return self.maps * self.end**2


def blocks_of(config: CNNConfig) -> list[Block]:
    """Return all blocks of a network, the first one first."""
    blocks, side = [], config.image_size
    for came, maps in pairwise((config.in_channels, *config.filters)):
        channels = (came, *(maps,) * config.convs)
        count = sum(config.kernel_size**2 * old * new + new for old, new in pairwise(channels))
        end = side // 2 if config.pool else side
        blocks.append(Block(maps, side, end, count))
        side = end
    return blocks


def dense_counts(config: CNNConfig) -> list[tuple[int, int]]:
    """Return the number of outputs and of parameters of each fully connected layer; the last one makes the logits."""
    sizes = (*config.hidden, config.num_classes)
    layers = dense_layers(blocks_of(config)[-1].values, *sizes)
    return [(size, layer.count) for size, layer in zip(sizes, layers, strict=True)]


def window(config: CNNConfig) -> int:
    """Return the side of the receptive field of one cell of the last map, for an image that is large enough."""
    side = step = 1
    for _ in config.filters:
        side += config.convs * (config.kernel_size - 1) * step
        if config.pool:
            side, step = side + step, 2 * step
    return side
