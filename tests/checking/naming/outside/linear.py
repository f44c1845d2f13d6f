"""Wrong linear layers and losses: CS231n's affine layer, one-hot labels, Jacobians in loops."""

FLATTEN = """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, dout):
        return dout.reshape(self.shape)
"""

AFFINE = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.params["weight"] = rng.standard_normal((out_features, in_features)) * np.sqrt(2 / in_features)
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.cache = x
        w, b = self.params["weight"], self.params["bias"]
        return (x.dot(w.T) + b).astype(x.dtype)

    def backward(self, dout):
        x = self.cache
        w = self.params["weight"]
        self.grads["weight"] = dout.T.dot(x)
        self.grads["bias"] = np.sum(dout, axis=0)
        return dout.dot(w).astype(dout.dtype)
"""

SOFTMAX = """
class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.s = e / np.sum(e, axis=-1, keepdims=True)
        return self.s.copy()

    def backward(self, g):
        dx = np.empty_like(g)
        flat_s, flat_g = self.s.reshape(-1, g.shape[-1]), g.reshape(-1, g.shape[-1])
        rows = dx.reshape(-1, g.shape[-1])
        for i, (s, d) in enumerate(zip(flat_s, flat_g)):
            jacobian = np.diagflat(s) - np.outer(s, s)
            rows[i] = jacobian.dot(d)
        return rows.reshape(g.shape)
"""

ONE_HOT = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        N, C = logits.shape
        self.onehot = np.eye(C)[labels]
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        logp = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
        self.p = np.exp(logp)
        self.N = N
        return -np.sum(self.onehot * logp) / N

    def backward(self):
        return ((self.p - self.onehot) / self.N).astype(self.p.dtype)
"""

INDEXED = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        self.logits, self.labels = logits, labels
        m = logits.shape[0]
        z = logits - logits.max(axis=1, keepdims=True)
        lse = np.log(np.exp(z).sum(axis=1))
        return float(np.mean(lse - z[np.arange(m), labels]))

    def backward(self):
        m = self.logits.shape[0]
        e = np.exp(self.logits - self.logits.max(axis=1, keepdims=True))
        grad = e / e.sum(axis=1, keepdims=True)
        grad[np.arange(m), self.labels] -= 1
        return grad / m
"""

GLOBAL = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        N, C, H, W = x.shape
        return x.reshape(N, C, H * W).mean(axis=2)

    def backward(self, g):
        N, C, H, W = self.shape
        return np.ones(self.shape, g.dtype) * g[:, :, None, None] / (H * W)
"""

COUNT = """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for p in layer.params.values():
            total += np.prod(p.shape, dtype=int)
    return int(total)
"""

WRONG = (
    (
        "channels last",
        "channels-last",
        FLATTEN,
        "x.reshape(x.shape[0], -1)",
        "x.transpose(0, 2, 3, 1).reshape(x.shape[0], -1)",
    ),
    (
        "batch flattened",
        "batch-flattened",
        FLATTEN,
        "x.reshape(x.shape[0], -1)",
        "x.reshape(-1)",
    ),
    (
        "not restored",
        "gradient-stays-flat",
        FLATTEN,
        "dout.reshape(self.shape)",
        "dout",
    ),
    (
        "bias averaged",
        "averaged-over-batch",
        AFFINE,
        "np.sum(dout, axis=0)",
        "np.mean(dout, axis=0)",
    ),
    (
        "bias over features",
        "bias-summed-over-features",
        AFFINE,
        "np.sum(dout, axis=0)",
        "np.sum(dout, axis=1)",
    ),
    (
        "not transposed",
        "weight-not-transposed",
        AFFINE,
        "x.dot(w.T)",
        "x.dot(w)",
    ),
    (
        "weight averaged",
        "averaged-over-batch",
        AFFINE,
        "dout.T.dot(x)",
        "dout.T.dot(x) / x.shape[0]",
    ),
    (
        "weight's gradient transposed",
        "weight-gradient-transposed",
        AFFINE,
        "dout.T.dot(x)",
        "x.T.dot(dout)",
    ),
    (
        "bias lost",
        "bias-forgotten",
        AFFINE,
        "(x.dot(w.T) + b)",
        "x.dot(w.T)",
    ),
    (
        "one maximum",
        "global-maximum",
        SOFTMAX,
        "np.max(x, axis=-1, keepdims=True)",
        "np.max(x)",
    ),
    (
        "no maximum",
        "maximum-not-subtracted",
        SOFTMAX,
        "np.exp(x - np.max(x, axis=-1, keepdims=True))",
        "np.exp(x)",
    ),
    (
        "batch axis",
        "normalized-over-batch",
        SOFTMAX,
        "np.sum(e, axis=-1, keepdims=True)",
        "np.sum(e, axis=0, keepdims=True)",
    ),
    (
        "diagonal only",
        "diagonal-only",
        SOFTMAX,
        "np.diagflat(s) - np.outer(s, s)",
        "np.diagflat(s * (1 - s))",
    ),
    (
        "sign in the Jacobian",
        "off-diagonal-sign",
        SOFTMAX,
        "np.diagflat(s) - np.outer(s, s)",
        "np.diagflat(s) + np.outer(s, s)",
    ),
    (
        "keepdims lost",
        "keepdims-forgotten",
        SOFTMAX,
        "np.sum(e, axis=-1, keepdims=True)",
        "np.sum(e, axis=-1)",
    ),
    (
        "one-hot times log 0",
        "one-hot-times-infinity",
        ONE_HOT,
        "self.onehot * logp",
        "self.onehot * np.log(self.p)",
    ),
    (
        "epsilon in the logarithm",
        "log-clipped",
        ONE_HOT,
        "self.onehot * logp",
        "self.onehot * np.log(self.p + 1e-8)",
    ),
    (
        "clipped",
        "log-clipped",
        ONE_HOT,
        "self.onehot * logp",
        "self.onehot * np.log(np.clip(self.p, 1e-12, 1 - 1e-12))",
    ),
    (
        "sum for mean",
        "summed-not-averaged",
        ONE_HOT,
        "logp) / N",
        "logp)",
    ),
    (
        "mean of everything",
        "divided-by-classes",
        ONE_HOT,
        "-np.sum(self.onehot * logp) / N",
        "-np.mean(self.onehot * logp)",
    ),
    (
        "gradient not divided",
        "gradient-summed",
        ONE_HOT,
        "(self.p - self.onehot) / self.N",
        "(self.p - self.onehot)",
    ),
    (
        "sign",
        "sign-flipped",
        ONE_HOT,
        "self.p - self.onehot",
        "self.onehot - self.p",
    ),
    (
        "minus lost",
        "sign-flipped",
        ONE_HOT,
        "return -np",
        "return np",
    ),
    (
        "label not subtracted",
        "label-not-subtracted",
        INDEXED,
        "        grad[np.arange(m), self.labels] -= 1\n",
        "",
    ),
    (
        "logits for probabilities",
        "logits-for-probabilities",
        INDEXED,
        "grad = e / e.sum(axis=1, keepdims=True)",
        "grad = self.logits.copy()",
    ),
    (
        "column of labels",
        "every-pair",
        INDEXED,
        "grad[np.arange(m), self.labels] -= 1",
        "grad[:, self.labels] -= 1",
    ),
    (
        "gradient by classes",
        "gradient-divided-by-classes",
        INDEXED,
        "return grad / m",
        "return grad / self.logits.shape[1]",
    ),
    (
        "not divided in backward",
        "share-not-divided",
        GLOBAL,
        " / (H * W)",
        "",
    ),
    (
        "axes kept",
        "axes-kept",
        GLOBAL,
        "x.reshape(N, C, H * W).mean(axis=2)",
        "x.mean(axis=(2, 3), keepdims=True)",
    ),
    (
        "new axes missing",
        "share-along-last-axes",
        GLOBAL,
        "g[:, :, None, None]",
        "g",
    ),
    (
        "weights only",
        "bias-not-counted",
        COUNT,
        "layer.params.values():",
        "[layer.params['weight']] if 'weight' in layer.params else []:",
    ),
    (
        "length for size",
        "rows-counted",
        COUNT,
        "np.prod(p.shape, dtype=int)",
        "len(p)",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
