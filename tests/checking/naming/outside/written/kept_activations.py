"""More wrong answers of lesson activations by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "Caches the output and tests out >= 0, which is true everywhere.",
        "derivative-forgotten",
        """
class ReLU(Layer):
    def forward(self, x):
        self.out = np.maximum(0, x)
        return self.out

    def backward(self, grad_out):
        grad_in = grad_out.copy()
        grad_in[self.out < 0] = 0
        return grad_in
""",
    ),
    (
        "The mask lives on the class (ReLU.mask), so two ReLU layers overwrite each other's.",
        "shared-between-instances",
        """
class ReLU(Layer):
    mask = None

    def forward(self, x):
        ReLU.mask = x > 0
        return x * ReLU.mask

    def backward(self, grad_out):
        return grad_out * ReLU.mask
""",
    ),
    (
        "forward computes and caches the result but has no return.",
        "return-forgotten",
        """
class Sigmoid(Layer):
    def forward(self, x):
        z = np.exp(-np.abs(x))
        self.s = np.where(x >= 0, 1 / (1 + z), z / (1 + z))

    def backward(self, grad_out):
        return grad_out * self.s * (1 - self.s)
""",
    ),
    (
        "np.where picks the stable branch, but both branches are computed: overflow and nan warnings at ±1000.",
        "warning",
        """
class Sigmoid(Layer):
    def forward(self, x):
        self.out = np.where(x >= 0,
                            1 / (1 + np.exp(-x)),
                            np.exp(x) / (1 + np.exp(x)))
        return self.out

    def backward(self, grad_out):
        return grad_out * self.out * (1 - self.out)
""",
    ),
    (
        "From 2σ(2x) − 1 the derivative is taken as 2·σ'(2x): the inner factor 2 is missing.",
        "tanh-chain-factor",
        """
def sigmoid(t):
    return 0.5 * (1 + np.tanh(0.5 * t))

class Tanh(Layer):
    def forward(self, x):
        self.s = sigmoid(2 * x)
        return 2 * self.s - 1

    def backward(self, grad_out):
        return grad_out * 2 * self.s * (1 - self.s)
""",
    ),
    (
        "Uses 1 − x² (the input) instead of 1 − tanh(x)², and returns float64.",
        "dtype-drift",
        """
class Tanh(Layer):
    def forward(self, x):
        self.x = x
        return np.tanh(x.astype(np.float64))

    def backward(self, grad_out):
        return grad_out * (1 - self.x.astype(np.float64) ** 2)
""",
    ),
    (
        "Backward multiplies the negative places of grad_out itself, so the caller's array changes (and a second backward scales again).",
        "input-changed",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.neg = x < 0
        out = x.copy()
        out[self.neg] *= self.alpha
        return out

    def backward(self, grad_out):
        grad_out[self.neg] *= self.alpha
        return grad_out
""",
    ),
    (
        "alpha or 0.1: an alpha of 0 silently becomes 0.1.",
        "wrong-on-one-side",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha or 0.1

    def forward(self, x):
        self.k = np.ones_like(x)
        self.k[x < 0] = self.alpha
        return x * self.k

    def backward(self, grad_out):
        return grad_out * self.k
""",
    ),
    (
        "The derivative of the negative part is written as alpha·(exp(x) − 1), that is the output, not its derivative.",
        "elu-value-as-slope",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def _neg(self, x):
        return (self.alpha * (np.exp(np.minimum(x, 0)) - 1)).astype(x.dtype)

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self._neg(x))

    def backward(self, grad_out):
        d = np.where(self.x >= 0, 1, self._neg(self.x))
        return (grad_out * d).astype(self.x.dtype)
""",
    ),
    (
        "The gradient of alpha is added to the old one (+=), never reset.",
        "gradient-accumulated",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)
        self.grads["alpha"] = np.zeros(num_parameters)

    def forward(self, x):
        self.x = x
        self.a = self.params["alpha"].reshape(1, -1, *[1] * (x.ndim - 2))
        return np.where(x > 0, x, self.a * x).astype(x.dtype)

    def backward(self, grad_out):
        g = np.where(self.x > 0, 0, self.x) * grad_out
        if self.grads["alpha"].size == 1:
            self.grads["alpha"] += g.sum()
        else:
            self.grads["alpha"] += g.sum(axis=(0, *range(2, g.ndim)))
        return np.where(self.x > 0, grad_out, self.a * grad_out).astype(self.x.dtype)
""",
    ),
    (
        "reshape(1, −1, 1, 1) and sums over (0, 2, 3): a (N, C) input broadcasts to four axes.",
        "axis-left",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.n = num_parameters
        self.params["alpha"] = np.full((num_parameters,), 0.25)

    def forward(self, x):
        self.x = x
        a = self.params["alpha"].reshape(1, -1, 1, 1)
        return np.where(x > 0, x, a * x).astype(x.dtype)

    def backward(self, grad_out):
        a = self.params["alpha"].reshape(1, -1, 1, 1)
        d = grad_out * self.x * (self.x <= 0)
        if self.n == 1:
            self.grads["alpha"] = np.array([d.sum()])
        else:
            self.grads["alpha"] = d.sum(axis=(0, 2, 3))
        return np.where(self.x > 0, grad_out, a * grad_out).astype(self.x.dtype)
""",
    ),
    (
        "Two mistakes: alpha's gradient uses the positive part of x, and is averaged instead of summed.",
        "another-formula",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params = {"alpha": np.full(num_parameters, 0.25)}

    def forward(self, x):
        self.x = x
        self.pos = (x > 0)
        self.a = np.expand_dims(self.params["alpha"], tuple(range(1, x.ndim - 1)))
        return (self.pos * x + ~self.pos * x * self.a).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out * self.x * self.pos
        if len(self.params["alpha"]) == 1:
            self.grads["alpha"] = np.array([g.mean()])
        else:
            axes = tuple(i for i in range(g.ndim) if i != 1)
            self.grads["alpha"] = g.mean(axis=axes)
        return (grad_out * (self.pos + ~self.pos * self.a)).astype(self.x.dtype)
""",
    ),
    (
        "The weights come from np.random.randn, so the given rng has no effect.",
        "rng-ignored",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        self.params["weight"] = np.random.randn(pieces, out_features, in_features) * np.sqrt(2 / in_features)
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        z = np.einsum("ni,koi->nko", x, self.params["weight"]) + self.params["bias"]
        self.hit = np.zeros(z.shape)
        np.put_along_axis(self.hit, z.argmax(1)[:, None, :], 1, axis=1)
        return z.max(axis=1).astype(x.dtype)

    def backward(self, grad_out):
        dz = self.hit * grad_out[:, None, :]
        self.grads["weight"] = np.einsum("nko,ni->koi", dz, self.x)
        self.grads["bias"] = dz.sum(0)
        return np.einsum("nko,koi->ni", dz, self.params["weight"]).astype(self.x.dtype)
""",
    ),
    (
        "dx uses the weights of piece 0 for every winner.",
        "another-formula",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.pieces = pieces
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        z = np.array([x @ self.params["weight"][k].T + self.params["bias"][k] for k in range(self.pieces)])
        self.idx = np.argmax(z, axis=0)
        return np.max(z, axis=0).astype(x.dtype)

    def backward(self, grad_out):
        W = self.params["weight"]
        dW = np.zeros(W.shape)
        db = np.zeros(W.shape[:2])
        dx = np.zeros(self.x.shape)
        for k in range(self.pieces):
            g = grad_out * (self.idx == k)
            dW[k] = g.T @ self.x
            db[k] = g.sum(axis=0)
            dx += g @ W[0]
        self.grads["weight"], self.grads["bias"] = dW, db
        return dx.astype(self.x.dtype)
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
