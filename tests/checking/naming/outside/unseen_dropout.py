"""Wrong answers of lesson dropout, written without the altered oracles at hand, after the relations."""

DROP2 = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.on = self.training
        if not self.on:
            return x
        self.mask = self.rng.random(size=x.shape) < self.keep_prob
        return np.where(self.mask, x / self.keep_prob, 0).astype(x.dtype)

    def backward(self, g):
        if not self.on:
            return g
        return np.where(self.mask, g / self.keep_prob, 0).astype(g.dtype)
"""

WRONG = (
    (
        "keeps exactly where larger",
        "keep-and-drop-swapped",
        DROP2,
        "size=x.shape) < self.keep_prob",
        "size=x.shape) > self.keep_prob",
    ),
    ("scales by 1+p", "", DROP2, "x / self.keep_prob, 0)", "x * (1 + self.keep_prob), 0)"),
    ("dropped to gradient 1", "", DROP2, "g / self.keep_prob, 0)", "g / self.keep_prob, g)"),
)
