"""Wrong answers of lesson dropout, written last, without the altered oracles at hand."""

CLASSIC = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.mode = self.training
        if self.mode:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            return x * self.mask
        return (x * self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if self.mode:
            return grad_out * self.mask
        return (grad_out * self.keep_prob).astype(grad_out.dtype)
"""
INVERTED = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng
        self.factor = 1

    def forward(self, x):
        if not self.training:
            self.factor = np.ones(x.shape, x.dtype)
            return x
        self.mask = self.rng.binomial(1, self.keep_prob, size=x.shape).astype(bool)
        self.factor = (self.mask / self.keep_prob).astype(x.dtype)
        return x * self.factor

    def backward(self, grad_out):
        return grad_out * self.factor
"""

WRONG = (
    (
        "drops with p",
        "keep-and-drop-swapped",
        CLASSIC,
        "self.rng.random(x.shape) < self.keep_prob",
        "self.rng.random(x.shape) > self.keep_prob",
    ),
    (
        "normal numbers",
        "keep-prob-not-used",
        CLASSIC,
        "self.rng.random(x.shape) <",
        "self.rng.standard_normal(x.shape) <",
    ),
    (
        "a mask per sample",
        "mask-shared",
        CLASSIC,
        "self.rng.random(x.shape) <",
        "self.rng.random((len(x),) + (1,) * (x.ndim - 1)) + 0 * x <",
    ),
    (
        "a mask for the batch",
        "mask-shared",
        CLASSIC,
        "self.rng.random(x.shape) <",
        "self.rng.random(x.shape[1:]) + 0 * x <",
    ),
    ("divided at test", "divided-at-test", CLASSIC, "return (x * self.keep_prob)", "return (x / self.keep_prob)"),
    (
        "1 - p at test",
        "scaled-by-drop-at-test",
        CLASSIC,
        "return (x * self.keep_prob)",
        "return (x * (1 - self.keep_prob))",
    ),
    ("no scale at test", "not-scaled", CLASSIC, "return (x * self.keep_prob).astype(x.dtype)", "return x"),
    (
        "scaled in training too",
        "multiplied-in-training",
        CLASSIC,
        "return x * self.mask",
        "return (x * self.mask * self.keep_prob).astype(x.dtype)",
    ),
    (
        "backward without test's p",
        "test-backward-not-scaled",
        CLASSIC,
        "return (grad_out * self.keep_prob).astype(grad_out.dtype)",
        "return grad_out",
    ),
    (
        "backward looks at training",
        "mode-asked-in-backward",
        CLASSIC,
        "    def backward(self, grad_out):\n        if self.mode:",
        "    def backward(self, grad_out):\n        if self.training:",
    ),
    (
        "a new mask in backward",
        "fresh-mask-in-backward",
        CLASSIC,
        "return grad_out * self.mask",
        "return grad_out * (self.rng.random(grad_out.shape) < self.keep_prob)",
    ),
    ("numpy's global generator", "mask-not-from-rng", CLASSIC, "self.rng.random(x.shape)", "np.random.rand(*x.shape)"),
    (
        "own generator",
        "mask-not-from-rng",
        CLASSIC,
        "np.random.default_rng() if rng is None else rng",
        "np.random.default_rng(0)",
    ),
    (
        "mask of floats",
        "mask-not-bool",
        CLASSIC,
        "< self.keep_prob\n",
        "< self.keep_prob\n            self.mask = self.mask.astype(x.dtype)\n",
    ),
    (
        "divided by 1 - p",
        "divided-by-drop",
        INVERTED,
        "self.mask / self.keep_prob",
        "self.mask / max(1 - self.keep_prob, 0.05)",
    ),
    ("multiplied by p", "multiplied-in-training", INVERTED, "self.mask / self.keep_prob", "self.mask * self.keep_prob"),
    ("no scale", "not-scaled", INVERTED, "self.mask / self.keep_prob", "self.mask"),
    ("root of p", "factor-wrong", INVERTED, "self.mask / self.keep_prob", "self.mask / np.sqrt(self.keep_prob)"),
    (
        "scale lost in backward",
        "backward-not-scaled",
        INVERTED,
        "return grad_out * self.factor",
        "return grad_out * (self.factor != 0)",
    ),
    (
        "measured share",
        "divided-by-measured-share",
        INVERTED,
        "self.mask / self.keep_prob",
        "self.mask / max(self.mask.mean(), 1e-9)",
    ),
    (
        "two at a time",
        "keep-and-drop-swapped",
        INVERTED,
        "self.keep_prob, size=x.shape)",
        "1 - self.keep_prob, size=x.shape)",
    ),
    (
        "scaled at test",
        "scaled-twice",
        INVERTED,
        "            return x\n",
        "            return (x * self.keep_prob).astype(x.dtype)\n",
    ),
    (
        "mask drawn once",
        "mask-drawn-once",
        INVERTED,
        "        self.mask = self.rng.binomial(1, self.keep_prob, size=x.shape).astype(bool)",
        "        if getattr(self, 'mask', None) is None or self.mask.shape != x.shape:\n            self.mask = self.rng.binomial(1, self.keep_prob, size=x.shape).astype(bool)",
    ),
    ("drops at test too", "dropped-at-test", INVERTED, "if not self.training:", "if False:"),
    (
        "test forgets its factor",
        "masked-at-test",
        INVERTED,
        "            self.factor = np.ones(x.shape, x.dtype)\n",
        "",
    ),
    (
        "test's mask of ones",
        "mask-changed-at-test",
        INVERTED,
        "            self.factor = np.ones(x.shape, x.dtype)\n",
        "            self.factor = np.ones(x.shape, x.dtype)\n            self.mask = np.ones(x.shape, bool)\n",
    ),
    ("zero where kept", "array-wrong", INVERTED, "return x * self.factor\n", "return x - x * self.factor\n"),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
