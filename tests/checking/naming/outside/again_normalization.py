"""Wrong answers of lesson normalization, written without the altered oracles at hand."""

BN = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.C, self.alpha, self.eps = num_features, alpha, eps
        self.params['gamma'] = np.ones(num_features)
        self.params['beta'] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        N, C, H, W = x.shape
        self.shape, self.mode, self.dtype = x.shape, self.training, x.dtype
        flat = x.transpose(1, 0, 2, 3).reshape(C, -1)
        if self.training:
            mu = flat.mean(axis=1)
            var = ((flat - mu[:, None]) ** 2).mean(axis=1)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        self.istd = 1 / np.sqrt(var + self.eps)
        self.xhat = (flat - mu[:, None]) * self.istd[:, None]
        y = self.params['gamma'][:, None] * self.xhat + self.params['beta'][:, None]
        return y.reshape(C, N, H, W).transpose(1, 0, 2, 3).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = self.shape
        g = grad_out.transpose(1, 0, 2, 3).reshape(C, -1)
        m = g.shape[1]
        dgamma = (g * self.xhat).sum(axis=1)
        dbeta = g.sum(axis=1)
        self.grads = {'gamma': dgamma, 'beta': dbeta}
        k = (self.params['gamma'] * self.istd)[:, None]
        if self.mode:
            dx = k / m * (m * g - dbeta[:, None] - self.xhat * dgamma[:, None])
        else:
            dx = k * g
        return dx.reshape(C, N, H, W).transpose(1, 0, 2, 3).astype(self.dtype)
"""
LN = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {'gamma': np.ones(num_channels), 'beta': np.zeros(num_channels)}

    def forward(self, x):
        axes = (1, 2, 3)
        mean = np.mean(x, axes, keepdims=True)
        centred = x - mean
        self.std = np.sqrt(np.mean(centred ** 2, axes, keepdims=True) + self.eps)
        self.norm = centred / self.std
        gamma = self.params['gamma'].reshape(1, -1, 1, 1)
        beta = self.params['beta'].reshape(1, -1, 1, 1)
        return (self.norm * gamma + beta).astype(x.dtype)

    def backward(self, grad_out):
        axes = (1, 2, 3)
        self.grads['gamma'] = np.einsum('nchw,nchw->c', grad_out, self.norm)
        self.grads['beta'] = np.einsum('nchw->c', grad_out)
        g = grad_out * self.params['gamma'].reshape(1, -1, 1, 1)
        a = g.mean(axes, keepdims=True)
        b = (g * self.norm).mean(axes, keepdims=True)
        return ((g - a - self.norm * b) / self.std).astype(grad_out.dtype)
"""
IN = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params['gamma'] = np.ones(num_channels)
        self.params['beta'] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        self.xhat = np.zeros(x.shape)
        self.sigma = np.zeros((N, C))
        out = np.zeros_like(x)
        for n in range(N):
            for c in range(C):
                img = x[n, c]
                mu, var = img.mean(), img.var()
                self.sigma[n, c] = np.sqrt(var + self.eps)
                self.xhat[n, c] = (img - mu) / self.sigma[n, c]
                out[n, c] = self.xhat[n, c] * self.params['gamma'][c] + self.params['beta'][c]
        return out

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        dx = np.zeros_like(grad_out)
        dgamma, dbeta = np.zeros(C), np.zeros(C)
        for n in range(N):
            for c in range(C):
                g, xh = grad_out[n, c], self.xhat[n, c]
                dgamma[c] += (g * xh).sum()
                dbeta[c] += g.sum()
                d = g * self.params['gamma'][c]
                dx[n, c] = (d - d.mean() - xh * (d * xh).mean()) / self.sigma[n, c]
        self.grads['gamma'], self.grads['beta'] = dgamma, dbeta
        return dx
"""
GN = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError('channels must be divisible by groups')
        self.G, self.C, self.eps = num_groups, num_channels, eps
        self.params = {'gamma': np.ones(num_channels), 'beta': np.zeros(num_channels)}

    def forward(self, x):
        N, C, H, W = x.shape
        z = x.reshape(N, self.G, C // self.G, H, W)
        mean = z.mean(axis=(2, 3, 4), keepdims=True)
        var = z.var(axis=(2, 3, 4), keepdims=True)
        self.inv = (var + self.eps) ** -0.5
        self.hat = ((z - mean) * self.inv).reshape(x.shape)
        out = self.hat * self.params['gamma'][:, None, None] + self.params['beta'][:, None, None]
        return out.astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        self.grads['gamma'] = (grad_out * self.hat).sum(axis=(0, 2, 3))
        self.grads['beta'] = grad_out.sum(axis=(0, 2, 3))
        d = (grad_out * self.params['gamma'][:, None, None]).reshape(N, self.G, -1)
        h = self.hat.reshape(N, self.G, -1)
        m = d.shape[2]
        dx = d - d.sum(2, keepdims=True) / m - h * (d * h).sum(2, keepdims=True) / m
        dx = dx * self.inv.reshape(N, self.G, 1)
        return dx.reshape(grad_out.shape).astype(grad_out.dtype)
"""
WS = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        K = W.shape[0]
        rows = W.reshape(K, -1)
        centred = rows - rows.mean(1)[:, None]
        self.s = np.sqrt((centred ** 2).mean(1) + self.eps)[:, None]
        self.h = centred / self.s
        return self.h.reshape(W.shape).astype(W.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(len(grad_out), -1)
        n = g.shape[1]
        dW = (n * g - g.sum(1)[:, None] - self.h * (g * self.h).sum(1)[:, None]) / (n * self.s)
        return dW.reshape(grad_out.shape).astype(grad_out.dtype)
"""

WRONG = (
    (
        "biased with m-1 in running only",
        "unbiased-running-variance",
        BN,
        "(1 - self.alpha) * var",
        "(1 - self.alpha) * var * flat.shape[1] / (flat.shape[1] - 1)",
    ),
    (
        "momentum swapped",
        "momentum-swapped",
        BN,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "(1 - self.alpha) * self.running_mean + self.alpha * mu",
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "(1 - self.alpha) * self.running_var + self.alpha * var",
    ),
    ("eps outside", "eps-outside-root", BN, "1 / np.sqrt(var + self.eps)", "1 / (np.sqrt(var) + self.eps)"),
    (
        "reshape instead of transpose",
        "another-formula",
        BN,
        "x.transpose(1, 0, 2, 3).reshape(C, -1)",
        "x.reshape(C, -1)",
    ),
    (
        "gamma forgotten in backward",
        "gamma-not-in-gradient",
        BN,
        "k = (self.params['gamma'] * self.istd)[:, None]",
        "k = self.istd[:, None]",
    ),
    ("dbeta mean", "another-formula", BN, "dbeta = g.sum(axis=1)", "dbeta = g.mean(axis=1)"),
    ("xhat term sign", "sign-of-path", BN, "- self.xhat * dgamma[:, None]", "+ self.xhat * dgamma[:, None]"),
    ("last term lost", "no-path-through-variance", BN, " - self.xhat * dgamma[:, None]", ""),
    ("m forgotten before g", "another-formula", BN, "(m * g - dbeta", "(g - dbeta"),
    (
        "test backward as in training",
        "training-gradient-at-test",
        BN,
        "if self.mode:\n            dx",
        "if True:\n            dx",
    ),
    (
        "square not centred",
        "variance-around-zero",
        BN,
        "((flat - mu[:, None]) ** 2).mean(axis=1)",
        "(flat ** 2).mean(axis=1)",
    ),
    ("std in the running variance", "running-std", BN, "(1 - self.alpha) * var", "(1 - self.alpha) * np.sqrt(var)"),
    (
        "beta added before gamma",
        "shift-before-scale",
        BN,
        "self.params['gamma'][:, None] * self.xhat + self.params['beta'][:, None]",
        "self.params['gamma'][:, None] * (self.xhat + self.params['beta'][:, None])",
    ),
    (
        "axes of statistics without channel",
        "each-map-alone",
        LN,
        "axes = (1, 2, 3)\n        mean",
        "axes = (2, 3)\n        mean",
    ),
    (
        "gradient's axes without channel",
        "another-formula",
        LN,
        "axes = (1, 2, 3)\n        self.grads",
        "axes = (2, 3)\n        self.grads",
    ),
    (
        "gamma after the means",
        "gamma-not-in-gradient",
        LN,
        "g = grad_out * self.params['gamma'].reshape(1, -1, 1, 1)",
        "g = grad_out",
    ),
    ("divided by variance", "divided-by-variance", LN, "centred / self.std", "centred / self.std ** 2"),
    ("first mean lost", "no-path-through-mean", LN, "g - a - self.norm", "g - self.norm"),
    ("dgamma by x", "gamma-grad-without-xhat", LN, "grad_out, self.norm)", "grad_out, self.norm * self.std)"),
    ("ddof", "unbiased-variance", IN, "img.var()", "img.var(ddof=1)"),
    (
        "gamma index by n",
        "another-formula",
        IN,
        "self.params['gamma'][c] + self.params['beta'][c]",
        "self.params['gamma'][n % C] + self.params['beta'][n % C]",
    ),
    ("dgamma assigned", "another-formula", IN, "dgamma[c] += (g * xh).sum()", "dgamma[c] = (g * xh).sum()"),
    ("sigma forgotten in backward", "another-formula", IN, ".mean()) / self.sigma[n, c]", ".mean())"),
    ("sum for mean", "sums-not-averaged", IN, "xh * (d * xh).mean()", "xh * (d * xh).sum()"),
    ("eps forgotten", "eps-forgotten", IN, "var + self.eps", "var"),
    (
        "interleaved groups",
        "",
        GN,
        "x.reshape(N, self.G, C // self.G, H, W)",
        "x.reshape(N, C // self.G, self.G, H, W).swapaxes(1, 2)",
    ),
    (
        "groups and their size exchanged",
        "group-size-confused",
        GN,
        "self.G, self.C, self.eps = num_groups,",
        "self.G, self.C, self.eps = num_channels // num_groups,",
    ),
    (
        "mean only over H, W",
        "",
        GN,
        "mean = z.mean(axis=(2, 3, 4), keepdims=True)",
        "mean = z.mean(axis=(3, 4), keepdims=True)",
    ),
    ("count of HW only", "divisor-map-only", GN, "m = d.shape[2]", "m = H * W"),
    ("h term without h", "another-formula", GN, "- h * (d * h)", "- (d * h)"),
    (
        "inv squared",
        "another-formula",
        GN,
        "dx = dx * self.inv.reshape(N, self.G, 1)",
        "dx = dx * self.inv.reshape(N, self.G, 1) ** 2",
    ),
    ("over all filters", "another-formula", WS, "rows.mean(1)[:, None]", "rows.mean()"),
    ("no centring", "mean-not-subtracted", WS, "self.h = centred", "self.h = rows"),
    ("unbiased", "unbiased-variance", WS, "(centred ** 2).mean(1)", "(centred ** 2).sum(1) / (rows.shape[1] - 1)"),
    (
        "straight gradient",
        "statistics-as-constants",
        WS,
        "dW = (n * g - g.sum(1)[:, None] - self.h * (g * self.h).sum(1)[:, None]) / (n * self.s)",
        "dW = g / self.s",
    ),
    ("n lost", "factor-wrong", WS, "/ (n * self.s)", "/ self.s"),
)
