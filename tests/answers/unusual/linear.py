"""Right answers of lesson linear in unusual styles."""

RIGHT = (
    (
        "Concatenates the channels' flattened maps instead of one reshape.",
        """
class Flatten(Layer):
    def forward(self, x):
        self.dims = x.shape[1:]
        return np.concatenate([x[:, c].reshape(len(x), -1) for c in range(x.shape[1])], axis=1)

    def backward(self, grad_out):
        c, h, w = self.dims
        parts = np.split(grad_out, c, axis=1)
        return np.stack([p.reshape(-1, h, w) for p in parts], axis=1)
""",
    ),
    (
        "The inverse is a lambda stored by forward; the returned array is a view of x where NumPy can.",
        """
class Flatten(Layer):
    def forward(self, x):
        shape = x.shape
        self.undo = lambda g: g.reshape(shape)
        return x.reshape(shape[0], int(np.prod(shape[1:])))

    def backward(self, grad_out):
        return self.undo(grad_out)
""",
    ),
    (
        "einsum with out= into fresh arrays, cast by a helper.",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0.0, np.sqrt(2.0 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        y = np.empty((x.shape[0], self.params["weight"].shape[0]))
        np.einsum("ni,oi->no", x, self.params["weight"], out=y)
        np.add(y, self.params["bias"], out=y)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        gw = np.zeros(self.params["weight"].shape)
        np.einsum("no,ni->oi", grad_out, self.x, out=gw)
        self.grads["weight"] = gw
        self.grads["bias"] = np.ones(len(grad_out)) @ grad_out
        return np.einsum("no,oi->ni", grad_out, self.params["weight"]).astype(self.x.dtype)
""",
    ),
    (
        "The bias trick: a column of ones and one matrix [A | b].",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        self.rng = rng if rng is not None else np.random.default_rng()
        self.params = {"weight": self.rng.standard_normal((out_features, in_features)) * np.sqrt(2 / in_features),
                       "bias": np.zeros(out_features)}

    @property
    def full(self):
        return np.column_stack([self.params["weight"], self.params["bias"]])

    def forward(self, x):
        self.dtype = x.dtype
        self.x1 = np.hstack([x, np.ones((x.shape[0], 1), dtype=x.dtype)])
        return np.dot(self.x1, self.full.T).astype(self.dtype)

    def backward(self, grad_out):
        g = grad_out.T @ self.x1
        self.grads = {"weight": g[:, :-1].copy(), "bias": g[:, -1].copy()}
        return (grad_out @ self.full)[:, :-1].astype(self.dtype)
""",
    ),
    (
        "Plain loops over samples and outputs, Fortran-ordered float32 weights.",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        w = rng.normal(size=(out_features, in_features)) * (2 / in_features) ** 0.5
        self.params["weight"] = np.asfortranarray(w, dtype=np.float32)
        self.params["bias"] = np.zeros(out_features, dtype=np.float32)

    def forward(self, x):
        self.x = x
        A, b = self.params["weight"], self.params["bias"]
        y = np.zeros((x.shape[0], A.shape[0]), dtype=x.dtype)
        for t in range(x.shape[0]):
            for k in range(A.shape[0]):
                y[t, k] = np.sum(A[k].astype(np.float64) * x[t]) + b[k]
        return y

    def backward(self, grad_out):
        A = self.params["weight"]
        dA = np.zeros(A.shape)
        db = np.zeros(A.shape[0])
        dx = np.zeros(self.x.shape, dtype=self.x.dtype)
        for t in range(self.x.shape[0]):
            for k in range(A.shape[0]):
                dA[k] += grad_out[t, k] * self.x[t].astype(np.float64)
                db[k] += grad_out[t, k]
            dx[t] = (grad_out[t].astype(np.float64)[:, None] * A).sum(axis=0)
        self.grads["weight"], self.grads["bias"] = dA, db
        return dx
""",
    ),
    (
        "The weight gradient as a sum of outer products; parameters reached through properties.",
        """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        rng = rng or np.random.default_rng()
        self.params = {}
        self.grads = {}
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), size=(out_features, in_features))
        self.params["bias"] = np.zeros((out_features,))

    W = property(lambda self: self.params["weight"])
    b = property(lambda self: self.params["bias"])

    def forward(self, x):
        self.inputs = x
        return np.stack([self.W @ row + self.b for row in x]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = sum(np.outer(g, r) for g, r in zip(grad_out, self.inputs))
        self.grads["bias"] = sum(g.astype(np.float64) for g in grad_out)
        return np.stack([self.W.T @ g for g in grad_out]).astype(self.inputs.dtype)
""",
    ),
    (
        "exp(x − logsumexp), logsumexp by np.logaddexp.reduce.",
        """
class Softmax(Layer):
    def forward(self, x):
        lse = np.logaddexp.reduce(x, axis=-1, keepdims=True)
        self.p = np.exp(x - lse)
        return self.p

    def backward(self, grad_out):
        return self.p * (grad_out - np.einsum("...i,...i->...", grad_out, self.p)[..., None])
""",
    ),
    (
        "Builds the full Jacobian diag(p) − ppᵀ of every row and multiplies.",
        """
class Softmax(Layer):
    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1])
        out = []
        for r in rows:
            e = np.exp(r - r.max())
            out.append(e / e.sum())
        self.rows = np.array(out)
        self.shape = x.shape
        return self.rows.reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(-1, self.shape[-1])
        res = np.empty(g.shape, dtype=grad_out.dtype)
        for i, p in enumerate(self.rows):
            J = np.diag(p) - np.outer(p, p)
            res[i] = J @ g[i]
        return res.reshape(self.shape)
""",
    ),
    (
        "np.apply_along_axis with a row function.",
        """
def softmax_row(v):
    e = np.exp(v - np.max(v))
    return e / e.sum()

class Softmax(Layer):
    def forward(self, x):
        self.s = np.apply_along_axis(softmax_row, -1, x)
        return self.s.copy()

    def backward(self, grad_out):
        both = np.concatenate([self.s, grad_out], axis=-1)
        n = self.s.shape[-1]
        return np.apply_along_axis(lambda v: v[:n] * (v[n:] - v[:n] @ v[n:]), -1, both)
""",
    ),
    (
        "p_i = 1/Σ_k exp(x_k − x_i) with clipped pairwise differences; in float64.",
        """
class Softmax(Layer):
    def forward(self, x):
        d = x[..., None, :].astype(np.float64) - x[..., :, None]
        self.p = 1 / np.exp(np.minimum(d, 700)).sum(axis=-1)
        self.dtype = x.dtype
        return self.p.astype(x.dtype)

    def backward(self, grad_out):
        # sum_k p_i p_k (g_i - g_k)
        diff = grad_out[..., :, None] - grad_out[..., None, :]
        return (self.p * (self.p[..., None, :] * diff).sum(axis=-1)).astype(self.dtype)
""",
    ),
    (
        "np.logaddexp.reduce minus the right logit by take_along_axis; backward with put_along_axis.",
        """
class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        lab = labels.astype(np.intp)[:, None]
        lse = np.logaddexp.reduce(logits, axis=1)[:, None]
        self.cache = logits, lab, lse
        return float((lse - np.take_along_axis(logits, lab, axis=1)).mean())

    def backward(self):
        logits, lab, lse = self.cache
        p = np.exp(logits - lse)
        np.put_along_axis(p, lab, np.take_along_axis(p, lab, 1) - 1, axis=1)
        return p / len(p)
""",
    ),
    (
        "A boolean one-hot by comparison with arange; not a Layer at all; returns a NumPy scalar.",
        """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        self.hot = labels[:, None] == np.arange(logits.shape[1])
        z = logits - logits.max(axis=1, keepdims=True)
        e = np.exp(z)
        s = e.sum(axis=1)
        self.p = e / s[:, None]
        return np.mean(np.log(s) - z[self.hot])

    __call__ = forward

    def backward(self):
        return (self.p - self.hot.astype(self.p.dtype)) / self.p.dtype.type(len(self.p))
""",
    ),
    (
        "A dataclass holds what backward needs; the loss by a loop over samples.",
        """
from dataclasses import dataclass

@dataclass
class Saved:
    probs: np.ndarray
    labels: list

class CrossEntropyLoss(Layer):
    def forward(self, logits, labels):
        total, probs = 0.0, []
        for row, y in zip(logits, labels):
            row = row.astype(np.float64)
            top = row.max()
            log_z = top + np.log(np.sum(np.exp(row - top)))
            total += log_z - row[int(y)]
            probs.append(np.exp(row - log_z))
        self.saved = Saved(np.stack(probs), [int(y) for y in labels])
        self.dtype = logits.dtype
        return float(total / len(labels))

    def backward(self):
        g = self.saved.probs.copy()
        for i, y in enumerate(self.saved.labels):
            g[i, y] -= 1.0
        return (g / g.shape[0]).astype(self.dtype)
""",
    ),
    (
        "log Σ exp(l_k − l_y) of the differences to the right logit.",
        """
class CrossEntropyLoss(Layer):
    def __init__(self):
        super().__init__()
        self.state = {}

    def forward(self, logits, labels):
        n = np.arange(len(labels))
        d = logits - logits[n, labels][:, None]
        m = d.max(axis=1, keepdims=True)
        per = m[:, 0] + np.log(np.exp(d - m).sum(axis=1))
        self.state = dict(n=n, y=np.array(labels), q=np.exp(d - per[:, None]))
        return float(np.average(per))

    def backward(self):
        q = self.state["q"] / len(self.state["n"])
        q[self.state["n"], self.state["y"]] -= 1 / len(self.state["n"])
        return q
""",
    ),
    (
        "einsum sum times 1/(HW); backward by einsum with a table of ones.",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        h, w = x.shape[2:]
        self.k = np.full((h, w), 1 / (h * w), dtype=x.dtype)
        return np.einsum("nchw,hw->nc", x, self.k)

    def backward(self, grad_out):
        return np.einsum("nc,hw->nchw", grad_out, self.k)
""",
    ),
    (
        "Backward returns np.broadcast_to (a read-only view with zero strides).",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.shape = x.shape
        return x.mean(-1).mean(-1)

    def backward(self, grad_out):
        area = self.shape[2] * self.shape[3]
        return np.broadcast_to((grad_out / area)[..., None, None], self.shape)
""",
    ),
    (
        "Reshape and a product with a vector; backward with np.kron-like repeat.",
        """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.hw = x.shape[2], x.shape[3]
        area = self.hw[0] * self.hw[1]
        return (x.reshape(x.shape[0], x.shape[1], area) @ np.ones(area, x.dtype)) / x.dtype.type(area)

    def backward(self, grad_out):
        h, w = self.hw
        return np.repeat(grad_out, h * w, axis=1).reshape(*grad_out.shape, h, w) / grad_out.dtype.type(h * w)
""",
    ),
    (
        "A nested generator with np.prod of the shapes.",
        """
def parameter_count(layers):
    return int(sum(np.prod(a.shape) for layer in layers for a in layer.params.values()))
""",
    ),
    (
        "Recursion over the list; bytes divided by the item size.",
        """
def parameter_count(layers):
    if len(layers) == 0:
        return 0
    head, tail = layers[0], layers[1:]
    own = sum(p.nbytes // p.itemsize for p in head.params.values())
    return own + parameter_count(tail)
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
