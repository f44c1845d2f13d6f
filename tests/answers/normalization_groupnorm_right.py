"""Right answers for normalization within a sample and of weights, in styles that differ as much as students' answers
do."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer


def parameters(layer, num_channels, dtype=np.float64):
    layer.params = {"gamma": np.ones(num_channels, dtype), "beta": np.zeros(num_channels, dtype)}


# ---- LayerNorm2d -------------------------------------------------------------------------------------------------


class LayerLoops(Layer):
    """A loop over samples, without using the base class; the gradient path by path, as the lesson derives it."""

    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        self.x = x
        y = np.zeros(x.shape, x.dtype)
        self.cache = []
        for n in range(len(x)):
            mu = x[n].mean()
            var = ((x[n] - mu) ** 2).mean()
            xhat = (x[n] - mu) / np.sqrt(var + self.eps)
            self.cache.append((mu, var, xhat))
            for c in range(x.shape[1]):
                y[n, c] = self.params["gamma"][c] * xhat[c] + self.params["beta"][c]
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        self.grads["gamma"], self.grads["beta"] = np.zeros(self.x.shape[1]), np.zeros(self.x.shape[1])
        for n, (mu, var, xhat) in enumerate(self.cache):
            for c in range(self.x.shape[1]):
                self.grads["gamma"][c] += (grad_out[n, c] * xhat[c]).sum()
                self.grads["beta"][c] += grad_out[n, c].sum()
            dxhat = grad_out[n] * self.params["gamma"][:, None, None]
            centred, root, m = self.x[n] - mu, np.sqrt(var + self.eps), self.x[n].size
            dvar = (dxhat * centred).sum() * -0.5 / root**3
            dmu = -(dxhat / root).sum() - 2 * dvar * centred.mean()
            dx[n] = dxhat / root + dvar * 2 * centred / m + dmu / m
        return dx


class LayerVector(Layer):
    """Means with keepdims, everything at once, the short formula of the gradient."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        axes = (1, 2, 3)
        self.std = np.sqrt(x.var(axes, keepdims=True) + self.eps)
        self.xhat = (x - x.mean(axes, keepdims=True)) / self.std
        y = self.params["gamma"].reshape(1, -1, 1, 1) * self.xhat + self.params["beta"].reshape(1, -1, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        axes = (1, 2, 3)
        self.grads = {"gamma": (grad_out * self.xhat).sum((0, 2, 3)), "beta": grad_out.sum((0, 2, 3))}
        h = grad_out * self.params["gamma"].reshape(1, -1, 1, 1)
        inner = (h * self.xhat).mean(axes, keepdims=True)
        return ((h - h.mean(axes, keepdims=True) - self.xhat * inner) / self.std).astype(self.xhat.dtype)


class LayerRows(Layer):
    """Flattened to (N, C·H·W), einsum for every sum, γ repeated along the row; float32 parameters."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        parameters(self, num_channels, np.float32)

    def row(self, name):
        return np.repeat(self.params[name], self.cells)

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        self.cells = x.shape[2] * x.shape[3]
        rows = x.reshape(len(x), -1).astype(np.float64)
        m = rows.shape[1]
        centred = rows - np.einsum("ni->n", rows)[:, None] / m
        self.inverse = 1 / np.sqrt(np.einsum("ni,ni->n", centred, centred) / m + self.eps)
        self.rows = centred * self.inverse[:, None]
        return (self.rows * self.row("gamma") + self.row("beta")).reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(len(grad_out), -1).astype(np.float64)
        channels = (len(g), -1, self.cells)
        self.grads["gamma"] = np.einsum("nci,nci->c", g.reshape(channels), self.rows.reshape(channels))
        self.grads["beta"] = np.einsum("nci->c", g.reshape(channels))
        h = g * self.row("gamma")
        m = h.shape[1]
        dx = m * h - h.sum(1, keepdims=True) - self.rows * np.einsum("ni,ni->n", h, self.rows)[:, None]
        return (dx * self.inverse[:, None] / m).reshape(self.shape).astype(self.dtype)


class LayerMoments(Layer):
    """E[x²] − μ² for the variance; backward recomputes everything; gradients are cast to float32."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        self.x = x
        return self.normalized() * self.params["gamma"].astype(x.dtype)[:, None, None] + self.params["beta"].astype(
            x.dtype
        ).reshape(-1, 1, 1)

    def root(self):
        mean = self.x.mean((1, 2, 3), keepdims=True)
        return np.sqrt((self.x**2).mean((1, 2, 3), keepdims=True) - mean**2 + self.x.dtype.type(self.eps))

    def normalized(self):
        return (self.x - self.x.mean((1, 2, 3), keepdims=True)) / self.root()

    def backward(self, grad_out):
        xhat = self.normalized()
        self.grads["gamma"] = (grad_out * xhat).sum((2, 3)).sum(0)
        self.grads["beta"] = grad_out.sum((2, 3)).sum(0)
        h = grad_out * self.params["gamma"].astype(self.x.dtype)[:, None, None]
        h = h - h.mean((1, 2, 3), keepdims=True)
        return (h - xhat * (h * xhat).mean((1, 2, 3), keepdims=True)) / self.root()


# ---- InstanceNorm2d ----------------------------------------------------------------------------------------------


class InstanceLoops(Layer):
    """A separate loop iteration for every map."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        self.x = x
        self.xhat, y = np.zeros(x.shape), np.zeros(x.shape, x.dtype)
        for n, c in np.ndindex(x.shape[:2]):
            a = x[n, c].astype(float)
            self.xhat[n, c] = (a - a.mean()) / (a.var() + self.eps) ** 0.5
            y[n, c] = self.params["gamma"][c] * self.xhat[n, c] + self.params["beta"][c]
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.x.shape, self.x.dtype)
        gamma, beta = np.zeros(self.x.shape[1]), np.zeros(self.x.shape[1])
        for n, c in np.ndindex(dx.shape[:2]):
            g, xhat = grad_out[n, c].astype(float), self.xhat[n, c]
            gamma[c] += np.vdot(g, xhat)
            beta[c] += g.sum()
            factor = self.params["gamma"][c] / np.sqrt(self.x[n, c].astype(float).var() + self.eps)
            dx[n, c] = factor * (g - g.mean() - xhat * (g * xhat).mean())
        self.grads = {"gamma": gamma, "beta": beta}
        return dx


class InstanceVector(Layer):
    """Means over the last two axes; γ is factored out, as it may be if each map has a single γ."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        self.centred = x - x.mean((2, 3), keepdims=True)
        self.inverse = 1 / np.sqrt((self.centred**2).mean((2, 3), keepdims=True) + self.eps)
        gamma, beta = (self.params[name][None, :, None, None] for name in ("gamma", "beta"))
        return (gamma * self.centred * self.inverse + beta).astype(x.dtype)

    def backward(self, grad_out):
        xhat = self.centred * self.inverse
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        self.grads["gamma"] = np.sum(grad_out * xhat, axis=(0, 2, 3))
        inner = (grad_out * xhat).mean((2, 3), keepdims=True)
        plain = grad_out - grad_out.mean((2, 3), keepdims=True) - xhat * inner
        return (self.params["gamma"][None, :, None, None] * self.inverse * plain).astype(self.centred.dtype)


class InstanceMatrix(Layer):
    """Centring as a matrix product: every map is a column, and P = I − 1/m removes the mean."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps, self.num_channels = eps, num_channels
        parameters(self, num_channels)

    def forward(self, x):
        self.shape, self.dtype = x.shape, x.dtype
        m = x.shape[2] * x.shape[3]
        self.project = np.eye(m) - np.full((m, m), 1 / m)
        centred = np.asarray(x, np.float64).reshape(-1, m) @ self.project
        self.std = np.sqrt((centred**2).sum(1, keepdims=True) / m + self.eps)
        self.unit = centred / self.std
        gamma, beta = (np.tile(self.params[name], len(x))[:, None] for name in ("gamma", "beta"))
        return (gamma * self.unit + beta).reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        m = self.unit.shape[1]
        g = grad_out.reshape(-1, m).astype(np.float64)
        self.grads["gamma"][...] = (g * self.unit).sum(1).reshape(-1, self.num_channels).sum(0)
        self.grads["beta"][...] = g.sum(1).reshape(-1, self.num_channels).sum(0)
        h = g * np.tile(self.params["gamma"], self.shape[0])[:, None] / self.std
        dx = h @ self.project - self.unit * (h * self.unit).sum(1, keepdims=True) / m
        return dx.reshape(self.shape).astype(self.dtype)

    @property
    def grads(self):
        if not hasattr(self, "_grads") or not self._grads:
            self._grads = {"gamma": np.zeros(self.num_channels), "beta": np.zeros(self.num_channels)}
        return self._grads

    @grads.setter
    def grads(self, value):
        self._grads = value


class InstancePaths:
    """No base class; the gradient goes back step by step through the mean and the variance."""

    def __init__(self, num_channels, eps=1e-5):
        self.eps, self.grads, self.training = eps, {}, True
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def train(self):
        self.training = True
        return self

    def eval(self):
        self.training = False
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.dtype = x.dtype
        x = x.astype(np.longdouble)
        self.m = x.shape[2] * x.shape[3]
        self.d = x - x.sum((2, 3), keepdims=True) / self.m
        self.v = (self.d * self.d).sum((2, 3), keepdims=True) / self.m
        self.r = np.sqrt(self.v + self.eps)
        self.q = self.d / self.r
        return (self.q * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(self.dtype)

    def backward(self, grad_out):
        g = grad_out.astype(np.longdouble)
        self.grads["beta"] = np.add.reduce(g, (0, 2, 3)).astype(float)
        self.grads["gamma"] = np.add.reduce(g * self.q, (0, 2, 3)).astype(float)
        dq = g * self.params["gamma"][:, None, None]
        dr = (-dq * self.d / self.r**2).sum((2, 3), keepdims=True)
        dv = dr / (2 * self.r)
        dd = dq / self.r + 2 * self.d * dv / self.m
        return (dd - dd.sum((2, 3), keepdims=True) / self.m).astype(self.dtype)


# ---- GroupNorm ---------------------------------------------------------------------------------------------------


class GroupLoops(Layer):
    """A loop over samples and groups, slices of neighbouring channels."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        if num_channels % num_groups != 0:
            raise ValueError(f"{num_channels} channels, {num_groups} groups")
        self.groups = [
            slice(k, k + num_channels // num_groups) for k in range(0, num_channels, num_channels // num_groups)
        ]
        self.eps = eps
        parameters(self, num_channels)

    def forward(self, x):
        self.xhat, self.std = np.empty(x.shape, x.dtype), {}
        for n in range(x.shape[0]):
            for k, group in enumerate(self.groups):
                part = x[n, group]
                self.std[n, k] = np.sqrt(np.var(part) + self.eps)
                self.xhat[n, group] = (part - np.mean(part)) / self.std[n, k]
        return (self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        dx = np.empty(self.xhat.shape, self.xhat.dtype)
        self.grads["gamma"] = sum((g * q).sum((1, 2)) for g, q in zip(grad_out, self.xhat, strict=True))
        self.grads["beta"] = sum(g.sum((1, 2)) for g in grad_out)
        for (n, k), std in self.std.items():
            group = self.groups[k]
            h = grad_out[n, group] * self.params["gamma"][group, None, None]
            q = self.xhat[n, group]
            dx[n, group] = (h - h.mean() - q * np.mean(h * q)) / std
        return dx


class GroupReshape(Layer):
    """(N, G, C/G, H, W) and the last three axes."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        if num_channels % num_groups:
            raise ValueError("the groups do not divide the channels")
        self.num_groups, self.eps = num_groups, eps
        parameters(self, num_channels)

    def split(self, x):
        N, C, H, W = x.shape
        return x.reshape(N, self.num_groups, C // self.num_groups, H, W)

    def forward(self, x):
        parts = self.split(x)
        centred = parts - parts.mean((2, 3, 4), keepdims=True)
        self.std = np.sqrt((centred**2).mean((2, 3, 4), keepdims=True) + self.eps)
        self.xhat = (centred / self.std).reshape(x.shape)
        return (self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.xhat)
        self.grads["beta"] = np.einsum("nchw->c", grad_out)
        h, q = self.split(grad_out * self.params["gamma"][:, None, None]), self.split(self.xhat)
        a, b = h.mean((2, 3, 4), keepdims=True), (h * q).mean((2, 3, 4), keepdims=True)
        return ((h - a - q * b) / self.std).reshape(grad_out.shape).astype(self.xhat.dtype)


class GroupMembership(Layer):
    """A matrix (C, G) assigns channels to groups, and means are products with it; float64 inside, cast back."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        if int(num_channels) // int(num_groups) * int(num_groups) != num_channels:
            raise ValueError(f"num_channels={num_channels} is not a multiple of num_groups={num_groups}")
        self.member = np.kron(np.eye(num_groups), np.ones((num_channels // num_groups, 1)))
        self.eps = eps
        parameters(self, num_channels)

    def mean(self, x):
        share = self.member / self.member.sum(0)
        return np.einsum("nc,cg,dg->nd", x.mean((2, 3)), share, self.member)[:, :, None, None]

    def forward(self, x):
        self.x = x
        x = x.astype(np.float64)
        self.std = np.sqrt(self.mean((x - self.mean(x)) ** 2) + self.eps)
        self.xhat = (x - self.mean(x)) / self.std
        gamma, beta = (self.params[name][:, None, None] for name in ("gamma", "beta"))
        return (gamma * self.xhat + beta).astype(self.x.dtype)

    def backward(self, grad_out):
        g = grad_out.astype(np.float64)
        self.grads = {"gamma": (g * self.xhat).sum((0, 2, 3)), "beta": g.sum((0, 2, 3))}
        h = g * self.params["gamma"][:, None, None] / self.std
        dx = h - self.mean(h) - self.xhat * self.mean(h * self.xhat)
        return dx.astype(self.x.dtype)


class GroupOfLayers(Layer):
    """Each group is a small layer norm: np.split, normalize, np.concatenate."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        if num_channels % num_groups:
            raise ValueError("cannot split")
        self.parts = [LayerVector(num_channels // num_groups, eps) for _ in range(num_groups)]
        parameters(self, num_channels)

    def forward(self, x):
        G = len(self.parts)
        for part, gamma, beta in zip(
            self.parts, np.split(self.params["gamma"], G), np.split(self.params["beta"], G), strict=True
        ):
            part.params["gamma"][...], part.params["beta"][...] = gamma, beta
        return np.concatenate([part(a) for part, a in zip(self.parts, np.split(x, G, 1), strict=True)], 1)

    def backward(self, grad_out):
        pieces = zip(self.parts, np.split(grad_out, len(self.parts), 1), strict=True)
        dx = np.concatenate([part.backward(g) for part, g in pieces], 1)
        for name in ("gamma", "beta"):
            self.grads[name] = np.concatenate([part.grads[name] for part in self.parts])
        return dx


class GroupRefusedLate(Layer):
    """The constructor accepts any numbers, and forward checks that the groups divide the channels; a group is a row."""

    def __init__(self, num_groups, num_channels, eps=1e-5):
        self.num_groups, self.eps = num_groups, eps
        parameters(self, num_channels)

    def forward(self, x):
        if x.shape[1] % self.num_groups:
            raise ValueError(f"{x.shape[1]} maps do not fall into {self.num_groups} equal groups")
        self.shape, self.dtype = x.shape, x.dtype
        sets = self.sets(x)
        self.std = np.sqrt(sets.var(1) + self.eps)[:, None]
        self.unit = (sets - sets.mean(1)[:, None]) / self.std
        return (self.upright("gamma") * self.unit.reshape(x.shape) + self.upright("beta")).astype(x.dtype)

    def sets(self, x):
        return x.astype(np.float64).reshape(len(x) * self.num_groups, -1)

    def upright(self, name):
        return self.params[name][np.newaxis, :, np.newaxis, np.newaxis]

    def backward(self, grad_out):
        each = grad_out * self.unit.reshape(self.shape)
        self.grads = {"gamma": each.sum((0, 2, 3)), "beta": grad_out.sum((0, 2, 3))}
        h = self.sets(grad_out * self.upright("gamma"))
        m = h.shape[1]
        dx = h - np.outer(h.sum(1), np.ones(m)) / m - self.unit * (h * self.unit).sum(1)[:, None] / m
        return (dx / self.std).reshape(self.shape).astype(self.dtype)


# ---- WeightStandardization ---------------------------------------------------------------------------------------


class WeightLoops(Layer):
    """One filter at a time."""

    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, weight):
        self.weight = weight
        out = np.zeros(weight.shape, weight.dtype)
        for k, one in enumerate(weight):
            out[k] = (one - one.mean()) / np.sqrt(one.var() + self.eps)
        return out

    def backward(self, grad_out):
        grad = np.zeros(self.weight.shape, self.weight.dtype)
        for k, one in enumerate(self.weight):
            n, d = one.size, one - one.mean()
            root = np.sqrt((d**2).sum() / n + self.eps)
            direct = grad_out[k] / root
            through_variance = -(grad_out[k] * d).sum() / root**3 * d / n
            grad[k] = direct + through_variance - direct.sum() / n
        return grad


class WeightVector(Layer):
    """Means with keepdims."""

    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps

    def forward(self, weight):
        axes = (1, 2, 3)
        self.std = np.sqrt(weight.var(axis=axes, keepdims=True) + weight.dtype.type(self.eps))
        self.out = (weight - weight.mean(axis=axes, keepdims=True)) / self.std
        return self.out.copy()

    def backward(self, grad_out):
        mean = grad_out.mean((1, 2, 3), keepdims=True)
        along = (grad_out * self.out).mean((1, 2, 3), keepdims=True)
        return (grad_out - mean - self.out * along) / self.std


class WeightRows(Layer):
    """Rows of a matrix and einsum, float64 inside."""

    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, weight):
        self.like = weight
        rows = np.array(weight, np.float64).reshape(len(weight), -1)
        rows -= rows.mean(1)[:, None]
        self.scale = 1 / np.sqrt(np.einsum("ki,ki->k", rows, rows) / rows.shape[1] + self.eps)
        self.rows = np.einsum("ki,k->ki", rows, self.scale)
        return self.rows.reshape(weight.shape).astype(weight.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(len(grad_out), -1).astype(np.float64)
        n = g.shape[1]
        out = n * g - g.sum(1, keepdims=True) - self.rows * np.einsum("ki,ki->k", g, self.rows)[:, None]
        return (out * self.scale[:, None] / n).reshape(self.like.shape).astype(self.like.dtype)


class WeightJacobian(Layer):
    """The full Jacobian of each filter, and a product with it."""

    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, weight):
        self.shape, self.dtype = weight.shape, weight.dtype
        rows = weight.reshape(weight.shape[0], -1).astype(np.float64)
        n = rows.shape[1]
        centre = np.eye(n) - 1 / n
        d = rows @ centre
        var = (d * d).mean(1)
        root = np.sqrt(var + self.eps)
        self.jacobian = [centre / r - np.outer(a, a) / (n * r**3) for a, r in zip(d, root, strict=True)]
        return (d / root[:, None]).reshape(self.shape).astype(self.dtype)

    def backward(self, grad_out):
        rows = [g.ravel() @ j for g, j in zip(grad_out, self.jacobian, strict=True)]
        return np.array(rows).reshape(self.shape).astype(self.dtype)


RIGHT = {
    "LayerNorm2d": (LayerLoops, LayerVector, LayerRows, LayerMoments),
    "InstanceNorm2d": (InstanceLoops, InstanceVector, InstanceMatrix, InstancePaths),
    "GroupNorm": (GroupLoops, GroupReshape, GroupMembership, GroupOfLayers, GroupRefusedLate),
    "WeightStandardization": (WeightLoops, WeightVector, WeightRows, WeightJacobian),
}
