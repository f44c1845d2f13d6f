"""Wrong answers of lesson activations, written without the altered oracles at hand, after the relations."""

RELU2 = """
class ReLU(Layer):
    def forward(self, inputs):
        self.active = (inputs > 0).astype(inputs.dtype)
        return inputs * self.active

    def backward(self, d):
        return d * self.active
"""
SIG2 = """
class Sigmoid(Layer):
    def forward(self, x):
        out = np.empty_like(x)
        pos = x >= 0
        out[pos] = 1 / (1 + np.exp(-x[pos]))
        z = np.exp(x[~pos])
        out[~pos] = z / (1 + z)
        self.out = out.copy()
        return out

    def backward(self, g):
        return g * self.out * (1 - self.out)
"""
TANH2 = """
class Tanh(Layer):
    def forward(self, x):
        z = np.exp(-np.abs(2 * x))
        s = np.where(x >= 0, 1 / (1 + z), z / (1 + z))
        self.y = 2 * s - 1
        return self.y.copy()

    def backward(self, g):
        return g * (1 - self.y * self.y)
"""
LEAKY2 = """
class LeakyReLU(Layer):
    def __init__(self, alpha=0.1):
        super().__init__()
        self.a = alpha

    def forward(self, x):
        self.x = x
        y = np.array(x)
        y[x < 0] *= self.a
        return y

    def backward(self, g):
        d = np.array(g)
        d[self.x < 0] *= self.a
        return d
"""
ELU2 = """
class ELU(Layer):
    def __init__(self, alpha=1.0):
        super().__init__()
        self.a = alpha

    def forward(self, x):
        self.x = x
        self.e = np.exp(np.where(x > 0, 0, x))
        return np.where(x > 0, x, self.a * (self.e - 1)).astype(x.dtype)

    def backward(self, g):
        return (g * np.where(self.x > 0, 1, self.a * self.e)).astype(g.dtype)
"""
PRELU2 = """
class PReLU(Layer):
    def __init__(self, num_parameters=1):
        super().__init__()
        self.n = num_parameters
        self.params = {'alpha': np.ones(num_parameters) * 0.25}
        self.grads = {}

    def forward(self, x):
        self.x = x
        self.sh = [1] * x.ndim
        self.sh[1] = self.n
        self.neg = x < 0
        return np.where(self.neg, x * self.params['alpha'].reshape(self.sh), x).astype(x.dtype)

    def backward(self, g):
        t = np.where(self.neg, g * self.x, 0)
        axes = tuple(a for a in range(t.ndim) if a != 1)
        s = t.sum(axis=axes)
        self.grads['alpha'] = s if self.n > 1 else np.array([s.sum()])
        return np.where(self.neg, g * self.params['alpha'].reshape(self.sh), g).astype(g.dtype)
"""
MAXOUT2 = """
class Maxout(Layer):
    def __init__(self, in_features, out_features, pieces=2, rng=None):
        super().__init__()
        g = np.random.default_rng() if rng is None else rng
        self.params = {'weight': g.normal(0, (2 / in_features) ** .5, (pieces, out_features, in_features)),
                       'bias': np.zeros((pieces, out_features))}

    def forward(self, x):
        self.x = x
        z = np.einsum('poi,ni->npo', self.params['weight'], x) + self.params['bias']
        self.k = z.argmax(1)
        return np.take_along_axis(z, self.k[:, None], 1)[:, 0].astype(x.dtype)

    def backward(self, g):
        P = len(self.params['weight'])
        hot = (self.k[:, None] == np.arange(P)[None, :, None]) * g[:, None]
        self.grads = {'weight': np.einsum('npo,ni->poi', hot, self.x), 'bias': hot.sum(0)}
        return np.einsum('npo,poi->ni', hot, self.params['weight']).astype(self.x.dtype)
"""

WRONG = (
    ("output clipped to 1", "", RELU2, "return inputs * self.active", "return np.minimum(inputs * self.active, 1)"),
    ("half gradient", "another-formula", RELU2, "return d * self.active", "return d * (self.active + 1) / 2"),
    ("mask returned", "ones-returned", RELU2, "return inputs * self.active", "return self.active"),
    ("plus instead of times", "", RELU2, "return d * self.active", "return d + self.active"),
    (
        "natural log of two base",
        "wrong-on-one-side",
        SIG2,
        "out[pos] = 1 / (1 + np.exp(-x[pos]))",
        "out[pos] = 1 / (1 + 2.0 ** -x[pos])",
    ),
    ("squared", "another-formula", SIG2, "g * self.out * (1 - self.out)", "g * self.out * (1 - self.out ** 2)"),
    ("quarter", "", SIG2, "g * self.out * (1 - self.out)", "g * 0.25"),
    ("two minus", "function-added", TANH2, "2 * s - 1", "2 * (s - 1)"),
    ("derivative with |y|", "another-formula", TANH2, "1 - self.y * self.y", "1 - np.abs(self.y)"),
    ("product with itself plus", "another-formula", TANH2, "1 - self.y * self.y", "1 + self.y * self.y"),
    ("added alpha", "another-formula", LEAKY2, "y[x < 0] *= self.a", "y[x < 0] += self.a"),
    ("divided", "wrong-on-one-side", LEAKY2, "d[self.x < 0] *= self.a", "d[self.x < 0] /= (self.a + 1)"),
    ("positives scaled", "", LEAKY2, "y[x < 0] *= self.a", "y[x > 0] *= self.a"),
    ("squared slope", "factor-wrong", LEAKY2, "d[self.x < 0] *= self.a", "d[self.x < 0] *= self.a ** 2"),
    (
        "alpha times x on the negative side",
        "wrong-on-one-side",
        ELU2,
        "self.a * (self.e - 1)",
        "self.a * (self.e - 1) + x * 0.1",
    ),
    ("e - alpha", "another-formula", ELU2, "self.a * (self.e - 1)", "self.e - self.a"),
    ("slope minus one", "another-formula", ELU2, "1, self.a * self.e)", "1, self.a * (self.e + 1))"),
    ("sum over wrong axes", "", PRELU2, "if a != 1", "if a != 0"),
    (
        "alpha subtracts",
        "another-formula",
        PRELU2,
        "x * self.params['alpha'].reshape(self.sh), x)",
        "x - self.params['alpha'].reshape(self.sh), x)",
    ),
    (
        "alpha gradient sign",
        "prelu-gradient-sign",
        PRELU2,
        "np.where(self.neg, g * self.x, 0)",
        "np.where(self.neg, -g * self.x, 0)",
    ),
    (
        "squared x in gradient",
        "",
        PRELU2,
        "np.where(self.neg, g * self.x, 0)",
        "np.where(self.neg, g * self.x ** 2, 0)",
    ),
    ("sum of pieces", "maxout-pieces-added", MAXOUT2, "np.take_along_axis(z, self.k[:, None], 1)[:, 0]", "z.sum(1)"),
    (
        "weights gradient lacks x",
        "",
        MAXOUT2,
        "np.einsum('npo,ni->poi', hot, self.x)",
        "np.einsum('npo,ni->poi', hot, np.ones_like(self.x))",
    ),
    ("bias gradient mean", "maxout-gradient-averaged", MAXOUT2, "hot.sum(0)", "hot.mean(0)"),
)
