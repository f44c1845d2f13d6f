"""Right answers to lesson 04: masks drawn in every correct way, and kept and used in different styles."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer


class Comparing(Layer):
    """random() < p; the factor of the latest forward is kept."""

    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def train_factor(self):
        return 1.0

    def test_factor(self):
        return self.p

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(x.shape) < self.p
            self.used, self.factor = self.mask, self.train_factor()
        else:
            self.used, self.factor = True, self.test_factor()
        return x * self.used * self.factor

    def backward(self, grad_out):
        return grad_out * self.used * self.factor


class ComparingInverted(Comparing):
    def train_factor(self):
        return 1 / self.p

    def test_factor(self):
        return 1.0


class Loops:
    """No base class, one number at a time, binomial draws."""

    inverted = False

    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()
        self.training = True

    def train(self):
        self.training = True
        return self

    def eval(self):
        self.training = False
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.trained = self.training
        if self.training:
            self.mask = np.zeros(x.shape, dtype=bool)
            for index in np.ndindex(*x.shape):
                self.mask[index] = self.rng.binomial(1, self.keep_prob) == 1
        return self.through(x)

    def through(self, values):
        out = np.zeros(values.shape, values.dtype)
        for index in np.ndindex(*values.shape):
            if self.trained:
                kept = values[index] if self.mask[index] else 0
                out[index] = kept / self.keep_prob if self.inverted else kept
            else:
                out[index] = values[index] if self.inverted else values[index] * self.keep_prob
        return out

    def backward(self, grad_out):
        return self.through(grad_out)


class LoopsInverted(Loops):
    inverted = True


class Closures(Layer):
    """``forward`` leaves a function for ``backward``; the mask is drawn by choice."""

    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng(rng)

    def forward(self, x):
        p = self.keep_prob
        if self.training:
            mask = self.mask = self.rng.choice([True, False], size=x.shape, p=[p, 1 - p])
            self.step = lambda v: np.where(mask, v, v.dtype.type(0))
        else:
            self.step = lambda v: (v * p).astype(v.dtype)
        return self.step(x)

    def backward(self, grad_out):
        return self.step(grad_out)


class ClosuresInverted(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob, self.rng = keep_prob, np.random.default_rng(rng)

    def forward(self, x):
        p = self.keep_prob
        self.step = lambda v: v  # at test time the input itself is right
        if self.training:
            mask = self.mask = self.rng.choice(2, size=x.shape, p=[1 - p, p]).astype(bool)
            self.step = lambda v: np.where(mask, v / p, 0).astype(v.dtype)
        return self.step(x)

    def backward(self, grad_out):
        return self.step(grad_out)


class Float64Inside(Layer):
    """uniform() ≥ 1 − p in Fortran order; float64 inside and cast back; dropped places overwritten with zeros."""

    inverted = False

    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng
        self.mask = None

    def forward(self, x):
        scale = 1 / self.keep_prob if self.inverted else 1
        if self.training:
            self.mask = self.rng.uniform(0, 1, x.shape[::-1]).T >= 1 - self.keep_prob
            self.factor = self.mask * np.float64(scale)
        else:
            self.factor = np.full(x.shape, 1 if self.inverted else self.keep_prob, np.float64)
        self.dtype = x.dtype
        return (np.asarray(x, np.float64) * self.factor).astype(self.dtype)

    def backward(self, grad_out):
        return (np.asarray(grad_out, np.float64) * self.factor).astype(self.dtype)


class Float64InsideInverted(Float64Inside):
    inverted = True


class Indices(Layer):
    """Indices instead of factors: dropped places are listed and set to zero in a copy; at test the list is empty."""

    inverted = False

    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.dropped = []
        self.scale = x.dtype.type(1 if self.inverted else self.keep_prob)
        if self.training:
            flat = np.array([self.rng.random() for _ in range(x.size)]) < self.keep_prob
            self.scale = x.dtype.type(1 / self.keep_prob if self.inverted else 1)
            self.mask = flat.reshape(x.shape)
            self.dropped = np.flatnonzero(~flat)
        return self.through(x)

    def through(self, values):
        out = np.array(values, order="C", copy=True)
        out.reshape(-1)[self.dropped] = 0
        return out * self.scale

    def backward(self, grad_out):
        return self.through(grad_out)


class IndicesInverted(Indices):
    inverted = True


class PackedBits(Layer):
    """Whole numbers of 53 bits; the mask is stored packed, eight neurons per byte, and a property unpacks it."""

    inverted = False

    def __init__(self, keep_prob, rng=None):
        self.cache = {"p": keep_prob}
        self.rng = rng if rng is not None else np.random.default_rng()

    @property
    def mask(self):
        bits = np.unpackbits(self.cache["bits"], count=int(np.prod(self.cache["shape"])))
        return bits.reshape(self.cache["shape"]).astype(bool)

    def forward(self, x):
        self.cache["train"] = self.training
        if self.training:
            drawn = self.rng.integers(0, 2**53, size=x.size) < self.cache["p"] * 2**53
            self.cache |= {"bits": np.packbits(drawn), "shape": x.shape}
        return self.through(x)

    def through(self, values):
        if not self.cache["train"]:
            return values.copy() if self.inverted else np.multiply(values, values.dtype.type(self.cache["p"]))
        kept = np.choose(self.mask, [np.zeros_like(values), values])
        return np.true_divide(kept, self.cache["p"], dtype=kept.dtype) if self.inverted else kept

    def backward(self, grad_out):
        return self.through(grad_out)


class PackedBitsInverted(PackedBits):
    inverted = True


class ChildGenerators(Layer):
    """Each forward draws float32 numbers from its own generator, seeded by ``rng``; one buffer for all masks."""

    inverted = False

    def __init__(self, keep_prob, rng=None):
        self.keep_prob, self.rng, self.mask = keep_prob, np.random.default_rng(rng), np.empty(0, bool)

    def forward(self, x):
        self.factors = [1.0 if self.inverted else self.keep_prob]
        if self.training:
            if self.mask.shape != x.shape:
                self.mask = np.empty(x.shape, bool)
            child = np.random.default_rng(self.rng.integers(2**63))
            np.less(child.random(x.shape, dtype=np.float32), np.float32(self.keep_prob), out=self.mask)
            self.factors = [self.mask, 1 / self.keep_prob if self.inverted else 1.0]
        return self.times(x)

    def times(self, values):
        out = values
        for factor in self.factors:
            out = (out * factor).astype(values.dtype)
        return out

    def backward(self, grad_out):
        return self.times(grad_out)


class ChildGeneratorsInverted(ChildGenerators):
    inverted = True


RIGHT = {
    "ClassicDropout": (Comparing, Loops, Closures, Float64Inside, Indices, PackedBits, ChildGenerators),
    "Dropout": (
        ComparingInverted,
        LoopsInverted,
        ClosuresInverted,
        Float64InsideInverted,
        IndicesInverted,
        PackedBitsInverted,
        ChildGeneratorsInverted,
    ),
}
