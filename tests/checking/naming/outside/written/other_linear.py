"""Wrong layers of lesson 03: one-hot tables, full Jacobians, loops over samples, caches, weights as (in, out)."""

FLATTEN_RAVEL = """
class Flatten(Layer):
    def forward(self, x):
        self.n, self.c, self.h, self.w = x.shape
        return np.array([image.ravel() for image in x])

    def backward(self, grad_out):
        return grad_out.reshape(self.n, self.c, self.h, self.w)
"""

FLATTEN_CONCAT = """
class Flatten(Layer):
    def forward(self, x):
        self.old = x.shape
        return np.concatenate([x[:, m].reshape(len(x), -1) for m in range(x.shape[1])], axis=1)

    def backward(self, grad_out):
        back = np.empty(self.old, grad_out.dtype)
        size = self.old[2] * self.old[3]
        for m in range(self.old[1]):
            back[:, m] = grad_out[:, m * size : (m + 1) * size].reshape(-1, *self.old[2:])
        return back
"""

LINEAR_EINSUM = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params["weight"] = rng.normal(0, (2 / in_features) ** 0.5, (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        return (np.einsum("ni,oi->no", x, self.params["weight"]) + self.params["bias"]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = np.einsum("no,ni->oi", grad_out, self.x)
        self.grads["bias"] = np.einsum("no->o", grad_out)
        return np.einsum("no,oi->ni", grad_out, self.params["weight"]).astype(self.x.dtype)
"""

LINEAR_LOOP = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        A = rng.standard_normal((out_features, in_features)) * np.sqrt(2 / in_features)
        self.params.update(weight=A, bias=np.zeros((out_features,)))

    def forward(self, x):
        self.cache = x
        A, b = self.params["weight"], self.params["bias"]
        return np.array([A.dot(row) + b for row in x], dtype=x.dtype)

    def backward(self, dout):
        x = self.cache
        dA = np.zeros(self.params["weight"].shape)
        db = np.zeros(self.params["bias"].shape)
        dx = []
        for row, g in zip(x, dout):
            dA += np.outer(g, row)
            db += g
            dx.append(self.params["weight"].T.dot(g))
        self.grads = {"weight": dA, "bias": db}
        return np.array(dx, dtype=x.dtype)
"""

LINEAR_RUSSIAN = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        ген = np.random.default_rng() if rng is None else rng
        self.params["weight"] = ген.normal(size=(out_features, in_features)) / np.sqrt(in_features / 2)
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.вход = x
        матрица_весов = self.params["weight"]
        return (x.dot(матрица_весов.T) + self.params["bias"]).astype(x.dtype)

    def backward(self, grad):
        матрица_весов = self.params["weight"]
        self.grads["weight"] = grad.T.dot(self.вход)
        self.grads["bias"] = grad.sum(0)
        return grad.dot(матрица_весов).astype(self.вход.dtype)
"""

SOFTMAX_JACOBIAN = """
class Softmax(Layer):
    def forward(self, x):
        shifted = x - np.max(x, axis=-1, keepdims=True)
        exps = np.exp(shifted)
        self.output = exps / np.sum(exps, axis=-1, keepdims=True)
        return self.output

    def backward(self, dvalues):
        flat_out = self.output.reshape(-1, self.output.shape[-1])
        flat_grad = dvalues.reshape(-1, dvalues.shape[-1])
        dinputs = np.empty_like(flat_grad)
        for index, (single, g) in enumerate(zip(flat_out, flat_grad)):
            column = single.reshape(-1, 1)
            jacobian = np.diagflat(column) - np.dot(column, column.T)
            dinputs[index] = np.dot(jacobian, g)
        return dinputs.reshape(dvalues.shape)
"""

SOFTMAX_LSE = """
class Softmax(Layer):
    def forward(self, x):
        top = x.max(-1, keepdims=True)
        lse = top + np.log(np.exp(x - top).sum(-1, keepdims=True))
        self.p = np.exp(x - lse)
        return self.p

    def backward(self, g):
        return self.p * g - self.p * (self.p * g).sum(-1, keepdims=True)
"""

LOSS_ONEHOT = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        z = logits - logits.max(axis=1, keepdims=True)
        self.onehot = np.eye(logits.shape[1])[labels]
        logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.p = np.exp(logp)
        self.dtype = logits.dtype
        return -np.sum(self.onehot * logp) / len(labels)

    def backward(self):
        return ((self.p - self.onehot) / len(self.p)).astype(self.dtype)
"""

LOSS_CACHE = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        N = logits.shape[0]
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        Z = np.sum(np.exp(shifted), axis=1)
        losses = np.log(Z) - shifted[np.arange(N), labels]
        self.cache = shifted, Z, labels
        return float(np.mean(losses))

    def backward(self):
        shifted, Z, y = self.cache
        N = len(y)
        dx = np.exp(shifted) / Z[:, None]
        dx[np.arange(N), y] -= 1
        dx /= N
        return dx
"""

LOSS_LOOP = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        self.y = [int(label) for label in labels]
        self.p = np.zeros(logits.shape, logits.dtype)
        total = 0.0
        for t, (z, y) in enumerate(zip(logits, self.y)):
            m = max(z)
            e = np.exp(z - m)
            s = sum(e)
            self.p[t] = e / s
            total += np.log(s) + m - z[y]
        return total / len(self.y)

    def backward(self):
        g = self.p.copy()
        for t, y in enumerate(self.y):
            g[t, y] -= 1
        return g / len(self.y)
"""

GAP_EINSUM = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        return (np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = self.shape
        return np.broadcast_to(grad_out[:, :, None, None] / (H * W), self.shape)
"""

GAP_RESHAPE = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.size = x.shape[2:]
        return x.reshape(x.shape[0], x.shape[1], -1).mean(axis=2)

    def backward(self, grad_out):
        height, width = self.size
        out = np.repeat(np.repeat(grad_out[:, :, None, None], height, axis=2), width, axis=3)
        return out / (height * width)
"""

COUNT_SUM = """
def parameter_count(layers):
    return sum(int(np.prod(a.shape)) for layer in layers for a in layer.params.values())
"""

COUNT_LOOP = """
def parameter_count(layers):
    total = 0
    for layer in layers:
        for name in layer.params:
            total += len(layer.params[name].flatten())
    return total
"""

WRONG = (
    (
        "the batch is flattened, too",
        "batch-flattened",
        FLATTEN_RAVEL,
        "np.array([image.ravel() for image in x])",
        "x.ravel()",
    ),
    ("flattened in Fortran order", "column-major", FLATTEN_RAVEL, "image.ravel()", "image.ravel(order='F')"),
    (
        "columns are samples",
        "flattened-transposed",
        FLATTEN_RAVEL,
        "for image in x])",
        "for image in x]).T",
        "grad_out.reshape",
        "grad_out.T.reshape",
    ),
    (
        "maps and rows exchanged back",
        "channels-last",
        FLATTEN_RAVEL,
        "grad_out.reshape(self.n, self.c, self.h, self.w)",
        "grad_out.reshape(self.n, self.h, self.w, self.c).transpose(0, 3, 1, 2)",
    ),
    (
        "returned flat",
        "gradient-stays-flat",
        FLATTEN_RAVEL,
        "grad_out.reshape(self.n, self.c, self.h, self.w)",
        "grad_out",
    ),
    (
        "height for width",
        "gradient-axes-swapped",
        FLATTEN_RAVEL,
        "grad_out.reshape(self.n, self.c, self.h, self.w)",
        "grad_out.reshape(self.n, self.c, self.w, self.h)",
    ),
    (
        "maps are added",
        "another-axis",
        FLATTEN_CONCAT,
        "np.concatenate([x[:, m].reshape(len(x), -1) for m in range(x.shape[1])], axis=1)",
        "sum(x[:, m].reshape(len(x), -1) for m in range(x.shape[1]))",
    ),
    (
        "the pixels of a map side by side",
        "channels-last",
        FLATTEN_CONCAT,
        "np.concatenate([x[:, m].reshape(len(x), -1) for m in range(x.shape[1])], axis=1)",
        "np.stack([x[:, m].reshape(len(x), -1) for m in range(x.shape[1])], axis=2).reshape(len(x), -1)",
    ),
    ("bias twice", "array-wrong", LINEAR_EINSUM, '+ self.params["bias"]', '+ 2 * self.params["bias"]'),
    ("bias subtracted", "bias-subtracted", LINEAR_EINSUM, '+ self.params["bias"]', '- self.params["bias"]'),
    (
        "batch mean of dW",
        "averaged-over-batch",
        LINEAR_EINSUM,
        'np.einsum("no,ni->oi", grad_out, self.x)',
        'np.einsum("no,ni->oi", grad_out, self.x) / len(self.x)',
    ),
    ("db not summed", "bias-not-summed", LINEAR_EINSUM, 'np.einsum("no->o", grad_out)', "grad_out"),
    (
        "db over outputs",
        "bias-summed-over-features",
        LINEAR_EINSUM,
        'np.einsum("no->o", grad_out)',
        'np.einsum("no->n", grad_out)',
    ),
    ("dW as (in, out)", "weight-gradient-transposed", LINEAR_EINSUM, "no,ni->oi", "no,ni->io"),
    (
        "weights of zeros",
        "weights-constant",
        LINEAR_EINSUM,
        "rng.normal(0, (2 / in_features) ** 0.5, (out_features, in_features))",
        "np.zeros((out_features, in_features))",
    ),
    (
        "weights of the global generator",
        "rng-ignored",
        LINEAR_EINSUM,
        "rng.normal(0, (2 / in_features) ** 0.5, (out_features, in_features))",
        "np.random.randn(out_features, in_features) * (2 / in_features) ** 0.5",
    ),
    (
        "weight as (in, out)",
        "weight-shape",
        LINEAR_EINSUM,
        "(out_features, in_features)",
        "(in_features, out_features)",
        "ni,oi->no",
        "ni,io->no",
        "no,ni->oi",
        "no,ni->io",
        "no,oi->ni",
        "no,io->ni",
    ),
    (
        "gradient of x by x",
        "",
        LINEAR_EINSUM,
        'no,oi->ni", grad_out, self.params["weight"]',
        'no,oi->ni", grad_out, self.grads["weight"]',
    ),
    (
        "the weights are replaced by their gradient",
        "weights-changed-in-backward",
        LINEAR_EINSUM,
        'self.grads["weight"] = np',
        'self.params["weight"] = np',
    ),
    ("bias drops out in the loop", "bias-forgotten", LINEAR_LOOP, "A.dot(row) + b for", "A.dot(row) for"),
    ("last sample only", "another-formula", LINEAR_LOOP, "dA += np.outer(g, row)", "dA = np.outer(g, row)"),
    ("outer the other way", "axes-exchanged", LINEAR_LOOP, "np.outer(g, row)", "np.outer(row, g).reshape(dA.shape)"),
    ("relu sneaked in", "function-added", LINEAR_LOOP, "A.dot(row) + b for", "np.maximum(A.dot(row) + b, 0) for"),
    ("db is the mean", "averaged-over-batch", LINEAR_LOOP, "            db += g\n", "            db += g / len(x)\n"),
    ("db counts samples", "another-input", LINEAR_LOOP, "            db += g\n", "            db += 1\n"),
    ("bias random and the weight without scale", "bias-summed-to-one", LINEAR_RUSSIAN, "grad.sum(0)", "grad.sum()"),
    (
        "transposed the wrong factor",
        "weight-not-transposed",
        LINEAR_RUSSIAN,
        "x.dot(матрица_весов.T)",
        "x.dot(матрица_весов)",
    ),
    (
        "dx from the updated weights",
        "",
        LINEAR_RUSSIAN,
        'self.grads["bias"] = grad.sum(0)',
        "self.grads[\"bias\"] = grad.sum(0)\n        матрица_весов = матрица_весов - 0.01 * self.grads['weight']",
    ),
    (
        "sum over everything",
        "key-missing",
        LINEAR_RUSSIAN,
        'self.grads["weight"] = grad.T.dot(self.вход)',
        'self.grads["weight"] += grad.T.dot(self.вход)',
    ),
    ("dW with the output", "", LINEAR_RUSSIAN, "grad.T.dot(self.вход)", "grad.T.dot(grad).dot(матрица_весов)"),
    ("no maximum", "maximum-not-subtracted", SOFTMAX_JACOBIAN, "x - np.max(x, axis=-1, keepdims=True)", "x"),
    ("maximum of the batch", "global-maximum", SOFTMAX_JACOBIAN, "np.max(x, axis=-1, keepdims=True)", "np.max(x)"),
    (
        "sum over the batch",
        "normalized-over-batch",
        SOFTMAX_JACOBIAN,
        "np.sum(exps, axis=-1, keepdims=True)",
        "np.sum(exps, axis=0, keepdims=True)",
    ),
    ("sum of everything", "another-formula", SOFTMAX_JACOBIAN, "np.sum(exps, axis=-1, keepdims=True)", "np.sum(exps)"),
    (
        "only the diagonal",
        "diagonal-only",
        SOFTMAX_JACOBIAN,
        "np.diagflat(column) - np.dot(column, column.T)",
        "np.diagflat(column * (1 - column))",
    ),
    (
        "sign of the outer product",
        "off-diagonal-sign",
        SOFTMAX_JACOBIAN,
        "np.diagflat(column) - np",
        "np.diagflat(column) + np",
    ),
    (
        "identity for diag(s)",
        "another-formula",
        SOFTMAX_JACOBIAN,
        "np.diagflat(column) - np",
        "np.eye(len(column)) - np",
    ),
    ("cross entropy's gradient", "loss-gradient-returned", SOFTMAX_JACOBIAN, "np.dot(jacobian, g)", "single - g"),
    (
        "jacobian's diagonal times g",
        "diagonal-only",
        SOFTMAX_JACOBIAN,
        "np.dot(jacobian, g)",
        "jacobian.diagonal() * g",
    ),
    (
        "sum over the batch in backward",
        "sum-over-everything",
        SOFTMAX_LSE,
        "(self.p * g).sum(-1, keepdims=True)",
        "(self.p * g).sum(0, keepdims=True)",
    ),
    (
        "g alone in the sum",
        "sum-not-weighted",
        SOFTMAX_LSE,
        "(self.p * g).sum(-1, keepdims=True)",
        "g.sum(-1, keepdims=True)",
    ),
    (
        "log returned",
        "another-formula",
        SOFTMAX_LSE,
        "self.p = np.exp(x - lse)\n        return self.p",
        "self.p = np.exp(x - lse)\n        return x - lse",
    ),
    ("p squared lost", "another-formula", SOFTMAX_LSE, "- self.p * (self.p", "- (self.p"),
    (
        "the mean is subtracted",
        "maximum-not-subtracted",
        SOFTMAX_LSE,
        "top = x.max(-1, keepdims=True)",
        "top = x.mean(-1, keepdims=True)",
    ),
    (
        "gradient passed on",
        "gradient-passed-through",
        SOFTMAX_LSE,
        "self.p * g - self.p * (self.p * g).sum(-1, keepdims=True)",
        "g",
    ),
    (
        "sum, not mean",
        "summed-not-averaged",
        LOSS_ONEHOT,
        "np.sum(self.onehot * logp) / len(labels)",
        "np.sum(self.onehot * logp)",
    ),
    (
        "np.mean over everything",
        "divided-by-classes",
        LOSS_ONEHOT,
        "np.sum(self.onehot * logp) / len(labels)",
        "np.mean(self.onehot * logp)",
    ),
    ("minus lost", "sign-flipped", LOSS_ONEHOT, "return -np.sum", "return np.sum"),
    (
        "not divided by N in backward",
        "gradient-summed",
        LOSS_ONEHOT,
        "(self.p - self.onehot) / len(self.p)",
        "(self.p - self.onehot)",
    ),
    ("sign of the gradient", "sign-flipped", LOSS_ONEHOT, "(self.p - self.onehot)", "(self.onehot - self.p)"),
    ("divided by N * K", "gradient-divided-by-classes", LOSS_ONEHOT, "/ len(self.p)", "/ self.p.size"),
    ("divided by the classes", "gradient-divided-by-classes", LOSS_ONEHOT, "/ len(self.p)", "/ self.p.shape[1]"),
    (
        "loss of the probabilities: 1e-12 inside the log",
        "log-clipped",
        LOSS_ONEHOT,
        "-np.sum(self.onehot * logp)",
        "-np.sum(self.onehot * np.log(self.p + 1e-12))",
    ),
    (
        "clipped probabilities",
        "log-clipped",
        LOSS_ONEHOT,
        "-np.sum(self.onehot * logp)",
        "-np.sum(self.onehot * np.log(np.clip(self.p, 1e-7, 1 - 1e-7)))",
    ),
    (
        "binary cross-entropy",
        "",
        LOSS_ONEHOT,
        "-np.sum(self.onehot * logp)",
        "-np.sum(self.onehot * logp + (1 - self.onehot) * np.log(1 - self.p + 1e-300))",
    ),
    ("squares", "another-formula", LOSS_ONEHOT, "-np.sum(self.onehot * logp)", "np.sum((self.onehot - self.p) ** 2)"),
    (
        "-onehot / p",
        "gradient-for-probabilities",
        LOSS_ONEHOT,
        "(self.p - self.onehot)",
        "-self.onehot / (self.p + 1e-300)",
    ),
    (
        "log2",
        "factor-wrong",
        LOSS_ONEHOT,
        "logp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))",
        "logp = (z - np.log(np.exp(z).sum(axis=1, keepdims=True))) / np.log(2)",
    ),
    ("all rows and all labels", "every-pair", LOSS_CACHE, "shifted[np.arange(N), labels]", "shifted[:, labels]"),
    ("all rows lose 1", "every-pair", LOSS_CACHE, "dx[np.arange(N), y] -= 1", "dx[:, y] -= 1"),
    ("all entries lose 1", "another-formula", LOSS_CACHE, "dx[np.arange(N), y] -= 1", "dx -= 1"),
    ("labels forgotten in backward", "label-not-subtracted", LOSS_CACHE, "        dx[np.arange(N), y] -= 1\n", ""),
    ("the log of Z lost", "another-formula", LOSS_CACHE, "losses = np.log(Z) - shifted", "losses = -shifted"),
    (
        "raw logits for shifted",
        "maximum-not-added",
        LOSS_CACHE,
        "losses = np.log(Z) - shifted[",
        "losses = np.log(Z) - logits[",
    ),
    ("median of the losses", "another-formula", LOSS_CACHE, "np.mean(losses)", "np.max(losses)"),
    ("Z of the batch", "", LOSS_CACHE, "np.sum(np.exp(shifted), axis=1)", "np.sum(np.exp(shifted))[None]"),
    (
        "softmax of the exponents twice",
        "softmax-twice",
        LOSS_CACHE,
        "        Z = np.sum(",
        "        shifted = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)\n        Z = np.sum(",
    ),
    ("an array of losses", "losses-returned", LOSS_CACHE, "float(np.mean(losses))", "losses"),
    ("the maximum not added back", "maximum-not-added", LOSS_LOOP, "np.log(s) + m - z[y]", "np.log(s) - z[y]"),
    ("the true class divides", "warning", LOSS_LOOP, "self.p[t] = e / s", "self.p[t] = e / (s - e[y])"),
    (
        "returns after the first sample",
        "another-formula",
        LOSS_LOOP,
        "        return total / len(self.y)",
        "            return total / len(self.y)",
    ),
    ("accuracy for loss", "another-formula", LOSS_LOOP, "total += np.log(s) + m - z[y]", "total += np.argmax(z) == y"),
    ("p of the wrong class only", "another-formula", LOSS_LOOP, "g[t, y] -= 1", "g[t, y] = -1"),
    ("the true class' probability is assigned", "function-added", LOSS_LOOP, "g[t, y] -= 1", "g[t, y] = 1 - g[t, y]"),
    (
        "over the batch, too",
        "factor-wrong",
        GAP_EINSUM,
        "x.shape[2] * x.shape[3]",
        "x.shape[0] * x.shape[2] * x.shape[3]",
    ),
    (
        "sum for mean",
        "map-summed",
        GAP_EINSUM,
        'np.einsum("nchw->nc", x) / (x.shape[2] * x.shape[3])',
        'np.einsum("nchw->nc", x)',
    ),
    (
        "width only",
        "share-by-one-side",
        GAP_EINSUM,
        "grad_out[:, :, None, None] / (H * W)",
        "grad_out[:, :, None, None] / W",
    ),
    (
        "not divided in backward",
        "share-not-divided",
        GAP_EINSUM,
        "grad_out[:, :, None, None] / (H * W)",
        "grad_out[:, :, None, None]",
    ),
    ("divided by maps and pixels", "share-divided-by-wrong-n", GAP_EINSUM, "/ (H * W)", "/ (C * H * W)"),
    ("maximum", "map-maximum", GAP_RESHAPE, ".mean(axis=2)", ".max(axis=2)"),
    ("mean over maps", "another-axis", GAP_RESHAPE, ".mean(axis=2)", ".mean(axis=1)"),
    (
        "in the corner only",
        "another-formula",
        GAP_RESHAPE,
        "return out / (height * width)",
        "out = np.zeros(out.shape, out.dtype)\n        out[:, :, 0, 0] = grad_out\n        return out",
    ),
    (
        "kept axes",
        "axes-kept",
        GAP_RESHAPE,
        "x.reshape(x.shape[0], x.shape[1], -1).mean(axis=2)",
        "x.mean(axis=(2, 3), keepdims=True)",
        "grad_out[:, :, None, None]",
        "grad_out.reshape(*grad_out.shape[:2], 1, 1)",
    ),
    (
        "bias forgotten",
        "bias-not-counted",
        COUNT_SUM,
        "for a in layer.params.values()",
        "for name, a in layer.params.items() if name != 'bias'",
    ),
    ("arrays counted, not numbers", "arrays-counted", COUNT_SUM, "int(np.prod(a.shape))", "1"),
    ("rows counted", "rows-counted", COUNT_SUM, "int(np.prod(a.shape))", "len(a)"),
    ("sum of the sizes of the axes", "shape-summed", COUNT_SUM, "np.prod(a.shape)", "sum(a.shape)"),
    ("the sum of the numbers", "values-for-count", COUNT_SUM, "int(np.prod(a.shape))", "int(a.sum())"),
    (
        "a list of counts",
        "another-kind-returned",
        COUNT_SUM,
        "sum(int(np.prod(a.shape)) for layer in layers for a in layer.params.values())",
        "[int(np.prod(a.shape)) for layer in layers for a in layer.params.values()]",
    ),
    (
        "the last layer's count",
        "not-all-layers-counted",
        COUNT_LOOP,
        "        for name in layer.params:",
        "        total = 0\n        for name in layer.params:",
    ),
    ("returns in the loop", "not-all-layers-counted", COUNT_LOOP, "    return total", "        return total"),
    (
        "weight only",
        "bias-not-counted",
        COUNT_LOOP,
        "for name in layer.params:",
        "for name in ['weight'] if 'weight' in layer.params else []:",
    ),
    (
        "gradients counted",
        "factor-wrong",
        COUNT_LOOP,
        "len(layer.params[name].flatten())",
        "len(layer.params[name].flatten()) * 2",
    ),
    (
        "logits kept between -700 and 700",
        "logits-clipped",
        SOFTMAX_LSE,
        "        top = x.max",
        "        x = np.clip(x, -700, 700)\n        top = x.max",
    ),
    (
        "logits kept between -500 and 500",
        "logits-clipped",
        LOSS_CACHE,
        "N = logits.shape[0]",
        "N, logits = len(logits), logits.clip(-500, 500)",
    ),
)
