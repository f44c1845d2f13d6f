"""The networks of the template against torch: their volumes, their parameters, and their receptive fields."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn

from ncl_course.nn import CNNConfig
from ncl_course.viz.linear.template_network import blocks_of, dense_counts, network, window

Setting = tuple[int, int, int, bool]
SETTINGS: list[Setting] = [(2, 3, 1, True), (1, 5, 3, True), (3, 1, 0, True), (1, 2, 1, False), (3, 5, 0, False)]


def stack(convs: int, filters: list[int], channels: int, pool: nn.Module | None) -> nn.Sequential:
    """Return the convolutional part by torch: 3×3 with padding 1, ReLU, and pooling after each block."""
    layers: list[nn.Module] = []
    for maps in filters:
        for _ in range(convs):
            layers += [nn.Conv2d(channels, maps, 3, padding=1), nn.ReLU()]
            channels = maps
        layers += [pool] if pool else []
    return nn.Sequential(*layers)


def real_counts(setting: Setting) -> tuple[tuple[int, ...], list[int], list[int]]:
    """Return the last volume and the numbers of parameters of each block and linear layer of torch's network."""
    convs, blocks, hidden, pool = setting
    features = stack(convs, [16 * 2**n for n in range(blocks)], 3, nn.MaxPool2d(2) if pool else None)
    volume = tuple(features(torch.zeros(1, 3, 32, 32)).shape[1:])
    sizes = [int(np.prod(volume)), *[128] * hidden, 10]
    of_convs = [sum(p.numel() for p in layer.parameters()) for layer in features if isinstance(layer, nn.Conv2d)]
    dense = [sum(p.numel() for p in nn.Linear(came, made).parameters()) for came, made in pairwise(sizes)]
    return volume, [sum(of_convs[n * convs : (n + 1) * convs]) for n in range(blocks)], dense


@pytest.mark.parametrize("setting", SETTINGS)
def test_volumes_and_parameters_are_those_of_a_network_of_torch(setting: Setting) -> None:
    volume, convolutions, dense = real_counts(setting)
    config = network(*setting[:3], pool=setting[3])
    last = blocks_of(config)[-1]
    assert (last.maps, last.end, last.end) == volume
    assert [block.count for block in blocks_of(config)] == convolutions
    assert [count for _, count in dense_counts(config)] == dense


def widest(convs: int, blocks: int, pool: bool, size: int) -> int:
    """Return the side of the square of pixels that have a gradient from the last map's middle cell, with weights of 1.

    Average pooling reaches as far as max pooling can.
    """
    features = stack(convs, [1] * blocks, 1, nn.AvgPool2d(2) if pool else None).double()
    for parameter in features.parameters():
        nn.init.ones_(parameter)
    image = torch.ones(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    made = features(image)[0, 0]
    (grad,) = torch.autograd.grad(made[len(made) // 2, len(made) // 2], image)
    rows, columns = (np.flatnonzero(grad[0, 0].numpy().any(axis=axis)) for axis in (1, 0))
    assert len(rows) == len(columns) == np.ptp(rows) + 1
    return len(rows)


@pytest.mark.parametrize("pool", [True, False])
@pytest.mark.parametrize(("convs", "blocks"), [(1, 1), (2, 1), (3, 2), (1, 3), (2, 3), (3, 5)])
def test_the_window_is_where_the_gradient_of_one_cell_is_not_zero(convs: int, blocks: int, pool: bool) -> None:
    assert widest(convs, blocks, pool, 256) == window(network(convs, blocks, 0, pool=pool))


def test_pooling_never_changes_a_convolution_and_each_block_halves_the_first_dense_layer() -> None:
    with_pool, without = ([network(2, n, 1, pool=pool) for n in range(1, 6)] for pool in (True, False))
    for one, other in zip(with_pool, without, strict=True):
        assert [block.count for block in blocks_of(one)] == [block.count for block in blocks_of(other)]
    assert [blocks_of(config)[-1].values for config in with_pool] == [4096, 2048, 1024, 512, 256]
    assert [blocks_of(config)[-1].values for config in without] == [16384, 32768, 65536, 131072, 262144]


def test_the_network_is_one_that_a_student_can_build() -> None:
    assert network(2, 3, 1, pool=True) == CNNConfig(3, 32, 10, (16, 32, 64), 2, hidden=(128,))
