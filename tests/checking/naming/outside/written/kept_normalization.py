"""More wrong answers of lesson normalization by an author who had not seen the checks, judged once at the end."""

WRONG = (
    (
        "The running variance is fed with the standard deviation instead of the variance.",
        "running-std",
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
        self.mode = self.training
        if self.mode:
            mean = x.mean(axis=(0, 2, 3))
            std = np.sqrt(x.var(axis=(0, 2, 3)) + self.eps)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * std
        else:
            mean = self.running_mean
            std = np.sqrt(self.running_var + self.eps)
        self.std = std[None, :, None, None]
        self.x_hat = (x - mean[None, :, None, None]) / self.std
        return (self.params["gamma"][None, :, None, None] * self.x_hat
                + self.params["beta"][None, :, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        ax = (0, 2, 3)
        self.grads["gamma"] = (grad_out * self.x_hat).sum(ax)
        self.grads["beta"] = grad_out.sum(ax)
        d = grad_out * self.params["gamma"][None, :, None, None]
        if self.mode:
            d = d - d.mean(ax, keepdims=True) - self.x_hat * (d * self.x_hat).mean(ax, keepdims=True)
        return (d / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "gamma and beta are swapped in the backward gradients (copy-paste).",
        "gamma-and-beta-confused",
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
        self.training_pass = self.training
        if self.training:
            mu = x.mean(axis=(0, 2, 3), keepdims=True)
            var = x.var(axis=(0, 2, 3), keepdims=True)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu[0, :, 0, 0]
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var[0, :, 0, 0]
        else:
            mu = self.running_mean.reshape(1, -1, 1, 1)
            var = self.running_var.reshape(1, -1, 1, 1)
        self.inv = 1.0 / np.sqrt(var + self.eps)
        self.xn = (x - mu) * self.inv
        y = self.xn * self.params["gamma"].reshape(1, -1, 1, 1) + self.params["beta"].reshape(1, -1, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        axes = (0, 2, 3)
        self.grads["beta"] = np.sum(grad_out * self.xn, axis=axes)
        self.grads["gamma"] = np.sum(grad_out, axis=axes)
        g = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        if self.training_pass:
            g = g - g.mean(axis=axes, keepdims=True) - self.xn * np.mean(g * self.xn, axis=axes, keepdims=True)
        return (g * self.inv).astype(grad_out.dtype)
""",
    ),
    (
        "After a test forward the backward still uses the training gradient with its mean and variance terms.",
        "training-gradient-at-test",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        if self.training:
            mean = np.mean(x, axis=(0, 2, 3))
            var = np.mean(x ** 2 - 2 * x * mean[:, None, None] + mean[:, None, None] ** 2, axis=(0, 2, 3))
            self.running_mean = self.running_mean * self.alpha + mean * (1 - self.alpha)
            self.running_var = self.running_var * self.alpha + var * (1 - self.alpha)
        else:
            mean, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)[:, None, None]
        self.x_hat = (x - mean[:, None, None]) / self.std
        return (self.x_hat * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        n = grad_out.shape[0] * grad_out.shape[2] * grad_out.shape[3]
        self.grads["gamma"] = np.sum(grad_out * self.x_hat, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        dx_hat = grad_out * self.params["gamma"][:, None, None]
        dx = (n * dx_hat - dx_hat.sum(axis=(0, 2, 3), keepdims=True)
              - self.x_hat * (dx_hat * self.x_hat).sum(axis=(0, 2, 3), keepdims=True)) / (n * self.std)
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "The number of elements in backward is N instead of N·H·W (formula copied from a fully connected batch norm).",
        "divided-by-wrong-n",
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
        self.train_time = self.training
        r = lambda v: v.reshape(1, -1, 1, 1)
        if self.training:
            mu, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        self.istd = 1 / np.sqrt(r(var) + self.eps)
        self.xhat = (x - r(mu)) * self.istd
        return (r(self.params["gamma"]) * self.xhat + r(self.params["beta"])).astype(x.dtype)

    def backward(self, grad_out):
        m = grad_out.shape[0]
        r = lambda v: v.reshape(1, -1, 1, 1)
        dgamma = np.sum(grad_out * self.xhat, axis=(0, 2, 3))
        dbeta = np.sum(grad_out, axis=(0, 2, 3))
        self.grads["gamma"] = dgamma
        self.grads["beta"] = dbeta
        if not self.train_time:
            return (grad_out * r(self.params["gamma"]) * self.istd).astype(grad_out.dtype)
        dx = r(self.params["gamma"]) * self.istd / m * (m * grad_out - self.xhat * r(dgamma) - r(dbeta))
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: the running statistics are class attributes updated in place (shared by all layers of a size), and the running variance is unbiased.",
        "",
        """
class BatchNorm2d(Layer):
    stats = {}

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        if num_features not in BatchNorm2d.stats:
            BatchNorm2d.stats[num_features] = (np.zeros(num_features), np.ones(num_features))
        self.running_mean, self.running_var = BatchNorm2d.stats[num_features]

    def forward(self, x):
        self.m = self.training
        if self.m:
            mu = x.mean(axis=(0, 2, 3))
            var = x.var(axis=(0, 2, 3))
            n = x.size // x.shape[1]
            self.running_mean[:] = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var[:] = self.alpha * self.running_var + (1 - self.alpha) * var * n / (n - 1)
        else:
            mu, var = self.running_mean, self.running_var
        self.sd = np.sqrt(var + self.eps).reshape(1, -1, 1, 1)
        self.xh = (x - mu.reshape(1, -1, 1, 1)) / self.sd
        return (self.xh * self.params["gamma"].reshape(1, -1, 1, 1) + self.params["beta"].reshape(1, -1, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        ax = (0, 2, 3)
        self.grads["gamma"] = np.sum(grad_out * self.xh, ax)
        self.grads["beta"] = np.sum(grad_out, ax)
        g = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        if self.m:
            g = g - g.mean(ax, keepdims=True) - self.xh * (g * self.xh).mean(ax, keepdims=True)
        return (g / self.sd).astype(grad_out.dtype)
""",
    ),
    (
        "Mean and variance over the whole array, batch included.",
        "batch-in-statistics",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        self.std = np.sqrt(np.var(x) + self.eps)
        self.x_hat = (x - np.mean(x)) / self.std
        return (self.params["gamma"][:, None, None] * self.x_hat + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.sum(grad_out * self.x_hat, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        return ((d - np.mean(d) - self.x_hat * np.mean(d * self.x_hat)) / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "dx uses grad_out in place of grad_out·gamma.",
        "gamma-not-in-gradient",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        ax = (1, 2, 3)
        self.mu = x.mean(axis=ax, keepdims=True)
        self.var = x.var(axis=ax, keepdims=True)
        self.inv = 1 / np.sqrt(self.var + self.eps)
        self.xh = (x - self.mu) * self.inv
        g = self.params["gamma"].reshape(1, -1, 1, 1)
        b = self.params["beta"].reshape(1, -1, 1, 1)
        return (self.xh * g + b).astype(x.dtype)

    def backward(self, grad_out):
        ax = (1, 2, 3)
        self.grads["gamma"] = (grad_out * self.xh).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out
        dx = self.inv * (d - d.mean(axis=ax, keepdims=True) - self.xh * (d * self.xh).mean(axis=ax, keepdims=True))
        return dx.astype(grad_out.dtype)
""",
    ),
    (
        "Unbiased standard deviation (ddof = 1), as torch.std gives by default.",
        "unbiased-variance",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        n = x.shape[0]
        v = x.reshape(n, -1)
        self.n = v.shape[1]
        var = ((v - v.mean(1, keepdims=True)) ** 2).sum(1, keepdims=True) / (self.n - 1)
        self.sd = np.sqrt(var + self.eps).reshape(n, 1, 1, 1)
        self.xh = (x - v.mean(1).reshape(n, 1, 1, 1)) / self.sd
        return (self.xh * self.params["gamma"].reshape(1, -1, 1, 1) + self.params["beta"].reshape(1, -1, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        ax = (1, 2, 3)
        self.grads["gamma"] = (grad_out * self.xh).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        s = (d * self.xh).sum(axis=ax, keepdims=True) / (self.n - 1)
        return ((d - d.mean(axis=ax, keepdims=True) - self.xh * s) / self.sd).astype(grad_out.dtype)
""",
    ),
    (
        "Divides by H² in place of H·W (mean by hand), right only for square maps.",
        "slices-scaled-and-shifted",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        self.m = x.shape[2] * x.shape[2]
        mu = x.sum(axis=(2, 3), keepdims=True) / self.m
        var = ((x - mu) ** 2).sum(axis=(2, 3), keepdims=True) / self.m
        self.sd = np.sqrt(var + self.eps)
        self.xh = (x - mu) / self.sd
        return (self.xh * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xh).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        s1 = d.sum(axis=(2, 3), keepdims=True) / self.m
        s2 = (d * self.xh).sum(axis=(2, 3), keepdims=True) / self.m
        return ((d - s1 - self.xh * s2) / self.sd).astype(grad_out.dtype)
""",
    ),
    (
        "gamma and beta are used in forward but backward never fills grads, as with torch's affine=False.",
        "grads-not-filled",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        mu = x.mean(axis=(2, 3), keepdims=True)
        var = x.var(axis=(2, 3), keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.norm = (x - mu) / self.std
        return (self.params["gamma"].reshape(1, -1, 1, 1) * self.norm
                + self.params["beta"].reshape(1, -1, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        gm = g.mean(axis=(2, 3), keepdims=True)
        gn = (g * self.norm).mean(axis=(2, 3), keepdims=True)
        return ((g - gm - self.norm * gn) / self.std).astype(grad_out.dtype)
""",
    ),
    (
        "The statistics of a group also run over the batch: axes (0, 2, 3, 4).",
        "slices-scaled-and-shifted",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError("num_channels % num_groups")
        self.G = num_groups
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        v = x.reshape(N, self.G, C // self.G, H, W)
        ax = (0, 2, 3, 4)
        self.sd = np.sqrt(v.var(axis=ax, keepdims=True) + self.eps)
        self.h = (v - v.mean(axis=ax, keepdims=True)) / self.sd
        y = self.h.reshape(x.shape)
        return (y * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        ax = (0, 2, 3, 4)
        self.grads["gamma"] = (grad_out * self.h.reshape(grad_out.shape)).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = (grad_out * self.params["gamma"][:, None, None]).reshape(self.h.shape)
        d = (d - d.mean(axis=ax, keepdims=True) - self.h * (d * self.h).mean(axis=ax, keepdims=True)) / self.sd
        return d.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Two mistakes: the reshape of a channels-last (TensorFlow) example, (N, H, W, G, C/G), used on (N, C, H, W); and no ValueError where groups don't divide.",
        "reshape-across-maps",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        self.G, self.eps = num_groups, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        N, C, H, W = x.shape
        G = self.G
        z = x.reshape(N, H, W, G, C // G)
        mean = z.mean(axis=(1, 2, 4), keepdims=True)
        var = z.var(axis=(1, 2, 4), keepdims=True)
        self.std = np.sqrt(var + self.eps)
        self.z = (z - mean) / self.std
        y = self.z.reshape(N, C, H, W)
        return (y * self.params["gamma"].reshape(1, C, 1, 1) + self.params["beta"].reshape(1, C, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        self.grads["gamma"] = (grad_out * self.z.reshape(grad_out.shape)).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = (grad_out * self.params["gamma"].reshape(1, C, 1, 1)).reshape(self.z.shape)
        ax = (1, 2, 4)
        d = (d - d.mean(axis=ax, keepdims=True) - self.z * (d * self.z).mean(axis=ax, keepdims=True)) / self.std
        return d.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Divides by the variance + eps: the square root is forgotten.",
        "divided-by-variance",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        ax = (1, 2, 3)
        self.c = W - W.mean(ax, keepdims=True)
        self.v = (self.c ** 2).mean(ax, keepdims=True) + self.eps
        return self.c / self.v

    def backward(self, grad_out):
        ax = (1, 2, 3)
        n = grad_out[0].size
        dv = -(grad_out * self.c).sum(ax, keepdims=True) / self.v ** 2
        dc = grad_out / self.v + 2 * self.c * dv / n
        return dc - dc.mean(ax, keepdims=True)
""",
    ),
    (
        "Statistics over (p, q) of each kernel slice, without the input maps M.",
        "each-slice-alone",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, W):
        mean = np.mean(W, axis=(2, 3), keepdims=True)
        self.std = np.sqrt(np.var(W, axis=(2, 3), keepdims=True) + self.eps)
        self.hat = (W - mean) / self.std
        return self.hat

    def backward(self, grad_out):
        m = grad_out.mean(axis=(2, 3), keepdims=True)
        k = (grad_out * self.hat).mean(axis=(2, 3), keepdims=True)
        return (grad_out - m - self.hat * k) / self.std
""",
    ),
    (
        "Adds the layers and the maps instead of multiplying them.",
        "another-formula",
        """
def batchnorm_parameter_count(num_layers: int, num_maps: int) -> int:
    return 4 * (num_layers + num_maps)
""",
    ),
)
"""The cause, the name that is given to it, and the whole source."""
