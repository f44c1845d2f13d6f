"""Wrong answers of lesson activations, written before the names of this room were known."""

RELU = """
class ReLU(Layer):
    def forward(self, x):
        self.x = x
        return x * (x > 0)

    def backward(self, grad):
        return grad * (self.x > 0)
"""
SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.s = np.where(x >= 0, 1, e) / (1 + e)
        return self.s.copy()

    def backward(self, dout):
        return dout * self.s * (1 - self.s)
"""
TANH = """
class Tanh(Layer):
    def forward(self, x):
        e = np.exp(-2 * np.abs(x))
        self.t = np.sign(x) * (1 - e) / (1 + e)
        return self.t.copy()

    def backward(self, dout):
        return dout * (1 - self.t * self.t)
"""
LEAKY = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.slope = alpha

    def forward(self, x):
        self.x = x
        out = x.copy()
        out[x < 0] *= self.slope
        return out

    def backward(self, grad):
        d = np.ones_like(self.x)
        d[self.x < 0] = self.slope
        return grad * d
"""
ELU = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        self.out = np.maximum(x, 0) + self.alpha * np.expm1(np.minimum(x, 0))
        return self.out.astype(x.dtype)

    def backward(self, grad):
        inner = np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))
        return (grad * inner).astype(self.x.dtype)
"""
PRELU = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def shaped(self, x):
        shape = [1] * x.ndim
        shape[1] = -1
        return self.params["alpha"].astype(x.dtype).reshape(shape)

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0) + self.shaped(x) * np.minimum(x, 0)

    def backward(self, grad):
        a = self.shaped(self.x)
        da = grad * np.minimum(self.x, 0)
        if self.params["alpha"].size == 1:
            self.grads["alpha"] = np.array([da.sum()])
        else:
            other = tuple(ax for ax in range(self.x.ndim) if ax != 1)
            self.grads["alpha"] = da.sum(axis=other)
        return np.where(self.x > 0, grad, a * grad)
"""
MAXOUT = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        w, b = self.params["weight"], self.params["bias"]
        z = np.stack([x @ w[k].T + b[k] for k in range(len(w))])
        self.best = z.argmax(axis=0)
        return z.max(axis=0).astype(x.dtype)

    def backward(self, grad):
        w, b = self.params["weight"], self.params["bias"]
        dx = np.zeros_like(self.x)
        dw, db = np.zeros_like(w), np.zeros_like(b)
        for k in range(len(w)):
            g = grad * (self.best == k)
            dw[k] = g.T @ self.x
            db[k] = g.sum(axis=0)
            dx += (g @ w[k]).astype(dx.dtype)
        self.grads = {"weight": dw, "bias": db}
        return dx
"""

WRONG = (
    ("mask of the gradient's sign", "sign-of-gradient", RELU, "return grad * (self.x > 0)", "return grad * (grad > 0)"),
    (
        "guided: both masks",
        "function-added",
        RELU,
        "return grad * (self.x > 0)",
        "return grad * (self.x > 0) * (grad > 0)",
    ),
    ("clipped at six", "function-added", RELU, "return x * (x > 0)", "return np.clip(x, 0, 6)"),
    ("clipped at one", "function-added", RELU, "return x * (x > 0)", "return np.clip(x, 0, 1)"),
    ("the mask returned", "ones-returned", RELU, "return x * (x > 0)", "return (x > 0).astype(x.dtype)"),
    (
        "softplus",
        "another-formula",
        RELU,
        "return x * (x > 0)",
        "return np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)",
    ),
    ("tanh by the sigmoid's derivative", "sigmoid-rule-for-tanh", TANH, "1 - self.t * self.t", "self.t * (1 - self.t)"),
    ("no doubled argument", "tanh-inner-two-forgotten", TANH, "e = np.exp(-2 * np.abs(x))", "e = np.exp(-np.abs(x))"),
    ("square forgotten", "tanh-not-squared", TANH, "(1 - self.t * self.t)", "(1 - self.t)"),
    (
        "derivative at the derivative",
        "tanh-twice",
        TANH,
        "return dout * (1 - self.t * self.t)",
        "return dout * (1 - np.tanh(self.t) ** 2)",
    ),
    (
        "hard sigmoid",
        "another-formula",
        SIGMOID,
        "self.s = np.where(x >= 0, 1, e) / (1 + e)",
        "self.s = np.clip(0.2 * x + 0.5, 0, 1)",
    ),
    ("one sign for all", "sigmoid-mirrored", SIGMOID, "np.where(x >= 0, 1, e)", "np.where(x >= 0, e, 1)"),
    (
        "sigmoid of dout",
        "another-formula",
        SIGMOID,
        "return dout * self.s * (1 - self.s)",
        "s = 1 / (1 + np.exp(-np.clip(dout, -500, 500)))\n        return s * (1 - s)",
    ),
    (
        "abs value for the negative side",
        "negative-side-flipped",
        LEAKY,
        "out[x < 0] *= self.slope",
        "out[x < 0] *= -self.slope",
    ),
    ("slope ignored in backward", "negative-side-cut", LEAKY, "d[self.x < 0] = self.slope", "d[self.x < 0] = 0"),
    ("slope is 0.01", "activation-alpha-ignored", LEAKY, "self.slope = alpha", "self.slope = 0.01"),
    (
        "maximum with the product",
        "leaky-as-maximum",
        LEAKY,
        "out = x.copy()\n        out[x < 0] *= self.slope\n        return out",
        "return np.maximum(x, self.slope * x)",
    ),
    (
        "mask on the gradient's sign",
        "sign-of-gradient",
        LEAKY,
        "d[self.x < 0] = self.slope",
        "d[grad < 0] = self.slope",
    ),
    (
        "alpha inside the exponent",
        "elu-alpha-in-exponent",
        ELU,
        "self.alpha * np.expm1(np.minimum(x, 0))",
        "np.expm1(self.alpha * np.minimum(x, 0))",
    ),
    (
        "minus alpha forgotten",
        "another-formula",
        ELU,
        "self.alpha * np.expm1(np.minimum(x, 0))",
        "self.alpha * np.exp(np.minimum(x, 0)) * (x < 0)",
    ),
    ("gradient by the output", "elu-value-as-slope", ELU, "self.alpha * np.exp(np.minimum(self.x, 0))", "self.out"),
    (
        "output minus alpha",
        "another-formula",
        ELU,
        "self.alpha * np.exp(np.minimum(self.x, 0))",
        "self.out - self.alpha",
    ),
    (
        "slopes from the gradient of x",
        "array-wrong",
        PRELU,
        "da = grad * np.minimum(self.x, 0)",
        "da = np.where(self.x > 0, 0, a * grad * self.x)",
    ),
    (
        "maxima counted in the slopes",
        "prelu-gradient-from-positives",
        PRELU,
        "da = grad * np.minimum(self.x, 0)",
        "da = grad * self.x",
    ),
    (
        "mean over the batch",
        "prelu-gradient-averaged",
        PRELU,
        'self.grads["alpha"] = da.sum(axis=other)',
        'self.grads["alpha"] = da.sum(axis=other) / len(self.x)',
    ),
    (
        "no grad factor in the slopes",
        "upstream-forgotten",
        PRELU,
        "da = grad * np.minimum(self.x, 0)",
        "da = np.minimum(self.x, 0)",
    ),
    (
        "bias after the maximum",
        "another-formula",
        MAXOUT,
        "x @ w[k].T + b[k] for k",
        "x @ w[k].T for k",
        "return z.max(axis=0).astype(x.dtype)",
        "return (z.max(axis=0) + b.sum(axis=0)).astype(x.dtype)",
    ),
    (
        "winner of the whole batch",
        "another-formula",
        MAXOUT,
        "self.best = z.argmax(axis=0)\n        return z.max(axis=0).astype(x.dtype)",
        "self.best = np.broadcast_to(z.sum(axis=1).argmax(axis=0), z.shape[1:])\n        return np.take_along_axis(z, self.best[None], axis=0)[0].astype(x.dtype)",
    ),
    (
        "first two pieces",
        "another-formula",
        MAXOUT,
        "return z.max(axis=0).astype(x.dtype)",
        "return np.maximum(z[0], z[1]).astype(x.dtype)",
    ),
)
