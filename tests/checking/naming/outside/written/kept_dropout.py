"""More wrong answers of lesson dropout by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "One draw a channel (as Dropout2d): neurons of one map fall together.",
        "mask-shared",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.mode = self.training
        if self.training:
            small = self.rng.random(x.shape[:2]) < self.keep_prob
            small = small.reshape(x.shape[:2] + (1,) * (x.ndim - 2))
            self.mask = np.ones(x.shape, dtype=bool) & small
            return x * self.mask
        return (x * self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if self.mode:
            return grad_out * self.mask
        return (grad_out * self.keep_prob).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: the training pass is divided by p and the test pass is multiplied by p as well; the test gradient lacks the p.",
        "divided-in-training",
        """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()

    def forward(self, x):
        self.t = self.training
        if self.t:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            return (x * self.mask / self.keep_prob).astype(x.dtype)
        else:
            return (x * self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if self.t:
            return (grad_out * self.mask / self.keep_prob).astype(grad_out.dtype)
        return grad_out
""",
    ),
    (
        "The mask has the shape of one sample and is broadcast over the batch: every sample loses the same neurons.",
        "mask-shared",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.train_flag = self.training
        if not self.training:
            return x
        self.mask = self.rng.random(x.shape[1:]) < self.keep_prob
        return (x * self.mask / self.keep_prob).astype(x.dtype)

    def backward(self, grad_out):
        if not self.train_flag:
            return grad_out
        return (grad_out * self.mask / self.keep_prob).astype(grad_out.dtype)
""",
    ),
    (
        "A test forward sets self.mask to all True, although it must leave the mask alone.",
        "mask-changed-at-test",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        if self.training:
            self.mask = self.rng.random(x.shape) < self.keep_prob
            self.scale = 1 / self.keep_prob
        else:
            self.mask = np.ones(x.shape, dtype=bool)
            self.scale = 1.0
        return (x * self.mask * self.scale).astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * self.mask * self.scale).astype(grad_out.dtype)
""",
    ),
    (
        "A new default_rng(0) in every forward 'to repeat the experiment': always the same mask, and rng is ignored.",
        "seed-reset-in-forward",
        """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng

    def forward(self, x):
        self.train_mode = self.training
        if self.training:
            rng = np.random.default_rng(0)
            self.mask = rng.random(x.shape) < self.keep_prob
            out = np.zeros_like(x)
            out[self.mask] = x[self.mask] / self.keep_prob
            return out
        return x

    def backward(self, grad_out):
        if self.train_mode:
            dx = np.zeros_like(grad_out)
            dx[self.mask] = grad_out[self.mask] / self.keep_prob
            return dx
        return grad_out
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
