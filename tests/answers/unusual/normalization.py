"""Right answers of lesson normalization in unusual styles."""

RIGHT = (
    (
        "Works on a (C, N·H·W) matrix made by moveaxis and reshape.",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    @staticmethod
    def _rows(a):
        return np.moveaxis(a, 1, 0).reshape(a.shape[1], -1)

    @staticmethod
    def _back(m, shape):
        n, c, h, w = shape
        return np.moveaxis(m.reshape(c, n, h, w), 0, 1)

    def forward(self, x):
        r = self._rows(x)
        self.train_pass = self.training
        if self.train_pass:
            mu, var = r.mean(1), r.var(1)
            self.running_mean[...] = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var[...] = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mu, var = self.running_mean, self.running_var
        self.std = np.sqrt(var + self.eps)[:, None]
        self.hat = (r - mu[:, None]) / self.std
        y = self.params["gamma"][:, None] * self.hat + self.params["beta"][:, None]
        return self._back(y, x.shape).astype(x.dtype)

    def backward(self, grad_out):
        g = self._rows(grad_out)
        self.grads["gamma"] = (g * self.hat).sum(1)
        self.grads["beta"] = g.sum(1)
        d = g * self.params["gamma"][:, None]
        if self.train_pass:
            d = d - d.mean(1, keepdims=True) - self.hat * (d * self.hat).mean(1, keepdims=True)
        return self._back(d / self.std, grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "The step-by-step computational graph of the well-known blog post (nine steps, each with its own gradient).",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.grads = {}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        shape = x.shape
        N, C, H, W = shape
        X = x.transpose(0, 2, 3, 1).reshape(-1, C)
        gamma, beta = self.params["gamma"], self.params["beta"]
        if self.training:
            mu = 1. / X.shape[0] * np.sum(X, axis=0)
            xmu = X - mu
            sq = xmu ** 2
            var = 1. / X.shape[0] * np.sum(sq, axis=0)
            sqrtvar = np.sqrt(var + self.eps)
            ivar = 1. / sqrtvar
            xhat = xmu * ivar
            out = gamma * xhat + beta
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mu
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
            self.cache = ("train", xhat, xmu, ivar, sqrtvar, var)
        else:
            ivar = 1. / np.sqrt(self.running_var + self.eps)
            xhat = (X - self.running_mean) * ivar
            out = gamma * xhat + beta
            self.cache = ("test", xhat, ivar)
        return out.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(x.dtype)

    def backward(self, grad_out):
        N, C, H, W = grad_out.shape
        dout = grad_out.transpose(0, 2, 3, 1).reshape(-1, C)
        M = dout.shape[0]
        gamma = self.params["gamma"]
        xhat = self.cache[1]
        self.grads["beta"] = np.sum(dout, axis=0)
        self.grads["gamma"] = np.sum(dout * xhat, axis=0)
        dxhat = dout * gamma
        if self.cache[0] == "test":
            dx = dxhat * self.cache[2]
        else:
            _, xhat, xmu, ivar, sqrtvar, var = self.cache
            divar = np.sum(dxhat * xmu, axis=0)
            dxmu1 = dxhat * ivar
            dsqrtvar = -1. / (sqrtvar ** 2) * divar
            dvar = 0.5 * 1. / np.sqrt(var + self.eps) * dsqrtvar
            dsq = 1. / M * np.ones((M, C)) * dvar
            dxmu2 = 2 * xmu * dsq
            dx1 = dxmu1 + dxmu2
            dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
            dx = dx1 + 1. / M * np.ones((M, C)) * dmu
        return dx.reshape(N, H, W, C).transpose(0, 3, 1, 2).astype(grad_out.dtype)
""",
    ),
    (
        "A helper object for every channel of the latest forward; loops over channels.",
        '''
class _Norm1:
    """нормировка одного набора чисел"""
    def __init__(self, v, mu, var, eps, frozen):
        self.inv = 1 / np.sqrt(var + eps)
        self.hat = (v - mu) * self.inv
        self.frozen = frozen

    def pull(self, g):
        if self.frozen:
            return g * self.inv
        return (g - g.mean() - self.hat * (g * self.hat).mean()) * self.inv

class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps, self.C = alpha, eps, num_features
        self.params["gamma"] = np.ones(num_features)
        self.params["beta"] = np.zeros(num_features)
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        out = np.empty(x.shape, dtype=x.dtype)
        self.norms = []
        for c in range(self.C):
            v = x[:, c].astype(np.float64)
            if self.training:
                mu, var = v.mean(), v.var()
                self.running_mean[c] = self.alpha * self.running_mean[c] + (1 - self.alpha) * mu
                self.running_var[c] = self.alpha * self.running_var[c] + (1 - self.alpha) * var
            else:
                mu, var = self.running_mean[c], self.running_var[c]
            self.norms.append(_Norm1(v, mu, var, self.eps, not self.training))
            out[:, c] = self.params["gamma"][c] * self.norms[c].hat + self.params["beta"][c]
        return out

    def backward(self, grad_out):
        dx = np.empty(grad_out.shape, dtype=grad_out.dtype)
        dg, db = np.empty(self.C), np.empty(self.C)
        for c, norm in enumerate(self.norms):
            g = grad_out[:, c].astype(np.float64)
            dg[c], db[c] = np.sum(g * norm.hat), np.sum(g)
            dx[:, c] = norm.pull(g * self.params["gamma"][c])
        self.grads["gamma"], self.grads["beta"] = dg, db
        return dx
''',
    ),
    (
        "Variance as E[x²] − (E[x])² in float64; scale and shift folded into one affine map at test.",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha = alpha
        self.eps = eps
        self.params["gamma"] = np.ones((num_features,), dtype=np.float32)
        self.params["beta"] = np.zeros((num_features,), dtype=np.float32)
        self.running_mean = np.zeros((num_features,))
        self.running_var = np.ones((num_features,))

    def forward(self, x):
        self.x = x
        self.ran = self.training
        z = x.astype(np.float64)
        if self.training:
            m1 = np.einsum("nchw->c", z) / (z.size // z.shape[1])
            m2 = np.einsum("nchw,nchw->c", z, z) / (z.size // z.shape[1])
            mean, var = m1, np.maximum(m2 - m1 ** 2, 0)
            self.running_mean += (1 - self.alpha) * (mean - self.running_mean)
            self.running_var += (1 - self.alpha) * (var - self.running_var)
        else:
            mean, var = self.running_mean.copy(), self.running_var.copy()
        self.mean, self.inv = mean, 1 / np.sqrt(var + self.eps)
        scale = self.params["gamma"] * self.inv
        shift = self.params["beta"] - scale * mean
        return (z * scale[:, None, None] + shift[:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out.astype(np.float64)
        hat = (self.x - self.mean[:, None, None]) * self.inv[:, None, None]
        db = np.einsum("nchw->c", g)
        dg = np.einsum("nchw,nchw->c", g, hat)
        self.grads = {"gamma": dg, "beta": db}
        if self.ran:
            m = g.size // g.shape[1]
            g = g - db[:, None, None] / m - hat * dg[:, None, None] / m
        return (g * (self.params["gamma"] * self.inv)[:, None, None]).astype(self.x.dtype)
""",
    ),
    (
        "The gradient as a projection: remove the components along the vector of ones and along x̂, with the exact norms.",
        """
class BatchNorm2d(Layer):
    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        for name, start in (("gamma", 1.0), ("beta", 0.0)):
            self.params[name] = np.full(num_features, start)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)
        self.v = lambda a: np.expand_dims(a, (0, 2, 3))

    def forward(self, x):
        ax = (0, 2, 3)
        if self.training:
            mean, var = np.mean(x, ax), np.var(x, ax)
            for run, new in ((self.running_mean, mean), (self.running_var, var)):
                np.multiply(run, self.alpha, out=run)
                np.add(run, (1 - self.alpha) * new, out=run)
        else:
            mean, var = self.running_mean, self.running_var
        self.basis = self.training
        self.sigma = self.v(np.sqrt(var + self.eps))
        self.u = (x - self.v(mean)) / self.sigma
        return (self.v(self.params["gamma"]) * self.u + self.v(self.params["beta"])).astype(x.dtype)

    def backward(self, grad_out):
        ax = (0, 2, 3)
        self.grads["gamma"] = np.tensordot(grad_out * self.u, np.ones(1), axes=0)[..., 0].sum(ax)
        self.grads["beta"] = grad_out.sum(ax)
        g = grad_out * self.v(self.params["gamma"])
        if self.basis:
            n = grad_out.size / grad_out.shape[1]
            along_one = g.sum(ax, keepdims=True) / n
            along_u = np.sum(g * self.u, ax, keepdims=True) / n
            g = g - (along_one + along_u * self.u)
        return np.true_divide(g, self.sigma).astype(grad_out.dtype)
""",
    ),
    (
        "Flattens each sample, keeps the weights expanded with np.repeat over the pixels.",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params = {"gamma": np.ones(num_channels), "beta": np.zeros(num_channels)}

    def forward(self, x):
        n, c, h, w = x.shape
        f = x.reshape(n, -1)
        centered = f - f.mean(1, keepdims=True)
        self.inv = 1 / np.sqrt(np.einsum("nd,nd->n", centered, centered) / f.shape[1] + self.eps)[:, None]
        self.hat = centered * self.inv
        G = np.repeat(self.params["gamma"], h * w)
        B = np.repeat(self.params["beta"], h * w)
        return (self.hat * G + B).reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        n, c, h, w = grad_out.shape
        g = grad_out.reshape(n, -1)
        self.grads["gamma"] = (g * self.hat).sum(0).reshape(c, -1).sum(1)
        self.grads["beta"] = g.sum(0).reshape(c, -1).sum(1)
        d = g * np.repeat(self.params["gamma"], h * w)
        D = d.shape[1]
        dx = self.inv / D * (D * d - d.sum(1, keepdims=True) - self.hat * np.sum(d * self.hat, 1, keepdims=True))
        return dx.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "One sample at a time in list comprehensions and np.stack; backward from a saved list of closures.",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        self.eps = eps
        self.params = {"gamma": np.ones((num_channels,)), "beta": np.zeros((num_channels,))}
        self.grads = {}

    def _one(self, sample):
        mu = sample.mean()
        sd = np.sqrt(sample.var() + self.eps)
        hat = (sample - mu) / sd

        def pull(d):
            return (d - d.mean() - hat * np.mean(d * hat)) / sd
        return hat, pull

    def forward(self, x):
        pairs = [self._one(s) for s in x]
        self.hats = np.stack([p[0] for p in pairs])
        self.pulls = [p[1] for p in pairs]
        y = self.hats * self.params["gamma"].reshape(-1, 1, 1) + self.params["beta"].reshape(-1, 1, 1)
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.array([np.sum(grad_out[:, c] * self.hats[:, c]) for c in range(grad_out.shape[1])])
        self.grads["beta"] = np.array([np.sum(grad_out[:, c]) for c in range(grad_out.shape[1])])
        d = grad_out * self.params["gamma"].reshape(-1, 1, 1)
        return np.stack([f(s) for f, s in zip(self.pulls, d)]).astype(grad_out.dtype)
""",
    ),
    (
        "Full Jacobian of every sample: (I − 1/D − x̂x̂ᵀ/D)/σ, in float64.",
        """
class LayerNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        z = np.asarray(x, dtype=np.float64)
        self.mu = np.average(z, axis=(1, 2, 3))[:, None, None, None]
        self.sd = (np.square(z - self.mu).mean(axis=(1, 2, 3)) + self.eps) ** 0.5
        self.hat = (z - self.mu) / self.sd[:, None, None, None]
        y = np.einsum("c,nchw->nchw", self.params["gamma"], self.hat)
        y += self.params["beta"][:, None, None]
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.hat)
        self.grads["beta"] = np.einsum("nchw->c", grad_out.astype(np.float64))
        d = grad_out * self.params["gamma"][:, None, None]
        out = []
        for t in range(len(d)):
            u = self.hat[t].ravel()
            D = u.size
            J = (np.eye(D) - 1 / D - np.outer(u, u) / D) / self.sd[t]
            out.append((J @ d[t].ravel()).reshape(d[t].shape))
        return np.array(out, dtype=grad_out.dtype)
""",
    ),
    (
        "Reshape to (N·C, H·W) rows; parameters tiled N times.",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.c = num_channels
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        rows = x.reshape(-1, x.shape[2] * x.shape[3])
        n = x.shape[0]
        self.sd = np.sqrt(rows.var(1, keepdims=True) + self.eps)
        self.hat = (rows - rows.mean(1, keepdims=True)) / self.sd
        y = self.hat * np.tile(self.params["gamma"], n)[:, None] + np.tile(self.params["beta"], n)[:, None]
        return y.reshape(x.shape).astype(x.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(self.hat.shape)
        n = grad_out.shape[0]
        self.grads["gamma"] = np.add.reduce((g * self.hat).sum(1).reshape(n, self.c), axis=0)
        self.grads["beta"] = np.add.reduce(g.sum(1).reshape(n, self.c), axis=0)
        d = g * np.tile(self.params["gamma"], n)[:, None]
        d = (d - d.mean(1, keepdims=True) - self.hat * (d * self.hat).mean(1, keepdims=True)) / self.sd
        return d.reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Uses np.ma for the mean and turns the result back into an ndarray; chain rule step by step.",
        """
class InstanceNorm2d(Layer):
    def __init__(self, num_channels, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        z = np.ma.masked_array(x)
        n, c = x.shape[:2]
        self.mu = np.ma.getdata(z.mean(axis=(2, 3))).reshape(n, c, 1, 1)
        self.xc = x - self.mu
        self.var = np.ma.getdata(z.var(axis=(2, 3))).reshape(n, c, 1, 1)
        self.inv = 1 / np.sqrt(self.var + self.eps)
        y = np.ma.masked_array(self.xc * self.inv) * self.params["gamma"][None, :, None, None]
        return np.asarray(y.filled(0) + self.params["beta"][None, :, None, None], dtype=x.dtype)

    def backward(self, grad_out):
        hw = grad_out.shape[2] * grad_out.shape[3]
        self.grads["gamma"] = np.sum(grad_out * self.xc * self.inv, axis=(0, 2, 3))
        self.grads["beta"] = np.sum(grad_out, axis=(0, 2, 3))
        dh = grad_out * self.params["gamma"][None, :, None, None]
        dinv = (dh * self.xc).sum(axis=(2, 3), keepdims=True)
        dvar = -0.5 * dinv * self.inv ** 3
        dxc = dh * self.inv + 2 * self.xc * dvar / hw
        dmu = -dxc.sum(axis=(2, 3), keepdims=True)
        return (dxc + dmu / hw).astype(grad_out.dtype)
""",
    ),
    (
        "np.split into groups, each normalised by itself, concatenated.",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels % num_groups != 0:
            raise ValueError("каналы не делятся на группы")
        self.num_groups = num_groups
        self.eps = eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def forward(self, x):
        self.saved = []
        for part in np.split(x, self.num_groups, axis=1):
            mu = part.mean((1, 2, 3), keepdims=True)
            sd = np.sqrt(part.var((1, 2, 3), keepdims=True) + self.eps)
            self.saved.append(((part - mu) / sd, sd))
        self.hat = np.concatenate([h for h, _ in self.saved], axis=1)
        return (self.hat * self.params["gamma"][:, None, None] + self.params["beta"][:, None, None]).astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.hat).sum((0, 2, 3))
        self.grads["beta"] = grad_out.sum((0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        res = []
        for g, (h, sd) in zip(np.split(d, self.num_groups, axis=1), self.saved):
            res.append((g - g.mean((1, 2, 3), keepdims=True) - h * (g * h).mean((1, 2, 3), keepdims=True)) / sd)
        return np.concatenate(res, axis=1).astype(grad_out.dtype)
""",
    ),
    (
        "An indicator matrix channel → group and einsum instead of reshapes.",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        size, rest = divmod(num_channels, num_groups)
        if rest:
            raise ValueError(f"{num_channels} % {num_groups} = {rest}")
        self.M = np.kron(np.eye(num_groups), np.ones((size, 1)))      # (C, G)
        self.size, self.eps = size, eps
        self.params["gamma"] = np.ones(num_channels)
        self.params["beta"] = np.zeros(num_channels)

    def _mean(self, a):
        per = np.einsum("nchw,cg->ng", a, self.M) / (self.size * a.shape[2] * a.shape[3])
        return (per @ self.M.T)[:, :, None, None]

    def forward(self, x):
        c = x - self._mean(x)
        self.inv = 1 / np.sqrt(self._mean(c * c) + self.eps)
        self.hat = c * self.inv
        y = self.hat * self.params["gamma"][None, :, None, None] + self.params["beta"][None, :, None, None]
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.hat)
        self.grads["beta"] = np.einsum("nchw->c", grad_out)
        d = grad_out * self.params["gamma"][None, :, None, None]
        return ((d - self._mean(d) - self.hat * self._mean(d * self.hat)) * self.inv).astype(grad_out.dtype)
""",
    ),
    (
        "Two loops over samples and groups, with contiguous copies of each slice.",
        """
class GroupNorm(Layer):
    def __init__(self, num_groups, num_channels, eps=1e-5):
        super().__init__()
        if num_channels / num_groups != num_channels // num_groups:
            raise ValueError("num_channels % num_groups != 0")
        self.g, self.c, self.eps = num_groups, num_channels, eps
        self.params["gamma"] = np.ones(num_channels, dtype=np.float32)
        self.params["beta"] = np.zeros(num_channels, dtype=np.float32)

    def forward(self, x):
        k = self.c // self.g
        self.cache = {}
        y = np.empty(x.shape, dtype=x.dtype)
        for t in range(x.shape[0]):
            for i in range(self.g):
                s = slice(i * k, (i + 1) * k)
                v = np.ascontiguousarray(x[t, s], dtype=np.float64)
                inv = 1.0 / np.sqrt(np.var(v) + self.eps)
                hat = (v - np.mean(v)) * inv
                self.cache[t, i] = hat, inv
                y[t, s] = self.params["gamma"][s, None, None] * hat + self.params["beta"][s, None, None]
        return y

    def backward(self, grad_out):
        k = self.c // self.g
        dgamma, dbeta = np.zeros(self.c), np.zeros(self.c)
        dx = np.empty(grad_out.shape, dtype=grad_out.dtype)
        for (t, i), (hat, inv) in self.cache.items():
            s = slice(i * k, (i + 1) * k)
            g = grad_out[t, s].astype(np.float64)
            dgamma[s] += (g * hat).sum(axis=(1, 2))
            dbeta[s] += g.sum(axis=(1, 2))
            d = g * self.params["gamma"][s, None, None]
            dx[t, s] = inv * (d - d.mean() - hat * (d * hat).mean())
        self.grads["gamma"], self.grads["beta"] = dgamma, dbeta
        return dx
""",
    ),
    (
        "One lambda for the mean, the formula in one line each.",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        super().__init__()
        self.eps = eps
        self.mean = lambda a: a.mean(axis=(1, 2, 3), keepdims=True)

    def forward(self, W):
        c = W - self.mean(W)
        self.s = np.sqrt(self.mean(c * c) + self.eps)
        self.w = c / self.s
        return self.w

    def backward(self, grad_out):
        return (grad_out - self.mean(grad_out) - self.w * self.mean(grad_out * self.w)) / self.s
""",
    ),
    (
        "The centring matrix I − 1/n and the quotient rule, on rows, no eps default from super.",
        """
class WeightStandardization(Layer):
    def __init__(self, eps=1e-5):
        self.eps = eps

    def forward(self, W):
        rows = W.reshape(len(W), -1).astype(np.float64)
        n = rows.shape[1]
        self.P = np.eye(n) - np.full((n, n), 1 / n)
        self.c = rows @ self.P
        self.v = (self.c ** 2).sum(1, keepdims=True) / n + self.eps
        return (self.c * self.v ** -0.5).reshape(W.shape).astype(W.dtype)

    def backward(self, grad_out):
        g = grad_out.reshape(len(grad_out), -1)
        n = g.shape[1]
        dot = np.einsum("kn,kn->k", g, self.c)[:, None]
        dc = g * self.v ** -0.5 - self.c * dot / (n * self.v ** 1.5)
        return (dc @ self.P.T).reshape(grad_out.shape).astype(grad_out.dtype)
""",
    ),
    (
        "Adds up four numbers a map in a generator over layers.",
        """
def batchnorm_parameter_count(num_layers, num_maps):
    per_layer = {"gamma": num_maps, "beta": num_maps, "running_mean": num_maps, "running_var": num_maps}
    return sum(sum(per_layer.values()) for _ in range(num_layers))
""",
    ),
)
"""The unusual thing about each answer, and its whole source."""
