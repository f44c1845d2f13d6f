"""Wrong answers of lesson activations by an author who had not seen the checks."""

WRONG = (
    (
        "Backward looks at the sign of grad_out instead of the sign of x.",
        "sign-of-gradient",
        """
class ReLU(Layer):
    def forward(self, x):
        return np.maximum(x, 0)

    def backward(self, grad_out):
        return np.where(grad_out > 0, grad_out, 0).astype(grad_out.dtype)
""",
    ),
    (
        "Zeroes the negative values in x itself, so the caller's array changes.",
        "input-changed",
        """
class ReLU(Layer):
    def forward(self, x):
        self.mask = x <= 0
        out = x
        out[self.mask] = 0
        return out

    def backward(self, grad_out):
        dx = grad_out.copy()
        dx[self.mask] = 0
        return dx
""",
    ),
    (
        "Backward returns the local derivative and never multiplies it by grad_out.",
        "upstream-forgotten",
        """
class ReLU(Layer):
    def forward(self, x):
        self.x = x
        return x * (x > 0)

    def backward(self, grad_out):
        dx = np.ones_like(self.x)
        dx[self.x <= 0] = 0
        return dx
""",
    ),
    (
        "1/(1+exp(-x)) overflows (a warning) for large negative x.",
        "warning",
        """
class Sigmoid(Layer):
    def forward(self, x):
        self.out = 1 / (1 + np.exp(-x))
        return self.out

    def backward(self, grad_out):
        return grad_out * self.out * (1 - self.out)
""",
    ),
    (
        "Backward applies the sigmoid once more to the output that is already the sigmoid.",
        "sigmoid-twice",
        """
def stable_sigmoid(z):
    out = np.empty_like(z)
    pos = z >= 0
    out[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    out[~pos] = e / (1 + e)
    return out

class Sigmoid(Layer):
    def forward(self, x):
        self.s = stable_sigmoid(x)
        return self.s

    def backward(self, grad_out):
        s = stable_sigmoid(self.s)
        return grad_out * s * (1 - s)
""",
    ),
    (
        "Clips x to [-10, 10] against overflow, which visibly changes values outside.",
        "function-added",
        """
class Sigmoid(Layer):
    def forward(self, x):
        x = np.clip(x, -10, 10)   # чтобы не было переполнения
        self.y = (1.0 / (1.0 + np.exp(-x))).astype(x.dtype)
        return self.y

    def backward(self, grad_out):
        return grad_out * self.y * (1.0 - self.y)
""",
    ),
    (
        "Writes 2σ(x) − 1: the 2 inside the sigmoid is forgotten.",
        "tanh-inner-two-forgotten",
        """
class Tanh(Layer):
    def forward(self, x):
        e = np.exp(-np.abs(x))
        sigma = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
        self.t = 2 * sigma - 1
        return self.t

    def backward(self, grad_out):
        return grad_out * (1 - self.t ** 2)
""",
    ),
    (
        "The derivative is written as 1 − tanh(x), without the square.",
        "tanh-not-squared",
        """
class Tanh(Layer):
    def __init__(self):
        super().__init__()
        self.cache = None

    def forward(self, x):
        y = np.tanh(x)
        self.cache = y
        return y

    def backward(self, grad_out):
        y = self.cache
        return (1 - y) * grad_out
""",
    ),
    (
        "Two mistakes: (e^x − e^−x)/(e^x + e^−x) overflows to nan at ±1000, and the derivative is 1 + tanh² (sign).",
        "tanh-infinity",
        """
class Tanh(Layer):
    def forward(self, x):
        a = np.exp(x)
        b = np.exp(-x)
        self.out = (a - b) / (a + b)
        return self.out

    def backward(self, grad_out):
        return grad_out * (1 + self.out * self.out)
""",
    ),
    (
        "max(αx, x) from the slide, which is wrong when alpha is above 1.",
        "leaky-as-maximum",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.maximum(self.alpha * x, x).astype(x.dtype)

    def backward(self, grad_out):
        return np.where(self.x > 0, grad_out, self.alpha * grad_out).astype(grad_out.dtype)
""",
    ),
    (
        "Backward copied from ReLU: no gradient at all for negative x.",
        "negative-side-cut",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.mask = (x > 0)
        return np.where(self.mask, x, x * self.alpha).astype(x.dtype)

    def backward(self, grad_out):
        return grad_out * self.mask
""",
    ),
    (
        "The slope 0.01 from the PyTorch docs is hard-coded; the alpha argument is ignored.",
        "activation-alpha-ignored",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha: float = 0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.slope = np.where(x >= 0, 1.0, 0.01).astype(x.dtype)
        return x * self.slope

    def backward(self, grad_out: np.ndarray) -> np.ndarray:
        return grad_out * self.slope
""",
    ),
    (
        "np.where computes exp(x) for the large positive x too: overflow warning.",
        "warning",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        self.y = np.where(x >= 0, x, self.alpha * (np.exp(x) - 1)).astype(x.dtype)
        return self.y

    def backward(self, grad_out):
        d = np.where(self.x >= 0, 1, self.y + self.alpha)
        return (grad_out * d).astype(grad_out.dtype)
""",
    ),
    (
        "Uses out + 1 as the derivative of the negative part, which is right only for alpha = 1.",
        "elu-plus-one",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.neg = x < 0
        self.out = x.copy()
        self.out[self.neg] = self.alpha * (np.exp(x[self.neg]) - 1)
        return self.out.copy()

    def backward(self, grad_out):
        grad_in = grad_out.copy()
        grad_in[self.neg] *= self.out[self.neg] + 1
        return grad_in
""",
    ),
    (
        "Two mistakes: brackets lost in forward, alpha·exp(x) − 1, and the gradient of the negative part forgets alpha.",
        "elu-alpha-inside",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        neg = np.minimum(x, 0)
        return ((x < 0) * (self.alpha * np.exp(neg) - 1) + (x >= 0) * x).astype(x.dtype)

    def backward(self, grad_out):
        neg = np.minimum(self.x, 0)
        return (grad_out * ((self.x < 0) * np.exp(neg) + (self.x >= 0))).astype(self.x.dtype)
""",
    ),
    (
        "The gradient of alpha is summed over everything, also when there is one alpha per channel.",
        "prelu-gradient-over-channels",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def _shape(self, x):
        a = self.params["alpha"]
        return a.reshape((1, -1) + (1,) * (x.ndim - 2))

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self._shape(x) * x).astype(x.dtype)

    def backward(self, grad_out):
        x = self.x
        total = np.sum(grad_out * np.minimum(x, 0))
        self.grads["alpha"] = np.ones_like(self.params["alpha"]) * total
        return np.where(x > 0, grad_out, self._shape(x) * grad_out).astype(x.dtype)
""",
    ),
    (
        "alpha is multiplied without a reshape, so it broadcasts along the last axis instead of axis 1.",
        "prelu-slopes-along-last-axis",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.n = num_parameters
        self.params = {"alpha": np.ones(num_parameters) * 0.25}

    def forward(self, x):
        self.x = x
        a = self.params["alpha"].astype(x.dtype)
        return np.where(x >= 0, x, a * x)

    def backward(self, grad_out):
        a = self.params["alpha"].astype(self.x.dtype)
        g = grad_out * self.x * (self.x < 0)
        if self.n == 1:
            self.grads["alpha"] = np.array([g.sum()])
        else:
            self.grads["alpha"] = g.sum(axis=tuple(range(g.ndim - 1)))
        return np.where(self.x >= 0, grad_out, a * grad_out)
""",
    ),
    (
        'Works with self.alpha, a copy of params["alpha"], so what an optimiser writes into params is never seen.',
        "prelu-slope-copied",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.alpha = np.full((num_parameters,), 0.25)
        self.params = {"alpha": self.alpha.copy()}
        self.grads = {}

    def forward(self, x):
        self.x = x
        shape = [1] * x.ndim
        shape[1] = len(self.alpha)
        self.a = self.alpha.reshape(shape).astype(x.dtype)
        return np.where(x > 0, x, x * self.a)

    def backward(self, grad_out):
        neg = self.x <= 0
        da = grad_out * self.x * neg
        if len(self.alpha) == 1:
            self.grads["alpha"] = da.sum().reshape(1)
        else:
            axes = tuple(i for i in range(da.ndim) if i != 1)
            self.grads["alpha"] = da.sum(axis=axes)
        return np.where(neg, grad_out * self.a, grad_out)
""",
    ),
    (
        "The gradient of alpha sums grad_out over the negative places and forgets the factor x.",
        "another-formula",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.num_parameters = num_parameters
        self.params["alpha"] = 0.25 * np.ones(num_parameters)

    def forward(self, x):
        self.x = x
        self.mask = x < 0
        alpha = self.params["alpha"].reshape(1, -1, *([1] * (x.ndim - 2)))
        self.slope = np.where(self.mask, alpha, 1.0).astype(x.dtype)
        return x * self.slope

    def backward(self, grad_out):
        g = np.where(self.mask, grad_out, 0)
        if self.num_parameters == 1:
            self.grads["alpha"] = np.array([np.sum(g)])
        else:
            self.grads["alpha"] = np.sum(np.moveaxis(g, 1, 0).reshape(self.num_parameters, -1), axis=1)
        return grad_out * self.slope
""",
    ),
    (
        "Takes the maximum over the output neurons instead of over the pieces (the shape is right only by chance).",
        "maxout-over-features",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = rng if rng is not None else np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        W, b = self.params["weight"], self.params["bias"]
        z = np.einsum("ni,koi->nko", x, W) + b
        self.k = z.argmax(axis=2)
        return z.max(axis=2).astype(x.dtype)

    def backward(self, grad_out):
        W = self.params["weight"]
        mask = np.arange(W.shape[1])[None, None, :] == self.k[:, :, None]
        dz = mask * grad_out[:, :, None]
        self.grads["weight"] = np.einsum("nko,ni->koi", dz, self.x)
        self.grads["bias"] = dz.sum(axis=0)
        return np.einsum("nko,koi->ni", dz, W).astype(self.x.dtype)
""",
    ),
    (
        "Backward sends the gradient through every piece, not only through the one that won.",
        "maxout-gradient-to-all-pieces",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.pieces = pieces
        self.params["weight"] = rng.standard_normal((pieces, out_features, in_features)) * np.sqrt(2.0 / in_features)
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        ys = []
        for p in range(self.pieces):
            ys.append(x @ self.params["weight"][p].T + self.params["bias"][p])
        return np.max(np.stack(ys), axis=0).astype(x.dtype)

    def backward(self, grad_out):
        W = self.params["weight"]
        dW = np.zeros_like(W)
        db = np.zeros_like(self.params["bias"])
        dx = np.zeros(self.x.shape)
        for p in range(self.pieces):
            dW[p] = grad_out.T @ self.x
            db[p] = grad_out.sum(axis=0)
            dx += grad_out @ W[p]
        self.grads["weight"] = dW
        self.grads["bias"] = db
        return dx.astype(self.x.dtype)
""",
    ),
    (
        "Only the first two pieces are compared, whatever pieces is.",
        "another-formula",
        """
class Maxout(Layer):
    # max(a1 x + b1, a2 x + b2)
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.params["weight"] = rng.normal(size=(pieces, out_features, in_features)) * np.sqrt(2 / in_features)
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        W, b = self.params["weight"], self.params["bias"]
        if W.shape[0] == 1:
            self.first = np.ones((x.shape[0], W.shape[1]), dtype=bool)
            return (x @ W[0].T + b[0]).astype(x.dtype)
        y1 = x @ W[0].T + b[0]
        y2 = x @ W[1].T + b[1]
        self.first = y1 >= y2
        return np.where(self.first, y1, y2).astype(x.dtype)

    def backward(self, grad_out):
        W, b = self.params["weight"], self.params["bias"]
        dW, db = np.zeros_like(W), np.zeros_like(b)
        g1 = grad_out * self.first
        g2 = grad_out * ~self.first
        dW[0], db[0] = g1.T @ self.x, g1.sum(axis=0)
        dx = g1 @ W[0]
        if W.shape[0] > 1:
            dW[1], db[1] = g2.T @ self.x, g2.sum(axis=0)
            dx = dx + g2 @ W[1]
        self.grads["weight"], self.grads["bias"] = dW, db
        return dx.astype(self.x.dtype)
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
