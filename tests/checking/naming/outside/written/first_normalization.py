"""Wrong answers of lesson normalization by an author who had not seen the checks."""

WRONG = (
    (
        "Backward treats mean and variance as constants: grad·gamma/std only.",
        "statistics-as-constants",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        if self.training:
            mean = x.mean(axis=(0, 2, 3))
            var = x.var(axis=(0, 2, 3))
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.inv_std = (1 / np.sqrt(var + self.eps)).reshape(1, -1, 1, 1)
        self.x_hat = (x - mean.reshape(1, -1, 1, 1)) * self.inv_std
        g = self.params["gamma"].reshape(1, -1, 1, 1)
        b = self.params["beta"].reshape(1, -1, 1, 1)
        return (g * self.x_hat + b).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.x_hat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        return (grad_out * self.params["gamma"].reshape(1, -1, 1, 1) * self.inv_std).astype(grad_out.dtype)
""",
    ),
    (
        "Smoothing the wrong way round: (1 − α)·running + α·batch.",
        "momentum-swapped",
        r"""
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        axes = (0, 2, 3)
        self.mode = self.training
        if self.training:
            mu = x.mean(axis=axes, keepdims=True)
            var = ((x - mu) ** 2).mean(axis=axes, keepdims=True)
            self.running_mean = (1 - self.alpha) * self.running_mean + self.alpha * mu.ravel()
            self.running_var = (1 - self.alpha) * self.running_var + self.alpha * var.ravel()
        else:
            mu = self.running_mean[None, :, None, None]
            var = self.running_var[None, :, None, None]
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mu) / self.std
        out = self.params["gamma"][None, :, None, None] * self.xhat + self.params["beta"][None, :, None, None]
        return out.astype(x.dtype)

    def backward(self, grad_out):
        axes = (0, 2, 3)
        self.grads = {"gamma": (grad_out * self.xhat).sum(axis=axes), "beta": grad_out.sum(axis=axes)}
        dxhat = grad_out * self.params["gamma"][None, :, None, None]
        if self.mode:
            dxhat = dxhat - dxhat.mean(axis=axes, keepdims=True) \
                - self.xhat * (dxhat * self.xhat).mean(axis=axes, keepdims=True)
        return (dxhat / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: the batch's statistics are used at test too, and the smoothing of the running mean is the wrong way round.",
        "momentum-swapped",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.n = x.shape[0] * x.shape[2] * x.shape[3]
        mu = x.mean((0, 2, 3))
        var = x.var((0, 2, 3))
        if self.training:
            self.running_mean[:] = (1 - self.alpha) * self.running_mean + self.alpha * mu
            self.running_var[:] = self.alpha * self.running_var + (1 - self.alpha) * var
        c = lambda v: v.reshape(1, -1, 1, 1)
        self.inv = 1.0 / np.sqrt(c(var) + self.eps)
        self.xhat = (x - c(mu)) * self.inv
        return (c(self.params["gamma"]) * self.xhat + c(self.params["beta"])).astype(x.dtype)

    def backward(self, grad_out):
        dgamma = (grad_out * self.xhat).sum((0, 2, 3))
        dbeta = grad_out.sum((0, 2, 3))
        self.grads["gamma"], self.grads["beta"] = dgamma, dbeta
        c = lambda v: v.reshape(1, -1, 1, 1)
        dx = c(self.params["gamma"]) * self.inv / self.n * (
            self.n * grad_out - c(dbeta) - self.xhat * c(dgamma))
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "Takes the statistics over the batch axis only (as for a fully connected layer), one for every pixel.",
        "statistics-per-pixel",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.mode = self.training
        if self.training:
            mean = np.mean(x, axis=0, keepdims=True)
            var = np.var(x, axis=0, keepdims=True)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean.mean(axis=(0, 2, 3))
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var.mean(axis=(0, 2, 3))
        else:
            mean = self.running_mean.reshape(1, -1, 1, 1)
            var = self.running_var.reshape(1, -1, 1, 1)
        self.std = np.sqrt(var + self.eps)
        self.xn = (x - mean) / self.std
        out = self.xn * self.params["gamma"].reshape(1, -1, 1, 1) + self.params["beta"].reshape(1, -1, 1, 1)
        return out.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.sum(grad_out * self.xn, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        if self.mode:
            d = d - d.mean(axis=0) - self.xn * (d * self.xn).mean(axis=0)
        return (d / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: the variance has ddof = 1, and eps is added to the square root.",
        "slices-scaled-and-shifted",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.C = num_features
        self.alpha = alpha
        self.eps = eps
        self.params["gamma"] = np.ones(self.C)
        self.params["beta"] = np.zeros(self.C)
        self.running_mean = np.zeros(self.C)
        self.running_var = np.ones(self.C)
        self.cache = None

    def forward(self, x):
        # x : (N, C, H, W)
        train = self.training
        if train:
            mu = x.mean(axis=(0, 2, 3))
            var = x.var(axis=(0, 2, 3), ddof=1)
            self.running_mean *= self.alpha
            self.running_mean += (1 - self.alpha) * mu
            self.running_var *= self.alpha
            self.running_var += (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        std = np.sqrt(var) + self.eps
        std = std.reshape(1, self.C, 1, 1)
        xhat = (x - mu.reshape(1, self.C, 1, 1)) / std
        self.cache = (xhat, std, train)
        y = xhat * self.params["gamma"].reshape(1, self.C, 1, 1) + self.params["beta"].reshape(1, self.C, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        xhat, std, train = self.cache
        ax = (0, 2, 3)
        self.grads["gamma"] = np.sum(grad_out * xhat, ax)
        self.grads["beta"] = np.sum(grad_out, ax)
        g = grad_out * self.params["gamma"].reshape(1, self.C, 1, 1)
        if not train:
            return (g / std).astype(grad_out.dtype)
        dx = (g - g.mean(ax, keepdims=True) - xhat * (g * xhat).mean(ax, keepdims=True)) / std
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "The running statistics are updated at test as well.",
        "updated-at-test",
        '''
class BatchNorm2d(Layer):
    """Пакетная нормализация (лекция 3)."""
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.flag = self.training
        mu_B = x.mean(axis=(0, 2, 3))
        var_B = x.var(axis=(0, 2, 3))
        if self.flag:
            mu, var = mu_B, var_B
        else:
            mu, var = self.running_mean.copy(), self.running_var.copy()
        # обновляем глобальные значения
        self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu_B
        self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var_B
        self.sigma = np.sqrt(var + self.eps)[:, None, None]
        self.xh = (x - mu[:, None, None]) / self.sigma
        return (self.params["gamma"][:, None, None] * self.xh + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.xh)
        self.grads["beta"] = np.einsum("nchw->c", grad_out)
        gx = grad_out * self.params["gamma"][:, None, None]
        if self.flag:
            m = grad_out.size / grad_out.shape[1]
            s1 = gx.sum(axis=(0, 2, 3), keepdims=True)
            s2 = (gx * self.xh).sum(axis=(0, 2, 3), keepdims=True)
            gx = gx - s1 / m - self.xh * s2 / m
        return (gx / self.sigma).astype(grad_out.dtype)
''',
    ),
    (
        "The gradient of gamma multiplies grad_out by x instead of by the normalised x.",
        "gamma-gradient-from-input",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.num_features, self.alpha, self.eps = num_features, alpha, eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        self.x = x
        self.used_training = self.training
        if self.training:
            self.mu = np.mean(x, axis=(0, 2, 3), keepdims=True)
            self.var = np.var(x, axis=(0, 2, 3), keepdims=True)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * np.squeeze(self.mu, (0, 2, 3))
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * np.squeeze(self.var, (0, 2, 3))
        else:
            self.mu = self.running_mean.copy().reshape(1, -1, 1, 1)
            self.var = self.running_var.copy().reshape(1, -1, 1, 1)
        x_norm = (x - self.mu) / np.sqrt(self.var + self.eps)
        y = self.params["gamma"].reshape(1, -1, 1, 1) * x_norm + self.params["beta"].reshape(1, -1, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        x, mu, var = self.x, self.mu, self.var
        ax = (0, 2, 3)
        m = x.shape[0] * x.shape[2] * x.shape[3]
        self.grads["gamma"] = np.sum(grad_out * x, axis=ax)
        self.grads["beta"] = np.sum(grad_out, axis=ax)
        dxn = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        inv = 1 / np.sqrt(var + self.eps)
        if not self.used_training:
            return (dxn * inv).astype(x.dtype)
        dvar = np.sum(dxn * (x - mu), axis=ax, keepdims=True) * -0.5 * inv ** 3
        dmu = np.sum(dxn * -inv, axis=ax, keepdims=True)
        dx = dxn * inv + dvar * 2 * (x - mu) / m + dmu / m
        return dx.astype(x.dtype)
""",
    ),
    (
        "The axes are left as in BatchNorm: (0, 2, 3) instead of (1, 2, 3).",
        "batch-in-statistics",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        ax = (0, 2, 3)
        mu = x.mean(axis=ax, keepdims=True)
        var = x.var(axis=ax, keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mu) / self.std
        return (self.params["gamma"].reshape(1, -1, 1, 1) * self.xhat
                + self.params["beta"].reshape(1, -1, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        ax = (0, 2, 3)
        self.grads["gamma"] = (grad_out * self.xhat).sum(axis=ax)
        self.grads["beta"] = grad_out.sum(axis=ax)
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        dx = (d - d.mean(axis=ax, keepdims=True) - self.xhat * (d * self.xhat).mean(axis=ax, keepdims=True)) / self.std
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "Statistics over the channel axis only, for every pixel (the transformer's layer norm).",
        "channel-axis-only",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.C = num_channels
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        u = x.mean(1, keepdims=True)
        s = ((x - u) ** 2).mean(1, keepdims=True)
        self.inv = 1 / np.sqrt(s + self.eps)
        self.n = (x - u) * self.inv
        return (self.params["gamma"][:, None, None] * self.n + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.n).sum((0, 2, 3))
        self.grads["beta"] = grad_out.sum((0, 2, 3))
        g = grad_out * self.params["gamma"][:, None, None]
        g = g - g.mean(1, keepdims=True) - self.n * (g * self.n).mean(1, keepdims=True)
        return (g * self.inv).astype(grad_out.dtype)
""",
    ),
    (
        "Backward divides by H·W although the statistics are over C·H·W numbers.",
        "divisor-map-only",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        flat = x.reshape(N, -1)
        mean = flat.mean(axis=1, keepdims=True)
        var = flat.var(axis=1, keepdims=True)
        self.inv = (1 / np.sqrt(var + self.eps)).reshape(N, 1, 1, 1)
        self.xn = ((flat - mean)).reshape(x.shape) * self.inv
        self.m = H * W
        g = self.params["gamma"].reshape(1, C, 1, 1)
        b = self.params["beta"].reshape(1, C, 1, 1)
        return (g * self.xn + b).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.sum(grad_out * self.xn, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        s1 = d.sum(axis=(1, 2, 3), keepdims=True)
        s2 = (d * self.xn).sum(axis=(1, 2, 3), keepdims=True)
        dx = self.inv / self.m * (self.m * d - s1 - self.xn * s2)
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "gamma and beta gradients are summed over the statistics' axes (1, 2, 3), so their shape is (N,) instead of (C,).",
        "grads-over-wrong-axes",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}
        self.grads = {}

    def forward(self, x):
        self.axes = (1, 2, 3)
        self.mean = x.mean(self.axes, keepdims=True)
        self.var = x.var(self.axes, keepdims=True)
        self.x_hat = (x - self.mean) / np.sqrt(self.var + self.eps)
        g, b = self.params["gamma"], self.params["beta"]
        return (g[None, :, None, None] * self.x_hat + b[None, :, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.sum(grad_out * self.x_hat, axis=self.axes)
        self.grads["beta"] = np.sum(grad_out, axis=self.axes)
        g = grad_out * self.params["gamma"][None, :, None, None]
        a = np.mean(g, axis=self.axes, keepdims=True)
        b = np.mean(g * self.x_hat, axis=self.axes, keepdims=True)
        return ((g - a - self.x_hat * b) / np.sqrt(self.var + self.eps)).astype(grad_out.dtype)
""",
    ),
    (
        "Keeps running statistics like BatchNorm and uses them at test, which instance normalization does not.",
        "running-statistics",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)
        self.running_mean = np.zeros(num_channels)
        self.running_var = np.ones(num_channels)

    def forward(self, x):
        self.mode = self.training
        if self.training:
            mu = x.mean(axis=(2, 3), keepdims=True)
            var = x.var(axis=(2, 3), keepdims=True)
            self.running_mean = 0.9 * self.running_mean + 0.1 * mu.mean(axis=(0, 2, 3))
            self.running_var = 0.9 * self.running_var + 0.1 * var.mean(axis=(0, 2, 3))
        else:
            mu = self.running_mean.reshape(1, -1, 1, 1)
            var = self.running_var.reshape(1, -1, 1, 1)
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mu) / self.std
        y = self.params["gamma"].reshape(1, -1, 1, 1) * self.xhat + self.params["beta"].reshape(1, -1, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        if self.mode:
            d = d - d.mean(axis=(2, 3), keepdims=True) - self.xhat * (d * self.xhat).mean(axis=(2, 3), keepdims=True)
        return (d / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "In a loop over samples the gamma and beta gradients are assigned, so only the last sample's remain.",
        "last-sample-only",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.num_channels = num_channels
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        self.xhat = np.zeros(x.shape)
        self.std = np.zeros(x.shape[:2])
        out = np.zeros(x.shape, dtype=x.dtype)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                m = x[n, c].mean()
                v = ((x[n, c] - m) ** 2).mean()
                self.std[n, c] = np.sqrt(v + self.eps)
                self.xhat[n, c] = (x[n, c] - m) / self.std[n, c]
                out[n, c] = self.params["gamma"][c] * self.xhat[n, c] + self.params["beta"][c]
        return out

    def backward(self, grad_out):
        dx = np.zeros(grad_out.shape, dtype=grad_out.dtype)
        dgamma = np.zeros(self.num_channels)
        dbeta = np.zeros(self.num_channels)
        for n in range(grad_out.shape[0]):
            for c in range(self.num_channels):
                g = grad_out[n, c]
                xh = self.xhat[n, c]
                dgamma[c] = np.sum(g * xh)
                dbeta[c] = np.sum(g)
                d = g * self.params["gamma"][c]
                dx[n, c] = (d - d.mean() - xh * (d * xh).mean()) / self.std[n, c]
        self.grads["gamma"] = dgamma
        self.grads["beta"] = dbeta
        return dx
""",
    ),
    (
        "Backward subtracts the mean of the gradient but has no term for the variance.",
        "no-path-through-variance",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones((num_channels,))
        self.params["beta"] = np.zeros((num_channels,))

    def forward(self, x):
        self.mean = np.mean(x, axis=(-2, -1), keepdims=True)
        self.centered = x - self.mean
        self.var = np.mean(self.centered ** 2, axis=(-2, -1), keepdims=True)
        self.inv_std = (self.var + self.eps) ** -0.5
        gamma = self.params["gamma"][np.newaxis, :, np.newaxis, np.newaxis]
        beta = self.params["beta"][np.newaxis, :, np.newaxis, np.newaxis]
        return (gamma * self.centered * self.inv_std + beta).astype(x.dtype)

    def backward(self, grad_out):
        norm = self.centered * self.inv_std
        self.grads["gamma"] = np.sum(grad_out * norm, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        gamma = self.params["gamma"][np.newaxis, :, np.newaxis, np.newaxis]
        d = grad_out * gamma * self.inv_std
        d = d - d.mean(axis=(-2, -1), keepdims=True)
        return d.astype(grad_out.dtype)
""",
    ),
    (
        "Hard-codes 1e-8 and ignores the eps argument.",
        "eps-hard-coded",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        v = x.reshape(N, C, H * W)
        mu = v.mean(-1, keepdims=True)
        sd = np.sqrt(v.var(-1, keepdims=True) + 1e-8)
        self.xh = (v - mu) / sd
        self.sd = sd
        y = self.xh * self.params["gamma"][:, None] + self.params["beta"][:, None]
        return y.reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        g = grad_out.reshape(N, C, H * W)
        self.grads["gamma"] = (g * self.xh).sum((0, 2))
        self.grads["beta"] = g.sum((0, 2))
        d = g * self.params["gamma"][:, None]
        d = (d - d.mean(-1, keepdims=True) - self.xh * (d * self.xh).mean(-1, keepdims=True)) / self.sd
        return d.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Reshapes to (N, C/G, G, H, W), so a group takes every G-th channel instead of neighbouring ones.",
        "groups-interleaved",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError("num_channels must be divisible by num_groups")
        self.G, self.C, self.eps = num_groups, num_channels, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        xg = x.reshape(N, C // self.G, self.G, H, W)
        mu = xg.mean(axis=(1, 3, 4), keepdims=True)
        var = xg.var(axis=(1, 3, 4), keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.xhat = (xg - mu) / self.std
        out = self.xhat.reshape(N, C, H, W)
        return (out * self.params["gamma"].reshape(1, C, 1, 1) + self.params["beta"].reshape(1, C, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        xh = self.xhat.reshape(N, C, H, W)
        self.grads["gamma"] = (grad_out * xh).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = (grad_out * self.params["gamma"].reshape(1, C, 1, 1)).reshape(self.xhat.shape)
        ax = (1, 3, 4)
        dx = (d - d.mean(ax, keepdims=True) - self.xhat * (d * self.xhat).mean(ax, keepdims=True)) / self.std
        return dx.reshape(N, C, H, W).astype(grad_out.dtype)
""",
    ),
    (
        "Group size is C // G and no check is made: channels that don't divide give NumPy's or no error at construction.",
        "indivisible-accepted",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups = num_groups
        self.size = num_channels // num_groups
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def groups(self, C):
        for start in range(0, C, self.size):
            yield slice(start, start + self.size)

    def forward(self, x):
        self.xhat = np.zeros(x.shape)
        self.std = np.zeros((x.shape[0], x.shape[1], 1, 1))
        for s in self.groups(x.shape[1]):
            part = x[:, s]
            mu = part.mean(axis=(1, 2, 3), keepdims=True)
            sd = np.sqrt(part.var(axis=(1, 2, 3), keepdims=True) + self.eps)
            self.std[:, s] = sd
            self.xhat[:, s] = (part - mu) / sd
        y = self.xhat * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        dx = np.zeros(grad_out.shape)
        for s in self.groups(grad_out.shape[1]):
            g, xh = d[:, s], self.xhat[:, s]
            dx[:, s] = g - g.mean(axis=(1, 2, 3), keepdims=True) - xh * (g * xh).mean(axis=(1, 2, 3), keepdims=True)
        return (dx / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: one gamma and beta for a group instead of for a channel, and no ValueError for channels that the groups don't divide.",
        "gamma-per-group",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.num_groups = num_groups
        self.eps = eps
        self.params["gamma"] = np.ones(num_groups)
        self.params["beta"] = np.zeros(num_groups)

    def forward(self, x):
        n = x.shape[0]
        flat = x.reshape(n, self.num_groups, -1)
        m = flat.mean(axis=2, keepdims=True)
        v = flat.var(axis=2, keepdims=True)
        self.inv = 1 / np.sqrt(v + self.eps)
        self.norm = (flat - m) * self.inv
        y = self.norm * self.params["gamma"][:, None] + self.params["beta"][:, None]
        return y.reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(self.norm.shape)
        self.grads["gamma"] = (g * self.norm).sum(axis=(0, 2))
        self.grads["beta"] = g.sum(axis=(0, 2))
        d = g * self.params["gamma"][:, None]
        d = d - d.mean(axis=2, keepdims=True) - self.norm * (d * self.norm).mean(axis=2, keepdims=True)
        return (d * self.inv).reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "The two mean terms of backward are taken over (H, W) only, although the forward's statistics also span the channels of the group.",
        "another-formula",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError(f"{num_channels} channels in {num_groups} groups")
        self.num_groups, self.num_channels, self.eps = num_groups, num_channels, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        n, c, h, w = x.shape
        self.shape5 = (n, self.num_groups, c // self.num_groups, h, w)
        v = x.reshape(self.shape5)
        mu = v.mean(axis=(2, 3, 4), keepdims=True)
        self.sigma = np.sqrt(v.var(axis=(2, 3, 4), keepdims=True) + self.eps)
        self.z = (v - mu) / self.sigma
        y = self.z.reshape(x.shape)
        return (self.params["gamma"].reshape(1, c, 1, 1) * y + self.params["beta"].reshape(1, c, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        n, c, h, w = grad_out.shape
        z4 = self.z.reshape(grad_out.shape)
        self.grads["gamma"] = np.sum(grad_out * z4, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        dz = (grad_out * self.params["gamma"].reshape(1, c, 1, 1)).reshape(self.shape5)
        t1 = dz.mean(axis=(3, 4), keepdims=True)
        t2 = (dz * self.z).mean(axis=(3, 4), keepdims=True)
        dx = (dz - t1 - self.z * t2) / self.sigma
        return dx.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: num_groups is used as the number of channels in a group, and an assert stands for the ValueError.",
        "group-size-confused",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        assert num_channels % num_groups == 0
        self.per_group = num_groups
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        r = x.reshape(N, C // self.per_group, self.per_group * H * W)
        mean = r.mean(-1, keepdims=True)
        var = r.var(-1, keepdims=True)
        self.istd = 1 / np.sqrt(var + self.eps)
        self.xhat = (r - mean) * self.istd
        y = self.xhat.reshape(x.shape)
        return (y * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat.reshape(grad_out.shape)).sum((0, 2, 3))
        self.grads["beta"] = grad_out.sum((0, 2, 3))
        g = (grad_out * self.params["gamma"][:, None, None]).reshape(self.xhat.shape)
        g = g - g.mean(-1, keepdims=True) - self.xhat * (g * self.xhat).mean(-1, keepdims=True)
        return (g * self.istd).reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: standardises over the filters (axis 0) instead of inside each filter, with ddof = 1.",
        "filters-together",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        mu = W.mean(axis=0, keepdims=True)
        var = W.var(axis=0, ddof=1, keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.w_hat = (W - mu) / self.std
        return self.w_hat

    def backward(self, grad_out):
        a = grad_out.mean(axis=0, keepdims=True)
        b = (grad_out * self.w_hat).mean(axis=0, keepdims=True)
        return (grad_out - a - self.w_hat * b) / self.std
""",
    ),
    (
        "eps is added to the standard deviation, outside the root.",
        "eps-outside-root",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        ax = (1, 2, 3)
        self.centered = W - W.mean(axis=ax, keepdims=True)
        self.sigma = W.std(axis=ax, keepdims=True)
        self.d = self.sigma + self.eps
        return self.centered / self.d

    def backward(self, grad_out):
        ax = (1, 2, 3)
        n = grad_out[0].size
        g = grad_out - grad_out.mean(axis=ax, keepdims=True)
        s = (grad_out * self.centered).sum(axis=ax, keepdims=True)
        safe = np.where(self.sigma > 0, self.sigma, 1)
        return (g / self.d - self.centered * s / (n * safe * self.d ** 2)).astype(grad_out.dtype)
""",
    ),
    (
        "In the step-by-step chain the factor 2 of d(w − mu)² is forgotten.",
        "factor-two-lost",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        self.shape = W.shape
        w = W.reshape(W.shape[0], -1)
        self.n = w.shape[1]
        self.c = w - w.mean(axis=1, keepdims=True)
        self.v = (self.c ** 2).mean(axis=1, keepdims=True) + self.eps
        return (self.c / np.sqrt(self.v)).reshape(W.shape)

    def backward(self, grad_out):
        g = grad_out.reshape(grad_out.shape[0], -1)
        dc = g / np.sqrt(self.v)
        dv = (g * self.c).sum(axis=1, keepdims=True) * (-0.5) * self.v ** -1.5
        dc = dc + dv * self.c / self.n
        dw = dc - dc.mean(axis=1, keepdims=True)
        return dw.reshape(self.shape)
""",
    ),
    (
        "Counts only gamma and beta: 2LM.",
        "only-trainable-counted",
        """
def batchnorm_parameter_count(num_layers, num_maps):
    # gamma и beta
    return 2 * num_layers * num_maps
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
