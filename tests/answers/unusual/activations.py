"""Right answers of lesson activations in unusual styles."""

RIGHT = (
    (
        "(x + |x|)/2 and a mask kept as int8.",
        """
class ReLU(Layer):
    def forward(self, x):
        self.m = (np.sign(x) > 0).astype(np.int8)
        return (x + np.abs(x)) / 2

    def backward(self, grad_out):
        return np.multiply(grad_out, self.m, dtype=grad_out.dtype)
""",
    ),
    (
        "clip in forward, np.heaviside with one half at 0 in backward.",
        """
class ReLU(Layer):
    def forward(self, x):
        self.x = x
        return np.clip(x, 0, None)

    def backward(self, grad_out):
        return grad_out * np.heaviside(self.x, 0.5).astype(self.x.dtype)
""",
    ),
    (
        "Takes 1 as the subgradient at 0, and returns views of arrays made with out=.",
        """
class ReLU(Layer):
    def forward(self, x):
        y = np.empty(x.shape, x.dtype)
        np.maximum(x, 0, out=y)
        self.dead = np.flatnonzero(x < 0)
        return y[...]

    def backward(self, grad_out):
        g = np.array(grad_out, order="C")
        g.reshape(-1)[self.dead] = 0
        return g
""",
    ),
    (
        "σ(x) = (1 + tanh(x/2))/2.",
        """
class Sigmoid(Layer):
    def forward(self, x):
        self.t = np.tanh(x / 2)
        return (1 + self.t) / 2

    def backward(self, grad_out):
        return grad_out * (1 - self.t * self.t) / 4
""",
    ),
    (
        "exp(−log(1 + e^−x)) with np.logaddexp; the derivative as σ(x)·σ(−x).",
        """
class Sigmoid(Layer):
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0, -x))

    def backward(self, grad_out):
        return grad_out * np.exp(-np.logaddexp(0, -self.x) - np.logaddexp(0, self.x))
""",
    ),
    (
        "A scalar Python function under np.vectorize, float64 inside.",
        """
import math

def _sigma(v):
    if v < 0:
        e = math.exp(v)
        return e / (1 + e)
    return 1 / (1 + math.exp(-v))

class Sigmoid(Layer):
    def forward(self, x):
        y = np.vectorize(_sigma, otypes=[np.float64])(x)
        self.y, self.dtype = y, x.dtype
        return y.astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * self.y * (1 - self.y)).astype(self.dtype)
""",
    ),
    (
        "1/cosh² for the derivative, with the argument clipped where it is 0 anyway.",
        """
class Tanh(Layer):
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, grad_out):
        c = np.cosh(np.clip(self.x, -40, 40))
        return grad_out / c / c
""",
    ),
    (
        "Through expm1 of −2|x| and the sign; the gradient by 4σ(2x)σ(−2x).",
        """
class Tanh(Layer):
    def forward(self, x):
        e = np.expm1(-2 * np.abs(x))          # в (-1, 0]
        self.e = e
        return np.copysign(-e / (e + 2), x)

    def backward(self, grad_out):
        # 4 q / (1 + q)^2, q = exp(-2|x|)
        q = self.e + 1
        return grad_out * (4 * q / (1 + q) ** 2)
""",
    ),
    (
        "max(x, 0) + alpha·min(x, 0), the slope kept as an array.",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        a = x.dtype.type(self.alpha)
        self.slope = np.where(x < 0, a, x.dtype.type(1))
        return np.maximum(x, 0) + a * np.minimum(x, 0)

    def backward(self, grad_out):
        return grad_out * self.slope
""",
    ),
    (
        "Written with |x|: ((1 + a)x + (1 − a)|x|)/2, the mean of the slopes at 0.",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        self.p, self.q = (1 + alpha) / 2, (1 - alpha) / 2

    def forward(self, x):
        self.sign = np.sign(x)
        return (self.p * x + self.q * np.abs(x)).astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * (self.p + self.q * self.sign)).astype(grad_out.dtype)
""",
    ),
    (
        "np.piecewise with lambdas in forward, np.choose in backward.",
        """
class LeakyReLU(Layer):
    def __init__(self, alpha: float = 0.1):
        super().__init__()
        self.f = [lambda v: v * alpha, lambda v: v]
        self.alpha = alpha

    def forward(self, x):
        self.pos = np.greater(x, 0)
        return np.piecewise(x, [~self.pos, self.pos], self.f)

    def backward(self, grad_out):
        return np.choose(self.pos, [grad_out * self.alpha, grad_out]).astype(grad_out.dtype)
""",
    ),
    (
        "maximum + alpha·expm1(minimum), the derivative built from exp(minimum).",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        low = np.minimum(x, 0)
        return (np.maximum(x, 0) + self.alpha * np.expm1(low)).astype(x.dtype)

    def backward(self, grad_out):
        d = self.alpha * np.exp(np.minimum(self.x, 0))
        np.copyto(d, 1, where=self.x > 0)
        return (grad_out * d).astype(self.x.dtype)
""",
    ),
    (
        "np.exp with out= and where=, so that positive numbers are never exponentiated.",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.neg = x < 0
        self.e = np.exp(x, out=np.ones(x.shape, x.dtype), where=self.neg)
        y = np.array(x)
        np.subtract(self.e, 1, out=y, where=self.neg)
        np.multiply(y, self.alpha, out=y, where=self.neg)
        return y

    def backward(self, grad_out):
        g = grad_out.astype(self.e.dtype)
        np.multiply(g, self.alpha * self.e, out=g, where=self.neg, casting="same_kind")
        return g
""",
    ),
    (
        "Full np.where with overflow silenced by np.errstate; derivative = out + alpha.",
        """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        with np.errstate(over="ignore", invalid="ignore"):
            y = np.where(x >= 0, x, self.alpha * (np.exp(x) - 1)).astype(x.dtype)
        self.y = y
        self.up = x >= 0
        return y.copy()

    def backward(self, grad_out):
        return np.where(self.up, grad_out, grad_out * (self.y + self.alpha)).astype(self.y.dtype)
""",
    ),
    (
        "A general 'unbroadcast' helper sums the gradient back to alpha's shape.",
        """
def unbroadcast(g, shape):
    axes = tuple(i for i, (a, b) in enumerate(zip(g.shape, shape)) if b == 1 and a != 1)
    return g.sum(axis=axes, keepdims=True)

class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def forward(self, x):
        self.x = x
        shape = [1] * x.ndim
        shape[1] = self.params["alpha"].size
        self.shape = tuple(shape)
        a = self.params["alpha"].reshape(self.shape)
        return (np.maximum(x, 0) + a * np.minimum(x, 0)).astype(x.dtype)

    def backward(self, grad_out):
        a = self.params["alpha"].reshape(self.shape)
        self.grads["alpha"] = unbroadcast(grad_out * np.minimum(self.x, 0), self.shape).reshape(-1)
        return np.where(self.x < 0, a * grad_out, grad_out).astype(self.x.dtype)
""",
    ),
    (
        "A loop over channels with views; float32 parameters; gradients rewritten in place.",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params = {"alpha": np.full((num_parameters,), 0.25, dtype=np.float32)}
        self.grads = {"alpha": np.zeros((num_parameters,))}

    def forward(self, x):
        self.x = x
        y = x.copy()
        a = self.params["alpha"]
        for c in range(x.shape[1]):
            ch = y[:, c]
            ch[ch < 0] *= a[c % len(a)]
        return y

    def backward(self, grad_out):
        a = self.params["alpha"]
        self.grads["alpha"][:] = 0
        dx = np.empty(grad_out.shape, dtype=self.x.dtype)
        for c in range(self.x.shape[1]):
            neg = self.x[:, c] < 0
            g = grad_out[:, c]
            self.grads["alpha"][c % len(a)] += (g[neg].astype(float) * self.x[:, c][neg]).sum()
            dx[:, c] = np.where(neg, g * a[c % len(a)], g)
        return dx
""",
    ),
    (
        "Moves the channels last so that plain broadcasting works, and back.",
        """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = np.ones(num_parameters) / 4

    def forward(self, x):
        self.z = np.moveaxis(x, 1, -1)
        y = np.where(self.z > 0, self.z, self.z * self.params["alpha"])
        return np.moveaxis(y, -1, 1).astype(x.dtype)

    def backward(self, grad_out):
        g = np.moveaxis(grad_out, 1, -1)
        per = (g * self.z * (self.z <= 0)).reshape(-1, g.shape[-1]).sum(0)
        a = self.params["alpha"]
        self.grads = {"alpha": per if a.size > 1 else np.atleast_1d(per.sum())}
        dz = g * np.where(self.z > 0, 1, a)
        return np.moveaxis(dz, -1, 1).astype(self.z.dtype)
""",
    ),
    (
        "einsum everywhere with a one-hot table of winners.",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        z = np.einsum("koi,ni->kno", self.params["weight"], x) + self.params["bias"][:, None]
        self.win = np.eye(len(z))[z.argmax(0)]           # (N, out, pieces)
        self.x = x
        return np.einsum("kno,nok->no", z, self.win).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = np.einsum("no,nok,ni->koi", grad_out, self.win, self.x, optimize=True)
        self.grads["bias"] = np.einsum("no,nok->ko", grad_out, self.win)
        return np.einsum("no,nok,koi->ni", grad_out, self.win, self.params["weight"], optimize=True).astype(self.x.dtype)
""",
    ),
    (
        "One big matrix (out·pieces, in), maximum by np.maximum.reduceat.",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        if rng is None:
            rng = np.random.default_rng()
        self.params["weight"] = rng.standard_normal((pieces, out_features, in_features)) * (2 / in_features) ** .5
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        W, b = self.params["weight"], self.params["bias"]
        k, o, i = W.shape
        big = W.transpose(1, 0, 2).reshape(o * k, i)
        z = x @ big.T + b.T.ravel()
        y = np.maximum.reduceat(z, np.arange(0, o * k, k), axis=1)
        self.x = x
        self.winner = z.reshape(len(x), o, k).argmax(-1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        W, b = self.params["weight"], self.params["bias"]
        dW, db = np.zeros(W.shape), np.zeros(b.shape)
        o = np.broadcast_to(np.arange(W.shape[1]), self.winner.shape)
        np.add.at(dW, (self.winner, o), grad_out[:, :, None] * self.x[:, None, :])
        np.add.at(db, (self.winner, o), grad_out)
        self.grads.update(weight=dW, bias=db)
        dx = (W[self.winner, o] * grad_out[:, :, None]).sum(axis=1)
        return dx.astype(self.x.dtype)
""",
    ),
    (
        "A tournament: the pieces are compared one after another with np.where; parameters in float32.",
        """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = rng if rng is not None else np.random.default_rng()
        w = rng.uniform(-1, 1, size=(pieces, out_features, in_features)) * np.sqrt(6 / in_features)
        self.params = {"weight": w.astype(np.float32), "bias": np.zeros((pieces, out_features), np.float32)}

    def forward(self, x):
        self.x = x
        best, who = None, None
        for k, (A, b) in enumerate(zip(self.params["weight"], self.params["bias"])):
            z = x @ A.T.astype(x.dtype) + b.astype(x.dtype)
            if best is None:
                best, who = z, np.zeros(z.shape, dtype=int)
            else:
                better = z > best
                best = np.where(better, z, best)
                who[better] = k
        self.who = who
        return best

    def backward(self, grad_out):
        gw, gb, dx = [], [], 0
        for k, A in enumerate(self.params["weight"]):
            g = np.where(self.who == k, grad_out, 0)
            gw += [g.T @ self.x]
            gb += [g.sum(0)]
            dx = dx + g @ A
        self.grads = {"weight": np.stack(gw), "bias": np.stack(gb)}
        return np.asarray(dx, dtype=self.x.dtype)
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
