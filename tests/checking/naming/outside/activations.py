"""Wrong activations: masks that are kept, np.where, and formulas copied literally."""

RELU_MASK = """
class ReLU(Layer):
    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx
"""

LEAKY = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x).astype(x.dtype)

    def backward(self, grad):
        dx = np.ones_like(self.x)
        dx[self.x <= 0] = self.alpha
        return grad * dx
"""

ELU = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.neg = x < 0
        self.out = x.copy()
        self.out[self.neg] = self.alpha * (np.exp(x[self.neg]) - 1)
        return self.out.copy()

    def backward(self, grad):
        d = np.where(self.neg, self.out + self.alpha, 1)
        return (grad * d).astype(grad.dtype)
"""

SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        z = np.exp(-np.abs(x))
        self.a = np.where(x >= 0, 1 / (1 + z), z / (1 + z)).astype(x.dtype)
        return self.a.copy()

    def backward(self, dA):
        dZ = dA * self.a * (1 - self.a)
        return dZ
"""

TANH = """
class Tanh(Layer):
    def sigmoid(self, x):
        z = np.exp(-np.abs(x))
        return np.where(x >= 0, 1 / (1 + z), z / (1 + z))

    def forward(self, x):
        self.y = (2 * self.sigmoid(2 * x) - 1).astype(x.dtype)
        return self.y.copy()

    def backward(self, g):
        return g * (1 - self.y ** 2)
"""

PRELU = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def forward(self, x):
        self.x = x
        self.shape = [1, -1] + [1] * (x.ndim - 2)
        a = self.params["alpha"].reshape(self.shape)
        return (np.maximum(x, 0) + a * np.minimum(x, 0)).astype(x.dtype)

    def backward(self, g):
        a = self.params["alpha"].reshape(self.shape)
        d = g * np.minimum(self.x, 0)
        if self.params["alpha"].size == 1:
            self.grads["alpha"] = d.sum().reshape(1)
        else:
            self.grads["alpha"] = d.sum(axis=(0, *range(2, g.ndim)))
        return np.where(self.x > 0, g, a * g).astype(g.dtype)
"""

MAXOUT = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        z = np.einsum("ni,poi->npo", x, self.params["weight"]) + self.params["bias"]
        self.which = z.argmax(axis=1)
        return z.max(axis=1).astype(x.dtype)

    def backward(self, g):
        W = self.params["weight"]
        chosen = np.arange(W.shape[0])[None, :, None] == self.which[:, None, :]
        gz = chosen * g[:, None, :]
        self.grads["weight"] = np.einsum("npo,ni->poi", gz, self.x)
        self.grads["bias"] = gz.sum(axis=0)
        return np.einsum("npo,poi->ni", gz, W).astype(g.dtype)
"""

WRONG = (
    (
        "mask from the gradient",
        "sign-of-gradient",
        RELU_MASK,
        "dx[self.mask] = 0",
        "dx[dx <= 0] = 0",
    ),
    (
        "mask without the gradient",
        "upstream-forgotten",
        RELU_MASK,
        "dx = dout.copy()",
        "dx = np.ones_like(dout)",
    ),
    (
        "gradient times activation",
        "value-as-slope",
        RELU_MASK,
        "dx = dout.copy()\n        dx[self.mask] = 0",
        "dx = dout * self.out",
        "return out",
        "self.out = out\n        return out.copy()",
    ),
    (
        "absolute value",
        "relu-absolute",
        RELU_MASK,
        "out[self.mask] = 0",
        "out[self.mask] *= -1",
    ),
    (
        "written in place",
        "input-changed",
        RELU_MASK,
        "out = x.copy()",
        "out = x",
    ),
    (
        "slope of nothing",
        "negative-side-cut",
        LEAKY,
        "dx[self.x <= 0] = self.alpha",
        "dx[self.x <= 0] = 0",
    ),
    (
        "slope assigned",
        "slope-assigned",
        LEAKY,
        "dx = np.ones_like(self.x)\n        dx[self.x <= 0] = self.alpha\n        return grad * dx",
        "dx = grad.copy()\n        dx[self.x <= 0] = self.alpha\n        return dx",
    ),
    (
        "maximum of two",
        "leaky-as-maximum",
        LEAKY,
        "np.where(x > 0, x, self.alpha * x)",
        "np.maximum(x, self.alpha * x)",
    ),
    (
        "slope fixed",
        "activation-alpha-ignored",
        LEAKY,
        "np.where(x > 0, x, self.alpha * x)",
        "np.where(x > 0, x, 0.01 * x)",
    ),
    (
        "alpha missing in gradient",
        "elu-plus-one",
        ELU,
        "self.out + self.alpha, 1)",
        "self.out + 1, 1)",
    ),
    (
        "value for derivative",
        "elu-value-as-slope",
        ELU,
        "self.out + self.alpha",
        "self.out",
    ),
    (
        "alpha inside",
        "elu-alpha-inside",
        ELU,
        "self.alpha * (np.exp(x[self.neg]) - 1)",
        "self.alpha * np.exp(x[self.neg]) - 1",
    ),
    (
        "alpha lost",
        "activation-alpha-ignored",
        ELU,
        "self.alpha * (np.exp",
        "(np.exp",
    ),
    (
        "overflow",
        "warning",
        SIGMOID,
        "np.where(x >= 0, 1 / (1 + z), z / (1 + z)).astype(x.dtype)",
        "1 / (1 + np.exp(-x))",
    ),
    (
        "derivative at the input",
        "",
        SIGMOID,
        "self.a * (1 - self.a)",
        "self.a * (1 - dA)",
    ),
    (
        "upstream missing",
        "upstream-forgotten",
        SIGMOID,
        "dA * self.a",
        "self.a",
    ),
    (
        "sigmoid twice",
        "sigmoid-twice",
        SIGMOID,
        "dZ = dA * self.a * (1 - self.a)",
        "s = 1 / (1 + np.exp(-self.a))\n        dZ = dA * s * (1 - s)",
    ),
    (
        "two inside lost",
        "tanh-inner-two-forgotten",
        TANH,
        "self.sigmoid(2 * x)",
        "self.sigmoid(x)",
    ),
    (
        "square missing",
        "tanh-not-squared",
        TANH,
        "self.y ** 2",
        "self.y",
    ),
    (
        "self forgotten",
        "self-forgotten",
        TANH,
        "2 * self.sigmoid(2",
        "2 * sigmoid(2",
    ),
    (
        "sum over everything",
        "prelu-gradient-over-channels",
        PRELU,
        "d.sum(axis=(0, *range(2, g.ndim)))",
        "np.full(self.params['alpha'].shape, d.sum())",
    ),
    (
        "mean for sum",
        "prelu-gradient-averaged",
        PRELU,
        "d.sum(axis=(0, *range(2, g.ndim)))",
        "d.mean(axis=(0, *range(2, g.ndim)))",
    ),
    (
        "channel axis forgotten",
        "prelu-slopes-along-last-axis",
        PRELU,
        "[1, -1] + [1] * (x.ndim - 2)",
        "[-1]",
    ),
    (
        "wrong sign of slope's gradient",
        "prelu-gradient-from-positives",
        PRELU,
        "g * np.minimum(self.x, 0)",
        "g * np.maximum(self.x, 0)",
    ),
    (
        "gradient to every piece",
        "maxout-gradient-to-all-pieces",
        MAXOUT,
        "gz = chosen * g[:, None, :]",
        "gz = np.ones_like(chosen) * g[:, None, :]",
    ),
    (
        "bias left out",
        "maxout-bias-forgotten",
        MAXOUT,
        ' + self.params["bias"]\n',
        "\n",
    ),
    (
        "averaged over the batch",
        "maxout-gradient-averaged",
        MAXOUT,
        "gz, self.x)",
        "gz, self.x) / len(g)",
    ),
    (
        "maximum over outputs",
        "maxout-over-features",
        MAXOUT,
        "z.max(axis=1)",
        "z.max(axis=2)",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
