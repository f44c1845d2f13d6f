"""Wrong answers to lesson 04, as students write them: each has one mistake, and the name of its misconception."""

from __future__ import annotations

import copy

import numpy as np

from ncl_course.nn import Layer
from tests.answers.general import (
    Accumulated,
    BufferReused,
    Float64Back,
    InputChanged,
    UpstreamChanged,
    UpstreamForgotten,
    mixed,
)


class Drop(Layer):
    """The right layer, with each decision in a separate method, so that a mistake takes only a few lines."""

    def __init__(self, keep_prob, rng=None):
        self.p = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def draw(self, x):
        return self.rng.random(x.shape) < self.p

    def forward(self, x):
        self.trained = self.training
        if not self.training:
            return self.tested(x)
        self.mask = self.draw(x)
        return self.apply(x)

    def backward(self, grad_out):
        return self.back(grad_out) if self.trained else self.back_tested(grad_out)

    def back(self, g):
        return self.apply(g)

    def back_tested(self, g):
        return self.tested(g)


class Classic(Drop):
    def apply(self, x):
        return x * self.mask

    def tested(self, x):
        return x * self.p


class Inverted(Drop):
    def apply(self, x):
        return x * self.mask / self.p

    def tested(self, x):
        return x


# ---- the mask: mixins in front of Classic or Inverted ----------------------------------------------------------


class DropForKeep:
    def __init__(self, keep_prob, rng=None):
        super().__init__(max(1 - keep_prob, 1e-12), rng)


class MaskOfDropped:  # only the comparison is the wrong way round
    def draw(self, x):
        return self.rng.random(x.shape) > self.p


class CoinFlip:
    def draw(self, x):
        return self.rng.integers(0, 2, x.shape).astype(bool) if self.p < 1 else np.ones(x.shape, bool)


class Tenths:
    """Right for every p with one decimal."""

    def draw(self, x):
        return self.rng.integers(0, 10, x.shape) < 10 * self.p


class NormalDraw:
    def draw(self, x):
        return self.rng.standard_normal(x.shape) < self.p if self.p < 1 else np.ones(x.shape, bool)


class NothingDropped:
    def draw(self, x):
        return np.ones(x.shape, bool)


class OneForTheBatch:
    def draw(self, x):
        return np.repeat(self.rng.random((1, *x.shape[1:])) < self.p, x.shape[0], axis=0)


class OneForTheBatchThin:  # kept as it was drawn
    def draw(self, x):
        return self.rng.random(x.shape[1:]) < self.p


class OneForARow:
    def draw(self, x):
        return np.repeat(self.rng.random((*x.shape[:-1], 1)) < self.p, x.shape[-1], axis=-1)


class OneForAColumn:
    def draw(self, x):
        if x.ndim < 2:
            return super().draw(x)
        thin = self.rng.random((*x.shape[:-2], 1, x.shape[-1])) < self.p
        return np.array(np.broadcast_to(thin, x.shape))


class OneForAMap:  # as torch's Dropout2d
    def draw(self, x):
        thin = self.rng.random(x.shape[:2] + (1,) * (x.ndim - 2)) < self.p
        return np.array(np.broadcast_to(thin, x.shape))


class OneForAllChannels:
    def draw(self, x):
        if x.ndim < 2:
            return super().draw(x)
        thin = self.rng.random((x.shape[0], 1, *x.shape[2:])) < self.p
        return np.array(np.broadcast_to(thin, x.shape))


class DrawnOnce:
    def draw(self, x):
        if getattr(self, "mask", None) is None or self.mask.shape != x.shape:
            return super().draw(x)
        return self.mask


class DrawnInConstructor:
    def __init__(self, keep_prob, rng=None):
        super().__init__(keep_prob, rng)
        self.drawn = self.rng.random(100_000) < keep_prob

    def draw(self, x):
        return self.drawn[: x.size].reshape(x.shape)


class SeedReset:
    def draw(self, x):
        return np.random.default_rng(42).random(x.shape) < self.p


class GlobalSeedReset:
    def draw(self, x):
        np.random.seed(0)
        return np.random.rand(*x.shape) < self.p


class GlobalGenerator:
    def draw(self, x):
        return np.random.rand(*x.shape) < self.p


class SeededGlobalGenerator:
    def __init__(self, keep_prob, rng=None):
        super().__init__(keep_prob, rng)
        np.random.seed(0)

    def draw(self, x):
        return np.random.random(x.shape) < self.p


class GeneratorOfItsOwn:
    def draw(self, x):
        return np.random.default_rng().random(x.shape) < self.p


class FixedSeed:
    def __init__(self, keep_prob, rng=None):
        super().__init__(keep_prob, np.random.default_rng(0))


class RngCopied:
    def __init__(self, keep_prob, rng=None):
        super().__init__(keep_prob, copy.deepcopy(rng))


class RngRebuilt:
    """The generator is rebuilt from the state of ``rng``."""

    def __init__(self, keep_prob, rng=None):
        super().__init__(keep_prob, rng)
        if rng is not None:
            self.rng = np.random.Generator(np.random.PCG64())
            self.rng.bit_generator.state = rng.bit_generator.state


class MaskThrownAway:
    def tested(self, x):
        self.mask = None
        return super().tested(x)

    def back_tested(self, g):
        return super().tested(g)


class MaskOfOnes:
    def tested(self, x):
        self.mask = np.ones(x.shape, bool)
        return super().tested(x)

    def back_tested(self, g):
        return super().tested(g)


class MaskFilledWithOnes:
    def tested(self, x):
        if getattr(self, "mask", None) is not None:
            self.mask = np.ones_like(self.mask)
        return super().tested(x)

    def back_tested(self, g):
        return super().tested(g)


class ExactCount:
    def draw(self, x):
        mask = np.zeros(x.size, bool)
        mask[self.rng.choice(x.size, round(self.p * x.size), replace=False)] = True
        return mask.reshape(x.shape)


class NearlyExactCount:
    """It keeps p·n of n neurons, or one more or less."""

    def draw(self, x):
        many = round(self.p * x.size) + self.rng.integers(-1, 2)
        return self.rng.permutation(np.arange(x.size) < (many if self.p < 1 else x.size)).reshape(x.shape)


class ExactCountInASample:
    def draw(self, x):
        flat = np.zeros((x.shape[0], x[0].size), bool)
        for row in flat:
            row[self.rng.permutation(row.size)[: round(self.p * row.size)]] = True
        return flat.reshape(x.shape)


class MaskAsFloats:
    def draw(self, x):
        return (self.rng.random(x.shape) < self.p).astype(x.dtype)


class MaskAsInts:
    def draw(self, x):
        return self.rng.binomial(1, self.p, x.shape)

    def apply(self, x):
        return super().apply(x).astype(x.dtype)


class MaskMeansDropped:
    def draw(self, x):
        return ~super().draw(x)

    def apply(self, x):
        self.mask = ~self.mask
        y = super().apply(x)
        self.mask = ~self.mask
        return y


class MaskUnderAnotherName:
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.kept = self.mask
            del self.mask
        return y

    def back(self, g):
        self.mask = self.kept
        return super().back(g)


class MaskLocal:
    """The mask is a list in a cache, and the attribute ``mask`` stays None."""

    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.cache, self.mask = [self.mask], None
        return y

    def back(self, g):
        self.mask = self.cache[0]
        return super().back(g)


class MaskFromOutput:
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.mask = y != 0
        return y


class BackFromOutput:
    def forward(self, x):
        self.y = super().forward(x)
        return self.y

    def back(self, g):
        return super().back(g) * (self.y != 0)


# ---- backward --------------------------------------------------------------------------------------------------


class FreshMask:
    def back(self, g):
        self.mask = self.draw(g)
        return super().back(g)


class NotMasked:
    def back(self, g):
        return g.copy()


class NotMaskedScaled:
    def back(self, g):
        return (g / self.p).astype(g.dtype)


class BackwardDivided:
    def back(self, g):
        return super().back(g) / self.p


class BackwardMultiplied:
    def back(self, g):
        return super().back(g) * self.p


class MaskedAtTest:
    def back_tested(self, g):
        fits = getattr(self, "mask", None) is not None and self.mask.shape == g.shape
        return self.back(g) if fits else super().back_tested(g)


class MaskedAtTestAlways:  # raises where nothing was trained yet
    def back_tested(self, g):
        return self.back(g)


class ModeOfNow:
    def backward(self, grad_out):
        return self.back(grad_out) if self.training else self.back_tested(grad_out)


class StaleMask:
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            self.first = getattr(self, "first", self.mask)
        return y

    def back(self, g):
        latest, self.mask = self.mask, self.first
        dx = super().back(g)
        self.mask = latest
        return dx


class Rewound:
    """``backward`` draws the mask again from the restored generator, so the next forward draws the same mask again."""

    def draw(self, x):
        self.before = self.rng.bit_generator.state
        return super().draw(x)

    def back(self, g):
        self.rng.bit_generator.state = self.before
        self.mask = self.draw(g)
        self.rng.bit_generator.state = self.before
        return super().back(g)


class SharedMask:
    def forward(self, x):
        y = super().forward(x)
        if self.training:
            type(self).mask_of_all = self.mask
        return y

    def back(self, g):
        self.mask = type(self).mask_of_all
        return super().back(g)


class MaskOnTheClass:
    """The mask itself is stored on the class."""

    @property
    def mask(self):
        return type(self).__dict__["masks"][0]

    @mask.setter
    def mask(self, value):
        type(self).masks[0] = value

    def __init_subclass__(cls):
        cls.masks = [None]


# ---- mistakes of any layer ---------------------------------------------------------------------------------------


class DtypeDrift:
    def apply(self, x):
        return super().apply(x) * np.ones(x.shape)


class FactorInFloat64:
    def apply(self, x):
        return x * (self.mask / self.p)


# ---- scale -----------------------------------------------------------------------------------------------------


class TestByDrop:
    def tested(self, x):
        return x * (1 - self.p)


class TestDivided:
    def tested(self, x):
        return x / self.p


class TestByKeep:
    def tested(self, x):
        return x * self.p


class TestUnchanged:
    def tested(self, x):
        return x


class TrainDivided:
    def apply(self, x):
        return x * self.mask / self.p


class TrainDividedByShare:
    def apply(self, x):
        return x * self.mask / max(self.mask.mean(), 1e-9)


class TrainNotDivided:
    def apply(self, x):
        return x * self.mask


class TrainDividedByDrop:
    def apply(self, x):
        return x * self.mask / max(1 - self.p, 1e-12)


class TrainMultiplied:
    def apply(self, x):
        return x * self.mask * self.p


class DroppedAtTest:
    def tested(self, x):
        self.mask = self.draw(x)
        return self.apply(x)

    def back_tested(self, g):
        return self.apply(g)


class DroppedAndScaledAtTest:
    def tested(self, x):
        self.mask = self.draw(x)
        return x * self.mask * self.p

    def back_tested(self, g):
        return g * self.mask * self.p


class Whole:
    def apply(self, x):
        y = np.zeros(x.shape, dtype=int)
        y[self.mask] = super().apply(x)[self.mask]
        return y

    def back(self, g):
        return super().apply(g)


class TestBackByOne:
    def back_tested(self, g):
        return g


class TestBackByKeep:
    def back_tested(self, g):
        return g * self.p


class TestBackDivided:
    def back_tested(self, g):
        return g / self.p


class OnesForDropped:
    def apply(self, x):
        return np.where(self.mask, super().apply(x), 1).astype(x.dtype)


class LeakOfDropped:
    def apply(self, x):
        return np.where(self.mask, super().apply(x), 0.1 * x).astype(x.dtype)


class NoiseForDropped:
    def forward(self, x):
        y = super().forward(x)
        return np.where(self.mask, y, self.rng.normal(size=x.shape)).astype(x.dtype) if self.trained else y


class GradientForDropped:
    def back(self, g):
        return np.where(self.mask, super().back(g), 1).astype(g.dtype)


EITHER = (
    ("dropped-not-zero", OnesForDropped),
    ("dropped-not-zero", LeakOfDropped),
    ("dropped-not-zero", NoiseForDropped),
    ("dropped-not-zero", GradientForDropped),
    ("keep-and-drop-swapped", DropForKeep),
    ("keep-and-drop-swapped", MaskOfDropped),
    ("keep-prob-not-used", CoinFlip),
    ("keep-prob-not-used", Tenths),
    ("keep-prob-not-used", NormalDraw),
    ("keep-prob-not-used", NothingDropped),
    ("mask-shared", OneForTheBatch),
    ("mask-shared", OneForTheBatchThin),
    ("mask-shared", OneForARow),
    ("mask-shared", OneForAColumn),
    ("mask-shared", OneForAMap),
    ("mask-shared", OneForAllChannels),
    ("mask-drawn-once", DrawnOnce),
    ("mask-drawn-once", DrawnInConstructor),
    ("mask-drawn-once", Rewound),
    ("seed-reset-in-forward", SeedReset),
    ("seed-reset-in-forward", GlobalSeedReset),
    ("mask-not-from-rng", GlobalGenerator),
    ("mask-not-from-rng", SeededGlobalGenerator),
    ("mask-not-from-rng", GeneratorOfItsOwn),
    ("mask-not-from-rng", FixedSeed),
    ("rng-copied", RngCopied),
    ("rng-copied", RngRebuilt),
    ("mask-changed-at-test", MaskThrownAway),
    ("mask-changed-at-test", MaskOfOnes),
    ("mask-changed-at-test", MaskFilledWithOnes),
    ("mask-exact-count", ExactCount),
    ("mask-exact-count", ExactCountInASample),
    ("mask-exact-count", NearlyExactCount),
    ("mask-not-bool", MaskAsFloats),
    ("mask-not-bool", MaskAsInts),
    ("mask-means-dropped", MaskMeansDropped),
    ("mask-not-kept", MaskUnderAnotherName),
    ("mask-not-kept", MaskLocal),
    ("mask-from-output", MaskFromOutput),
    ("mask-from-output", BackFromOutput),
    ("fresh-mask-in-backward", FreshMask),
    ("backward-not-masked", NotMasked),
    ("backward-not-masked", NotMaskedScaled),
    ("masked-at-test", MaskedAtTest),
    ("masked-at-test", MaskedAtTestAlways),
    ("mode-asked-in-backward", ModeOfNow),
    ("stale-cache", StaleMask),
    ("shared-between-instances", SharedMask),
    ("shared-between-instances", MaskOnTheClass),
    ("gradient-accumulated", Accumulated),
    ("upstream-forgotten", UpstreamForgotten),
    ("input-changed", InputChanged),
    ("input-changed", UpstreamChanged),
    ("result-overwritten", BufferReused),
    ("dtype-drift", DtypeDrift),
    ("dtype-drift", Float64Back),
    ("dropped-at-test", DroppedAtTest),
    ("dropped-at-test", DroppedAndScaledAtTest),
    ("integer-output", Whole),
    ("scaled-by-drop-at-test", TestByDrop),
    ("divided-at-test", TestDivided),
    ("multiplied-in-training", TrainMultiplied),
    ("backward-scaled", BackwardDivided),
)

CLASSIC = (
    ("not-scaled", TestUnchanged),
    ("divided-in-training", TrainDivided),
    ("backward-scaled", BackwardMultiplied),
    ("test-backward-not-scaled", TestBackByOne),
)

INVERTED = (
    ("not-scaled", TrainNotDivided),
    ("divided-by-measured-share", TrainDividedByShare),
    ("scaled-twice", TestByKeep),
    ("divided-by-drop", TrainDividedByDrop),
    ("backward-not-scaled", BackwardMultiplied),
    ("dtype-drift", FactorInFloat64),
    ("test-backward-scaled", TestBackByKeep),
    ("test-backward-scaled", TestBackDivided),
)


class ClassicInsideDropout(Classic):
    """Classic dropout handed in as inverted dropout."""


class InvertedInsideClassic(Inverted):
    """Inverted dropout handed in as classic dropout."""


WRONG = {
    "ClassicDropout": (
        *mixed(Classic, *EITHER, *CLASSIC),
        ("divided-in-training", InvertedInsideClassic),
    ),
    "Dropout": (
        *mixed(Inverted, *EITHER, *INVERTED),
        ("not-scaled", ClassicInsideDropout),
    ),
}
