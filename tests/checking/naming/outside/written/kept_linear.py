"""More wrong answers of lesson linear by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "The shape is remembered only at the first forward, so another batch size fails or comes back wrong.",
        "stale-cache",
        """
class Flatten(Layer):
    def __init__(self):
        super().__init__()
        self.shape = None

    def forward(self, x):
        if self.shape is None:
            self.shape = x.shape
        return x.reshape(x.shape[0], -1)

    def backward(self, grad_out):
        return grad_out.reshape(self.shape)
""",
    ),
    (
        "Backward reshapes to (N, C, W, H): height and width change places (right for square maps).",
        "gradient-axes-swapped",
        """
class Flatten(Layer):
    def forward(self, x):
        self.n, self.c, self.h, self.w = x.shape
        return x.reshape(self.n, self.c * self.h * self.w)

    def backward(self, grad_out):
        return grad_out.reshape(self.n, self.c, self.w, self.h)
""",
    ),
    (
        "forward keeps x in a local name (self. forgotten), so backward fails with a NameError.",
        "name-undefined",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        x_cache = x
        return (x @ self.params["weight"].T + self.params["bias"]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = grad_out.T @ x_cache
        self.grads["bias"] = grad_out.sum(axis=0)
        return (grad_out @ self.params["weight"]).astype(x_cache.dtype)
""",
    ),
    (
        "Computes with self.W and self.b, copies taken in __init__, so the optimiser's updates of params are never used.",
        "weights-copied",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng if rng is not None else np.random.default_rng()
        self.W = rng.standard_normal((out_features, in_features)) * (2 / in_features) ** 0.5
        self.b = np.zeros(out_features)
        self.params["weight"] = np.array(self.W)
        self.params["bias"] = np.array(self.b)

    def forward(self, x):
        self.x = x
        return (np.dot(x, self.W.T) + self.b).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = np.dot(grad_out.T, self.x)
        self.grads["bias"] = np.sum(grad_out, axis=0)
        return np.dot(grad_out, self.W).astype(self.x.dtype)
""",
    ),
    (
        "Two mistakes: weights start at zero (constant), and the bias gradient is grad_out not summed over the batch.",
        "weights-constant",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        self.params = {"weight": np.zeros((out_features, in_features)),
                       "bias": np.zeros(out_features)}

    def forward(self, x):
        self.x = x
        return (x @ self.params["weight"].T + self.params["bias"]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = grad_out.T @ self.x
        self.grads["bias"] = grad_out
        return (grad_out @ self.params["weight"]).astype(self.x.dtype)
""",
    ),
    (
        "The off-diagonal part of the Jacobian has the wrong sign: diag(p) + ppᵀ.",
        "off-diagonal-sign",
        """
class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x - np.max(x, axis=-1, keepdims=True))
        self.p = e / np.sum(e, axis=-1, keepdims=True)
        return self.p

    def backward(self, grad_out):
        return self.p * (grad_out + np.sum(grad_out * self.p, axis=-1, keepdims=True))
""",
    ),
    (
        "Returns p − y as if a cross-entropy followed: p − grad_out.",
        "loss-gradient-returned",
        """
class Softmax(Layer):
    def forward(self, x):
        z = x - x.max(axis=-1, keepdims=True)
        self.probs = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        return self.probs

    def backward(self, grad_out):
        # p - y, как в лекции про кросс-энтропию
        return self.probs - grad_out
""",
    ),
    (
        "np.mean over the one-hot table divides by N·C instead of by N, in value and gradient.",
        "divided-by-classes",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.onehot = np.eye(logits.shape[1], dtype=logits.dtype)[labels]
        self.p = np.exp(logp)
        return float(-np.mean(self.onehot * logp))

    def backward(self):
        return (self.p - self.onehot) / self.p.size
""",
    ),
    (
        "Returns the vector of losses, one a sample, instead of their mean as a number.",
        "losses-returned",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        m = np.max(logits, axis=1)
        s = np.sum(np.exp(logits - m[:, None]), axis=1)
        self.probs = np.exp(logits - m[:, None]) / s[:, None]
        self.labels = labels
        return np.log(s) + m - logits[np.arange(len(labels)), labels]

    def backward(self):
        g = np.array(self.probs)
        for i in range(len(g)):
            g[i, self.labels[i]] -= 1
        return g / len(g)
""",
    ),
    (
        "One-hot width is labels.max() + 1, wrong when the last class is missing in the batch; and no maximum is subtracted.",
        "one-hot-without-maximum",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        e = np.exp(logits)
        p = e / e.sum(axis=1, keepdims=True)
        num_classes = int(labels.max()) + 1
        y = np.zeros((len(labels), num_classes), dtype=logits.dtype)
        y[np.arange(len(labels)), labels] = 1
        self.p, self.y = p, y
        return float(-np.sum(y * np.log(p[:, :num_classes])) / len(labels))

    def backward(self):
        return (self.p - self.y) / len(self.p)
""",
    ),
    (
        "Leaves (N, C, 1, 1): keepdims=True.",
        "axes-kept",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        return np.mean(x, axis=(2, 3), keepdims=True)

    def backward(self, grad_out):
        n, c, h, w = self.shape
        return np.ones(self.shape, dtype=grad_out.dtype) * grad_out.reshape(n, c, 1, 1) / (h * w)
""",
    ),
    (
        "Walks over every array and dict in vars(layer), so gradients, running statistics and caches are counted too.",
        "every-array-counted",
        """
def parameter_count(layers):
    n = 0
    for layer in layers:
        for value in vars(layer).values():
            if isinstance(value, np.ndarray):
                n += value.size
            elif isinstance(value, dict):
                for a in value.values():
                    if isinstance(a, np.ndarray):
                        n += a.size
    return n
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
