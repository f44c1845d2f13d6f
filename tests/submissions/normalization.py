"""Lesson 05 as students hand it in: right, half done, and with mistakes."""

from __future__ import annotations

from tests.submissions.cells import Handed, Marks, cells, stubbed

SOURCE = """\
# %%
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        return self.forward_train(x) if self.training else self.forward_test(x)

    def forward_train(self, x):
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean
        self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        self.through_batch = True
        return self.normalize(x, mean, var)

    def normalize(self, x, mean, var):
        self.dtype = x.dtype
        self.std = np.sqrt(var + self.eps)[:, None, None]
        self.xhat = (x - mean[:, None, None]) / self.std
        y = self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

# %%
class BatchNorm2d(BatchNorm2d):
    def forward_test(self, x):
        self.through_batch = False
        return self.normalize(x, self.running_mean, self.running_var)

# %%
class BatchNorm2d(BatchNorm2d):
    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        if self.through_batch:
            inner = (d * self.xhat).mean(axis=(0, 2, 3), keepdims=True)
            d = d - d.mean(axis=(0, 2, 3), keepdims=True) - self.xhat * inner
        return (d / self.std).astype(self.dtype)

# %%
def batchnorm_parameter_count(num_layers, num_maps):
    return 4 * num_layers * num_maps

# %%
class Within(Layer):
    def setup(self, num_groups, num_channels, eps):
        self.num_groups, self.eps = num_groups, eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def mean(self, x):
        N, C, H, W = x.shape
        means = x.reshape(N, self.num_groups, -1).mean(axis=2)
        return np.repeat(means, C // self.num_groups, axis=1)[:, :, None, None]

# %%
class LayerNorm2d(Within):
    def __init__(self, num_channels, eps=1e-5):
        self.setup(1, num_channels, eps)

    def forward(self, x):
        centred = x - self.mean(x)
        self.std = np.sqrt(self.mean(centred**2) + self.eps)
        self.xhat = centred / self.std
        y = self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

# %%
class LayerNorm2d(LayerNorm2d):
    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum(axis=(0, 2, 3))
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        dx = (d - self.mean(d) - self.xhat * self.mean(d * self.xhat)) / self.std
        return dx.astype(grad_out.dtype)

# %%
class InstanceNorm2d(LayerNorm2d):
    def __init__(self, num_channels, eps=1e-5):
        self.setup(num_channels, num_channels, eps)

# %%
class GroupNorm(LayerNorm2d):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        if num_channels % num_groups:
            raise ValueError("num_channels must be a multiple of num_groups")
        self.setup(num_groups, num_channels, eps)

# %%
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, W):
        axes = (1, 2, 3)
        self.std = np.sqrt(W.var(axis=axes, keepdims=True) + self.eps)
        self.what = (W - W.mean(axis=axes, keepdims=True)) / self.std
        return self.what.astype(W.dtype)

# %%
class WeightStandardization(WeightStandardization):
    def backward(self, grad_out):
        axes = (1, 2, 3)
        inner = (grad_out * self.what).mean(axis=axes, keepdims=True)
        return ((grad_out - grad_out.mean(axis=axes, keepdims=True) - self.what * inner) / self.std).astype(grad_out.dtype)
"""

WITHIN = ("LayerNorm2d", "InstanceNorm2d", "GroupNorm", "WeightStandardization")
RIGHT = Marks({"BatchNorm2d": "pppp", "batchnorm_parameter_count": "p", **dict.fromkeys(WITHIN, "pp")})
BLANK = Marks({"BatchNorm2d": "mmmm", "batchnorm_parameter_count": "m", **dict.fromkeys(WITHIN, "mm")})
HALF = Marks({"BatchNorm2d": "pppm", "batchnorm_parameter_count": "p", **dict.fromkeys(WITHIN, "pm")})

GRADIENTS = (
    ("d = d - d.mean(axis=(0, 2, 3), keepdims=True) - self.xhat * inner", "d = d - self.xhat * inner"),
    ("return 4 * num", "return 2 * num"),
    ("dx = (d - self.mean(d) - self.xhat * self.mean(d * self.xhat)) / self.std", "dx = d / self.std"),
    ("((grad_out - grad_out.mean(axis=axes, keepdims=True) - self.what * inner) / self.std)", "grad_out"),
)
FORMULAS = (
    ("np.sqrt(var + self.eps)[:", "(np.sqrt(var) + self.eps)[:"),
    ("np.sqrt(self.mean(centred**2) + self.eps)", "self.mean(centred**2) + self.eps"),
    ("W.var(axis=axes, keepdims=True)", "W.var(axis=axes, ddof=1, keepdims=True)"),
)
LIKE_TORCH = (
    (
        "self.alpha * self.running_mean + (1 - self.alpha) * mean",
        "(1 - self.alpha) * self.running_mean + self.alpha * mean",
    ),
    (
        "self.alpha * self.running_var + (1 - self.alpha) * var",
        "(1 - self.alpha) * self.running_var + self.alpha * var",
    ),
)
NO_TEST = (
    (
        "        return self.forward_train(x) if self.training else self.forward_test(x)",
        "        return self.forward_train(x)",
    ),
)
INDIVISIBLE = (
    ("        if num_channels % num_groups:\n", ""),
    ('            raise ValueError("num_channels must be a multiple of num_groups")\n', ""),
    ("self.setup(num_channels, num_channels, eps)", "self.setup(1, num_channels, eps)"),
)
TWICE = """\
class BatchNorm2d(BatchNorm2d):
    def forward_test(self, x):
        self.through_batch = False
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        return self.normalize(x, mean, var)
"""

HANDED: Handed = {
    "normalization_right": (
        cells(SOURCE),
        RIGHT.but("right, with one base class for all layers that work within a sample"),
    ),
    "normalization_blank": (
        cells(
            stubbed(SOURCE, "forward_train", "forward_test", "backward", "batchnorm_parameter_count"),
            (
                "        centred = x - self.mean(x)",
                "        raise NotImplementedError()\n        centred = x - self.mean(x)",
            ),
            ("    def forward(self, W):\n", "    def forward(self, W):\n        raise NotImplementedError()\n"),
        ),
        BLANK.but("the stubs as they were handed out"),
    ),
    "normalization_half_done": (
        cells(stubbed(SOURCE, "backward")),
        HALF.but("each part of a right forward pass counts even without a gradient"),
    ),
    "normalization_gradients": (
        cells(SOURCE, *GRADIENTS),
        RIGHT.but(
            "forgotten paths of the gradient, in one base class for three exercises",
            "BatchNorm2d.no-path-through-mean",
            "batchnorm_parameter_count.only-trainable-counted",
            "LayerNorm2d.statistics-as-constants",
            "InstanceNorm2d.statistics-as-constants",
            "GroupNorm.statistics-as-constants",
            "WeightStandardization.gradient-passed-straight",
            BatchNorm2d="pppf",
            batchnorm_parameter_count="f",
            LayerNorm2d="pf",
            InstanceNorm2d="pf",
            GroupNorm="pf",
            WeightStandardization="pf",
        ),
    ),
    "normalization_formulas": (
        cells(SOURCE, *FORMULAS),
        RIGHT.but(
            "ε and the root in the wrong place, and n − 1",
            "BatchNorm2d.eps-outside-root",
            "LayerNorm2d.divided-by-variance",
            "InstanceNorm2d.divided-by-variance",
            "GroupNorm.divided-by-variance",
            "WeightStandardization.unbiased-variance",
            BatchNorm2d="fpff",
            LayerNorm2d="ff",
            InstanceNorm2d="ff",
            GroupNorm="ff",
            WeightStandardization="ff",
        ),
    ),
    "normalization_like_torch": (
        cells(SOURCE, *LIKE_TORCH),
        RIGHT.but("torch's momentum is the lecture's 1 − α", "BatchNorm2d.momentum-swapped", BatchNorm2d="pfpp"),
    ),
    "normalization_no_test_mode": (
        cells(SOURCE, *NO_TEST, *INDIVISIBLE),
        RIGHT.but(
            "training is ignored; layer norm in instance norm's cell; NumPy itself refuses groups that do not divide",
            "BatchNorm2d.batch-statistics-at-test",
            "InstanceNorm2d.channels-together",
            BatchNorm2d="ppff",
            InstanceNorm2d="ff",
        ),
    ),
    "normalization_defined_again": (
        (*cells(SOURCE), TWICE),
        RIGHT.but("the last definition counts", "BatchNorm2d.batch-statistics-at-test", BatchNorm2d="ppff"),
    ),
    "normalization_broken_cell": (
        cells(SOURCE, ("    def mean(self, x):\n", "    def mean(self, x)\n")),
        RIGHT.but(
            "the cell that three exercises build on does not parse",
            LayerNorm2d="ee",
            InstanceNorm2d="ee",
            GroupNorm="ee",
        ),
    ),
}
