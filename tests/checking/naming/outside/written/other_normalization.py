"""Wrong normalizations: computational graphs step by step, flattened axes, loops over channels, closed formulas."""

BN_GRAPH = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.alpha, self.eps = alpha, eps

    def flat(self, a):
        return a.transpose(0, 2, 3, 1).reshape(-1, a.shape[1])

    def unflat(self, a, shape):
        N, C, H, W = shape
        return a.reshape(N, H, W, C).transpose(0, 3, 1, 2)

    def forward(self, x):
        v = self.flat(x).astype(np.float64)
        gamma, beta = self.params["gamma"], self.params["beta"]
        self.mode = self.training
        if self.training:
            mu = v.mean(axis=0)
            xmu = v - mu
            var = (xmu ** 2).mean(axis=0)
            sqrtvar = np.sqrt(var + self.eps)
            ivar = 1 / sqrtvar
            xhat = xmu * ivar
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
            self.cache = xhat, xmu, ivar, sqrtvar
        else:
            ivar = 1 / np.sqrt(self.running_var + self.eps)
            xhat = (v - self.running_mean) * ivar
            self.cache = xhat, None, ivar, None
        return self.unflat(xhat * gamma + beta, x.shape).astype(x.dtype)

    def backward(self, grad_out):
        dout = self.flat(grad_out).astype(np.float64)
        gamma = self.params["gamma"]
        xhat, xmu, ivar, sqrtvar = self.cache
        self.grads["beta"] = dout.sum(axis=0)
        self.grads["gamma"] = (dout * xhat).sum(axis=0)
        dxhat = dout * gamma
        if not self.mode:
            return self.unflat(dxhat * ivar, grad_out.shape).astype(grad_out.dtype)
        M = len(dout)
        divar = (dxhat * xmu).sum(axis=0)
        dxmu1 = dxhat * ivar
        dsqrtvar = -divar / sqrtvar ** 2
        dvar = 0.5 * dsqrtvar / sqrtvar
        dsq = np.ones_like(dout) * dvar / M
        dxmu2 = 2 * xmu * dsq
        dx1 = dxmu1 + dxmu2
        dmu = -dx1.sum(axis=0)
        dx2 = np.ones_like(dout) * dmu / M
        return self.unflat(dx1 + dx2, grad_out.shape).astype(grad_out.dtype)
"""

BN_CHANNELS = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.momentum = alpha
        self.eps = eps

    def forward(self, x):
        self.train_pass = self.training
        y = np.empty_like(x)
        self.x_hat = np.empty(x.shape)
        self.std = np.empty(x.shape[1])
        for c in range(x.shape[1]):
            xc = x[:, c].astype(float)
            if self.training:
                m, v = np.mean(xc), np.var(xc)
                self.running_mean[c] = self.momentum * self.running_mean[c] + (1 - self.momentum) * m
                self.running_var[c] = self.momentum * self.running_var[c] + (1 - self.momentum) * v
            else:
                m, v = self.running_mean[c], self.running_var[c]
            self.std[c] = np.sqrt(v + self.eps)
            self.x_hat[:, c] = (xc - m) / self.std[c]
            y[:, c] = self.params["gamma"][c] * self.x_hat[:, c] + self.params["beta"][c]
        return y

    def backward(self, grad_out):
        dx = np.empty_like(grad_out)
        self.grads = {"gamma": np.empty(len(self.std)), "beta": np.empty(len(self.std))}
        for c in range(grad_out.shape[1]):
            g = grad_out[:, c].astype(float)
            xh = self.x_hat[:, c]
            self.grads["gamma"][c] = np.sum(g * xh)
            self.grads["beta"][c] = np.sum(g)
            scale = self.params["gamma"][c] / self.std[c]
            if self.train_pass:
                dx[:, c] = scale * (g - g.mean() - xh * (g * xh).mean())
            else:
                dx[:, c] = scale * g
        return dx
"""

BN_TORCHY = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.params["gamma"], self.params["beta"] = np.ones(num_features), np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.momentum = 1 - alpha
        self.eps = eps

    def forward(self, x):
        self.fresh = self.training
        if self.training:
            mean = x.mean(axis=(0, 2, 3))
            var = x.var(axis=(0, 2, 3))
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        self.inv = (1 / np.sqrt(var + self.eps))[None, :, None, None]
        self.xhat = (x - mean[None, :, None, None]) * self.inv
        g, b = self.params["gamma"][None, :, None, None], self.params["beta"][None, :, None, None]
        return (g * self.xhat + b).astype(x.dtype)

    def backward(self, grad):
        axes = (0, 2, 3)
        M = grad.size // grad.shape[1]
        dbeta = grad.sum(axes)
        dgamma = (grad * self.xhat).sum(axes)
        self.grads = {"gamma": dgamma, "beta": dbeta}
        k = self.params["gamma"][None, :, None, None] * self.inv
        if not self.fresh:
            return (k * grad).astype(grad.dtype)
        db, dg = dbeta[None, :, None, None], dgamma[None, :, None, None]
        return (k / M * (M * grad - db - self.xhat * dg)).astype(grad.dtype)
"""

LN_ROWS = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)
        self.eps = eps

    def forward(self, x):
        rows = x.reshape(len(x), -1).astype(np.float64)
        mu = rows.mean(axis=1, keepdims=True)
        self.sigma = np.sqrt(rows.var(axis=1, keepdims=True) + self.eps)
        self.xn = ((rows - mu) / self.sigma).reshape(x.shape)
        g = self.params["gamma"][:, None, None]
        b = self.params["beta"][:, None, None]
        return (g * self.xn + b).astype(x.dtype)

    def backward(self, dout):
        self.grads["gamma"] = (dout * self.xn).sum((0, 2, 3))
        self.grads["beta"] = dout.sum((0, 2, 3))
        d = (dout * self.params["gamma"][:, None, None]).reshape(len(dout), -1)
        xn = self.xn.reshape(len(dout), -1)
        D = d.shape[1]
        dx = (d - d.sum(1, keepdims=True) / D - xn * (d * xn).sum(1, keepdims=True) / D) / self.sigma
        return dx.reshape(dout.shape).astype(dout.dtype)
"""

LN_SAMPLES = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)
        self.eps = eps

    def forward(self, x):
        gamma = self.params["gamma"].reshape(-1, 1, 1)
        beta = self.params["beta"].reshape(-1, 1, 1)
        self.saved = []
        out = []
        for sample in x:
            s = sample.astype(float)
            centered = s - s.mean()
            inv_std = (np.mean(centered**2) + self.eps) ** -0.5
            self.saved.append((centered, inv_std))
            out.append(gamma * centered * inv_std + beta)
        return np.array(out, dtype=x.dtype)

    def backward(self, grad_out):
        gamma = self.params["gamma"].reshape(-1, 1, 1)
        dgamma = np.zeros(len(gamma))
        dbeta = np.zeros(len(gamma))
        dx = []
        for g, (centered, inv_std) in zip(grad_out, self.saved):
            dbeta += g.sum(axis=(1, 2))
            dgamma += (g * centered * inv_std).sum(axis=(1, 2))
            dn = g * gamma
            m = centered.size
            dvar = -0.5 * (dn * centered).sum() * inv_std**3
            dmean = -(dn * inv_std).sum()
            dx.append(dn * inv_std + dvar * 2 * centered / m + dmean / m)
        self.grads = {"gamma": dgamma, "beta": dbeta}
        return np.array(dx, dtype=grad_out.dtype)
"""

IN_EINSUM = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)
        self.eps = eps

    def forward(self, x):
        HW = x.shape[2] * x.shape[3]
        mean = np.einsum("nchw->nc", x.astype(float)) / HW
        d = x - mean[:, :, None, None]
        var = np.einsum("nchw,nchw->nc", d, d) / HW
        self.inv = 1 / np.sqrt(var + self.eps)
        self.n = d * self.inv[:, :, None, None]
        y = np.einsum("c,nchw->nchw", self.params["gamma"], self.n) + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

    def backward(self, grad):
        HW = grad.shape[2] * grad.shape[3]
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad, self.n)
        self.grads["beta"] = np.einsum("nchw->c", grad)
        a = np.einsum("nchw->nc", grad) / HW
        b = np.einsum("nchw,nchw->nc", grad, self.n) / HW
        inside = grad - a[:, :, None, None] - self.n * b[:, :, None, None]
        return (inside * (self.params["gamma"] * self.inv)[:, :, None, None]).astype(grad.dtype)
"""

IN_LOOPS = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.params.update(gamma=np.ones(num_channels), beta=np.zeros(num_channels))
        self.eps = eps

    def forward(self, x):
        out = np.zeros_like(x)
        self.norm = np.zeros(x.shape)
        self.root = np.zeros(x.shape[:2])
        for t in range(x.shape[0]):
            for m in range(x.shape[1]):
                z = x[t, m].astype(float)
                self.root[t, m] = np.sqrt(z.var() + self.eps)
                self.norm[t, m] = (z - z.mean()) / self.root[t, m]
                out[t, m] = self.norm[t, m] * self.params["gamma"][m] + self.params["beta"][m]
        return out

    def backward(self, g):
        dx = np.zeros_like(g)
        dgamma = np.zeros(g.shape[1])
        dbeta = np.zeros(g.shape[1])
        for t in range(g.shape[0]):
            for m in range(g.shape[1]):
                z = self.norm[t, m]
                dgamma[m] += (g[t, m] * z).sum()
                dbeta[m] += g[t, m].sum()
                d = g[t, m] * self.params["gamma"][m]
                dx[t, m] = (d - d.mean() - z * (d * z).mean()) / self.root[t, m]
        self.grads["gamma"], self.grads["beta"] = dgamma, dbeta
        return dx
"""

GN_FIVE = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError("channels must be divisible by groups")
        self.G, self.eps = num_groups, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        xg = x.reshape(N, self.G, C // self.G, H, W).astype(np.float64)
        mean = xg.mean(axis=(2, 3, 4), keepdims=True)
        var = xg.var(axis=(2, 3, 4), keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.xhat = ((xg - mean) / self.std).reshape(N, C, H, W)
        return (self.xhat * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, dout):
        N, C, H, W = dout.shape
        self.grads["beta"] = dout.sum(axis=(0, 2, 3))
        self.grads["gamma"] = (dout * self.xhat).sum(axis=(0, 2, 3))
        group = (N, self.G, C // self.G, H, W)
        dxhat = (dout * self.params["gamma"][:, None, None]).reshape(group)
        xhat = self.xhat.reshape(group)
        M = C // self.G * H * W
        s1 = dxhat.sum(axis=(2, 3, 4), keepdims=True)
        s2 = (dxhat * xhat).sum(axis=(2, 3, 4), keepdims=True)
        dx = (M * dxhat - s1 - xhat * s2) / (M * self.std)
        return dx.reshape(dout.shape).astype(dout.dtype)
"""

GN_ROWS = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f"{num_channels} % {num_groups} != 0")
        self.groups = num_groups
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        self.shape = x.shape
        size = len(x) * self.groups
        rows = x.reshape(size, -1).astype(float).T
        mu = rows.mean(axis=0)
        xmu = rows - mu
        var = (xmu**2).mean(axis=0)
        self.ivar = 1 / np.sqrt(var + self.eps)
        self.xmu = xmu
        xhat = (xmu * self.ivar).T.reshape(x.shape)
        self.xhat = xhat
        gamma = self.params["gamma"][np.newaxis, :, np.newaxis, np.newaxis]
        beta = self.params["beta"][np.newaxis, :, np.newaxis, np.newaxis]
        return (gamma * xhat + beta).astype(x.dtype)

    def backward(self, grad_out):
        size = self.shape[0] * self.groups
        self.grads = {
            "gamma": np.sum(grad_out * self.xhat, axis=(0, 2, 3)),
            "beta": np.sum(grad_out, axis=(0, 2, 3)),
        }
        gamma = self.params["gamma"][np.newaxis, :, np.newaxis, np.newaxis]
        d = (grad_out * gamma).reshape(size, -1).T
        M = d.shape[0]
        dvar = np.sum(d * self.xmu, axis=0) * -0.5 * self.ivar**3
        dmu = np.sum(-d * self.ivar, axis=0)
        dx = d * self.ivar + dvar * 2 * self.xmu / M + dmu / M
        return dx.T.reshape(self.shape).astype(grad_out.dtype)
"""

WS_ROWS = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, weight):
        flat = weight.reshape(weight.shape[0], -1).astype(float)
        centred = flat - flat.mean(axis=1, keepdims=True)
        self.s = np.sqrt((centred**2).mean(axis=1, keepdims=True) + self.eps)
        self.w_hat = centred / self.s
        return self.w_hat.reshape(weight.shape).astype(weight.dtype)

    def backward(self, grad):
        g = grad.reshape(grad.shape[0], -1)
        mean_g = g.mean(axis=1, keepdims=True)
        mean_gw = (g * self.w_hat).mean(axis=1, keepdims=True)
        out = (g - mean_g - self.w_hat * mean_gw) / self.s
        return out.reshape(grad.shape).astype(grad.dtype)
"""

WS_FILTERS = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        self.фильтры = []
        ответ = []
        for фильтр in W:
            ф = фильтр.astype(float)
            корень = math.sqrt(ф.var() + self.eps)
            норм = (ф - ф.mean()) / корень
            self.фильтры.append((норм, корень))
            ответ.append(норм)
        return np.stack(ответ).astype(W.dtype)

    def backward(self, grad):
        ответ = []
        for g, (норм, корень) in zip(grad, self.фильтры):
            g = g.astype(float)
            ответ.append((g - g.mean() - норм * np.mean(g * норм)) / корень)
        return np.stack(ответ).astype(grad.dtype)
"""

COUNT = """
def batchnorm_parameter_count(num_layers, num_maps):
    gamma = beta = running_mean = running_var = num_maps
    return num_layers * (gamma + beta + running_mean + running_var)
"""

COUNT_SUM = """
def batchnorm_parameter_count(num_layers, num_maps):
    total = 0
    for _ in range(num_layers):
        total += 4 * num_maps
    return total
"""

WRONG = (
    (
        "the order of axes lost on the way back",
        "axes-exchanged",
        BN_GRAPH,
        "a.reshape(N, H, W, C).transpose(0, 3, 1, 2)",
        "a.reshape(N, C, H, W)",
    ),
    (
        "flattened without transposing",
        "channels-mixed",
        BN_GRAPH,
        "a.transpose(0, 2, 3, 1).reshape(-1, a.shape[1])",
        "a.reshape(-1, a.shape[1])",
        "a.reshape(N, H, W, C).transpose(0, 3, 1, 2)",
        "a.reshape(N, C, H, W)",
    ),
    (
        "eps outside the root",
        "eps-outside-root",
        BN_GRAPH,
        "sqrtvar = np.sqrt(var + self.eps)",
        "sqrtvar = np.sqrt(var) + self.eps",
    ),
    ("divided by the variance", "divided-by-variance", BN_GRAPH, "ivar = 1 / sqrtvar", "ivar = 1 / (var + self.eps)"),
    (
        "alpha on the wrong side",
        "momentum-swapped",
        BN_GRAPH,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "(1 - self.alpha) * self.running_mean + self.alpha * mu",
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "(1 - self.alpha) * self.running_var + self.alpha * var",
    ),
    (
        "running variance unbiased",
        "unbiased-running-variance",
        BN_GRAPH,
        "(1 - self.alpha) * var",
        "(1 - self.alpha) * var * len(v) / max(len(v) - 1, 1)",
    ),
    ("running std", "running-std", BN_GRAPH, "(1 - self.alpha) * var", "(1 - self.alpha) * sqrtvar"),
    (
        "test without the root",
        "divided-by-variance",
        BN_GRAPH,
        "ivar = 1 / np.sqrt(self.running_var + self.eps)",
        "ivar = 1 / (self.running_var + self.eps)",
    ),
    (
        "test by the batch",
        "batch-statistics-at-test",
        BN_GRAPH,
        "xhat = (v - self.running_mean) * ivar",
        "xhat = (v - v.mean(axis=0)) / np.sqrt(v.var(axis=0) + self.eps)",
    ),
    (
        "dgamma of x minus mean",
        "another-formula",
        BN_GRAPH,
        "(dout * xhat).sum(axis=0)",
        "(dout * (xhat if xmu is None else xmu)).sum(axis=0)",
    ),
    ("mean path left out", "no-path-through-mean", BN_GRAPH, "self.unflat(dx1 + dx2,", "self.unflat(dx1,"),
    ("variance path left out", "no-path-through-variance", BN_GRAPH, "dx1 = dxmu1 + dxmu2", "dx1 = dxmu1"),
    ("both paths left out", "statistics-as-constants", BN_GRAPH, "self.unflat(dx1 + dx2,", "self.unflat(dxmu1,"),
    ("dvar without one half", "another-formula", BN_GRAPH, "dvar = 0.5 * dsqrtvar", "dvar = dsqrtvar"),
    ("minus lost in the derivative of 1 / root", "sign-of-path", BN_GRAPH, "dsqrtvar = -divar", "dsqrtvar = divar"),
    ("root not squared", "another-formula", BN_GRAPH, "-divar / sqrtvar ** 2", "-divar / sqrtvar"),
    ("not divided by M", "not-divided-by-n", BN_GRAPH, "dmu / M", "dmu"),
    ("M is the batch", "divided-by-wrong-n", BN_GRAPH, "M = len(dout)", "M = grad_out.shape[0]"),
    ("sign of dmu", "sign-of-path", BN_GRAPH, "dmu = -dx1", "dmu = dx1"),
    ("gamma left out of dx", "gamma-not-in-gradient", BN_GRAPH, "dxhat = dout * gamma", "dxhat = dout"),
    (
        "running statistics at test in train formula",
        "wrong-after-eval",
        BN_GRAPH,
        "        if not self.mode:\n            return self.unflat(dxhat * ivar, grad_out.shape).astype(grad_out.dtype)\n",
        "        if not self.mode:\n            return self.unflat(dout * ivar, grad_out.shape).astype(grad_out.dtype)\n",
    ),
    (
        "no running update",
        "running-never-updated",
        BN_CHANNELS,
        "                self.running_mean[c] = self.momentum * self.running_mean[c] + (1 - self.momentum) * m\n",
        "",
    ),
    (
        "statistics of each sample",
        "statistics-per-sample",
        BN_CHANNELS,
        "m, v = np.mean(xc), np.var(xc)",
        "m, v = xc.mean(axis=(1, 2), keepdims=True), xc.var(axis=(1, 2), keepdims=True)",
        "(1 - self.momentum) * m",
        "(1 - self.momentum) * m.mean()",
        "(1 - self.momentum) * v",
        "(1 - self.momentum) * v.mean()",
        "self.std[c] = np.sqrt(v + self.eps)",
        "self.std[c] = np.sqrt(v + self.eps).mean()",
        "(xc - m) / self.std[c]",
        "(xc - m) / np.sqrt(v + self.eps)",
    ),
    ("ddof of one", "unbiased-variance", BN_CHANNELS, "np.var(xc)", "np.var(xc, ddof=1)"),
    (
        "beta first, then gamma",
        "shift-before-scale",
        BN_CHANNELS,
        'self.params["gamma"][c] * self.x_hat[:, c] + self.params["beta"][c]',
        'self.params["gamma"][c] * (self.x_hat[:, c] + self.params["beta"][c])',
    ),
    (
        "gamma and beta exchanged",
        "affine-exchanged",
        BN_CHANNELS,
        'self.params["gamma"][c] * self.x_hat[:, c] + self.params["beta"][c]',
        'self.params["beta"][c] * self.x_hat[:, c] + self.params["gamma"][c]',
    ),
    ("mean of g only", "no-path-through-variance", BN_CHANNELS, "g - g.mean() - xh * (g * xh).mean()", "g - g.mean()"),
    ("second mean without g", "no-path-through-variance", BN_CHANNELS, "xh * (g * xh).mean()", "xh * xh.mean()"),
    (
        "sum for mean in dx",
        "not-divided-by-n",
        BN_CHANNELS,
        "g - g.mean() - xh * (g * xh).mean()",
        "g - g.sum() - xh * (g * xh).sum()",
    ),
    ("gamma's gradients averaged", "parameter-gradients-averaged", BN_CHANNELS, "np.sum(g * xh)", "np.mean(g * xh)"),
    (
        "the grads change places",
        "gamma-and-beta-confused",
        BN_CHANNELS,
        'self.grads["gamma"][c] = np.sum(g * xh)\n            self.grads["beta"][c] = np.sum(g)',
        'self.grads["beta"][c] = np.sum(g * xh)\n            self.grads["gamma"][c] = np.sum(g)',
    ),
    (
        "test updates too",
        "updated-at-test",
        BN_CHANNELS,
        "                m, v = self.running_mean[c], self.running_var[c]",
        "                m, v = self.running_mean[c], self.running_var[c]\n                self.running_mean[c] = self.momentum * self.running_mean[c] + (1 - self.momentum) * xc.mean()",
    ),
    ("test pass takes the full gradient", "training-gradient-at-test", BN_CHANNELS, "if self.train_pass:", "if True:"),
    (
        "axes without height",
        "another-formula",
        BN_TORCHY,
        "mean = x.mean(axis=(0, 2, 3))\n            var = x.var(axis=(0, 2, 3))",
        "mean = x.mean(axis=(2, 3)).mean(axis=0)\n            var = x.var(axis=(2, 3)).mean(axis=0)",
    ),
    ("momentum as alpha", "momentum-swapped", BN_TORCHY, "self.momentum = 1 - alpha", "self.momentum = alpha"),
    (
        "running variance from the running mean",
        "",
        BN_TORCHY,
        "self.running_var += self.momentum * (var - self.running_var)",
        "self.running_var += self.momentum * (((x - self.running_mean[None, :, None, None]) ** 2).mean(axis=(0, 2, 3)) - self.running_var)",
    ),
    (
        "training by running statistics",
        "running-in-training",
        BN_TORCHY,
        "            self.running_var += self.momentum * (var - self.running_var)\n",
        "            self.running_var += self.momentum * (var - self.running_var)\n            mean, var = self.running_mean, self.running_var\n",
    ),
    ("M forgotten before grad", "another-formula", BN_TORCHY, "(M * grad - db", "(grad - db"),
    ("plus for minus", "sign-of-path", BN_TORCHY, "- self.xhat * dg", "+ self.xhat * dg"),
    (
        "gradient with sum of everything",
        "slices-shifted",
        BN_TORCHY,
        "dbeta = grad.sum(axes)",
        "dbeta = np.full(grad.shape[1], grad.sum())",
    ),
    (
        "running mean overwritten by the batch",
        "last-batch-only",
        BN_TORCHY,
        "self.running_mean += self.momentum * (mean - self.running_mean)",
        "self.running_mean[...] = mean",
    ),
    (
        "decayed twice",
        "",
        BN_TORCHY,
        "self.running_var += self.momentum * (var - self.running_var)",
        "self.running_var += self.momentum * (var - self.running_var)\n            self.running_var *= 1 - self.momentum",
    ),
    (
        "beta left out at test",
        "array-wrong",
        BN_TORCHY,
        "return (g * self.xhat + b)",
        "return (g * self.xhat + (b if self.training else 0))",
    ),
    (
        "gamma left out at test",
        "slices-scaled-and-shifted",
        BN_TORCHY,
        "return (g * self.xhat + b)",
        "return ((g if self.training else 1) * self.xhat + b)",
    ),
    (
        "statistics over the batch",
        "another-formula",
        LN_ROWS,
        "rows.mean(axis=1, keepdims=True)",
        "rows.mean(axis=0, keepdims=True)",
    ),
    (
        "statistics of the whole array",
        "batch-in-statistics",
        LN_ROWS,
        "mu = rows.mean(axis=1, keepdims=True)",
        "mu = rows.mean()",
        "rows.var(axis=1, keepdims=True)",
        "np.full((len(rows), 1), rows.var())",
    ),
    (
        "gamma after the paths",
        "gamma-outside-sum",
        LN_ROWS,
        'd = (dout * self.params["gamma"][:, None, None]).reshape(len(dout), -1)',
        "d = dout.reshape(len(dout), -1)",
        "return dx.reshape(dout.shape).astype(dout.dtype)",
        'return (dx.reshape(dout.shape) * self.params["gamma"][:, None, None]).astype(dout.dtype)',
    ),
    ("sigma forgotten", "another-formula", LN_ROWS, ") / D) / self.sigma", ") / D)"),
    (
        "beta's gradient over a sample",
        "axis-left",
        LN_ROWS,
        'self.grads["beta"] = dout.sum((0, 2, 3))',
        'self.grads["beta"] = dout.sum((2, 3))',
    ),
    ("D of a map", "divisor-map-only", LN_ROWS, "D = d.shape[1]", "D = dout.shape[2] * dout.shape[3]"),
    ("sigma squared", "another-formula", LN_ROWS, ") / D) / self.sigma", ") / D) / self.sigma**2"),
    ("variance's path with the wrong sign", "sign-of-path", LN_ROWS, "- xn * (d * xn)", "+ xn * (d * xn)"),
    ("no centring", "mean-not-subtracted", LN_ROWS, "(rows - mu) / self.sigma", "rows / self.sigma"),
    (
        "eps lost",
        "eps-forgotten",
        LN_SAMPLES,
        "(np.mean(centered**2) + self.eps) ** -0.5",
        "(np.mean(centered**2)) ** -0.5",
    ),
    (
        "standard deviation with n - 1",
        "unbiased-variance",
        LN_SAMPLES,
        "(np.mean(centered**2) + self.eps) ** -0.5",
        "(centered.var(ddof=1) + self.eps) ** -0.5",
    ),
    ("power -1.5 is 3 halves of the inverse", "power-of-deviation", LN_SAMPLES, "inv_std**3", "inv_std**1.5"),
    ("-0.5 lost", "another-formula", LN_SAMPLES, "dvar = -0.5 * (dn", "dvar = (dn"),
    ("2 lost", "factor-two-lost", LN_SAMPLES, "dvar * 2 * centered / m", "dvar * centered / m"),
    ("dmean not spread", "another-formula", LN_SAMPLES, "+ dmean / m)", "+ dmean)"),
    ("dmean left out", "no-path-through-mean", LN_SAMPLES, " + dmean / m)", ")"),
    (
        "dgamma without the deviation",
        "gamma-grad-without-xhat",
        LN_SAMPLES,
        "(g * centered * inv_std).sum",
        "(g * centered).sum",
    ),
    ("last sample only", "another-formula", LN_SAMPLES, "dgamma += (g", "dgamma = (g"),
    (
        "batch in the statistics",
        "another-formula",
        IN_EINSUM,
        'mean = np.einsum("nchw->nc", x.astype(float)) / HW',
        'mean = np.einsum("nchw->c", x.astype(float))[None] / HW / len(x)',
    ),
    (
        "mean of squares for variance",
        "another-formula",
        IN_EINSUM,
        'np.einsum("nchw,nchw->nc", d, d)',
        'np.einsum("nchw,nchw->nc", x.astype(float), x.astype(float))',
    ),
    (
        "HW is the width",
        "another-formula",
        IN_EINSUM,
        "        HW = grad.shape[2] * grad.shape[3]",
        "        HW = grad.shape[3]",
    ),
    ("mean path left out", "no-path-through-mean", IN_EINSUM, "grad - a[:, :, None, None] - self", "grad - self"),
    (
        "gamma's gradient by sample",
        "axis-left",
        IN_EINSUM,
        'nchw,nchw->c", grad, self.n',
        'nchw,nchw->nc", grad, self.n',
    ),
    ("gamma left out", "gamma-not-in-gradient", IN_EINSUM, '(self.params["gamma"] * self.inv)', "self.inv"),
    ("layer statistics", "another-formula", IN_LOOPS, "z.mean()) / self.root", "x[t].mean()) / self.root"),
    ("divided without the root", "divided-by-variance", IN_LOOPS, "np.sqrt(z.var() + self.eps)", "z.var() + self.eps"),
    ("eps added to the deviation", "eps-outside-root", IN_LOOPS, "np.sqrt(z.var() + self.eps)", "z.std() + self.eps"),
    ("dgamma assigned", "another-formula", IN_LOOPS, "dgamma[m] += ", "dgamma[m] = "),
    (
        "affine left out",
        "affine-forgotten",
        IN_LOOPS,
        'self.norm[t, m] * self.params["gamma"][m] + self.params["beta"][m]',
        "self.norm[t, m]",
    ),
    (
        "gamma by sample's number",
        "another-formula",
        IN_LOOPS,
        'out[t, m] = self.norm[t, m] * self.params["gamma"][m]',
        'out[t, m] = self.norm[t, m] * self.params["gamma"][t % x.shape[1]]',
    ),
    (
        "the gradient as if without statistics",
        "statistics-as-constants",
        IN_LOOPS,
        "(d - d.mean() - z * (d * z).mean())",
        "d",
    ),
    (
        "groups interleaved",
        "groups-interleaved",
        GN_FIVE,
        "xg = x.reshape(N, self.G, C // self.G, H, W).astype(np.float64)",
        "xg = x.reshape(N, C // self.G, self.G, H, W).swapaxes(1, 2).astype(np.float64)",
        "self.xhat = ((xg - mean) / self.std).reshape(N, C, H, W)",
        "self.xhat = ((xg - mean) / self.std).swapaxes(1, 2).reshape(N, C, H, W)",
    ),
    (
        "groups and size exchanged",
        "group-size-confused",
        GN_FIVE,
        "xg = x.reshape(N, self.G, C // self.G, H, W)",
        "xg = x.reshape(N, C // self.G, self.G, H, W)",
    ),
    (
        "ValueError left out",
        "indivisible-accepted",
        GN_FIVE,
        'raise ValueError("channels must be divisible by groups")',
        "num_groups = 1",
    ),
    (
        "batch counted in the statistics",
        "another-formula",
        GN_FIVE,
        "mean = xg.mean(axis=(2, 3, 4), keepdims=True)",
        "mean = xg.mean(axis=(0, 2, 3, 4), keepdims=True)",
    ),
    ("M without the group's channels", "divisor-map-only", GN_FIVE, "M = C // self.G * H * W", "M = H * W"),
    ("M counts all channels", "divided-by-wrong-n", GN_FIVE, "M = C // self.G * H * W", "M = C * H * W"),
    ("s1 and s2 exchanged", "", GN_FIVE, "- s1 - xhat * s2", "- s2 - xhat * s1"),
    ("M before dxhat lost", "another-formula", GN_FIVE, "(M * dxhat - s1", "(dxhat - s1"),
    ("std lost", "another-formula", GN_FIVE, "/ (M * self.std)", "/ M"),
    (
        "gamma per group",
        "part-wrong",
        GN_FIVE,
        'self.xhat * self.params["gamma"][:, None, None]',
        'self.xhat * np.repeat(self.params["gamma"][: self.G], C // self.G)[:, None, None]',
    ),
    ("grads over the batch only", "axis-left", GN_FIVE, "dout.sum(axis=(0, 2, 3))", "dout.sum(axis=0)"),
    (
        "normalization by map, groups forgotten",
        "another-formula",
        GN_FIVE,
        "mean = xg.mean(axis=(2, 3, 4), keepdims=True)",
        "mean = xg.mean(axis=(3, 4), keepdims=True)",
    ),
    (
        "size of the rows exchanged",
        "",
        GN_ROWS,
        "rows = x.reshape(size, -1).astype(float).T",
        "rows = x.reshape(-1, size).astype(float)",
        "(xmu * self.ivar).T.reshape",
        "(xmu * self.ivar).reshape",
    ),
    ("dvar: power", "another-formula", GN_ROWS, "-0.5 * self.ivar**3", "-0.5 * self.ivar**2"),
    ("dmu without minus", "sign-of-path", GN_ROWS, "np.sum(-d * self.ivar", "np.sum(d * self.ivar"),
    (
        "xhat for xmu in dvar",
        "another-formula",
        GN_ROWS,
        "dvar * 2 * self.xmu / M",
        "dvar * 2 * self.xmu * self.ivar / M",
    ),
    (
        "dvar path left out",
        "no-path-through-variance",
        GN_ROWS,
        "dx = d * self.ivar + dvar * 2 * self.xmu / M + dmu / M",
        "dx = d * self.ivar + dmu / M",
    ),
    ("variance without squares", "another-formula", GN_ROWS, "(xmu**2).mean(axis=0)", "np.abs(xmu).mean(axis=0)"),
    (
        "standardized over the filters",
        "filters-together",
        WS_ROWS,
        "flat = weight.reshape(weight.shape[0], -1).astype(float)",
        "flat = weight.reshape(weight.shape[0], -1).astype(float).T",
        "self.w_hat.reshape(weight.shape)",
        "self.w_hat.T.reshape(weight.shape)",
    ),
    ("not centred", "another-formula", WS_ROWS, "centred = flat - flat.mean(axis=1, keepdims=True)", "centred = flat"),
    ("whole bank", "another-formula", WS_ROWS, "flat.mean(axis=1, keepdims=True)", "flat.mean()"),
    ("mean forgotten in backward", "no-path-through-mean", WS_ROWS, "(g - mean_g - self", "(g - self"),
    ("divided by the squared deviation", "another-formula", WS_ROWS, "mean_gw) / self.s", "mean_gw) / self.s**2"),
    (
        "w_hat's projection left out",
        "no-path-through-variance",
        WS_ROWS,
        "(g - mean_g - self.w_hat * mean_gw)",
        "(g - mean_g)",
    ),
    (
        "identity",
        "gradient-passed-straight",
        WS_ROWS,
        "return out.reshape(grad.shape).astype(grad.dtype)",
        "return grad",
    ),
    ("channel by channel", "another-formula", WS_FILTERS, "(ф - ф.mean())", "(ф - ф.mean(axis=(1, 2), keepdims=True))"),
    ("eps outside", "eps-outside-root", WS_FILTERS, "math.sqrt(ф.var() + self.eps)", "math.sqrt(ф.var()) + self.eps"),
    ("n - 1", "unbiased-variance", WS_FILTERS, "ф.var()", "ф.var(ddof=1)"),
    ("times the root", "another-formula", WS_FILTERS, "np.mean(g * норм)) / корень)", "np.mean(g * норм)) * корень)"),
    (
        "backward by the filter, not the normalized",
        "another-formula",
        WS_FILTERS,
        "self.фильтры.append((норм, корень))",
        "self.фильтры.append((ф, корень))",
    ),
    (
        "gamma and beta only",
        "only-trainable-counted",
        COUNT,
        "gamma + beta + running_mean + running_var",
        "gamma + beta",
    ),
    ("maps squared", "another-formula", COUNT, "num_layers * (", "num_maps * ("),
    ("layers added", "another-formula", COUNT, "num_layers * (", "num_layers + ("),
    ("one layer only", "one-layer-counted", COUNT_SUM, "    return total", "        return total"),
    ("running mean once, three numbers", "another-formula", COUNT_SUM, "4 * num_maps", "3 * num_maps"),
    ("four numbers, not by map", "another-formula", COUNT_SUM, "4 * num_maps", "4 + num_maps"),
    ("gamma is 0 at first", "affine-start", GN_FIVE, 'params["gamma"] = np.ones', 'params["gamma"] = np.zeros'),
    ("beta is 1 at first", "affine-start", LN_ROWS, 'params["beta"] = np.zeros', 'params["beta"] = np.ones'),
    ("gamma is 0 at first in batches", "affine-start", BN_CHANNELS, '"gamma": np.ones', '"gamma": np.zeros'),
)
