"""Right answers of lesson dropout in unusual styles."""

RIGHT = (
    (
        "np.where with the mask, the mode remembered as a factor object.",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = float(keep_prob)
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(size=x.shape) < self.keep_prob
            keep = self.mask
            self.pull = lambda g: np.where(keep, g, np.zeros((), g.dtype))
        else:
            self.pull = lambda g: g * g.dtype.type(self.keep_prob)
        return self.pull(x)

    def backward(self, grad_out):
        return self.pull(grad_out)
""",
    ),
    (
        "The mask by rng.choice([True, False], p=...).",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()
        self.mask = None

    def forward(self, x):
        if not self.training:
            self.last = self.keep_prob
        else:
            self.mask = self.rng.choice([True, False], size=x.shape, p=[self.keep_prob, 1 - self.keep_prob])
            self.last = self.mask
        return np.multiply(x, self.last).astype(x.dtype)

    def backward(self, grad_out):
        return np.multiply(grad_out, self.last).astype(grad_out.dtype)
""",
    ),
    (
        "Draws who is dropped (u ≥ p) and zeroes them in a copy.",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.gen = rng if rng is not None else np.random.default_rng()
        self.was_train = True

    def forward(self, x):
        self.was_train = bool(self.training)
        y = x.copy()
        if self.was_train:
            dropped = self.gen.uniform(0, 1, x.shape) >= self.p
            self.mask = np.logical_not(dropped)
            y[dropped] = 0
        else:
            y *= self.p
        return y

    def backward(self, grad_out):
        g = grad_out.copy()
        if self.was_train:
            g[~self.mask] = 0
        else:
            g *= self.p
        return g
""",
    ),
    (
        "Keeps one factor array (mask / p) beside the bool mask; None stands for test mode.",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()
        self.factor = None

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            self.factor = np.divide(self.mask, self.keep_prob).astype(x.dtype)
        else:
            self.factor = None
        return x if self.factor is None else x * self.factor

    def backward(self, grad_out):
        return grad_out if self.factor is None else grad_out * self.factor
""",
    ),
    (
        "rng.binomial for the mask, flat and reshaped; division with out= and where=.",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def _apply(self, a):
        out = np.zeros(a.shape, a.dtype)
        np.divide(a, a.dtype.type(self.keep_prob), out=out, where=self.mask)
        return out

    def forward(self, x):
        self.on = self.training
        if self.on:
            self.mask = self.rng.binomial(1, self.keep_prob, size=x.size).reshape(x.shape).astype(bool)
            return self._apply(x)
        return x.view()

    def backward(self, grad_out):
        return self._apply(grad_out) if self.on else grad_out
""",
    ),
    (
        "Seeds a generator of its own from the given one at construction, float32 uniforms.",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        if rng is None:
            rng = np.random.default_rng()
        self._own = np.random.default_rng(rng.integers(2**63))
        self.mask = None
        self._mode = "test"

    def forward(self, x):
        self._mode = "train" if self.training else "test"
        if self._mode == "test":
            return x
        self.mask = self._own.random(x.shape, dtype=np.float32) < self.keep_prob
        return (x * self.mask / self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if self._mode == "test":
            return grad_out
        return (grad_out * self.mask / self.keep_prob).astype(grad_out.dtype)
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
