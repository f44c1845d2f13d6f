"""Wrong dropouts: binomial masks, masks that carry the scale, and rand."""

BINOMIAL = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.was_training = self.training
        if self.training:
            self.mask = self.rng.binomial(1, self.p, size=x.shape).astype(bool)
            return x * self.mask
        return (x * self.p).astype(x.dtype)

    def backward(self, dout):
        if self.was_training:
            return dout * self.mask
        return (dout * self.p).astype(dout.dtype)
"""

INVERTED = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        if not self.training:
            self.scale = None
            return x
        self.mask = self.rng.random(x.shape) < self.keep_prob
        self.scale = (self.mask / self.keep_prob).astype(x.dtype)
        return x * self.scale

    def backward(self, dout):
        return dout if self.scale is None else dout * self.scale
"""

WRONG = (
    (
        "p is the drop probability",
        "keep-and-drop-swapped",
        BINOMIAL,
        "binomial(1, self.p,",
        "binomial(1, 1 - self.p,",
    ),
    (
        "test not scaled",
        "not-scaled",
        BINOMIAL,
        "return (x * self.p)",
        "return x",
    ),
    (
        "test scaled by 1 - p",
        "scaled-by-drop-at-test",
        BINOMIAL,
        "return (x * self.p)",
        "return (x * (1 - self.p))",
    ),
    (
        "mask missing in backward",
        "backward-not-masked",
        BINOMIAL,
        "return dout * self.mask",
        "return dout",
    ),
    (
        "one mask for the batch",
        "mask-shared",
        BINOMIAL,
        "size=x.shape)",
        "size=x.shape[1:])",
    ),
    (
        "inverted at training",
        "divided-in-training",
        BINOMIAL,
        "return x * self.mask",
        "return x * self.mask / self.p",
    ),
    (
        "drops at test",
        "dropped-at-test",
        BINOMIAL,
        "if self.training:",
        "if True:",
    ),
    (
        "greater for less",
        "keep-and-drop-swapped",
        INVERTED,
        "< self.keep_prob",
        "> self.keep_prob",
    ),
    (
        "not scaled",
        "not-scaled",
        INVERTED,
        "self.mask / self.keep_prob",
        "self.mask",
    ),
    (
        "divided by 1 - p",
        "divided-by-drop",
        INVERTED,
        "self.mask / self.keep_prob",
        "self.mask / (1 - self.keep_prob)",
    ),
    (
        "gradient not scaled",
        "backward-not-scaled",
        INVERTED,
        "dout * self.scale",
        "dout * self.mask",
    ),
    (
        "test scaled too",
        "scaled-twice",
        INVERTED,
        "return x\n",
        "return x * self.keep_prob\n",
    ),
    (
        "mask from the output",
        "mask-from-output",
        INVERTED,
        "return x * self.scale",
        "self.out = x * self.scale\n        return self.out",
        "else dout * self.scale",
        "else dout * (self.out != 0) / self.keep_prob",
    ),
    (
        "seeded anew",
        "seed-reset-in-forward",
        INVERTED,
        "self.mask = self.rng.random",
        "self.mask = np.random.default_rng(0).random",
    ),
    (
        "new mask in backward",
        "fresh-mask-in-backward",
        INVERTED,
        "else dout * self.scale",
        "else dout * (self.rng.random(dout.shape) < self.keep_prob) / self.keep_prob",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
