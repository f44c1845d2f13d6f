"""Wrong answers of lesson linear, written before the names of this room were known."""

FLATTEN = """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape((x.shape[0], np.prod(x.shape[1:], dtype=int)))

    def backward(self, grad):
        return grad.reshape(self.shape)
"""
AFFINE = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params = {
            "weight": rng.standard_normal((out_features, in_features)) * np.sqrt(2.0 / in_features),
            "bias": np.zeros(out_features),
        }

    def forward(self, x):
        self.x = x
        out = np.einsum("ni,oi->no", x, self.params["weight"]) + self.params["bias"]
        return out.astype(x.dtype)

    def backward(self, dout):
        self.grads = {"weight": np.einsum("no,ni->oi", dout, self.x), "bias": np.einsum("no->o", dout)}
        return np.einsum("no,oi->ni", dout, self.params["weight"]).astype(self.x.dtype)
"""
SOFTMAX = """
class Softmax(Layer):
    def forward(self, x):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        exps = np.exp(shifted)
        self.probs = exps / np.sum(exps, axis=-1, keepdims=True)
        return self.probs.copy()

    def backward(self, grad):
        p = self.probs
        jac = p[..., :, None] * (np.eye(p.shape[-1], dtype=p.dtype) - p[..., None, :])
        return np.einsum("...ij,...i->...j", jac, grad)
"""
LOSS = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        N = logits.shape[0]
        shifted_logits = logits - logits.max(axis=1, keepdims=True)
        Z = np.sum(np.exp(shifted_logits), axis=1, keepdims=True)
        log_probs = shifted_logits - np.log(Z)
        self.probs = np.exp(log_probs)
        self.labels = labels
        return float(-np.sum(log_probs[np.arange(N), labels]) / N)

    def backward(self):
        N = self.probs.shape[0]
        dx = self.probs.copy()
        dx[np.arange(N), self.labels] -= 1
        dx /= N
        return dx
"""
GAP = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.n, self.c, self.h, self.w = x.shape
        self.dtype = x.dtype
        return np.einsum("nchw->nc", x) / (self.h * self.w)

    def backward(self, grad):
        spread = grad.repeat(self.h * self.w, axis=1) / (self.h * self.w)
        return spread.reshape(self.n, self.c, self.h, self.w).astype(self.dtype)
"""
PARAMS = """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for name, value in layer.params.items():
            total += int(np.prod(value.shape))
    return total
"""

WRONG = (
    (
        "channels last first",
        "channels-last",
        FLATTEN,
        "return x.reshape((x.shape[0], np.prod(x.shape[1:], dtype=int)))",
        "return x.transpose(0, 2, 3, 1).reshape(len(x), -1)",
    ),
    (
        "all in one row",
        "batch-flattened",
        FLATTEN,
        "return x.reshape((x.shape[0], np.prod(x.shape[1:], dtype=int)))",
        "return x.reshape(1, -1)",
    ),
    (
        "maps keep their place",
        "maps-kept-apart",
        FLATTEN,
        "return x.reshape((x.shape[0], np.prod(x.shape[1:], dtype=int)))",
        "return x.reshape(x.shape[0], x.shape[1], -1)",
    ),
    (
        "features last in the gradient",
        "channels-last",
        FLATTEN,
        "return grad.reshape(self.shape)",
        "n, c, h, w = self.shape\n        return grad.reshape(n, h, w, c).transpose(0, 3, 1, 2)",
    ),
    (
        "weight's gradient over the batch",
        "averaged-over-batch",
        AFFINE,
        'np.einsum("no,ni->oi", dout, self.x)',
        'np.einsum("no,ni->oi", dout, self.x) / len(dout)',
    ),
    ("bias gradient is the mean", "averaged-over-batch", AFFINE, 'np.einsum("no->o", dout)', "dout.mean(axis=0)"),
    ("bias gradient of ones", "ones-returned", AFFINE, 'np.einsum("no->o", dout)', "np.ones(dout.shape[1])"),
    (
        "weight decay in the gradient",
        "array-wrong",
        AFFINE,
        'np.einsum("no,ni->oi", dout, self.x)',
        'np.einsum("no,ni->oi", dout, self.x) + 0.01 * self.params["weight"]',
    ),
    (
        "relu behind the affine part",
        "function-added",
        AFFINE,
        "return out.astype(x.dtype)",
        "return np.maximum(out, 0).astype(x.dtype)",
    ),
    (
        "bias only in the first row",
        "array-wrong",
        AFFINE,
        ' + self.params["bias"]',
        "",
        "return out.astype(x.dtype)",
        'out[0] += self.params["bias"]\n        return out.astype(x.dtype)',
    ),
    (
        "weights small without rng",
        "rng-ignored",
        AFFINE,
        "rng.standard_normal((out_features, in_features))",
        "np.random.RandomState(0).randn(out_features, in_features)",
    ),
    ("log of the softmax", "function-added", SOFTMAX, "return self.probs.copy()", "return np.log(self.probs)"),
    (
        "softmax over the batch",
        "normalized-over-batch",
        SOFTMAX,
        "np.max(x, axis=-1, keepdims=True)",
        "np.max(x, axis=0, keepdims=True)",
        "np.sum(exps, axis=-1, keepdims=True)",
        "np.sum(exps, axis=0, keepdims=True)",
    ),
    (
        "diagonal only",
        "diagonal-only",
        SOFTMAX,
        'return np.einsum("...ij,...i->...j", jac, grad)',
        "return grad * p * (1 - p)",
    ),
    (
        "sigmoid of each",
        "",
        SOFTMAX,
        "self.probs = exps / np.sum(exps, axis=-1, keepdims=True)",
        "self.probs = 1 / (1 + np.exp(-np.clip(x, -500, 500)))",
    ),
    (
        "p - grad",
        "loss-gradient-returned",
        SOFTMAX,
        'return np.einsum("...ij,...i->...j", jac, grad)',
        "return p - grad",
    ),
    (
        "jacobian with a plus",
        "off-diagonal-sign",
        SOFTMAX,
        "(np.eye(p.shape[-1], dtype=p.dtype) - p",
        "(np.eye(p.shape[-1], dtype=p.dtype) + p",
    ),
    (
        "inverse power of two",
        "another-formula",
        SOFTMAX,
        "exps = np.exp(shifted)",
        "exps = np.power(2.0, shifted).astype(x.dtype)",
    ),
    (
        "the mean over classes",
        "labels-ignored",
        LOSS,
        "return float(-np.sum(log_probs[np.arange(N), labels]) / N)",
        "return float(-np.mean(log_probs))",
    ),
    (
        "log of one minus p for the others",
        "binary-cross-entropy",
        LOSS,
        "return float(-np.sum(log_probs[np.arange(N), labels]) / N)",
        "p = np.clip(self.probs, 1e-12, 1 - 1e-12)\n        y = np.eye(p.shape[1])[labels]\n        return float(-np.mean(np.sum(y * np.log(p) + (1 - y) * np.log(1 - p), axis=1)))",
    ),
    ("loss per class, too", "divided-by-classes", LOSS, "labels]) / N)", "labels]) / logits.size)"),
    (
        "epsilon in the logarithm",
        "log-clipped",
        LOSS,
        "return float(-np.sum(log_probs[np.arange(N), labels]) / N)",
        "return float(-np.sum(np.log(self.probs[np.arange(N), labels] + 1e-8)) / N)",
    ),
    ("all columns of the labels", "every-pair", LOSS, "dx[np.arange(N), self.labels] -= 1", "dx[:, self.labels] -= 1"),
    ("labels minus probabilities", "sign-flipped", LOSS, "        dx /= N\n", "        dx /= -N\n"),
    (
        "N counts classes",
        "gradient-divided-by-classes",
        LOSS,
        "N = self.probs.shape[0]\n        dx = self.probs.copy()\n        dx[np.arange(N), self.labels]",
        "N = self.probs.shape[1]\n        dx = self.probs.copy()\n        dx[np.arange(len(dx)), self.labels]",
    ),
    ("sum of the map", "map-summed", GAP, " / (self.h * self.w)\n\n", "\n\n"),
    (
        "the gradient tiled",
        "axes-exchanged",
        GAP,
        "grad.repeat(self.h * self.w, axis=1)",
        "np.tile(grad, (1, self.h * self.w))",
    ),
    (
        "biases forgotten",
        "bias-not-counted",
        PARAMS,
        "            total += int",
        '            if name != "bias":\n                total += int',
    ),
    ("first axis only", "rows-counted", PARAMS, "int(np.prod(value.shape))", "len(value)"),
    ("sum of the shape", "shape-summed", PARAMS, "int(np.prod(value.shape))", "sum(value.shape)"),
)
