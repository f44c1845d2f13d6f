"""The cases of pooling: windows that overlap, leave gaps or do not fit, ties, and output sizes alone.

Each case is named after the mistake that it catches; ``messages`` has the sentence under ``case.NAME``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.arrays import Array, distinct, few_values, near_thousand, normal, powers_of_two
from ncl_course.exercises.consulted import consult
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.trials import Backward, Forward, Trials, Use
from ncl_course.protocol.script import apply

SLIDE = np.array([[1, 3, 2, 9], [7, 4, 1, 5], [8, 5, 2, 3], [4, 2, 1, 4]], dtype=np.float64).reshape(1, 1, 4, 4)
NEARLY_TIED = np.tile([[0, 1], [1 + 2.0**-30, 1 + 2.0**-29]], (1, 1, 2, 2))
"""Windows of 2 × 2 whose last number is the largest, by a billionth."""

WINDOWS = (
    ("overlap", (1, 1, 4, 4), 3, 1),
    ("overlap", (2, 2, 5, 6), 3, 2),
    ("gaps", (1, 1, 5, 5), 2, 3),
    ("gaps", (1, 1, 7, 8), 2, 4),
    ("non-square", (1, 1, 2, 6), 2, 2),
    ("non-square", (1, 1, 5, 3), 3, 2),
    ("not-divisible", (1, 1, 5, 4), 2, 2),
    ("not-divisible", (1, 2, 7, 8), 3, 2),
    ("kernel-one", (1, 1, 3, 5), 1, 2),
    ("channels", (1, 3, 2, 4), 2, 2),
    ("batch", (3, 1, 4, 2), 2, 2),
)
"""The case's name, the input's shape, kernel_size and stride."""

LARGE = (
    ("large-sizes", (260, 1, 2, 2), 2, 2),
    ("large-sizes", (1, 260, 2, 2), 2, 2),
    ("large-sizes", (1, 1, 2, 520), 2, 2),
    ("large-sizes", (1, 1, 520, 2), 2, 2),
    ("large-map", (1, 1, 260, 260), 2, 258),
    ("large-window", (1, 1, 182, 182), 182, 1),
)
"""The same with positions that do not fit in a narrow integer dtype: more than 255 samples, channels or windows, and
more than 65,535 cells in a map and 32,767 in a window. There are few windows, so a loop over them stays quick, and the
numbers are float32, so the largest maps are only half as many bytes."""


class Pool(Use):
    """A pooling layer with a kernel_size and a stride."""

    def out_shape(self) -> tuple[int, ...]:
        """Return the shape of the pooled maps, computed by the oracle, because the formula is an exercise."""
        N, C, H, W = self.x.shape
        return N, C, self.windows(H), self.windows(W)

    def windows(self, size: int) -> int:
        """Return the number of windows along an axis."""

        def compute() -> int:
            from ncl_course.oracles.pooling.right import pool_output_size

            return pool_output_size(size, *self.args)

        return int(consult(compute, "windows", size, self.args))


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass."""
    rng = trials.rng
    yield trials.one("one-window", Pool(distinct(rng, 1, 1, 2, 2), (2, 2)))
    yield trials.one("slide", Pool(SLIDE, (2, 2)))
    for name, shape, kernel_size, stride in WINDOWS:
        yield trials.one(name, Pool(distinct(rng, *shape), (kernel_size, stride)))
    yield trials.one("all-negative", Pool(distinct(rng, 1, 1, 4, 4) - 100, (2, 2)))
    yield trials.one("large-offset", Pool(near_thousand(distinct(rng, 1, 2, 4, 4)), (2, 1)))
    yield from trials.large(Pool(distinct(rng, 1, 1, 4, 4), (2, 2)))
    for _ in range(3):
        yield trials.one("random", random_pool(rng))
    yield from trials.arrays(Pool(distinct(rng, 2, 2, 4, 5), (3, 1)), Pool(normal(rng, 2, 3, 5, 4), (2, 1)))
    first = Pool(distinct(rng, 2, 2, 4, 6), (2, 2))
    again, resized = first.on(distinct(rng, 2, 2, 4, 6)), first.on(distinct(rng, 1, 2, 4, 4))
    yield from trials.contract(first, again, resized, other=Pool(distinct(rng, 1, 3, 5, 4), (3, 1)))
    for name, shape, kernel_size, stride in LARGE:
        x = distinct(rng, *shape, dtype=np.float32)
        x[-1, -1, -2, -1] = x.size  # the last window's maximum is as far from the first cell as it can be
        yield trials.one(name, Pool(x, (kernel_size, stride)))


def random_pool(rng: np.random.Generator) -> Pool:
    """Return a layer and an input of random shape that fits its window and stride, never the smallest possible."""
    kernel_size, stride = (int(v) for v in rng.integers(1, 5, 2))
    N, C = rng.integers(2, 4, 2)
    H, W = rng.integers(kernel_size + 2, kernel_size + 6, 2)
    x = normal(rng, int(N), int(C), int(H), int(W))
    return Pool(x, (kernel_size, max(1, min(stride, int(H), int(W)))))


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of either layer's forward pass."""
    trials = Forward(rng)
    return (
        *cases(trials),
        trials.one("stride-none", Pool(distinct(rng, 1, 1, 6, 6), (3, None))),
        trials.one("stride-omitted", Pool(distinct(rng, 1, 1, 4, 6), (2,))),
        trials.one("keywords", Pool(distinct(rng, 1, 1, 3, 4), kwargs={"kernel_size": 2, "stride": 1})),
        trials.one("far-below-zero", Pool(-1e30 * (1 + np.arange(16.0)).reshape(1, 1, 4, 4), (2, 2))),
    )


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of either layer's backward pass."""
    trials = Backward(rng)
    return (
        *cases(trials),
        trials.one("overlap", Pool(peak(rng, 5, 5), (3, 1))),
        trials.one("nearly-tied", Pool(NEARLY_TIED.copy(), (2, 2))),
        other_size_below_the_same_gradient(rng),
        *ties(trials),
    )


def peak(rng: np.random.Generator, H: int, W: int) -> Array:
    """Return a map whose middle cell is the maximum of every window around it, so every window sends it a gradient."""
    x = distinct(rng, 1, 1, H, W)
    x[0, 0, H // 2, W // 2] = 99
    return x


def other_size_below_the_same_gradient(rng: np.random.Generator) -> Case:
    """Return a case with inputs of different sizes and equal output sizes: grad_out does not determine dx's shape."""
    first = Pool(distinct(rng, 2, 2, 4, 6), (2, 2))
    larger = first.on(distinct(rng, 2, 2, 5, 7))
    passes = (step for use in (first, larger) for step in (*use.run(), *use.backward(use.upstream(rng))))
    return Case("latest-forward-resized", (*first.make(), *passes))


def ties(trials: Backward) -> Iterator[Case]:
    """Yield cases with windows whose maximum occurs in several cells: any one of these cells may get the gradient.

    The upstream gradient is a different power of two in each window, so dx shows which cell the layer chose.
    """
    rng = trials.rng
    tied = (
        ("ties", np.full((1, 1, 2, 2), 3.0), 2, 2),
        ("ties", few_values(rng, 1, 1, 4, 4), 2, 2),
        ("ties-zeros", np.zeros((1, 2, 4, 4)), 2, 2),
        ("ties-overlap", few_values(rng, 2, 2, 5, 6), 3, 1),
        ("ties-float32", few_values(rng, 2, 1, 4, 6, dtype=np.float32), 2, 2),
    )
    for name, x, kernel_size, stride in tied:
        use = Pool(x, (kernel_size, stride), free=True)
        yield trials.one(name, use, grad_out=4 * powers_of_two(rng, *use.out_shape(), dtype=x.dtype.type))


SIZES = {
    "size-fits": ((4, 2, 2), (6, 3, 3), (224, 2, 2)),
    "size-rest": ((5, 2, 2), (8, 3, 2), (10, 4, 4)),
    "size-overlap": ((5, 3, 1), (7, 3, 2), (227, 3, 2), (11, 5, 3)),
    "size-gaps": ((5, 2, 3), (6, 2, 4), (32, 1, 3), (14, 4, 5), (10, 2, 3)),
    "size-one-window": ((3, 3, 1), (1, 1, 1), (7, 7, 7)),
    "size-large": ((300, 3, 2), (70_001, 300, 100)),
}


def size_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return sizes that divide or do not, windows that overlap or leave gaps, and a window as large as the input."""
    fixed = [Case(name, (apply(*numbers),)) for name, some in SIZES.items() for numbers in some]
    drawn = []
    for _ in range(6):
        kernel_size, stride = (int(v) for v in rng.integers(1, 8, 2))
        size = int(rng.integers(max(kernel_size, stride), 60))
        drawn.append(Case("random", (apply(size, kernel_size, stride),)))
    return (*fixed, *drawn, Case("keywords", (apply(size=9, kernel_size=3, stride=2),)))
