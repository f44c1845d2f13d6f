"""Wrong dropout: masks by binomial, choice and loops, scales in the mask, names of other libraries."""

CLASSIC_BINOMIAL = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.p = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        self.was_training = self.training
        if self.training:
            self.mask = self.rng.binomial(1, self.p, size=x.shape).astype(bool)
            return x * self.mask
        return (x * self.p).astype(x.dtype)

    def backward(self, grad_out):
        if self.was_training:
            return grad_out * self.mask
        return (grad_out * self.p).astype(grad_out.dtype)
"""

CLASSIC_LOOP = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()

    def forward(self, x):
        if not self.training:
            self.factor = np.full(x.shape, self.keep_prob, x.dtype)
        else:
            self.mask = np.zeros(x.shape, dtype=bool)
            for index in np.ndindex(x.shape):
                self.mask[index] = self.rng.random() < self.keep_prob
            self.factor = self.mask.astype(x.dtype)
        return x * self.factor

    def backward(self, grad_out):
        return grad_out * self.factor
"""

CLASSIC_RUSSIAN = """
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.вероятность = keep_prob
        self.генератор = np.random.default_rng() if rng is None else rng

    def forward(self, x):
        self.обучение = self.training
        if self.обучение:
            случайные = self.генератор.random(x.shape)
            self.mask = случайные < self.вероятность
            ответ = np.where(self.mask, x, 0)
        else:
            ответ = x * self.вероятность
        return ответ.astype(x.dtype)

    def backward(self, grad):
        if self.обучение:
            return np.where(self.mask, grad, 0).astype(grad.dtype)
        return (grad * self.вероятность).astype(grad.dtype)
"""

INVERTED_CACHE = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.dropout_param = {"p": keep_prob, "rng": np.random.default_rng() if rng is None else rng}

    def forward(self, x):
        p = self.dropout_param["p"]
        if self.training:
            self.mask = self.dropout_param["rng"].random(x.shape) < p
            scaled = self.mask / p
            out = x * scaled
        else:
            scaled, out = None, x
        self.cache = scaled
        return out.astype(x.dtype, copy=False)

    def backward(self, dout):
        scaled = self.cache
        if scaled is None:
            return dout
        return (dout * scaled).astype(dout.dtype)
"""

INVERTED_UNIFORM = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        super().__init__()
        self.keep = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()
        self.scale = 1.0

    def forward(self, x):
        self.last = self.training
        if self.last:
            self.mask = self.rng.uniform(0, 1, x.shape) >= 1 - self.keep
            self.scale = 1 / self.keep
            y = x.copy()
            y[~self.mask] = 0
            y *= self.scale
            return y
        return x

    def backward(self, grad_output):
        if not self.last:
            return grad_output
        g = grad_output.copy()
        g[~self.mask] = 0
        g *= self.scale
        return g
"""

INVERTED_CHOICE = """
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = rng if rng is not None else np.random.default_rng()

    def forward(self, x):
        if self.training:
            self.mask = self.rng.choice([True, False], size=x.shape, p=[self.keep_prob, 1 - self.keep_prob])
            self.k = np.where(self.mask, 1 / self.keep_prob, 0).astype(x.dtype)
        else:
            self.k = np.ones_like(x)
        return self.k * x

    def backward(self, grad_out):
        return self.k * grad_out
"""

WRONG = (
    (
        "p is the probability to drop",
        "keep-and-drop-swapped",
        CLASSIC_BINOMIAL,
        "binomial(1, self.p,",
        "binomial(1, 1 - self.p,",
    ),
    ("mask for a row of neurons", "mask-shared", CLASSIC_BINOMIAL, "size=x.shape)", "size=x.shape)[0]"),
    ("divided in test", "divided-at-test", CLASSIC_BINOMIAL, "return (x * self.p)", "return (x / self.p)"),
    (
        "inverted in training",
        "divided-in-training",
        CLASSIC_BINOMIAL,
        "return x * self.mask",
        "return (x * self.mask / self.p).astype(x.dtype)",
    ),
    ("test returns x", "not-scaled", CLASSIC_BINOMIAL, "return (x * self.p).astype(x.dtype)", "return x"),
    (
        "test gradient unscaled",
        "test-backward-not-scaled",
        CLASSIC_BINOMIAL,
        "return (grad_out * self.p).astype(grad_out.dtype)",
        "return grad_out",
    ),
    (
        "test multiplied by 1 - p",
        "scaled-by-drop-at-test",
        CLASSIC_BINOMIAL,
        "return (x * self.p)",
        "return (x * (1 - self.p))",
    ),
    ("mode read in backward", "mode-asked-in-backward", CLASSIC_BINOMIAL, "if self.was_training:", "if self.training:"),
    (
        "backward without the mask",
        "backward-not-masked",
        CLASSIC_BINOMIAL,
        "return grad_out * self.mask",
        "return grad_out",
    ),
    (
        "seeded anew in each forward",
        "seed-reset-in-forward",
        CLASSIC_BINOMIAL,
        "            self.mask = self.rng",
        "            self.rng = np.random.default_rng(0)\n            self.mask = self.rng",
    ),
    ("mask as floats", "mask-not-bool", CLASSIC_BINOMIAL, ".astype(bool)", ".astype(x.dtype)"),
    ("the global generator", "mask-not-from-rng", CLASSIC_LOOP, "self.rng.random() <", "np.random.rand() <"),
    (
        "one draw for the batch",
        "mask-shared",
        CLASSIC_LOOP,
        "            for index in np.ndindex(x.shape):\n                self.mask[index] = self.rng.random() < self.keep_prob",
        "            self.mask[:] = self.rng.random(x.shape[1:]) < self.keep_prob",
    ),
    ("draws kept where above p", "keep-and-drop-swapped", CLASSIC_LOOP, "< self.keep_prob", "> self.keep_prob"),
    ("fixed at one half", "keep-prob-not-used", CLASSIC_LOOP, "< self.keep_prob", "< 0.5"),
    ("dropout at test, too", "dropped-at-test", CLASSIC_LOOP, "if not self.training:", "if False:"),
    ("never in training", "mask-not-kept", CLASSIC_LOOP, "if not self.training:", "if self.training:"),
    (
        "a new mask in backward",
        "fresh-mask-in-backward",
        CLASSIC_LOOP,
        "return grad_out * self.factor",
        "return grad_out * (self.rng.random(grad_out.shape) < self.keep_prob)",
    ),
    (
        "mask drawn once",
        "mask-drawn-once",
        CLASSIC_RUSSIAN,
        "            self.mask = случайные < self.вероятность",
        "            if not hasattr(self, 'mask') or self.mask.shape != x.shape:\n                self.mask = случайные < self.вероятность",
    ),
    (
        "mask inverted in backward",
        "backward-mask-inverted",
        CLASSIC_RUSSIAN,
        "np.where(self.mask, grad, 0)",
        "np.where(self.mask, 0, grad)",
    ),
    (
        "normal numbers",
        "keep-prob-not-used",
        CLASSIC_RUSSIAN,
        "self.генератор.random(x.shape)",
        "self.генератор.normal(size=x.shape)",
    ),
    ("ones for dropped", "dropped-not-zero", CLASSIC_RUSSIAN, "np.where(self.mask, x, 0)", "np.where(self.mask, x, 1)"),
    (
        "mask where x is positive",
        "dropped-not-zero",
        CLASSIC_RUSSIAN,
        "np.where(self.mask, grad, 0)",
        "np.where(self.mask, grad, grad * self.вероятность)",
    ),
    (
        "mask per channel",
        "mask-shared",
        CLASSIC_RUSSIAN,
        "self.генератор.random(x.shape)",
        "np.broadcast_to(self.генератор.random(x.shape[:2] + (1,) * (x.ndim - 2)), x.shape)",
    ),
    ("not scaled", "not-scaled", INVERTED_CACHE, "scaled = self.mask / p", "scaled = self.mask * 1.0"),
    (
        "divided by 1 - p",
        "divided-by-drop",
        INVERTED_CACHE,
        "scaled = self.mask / p",
        "scaled = self.mask / (1 - p + 1e-9)",
    ),
    ("multiplied by p", "multiplied-in-training", INVERTED_CACHE, "scaled = self.mask / p", "scaled = self.mask * p"),
    (
        "keeps with 1 - p, scales by p",
        "keep-and-drop-swapped",
        INVERTED_CACHE,
        "random(x.shape) < p",
        "random(x.shape) > p",
    ),
    (
        "torch's p",
        "keep-and-drop-swapped",
        INVERTED_CACHE,
        'p = self.dropout_param["p"]',
        'p = 1 - self.dropout_param["p"] + 1e-12',
    ),
    ("scaled in test", "scaled-twice", INVERTED_CACHE, "scaled, out = None, x", "scaled, out = None, x * p"),
    (
        "scale lost in backward",
        "backward-not-scaled",
        INVERTED_CACHE,
        "return (dout * scaled)",
        "return (dout * (scaled > 0))",
    ),
    (
        "scale twice in backward",
        "name-undefined",
        INVERTED_CACHE,
        "return (dout * scaled)",
        "return (dout * scaled / p)",
    ),
    (
        "the mask holds the scale",
        "mask-not-bool",
        INVERTED_CACHE,
        '            self.mask = self.dropout_param["rng"].random(x.shape) < p\n            scaled = self.mask / p',
        '            self.mask = scaled = (self.dropout_param["rng"].random(x.shape) < p) / p',
    ),
    (
        "whole mean preserved",
        "divided-by-measured-share",
        INVERTED_CACHE,
        "scaled = self.mask / p",
        "scaled = self.mask / max(self.mask.mean(), 1e-9)",
    ),
    (
        "test forward makes ones of the mask",
        "mask-changed-at-test",
        INVERTED_CACHE,
        "scaled, out = None, x",
        "scaled, out = None, x\n            self.mask = np.ones(x.shape, bool)",
    ),
    ("x is changed", "input-changed", INVERTED_UNIFORM, "y = x.copy()", "y = x"),
    ("g is changed", "input-changed", INVERTED_UNIFORM, "g = grad_output.copy()", "g = grad_output"),
    (
        "dropped are kept",
        "mask-means-dropped",
        INVERTED_UNIFORM,
        "            y[~self.mask] = 0",
        "            y[self.mask] = 0",
    ),
    ("wrong border", "keep-and-drop-swapped", INVERTED_UNIFORM, ">= 1 - self.keep", ">= self.keep"),
    (
        "a copy of the generator",
        "seed-reset-in-forward",
        INVERTED_UNIFORM,
        "self.rng.uniform(0, 1, x.shape)",
        "__import__('copy').deepcopy(self.rng).uniform(0, 1, x.shape)",
    ),
    (
        "exact share kept",
        "mask-exact-count",
        INVERTED_UNIFORM,
        "self.mask = self.rng.uniform(0, 1, x.shape) >= 1 - self.keep",
        "self.mask = self.rng.permutation(x.size).reshape(x.shape) < round(self.keep * x.size)",
    ),
    (
        "scale squared",
        "divided-twice",
        INVERTED_UNIFORM,
        "self.scale = 1 / self.keep",
        "self.scale = 1 / self.keep ** 2",
    ),
    (
        "scale by the root",
        "factor-wrong",
        INVERTED_UNIFORM,
        "self.scale = 1 / self.keep",
        "self.scale = 1 / self.keep ** 0.5",
    ),
    (
        "scale kept in test mode's backward",
        "masked-at-test",
        INVERTED_UNIFORM,
        "        if not self.last:\n            return grad_output\n",
        "",
    ),
    (
        "probabilities exchanged in choice",
        "keep-and-drop-swapped",
        INVERTED_CHOICE,
        "p=[self.keep_prob, 1 - self.keep_prob]",
        "p=[1 - self.keep_prob, self.keep_prob]",
    ),
    ("choice without p", "keep-prob-not-used", INVERTED_CHOICE, ", p=[self.keep_prob, 1 - self.keep_prob]", ""),
    (
        "k of x in backward",
        "backward-scaled",
        INVERTED_CHOICE,
        "return self.k * grad_out",
        "return self.k * grad_out * (self.k != 0) / self.keep_prob",
    ),
    (
        "test at p",
        "scaled-twice",
        INVERTED_CHOICE,
        "self.k = np.ones_like(x)",
        "self.k = np.full_like(x, self.keep_prob)",
    ),
    ("test drops all", "zeros-returned", INVERTED_CHOICE, "self.k = np.ones_like(x)", "self.k = np.zeros_like(x)"),
)
