"""The cases of ``Flatten``, ``GlobalAvgPool2d`` and ``parameter_count``: from maps to vectors, and the cost of that."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ncl_course.exercises.arrays import distinct, near_thousand, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Trials, Use
from ncl_course.protocol.script import Layers, apply

SIZES = (
    ("one-map", (1, 1, 2, 2)),
    ("one-sample", (1, 2, 2, 3)),
    ("batch", (2, 1, 2, 3)),
    ("all-sizes-differ", (2, 3, 4, 5)),
    ("all-sizes-differ", (5, 2, 3, 4)),
    ("sizes-equal", (2, 2, 2, 2)),
    ("sizes-equal", (3, 3, 2, 4)),
    ("one-pixel", (3, 4, 1, 1)),
    ("non-square", (1, 2, 1, 3)),
)
"""The case's name and the input's (N, C, H, W)."""


class Flattened(Use):
    """``Flatten``."""

    def out_shape(self) -> tuple[int, ...]:
        return len(self.x), self.x[0].size


class Averaged(Use):
    """``GlobalAvgPool2d``."""

    def out_shape(self) -> tuple[int, ...]:
        return self.x.shape[:2]


def cases(layer: type[Use], trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass of a layer that turns feature maps into vectors."""
    rng = trials.rng
    for name, shape in SIZES:
        yield trials.one(name, layer(distinct(rng, *shape)))
    yield trials.one("large-offset", layer(near_thousand(distinct(rng, 2, 2, 2, 3))))
    yield from trials.large(layer(distinct(rng, 1, 2, 2, 2)))
    for _ in range(3):
        yield trials.one("random", layer(normal(rng, *(int(n) for n in rng.integers(1, 5, 4)))))
    yield from trials.arrays(layer(distinct(rng, 2, 2, 3, 4)), layer(normal(rng, 3, 2, 4, 5)))
    shapes = (2, 2, 3, 4), (2, 2, 4, 3), (1, 2, 4, 2), (3, 2, 4, 3)
    first, turned, resized, other = (layer(distinct(rng, *shape)) for shape in shapes)
    yield from trials.contract(first, turned, resized, other=other)
    for shape in ((260, 1, 2, 2), (1, 260, 2, 2), (1, 1, 2, 300), (1, 1, 300, 2), (1, 1, 260, 260)):
        yield trials.one("large-sizes", layer(distinct(rng, *shape)))


NETWORKS: dict[str, tuple[dict[str, tuple[int, ...]], ...]] = {
    "count-one-layer": ({"weight": (3, 4), "bias": (3,)},),
    "count-one-array": ({"weight": (2, 5)},),
    "count-four-axes": ({"weight": (4, 3, 5, 5), "bias": (4,)},),
    "count-no-parameters": ({}, {}),
    "count-nothing": (),
    "count-mixed": ({"weight": (2, 3), "bias": (2,)}, {}, {"weight": (5, 2), "bias": (5,)}),
    "count-other-names": ({"gamma": (6,), "beta": (6,)}, {"alpha": (1,)}),
    "count-any-name": ({"table": (3, 4)}, {"weight": (2, 3), "scale": (5,)}),
    "count-three-axes": ({"weight": (2, 3, 4), "bias": (2, 3)},),
    "count-a-network": (
        {"weight": (8, 3, 3, 3), "bias": (8,)},
        {"gamma": (8,), "beta": (8,)},
        {},
        {},
        {"weight": (10, 128), "bias": (10,)},
    ),
    "count-equal-layers": ({"weight": (3, 4), "bias": (3,)}, {"weight": (3, 4), "bias": (3,)}, {"weight": (3, 4)}),
    "count-no-axes": ({"scale": ()}, {"weight": (2, 3), "shift": ()}),
    "count-large": ({"weight": (300, 260), "bias": (300,)},),
}


def count_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return cases with layers that have several parameters, one, or none."""
    fixed = [Case(name, (apply(Layers(shapes)),)) for name, shapes in NETWORKS.items()]
    drawn = []
    for _ in range(4):
        sizes = [int(n) for n in rng.integers(2, 30, 4)]
        layers = [{"weight": (b, a), "bias": (b,)} for a, b in pairwise(sizes)]
        drawn.append(Case("count-random", (apply(Layers(({}, *layers, {}))),)))
    shapes: tuple[dict[str, tuple[int, ...]], ...] = ({"weight": (3, 4), "bias": (3,)}, {"gamma": (5,)})
    return (
        *fixed,
        *drawn,
        Case("keywords", (apply(layers=Layers(({"weight": (2, 3)},))),)),
        *(Case(f"count-{dtype}", (apply(Layers(shapes, dtype)),)) for dtype in ("float32", "float16", "int64")),
    )
