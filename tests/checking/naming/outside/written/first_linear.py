"""Wrong answers of lesson linear by an author who had not seen the checks."""

WRONG = (
    (
        "Moves the channels last before the reshape, so the features come in another order.",
        "channels-last",
        """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        n, c, h, w = x.shape
        return x.transpose(0, 2, 3, 1).reshape(n, h * w * c)

    def backward(self, grad_out):
        n, c, h, w = self.shape
        return grad_out.reshape(n, h, w, c).transpose(0, 3, 1, 2)
""",
    ),
    (
        "x.flatten() flattens the batch axis as well.",
        "batch-flattened",
        """
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.flatten()

    def backward(self, grad_out):
        return grad_out.reshape(self.shape)
""",
    ),
    (
        "Two mistakes: the weight is kept and used as (in, out), the transpose of the lecture's A, and the bias gradient is averaged instead of summed.",
        "weight-shape",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (in_features, out_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return (x @ self.params["weight"] + self.params["bias"]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = self.x.T @ grad_out
        self.grads["bias"] = grad_out.mean(axis=0)
        return (grad_out @ self.params["weight"].T).astype(self.x.dtype)
""",
    ),
    (
        "The weight gradient is xᵀ·grad, the transpose of what a weight (out, in) needs.",
        "weight-gradient-transposed",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params = dict(
            weight=rng.standard_normal((out_features, in_features)) * np.sqrt(2 / in_features),
            bias=np.zeros(out_features),
        )

    def forward(self, x):
        self.x = x
        y = np.dot(x, self.params["weight"].T) + self.params["bias"]
        return y.astype(x.dtype, copy=False)

    def backward(self, grad_out):
        self.grads["weight"] = np.dot(self.x.T, grad_out)
        self.grads["bias"] = np.sum(grad_out, axis=0)
        return np.dot(grad_out, self.params["weight"]).astype(self.x.dtype, copy=False)
""",
    ),
    (
        "The gradients of weight and bias are divided by the batch size, which the loss has done already.",
        "averaged-over-batch",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        self.rng = rng if rng is not None else np.random.default_rng()
        self.params["weight"] = self.rng.normal(0.0, (2.0 / in_features) ** 0.5, size=(out_features, in_features))
        self.params["bias"] = np.zeros((out_features,))

    def forward(self, x):
        self.inp = x
        A = self.params["weight"]
        b = self.params["bias"]
        return (x @ A.T + b).astype(x.dtype)

    def backward(self, grad_out):
        m = self.inp.shape[0]
        self.grads["weight"] = 1 / m * grad_out.T @ self.inp
        self.grads["bias"] = 1 / m * np.sum(grad_out, axis=0)
        return (grad_out @ self.params["weight"]).astype(self.inp.dtype)
""",
    ),
    (
        "The float64 weights turn a float32 input into a float64 output and input gradient.",
        "dtype-drift",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        k = np.sqrt(2 / in_features)
        self.params["weight"] = k * rng.standard_normal((out_features, in_features))
        self.params["bias"] = np.zeros(out_features)
        self.grads["weight"] = np.zeros_like(self.params["weight"])
        self.grads["bias"] = np.zeros_like(self.params["bias"])

    def forward(self, x):
        self.x = x
        return np.einsum("ni,oi->no", x, self.params["weight"]) + self.params["bias"]

    def backward(self, grad_out):
        self.grads["weight"][...] = np.einsum("no,ni->oi", grad_out, self.x)
        self.grads["bias"][...] = grad_out.sum(0)
        return np.einsum("no,oi->ni", grad_out, self.params["weight"])
""",
    ),
    (
        "Exponentiates without subtracting the maximum: inf/inf = nan at 1000.",
        "maximum-not-subtracted",
        """
class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x)
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, grad_out):
        dot = (grad_out * self.p).sum(axis=-1, keepdims=True)
        return self.p * (grad_out - dot)
""",
    ),
    (
        "Two mistakes: normalises over the batch axis 0 instead of the last axis, and backward uses only the diagonal of the Jacobian.",
        "normalized-over-batch",
        """
class Softmax(Layer):
    def forward(self, x):
        shifted = x - np.max(x, axis=0)
        exps = np.exp(shifted)
        self.probs = exps / np.sum(exps, axis=0)
        return self.probs

    def backward(self, grad_out):
        return grad_out * self.probs * (1 - self.probs)
""",
    ),
    (
        "Backward uses only the diagonal p(1 − p) of the Jacobian, as for a sigmoid.",
        "diagonal-only",
        """
class Softmax(Layer):
    def forward(self, x):
        z = x - x.max(axis=-1, keepdims=True)
        e = np.exp(z)
        self.out = e / e.sum(axis=-1, keepdims=True)
        return self.out

    def backward(self, grad_out):
        return grad_out * self.out * (1 - self.out)
""",
    ),
    (
        "Subtracts the maximum of the whole array, so a row far below it becomes 0/0.",
        "global-maximum",
        """
class Softmax(Layer):
    def forward(self, x):
        x = x - np.max(x)          # для устойчивости
        self.y = np.exp(x) / np.sum(np.exp(x), axis=-1, keepdims=True)
        return self.y

    def backward(self, grad_out):
        gy = grad_out * self.y
        return gy - self.y * gy.sum(axis=-1, keepdims=True)
""",
    ),
    (
        "Sums the losses over the batch instead of averaging (in the value and in the gradient).",
        "summed-not-averaged",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.logp, self.labels = logp, labels
        n = logits.shape[0]
        return float(-logp[np.arange(n), labels].sum())

    def backward(self):
        d = np.exp(self.logp)
        d[np.arange(len(self.labels)), self.labels] -= 1
        return d
""",
    ),
    (
        "The loss is the mean, but backward forgets to divide by N.",
        "gradient-summed",
        """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        exp = np.exp(shifted)
        self.probs = exp / np.sum(exp, axis=1, keepdims=True)
        self.labels = labels
        log_sum = np.log(np.sum(exp, axis=1))
        right = shifted[np.arange(len(labels)), labels]
        return float(np.mean(log_sum - right))

    def backward(self):
        one_hot = np.zeros_like(self.probs)
        one_hot[np.arange(len(self.labels)), self.labels] = 1
        return self.probs - one_hot
""",
    ),
    (
        "log(p + 1e-12) hides the underflow: at logits of ±1000 the loss stops at 27.6.",
        "log-clipped",
        """
class CrossEntropyLoss(Layer):
    def __init__(self):
        super().__init__()
        self.eps = 1e-12

    def forward(self, logits, labels):
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        self.y = labels
        picked = self.p[np.arange(labels.shape[0]), labels]
        return float(-np.log(picked + self.eps).mean())

    def backward(self):
        n = self.y.shape[0]
        g = self.p.copy()
        g[np.arange(n), self.y] -= 1
        return g / n
""",
    ),
    (
        "Backward subtracts 1 in the cached probabilities themselves, so a second backward is wrong.",
        "cache-spoilt",
        """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        m = logits.max(axis=-1, keepdims=True)
        lse = m + np.log(np.sum(np.exp(logits - m), axis=-1, keepdims=True))
        self.p = np.exp(logits - lse)
        self.labels = labels
        self.n = len(labels)
        loss = lse[:, 0] - logits[range(self.n), labels]
        return float(loss.mean())

    def backward(self):
        grad = self.p
        grad[range(self.n), self.labels] -= 1
        return grad / self.n
""",
    ),
    (
        "Two mistakes: indexes logp[:, labels], an N × N table instead of one number per sample, and backward is not divided by N.",
        "every-pair",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        self.labels = labels
        x = logits - logits.max(1, keepdims=True)
        self.logp = x - np.log(np.exp(x).sum(1, keepdims=True))
        return float(-np.mean(self.logp[:, labels]))

    def backward(self):
        n, c = self.logp.shape
        onehot = np.eye(c, dtype=self.logp.dtype)[self.labels]
        return np.exp(self.logp) - onehot
""",
    ),
    (
        "Uses the binary cross-entropy over the one-hot table, adding the (1 − y)·log(1 − p) terms.",
        "binary-cross-entropy",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        e = np.exp(logits - np.max(logits, axis=1, keepdims=True))
        p = e / np.sum(e, axis=1, keepdims=True)
        y = np.zeros(logits.shape, dtype=logits.dtype)
        for i in range(len(labels)):
            y[i, labels[i]] = 1
        self.p, self.y = p, y
        tiny = 1e-300 if logits.dtype == np.float64 else 1e-38
        loss = -(y * np.log(p + tiny) + (1 - y) * np.log(1 - p + tiny)).sum(axis=1)
        return float(np.mean(loss))

    def backward(self):
        return (self.p - self.y) / self.p.shape[0]
""",
    ),
    (
        "Sums over the map instead of averaging.",
        "map-summed",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.sum(axis=(2, 3))

    def backward(self, grad_out):
        return np.ones(self.shape, dtype=grad_out.dtype) * grad_out[:, :, None, None]
""",
    ),
    (
        "Backward spreads the gradient over the map without dividing by H·W.",
        "share-not-divided",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.h, self.w = x.shape[2:]
        return np.mean(x, axis=(2, 3))

    def backward(self, grad_out):
        g = grad_out[:, :, np.newaxis, np.newaxis]
        return np.tile(g, (1, 1, self.h, self.w))
""",
    ),
    (
        "Divides by H·H in backward: right only for a square map.",
        "factor-wrong",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.x = x
        out = np.zeros((x.shape[0], x.shape[1]), dtype=x.dtype)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                out[n, c] = x[n, c].mean()
        return out

    def backward(self, grad_out):
        size = self.x.shape[2]
        dx = np.zeros_like(self.x)
        for n in range(dx.shape[0]):
            for c in range(dx.shape[1]):
                dx[n, c, :, :] = grad_out[n, c] / (size * size)
        return dx
""",
    ),
    (
        "Counts the arrays in params, not the numbers in them.",
        "arrays-counted",
        """
def parameter_count(layers):
    count = 0
    for layer in layers:
        count += len(layer.params)
    return count
""",
    ),
    (
        "The return stands inside the loop, so only the first layer is counted.",
        "not-all-layers-counted",
        """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for name in layer.params:
            total += layer.params[name].size
        return total
    return total
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
