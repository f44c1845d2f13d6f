"""Wrong answers of lesson linear, written without the altered oracles at hand, after the relations."""

LIN2 = """
class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        super().__init__()
        rng = rng or np.random.default_rng()
        self.params['weight'] = rng.standard_normal((out_features, in_features)) * np.sqrt(2 / in_features)
        self.params['bias'] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        rows = [self.params['weight'] @ row + self.params['bias'] for row in x]
        return np.array(rows, dtype=x.dtype)

    def backward(self, grad_out):
        dW = np.zeros(self.params['weight'].shape)
        db = np.zeros(self.params['bias'].shape)
        dx = np.zeros_like(self.x)
        for n, g in enumerate(grad_out):
            dW += np.outer(g, self.x[n])
            db += g
            dx[n] = self.params['weight'].T @ g
        self.grads['weight'], self.grads['bias'] = dW, db
        return dx
"""
SOFT2 = """
class Softmax(Layer):
    def forward(self, x):
        shift = x - np.amax(x, axis=-1)[..., np.newaxis]
        logsum = np.log(np.exp(shift).sum(-1))[..., np.newaxis]
        self.s = np.exp(shift - logsum)
        return self.s.copy()

    def backward(self, g):
        weighted = np.sum(g * self.s, axis=-1, keepdims=True)
        return self.s * (g - weighted)
"""
LOSS2 = """
class CrossEntropyLoss:
    def forward(self, logits, labels):
        shifted = logits - logits.max(axis=1, keepdims=True)
        logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.y = np.exp(logp), labels
        return -logp[range(len(labels)), labels].mean()

    def backward(self):
        n, k = self.p.shape
        onehot = np.eye(k)[self.y]
        return ((self.p - onehot) / n).astype(self.p.dtype)
"""
GAP2 = """
class GlobalAvgPool2d(Layer):
    def forward(self, x):
        self.s = x.shape
        return np.einsum('nchw->nc', x) / (x.shape[2] * x.shape[3])

    def backward(self, g):
        h, w = self.s[2:]
        return np.broadcast_to(g[:, :, None, None] / (h * w), self.s).astype(g.dtype)
"""

WRONG = (
    ("bias added twice", "array-wrong", LIN2, "@ row + self.params['bias']", "@ row + 2 * self.params['bias']"),
    ("sum of dW assigned", "another-formula", LIN2, "dW += np.outer", "dW = np.outer"),
    ("bias gradient assigned", "another-formula", LIN2, "db += g", "db = g"),
    (
        "dx accumulates over samples",
        "",
        LIN2,
        "dx[n] = self.params['weight'].T @ g",
        "dx[n:] += self.params['weight'].T @ g",
    ),
    ("log-softmax returned", "another-formula", SOFT2, "self.s = np.exp(shift - logsum)", "self.s = shift - logsum"),
    ("weighted by mean", "another-formula", SOFT2, "np.sum(g * self.s", "np.mean(g * self.s"),
    ("s squared", "another-formula", SOFT2, "self.s * (g - weighted)", "self.s * (g - weighted) * self.s"),
    ("weighted without s outside g", "", SOFT2, "self.s * (g - weighted)", "g * (self.s - weighted)"),
    ("max of the loss", "", LOSS2, "labels].mean()", "labels].max()"),
    ("log base 2", "factor-wrong", LOSS2, "labels].mean()", "labels].mean() / np.log(2)"),
    ("onehot minus p", "sign-flipped", LOSS2, "(self.p - onehot) / n", "(onehot - self.p) / n"),
    ("p times (p - onehot)", "", LOSS2, "(self.p - onehot) / n", "self.p * (self.p - onehot) / n"),
    ("n squared", "factor-wrong", LOSS2, "(self.p - onehot) / n)", "(self.p - onehot) / n ** 2)"),
    ("w squared", "", GAP2, "(x.shape[2] * x.shape[3])", "(x.shape[3] * x.shape[3])"),
    ("sum of h and w", "", GAP2, "/ (h * w)", "/ (h + w)"),
)
