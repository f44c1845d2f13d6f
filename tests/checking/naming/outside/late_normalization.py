"""Wrong answers of lesson normalization, written before the names of this room were known."""

BATCH = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        N, C, H, W = x.shape
        self.dims = x.shape
        self.in_dtype = x.dtype
        flat = x.transpose(0, 2, 3, 1).reshape(-1, C)
        self.trained = self.training
        if self.training:
            mu = flat.mean(axis=0)
            var = flat.var(axis=0)
            self.running_mean[...] = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var[...] = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.x_hat = (flat - mu) / self.std
        out = self.params["gamma"] * self.x_hat + self.params["beta"]
        return out.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(x.dtype)

    def backward(self, dout):
        N, C, H, W = self.dims
        d = dout.transpose(0, 2, 3, 1).reshape(-1, C)
        m = d.shape[0]
        self.grads = {"gamma": (d * self.x_hat).sum(axis=0), "beta": d.sum(axis=0)}
        dxhat = d * self.params["gamma"]
        if self.trained:
            dx = m * dxhat - dxhat.sum(axis=0) - self.x_hat * (dxhat * self.x_hat).sum(axis=0)
            dx = dx / (m * self.std)
        else:
            dx = dxhat / self.std
        return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(self.in_dtype)
"""
LAYER = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        axes = (1, 2, 3)
        mean = x.mean(axis=axes, keepdims=True)
        centered = x - mean
        var = np.mean(centered**2, axis=axes, keepdims=True)
        self.ivar = 1.0 / np.sqrt(var + self.eps)
        self.xhat = centered * self.ivar
        g = self.params["gamma"].reshape(1, -1, 1, 1)
        b = self.params["beta"].reshape(1, -1, 1, 1)
        return (g * self.xhat + b).astype(x.dtype)

    def backward(self, dout):
        axes = (1, 2, 3)
        self.grads["gamma"] = np.sum(dout * self.xhat, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(dout, axis=(0, 2, 3))
        dxhat = dout * self.params["gamma"].reshape(1, -1, 1, 1)
        first = dxhat.mean(axis=axes, keepdims=True)
        second = (dxhat * self.xhat).mean(axis=axes, keepdims=True)
        return (self.ivar * (dxhat - first - self.xhat * second)).astype(dout.dtype)
"""
INSTANCE = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        n, c, h, w = x.shape
        rows = x.reshape(n * c, h * w)
        mu = rows.mean(axis=1, keepdims=True)
        var = rows.var(axis=1, keepdims=True)
        self.inv_std = 1 / np.sqrt(var + self.eps)
        self.norm = ((rows - mu) * self.inv_std).reshape(x.shape)
        gamma = self.params["gamma"][None, :, None, None]
        beta = self.params["beta"][None, :, None, None]
        return (gamma * self.norm + beta).astype(x.dtype)

    def backward(self, g):
        n, c, h, w = g.shape
        self.grads["gamma"] = (g * self.norm).sum((0, 2, 3))
        self.grads["beta"] = g.sum((0, 2, 3))
        d = (g * self.params["gamma"][None, :, None, None]).reshape(n * c, h * w)
        z = self.norm.reshape(n * c, h * w)
        dx = self.inv_std * (d - d.mean(1, keepdims=True) - z * (d * z).mean(1, keepdims=True))
        return dx.reshape(g.shape).astype(g.dtype)
"""
GROUP = """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError("channels must be divisible by groups")
        self.G, self.eps = num_groups, eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        N, C, H, W = x.shape
        grouped = x.reshape(N, self.G, C // self.G, H, W)
        mean = grouped.mean(axis=(2, 3, 4), keepdims=True)
        var = grouped.var(axis=(2, 3, 4), keepdims=True)
        self.sigma = np.sqrt(var + self.eps)
        self.hat = (grouped - mean) / self.sigma
        y = self.hat.reshape(N, C, H, W)
        return (y * self.params["gamma"].reshape(1, C, 1, 1) + self.params["beta"].reshape(1, C, 1, 1)).astype(x.dtype)

    def backward(self, dout):
        N, C, H, W = dout.shape
        self.grads["gamma"] = (dout * self.hat.reshape(N, C, H, W)).sum(axis=(0, 2, 3))
        self.grads["beta"] = dout.sum(axis=(0, 2, 3))
        d = (dout * self.params["gamma"].reshape(1, C, 1, 1)).reshape(self.hat.shape)
        m = (C // self.G) * H * W
        s1 = d.sum(axis=(2, 3, 4), keepdims=True)
        s2 = (d * self.hat).sum(axis=(2, 3, 4), keepdims=True)
        dx = (d - s1 / m - self.hat * s2 / m) / self.sigma
        return dx.reshape(N, C, H, W).astype(dout.dtype)
"""
WEIGHTS = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        mean = W.mean(axis=(1, 2, 3), keepdims=True)
        std = np.sqrt(W.var(axis=(1, 2, 3), keepdims=True) + self.eps)
        self.std = std
        self.What = (W - mean) / std
        return self.What.astype(W.dtype)

    def backward(self, dW):
        def avg(t):
            return t.mean(axis=(1, 2, 3), keepdims=True)

        return ((dW - avg(dW) - self.What * avg(dW * self.What)) / self.std).astype(dW.dtype)
"""
COUNT = """
def batchnorm_parameter_count(num_layers, num_maps):
    per_map = 4
    return num_layers * num_maps * per_map
"""

WRONG = (
    (
        "momentum the other way",
        "momentum-swapped",
        BATCH,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "(1 - self.alpha) * self.running_mean + self.alpha * mu",
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "(1 - self.alpha) * self.running_var + self.alpha * var",
    ),
    (
        "standard deviation kept",
        "running-std",
        BATCH,
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "self.alpha * self.running_var + (1 - self.alpha) * np.sqrt(var)",
    ),
    (
        "batch statistics at test",
        "batch-statistics-at-test",
        BATCH,
        "mu, var = self.running_mean, self.running_var",
        "mu, var = flat.mean(axis=0), flat.var(axis=0)",
    ),
    (
        "flattened without transposing",
        "channels-mixed",
        BATCH,
        "flat = x.transpose(0, 2, 3, 1).reshape(-1, C)",
        "flat = x.reshape(-1, C)",
        "return out.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(x.dtype)",
        "return out.reshape(N, C, H, W).astype(x.dtype)",
        "d = dout.transpose(0, 2, 3, 1).reshape(-1, C)",
        "d = dout.reshape(-1, C)",
        "return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)",
        "return dx.reshape(N, C, H, W)",
    ),
    ("m is the batch", "divided-by-wrong-n", BATCH, "m = d.shape[0]", "m = N"),
    (
        "the second sum without x_hat",
        "another-formula",
        BATCH,
        "(dxhat * self.x_hat).sum(axis=0)\n            dx",
        "dxhat.sum(axis=0)\n            dx",
    ),
    (
        "dout for dxhat in the sums",
        "another-formula",
        BATCH,
        "dx = m * dxhat - dxhat.sum(axis=0) - self.x_hat * (dxhat * self.x_hat).sum(axis=0)",
        "dx = m * dxhat - d.sum(axis=0) - self.x_hat * (d * self.x_hat).sum(axis=0)",
    ),
    (
        "the training gradient at test",
        "training-gradient-at-test",
        BATCH,
        "        if self.trained:\n            dx = m",
        "        if True:\n            dx = m",
    ),
    (
        "gamma twice",
        "array-wrong",
        BATCH,
        "dx = dx / (m * self.std)",
        'dx = self.params["gamma"] * dx / (m * self.std)',
    ),
    (
        "std not squared under the root",
        "eps-outside-root",
        BATCH,
        "self.std = np.sqrt(var + self.eps)",
        "self.std = np.sqrt(var) + self.eps",
    ),
    (
        "divided by the variance",
        "divided-by-variance",
        BATCH,
        "self.std = np.sqrt(var + self.eps)",
        "self.std = var + self.eps",
    ),
    (
        "unbiased variance of everything",
        "unbiased-variance",
        BATCH,
        "var = flat.var(axis=0)",
        "var = flat.var(axis=0, ddof=1)",
    ),
    (
        "the last two axes",
        "each-map-alone",
        LAYER,
        "axes = (1, 2, 3)\n        mean",
        "axes = (2, 3)\n        mean",
        "axes = (1, 2, 3)\n        self.grads",
        "axes = (2, 3)\n        self.grads",
    ),
    (
        "only the channels",
        "channel-axis-only",
        LAYER,
        "axes = (1, 2, 3)\n        mean",
        "axes = 1\n        mean",
        "axes = (1, 2, 3)\n        self.grads",
        "axes = 1\n        self.grads",
    ),
    (
        "gamma's gradient without x_hat",
        "gamma-gradient-without-xhat",
        LAYER,
        "np.sum(dout * self.xhat, axis=(0, 2, 3))",
        "np.sum(dout, axis=(0, 2, 3))",
    ),
    (
        "gamma left out of the gradient",
        "gamma-not-in-gradient",
        LAYER,
        'dxhat = dout * self.params["gamma"].reshape(1, -1, 1, 1)',
        "dxhat = dout",
    ),
    (
        "the first mean forgotten",
        "no-path-through-mean",
        LAYER,
        "(dxhat - first - self.xhat * second)",
        "(dxhat - self.xhat * second)",
    ),
    (
        "statistics as constants",
        "statistics-as-constants",
        LAYER,
        "self.ivar * (dxhat - first - self.xhat * second)",
        "self.ivar * dxhat",
    ),
    ("plus in place of minus", "sign-of-path", LAYER, "- self.xhat * second", "+ self.xhat * second"),
    (
        "rows over the batch",
        "batch-in-statistics",
        INSTANCE,
        "rows = x.reshape(n * c, h * w)",
        "rows = x.transpose(1, 0, 2, 3).reshape(c, -1)",
        "((rows - mu) * self.inv_std).reshape(x.shape)",
        "((rows - mu) * self.inv_std).reshape(c, n, h, w).transpose(1, 0, 2, 3)",
    ),
    ("inverse cubed", "another-formula", INSTANCE, "dx = self.inv_std * (d", "dx = self.inv_std**3 * (d"),
    (
        "beta added before gamma",
        "shift-before-scale",
        INSTANCE,
        "return (gamma * self.norm + beta).astype(x.dtype)",
        "return (gamma * (self.norm + beta)).astype(x.dtype)",
    ),
    (
        "gradient a mean over samples",
        "parameter-gradients-averaged",
        INSTANCE,
        'self.grads["gamma"] = (g * self.norm).sum((0, 2, 3))',
        'self.grads["gamma"] = (g * self.norm).mean((0, 2, 3))',
        'self.grads["beta"] = g.sum((0, 2, 3))',
        'self.grads["beta"] = g.mean((0, 2, 3))',
    ),
    (
        "no spatial axes",
        "channel-axis-only",
        GROUP,
        "grouped.mean(axis=(2, 3, 4), keepdims=True)",
        "grouped.mean(axis=2, keepdims=True)",
        "grouped.var(axis=(2, 3, 4), keepdims=True)",
        "grouped.var(axis=2, keepdims=True)",
    ),
    (
        "channels and groups exchanged",
        "group-size-confused",
        GROUP,
        "grouped = x.reshape(N, self.G, C // self.G, H, W)",
        "grouped = x.reshape(N, C // self.G, self.G, H, W)",
    ),
    ("m without the maps", "divisor-map-only", GROUP, "m = (C // self.G) * H * W", "m = H * W"),
    ("m without the image", "another-formula", GROUP, "m = (C // self.G) * H * W", "m = C // self.G"),
    (
        "gamma forgotten in the forward pass",
        "another-formula",
        GROUP,
        'y * self.params["gamma"].reshape(1, C, 1, 1) + self',
        "y + self",
    ),
    (
        "filters' axis",
        "filters-together",
        WEIGHTS,
        "mean = W.mean(axis=(1, 2, 3), keepdims=True)\n        std = np.sqrt(W.var(axis=(1, 2, 3), keepdims=True) + self.eps)",
        "mean = W.mean(axis=0, keepdims=True)\n        std = np.sqrt(W.var(axis=0, keepdims=True) + self.eps)",
    ),
    ("only centred", "another-formula", WEIGHTS, "self.What = (W - mean) / std", "self.What = W - mean"),
    (
        "the mean of one filter for all",
        "another-formula",
        WEIGHTS,
        "mean = W.mean(axis=(1, 2, 3), keepdims=True)",
        "mean = W.mean()",
    ),
    (
        "divided by the norm",
        "another-formula",
        WEIGHTS,
        "std = np.sqrt(W.var(axis=(1, 2, 3), keepdims=True) + self.eps)",
        "std = np.sqrt(((W - mean) ** 2).sum(axis=(1, 2, 3), keepdims=True) + self.eps)",
    ),
    ("gamma and beta alone", "only-trainable-counted", COUNT, "per_map = 4", "per_map = 2"),
    (
        "maps squared",
        "maps-squared",
        COUNT,
        "num_layers * num_maps * per_map",
        "num_layers * num_maps * num_maps * per_map",
    ),
)
