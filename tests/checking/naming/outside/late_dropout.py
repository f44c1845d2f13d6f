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
    ("drops with p", "", CLASSIC, "self.rng.uniform(size=x.shape) < self.p", "self.rng.uniform(size=x.shape) > self.p"),
    ("inverted at test", "", CLASSIC, "return (self.p * x).astype(x.dtype)", "return (x / self.p).astype(x.dtype)"),
    ("gradient unscaled at test", "", CLASSIC, "return (self.p * grad).astype(grad.dtype)", "return grad"),
    (
        "test as training expectation of zeros",
        "",
        CLASSIC,
        "return (self.p * x).astype(x.dtype)",
        "return ((1 - self.p) * x).astype(x.dtype)",
    ),
    (
        "a mask for a row",
        "",
        CLASSIC,
        "self.rng.uniform(size=x.shape) < self.p",
        "np.broadcast_to(self.rng.uniform(size=(len(x),) + (1,) * (x.ndim - 1)) < self.p, x.shape)",
    ),
    ("scaled by the share that is kept", "", INVERTED, "out = x / self.keep_prob", "out = x / self.mask.mean()"),
    ("gradient not scaled", "", INVERTED, "        dx = dx / self.keep_prob\n", ""),
    ("kept ones are dropped", "", INVERTED, "out[~self.mask] = 0", "out[self.mask] = 0"),
    ("torch's p", "", INVERTED, "self.keep_prob = keep_prob", "self.keep_prob = 1 - keep_prob"),
    (
        "a new mask in backward",
        "",
        INVERTED,
        "dx = dout * self.mask",
        "dx = dout * (self.rng.random(dout.shape) < self.keep_prob)",
    ),
    ("multiplied for divided", "", INVERTED, "out = x / self.keep_prob", "out = x * self.keep_prob"),
    (
        "gaussian noise",
        "",
        INVERTED,
        "self.rng.random(x.shape) < self.keep_prob",
        "self.rng.standard_normal(x.shape) < self.keep_prob",
    ),
    (
        "seeded each time",
        "",
        INVERTED,
        "self.mask = self.rng.random(x.shape)",
        "self.mask = np.random.default_rng(0).random(x.shape)",
    ),
    (
        "a fixed number is dropped",
        "",
        INVERTED,
        "self.mask = self.rng.random(x.shape) < self.keep_prob",
        "order = self.rng.permutation(x.size)\n        self.mask = (order < round(self.keep_prob * x.size)).reshape(x.shape)",
    ),
    ("where x is not zero", "", INVERTED, "dx = dout * self.mask", "dx = dout * (self.mask & (dout > 0))"),
)
