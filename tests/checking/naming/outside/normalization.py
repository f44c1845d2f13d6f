"""Wrong normalizations: the computational graph step by step, the paper's formulas, and reshaped rows."""

GRAPH = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def col(self, v):
        return v[None, :, None, None]

    def forward(self, x):
        axes = (0, 2, 3)
        N, C, H, W = x.shape
        m = N * H * W
        if self.training:
            mu = 1.0 / m * np.sum(x, axis=axes)
            var = 1.0 / m * np.sum((x - self.col(mu)) ** 2, axis=axes)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        xmu = x - self.col(mu)
        sqrtvar = np.sqrt(var + self.eps)
        ivar = 1.0 / sqrtvar
        xhat = xmu * self.col(ivar)
        out = self.col(self.params["gamma"]) * xhat + self.col(self.params["beta"])
        self.cache = (xhat, xmu, ivar, sqrtvar, var, m, self.training)
        return out.astype(x.dtype)

    def backward(self, dout):
        xhat, xmu, ivar, sqrtvar, var, m, training = self.cache
        axes = (0, 2, 3)
        self.grads["beta"] = np.sum(dout, axis=axes)
        self.grads["gamma"] = np.sum(dout * xhat, axis=axes)
        dxhat = dout * self.col(self.params["gamma"])
        if not training:
            return (dxhat * self.col(ivar)).astype(dout.dtype)
        divar = np.sum(dxhat * xmu, axis=axes)
        dxmu1 = dxhat * self.col(ivar)
        dsqrtvar = -1.0 / (sqrtvar ** 2) * divar
        dvar = 0.5 * 1.0 / sqrtvar * dsqrtvar
        dsq = 1.0 / m * self.col(dvar)
        dxmu2 = 2 * xmu * dsq
        dx1 = dxmu1 + dxmu2
        dmu = -1 * np.sum(dxmu1 + dxmu2, axis=axes)
        dx2 = 1.0 / m * self.col(dmu)
        return (dx1 + dx2).astype(dout.dtype)
"""

PAPER = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.momentum = alpha
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def forward(self, x):
        g = self.params["gamma"].reshape(1, -1, 1, 1)
        b = self.params["beta"].reshape(1, -1, 1, 1)
        self.train_mode = self.training
        if self.training:
            mean = x.mean(axis=(0, 2, 3), keepdims=True)
            var = x.var(axis=(0, 2, 3), keepdims=True)
            self.running_mean[:] = self.momentum * self.running_mean + (1 - self.momentum) * mean.ravel()
            self.running_var[:] = self.momentum * self.running_var + (1 - self.momentum) * var.ravel()
        else:
            mean = self.running_mean.reshape(1, -1, 1, 1)
            var = self.running_var.reshape(1, -1, 1, 1).copy()
        self.std = np.sqrt(var + self.eps)
        self.x_norm = (x - mean) / self.std
        return (g * self.x_norm + b).astype(x.dtype)

    def backward(self, dout):
        N, C, H, W = dout.shape
        M = N * H * W
        g = self.params["gamma"].reshape(1, -1, 1, 1)
        ax = (0, 2, 3)
        self.grads["gamma"] = (dout * self.x_norm).sum(axis=ax)
        self.grads["beta"] = dout.sum(axis=ax)
        dx_norm = dout * g
        if not self.train_mode:
            return (dx_norm / self.std).astype(dout.dtype)
        s1 = dx_norm.sum(axis=ax, keepdims=True)
        s2 = (dx_norm * self.x_norm).sum(axis=ax, keepdims=True)
        return ((M * dx_norm - s1 - self.x_norm * s2) / (M * self.std)).astype(dout.dtype)
"""

LAYER = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        mu = x.mean(axis=(1, 2, 3), keepdims=True)
        var = x.var(axis=(1, 2, 3), keepdims=True)
        self.inv = 1 / np.sqrt(var + self.eps)
        self.xh = (x - mu) * self.inv
        y = self.xh * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

    def backward(self, dy):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", dy, self.xh)
        self.grads["beta"] = np.einsum("nchw->c", dy)
        d = dy * self.params["gamma"][:, None, None]
        first = d.mean(axis=(1, 2, 3), keepdims=True)
        second = (d * self.xh).mean(axis=(1, 2, 3), keepdims=True)
        return (self.inv * (d - first - self.xh * second)).astype(dy.dtype)
"""

INSTANCE = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        self.x = x
        y = np.zeros(x.shape)
        for n in range(N):
            for c in range(C):
                plane = x[n, c]
                z = (plane - plane.mean()) / np.sqrt(plane.var() + self.eps)
                y[n, c] = self.params["gamma"][c] * z + self.params["beta"][c]
        return y.astype(x.dtype)

    def backward(self, dy):
        N, C, H, W = dy.shape
        n_el = H * W
        dx = np.zeros(dy.shape)
        self.grads = {"gamma": np.zeros(C), "beta": np.zeros(C)}
        for n in range(N):
            for c in range(C):
                plane, d = self.x[n, c], dy[n, c]
                std = np.sqrt(plane.var() + self.eps)
                z = (plane - plane.mean()) / std
                self.grads["gamma"][c] += np.sum(d * z)
                self.grads["beta"][c] += np.sum(d)
                dz = d * self.params["gamma"][c]
                dvar = np.sum(dz * (plane - plane.mean())) * -0.5 * std ** -3
                dmean = np.sum(dz) * -1 / std
                dx[n, c] = dz / std + dvar * 2 * (plane - plane.mean()) / n_el + dmean / n_el
        return dx.astype(dy.dtype)
"""

GROUP = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups:
            raise ValueError("num_channels must be divisible by num_groups")
        self.G, self.eps = num_groups, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        rows = x.reshape(N * self.G, -1)
        mean = rows.mean(axis=1, keepdims=True)
        self.std = np.sqrt(rows.var(axis=1, keepdims=True) + self.eps)
        self.rows = (rows - mean) / self.std
        xhat = self.rows.reshape(x.shape)
        gamma, beta = (self.params[name].reshape(1, C, 1, 1) for name in ("gamma", "beta"))
        return (gamma * xhat + beta).astype(x.dtype)

    def backward(self, dout):
        N, C, H, W = dout.shape
        xhat = self.rows.reshape(dout.shape)
        self.grads["gamma"] = (dout * xhat).sum(axis=(0, 2, 3))
        self.grads["beta"] = dout.sum(axis=(0, 2, 3))
        d = (dout * self.params["gamma"].reshape(1, C, 1, 1)).reshape(N * self.G, -1)
        m = d.shape[1]
        dx = (m * d - d.sum(1, keepdims=True) - self.rows * (d * self.rows).sum(1, keepdims=True)) / (m * self.std)
        return dx.reshape(dout.shape).astype(dout.dtype)
"""

STANDARD = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        self.shape = W.shape
        flat = W.reshape(W.shape[0], -1)
        self.sd = np.sqrt(flat.var(axis=1, keepdims=True) + self.eps)
        self.flat = (flat - flat.mean(axis=1, keepdims=True)) / self.sd
        return self.flat.reshape(W.shape).astype(W.dtype)

    def backward(self, g):
        d = g.reshape(g.shape[0], -1)
        dW = d - d.mean(axis=1, keepdims=True) - self.flat * (d * self.flat).mean(axis=1, keepdims=True)
        return (dW / self.sd).reshape(g.shape).astype(g.dtype)
"""

COUNT = """
def batchnorm_parameter_count(num_layers, num_maps):
    return 4 * num_layers * num_maps
"""

WRONG = (
    (
        "x for xhat at test",
        "not-normalized-at-test",
        GRAPH,
        "xhat = xmu * self.col(ivar)",
        "xhat = xmu * self.col(ivar) if self.training else x",
        "return (dxhat * self.col(ivar)).astype(dout.dtype)",
        "return dxhat.astype(dout.dtype)",
    ),
    (
        "sum over N only counted",
        "statistics-divided-by-wrong-n",
        GRAPH,
        "m = N * H * W",
        "m = N",
    ),
    (
        "divided by C",
        "statistics-divided-by-wrong-n",
        GRAPH,
        "m = N * H * W",
        "m = C",
    ),
    (
        "running weights swapped",
        "momentum-swapped",
        GRAPH,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "(1 - self.alpha) * self.running_mean + self.alpha * mu",
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "(1 - self.alpha) * self.running_var + self.alpha * var",
    ),
    (
        "epsilon outside",
        "eps-outside-root",
        GRAPH,
        "np.sqrt(var + self.eps)",
        "np.sqrt(var) + self.eps",
    ),
    (
        "both in running_mean",
        "running-statistics-confused",
        GRAPH,
        "self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var",
        "self.running_mean = self.alpha * self.running_var + (1 - self.alpha) * var",
    ),
    (
        "factor 2 lost",
        "factor-two-lost",
        GRAPH,
        "dxmu2 = 2 * xmu * dsq",
        "dxmu2 = xmu * dsq",
    ),
    (
        "sign of the mean's gradient",
        "sign-of-path",
        GRAPH,
        "dmu = -1 * np.sum",
        "dmu = np.sum",
    ),
    (
        "gradient of the mean lost",
        "no-path-through-mean",
        GRAPH,
        "return (dx1 + dx2)",
        "return dx1",
    ),
    (
        "dgamma without xhat",
        "gamma-gradient-without-xhat",
        GRAPH,
        "np.sum(dout * xhat, axis=axes)",
        "np.sum(dout, axis=axes)",
    ),
    (
        "affine of x at test",
        "not-normalized-at-test",
        GRAPH,
        "        xmu = x - self.col(mu)\n",
        (
            "        if not self.training:\n"
            "            return self.col(self.params['gamma']) * x + self.col(self.params['beta'])\n"
            "        xmu = x - self.col(mu)\n"
        ),
    ),
    (
        "batch statistics at test",
        "batch-statistics-at-test",
        GRAPH,
        "if self.training:\n            mu",
        "if True:\n            mu",
    ),
    (
        "axis 0",
        "shapes-do-not-fit",
        PAPER,
        ("mean = x.mean(axis=(0, 2, 3), keepdims=True)\n            var = x.var(axis=(0, 2, 3), keepdims=True)"),
        "mean = x.mean(axis=0)\n            var = x.var(axis=0)",
    ),
    (
        "unbiased",
        "unbiased-variance",
        PAPER,
        "x.var(axis=(0, 2, 3), keepdims=True)",
        "x.var(axis=(0, 2, 3), keepdims=True, ddof=1)",
    ),
    (
        "running of shape 1C11",
        "running-with-axes",
        PAPER,
        ("self.running_mean[:] = self.momentum * self.running_mean + (1 - self.momentum) * mean.ravel()"),
        ("self.running_mean = self.momentum * self.running_mean.reshape(1, -1, 1, 1) + (1 - self.momentum) * mean"),
        ("self.running_var[:] = self.momentum * self.running_var + (1 - self.momentum) * var.ravel()"),
        ("self.running_var = self.momentum * self.running_var.reshape(1, -1, 1, 1) + (1 - self.momentum) * var"),
    ),
    (
        "statistics constant",
        "statistics-as-constants",
        PAPER,
        "if not self.train_mode:\n            return",
        "if True:\n            return",
    ),
    (
        "gamma lost in backward",
        "gamma-not-in-gradient",
        PAPER,
        "dx_norm = dout * g\n",
        "dx_norm = dout\n",
    ),
    (
        "M is N",
        "divided-by-wrong-n",
        PAPER,
        "M = N * H * W",
        "M = N",
    ),
    (
        "variance for deviation",
        "divided-by-variance",
        PAPER,
        "self.std = np.sqrt(var + self.eps)",
        "self.std = var + self.eps",
    ),
    (
        "axes of the batch",
        "batch-in-statistics",
        LAYER,
        ("mu = x.mean(axis=(1, 2, 3), keepdims=True)\n        var = x.var(axis=(1, 2, 3), keepdims=True)"),
        ("mu = x.mean(axis=(0, 2, 3), keepdims=True)\n        var = x.var(axis=(0, 2, 3), keepdims=True)"),
    ),
    (
        "channels only",
        "channel-axis-only",
        LAYER,
        ("mu = x.mean(axis=(1, 2, 3), keepdims=True)\n        var = x.var(axis=(1, 2, 3), keepdims=True)"),
        "mu = x.mean(axis=1, keepdims=True)\n        var = x.var(axis=1, keepdims=True)",
    ),
    (
        "gamma along the width",
        "affine-on-wrong-axis",
        LAYER,
        ('* self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]\n        return y'),
        '* self.params["gamma"] + self.params["beta"]\n        return y',
    ),
    (
        "second term lost",
        "no-path-through-variance",
        LAYER,
        "d - first - self.xh * second",
        "d - first",
    ),
    (
        "gradient gamma's mean",
        "parameter-gradients-averaged",
        LAYER,
        'np.einsum("nchw,nchw->c", dy, self.xh)',
        'np.einsum("nchw,nchw->c", dy, self.xh) / dy.shape[0]',
    ),
    (
        "only the last sample",
        "last-sample-only",
        INSTANCE,
        '["gamma"][c] += np.sum(d * z)',
        '["gamma"][c] = np.sum(d * z)',
        '["beta"][c] += np.sum(d)',
        '["beta"][c] = np.sum(d)',
    ),
    (
        "brackets of 2 / N",
        "brackets-around-n",
        INSTANCE,
        "dvar * 2 * (plane - plane.mean()) / n_el",
        "dvar * 2 / H * W * (plane - plane.mean())",
    ),
    (
        "variance squared",
        "power-of-deviation",
        INSTANCE,
        "std ** -3",
        "std ** -1.5",
    ),
    (
        "statistics of the sample",
        "channels-together",
        INSTANCE,
        "plane = x[n, c]\n                z = (plane - plane.mean()) / np.sqrt(plane.var()",
        "plane = x[n, c]\n                z = (plane - x[n].mean()) / np.sqrt(x[n].var()",
    ),
    (
        "interleaved groups",
        "groups-interleaved",
        GROUP,
        "rows = x.reshape(N * self.G, -1)",
        ("rows = x.reshape(N, C // self.G, self.G, H, W).transpose(0, 2, 1, 3, 4).reshape(N * self.G, -1)"),
        "xhat = self.rows.reshape(x.shape)",
        ("xhat = self.rows.reshape(N, self.G, C // self.G, H, W).transpose(0, 2, 1, 3, 4).reshape(x.shape)"),
    ),
    (
        "groups over the batch",
        "batch-in-statistics",
        GROUP,
        "rows = x.reshape(N * self.G, -1)",
        "rows = x.reshape(self.G, -1)",
    ),
    (
        "gamma forgotten",
        "gamma-not-in-gradient",
        GROUP,
        'd = (dout * self.params["gamma"].reshape(1, C, 1, 1))',
        "d = dout",
    ),
    (
        "mean not subtracted",
        "mean-not-subtracted",
        STANDARD,
        "(flat - flat.mean(axis=1, keepdims=True))",
        "flat",
    ),
    (
        "all filters together",
        "filters-together",
        STANDARD,
        "flat.var(axis=1, keepdims=True) + self.eps",
        "flat.var() + self.eps",
        "(flat - flat.mean(axis=1, keepdims=True))",
        "(flat - flat.mean())",
    ),
    (
        "deviation only",
        "no-path-through-variance",
        STANDARD,
        " - self.flat * (d * self.flat).mean(axis=1, keepdims=True)",
        "",
    ),
    (
        "two for four",
        "only-trainable-counted",
        COUNT,
        "4 *",
        "2 *",
    ),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
