"""Wrong answers of lesson linear, written without the altered oracles at hand."""

FLATTEN = """
class Flatten(Layer):
    def forward(self, x):
        self.N, self.C, self.H, self.W = x.shape
        return x.reshape(self.N, self.C * self.H * self.W)

    def backward(self, grad_out):
        return grad_out.reshape(self.N, self.C, self.H, self.W)
"""
LINEAR = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng if rng is not None else np.random.default_rng()
        self.params = {'weight': rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features)),
                       'bias': np.zeros(out_features)}

    def forward(self, x):
        self.inp = x
        out = np.einsum('ni,oi->no', x, self.params['weight']) + self.params['bias']
        return out.astype(x.dtype)

    def backward(self, grad_out):
        self.grads = {'weight': np.einsum('no,ni->oi', grad_out, self.inp), 'bias': np.einsum('no->o', grad_out)}
        return np.einsum('no,oi->ni', grad_out, self.params['weight']).astype(self.inp.dtype)
"""
SOFTMAX = """
class Softmax(Layer):
    def forward(self, x):
        top = np.max(x, axis=-1, keepdims=True)
        e = np.exp(x - top)
        total = np.sum(e, axis=-1, keepdims=True)
        self.y = e / total
        return self.y.copy()

    def backward(self, grad_out):
        y = self.y
        dots = np.einsum('...k,...k->...', y, grad_out)
        return y * grad_out - y * dots[..., None]
"""
SOFTMAXJ = """
class Softmax(Layer):
    def forward(self, x):
        z = x - x.max(axis=-1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
        return self.p + 0

    def backward(self, grad_out):
        shape = self.p.shape
        P, G = self.p.reshape(-1, shape[-1]), grad_out.reshape(-1, shape[-1])
        dx = np.zeros_like(P)
        for n in range(len(P)):
            jac = np.diag(P[n]) - np.outer(P[n], P[n])
            dx[n] = jac @ G[n]
        return dx.reshape(shape)
"""
LOSS = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        self.N = logits.shape[0]
        self.labels = labels
        m = logits.max(1, keepdims=True)
        lse = m[:, 0] + np.log(np.exp(logits - m).sum(1))
        self.prob = np.exp(logits - lse[:, None])
        total = 0.0
        for n in range(self.N):
            total += lse[n] - logits[n, labels[n]]
        return total / self.N

    def backward(self):
        grad = self.prob.copy()
        for n in range(self.N):
            grad[n, self.labels[n]] -= 1
        return grad / self.N
"""
GAP = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        N, C, H, W = self.shape = x.shape
        return x.reshape(N, C, H * W).sum(axis=2) / (H * W)

    def backward(self, grad_out):
        N, C, H, W = self.shape
        return np.repeat(grad_out / (H * W), H * W, axis=1).reshape(N, C, H, W)
"""
COUNT = """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for name, array in layer.params.items():
            n = 1
            for d in array.shape:
                n *= int(d)
            total += n
    return total
"""

WRONG = (
    (
        "channels last",
        "channels-last",
        FLATTEN,
        "x.reshape(self.N, self.C * self.H * self.W)",
        "x.transpose(0, 2, 3, 1).reshape(self.N, -1)",
    ),
    (
        "flattens the batch too",
        "batch-flattened",
        FLATTEN,
        "x.reshape(self.N, self.C * self.H * self.W)",
        "x.reshape(-1)",
    ),
    (
        "back with H and W exchanged",
        "gradient-axes-swapped",
        FLATTEN,
        "grad_out.reshape(self.N, self.C, self.H, self.W)",
        "grad_out.reshape(self.N, self.C, self.W, self.H)",
    ),
    ("bias subtracted", "bias-subtracted", LINEAR, " + self.params['bias']\n", " - self.params['bias']\n"),
    (
        "weight gradient divided by N",
        "averaged-over-batch",
        LINEAR,
        "np.einsum('no,ni->oi', grad_out, self.inp)",
        "np.einsum('no,ni->oi', grad_out, self.inp) / len(grad_out)",
    ),
    ("weight gradient transposed", "weight-gradient-transposed", LINEAR, "'no,ni->oi'", "'no,ni->io'"),
    ("bias gradient mean", "averaged-over-batch", LINEAR, "np.einsum('no->o', grad_out)", "grad_out.mean(axis=0)"),
    (
        "bias gradient over all",
        "same-along-axis",
        LINEAR,
        "np.einsum('no->o', grad_out)",
        "np.full(grad_out.shape[1], grad_out.sum())",
    ),
    (
        "weights (in, out)",
        "weight-shape",
        LINEAR,
        "(out_features, in_features)",
        "(in_features, out_features)",
        "'ni,oi->no'",
        "'ni,io->no'",
        "'no,oi->ni'",
        "'no,io->ni'",
        "'no,ni->oi'",
        "'no,ni->io'",
    ),
    ("total over everything", "another-formula", SOFTMAX, "np.sum(e, axis=-1, keepdims=True)", "np.sum(e)"),
    ("no maximum", "maximum-not-subtracted", SOFTMAX, "np.exp(x - top)", "np.exp(x)"),
    ("diagonal only", "diagonal-only", SOFTMAX, "y * grad_out - y * dots[..., None]", "y * (1 - y) * grad_out"),
    ("dot not multiplied by y", "another-formula", SOFTMAX, "- y * dots[..., None]", "- dots[..., None]"),
    ("plus", "off-diagonal-sign", SOFTMAX, "y * grad_out - y", "y * grad_out + y"),
    (
        "jacobian sign",
        "sign-reversed",
        SOFTMAXJ,
        "np.diag(P[n]) - np.outer(P[n], P[n])",
        "np.outer(P[n], P[n]) - np.diag(P[n])",
    ),
    ("identity for the diagonal", "another-formula", SOFTMAXJ, "np.diag(P[n])", "np.eye(shape[-1])"),
    ("sum not mean", "summed-not-averaged", LOSS, "return total / self.N", "return total"),
    ("sign of the loss", "sign-flipped", LOSS, "lse[n] - logits[n, labels[n]]", "logits[n, labels[n]] - lse[n]"),
    ("gradient not divided", "gradient-summed", LOSS, "return grad / self.N", "return grad"),
    ("one is not subtracted", "label-not-subtracted", LOSS, "grad[n, self.labels[n]] -= 1", "pass"),
    ("only the label column", "", LOSS, "grad = self.prob.copy()", "grad = np.zeros_like(self.prob)"),
    ("divided by classes", "gradient-divided-by-classes", LOSS, "return grad / self.N", "return grad / grad.shape[1]"),
    ("repeat without dividing", "share-not-divided", GAP, "grad_out / (H * W), H", "grad_out, H"),
    ("divided by H only", "factor-wrong", GAP, ".sum(axis=2) / (H * W)", ".sum(axis=2) / H"),
    (
        "tile instead of repeat",
        "axes-exchanged",
        GAP,
        "np.repeat(grad_out / (H * W), H * W, axis=1)",
        "np.tile(grad_out / (H * W), (1, H * W))",
    ),
    ("first dimension only", "rows-counted", COUNT, "for d in array.shape:", "for d in array.shape[:1]:"),
    ("bias left out", "bias-not-counted", COUNT, "layer.params.items():", "list(layer.params.items())[:1]:"),
    (
        "return inside the loop",
        "not-all-layers-counted",
        COUNT,
        "            total += n\n    return total",
        "            total += n\n        return total",
    ),
)
