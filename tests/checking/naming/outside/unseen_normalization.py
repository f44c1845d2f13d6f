"""Wrong answers of lesson normalization, written without the altered oracles at hand, after the relations."""

BN2 = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params = {'gamma': np.ones(num_features), 'beta': np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.x, self.mode = x, self.training
        if self.mode:
            self.mu = np.einsum('nchw->c', x) / (x.size / x.shape[1])
            self.var = np.einsum('nchw->c', (x - self.mu[None, :, None, None]) ** 2) / (x.size / x.shape[1])
            self.running_mean[:] = self.alpha * self.running_mean + (1 - self.alpha) * self.mu
            self.running_var[:] = self.alpha * self.running_var + (1 - self.alpha) * self.var
        else:
            self.mu, self.var = self.running_mean.copy(), self.running_var.copy()
        self.sd = np.sqrt(self.var + self.eps)
        self.z = (x - self.mu[None, :, None, None]) / self.sd[None, :, None, None]
        return (self.z * self.params['gamma'][None, :, None, None] + self.params['beta'][None, :, None, None]).astype(x.dtype)

    def backward(self, g):
        m = g.size // g.shape[1]
        self.grads['gamma'] = np.einsum('nchw,nchw->c', g, self.z)
        self.grads['beta'] = np.einsum('nchw->c', g)
        dz = g * self.params['gamma'][None, :, None, None]
        sd = self.sd[None, :, None, None]
        if not self.mode:
            return (dz / sd).astype(g.dtype)
        xc = self.x - self.mu[None, :, None, None]
        dvar = (dz * xc).sum(axis=(0, 2, 3), keepdims=True) * -0.5 * sd ** -3
        dmu = -(dz / sd).sum(axis=(0, 2, 3), keepdims=True)
        return (dz / sd + dvar * 2 * xc / m + dmu / m).astype(g.dtype)
"""
LN2 = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps, self.C = eps, num_channels
        self.params['gamma'], self.params['beta'] = np.ones(num_channels), np.zeros(num_channels)

    def forward(self, x):
        N = len(x)
        flat = x.reshape(N, -1)
        self.mu = flat.mean(1, keepdims=True)
        self.sd = np.sqrt(flat.var(1, keepdims=True) + self.eps)
        self.h = ((flat - self.mu) / self.sd).reshape(x.shape)
        return (self.params['gamma'].reshape(-1, 1, 1) * self.h + self.params['beta'].reshape(-1, 1, 1)).astype(x.dtype)

    def backward(self, g):
        N = len(g)
        self.grads['gamma'] = (g * self.h).sum(axis=(0, 2, 3))
        self.grads['beta'] = g.sum(axis=(0, 2, 3))
        d = (g * self.params['gamma'].reshape(-1, 1, 1)).reshape(N, -1)
        h = self.h.reshape(N, -1)
        M = d.shape[1]
        out = (M * d - d.sum(1, keepdims=True) - h * (d * h).sum(1, keepdims=True)) / (M * self.sd)
        return out.reshape(g.shape).astype(g.dtype)
"""
GN2 = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError('not divisible')
        self.g, self.c, self.eps = num_groups, num_channels, eps
        self.params = dict(gamma=np.ones(num_channels), beta=np.zeros(num_channels))

    def forward(self, x):
        n, c, h, w = x.shape
        t = x.reshape(n * self.g, -1)
        mu, var = t.mean(axis=-1), t.var(axis=-1)
        self.std = np.sqrt(var + self.eps)[:, None]
        self.n = ((t - mu[:, None]) / self.std).reshape(x.shape)
        return (self.n * self.params['gamma'][None, :, None, None] + self.params['beta'][None, :, None, None]).astype(x.dtype)

    def backward(self, dy):
        n, c, h, w = dy.shape
        self.grads = dict(gamma=(dy * self.n).sum((0, 2, 3)), beta=dy.sum((0, 2, 3)))
        d = (dy * self.params['gamma'][None, :, None, None]).reshape(n * self.g, -1)
        z = self.n.reshape(n * self.g, -1)
        dx = (d - d.mean(-1, keepdims=True) - z * (d * z).mean(-1, keepdims=True)) / self.std
        return dx.reshape(dy.shape).astype(dy.dtype)
"""
WS2 = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        ax = (1, 2, 3)
        self.m = W.mean(axis=ax, keepdims=True)
        self.sd = np.sqrt(((W - self.m) ** 2).mean(axis=ax, keepdims=True) + self.eps)
        self.u = (W - self.m) / self.sd
        return self.u.astype(W.dtype)

    def backward(self, g):
        ax = (1, 2, 3)
        inner = g - g.mean(axis=ax, keepdims=True) - self.u * (g * self.u).mean(axis=ax, keepdims=True)
        return (inner / self.sd).astype(g.dtype)
"""

WRONG = (
    (
        "var without centring at update",
        "variance-around-zero",
        BN2,
        "self.running_var + (1 - self.alpha) * self.var",
        "self.running_var + (1 - self.alpha) * (self.var + self.mu ** 2)",
    ),
    ("0.5 lost", "another-formula", BN2, "* -0.5 *", "* -1 *"),
    ("power -2", "another-formula", BN2, "sd ** -3", "sd ** -2"),
    ("dmu positive", "sign-of-path", BN2, "dmu = -(dz", "dmu = (dz"),
    ("dmu undivided", "not-divided-by-n", BN2, "dmu / m)", "dmu)"),
    ("xc replaced by x", "", BN2, "dvar * 2 * xc / m", "dvar * 2 * self.x / m"),
    (
        "beta times gamma",
        "shift-before-scale",
        BN2,
        "+ self.params['beta'][None, :, None, None]",
        "+ self.params['beta'][None, :, None, None] * self.params['gamma'][None, :, None, None]",
    ),
    (
        "std of the flat with ddof",
        "unbiased-variance",
        LN2,
        "flat.var(1, keepdims=True)",
        "flat.var(1, keepdims=True, ddof=1)",
    ),
    ("median centring", "", LN2, "flat.mean(1, keepdims=True)", "np.median(flat, axis=1, keepdims=True)"),
    (
        "abs deviation",
        "",
        LN2,
        "np.sqrt(flat.var(1, keepdims=True) + self.eps)",
        "np.abs(flat - self.mu).mean(1, keepdims=True) + self.eps",
    ),
    ("gamma lost in the second sum", "another-formula", LN2, "h * (d * h).sum", "h * (g.reshape(N, -1) * h).sum"),
    (
        "beta gradient of d",
        "array-wrong",
        LN2,
        "self.grads['beta'] = g.sum(axis=(0, 2, 3))",
        "self.grads['beta'] = (g * self.params['gamma'].reshape(-1, 1, 1)).sum(axis=(0, 2, 3))",
    ),
    (
        "groups over the batch",
        "",
        GN2,
        "t = x.reshape(n * self.g, -1)\n        mu, var = t.mean(axis=-1), t.var(axis=-1)",
        "t = x.reshape(n * self.g, -1)\n        mu, var = t.mean(axis=-1), np.full(n * self.g, t.var())",
    ),
    (
        "max instead of std",
        "",
        GN2,
        "self.std = np.sqrt(var + self.eps)[:, None]",
        "self.std = np.abs(t - mu[:, None]).max(axis=-1, keepdims=True) + self.eps",
    ),
    ("gamma sum of n", "another-formula", GN2, "gamma=(dy * self.n).sum((0, 2, 3))", "gamma=self.n.sum((0, 2, 3))"),
    ("z subtracted once", "", GN2, "- z * (d * z).mean(-1, keepdims=True)", "- z"),
    ("std forgotten", "another-formula", WS2, "self.u = (W - self.m) / self.sd", "self.u = (W - self.m)"),
    ("gradient minus w", "another-formula", WS2, "- self.u * (g * self.u)", "- (g * self.u)"),
    ("no division in backward", "", WS2, "return (inner / self.sd)", "return (inner * self.sd)"),
)
