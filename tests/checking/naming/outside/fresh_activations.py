"""Wrong answers of lesson activations, written last, without the altered oracles at hand."""

RELU = """
class ReLU(Layer):
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, 0).astype(x.dtype)

    def backward(self, grad_out):
        return grad_out * (self.x > 0)
"""
SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.out = np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)
        return self.out.copy()

    def backward(self, grad_out):
        return grad_out * self.out * (1 - self.out)
"""
TANH = """
class Tanh(Layer):
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t.copy()

    def backward(self, grad_out):
        return grad_out * (1 - self.t * self.t)
"""
LEAKY = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.slope = np.ones_like(x)
        self.slope[x < 0] = self.alpha
        return x * self.slope

    def backward(self, grad_out):
        return grad_out * self.slope
"""
ELU = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        self.em = self.alpha * np.exp(np.minimum(x, 0)) - self.alpha
        return np.where(x > 0, x, self.em).astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * np.where(self.x > 0, 1, self.em + self.alpha)).astype(grad_out.dtype)
"""
PRELU = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def forward(self, x):
        self.x = x
        self.neg = np.minimum(x, 0)
        shape = [1] * x.ndim
        shape[1] = -1
        self.a = self.params["alpha"].reshape(shape)
        return (np.maximum(x, 0) + self.a * self.neg).astype(x.dtype)

    def backward(self, grad_out):
        axes = tuple(i for i in range(grad_out.ndim) if i != 1)
        da = (grad_out * self.neg).sum(axis=axes)
        self.grads["alpha"] = da if self.params["alpha"].size > 1 else np.array([da.sum()])
        slope = np.where(self.x > 0, 1.0, self.a)
        return (grad_out * slope).astype(grad_out.dtype)
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
        self.winner = z.argmax(axis=1)
        return z.max(axis=1).astype(x.dtype)

    def backward(self, grad_out):
        W = self.params["weight"]
        dW, db = np.zeros(W.shape), np.zeros(W.shape[:2])
        dx = np.zeros(self.x.shape)
        for p in range(W.shape[0]):
            g = grad_out * (self.winner == p)
            dW[p] = g.T @ self.x
            db[p] = g.sum(axis=0)
            dx += g @ W[p]
        self.grads["weight"], self.grads["bias"] = dW, db
        return dx.astype(grad_out.dtype)
"""

WRONG = (
    ("sign step", "relu-absolute", RELU, "grad_out * (self.x > 0)", "grad_out * np.sign(self.x)"),
    ("absolute value", "relu-absolute", RELU, "np.where(x > 0, x, 0).astype(x.dtype)", "np.abs(x)"),
    ("threshold at one", "wrong-on-one-side", RELU, "np.where(x > 0, x, 0)", "np.where(x > 1, x, 0)"),
    ("ReLU6", "", RELU, "np.where(x > 0, x, 0)", "np.clip(x, 0, 6)"),
    ("gradient's own sign", "sign-of-gradient", RELU, "grad_out * (self.x > 0)", "np.maximum(grad_out, 0)"),
    ("ones where x is positive", "ones-returned", RELU, "np.where(x > 0, x, 0)", "np.where(x > 0, 1, 0)"),
    (
        "naive exponent",
        "warning",
        SIGMOID,
        "np.where(x >= 0, 1 / (1 + e), e / (1 + e)).astype(x.dtype)",
        "1 / (1 + np.exp(-x))",
    ),
    ("clipped at 20", "", SIGMOID, "e = np.exp(-np.abs(x))", "x = np.clip(x, -5, 5)\n        e = np.exp(-np.abs(x))"),
    (
        "derivative of the input",
        "sigmoid-derivative-of-input",
        SIGMOID,
        "self.out * (1 - self.out)",
        "self.x * (1 - self.x)",
        "e = np.exp",
        "self.x = x\n        e = np.exp",
    ),
    (
        "always the branch for positive",
        "function-added",
        SIGMOID,
        "np.where(x >= 0, 1 / (1 + e), e / (1 + e))",
        "(1 / (1 + e))",
    ),
    (
        "sigmoid twice",
        "sigmoid-twice",
        SIGMOID,
        "grad_out * self.out * (1 - self.out)",
        "grad_out * (1 / (1 + np.exp(-self.out))) * (1 - 1 / (1 + np.exp(-self.out)))",
    ),
    ("1 + square", "another-formula", TANH, "(1 - self.t * self.t)", "(1 + self.t * self.t)"),
    ("sigmoid's derivative", "sigmoid-rule-for-tanh", TANH, "(1 - self.t * self.t)", "self.t * (1 - self.t)"),
    ("2σ(2x) without - 1", "tanh-not-shifted", TANH, "self.t = np.tanh(x)", "self.t = np.tanh(x) + 1"),
    ("σ(x) for σ(2x)", "tanh-inner-two-forgotten", TANH, "self.t = np.tanh(x)", "self.t = np.tanh(x / 2)"),
    ("tanh of the output", "tanh-twice", TANH, "1 - self.t * self.t", "1 - np.tanh(self.t) ** 2"),
    ("maximum of the two", "leaky-as-maximum", LEAKY, "return x * self.slope", "return np.maximum(x, self.alpha * x)"),
    ("slope subtracted", "another-formula", LEAKY, "return x * self.slope", "return x - self.alpha * (x < 0)"),
    ("alpha 0.01 always", "activation-alpha-ignored", LEAKY, "self.alpha = alpha", "self.alpha = 0.01"),
    ("slope lost in backward", "negative-side-cut", LEAKY, "grad_out * self.slope", "grad_out * (self.slope == 1)"),
    (
        "divides by alpha",
        "wrong-on-one-side",
        LEAKY,
        "self.slope[x < 0] = self.alpha",
        "self.slope[x < 0] = 1 / max(self.alpha, 1e-3)",
    ),
    (
        "exp without - 1",
        "another-formula",
        ELU,
        "np.exp(np.minimum(x, 0)) - self.alpha",
        "np.exp(np.minimum(x, 0))",
        "self.em + self.alpha",
        "self.em",
    ),
    ("- 1 outside", "elu-alpha-inside", ELU, "np.exp(np.minimum(x, 0)) - self.alpha", "np.exp(np.minimum(x, 0)) - 1"),
    (
        "alpha inside the exponent",
        "elu-alpha-in-exponent",
        ELU,
        "self.alpha * np.exp(np.minimum(x, 0)) - self.alpha",
        "np.exp(self.alpha * np.minimum(x, 0)) - 1",
    ),
    ("em without alpha", "elu-value-as-slope", ELU, "self.em + self.alpha)", "self.em)"),
    ("x times exp", "another-formula", ELU, "self.em + self.alpha)", "self.x * self.em)"),
    (
        "first slope for all",
        "prelu-first-slope-for-all",
        PRELU,
        'self.a = self.params["alpha"].reshape(shape)',
        'self.a = self.params["alpha"][0]',
    ),
    (
        "slope's gradient as mean",
        "",
        PRELU,
        "(grad_out * self.neg).sum(axis=axes)",
        "(grad_out * self.neg).mean(axis=axes)",
    ),
    (
        "slope's gradient of all x",
        "prelu-gradient-from-positives",
        PRELU,
        "(grad_out * self.neg).sum",
        "(grad_out * self.x).sum",
    ),
    (
        "slope's gradient times slope",
        "array-wrong",
        PRELU,
        "(grad_out * self.neg).sum",
        "(grad_out * self.neg * self.a).sum",
    ),
    ("neg is a mask", "another-formula", PRELU, "(grad_out * self.neg).sum", "(grad_out * (self.x < 0)).sum"),
    ("slope over the batch", "another-axis", PRELU, "if i != 1)", "if i != 0)"),
    ("winner of the first sample", "", MAXOUT, "self.winner = z.argmax(axis=1)", "self.winner = z.argmax(axis=1)[:1]"),
    (
        "bias after the maximum",
        "another-formula",
        MAXOUT,
        ' + self.params["bias"]\n',
        ' + self.params["bias"].sum(0)\n',
    ),
    (
        "all pieces get the gradient",
        "maxout-gradient-to-all-pieces",
        MAXOUT,
        "g = grad_out * (self.winner == p)",
        "g = grad_out",
    ),
    ("dx of the last piece", "another-formula", MAXOUT, "dx += g @ W[p]", "dx = g @ W[p]"),
    ("bias gradient as mean", "maxout-gradient-averaged", MAXOUT, "g.sum(axis=0)", "g.mean(axis=0)"),
    ("absolute winner", "another-formula", MAXOUT, "return z.max(axis=1)", "return np.abs(z).max(axis=1)"),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
