"""Wrong answers of lesson dropout by an author who had not seen the checks."""

WRONG = (
    (
        "At test the input is returned unchanged (the inverted variant) instead of multiplied by p.",
        "not-scaled",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.was_training = self.training
        if self.training:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            return x * self.mask
        return x

    def backward(self, grad_out):
        if self.was_training:
            return grad_out * self.mask
        return grad_out
""",
    ),
    (
        "Reads p as torch does, as the probability to drop: the mask keeps with 1 − p.",
        "keep-and-drop-swapped",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        if rng is None:
            rng = np.random.default_rng()
        self.rng = rng

    def forward(self, x):
        self.mode = self.training
        if self.mode:
            self.mask = self.rng.random(x.shape) > self.p
            return x * self.mask
        return (x * self.p).astype(x.dtype)

    def backward(self, grad_out):
        if self.mode:
            return grad_out * self.mask
        return (grad_out * self.p).astype(grad_out.dtype)
""",
    ),
    (
        "Backward always multiplies by the last training mask, also after a test forward.",
        "masked-at-test",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng
        self.mask = None

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            return np.where(self.mask, x, 0).astype(x.dtype)
        else:
            return x * x.dtype.type(self.keep_prob)

    def backward(self, grad_out):
        if self.mask is None:
            return grad_out * grad_out.dtype.type(self.keep_prob)
        return grad_out * self.mask.astype(grad_out.dtype)
""",
    ),
    (
        "The mask is drawn at the first forward and kept: later batches get the same one.",
        "mask-drawn-once",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()
        self.mask = None
        self.scale = None

    def forward(self, x):
        if self.training:
            if self.mask is None or self.mask.shape != x.shape:
                self.mask = self.rng.binomial(1, self.keep_prob, size=x.shape).astype(bool)
            self.scale = self.mask.astype(x.dtype)
        else:
            self.scale = x.dtype.type(self.keep_prob)
        return x * self.scale

    def backward(self, grad_out):
        return grad_out * self.scale
""",
    ),
    (
        "Divides by 1 − p as in torch's formula, although p is here the probability to keep.",
        "divided-by-drop",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()
        self.factor = None

    def forward(self, x):
        if not self.training:
            self.factor = np.ones_like(x)
            return x
        self.mask = self.rng.random(x.shape) < self.keep_prob
        if self.keep_prob < 1:
            self.factor = self.mask.astype(x.dtype) / x.dtype.type(1 - self.keep_prob)
        else:
            self.factor = self.mask.astype(x.dtype)
        return x * self.factor

    def backward(self, grad_out):
        return grad_out * self.factor
""",
    ),
    (
        "Backward multiplies by the mask but forgets the 1/p.",
        "backward-not-scaled",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.train_mode = self.training
        if self.training:
            self.mask = self.rng.uniform(size=x.shape) < self.p
            return (x * self.mask / self.p).astype(x.dtype)
        return x

    def backward(self, grad_out):
        if self.train_mode:
            return grad_out * self.mask
        return grad_out
""",
    ),
    (
        "Backward draws a fresh mask instead of using the one of the forward.",
        "fresh-mask-in-backward",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def make_mask(self, shape):
        return self.rng.random(shape) < self.keep_prob

    def forward(self, x):
        self.is_train = self.training
        if self.is_train:
            self.mask = self.make_mask(x.shape)
            return (x * self.mask / self.keep_prob).astype(x.dtype)
        return x

    def backward(self, grad_out):
        if self.is_train:
            return (grad_out * self.make_mask(grad_out.shape) / self.keep_prob).astype(grad_out.dtype)
        return grad_out
""",
    ),
    (
        "Two mistakes: draws from np.random and ignores the given rng, and the mask is a scaled float array instead of bool.",
        "mask-not-bool",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng

    def forward(self, x):
        self.trained = self.training
        if self.training:
            self.mask = (np.random.rand(*x.shape) < self.keep_prob) / self.keep_prob
            return (x * self.mask).astype(x.dtype)
        return x

    def backward(self, grad_out):
        if self.trained:
            return (grad_out * self.mask).astype(grad_out.dtype)
        return grad_out
""",
    ),
    (
        "Backward asks self.training now, not the mode of the forward it belongs to.",
        "mode-asked-in-backward",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        if rng is None:
            self.rng = np.random.default_rng()
        else:
            self.rng = rng

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            out = x * self.mask
            out /= self.keep_prob
            return out
        return x

    def backward(self, grad_out):
        if self.training:
            g = grad_out * self.mask
            g /= self.keep_prob
            return g
        return grad_out
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
