"""Lesson 02 as students hand it in: right, half done, and with mistakes."""

from __future__ import annotations

from tests.submissions.cells import Handed, Marks, cells, stubbed

SOURCE = """\
# %%
class ReLU(Layer):
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

# %%
class ReLU(ReLU):
    def backward(self, grad_out):
        return grad_out * (self.x > 0)

# %%
class Sigmoid(Layer):
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.y = np.where(x >= 0, 1, e) / (1 + e)
        return self.y

# %%
class Sigmoid(Sigmoid):
    def backward(self, grad_out):
        return grad_out * self.y * (1 - self.y)

# %%
class Tanh(Layer):
    def forward(self, x):
        self.y = 2 * Sigmoid().forward(2 * x) - 1
        return self.y

# %%
class Tanh(Tanh):
    def backward(self, grad_out):
        return grad_out * (1 - self.y**2)

# %%
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self.alpha * x)

# %%
class LeakyReLU(LeakyReLU):
    def backward(self, grad_out):
        return np.where(self.x >= 0, grad_out, self.alpha * grad_out)

# %%
class ELU(Layer):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x >= 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))

# %%
class ELU(ELU):
    def backward(self, grad_out):
        return np.where(self.x >= 0, grad_out, grad_out * self.alpha * np.exp(np.minimum(self.x, 0)))

# %%
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def slopes(self, x):
        alpha = self.params["alpha"].astype(x.dtype)
        return alpha if len(alpha) == 1 else alpha.reshape(-1, *[1] * (x.ndim - 2))

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slopes(x) * x)

# %%
class PReLU(PReLU):
    def backward(self, grad_out):
        each = np.where(self.x < 0, grad_out * self.x, 0)
        if len(self.params["alpha"]) == 1:
            self.grads["alpha"] = each.sum().reshape(1)
        else:
            self.grads["alpha"] = each.sum(axis=(0, *range(2, each.ndim)))
        return np.where(self.x > 0, grad_out, self.slopes(self.x) * grad_out)

# %%
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        z = np.stack([x @ A.T + b for A, b in zip(self.params["weight"], self.params["bias"])])
        self.x, self.winner = x, z.argmax(axis=0)
        return z.max(axis=0).astype(x.dtype)

# %%
class Maxout(Maxout):
    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        self.grads = {name: np.zeros(p.shape) for name, p in self.params.items()}
        for p, A in enumerate(self.params["weight"]):
            g = np.where(self.winner == p, grad_out, 0)
            self.grads["weight"][p] = g.T @ self.x
            self.grads["bias"][p] = g.sum(axis=0)
            dx += (g @ A).astype(dx.dtype)
        return dx
"""

EXERCISES = ("ReLU", "Sigmoid", "Tanh", "LeakyReLU", "ELU", "PReLU", "Maxout")
RIGHT = Marks(dict.fromkeys(EXERCISES, "pp"))

BY_NAME = (
    ("grad_out * (self.x > 0)", "grad_out * (grad_out > 0)"),
    ("self.y = np.where(x >= 0, 1, e) / (1 + e)\n", "self.x = x\n        self.y = np.where(x >= 0, 1, e) / (1 + e)\n"),
    ("grad_out * self.y * (1 - self.y)", "grad_out * self.x * (1 - self.x)"),
    ("Sigmoid().forward(2 * x)", "Sigmoid().forward(x)"),
    ("self.alpha * x)", "0.1 * x)"),
    ("self.alpha * grad_out)", "0.1 * grad_out)"),
    ("grad_out * self.alpha * np.exp", "grad_out * np.exp"),
    ("each.sum().reshape(1)", "each.mean().reshape(1)"),
    ("each.sum(axis=(0, *range(2, each.ndim)))", "each.mean(axis=(0, *range(2, each.ndim)))"),
    ("g = np.where(self.winner == p, grad_out, 0)", "g = grad_out"),
)
LITERALLY = (
    ("e = np.exp(-np.abs(x))\n", "e = np.exp(x)\n"),
    ("np.where(x >= 0, 1, e) / (1 + e)", "e / (1 + e)"),
    ("2 * Sigmoid().forward(2 * x) - 1", "(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"),
    (
        "np.where(x >= 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))",
        "((x < 0) * self.alpha * (np.exp(x) - 1) + (x >= 0) * x).astype(x.dtype)",
    ),
)
IN_PLACE = (
    (
        "        self.x = x\n        return np.maximum(x, 0)",
        "        x[x < 0] = 0\n        self.x = x\n        return x",
    ),
)
WRONG_SIGN = "class ReLU(ReLU):\n    def backward(self, grad_out):\n        return grad_out * (self.x < 0)\n"
HALF_OPEN = "        return np.where(x >= 0, x, self.alpha * x)\n"

HANDED: Handed = {
    "activations_right": (cells(SOURCE), RIGHT.but("right, part by part as the notebook asks")),
    "activations_blank": (
        cells(stubbed(SOURCE, "forward", "backward", "slopes")),
        Marks(dict.fromkeys(EXERCISES, "mm"), why="the stubs as they were handed out"),
    ),
    "activations_half_done": (
        cells(stubbed(SOURCE, "backward")),
        Marks(dict.fromkeys(EXERCISES, "pm"), why="a right forward pass counts even without a gradient"),
    ),
    "activations_mistakes": (
        cells(SOURCE, *BY_NAME),
        RIGHT.but(
            "a known mistake in every exercise gets its name",
            "ReLU.sign-of-gradient",
            "Sigmoid.sigmoid-derivative-of-input",
            "Tanh.tanh-inner-two-forgotten",
            "LeakyReLU.activation-alpha-ignored",
            "ELU.elu-slope-without-alpha",
            "PReLU.prelu-gradient-averaged",
            "Maxout.maxout-gradient-to-all-pieces",
            ReLU="pf",
            Sigmoid="pf",
            Tanh="ff",
            LeakyReLU="ff",
            ELU="pf",
            PReLU="pf",
            Maxout="pf",
        ),
    ),
    "activations_literally": (
        cells(SOURCE, *LITERALLY),
        RIGHT.but(
            "the formulas as the lecture prints them overflow at 1000",
            "Sigmoid.sigmoid-infinity",
            "Tanh.tanh-infinity",
            "ELU.elu-zero-times-infinity",
            Sigmoid="ff",
            Tanh="ff",
            ELU="fp",
        ),
    ),
    "activations_in_place": (
        cells(SOURCE, *IN_PLACE),
        RIGHT.but("ReLU writes into its input", "ReLU.input-changed", ReLU="fe"),
    ),
    "activations_defined_again": (
        (*cells(SOURCE), WRONG_SIGN),
        RIGHT.but(
            "the last definition counts, even if it is at the notebook's end", "ReLU.relu-mask-inverted", ReLU="pf"
        ),
    ),
    "activations_broken_cell": (
        cells(SOURCE, (HALF_OPEN, HALF_OPEN.replace("self.alpha * x)", "self.alpha * x"))),
        RIGHT.but("a cell that does not parse also fails the cell that builds on it", LeakyReLU="ee"),
    ),
}
