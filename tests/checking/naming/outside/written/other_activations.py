"""Wrong activations: loops over flat arrays, np.select, sign tricks, functions as attributes, Russian names."""

RELU_SIGN = """
class ReLU(Layer):
    def forward(self, x):
        self.ind = np.heaviside(x, 0).astype(x.dtype)
        return x * self.ind

    def backward(self, grad_out):
        return grad_out * self.ind
"""

RELU_LOOP = """
class ReLU(Layer):
    def forward(self, x):
        self.on = [v > 0 for v in x.ravel()]
        out = [v if on else 0 for v, on in zip(x.ravel(), self.on)]
        return np.array(out, dtype=x.dtype).reshape(x.shape)

    def backward(self, grad_out):
        out = [g if on else 0 for g, on in zip(grad_out.ravel(), self.on)]
        return np.array(out, dtype=grad_out.dtype).reshape(grad_out.shape)
"""

RELU_ABS = """
class ReLU(Layer):
    def forward(self, x):
        self.y = (x + abs(x)) / 2
        return self.y

    def backward(self, grad_out):
        return grad_out * np.sign(self.y)
"""

SIGMOID_BRANCHES = """
class Sigmoid(Layer):
    def forward(self, x):
        out = np.empty_like(x)
        plus = x >= 0
        out[plus] = 1 / (1 + np.exp(-x[plus]))
        e = np.exp(x[~plus])
        out[~plus] = e / (1 + e)
        self.out = out
        return out

    def backward(self, grad_out):
        return self.out * (1 - self.out) * grad_out
"""

SIGMOID_TANH = """
class Sigmoid(Layer):
    def forward(self, x):
        self.s = 0.5 * (np.tanh(0.5 * x) + 1)
        return self.s

    def backward(self, grad_out):
        return grad_out * (self.s - self.s * self.s)
"""

SIGMOID_LOGADDEXP = """
class Sigmoid(Layer):
    def f(self, x):
        return np.exp(-np.logaddexp(0, -x)).astype(x.dtype)

    def forward(self, x):
        self.x = x
        return self.f(x)

    def backward(self, g):
        return g * self.f(self.x) * self.f(-self.x)
"""

TANH_NUMPY = """
class Tanh(Layer):
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, grad_out):
        return grad_out * (1 - np.square(self.t))
"""

TANH_EXP = """
class Tanh(Layer):
    def forward(self, x):
        e = np.exp(-2 * np.abs(x))
        self.value = (np.sign(x) * (1 - e) / (1 + e)).astype(x.dtype)
        return self.value

    def backward(self, grad_out):
        return grad_out * (1 + self.value) * (1 - self.value)
"""

TANH_LECTURE = """
class Tanh(Layer):
    def sigma(self, v):
        small = np.exp(-np.abs(v))
        return np.where(v < 0, small, 1) / (1 + small)

    def forward(self, x):
        self.sig = self.sigma(2 * x)
        return (2 * self.sig - 1).astype(x.dtype)

    def backward(self, grad_out):
        return (grad_out * 4 * self.sig * (1 - self.sig)).astype(grad_out.dtype)
"""

LEAKY_SLOPES = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def forward(self, x):
        self.slopes = np.where(x > 0, 1, self.alpha).astype(x.dtype)
        return x * self.slopes

    def backward(self, dout):
        return dout * self.slopes
"""

LEAKY_TWO_PARTS = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.a = alpha

    def forward(self, x):
        self.minus = np.minimum(0, x) < 0
        return (np.maximum(0, x) + self.a * np.minimum(0, x)).astype(x.dtype)

    def backward(self, g):
        out = g.copy()
        out[self.minus] *= self.a
        return out
"""

LEAKY_RUSSIAN = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.наклон = alpha

    def forward(self, x):
        self.вход = x
        выход = x.copy()
        выход[x < 0] = выход[x < 0] * self.наклон
        return выход

    def backward(self, grad):
        производная = np.ones_like(self.вход)
        производная[self.вход < 0] = self.наклон
        return производная * grad
"""

ELU_EXPM1 = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0))).astype(x.dtype)

    def backward(self, grad_out):
        slope = np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))
        return (grad_out * slope).astype(grad_out.dtype)
"""

ELU_INDEX = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        self.alpha = alpha

    def forward(self, inputs):
        outputs = inputs.copy()
        self.neg = np.flatnonzero(inputs <= 0)
        self.e = np.exp(inputs.ravel()[self.neg])
        outputs.ravel()
        flat = outputs.flatten()
        flat[self.neg] = self.alpha * (self.e - 1)
        return flat.reshape(inputs.shape)

    def backward(self, grads):
        flat = grads.flatten()
        flat[self.neg] = flat[self.neg] * self.alpha * self.e
        return flat.reshape(grads.shape)
"""

PRELU_MOVEAXIS = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params["alpha"] = 0.25 * np.ones(num_parameters)

    def forward(self, x):
        self.x = x
        last = np.moveaxis(x, 1, -1)
        out = np.where(last > 0, last, last * self.params["alpha"])
        return np.moveaxis(out, -1, 1).astype(x.dtype)

    def backward(self, grad_out):
        alpha = self.params["alpha"]
        x = np.moveaxis(self.x, 1, -1)
        g = np.moveaxis(grad_out, 1, -1)
        contribution = np.where(x > 0, 0, g * x)
        per_channel = contribution.reshape(-1, x.shape[-1]).sum(axis=0)
        self.grads["alpha"] = per_channel if len(alpha) > 1 else per_channel.sum(keepdims=True)
        dx = np.where(x > 0, g, g * alpha)
        return np.moveaxis(dx, -1, 1).astype(grad_out.dtype)
"""

PRELU_LOOP = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.params = {"alpha": np.full((num_parameters,), 0.25)}

    def forward(self, x):
        self.x = x
        out = x.copy()
        for c in range(x.shape[1]):
            a = self.params["alpha"][c % len(self.params["alpha"])]
            xc = x[:, c]
            out[:, c] = np.maximum(xc, 0) + a * np.minimum(xc, 0)
        return out

    def backward(self, grad_out):
        alpha = self.params["alpha"]
        dalpha = np.zeros(alpha.shape)
        dx = np.zeros_like(grad_out)
        for c in range(self.x.shape[1]):
            k = c % len(alpha)
            below = self.x[:, c] < 0
            dx[:, c] = grad_out[:, c] * np.where(below, alpha[k], 1)
            dalpha[k] += (grad_out[:, c] * self.x[:, c] * below).sum()
        self.grads = {"alpha": dalpha}
        return dx
"""

MAXOUT_STACK = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.standard_normal((pieces, out_features, in_features)) * (2 / in_features) ** 0.5
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        W, b = self.params["weight"], self.params["bias"]
        self.x = x
        z = np.stack([x @ W[p].T + b[p] for p in range(len(W))])
        self.best = z.argmax(axis=0)
        return z.max(axis=0).astype(x.dtype)

    def backward(self, grad_out):
        W, b = self.params["weight"], self.params["bias"]
        dW, db = np.zeros(W.shape), np.zeros(b.shape)
        dx = np.zeros(self.x.shape)
        for p in range(len(W)):
            g = grad_out * (self.best == p)
            dW[p] = g.T @ self.x
            db[p] = g.sum(axis=0)
            dx += g @ W[p]
        self.grads = dict(weight=dW, bias=db)
        return dx.astype(self.x.dtype)
"""

MAXOUT_LOOPS = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        self.rng = rng if rng is not None else np.random.default_rng()
        sigma = np.sqrt(2.0 / in_features)
        self.params["weight"] = self.rng.normal(scale=sigma, size=(pieces, out_features, in_features))
        self.params["bias"] = np.zeros((pieces, out_features))

    def forward(self, x):
        self.x = x
        W, b = self.params["weight"], self.params["bias"]
        K, M, D = W.shape
        out = np.zeros((len(x), M), x.dtype)
        self.who = np.zeros((len(x), M), int)
        for n in range(len(x)):
            for m in range(M):
                values = [W[k, m] @ x[n] + b[k, m] for k in range(K)]
                self.who[n, m] = int(np.argmax(values))
                out[n, m] = max(values)
        return out

    def backward(self, grad_out):
        W = self.params["weight"]
        self.grads["weight"] = np.zeros_like(W)
        self.grads["bias"] = np.zeros_like(self.params["bias"])
        dx = np.zeros_like(self.x)
        for n in range(len(self.x)):
            for m in range(W.shape[1]):
                k = self.who[n, m]
                self.grads["weight"][k, m] += grad_out[n, m] * self.x[n]
                self.grads["bias"][k, m] += grad_out[n, m]
                dx[n] += grad_out[n, m] * W[k, m]
        return dx
"""

WRONG = (
    (
        "the slope is 1 at both sides of zero",
        "derivative-forgotten",
        RELU_SIGN,
        "return grad_out * self.ind",
        "return grad_out",
    ),
    (
        "heaviside of the gradient",
        "sign-of-gradient",
        RELU_SIGN,
        "return grad_out * self.ind",
        "return grad_out * np.heaviside(grad_out, 0)",
    ),
    ("the step itself", "ones-returned", RELU_SIGN, "return x * self.ind", "return self.ind"),
    ("negative numbers turned", "relu-absolute", RELU_LOOP, "v if on else 0 for v", "v if on else -v for v"),
    (
        "the mask is of the first forward",
        "",
        RELU_LOOP,
        "self.on = [v > 0 for v in x.ravel()]",
        "self.on = getattr(self, 'on', None) or [v > 0 for v in x.ravel()]",
    ),
    ("halving forgotten", "factor-wrong", RELU_ABS, "(x + abs(x)) / 2", "x + abs(x)"),
    ("times the output", "value-as-slope", RELU_ABS, "np.sign(self.y)", "self.y"),
    ("6 at most", "function-added", RELU_ABS, "(x + abs(x)) / 2", "np.minimum((x + abs(x)) / 2, 6)"),
    ("plain formula overflows", "warning", SIGMOID_BRANCHES, "        plus = x >= 0\n", "        plus = x == x\n"),
    (
        "clipped to 500",
        "function-added",
        SIGMOID_BRANCHES,
        "out = np.empty_like(x)",
        "x = np.clip(x, -10, 10)\n        out = np.empty_like(x)",
    ),
    (
        "derivative of the input",
        "sigmoid-derivative-of-input",
        SIGMOID_BRANCHES,
        "        self.out = out\n",
        "        self.out = x\n",
    ),
    (
        "the chain forgotten",
        "upstream-forgotten",
        SIGMOID_BRANCHES,
        "self.out * (1 - self.out) * grad_out",
        "self.out * (1 - self.out)",
    ),
    ("s times 1 - g", "", SIGMOID_BRANCHES, "self.out * (1 - self.out) * grad_out", "self.out * (1 - grad_out)"),
    ("one half of the argument lost", "another-formula", SIGMOID_TANH, "np.tanh(0.5 * x)", "np.tanh(x)"),
    ("tanh's derivative", "tanh-rule-for-sigmoid", SIGMOID_TANH, "(self.s - self.s * self.s)", "(1 - self.s * self.s)"),
    ("not shifted by 1", "function-added", SIGMOID_TANH, "0.5 * (np.tanh(0.5 * x) + 1)", "0.5 * np.tanh(0.5 * x)"),
    ("minus lost in the exponent", "sigmoid-mirrored", SIGMOID_LOGADDEXP, "np.logaddexp(0, -x)", "np.logaddexp(0, x)"),
    ("squared sigma", "another-formula", SIGMOID_LOGADDEXP, "self.f(-self.x)", "self.f(self.x)"),
    ("added", "another-formula", TANH_NUMPY, "(1 - np.square(self.t))", "(1 + np.square(self.t))"),
    ("not squared", "tanh-not-squared", TANH_NUMPY, "np.square(self.t)", "self.t"),
    ("sinh for tanh", "another-formula", TANH_EXP, "(np.sign(x) * (1 - e) / (1 + e))", "(np.sign(x) * (1 - e))"),
    ("the 2 in the exponent", "tanh-inner-two-forgotten", TANH_EXP, "np.exp(-2 * np.abs(x))", "np.exp(-np.abs(x))"),
    ("sign forgotten", "function-added", TANH_EXP, "np.sign(x) * ", ""),
    (
        "derivative of the sigmoid once",
        "tanh-chain-factor",
        TANH_LECTURE,
        "grad_out * 4 * self.sig",
        "grad_out * self.sig",
    ),
    ("factor 2 for 4", "tanh-chain-factor", TANH_LECTURE, "grad_out * 4 * self.sig", "grad_out * 2 * self.sig"),
    ("1 - y^2 with sigma for y", "tanh-of-sigma", TANH_LECTURE, "4 * self.sig * (1 - self.sig)", "(1 - self.sig ** 2)"),
    (
        "alpha on both sides",
        "leak-everywhere",
        LEAKY_SLOPES,
        "np.where(x > 0, 1, self.alpha)",
        "np.where(x > 0, self.alpha, self.alpha)",
    ),
    (
        "alpha fixed at 0.01",
        "activation-alpha-ignored",
        LEAKY_SLOPES,
        "        self.alpha = alpha",
        "        self.alpha = 0.01",
    ),
    (
        "maximum of both lines",
        "leaky-as-maximum",
        LEAKY_SLOPES,
        "return x * self.slopes",
        "return np.maximum(x, self.alpha * x).astype(x.dtype)",
    ),
    (
        "minus alpha",
        "negative-side-flipped",
        LEAKY_SLOPES,
        "np.where(x > 0, 1, self.alpha)",
        "np.where(x > 0, 1, -self.alpha)",
    ),
    (
        "alpha itself below zero",
        "slope-assigned",
        LEAKY_TWO_PARTS,
        "out[self.minus] *= self.a",
        "out[self.minus] = self.a",
    ),
    ("sides exchanged", "sides-exchanged", LEAKY_TWO_PARTS, "out[self.minus] *= self.a", "out[~self.minus] *= self.a"),
    ("mask by the gradient", "sign-of-gradient", LEAKY_TWO_PARTS, "out[self.minus] *= self.a", "out[g < 0] *= self.a"),
    (
        "the negative part with -",
        "negative-side-flipped",
        LEAKY_TWO_PARTS,
        "+ self.a * np.minimum(0, x)",
        "- self.a * np.minimum(0, x)",
    ),
    ("written into the input", "input-changed", LEAKY_RUSSIAN, "выход = x.copy()", "выход = x"),
    (
        "0 below zero in backward",
        "negative-side-cut",
        LEAKY_RUSSIAN,
        "производная[self.вход < 0] = self.наклон",
        "производная[self.вход < 0] = 0",
    ),
    ("divided by the slope", "another-formula", LEAKY_RUSSIAN, "* self.наклон", "/ self.наклон"),
    ("zeros for ones", "zeros-returned", LEAKY_RUSSIAN, "np.ones_like(self.вход)", "np.zeros_like(self.вход)"),
    ("-1 lost", "another-formula", ELU_EXPM1, "np.expm1(np.minimum(x, 0))", "np.exp(np.minimum(x, 0))"),
    (
        "alpha inside the exponent",
        "elu-alpha-in-exponent",
        ELU_EXPM1,
        "self.alpha * np.expm1(np.minimum(x, 0))",
        "np.expm1(self.alpha * np.minimum(x, 0))",
    ),
    ("slope below is alpha", "another-formula", ELU_EXPM1, "self.alpha * np.exp(np.minimum(self.x, 0))", "self.alpha"),
    (
        "slope below is the output",
        "elu-value-as-slope",
        ELU_EXPM1,
        "self.alpha * np.exp(np.minimum(self.x, 0))",
        "self.alpha * np.expm1(np.minimum(self.x, 0))",
    ),
    ("exp of the whole array", "warning", ELU_EXPM1, "np.expm1(np.minimum(x, 0))", "np.expm1(x)"),
    (
        "alpha forgotten in the slope",
        "elu-slope-without-alpha",
        ELU_INDEX,
        "flat[self.neg] * self.alpha * self.e",
        "flat[self.neg] * self.e",
    ),
    ("alpha e minus one", "elu-alpha-inside", ELU_INDEX, "self.alpha * (self.e - 1)", "self.alpha * self.e - 1"),
    ("gradient replaced", "slope-assigned", ELU_INDEX, "flat[self.neg] * self.alpha * self.e", "self.alpha * self.e"),
    ("e kept from before alpha", "another-formula", ELU_INDEX, "* self.alpha * self.e", "* (self.e - self.alpha)"),
    ("positive numbers squared with e", "sides-exchanged", ELU_INDEX, "inputs <= 0", "inputs >= 0"),
    (
        "channels on the last axis",
        "prelu-slopes-along-last-axis",
        PRELU_MOVEAXIS,
        "last = np.moveaxis(x, 1, -1)",
        "last = x",
        "return np.moveaxis(out, -1, 1).astype(x.dtype)",
        "return out.astype(x.dtype)",
    ),
    (
        "mean for sum over the batch",
        "another-formula",
        PRELU_MOVEAXIS,
        "x.shape[-1]).sum(axis=0)",
        "x.shape[-1]).mean(axis=0)",
    ),
    (
        "gradient of alpha without x",
        "another-formula",
        PRELU_MOVEAXIS,
        "np.where(x > 0, 0, g * x)",
        "np.where(x > 0, 0, g)",
    ),
    (
        "gradient of alpha over all x",
        "prelu-gradient-from-positives",
        PRELU_MOVEAXIS,
        "np.where(x > 0, 0, g * x)",
        "g * x",
    ),
    (
        "gradient of alpha without g",
        "upstream-forgotten",
        PRELU_MOVEAXIS,
        "np.where(x > 0, 0, g * x)",
        "np.where(x > 0, 0, x)",
    ),
    (
        "one number for all",
        "prelu-gradient-over-channels",
        PRELU_MOVEAXIS,
        "per_channel if len(alpha) > 1 else per_channel.sum(keepdims=True)",
        "per_channel.sum(keepdims=True)",
    ),
    (
        "first alpha for every channel",
        "prelu-first-slope-for-all",
        PRELU_LOOP,
        '[c % len(self.params["alpha"])]',
        "[0]",
    ),
    ("only the last channel is counted", "another-formula", PRELU_LOOP, "dalpha[k] += (grad", "dalpha[k] = (grad"),
    ("alpha in dx forgotten", "negative-side-cut", PRELU_LOOP, "np.where(below, alpha[k], 1)", "np.where(below, 0, 1)"),
    (
        "accumulates over backwards",
        "gradient-accumulated",
        PRELU_LOOP,
        'self.grads = {"alpha": dalpha}',
        "self.grads['alpha'] = self.grads.get('alpha', 0) + dalpha",
    ),
    (
        "alpha times the sum of x below zero",
        "another-formula",
        PRELU_LOOP,
        "(grad_out[:, c] * self.x[:, c] * below).sum()",
        "alpha[k] * (grad_out[:, c] * below).sum()",
    ),
    (
        "the bias is added after the maximum",
        "another-formula",
        MAXOUT_STACK,
        "x @ W[p].T + b[p] for p",
        "x @ W[p].T for p",
        "return z.max(axis=0).astype(x.dtype)",
        "return (z.max(axis=0) + b.max(axis=0)).astype(x.dtype)",
    ),
    (
        "every piece gets the gradient",
        "maxout-gradient-to-all-pieces",
        MAXOUT_STACK,
        "g = grad_out * (self.best == p)",
        "g = grad_out",
    ),
    (
        "winner per sample, not per output",
        "maxout-winner-of-sample",
        MAXOUT_STACK,
        "self.best = z.argmax(axis=0)",
        "self.best = z.sum(axis=2).argmax(axis=0)[:, None]",
    ),
    ("dx of the last piece", "another-formula", MAXOUT_STACK, "dx += g @ W[p]", "dx = g @ W[p]"),
    ("sum for maximum", "maxout-pieces-added", MAXOUT_STACK, "return z.max(axis=0)", "return z.sum(axis=0)"),
    (
        "dW from all samples' mean",
        "maxout-gradient-averaged",
        MAXOUT_STACK,
        "dW[p] = g.T @ self.x",
        "dW[p] = g.T @ self.x / len(self.x)",
    ),
    (
        "dW transposed",
        "another-formula",
        MAXOUT_STACK,
        "dW[p] = g.T @ self.x",
        "dW[p] = (self.x.T @ g).reshape(dW[p].shape)",
    ),
    ("bias forgotten", "maxout-bias-forgotten", MAXOUT_LOOPS, "W[k, m] @ x[n] + b[k, m]", "W[k, m] @ x[n]"),
    (
        "gradient of the bias is mean",
        "maxout-gradient-averaged",
        MAXOUT_LOOPS,
        'self.grads["bias"][k, m] += grad_out[n, m]',
        'self.grads["bias"][k, m] += grad_out[n, m] / len(self.x)',
    ),
    (
        "the winner of the absolute value",
        "another-formula",
        MAXOUT_LOOPS,
        "np.argmax(values)",
        "np.argmax(np.abs(values))",
    ),
    (
        "assigned, not added",
        "another-formula",
        MAXOUT_LOOPS,
        "[k, m] += grad_out[n, m] * self.x[n]",
        "[k, m] = grad_out[n, m] * self.x[n]",
    ),
    ("first two pieces only", "another-formula", MAXOUT_LOOPS, "for k in range(K)]", "for k in range(min(K, 2))]"),
    (
        "relu over it",
        "maxout-never-negative",
        MAXOUT_LOOPS,
        "out[n, m] = max(values)",
        "out[n, m] = max(0, max(values))",
    ),
)
