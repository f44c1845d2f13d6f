"""Wrong answers of lesson activations, written without the altered oracles at hand."""

RELU = """
class ReLU(Layer):
    def forward(self, x):
        self.cache = x
        return (abs(x) + x) / 2

    def backward(self, grad_out):
        dx = grad_out.copy()
        dx[self.cache <= 0] = 0
        return dx
"""
SIGMOID = """
class Sigmoid(Layer):
    def forward(self, x):
        t = np.exp(-abs(x))
        self.s = np.where(x >= 0, 1 / (1 + t), t / (1 + t))
        return self.s

    def backward(self, grad_out):
        s = self.s
        return s * (1 - s) * grad_out
"""
TANH = """
class Tanh(Layer):
    def forward(self, x):
        e = np.exp(-2 * np.abs(x))
        self.th = np.sign(x) * (1 - e) / (1 + e)
        return self.th

    def backward(self, grad_out):
        return grad_out - grad_out * self.th ** 2
"""
LEAKY = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.positive = x > 0
        return np.maximum(x, 0) + self.alpha * np.minimum(x, 0)

    def backward(self, grad_out):
        slope = np.full(grad_out.shape, self.alpha, dtype=grad_out.dtype)
        slope[self.positive] = 1
        return slope * grad_out
"""
ELU = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        self.y = np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))
        return self.y

    def backward(self, grad_out):
        return np.where(self.x > 0, grad_out, grad_out * (self.y + self.alpha))
"""
PRELU = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params['alpha'] = np.full(num_parameters, 0.25)

    def _spread(self, x):
        a = self.params['alpha']
        return a.reshape((1, -1) + (1,) * (x.ndim - 2))

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self._spread(x) * x).astype(x.dtype)

    def backward(self, grad_out):
        x = self.x
        a = self.params['alpha']
        each = grad_out * np.minimum(x, 0)
        if len(a) == 1:
            self.grads['alpha'] = np.array([each.sum()])
        else:
            self.grads['alpha'] = each.swapaxes(0, 1).reshape(len(a), -1).sum(axis=1)
        return (grad_out * np.where(x > 0, 1, self._spread(x))).astype(x.dtype)
"""
MAXOUT = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params['weight'] = rng.standard_normal((pieces, out_features, in_features)) * (2 / in_features) ** 0.5
        self.params['bias'] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        w, b = self.params['weight'], self.params['bias']
        z = np.stack([x @ w[p].T + b[p] for p in range(len(w))])
        self.arg = z.argmax(axis=0)
        return z.max(axis=0).astype(x.dtype)

    def backward(self, grad_out):
        w, b = self.params['weight'], self.params['bias']
        dw, db, dx = np.zeros_like(w), np.zeros_like(b), np.zeros(self.x.shape)
        for p in range(len(w)):
            g = grad_out * (self.arg == p)
            dw[p] = g.T @ self.x
            db[p] = g.sum(axis=0)
            dx += g @ w[p]
        self.grads['weight'], self.grads['bias'] = dw, db
        return dx.astype(self.x.dtype)
"""

WRONG = (
    ("no half", "factor-wrong", RELU, "(abs(x) + x) / 2", "abs(x) + x"),
    ("sign", "relu-minimum-taken", RELU, "(abs(x) + x) / 2", "(x - abs(x)) / 2"),
    ("mask of the gradient", "sign-of-gradient", RELU, "self.cache <= 0", "grad_out <= 0"),
    ("value multiplied in", "value-as-slope", RELU, "dx[self.cache <= 0] = 0", "dx = dx * np.maximum(self.cache, 0)"),
    ("one minus forgotten", "sigmoid-factor-missing", SIGMOID, "s * (1 - s)", "s"),
    ("plus", "another-formula", SIGMOID, "s * (1 - s)", "s * (1 + s)"),
    ("only one branch: symmetric", "function-added", SIGMOID, "t / (1 + t))", "1 / (1 + t))"),
    ("sigmoid scaled 2", "another-formula", SIGMOID, "np.exp(-abs(x))", "np.exp(-2 * abs(x))"),
    ("factor 2 missing in tanh", "tanh-inner-two-forgotten", TANH, "-2 * np.abs(x)", "-np.abs(x)"),
    ("square missing", "tanh-not-squared", TANH, "self.th ** 2", "self.th"),
    (
        "sigmoid's derivative",
        "sigmoid-rule-for-tanh",
        TANH,
        "grad_out - grad_out * self.th ** 2",
        "grad_out * self.th * (1 - self.th)",
    ),
    ("sign lost", "function-added", TANH, "np.sign(x) * ", ""),
    (
        "max of x and alpha x",
        "leaky-as-maximum",
        LEAKY,
        "np.maximum(x, 0) + self.alpha * np.minimum(x, 0)",
        "np.maximum(x, self.alpha * x)",
    ),
    ("minus", "negative-side-flipped", LEAKY, "+ self.alpha * np.minimum", "- self.alpha * np.minimum"),
    ("constant 0.01", "activation-alpha-ignored", LEAKY, "self.alpha = alpha", "self.alpha = 0.01"),
    ("1 - alpha", "another-formula", LEAKY, "(grad_out.shape, self.alpha", "(grad_out.shape, 1 - self.alpha"),
    ("slope by gradient's sign", "sign-of-gradient", LEAKY, "slope[self.positive]", "slope[grad_out > 0]"),
    ("alpha missing", "activation-alpha-ignored", ELU, "self.alpha * np.expm1", "np.expm1"),
    ("gradient: y", "elu-value-as-slope", ELU, "(self.y + self.alpha)", "self.y"),
    ("gradient y + 1", "elu-plus-one", ELU, "(self.y + self.alpha)", "(self.y + 1)"),
    ("gradient alpha (y + alpha)", "factor-wrong", ELU, "(self.y + self.alpha)", "self.alpha * (self.y + self.alpha)"),
    ("exp without minus one", "another-formula", ELU, "np.expm1", "np.exp"),
    (
        "gradient of alpha with x positive",
        "prelu-gradient-from-positives",
        PRELU,
        "np.minimum(x, 0)\n",
        "np.maximum(x, 0)\n",
    ),
    (
        "gradient of alpha without x",
        "another-formula",
        PRELU,
        "each = grad_out * np.minimum(x, 0)",
        "each = grad_out * (x < 0)",
    ),
    (
        "reshape without swap",
        "another-formula",
        PRELU,
        "each.swapaxes(0, 1).reshape(len(a), -1).sum(axis=1)",
        "each.reshape(len(a), -1).sum(axis=1)",
    ),
    ("mean", "prelu-gradient-averaged", PRELU, ".reshape(len(a), -1).sum(axis=1)", ".reshape(len(a), -1).mean(axis=1)"),
    ("shared summed as scalar array", "one-number", PRELU, "np.array([each.sum()])", "each.sum()"),
    (
        "slope on positives",
        "another-formula",
        PRELU,
        "np.where(x > 0, x, self._spread(x) * x)",
        "np.where(x < 0, x, self._spread(x) * x)",
    ),
    ("bias forgotten", "maxout-bias-forgotten", MAXOUT, " + b[p] for", " for"),
    (
        "bias added after the max from piece 0",
        "maxout-one-bias",
        MAXOUT,
        "z = np.stack([x @ w[p].T + b[p] for p in range(len(w))])",
        "z = np.stack([x @ w[p].T + b[0] for p in range(len(w))])",
    ),
    ("mean over pieces", "maxout-pieces-averaged", MAXOUT, "z.max(axis=0)", "z.mean(axis=0)"),
    (
        "all pieces get the gradient",
        "maxout-gradient-to-all-pieces",
        MAXOUT,
        "g = grad_out * (self.arg == p)",
        "g = grad_out",
    ),
    ("dx of the last piece only", "another-formula", MAXOUT, "dx += g @", "dx = g @"),
    ("argmin for the gradient", "another-formula", MAXOUT, "z.argmax(axis=0)", "z.argmin(axis=0)"),
)
