"""Thirty more wrong answers, written after the names: the share of them that is named shows what to expect of new ones."""

from tests.checking.naming.outside import activations, dropout, linear, normalization, pooling, training

TILES = """
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = stride or kernel_size

    def windows(self, x):
        view = np.lib.stride_tricks.sliding_window_view(x, (self.k, self.k), axis=(2, 3))
        return view[:, :, :: self.s, :: self.s]

    def forward(self, x):
        self.x = x
        return self.windows(x).max(axis=(-2, -1))

    def backward(self, grad_out):
        flat = self.windows(self.x).reshape(*grad_out.shape, -1)
        rows, cols = np.divmod(flat.argmax(-1), self.k)
        n, c, i, j = np.indices(grad_out.shape)
        dx = np.zeros_like(self.x)
        np.add.at(dx, (n, c, i * self.s + rows, j * self.s + cols), grad_out)
        return dx
"""

LOG_SUM = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        top = logits.max(axis=1)
        self.z = logits - top[:, None]
        self.total = np.exp(self.z).sum(axis=1)
        self.y = labels
        picked = self.z[np.arange(len(labels)), labels]
        return np.mean(np.log(self.total) - picked)

    def backward(self):
        p = np.exp(self.z) / self.total[:, None]
        target = np.zeros_like(p)
        target[np.arange(len(p)), self.y] = 1
        return (p - target) / len(p)
"""

PREACTIVATION = """
class Softmax(Layer):
    def forward(self, x):
        ex = np.exp(x - x.max(-1, keepdims=True))
        self.out = ex / ex.sum(-1, keepdims=True)
        return self.out + 0

    def backward(self, grad_out):
        inner = (grad_out * self.out).sum(-1, keepdims=True)
        return self.out * (grad_out - inner)
"""

WRONG = (
    (
        "np.add.at missing",
        "gradient-overwritten",
        TILES,
        "np.add.at(dx, (n, c, i * self.s + rows, j * self.s + cols), grad_out)",
        "dx[n, c, i * self.s + rows, j * self.s + cols] = grad_out",
    ),
    (
        "rows and columns exchanged",
        "position-exchanged",
        TILES,
        "rows, cols = np",
        "cols, rows = np",
    ),
    (
        "stride forgotten in the gradient",
        "stride-ignored",
        TILES,
        "i * self.s + rows, j * self.s + cols",
        "i + rows, j + cols",
    ),
    (
        "minimum",
        "minimum-taken",
        TILES,
        ".max(axis=(-2, -1))",
        ".min(axis=(-2, -1))",
    ),
    (
        "last axis only",
        "one-axis-reduced",
        TILES,
        ".max(axis=(-2, -1))",
        ".max(axis=-1)",
    ),
    (
        "every second window",
        "stride-from-kernel",
        pooling.WINDOWS,
        ":: self.s, :: self.s]",
        ":: self.k, :: self.k]",
    ),
    (
        "area of the output",
        "divided-by-output-size",
        pooling.WINDOWS,
        "(self.k * self.k)",
        "(dout.shape[2] * dout.shape[3])",
    ),
    (
        "kernel forgotten",
        "kernel-not-subtracted",
        pooling.SIZE,
        "size - kernel_size",
        "size",
    ),
    (
        "halves at 0",
        "wrong-on-one-side",
        activations.RELU_MASK,
        "dx[self.mask] = 0",
        "dx[self.mask] = 0.5",
    ),
    (
        "slope on both sides",
        "",
        activations.LEAKY,
        "return grad * dx",
        "return grad * dx * self.alpha",
    ),
    (
        "sign of the negative side",
        "negative-side-flipped",
        activations.ELU,
        "(np.exp(x[self.neg]) - 1)",
        "(1 - np.exp(x[self.neg]))",
    ),
    (
        "derivative forgotten",
        "derivative-forgotten",
        activations.TANH,
        "return g * (1 - self.y ** 2)",
        "return g",
    ),
    (
        "square of the derivative",
        "",
        activations.SIGMOID,
        "self.a * (1 - self.a)",
        "self.a * (1 - self.a) ** 2",
    ),
    (
        "alpha fixed",
        "wrong-on-one-side",
        activations.PRELU,
        "np.where(self.x > 0, g, a * g)",
        "np.where(self.x > 0, g, 0.25 * g)",
    ),
    (
        "mean of the pieces",
        "maxout-pieces-averaged",
        activations.MAXOUT,
        "z.max(axis=1)",
        "z.mean(axis=1)",
    ),
    (
        "flat order",
        "column-major",
        linear.FLATTEN,
        "x.reshape(x.shape[0], -1)",
        'x.reshape(x.shape[0], -1, order="F")',
    ),
    (
        "bias twice",
        "array-wrong",
        linear.AFFINE,
        "(x.dot(w.T) + b)",
        "(x.dot(w.T) + 2 * b)",
    ),
    (
        "gradient with the output",
        "array-wrong",
        linear.AFFINE,
        "dout.dot(w)",
        "dout.dot(w) * x",
    ),
    (
        "maximum forgotten in the logarithm",
        "maximum-not-added",
        LOG_SUM,
        "picked = self.z[",
        "picked = logits[",
    ),
    (
        "labels never subtracted from all",
        "labels-divided-alone",
        LOG_SUM,
        "(p - target) / len(p)",
        "p - target / len(p)",
    ),
    (
        "log of 2",
        "another-formula",
        LOG_SUM,
        "np.log(self.total)",
        "np.log2(self.total)",
    ),
    (
        "inner sum of the batch",
        "sum-over-everything",
        PREACTIVATION,
        "inner = (grad_out * self.out).sum(-1, keepdims=True)",
        "inner = (grad_out * self.out).sum()",
    ),
    (
        "inner sum lost",
        "sum-forgotten",
        PREACTIVATION,
        "self.out * (grad_out - inner)",
        "self.out * grad_out",
    ),
    (
        "mask of the training in test's gradient",
        "masked-at-test",
        dropout.BINOMIAL,
        (
            "        if self.was_training:\n"
            "            return dout * self.mask\n"
            "        return (dout * self.p).astype(dout.dtype)"
        ),
        "        return dout * self.mask",
    ),
    (
        "scale squared",
        "divided-twice",
        dropout.INVERTED,
        "return x * self.scale",
        "return x * self.scale / self.keep_prob",
    ),
    (
        "variance of the raw input",
        "variance-around-zero",
        normalization.PAPER,
        "var = x.var(axis=(0, 2, 3), keepdims=True)",
        "var = (x ** 2).mean(axis=(0, 2, 3), keepdims=True)",
    ),
    (
        "beta's gradient with xhat",
        "gamma-and-beta-confused",
        normalization.PAPER,
        'self.grads["beta"] = dout.sum(axis=ax)',
        'self.grads["beta"] = self.grads["gamma"]',
    ),
    (
        "epsilon forgotten in backward",
        "eps-forgotten",
        normalization.LAYER,
        "return (self.inv * (d",
        "self.inv = 1 / np.sqrt(1 / self.inv ** 2 - self.eps)\n        return (self.inv * (d",
    ),
    (
        "filters instead of maps",
        "each-slice-alone",
        normalization.STANDARD,
        "W.reshape(W.shape[0], -1)",
        "W.reshape(W.shape[0] * W.shape[1], -1)",
        "d = g.reshape(g.shape[0], -1)",
        "d = g.reshape(g.shape[0] * g.shape[1], -1)",
    ),
    (
        "labels sorted",
        "",
        training.TRAIN,
        "x[idx], labels[idx]",
        "x[np.sort(idx)], labels[idx]",
    ),
    (
        "gradient of the mean again",
        "averaged-twice",
        training.STEP,
        "model.backward(grad)",
        "model.backward(grad / len(x))",
    ),
    (
        "a step for each image",
        "drawn-with-replacement",
        training.TRAIN,
        "perm = rng.permutation(n)",
        "perm = rng.integers(0, n, n)",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
