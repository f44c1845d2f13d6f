"""Wrong answers of lesson dropout, written before the names of this room were known."""

CLASSIC = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.mode = self.training
        if self.training:
            self.mask = self.rng.uniform(size=x.shape) < self.p
            return np.where(self.mask, x, 0).astype(x.dtype)
        return (self.p * x).astype(x.dtype)

    def backward(self, grad):
        if self.mode:
            return np.where(self.mask, grad, 0).astype(grad.dtype)
        return (self.p * grad).astype(grad.dtype)
"""
INVERTED = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.was_training = self.training
        if not self.training:
            return x
        self.mask = self.rng.random(x.shape) < self.keep_prob
        out = x / self.keep_prob
        out[~self.mask] = 0
        return out.astype(x.dtype)

    def backward(self, dout):
        if not self.was_training:
            return dout
        dx = dout * self.mask
        dx = dx / self.keep_prob
        return dx.astype(dout.dtype)
"""

WRONG = (
    (
        "drops with p",
        "keep-and-drop-swapped",
        CLASSIC,
        "self.rng.uniform(size=x.shape) < self.p",
        "self.rng.uniform(size=x.shape) > self.p",
    ),
    (
        "inverted at test",
        "divided-at-test",
        CLASSIC,
        "return (self.p * x).astype(x.dtype)",
        "return (x / self.p).astype(x.dtype)",
    ),
    (
        "gradient unscaled at test",
        "test-backward-not-scaled",
        CLASSIC,
        "return (self.p * grad).astype(grad.dtype)",
        "return grad",
    ),
    (
        "test as training expectation of zeros",
        "scaled-by-drop-at-test",
        CLASSIC,
        "return (self.p * x).astype(x.dtype)",
        "return ((1 - self.p) * x).astype(x.dtype)",
    ),
    (
        "a mask for a row",
        "mask-shared",
        CLASSIC,
        "self.rng.uniform(size=x.shape) < self.p",
        "np.broadcast_to(self.rng.uniform(size=(len(x),) + (1,) * (x.ndim - 1)) < self.p, x.shape)",
    ),
    (
        "scaled by the share that is kept",
        "divided-by-measured-share",
        INVERTED,
        "out = x / self.keep_prob",
        "out = x / self.mask.mean()",
    ),
    ("gradient not scaled", "backward-not-scaled", INVERTED, "        dx = dx / self.keep_prob\n", ""),
    ("kept ones are dropped", "mask-means-dropped", INVERTED, "out[~self.mask] = 0", "out[self.mask] = 0"),
    ("torch's p", "warning", INVERTED, "self.keep_prob = keep_prob", "self.keep_prob = 1 - keep_prob"),
    (
        "a new mask in backward",
        "fresh-mask-in-backward",
        INVERTED,
        "dx = dout * self.mask",
        "dx = dout * (self.rng.random(dout.shape) < self.keep_prob)",
    ),
    (
        "multiplied for divided",
        "multiplied-in-training",
        INVERTED,
        "out = x / self.keep_prob",
        "out = x * self.keep_prob",
    ),
    (
        "gaussian noise",
        "keep-prob-not-used",
        INVERTED,
        "self.rng.random(x.shape) < self.keep_prob",
        "self.rng.standard_normal(x.shape) < self.keep_prob",
    ),
    (
        "seeded each time",
        "seed-reset-in-forward",
        INVERTED,
        "self.mask = self.rng.random(x.shape)",
        "self.mask = np.random.default_rng(0).random(x.shape)",
    ),
    (
        "a fixed number is dropped",
        "mask-exact-count",
        INVERTED,
        "self.mask = self.rng.random(x.shape) < self.keep_prob",
        "order = self.rng.permutation(x.size)\n        self.mask = (order < round(self.keep_prob * x.size)).reshape(x.shape)",
    ),
    (
        "where x is not zero",
        "function-added",
        INVERTED,
        "dx = dout * self.mask",
        "dx = dout * (self.mask & (dout > 0))",
    ),
)
