"""Wrong answers of lesson linear, written last, without the altered oracles at hand."""

FLATTEN = """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), np.prod(x.shape[1:]))

    def backward(self, grad_out):
        return grad_out.reshape(self.shape)
"""
LINEAR = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.standard_normal((out_features, in_features)) * np.sqrt(2.0 / in_features)
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        out = x @ self.params["weight"].T
        out = out + self.params["bias"]
        return out.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = np.einsum("no,ni->oi", grad_out, self.x)
        self.grads["bias"] = np.sum(grad_out, axis=0)
        return (grad_out @ self.params["weight"]).astype(self.x.dtype)
"""
SOFTMAX = """
class Softmax(Layer):
    def forward(self, x):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        exps = np.exp(shifted)
        self.s = exps / np.sum(exps, axis=-1, keepdims=True)
        return self.s.copy()

    def backward(self, grad_out):
        s, g = self.s.reshape(-1, self.s.shape[-1]), grad_out.reshape(-1, self.s.shape[-1])
        dx = np.empty_like(s)
        for i in range(len(s)):
            jac = np.diag(s[i]) - np.outer(s[i], s[i])
            dx[i] = jac @ g[i]
        return dx.reshape(self.s.shape)
"""
LOSS = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        m = logits.max(axis=1, keepdims=True)
        lse = m + np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
        self.log_p = logits - lse
        self.labels = labels.astype(np.int64)
        self.n = len(labels)
        return -self.log_p[np.arange(self.n), self.labels].mean()

    def backward(self):
        d = np.exp(self.log_p)
        d[np.arange(self.n), self.labels] -= 1
        return d / self.n
"""
GAP = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        n, c, h, w = x.shape
        return x.reshape(n, c, h * w).mean(axis=2)

    def backward(self, grad_out):
        n, c, h, w = self.shape
        return np.repeat(grad_out / (h * w), h * w, axis=1).reshape(self.shape).astype(grad_out.dtype)
"""
COUNT = """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for name, value in layer.params.items():
            total += int(np.prod(value.shape, dtype=np.int64))
    return total
"""

WRONG = (
    ("batch flattened too", "batch-flattened", FLATTEN, "x.reshape(len(x), np.prod(x.shape[1:]))", "x.reshape(-1)"),
    (
        "channels last",
        "channels-last",
        FLATTEN,
        "return x.reshape(len(x), ",
        "return x.transpose(0, 2, 3, 1).reshape(len(x), ",
    ),
    (
        "features first",
        "flattened-transposed",
        FLATTEN,
        "x.reshape(len(x), np.prod(x.shape[1:]))",
        "x.reshape(len(x), -1).T",
    ),
    (
        "transposed reshape",
        "axes-exchanged",
        FLATTEN,
        "grad_out.reshape(self.shape)",
        "grad_out.reshape(self.shape[0], self.shape[1], self.shape[3], self.shape[2]).transpose(0, 1, 3, 2)",
    ),
    (
        "reshape for transpose",
        "another-formula",
        LINEAR,
        '@ self.params["weight"].T',
        '@ self.params["weight"].reshape(x.shape[1], -1)',
    ),
    ("no bias", "bias-forgotten", LINEAR, 'out = out + self.params["bias"]', "out = out * 1"),
    ("bias subtracted", "bias-subtracted", LINEAR, 'out + self.params["bias"]', 'out - self.params["bias"]'),
    (
        "weight gradient averaged",
        "averaged-over-batch",
        LINEAR,
        'np.einsum("no,ni->oi", grad_out, self.x)',
        'np.einsum("no,ni->oi", grad_out, self.x) / len(self.x)',
    ),
    ("bias gradient averaged", "averaged-over-batch", LINEAR, "np.sum(grad_out, axis=0)", "np.mean(grad_out, axis=0)"),
    (
        "bias gradient over outputs",
        "bias-summed-over-features",
        LINEAR,
        "np.sum(grad_out, axis=0)",
        "np.sum(grad_out, axis=1)",
    ),
    ("weight gradient transposed", "weight-gradient-transposed", LINEAR, "no,ni->oi", "no,ni->io"),
    (
        "learning rate in the layer",
        "factor-wrong",
        LINEAR,
        'np.einsum("no,ni->oi", grad_out, self.x)',
        '0.01 * np.einsum("no,ni->oi", grad_out, self.x)',
    ),
    (
        "bias in dx",
        "another-formula",
        LINEAR,
        'grad_out @ self.params["weight"]',
        '(grad_out + self.params["bias"]) @ self.params["weight"]',
    ),
    (
        "axis 0",
        "normalized-over-batch",
        SOFTMAX,
        "np.sum(exps, axis=-1, keepdims=True)",
        "np.sum(exps, axis=0, keepdims=True)",
    ),
    ("sum of everything", "another-formula", SOFTMAX, "np.sum(exps, axis=-1, keepdims=True)", "np.sum(exps)"),
    ("global maximum", "global-maximum", SOFTMAX, "np.max(x, axis=-1, keepdims=True)", "np.max(x)"),
    ("no maximum", "maximum-not-subtracted", SOFTMAX, "x - np.max(x, axis=-1, keepdims=True)", "x"),
    ("diagonal only", "diagonal-only", SOFTMAX, "np.diag(s[i]) - np.outer(s[i], s[i])", "np.diag(s[i] * (1 - s[i]))"),
    ("plus the outer product", "off-diagonal-sign", SOFTMAX, "np.diag(s[i]) - np.outer", "np.diag(s[i]) + np.outer"),
    ("identity for the diagonal", "another-formula", SOFTMAX, "np.diag(s[i]) -", "np.eye(len(s[i])) -"),
    ("log softmax", "", SOFTMAX, "return self.s.copy()", "return np.log(self.s)"),
    ("squares for exponents", "another-formula", SOFTMAX, "exps = np.exp(shifted)", "exps = np.exp2(shifted)"),
    ("sum of the batch", "summed-not-averaged", LOSS, "self.labels].mean()", "self.labels].sum()"),
    ("sign lost", "sign-flipped", LOSS, "return -self.log_p", "return self.log_p"),
    (
        "probability",
        "logarithm-forgotten",
        LOSS,
        "return -self.log_p[np.arange(self.n), self.labels]",
        "return -np.exp(self.log_p)[np.arange(self.n), self.labels]",
    ),
    (
        "one - p",
        "logarithm-forgotten",
        LOSS,
        "return -self.log_p[np.arange(self.n), self.labels]",
        "return 1 - np.exp(self.log_p)[np.arange(self.n), self.labels]",
    ),
    ("all columns", "every-pair", LOSS, "self.log_p[np.arange(self.n), self.labels]", "self.log_p[:, self.labels]"),
    (
        "mean over classes too",
        "divided-by-classes",
        LOSS,
        "self.labels].mean()",
        "self.labels].mean() / logits.shape[1]",
    ),
    ("gradient per entry", "gradient-divided-by-classes", LOSS, "return d / self.n", "return d / d.size"),
    ("gradient plus one", "another-formula", LOSS, "self.labels] -= 1", "self.labels] += 1"),
    ("one minus p", "sign-flipped", LOSS, "return d / self.n", "return -d / self.n"),
    ("log p", "another-formula", LOSS, "d = np.exp(self.log_p)", "d = self.log_p.copy()"),
    (
        "only the right classes",
        "probability-of-label-alone",
        LOSS,
        "d[np.arange(self.n), self.labels] -= 1\n        return d / self.n",
        "out = np.zeros_like(d)\n        i = np.arange(self.n)\n        out[i, self.labels] = (d[i, self.labels] - 1) / self.n\n        return out",
    ),
    ("labels shifted", "", LOSS, "labels.astype(np.int64)", "labels.astype(np.int64) - 1"),
    (
        "mean over channels",
        "another-axis",
        GAP,
        "x.reshape(n, c, h * w).mean(axis=2)",
        "x.reshape(n, c, h * w).mean(axis=1)",
    ),
    ("keeps the axes", "axes-kept", GAP, "x.reshape(n, c, h * w).mean(axis=2)", "x.mean(axis=(2, 3), keepdims=True)"),
    ("maximum", "map-maximum", GAP, ".mean(axis=2)", ".max(axis=2)"),
    (
        "tiled for repeated",
        "axes-exchanged",
        GAP,
        "np.repeat(grad_out / (h * w), h * w, axis=1)",
        "np.tile(grad_out / (h * w), (1, h * w))",
    ),
    ("divided by the height", "share-by-one-side", GAP, "grad_out / (h * w)", "grad_out / h"),
    ("number of arrays", "arrays-counted", COUNT, "int(np.prod(value.shape, dtype=np.int64))", "1"),
    ("length of arrays", "rows-counted", COUNT, "int(np.prod(value.shape, dtype=np.int64))", "len(value)"),
    (
        "sum of the shape",
        "shape-summed",
        COUNT,
        "int(np.prod(value.shape, dtype=np.int64))",
        "int(np.sum(value.shape))",
    ),
    ("early return", "not-all-layers-counted", COUNT, "    return total", "        return total"),
    ("weights only", "bias-not-counted", COUNT, "total +=", "if name == 'weight':\n                total +="),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
