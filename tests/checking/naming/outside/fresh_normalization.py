"""Wrong answers of lesson normalization, written last, without the altered oracles at hand."""

BATCH = """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)
        self.alpha, self.eps = alpha, eps

    def forward(self, x):
        N, C, H, W = x.shape
        self.was_training = self.training
        self.dtype = x.dtype
        flat = x.astype(np.float64).transpose(0, 2, 3, 1).reshape(-1, C)
        if self.training:
            mu = flat.mean(axis=0)
            var = flat.var(axis=0)
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)
        self.xhat = (flat - mu) / self.std
        out = self.params["gamma"] * self.xhat + self.params["beta"]
        return out.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        d = grad_out.astype(np.float64).transpose(0, 2, 3, 1).reshape(-1, C)
        M = d.shape[0]
        dgamma = (d * self.xhat).sum(axis=0)
        dbeta = d.sum(axis=0)
        self.grads["gamma"], self.grads["beta"] = dgamma, dbeta
        g = self.params["gamma"]
        if self.was_training:
            dx = g / (M * self.std) * (M * d - dbeta - self.xhat * dgamma)
        else:
            dx = d * g / self.std
        return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(self.dtype)
"""
STEPS = """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        self.dtype = x.dtype
        x = x.astype(np.float64)
        axes = (1, 2, 3)
        self.xmu = x - x.mean(axis=axes, keepdims=True)
        self.var = (self.xmu**2).mean(axis=axes, keepdims=True)
        self.ivar = 1.0 / np.sqrt(self.var + self.eps)
        self.xhat = self.xmu * self.ivar
        y = self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]
        return y.astype(self.dtype)

    def backward(self, grad_out):
        g = grad_out.astype(np.float64)
        m = g[0].size
        axes = (1, 2, 3)
        self.grads = {"gamma": (g * self.xhat).sum(axis=(0, 2, 3)), "beta": g.sum(axis=(0, 2, 3))}
        dxhat = g * self.params["gamma"][:, None, None]
        dvar = (dxhat * self.xmu * -0.5 * self.ivar**3).sum(axis=axes, keepdims=True)
        dmu = (-dxhat * self.ivar).sum(axis=axes, keepdims=True)
        dx = dxhat * self.ivar + dvar * 2 * self.xmu / m + dmu / m
        return dx.astype(self.dtype)
"""
INSTANCE = """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        mean = np.mean(x, axis=(2, 3), keepdims=True)
        self.sigma = np.sqrt(np.var(x, axis=(2, 3), keepdims=True) + self.eps)
        self.norm = (x - mean) / self.sigma
        gamma = self.params["gamma"].reshape(1, -1, 1, 1)
        beta = self.params["beta"].reshape(1, -1, 1, 1)
        return (gamma * self.norm + beta).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.norm)
        self.grads["beta"] = np.einsum("nchw->c", grad_out)
        d = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        mean_d = d.mean(axis=(2, 3), keepdims=True)
        mean_dn = (d * self.norm).mean(axis=(2, 3), keepdims=True)
        return ((d - mean_d - self.norm * mean_dn) / self.sigma).astype(grad_out.dtype)
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
        xg = x.reshape(N, self.G, C // self.G, H, W)
        mean = xg.mean(axis=(2, 3, 4), keepdims=True)
        var = xg.var(axis=(2, 3, 4), keepdims=True)
        self.inv = 1 / np.sqrt(var + self.eps)
        self.xn = ((xg - mean) * self.inv).reshape(N, C, H, W)
        out = self.xn * self.params["gamma"][None, :, None, None] + self.params["beta"][None, :, None, None]
        return out.astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        self.grads["gamma"] = (grad_out * self.xn).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        shape = (N, self.G, C // self.G, H, W)
        d = (grad_out * self.params["gamma"][None, :, None, None]).reshape(shape)
        xn = self.xn.reshape(shape)
        ax = (2, 3, 4)
        dx = self.inv * (d - d.mean(axis=ax, keepdims=True) - xn * (d * xn).mean(axis=ax, keepdims=True))
        return dx.reshape(N, C, H, W).astype(grad_out.dtype)
"""
STANDARD = """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, W):
        v = W - W.mean(axis=(1, 2, 3), keepdims=True)
        self.sd = np.sqrt((v * v).mean(axis=(1, 2, 3), keepdims=True) + self.eps)
        self.wh = v / self.sd
        return self.wh.astype(W.dtype)

    def backward(self, grad_out):
        ax = (1, 2, 3)
        a = grad_out.mean(axis=ax, keepdims=True)
        b = (grad_out * self.wh).mean(axis=ax, keepdims=True)
        return ((grad_out - a - self.wh * b) / self.sd).astype(grad_out.dtype)
"""
COUNT = """
def batchnorm_parameter_count(num_layers, num_maps):
    per_map = 4
    return num_layers * num_maps * per_map
"""

WRONG = (
    (
        "unbiased running variance",
        "unbiased-running-variance",
        BATCH,
        "self.running_var + (1 - self.alpha) * var",
        "self.running_var + (1 - self.alpha) * var * len(flat) / max(len(flat) - 1, 1)",
    ),
    (
        "torch's momentum",
        "momentum-swapped",
        BATCH,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "(1 - self.alpha) * self.running_mean + self.alpha * mu",
    ),
    ("eps outside", "eps-outside-root", BATCH, "np.sqrt(var + self.eps)", "(np.sqrt(var) + self.eps)"),
    (
        "divided by the variance",
        "divided-by-variance",
        BATCH,
        "self.std = np.sqrt(var + self.eps)",
        "self.std = var + self.eps",
    ),
    (
        "features not moved",
        "",
        BATCH,
        "x.astype(np.float64).transpose(0, 2, 3, 1).reshape(-1, C)",
        "x.astype(np.float64).reshape(-1, C)",
    ),
    (
        "back without transpose",
        "axes-exchanged",
        BATCH,
        "out.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(x.dtype)",
        "out.reshape(N, C, H, W).astype(x.dtype)",
    ),
    (
        "statistics of the batch at test",
        "batch-statistics-at-test",
        BATCH,
        "mu, var = self.running_mean, self.running_var",
        "mu, var = flat.mean(axis=0), flat.var(axis=0)",
    ),
    (
        "running at training",
        "running-in-training",
        BATCH,
        "        self.std = np",
        "        if self.training:\n            mu, var = self.running_mean, self.running_var\n        self.std = np",
    ),
    ("running standard deviation", "running-std", BATCH, "(1 - self.alpha) * var", "(1 - self.alpha) * np.sqrt(var)"),
    (
        "running sum",
        "old-not-shrunk",
        BATCH,
        "self.alpha * self.running_mean + (1 - self.alpha) * mu",
        "self.running_mean + (1 - self.alpha) * mu",
    ),
    (
        "running average never",
        "running-never-updated",
        BATCH,
        "            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu\n",
        "",
    ),
    ("gamma forgotten in dx", "another-formula", BATCH, "dx = g / (M * self.std)", "dx = 1 / (M * self.std)"),
    (
        "M forgotten",
        "another-formula",
        BATCH,
        "(M * d - dbeta - self.xhat * dgamma)",
        "(d - dbeta - self.xhat * dgamma)",
    ),
    (
        "dbeta forgotten",
        "no-path-through-mean",
        BATCH,
        "(M * d - dbeta - self.xhat * dgamma)",
        "(M * d - self.xhat * dgamma)",
    ),
    ("xhat forgotten", "another-formula", BATCH, "(M * d - dbeta - self.xhat * dgamma)", "(M * d - dbeta - dgamma)"),
    ("plus for minus", "sign-of-path", BATCH, "- self.xhat * dgamma)", "+ self.xhat * dgamma)"),
    ("M of the batch", "divided-by-wrong-n", BATCH, "M = d.shape[0]", "M = N"),
    (
        "gradient of training at test",
        "training-gradient-at-test",
        BATCH,
        "if self.was_training:\n            dx",
        "if True:\n            dx",
    ),
    (
        "gamma gradient with mean",
        "another-formula",
        BATCH,
        "(d * self.xhat).sum(axis=0)",
        "(d * self.xhat).mean(axis=0)",
        "dbeta = d.sum(axis=0)",
        "dbeta = d.mean(axis=0)",
    ),
    (
        "dgamma without xhat",
        "",
        BATCH,
        "dgamma = (d * self.xhat).sum(axis=0)",
        "dgamma = (d * flat_x).sum(axis=0)",
        "M = d.shape[0]",
        "M = d.shape[0]\n        flat_x = self.xhat * self.std",
    ),
    ("dvar without square", "another-formula", STEPS, "-0.5 * self.ivar**3", "-0.5 * self.ivar**2"),
    ("dvar's sign", "sign-of-path", STEPS, "-0.5 * self.ivar**3", "0.5 * self.ivar**3"),
    ("half lost", "another-formula", STEPS, "self.xmu * -0.5 * self.ivar**3", "self.xmu * -self.ivar**3"),
    ("dmu left out", "no-path-through-mean", STEPS, " + dmu / m", ""),
    ("dmu undivided", "another-formula", STEPS, "dmu / m", "dmu"),
    ("2 lost", "factor-two-lost", STEPS, "dvar * 2 * self.xmu / m", "dvar * self.xmu / m"),
    (
        "channels alone",
        "channel-axis-only",
        STEPS,
        "axes = (1, 2, 3)\n        self.xmu",
        "axes = (1,)\n        self.xmu",
    ),
    (
        "whole batch",
        "batch-in-statistics",
        STEPS,
        "axes = (1, 2, 3)\n        self.xmu",
        "axes = (0, 1, 2, 3)\n        self.xmu",
    ),
    ("absolute deviation", "another-formula", STEPS, "(self.xmu**2).mean", "np.abs(self.xmu).mean"),
    ("sum of squares", "another-formula", STEPS, "(self.xmu**2).mean", "(self.xmu**2).sum"),
    (
        "gamma per sample",
        "gamma-not-in-gradient",
        STEPS,
        'dxhat = g * self.params["gamma"][:, None, None]',
        "dxhat = g",
    ),
    ("beta lost", "array-wrong", STEPS, ' + self.params["beta"][:, None, None]', ""),
    (
        "dgamma over all",
        "another-formula",
        STEPS,
        "(g * self.xhat).sum(axis=(0, 2, 3))",
        "(g * self.xhat).sum(axis=(2, 3))[0]",
    ),
    (
        "ddof 1",
        "unbiased-variance",
        INSTANCE,
        "np.var(x, axis=(2, 3), keepdims=True)",
        "np.var(x, axis=(2, 3), keepdims=True, ddof=1)",
    ),
    (
        "only H",
        "another-formula",
        INSTANCE,
        "np.mean(x, axis=(2, 3), keepdims=True)",
        "np.mean(x, axis=2, keepdims=True)",
    ),
    (
        "batch",
        "another-formula",
        INSTANCE,
        "np.mean(x, axis=(2, 3), keepdims=True)",
        "np.mean(x, axis=(0, 2, 3), keepdims=True)",
    ),
    ("sigma without root", "another-formula", INSTANCE, "/ self.sigma).astype(grad", "/ self.sigma**2).astype(grad"),
    ("no sigma in backward", "another-formula", INSTANCE, "/ self.sigma).astype(grad", ").astype(grad"),
    ("mean_dn only", "no-path-through-mean", INSTANCE, "d - mean_d - self.norm * mean_dn", "d - self.norm * mean_dn"),
    ("simple gradient", "statistics-as-constants", INSTANCE, "(d - mean_d - self.norm * mean_dn)", "d"),
    ("beta before gamma", "shift-before-scale", INSTANCE, "(gamma * self.norm + beta)", "gamma * (self.norm + beta)"),
    (
        "groups that alternate",
        "groups-interleaved",
        GROUP,
        "xg = x.reshape(N, self.G, C // self.G, H, W)",
        "xg = x.reshape(N, C // self.G, self.G, H, W)",
        "axis=(2, 3, 4), keepdims=True)\n        var = xg.var(axis=(2, 3, 4)",
        "axis=(1, 3, 4), keepdims=True)\n        var = xg.var(axis=(1, 3, 4)",
    ),
    (
        "groups of size G",
        "group-size-confused",
        GROUP,
        "x.reshape(N, self.G, C // self.G, H, W)",
        "x.reshape(N, C // self.G, self.G, H, W)",
    ),
    (
        "variance of the whole sample",
        "another-formula",
        GROUP,
        "var = xg.var(axis=(2, 3, 4), keepdims=True)",
        "var = xg.var(axis=(1, 2, 3, 4), keepdims=True)",
    ),
    (
        "mean of space",
        "another-formula",
        GROUP,
        "mean = xg.mean(axis=(2, 3, 4), keepdims=True)",
        "mean = xg.mean(axis=(3, 4), keepdims=True)",
    ),
    (
        "gamma in the wrong place",
        "gamma-not-in-gradient",
        GROUP,
        'd = (grad_out * self.params["gamma"][None, :, None, None])',
        "d = grad_out",
    ),
    ("sums for means", "another-formula", GROUP, "d.mean(axis=ax, keepdims=True)", "d.sum(axis=ax, keepdims=True)"),
    ("axes of backward", "another-formula", GROUP, "ax = (2, 3, 4)", "ax = (3, 4)"),
    ("layer's mean", "another-formula", STANDARD, "W.mean(axis=(1, 2, 3), keepdims=True)", "W.mean()"),
    (
        "input maps only",
        "each-slice-alone",
        STANDARD,
        "W.mean(axis=(1, 2, 3), keepdims=True)",
        "W.mean(axis=(2, 3), keepdims=True)",
        "(v * v).mean(axis=(1, 2, 3), keepdims=True)",
        "(v * v).mean(axis=(2, 3), keepdims=True)",
    ),
    (
        "eps outside",
        "eps-outside-root",
        STANDARD,
        "keepdims=True) + self.eps)",
        "keepdims=True)) + self.eps",
        "np.sqrt((v * v)",
        "np.sqrt((v * v)",
    ),
    (
        "unbiased",
        "unbiased-variance",
        STANDARD,
        "(v * v).mean(axis=(1, 2, 3), keepdims=True)",
        "(v * v).sum(axis=(1, 2, 3), keepdims=True) / max(W[0].size - 1, 1)",
    ),
    (
        "norm",
        "another-formula",
        STANDARD,
        "(v * v).mean(axis=(1, 2, 3), keepdims=True)",
        "(v * v).sum(axis=(1, 2, 3), keepdims=True)",
    ),
    ("no mean in backward", "no-path-through-mean", STANDARD, "grad_out - a - self.wh * b", "grad_out - self.wh * b"),
    ("learned only", "only-trainable-counted", COUNT, "per_map = 4", "per_map = 2"),
    (
        "with the counter",
        "another-formula",
        COUNT,
        "num_layers * num_maps * per_map",
        "num_layers * (num_maps * per_map + 1)",
    ),
    ("layers added", "another-formula", COUNT, "num_layers * num_maps * per_map", "(num_layers + num_maps) * per_map"),
)
"""The cause in a few words, the name that is given to it, the right source, and the changes: old, new, old, new, …"""
