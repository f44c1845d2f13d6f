"""Lesson 03 as students hand it in: right, half done, and with mistakes."""

from __future__ import annotations

from tests.submissions.cells import Handed, Marks, cells, stubbed

SOURCE = """\
# %%
class Flatten(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.reshape(len(x), -1)

# %%
class Flatten(Flatten):
    def backward(self, grad_out):
        return grad_out.reshape(self.shape)

# %%
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return (x @ self.params["weight"].T + self.params["bias"]).astype(x.dtype)

# %%
class Linear(Linear):
    def backward(self, grad_out):
        self.grads["weight"] = grad_out.T @ self.x
        self.grads["bias"] = grad_out.sum(axis=0)
        return (grad_out @ self.params["weight"]).astype(self.x.dtype)

# %%
def parameter_count(layers):
    return sum(p.size for layer in layers for p in layer.params.values())

# %%
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

# %%
class GlobalAvgPool2d(GlobalAvgPool2d):
    def backward(self, grad_out):
        N, C, H, W = self.shape
        return np.ones(self.shape, grad_out.dtype) * grad_out[:, :, None, None] / (H * W)

# %%
class Softmax(Layer):
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

# %%
class Softmax(Softmax):
    def backward(self, grad_out):
        return self.p * (grad_out - (grad_out * self.p).sum(axis=-1, keepdims=True))

# %%
class CrossEntropyLoss:
    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        self.logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.labels = labels
        return -self.logp[np.arange(len(labels)), labels].mean()

# %%
class CrossEntropyLoss(CrossEntropyLoss):
    def backward(self):
        N = len(self.labels)
        d = np.exp(self.logp)
        d[np.arange(N), self.labels] -= 1
        return d / N
"""

LAYERS = ("Flatten", "Linear", "GlobalAvgPool2d", "Softmax", "CrossEntropyLoss")
RIGHT = Marks({**dict.fromkeys(LAYERS, "pp"), "parameter_count": "p"})
BLANK = Marks({**dict.fromkeys(LAYERS, "mm"), "parameter_count": "m"})

BY_NAME = (
    ("grad_out.reshape(self.shape)", "grad_out"),
    ("grad_out.T @ self.x", "grad_out.T @ self.x / len(self.x)"),
    ("grad_out.sum(axis=0)", "grad_out.mean(axis=0)"),
    ("p.size for layer", "len(p) for layer"),
    (" / (H * W)", ""),
    ("self.p * (grad_out - (grad_out * self.p).sum(axis=-1, keepdims=True))", "grad_out * self.p * (1 - self.p)"),
    ("return d / N", "return d"),
)
UNSTABLE = (
    ("np.exp(x - x.max(axis=-1, keepdims=True))", "np.exp(x)"),
    ("logits - logits.max(axis=1, keepdims=True)", "logits - logits.max()"),
)
AXES = (
    ("x.reshape(len(x), -1)", "x.reshape(-1, len(x))"),
    ('(x @ self.params["weight"].T +', '(x @ self.params["weight"] +'),
    ("x.mean(axis=(2, 3))", "x.mean(axis=(1, 2, 3))"),
    ("x.max(axis=-1, keepdims=True)", "x.max(axis=0)"),
    ("e.sum(axis=-1, keepdims=True)", "e.sum(axis=0)"),
)
OTHER_NAMES = (('self.grads["weight"]', "self.dW"), ('self.grads["bias"]', "self.db"))
OPEN = (("return d / N", "return (d / N"),)
INTO_FLATTEN = (("# %%\nclass Linear(Linear)", "# %%\nclass Flatten(Flatten)"),)

HANDED: Handed = {
    "linear_right": (cells(SOURCE), RIGHT.but("right, part by part as the notebook asks")),
    "linear_blank": (
        cells(stubbed(SOURCE, "__init__", "forward", "backward", "parameter_count")),
        BLANK.but("the stubs as they were handed out"),
    ),
    "linear_half_done": (
        cells(stubbed(SOURCE, "backward")),
        Marks(
            {**dict.fromkeys(LAYERS, "pm"), "parameter_count": "p"},
            why="a right forward pass counts even without a gradient",
        ),
    ),
    "linear_mistakes": (
        cells(SOURCE, *BY_NAME),
        RIGHT.but(
            "a known mistake in every exercise gets its name",
            "Flatten.gradient-stays-flat",
            "Linear.averaged-over-batch",
            "parameter_count.rows-counted",
            "GlobalAvgPool2d.share-not-divided",
            "Softmax.diagonal-only",
            "CrossEntropyLoss.gradient-summed",
            Flatten="pf",
            Linear="pf",
            parameter_count="f",
            GlobalAvgPool2d="pf",
            Softmax="pf",
            CrossEntropyLoss="pf",
        ),
    ),
    "linear_unstable": (
        cells(SOURCE, *UNSTABLE),
        RIGHT.but(
            "exponentials that overflow at 1000, or vanish far below the batch's maximum",
            "Softmax.maximum-not-subtracted",
            "CrossEntropyLoss.global-maximum",
            Softmax="ff",
            CrossEntropyLoss="ff",
        ),
    ),
    "linear_wrong_axes": (
        cells(SOURCE, *AXES),
        RIGHT.but(
            "a wrong axis in four forward passes",
            "Flatten.samples-mixed",
            "Linear.weight-not-transposed",
            "GlobalAvgPool2d.channels-averaged",
            "Softmax.normalized-over-batch",
            Flatten="fp",
            Linear="ee",
            GlobalAvgPool2d="fp",
            Softmax="ff",
        ),
    ),
    "linear_grads_elsewhere": (
        cells(SOURCE, *OTHER_NAMES),
        RIGHT.but("gradients that are stored anywhere but in grads", "Linear.grads-not-filled", Linear="pf"),
    ),
    "linear_wrong_cell": (
        cells(SOURCE, *INTO_FLATTEN),
        RIGHT.but(
            "Linear's backward is written into Flatten, so both are wrong",
            "Flatten.attribute-not-kept",
            Flatten="pe",
            Linear="pm",
        ),
    ),
    "linear_broken_cell": (
        cells(SOURCE, *OPEN),
        RIGHT.but("an open bracket in the last cell fails only that part", CrossEntropyLoss="pe"),
    ),
}
