"""The witnesses of lesson 04: outputs by the definition with the layer's own mask, and statistics of the masks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.mutants.witnesses.disagreement import demand, same_array
from tests.mutants.witnesses.walk import ORDERS, Array, laid

WALKS, STEPS = 60, 14


class Known:
    """A dropout layer under observation: its latest forward, and all arrays that must stay as they are."""

    def __init__(self, target: Callable[..., Any], p: float, *, inverted: bool, seed: int) -> None:
        self.layer = target(p) if seed % 5 == 0 else target(p, rng=np.random.default_rng(seed))
        self.p, self.inverted = p, inverted
        self.factor: Array | float | None = None
        self.mask: Array | None = None
        self.training = True
        self.kept: list[tuple[Array, Array]] = []

    def forward(self, rng: np.random.Generator) -> None:
        """Go forward on a new input."""
        self.dtype = np.dtype("float32" if rng.random() < 0.3 else "float64")
        x = rng.standard_normal(tuple(rng.integers(1, 7, int(rng.integers(1, 5))))).astype(self.dtype)
        given = laid(x, str(rng.choice(ORDERS[:-1])))
        y = self.layer.forward(given)
        if self.training:
            self.mask = self.layer.mask.copy()
            demand(self.mask.dtype == bool and self.mask.shape == x.shape, "the mask is not a bool array of x's shape")
            self.factor = self.mask / (self.p if self.inverted else 1.0)
        else:
            self.factor = 1.0 if self.inverted else self.p
        self.shape = x.shape
        self.compare(y, x, "forward")
        demand(np.array_equal(given, x), "the input is changed")
        if y is not given and not np.shares_memory(y, given):
            self.kept.append((y, y.copy()))

    def backward(self, rng: np.random.Generator) -> None:
        """Go back, if there is a latest forward."""
        if self.factor is not None:
            g = rng.standard_normal(self.shape).astype(self.dtype)
            given = laid(g, str(rng.choice(ORDERS[:-1])))
            dx = self.layer.backward(given)
            self.compare(dx, g, "backward")
            demand(np.array_equal(given, g), "the gradient from above is changed")
            if not np.shares_memory(dx, given):
                self.kept.append((dx, dx.copy()))

    def compare(self, got: Any, values: Array, title: str) -> None:
        """Compare a result with the definition."""
        assert self.factor is not None
        same_array(got, values.astype(float) * self.factor, self.dtype, title)

    def switch(self, rng: np.random.Generator) -> None:
        """Switch the mode."""
        self.training = bool(rng.random() < 0.6)
        demand(getattr(self.layer, "train" if self.training else "eval")() is self.layer, "the mode returns no layer")

    def look(self) -> None:
        """Demand that the mask and all results are as they were."""
        if self.mask is not None:
            demand(np.array_equal(self.layer.mask, self.mask), "the mask of the latest training forward is gone")
        demand(all(np.array_equal(live, copy) for live, copy in self.kept), "a result is changed later")


def walks(target: Callable[..., Any], *, inverted: bool) -> None:
    """Take two layers through forwards, backwards and modes in random order."""
    for number in range(WALKS):
        rng = np.random.default_rng([77, number])
        chances = [float(rng.choice([0.1, 0.35, 0.5, 0.77, 0.9, 1.0])) for _ in range(2)]
        layers = [Known(target, p, inverted=inverted, seed=number + 1 + n) for n, p in enumerate(chances)]
        for _ in range(STEPS):
            known = layers[int(rng.integers(2))]
            draw = rng.random()
            if draw < 0.2:
                known.switch(rng)
            elif draw < 0.65:
                known.forward(rng)
            else:
                known.backward(rng)
            for one in layers:
                one.look()


def masks(target: Callable[..., Any]) -> None:
    """Demand independent draws with the right share, from ``rng`` alone, anew each time, whatever x is."""
    x = np.random.default_rng(1).standard_normal((70, 60)) * (np.arange(60) % 3)
    for p in (0.04, 0.25, 0.5, 0.62, 0.97):
        layer = target(p, np.random.default_rng(12))
        drawn = []
        for _ in range(4):
            layer.forward(x)
            drawn.append(layer.mask.copy())
        seen = np.array(drawn)
        balanced(seen, p, "all masks")
        balanced(seen[:, :, ::3], p, "the masks where x is 0")
        for axis in (1, 2):
            shares = seen.mean(axis)
            spread = np.sqrt(p * (1 - p) / seen.shape[axis])
            demand(0.8 * spread < shares.std() < 1.25 * spread, f"neurons along axis {axis} are not independent")
        for one, other in ((seen[:-1], seen[1:]), (seen[:, 1:], seen[:, :-1]), (seen[:, :, 1:], seen[:, :, :-1])):
            balanced(one & other, p * p, "pairs")
    same, again, other = (target(0.5, np.random.default_rng(seed)) for seed in (3, 3, 4))
    shared = np.random.default_rng(3)
    two = target(0.5, shared), target(0.5, shared)
    for layer in (same, again, other, *two):
        layer.forward(x)
    demand(np.array_equal(same.mask, again.mask), "rng does not decide the mask")
    demand(not np.array_equal(same.mask, other.mask), "rng does not matter")
    demand(not np.array_equal(two[0].mask, two[1].mask), "two layers on one rng draw one mask")
    free = target(0.5), target(0.5)
    for layer in free:
        layer.forward(x)
    demand(not np.array_equal(free[0].mask, free[1].mask), "two layers without rng draw one mask")


def balanced(seen: Array, p: float, title: str) -> None:
    """Demand a share of True within six standard deviations of p."""
    allowed = 6 * np.sqrt(p * (1 - p) / seen.size)
    demand(abs(float(seen.mean()) - p) < allowed, f"{title}: a share of {seen.mean():.4f} for {p:.4f}")


def witness(*, inverted: bool) -> Callable[[], Callable[[Callable[..., Any]], None]]:
    """Return a function that makes the witness of one kind of dropout."""

    def judge(target: Callable[..., Any]) -> None:
        walks(target, inverted=inverted)
        masks(target)

    return lambda: judge


WITNESSES = {"ClassicDropout": witness(inverted=False), "Dropout": witness(inverted=True)}
