"""Wrong answers of lesson dropout, written without the altered oracles at hand."""

CLASSIC = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng
        self.mask = None

    def forward(self, x):
        self.was_training = self.training
        if self.training:
            self.mask = self.rng.uniform(size=x.shape) < self.keep_prob
            return np.where(self.mask, x, 0).astype(x.dtype)
        return (x * self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if self.was_training:
            return grad_out * self.mask
        return (grad_out * self.keep_prob).astype(grad_out.dtype)
"""
DROPOUT = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng
        self.mask = None

    def forward(self, x):
        if not self.training:
            self.scale = None
            return x
        self.mask = self.rng.random(x.shape) < self.p
        self.scale = (self.mask / self.p).astype(x.dtype)
        return self.scale * x

    def backward(self, grad_out):
        if self.scale is None:
            return grad_out
        return grad_out * self.scale
"""

WRONG = (
    ("keeps 1 - p", "keep-and-drop-swapped", CLASSIC, "< self.keep_prob", "> self.keep_prob"),
    ("test unscaled", "not-scaled", CLASSIC, "return (x * self.keep_prob)", "return (x * 1)"),
    (
        "test backward unscaled",
        "test-backward-not-scaled",
        CLASSIC,
        "return (grad_out * self.keep_prob)",
        "return (grad_out * 1)",
    ),
    ("divides at test", "divided-at-test", CLASSIC, "return (x * self.keep_prob)", "return (x / self.keep_prob)"),
    (
        "new mask in backward",
        "fresh-mask-in-backward",
        CLASSIC,
        "return grad_out * self.mask",
        "return grad_out * (self.rng.uniform(size=grad_out.shape) < self.keep_prob)",
    ),
    ("divided by 1 - p", "divided-by-drop", DROPOUT, "self.mask / self.p", "self.mask / (1 - self.p + 1e-12)"),
    ("scaled by p", "multiplied-in-training", DROPOUT, "self.mask / self.p", "self.mask * self.p"),
    (
        "mask per column",
        "mask-shared",
        DROPOUT,
        "self.rng.random(x.shape) < self.p",
        "np.broadcast_to(self.rng.random(x.shape[1:]) < self.p, x.shape)",
    ),
    (
        "gaussian noise",
        "keep-prob-not-used",
        DROPOUT,
        "self.rng.random(x.shape) < self.p",
        "self.rng.standard_normal(x.shape) < self.p",
    ),
    (
        "backward not scaled",
        "backward-not-scaled",
        DROPOUT,
        "return grad_out * self.scale",
        "return grad_out * self.mask",
    ),
    ("test scaled by p", "scaled-twice", DROPOUT, "            return x\n", "            return x * self.p\n"),
)
