"""Right answers for batch normalization, in styles that differ as much as students' answers do."""

from __future__ import annotations

import numpy as np

from ncl_course.nn import Layer


class Textbook(Layer):
    """keepdims everywhere; the gradient by its one-line formula."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        super().__init__()
        self.alpha, self.eps = alpha, eps
        self.params["gamma"], self.params["beta"] = np.ones(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def forward(self, x):
        if self.training:
            mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3))
            self.running_mean = self.alpha * self.running_mean + (1 - self.alpha) * mean
            self.running_var = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mean, var = self.running_mean, self.running_var
        self.was_training, self.dtype = self.training, x.dtype
        self.std = np.sqrt(var + self.eps)[:, None, None]
        self.xhat = (x - mean[:, None, None]) / self.std
        y = self.params["gamma"][:, None, None] * self.xhat + self.params["beta"][:, None, None]
        return y.astype(x.dtype)

    def backward(self, grad_out):
        self.grads["gamma"] = (grad_out * self.xhat).sum((0, 2, 3))
        self.grads["beta"] = grad_out.sum((0, 2, 3))
        d = grad_out * self.params["gamma"][:, None, None]
        if self.was_training:
            d = d - d.mean((0, 2, 3), keepdims=True) - self.xhat * (d * self.xhat).mean((0, 2, 3), keepdims=True)
        return (d / self.std).astype(self.dtype)


class OneMapAtATime:
    """No base class; a loop over the maps with plain Python loops inside; state and gradients are written in place."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps, self.training = alpha, eps, True
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.grads = {"gamma": np.zeros(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def train(self):
        self.training = True
        return self

    def eval(self):
        self.training = False
        return self

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        N, C, H, W = x.shape
        y = np.empty((N, C, H, W), x.dtype)
        self.x, self.cache = x, []
        for c in range(C):
            values = [float(x[t, c, i, j]) for t in range(N) for i in range(H) for j in range(W)]
            if self.training:
                mean = sum(values) / len(values)
                var = sum((v - mean) ** 2 for v in values) / len(values)
                self.running_mean[c] *= self.alpha
                self.running_mean[c] += (1 - self.alpha) * mean
                self.running_var[c] *= self.alpha
                self.running_var[c] += (1 - self.alpha) * var
            else:
                mean, var = float(self.running_mean[c]), float(self.running_var[c])
            std = (var + self.eps) ** 0.5
            self.cache.append((mean, std, self.training, float(self.params["gamma"][c])))
            y[:, c] = (x[:, c] - mean) / std * self.params["gamma"][c] + self.params["beta"][c]
        return y

    def backward(self, grad_out):
        dx = np.empty(self.x.shape, self.x.dtype)
        for c, (mean, std, trained, gamma) in enumerate(self.cache):
            x, g = self.x[:, c].astype(float), grad_out[:, c].astype(float)
            n = x.size
            self.grads["gamma"][c] = sum((g * (x - mean)).ravel()) / std
            self.grads["beta"][c] = sum(g.ravel())
            d = g * gamma
            dx[:, c] = d / std
            if trained:
                dvar = -0.5 * (d * (x - mean)).sum() / std**3
                dmean = -d.sum() / std + dvar * (-2 * (x - mean)).sum() / n
                dx[:, c] = d / std + dvar * 2 * (x - mean) / n + dmean / n
        return dx


class RowsAndColumns(Layer):
    """The maps become the columns of a matrix (NHW, C), and the gradient goes back through every step of the graph."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features, np.float32), "beta": np.zeros(num_features, np.float32)}
        self.running_mean = np.zeros(num_features, np.float32)
        self.running_var = np.ones(num_features, np.float32)

    @staticmethod
    def rows(x):
        return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])

    def back(self, rows):
        N, C, H, W = self.shape
        return np.ascontiguousarray(rows.reshape(N, H, W, C).transpose(0, 3, 1, 2)).astype(self.dtype)

    def forward(self, x):
        self.shape, self.dtype, self.trained = x.shape, x.dtype, self.training
        rows = self.rows(x)
        if self.training:
            mean, var = rows.mean(0), rows.var(0)
            self.running_mean[:] = self.alpha * self.running_mean + (1 - self.alpha) * mean
            self.running_var[:] = self.alpha * self.running_var + (1 - self.alpha) * var
        else:
            mean, var = self.running_mean.copy(), self.running_var.copy()
        self.centred = rows - mean
        self.inverse = 1 / np.sqrt(var + self.eps)
        self.normal = self.centred * self.inverse
        return self.back(self.params["gamma"] * self.normal + self.params["beta"])

    def backward(self, grad_out):
        g = self.rows(grad_out)
        n = len(g)
        self.grads = {"gamma": (g * self.normal).sum(0), "beta": g.sum(0)}
        dnormal = g * self.params["gamma"]
        if not self.trained:
            return self.back(dnormal * self.inverse)
        dinverse = (dnormal * self.centred).sum(0)
        dvar = -0.5 * self.inverse**3 * dinverse
        dcentred = dnormal * self.inverse + 2 * self.centred * dvar / n
        return self.back(dcentred - dcentred.mean(0))


class ScaleAndShift(Layer):
    """einsum in float64, E[x²] − μ², one scale and one shift per map; x is kept, and backward recomputes the rest."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.C, self.alpha, self.eps = num_features, alpha, eps
        self.params["gamma"] = np.ones((num_features,))
        self.params["beta"] = np.zeros((num_features,))
        self.grads["gamma"], self.grads["beta"] = np.zeros(num_features), np.zeros(num_features)
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def statistics(self, x):
        n = x.size / self.C
        mean = np.einsum("tmij->m", x) / n
        return mean, np.maximum(np.einsum("tmij,tmij->m", x, x) / n - mean**2, 0)

    def forward(self, x):
        wide = x.astype(np.float64)
        batch = self.statistics(wide) if self.training else None
        if batch:
            self.running_mean += (1 - self.alpha) * (batch[0] - self.running_mean)
            self.running_var += (1 - self.alpha) * (batch[1] - self.running_var)
        mean, var = batch or (self.running_mean.copy(), self.running_var.copy())
        self.memory = x, mean, var, batch is not None
        scale = self.params["gamma"] / np.sqrt(var + self.eps)
        shift = self.params["beta"] - mean * scale
        return (wide * scale.reshape(1, -1, 1, 1) + shift.reshape(1, -1, 1, 1)).astype(x.dtype)

    def backward(self, grad_out):
        x, mean, var, trained = self.memory
        g = grad_out.astype(np.float64)
        rstd = (var + self.eps) ** -0.5
        centred = x - mean.reshape(1, -1, 1, 1)
        self.grads["gamma"][:] = np.einsum("tmij,tmij,m->m", g, centred, rstd)
        self.grads["beta"][:] = np.einsum("tmij->m", g)
        scale = np.asarray(self.params["gamma"], float) * rstd
        dx = np.einsum("tmij,m->tmij", g, scale)
        if trained:
            n = x.size / self.C
            dx -= np.einsum("m,m->m", self.grads["beta"], scale).reshape(1, -1, 1, 1) / n
            dx -= np.einsum("tmij,m->tmij", centred, self.grads["gamma"] * scale * rstd) / n
        return dx.astype(x.dtype)


class TwoBackwards(Layer):
    """Each mode has its own forward and backward, and the forward pass stores the backward pass that belongs to it."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.shape = (1, num_features, 1, 1)
        self.a, self.e = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean, self.running_var = np.zeros(num_features), np.ones(num_features)

    def forward(self, x):
        return (self.forward_train if self.training else self.forward_test)(x)

    def finish(self, x, mean, var):
        self.sigma = np.sqrt(var + self.e).astype(x.dtype)
        self.hat = (x - mean.astype(x.dtype)) / self.sigma
        gamma = self.params["gamma"].reshape(self.shape).astype(x.dtype)
        return gamma * self.hat + self.params["beta"].reshape(self.shape).astype(x.dtype)

    def forward_train(self, x):
        n = x.shape[0] * x.shape[2] * x.shape[3]
        mean = x.sum(axis=(0, 2, 3), keepdims=True) / x.dtype.type(n)
        var = np.square(x - mean).sum(axis=(0, 2, 3), keepdims=True) / x.dtype.type(n)
        self.running_mean[:] = self.a * self.running_mean + (1 - self.a) * mean.ravel()
        self.running_var[:] = self.a * self.running_var + (1 - self.a) * var.ravel()
        self.n, self.back = n, self.back_train
        return self.finish(x, mean, var)

    def forward_test(self, x):
        self.back = self.back_test
        return self.finish(x, self.running_mean.reshape(self.shape), self.running_var.reshape(self.shape))

    def backward(self, grad_out):
        self.grads = {"gamma": np.sum(grad_out * self.hat, axis=(0, 2, 3)), "beta": np.sum(grad_out, axis=(0, 2, 3))}
        return self.back(grad_out * self.params["gamma"].reshape(self.shape).astype(self.hat.dtype))

    def back_test(self, dhat):
        return dhat / self.sigma

    def back_train(self, dhat):
        dvar = np.sum(dhat * self.hat, axis=(0, 2, 3), keepdims=True) * (-0.5) / self.sigma**2
        dmean = -np.sum(dhat, axis=(0, 2, 3), keepdims=True) / self.sigma
        return dhat / self.sigma + dvar * 2 * self.hat * self.sigma / self.n + dmean / self.n


class FullJacobian(Layer):
    """The n × n Jacobian of every map is written out; both running statistics are rows of one array."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.state = np.stack([np.zeros(num_features), np.ones(num_features)])
        self.running_mean, self.running_var = self.state

    def forward(self, x):
        y = np.empty_like(x, order="C")
        self.jacobians, self.normal, self.like = [], [], x
        for c in range(x.shape[1]):
            values = x[:, c].ravel().astype(np.float64)
            project = np.eye(values.size)
            if self.training:
                batch = np.array([values.mean(), values.var()])
                self.state[:, c] = self.alpha * self.state[:, c] + (1 - self.alpha) * batch
            mean, var = batch if self.training else self.state[:, c]
            normal = (values - mean) / np.sqrt(var + self.eps)
            if self.training:
                project = project - (1 + np.outer(normal, normal)) / values.size
            self.jacobians.append(project * self.params["gamma"][c] / np.sqrt(var + self.eps))
            self.normal.append(normal)
            y[:, c] = (normal * self.params["gamma"][c] + self.params["beta"][c]).reshape(y[:, c].shape)
        return y

    def backward(self, grad_out):
        dx = np.zeros(self.like.shape, self.like.dtype)
        rows = [grad_out[:, c].ravel().astype(np.float64) for c in range(dx.shape[1])]
        for c, (row, jacobian) in enumerate(zip(rows, self.jacobians, strict=True)):
            dx[:, c] = (row @ jacobian).reshape(dx[:, c].shape)
        self.grads["gamma"] = np.array([row @ normal for row, normal in zip(rows, self.normal, strict=True)])
        self.grads["beta"] = np.array([row.sum() for row in rows])
        return dx


class Welford(Layer):
    """One pass over the pixels; channels last; new float32 state replaces the old; a closure computes the gradient."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params.update(gamma=np.ones(num_features), beta=np.zeros(num_features))
        self.running_mean, self.running_var = np.zeros(num_features, np.float32), np.ones(num_features, np.float32)

    def batch(self, cells):
        mean, squares = np.zeros(cells.shape[1]), np.zeros(cells.shape[1])
        for k, cell in enumerate(cells.astype(np.float64), start=1):
            away = cell - mean
            mean = mean + away / k
            squares = squares + away * (cell - mean)
        return mean, squares / len(cells)

    def forward(self, x):
        trained, last = self.training, np.moveaxis(x, 1, -1)
        if trained:
            mean, var = self.batch(last.reshape(-1, x.shape[1]))
            self.running_mean = (self.alpha * self.running_mean + (1 - self.alpha) * mean).astype(np.float32)
            self.running_var = (self.alpha * self.running_var + (1 - self.alpha) * var).astype(np.float32)
        else:
            mean, var = self.running_mean.astype(np.float64), self.running_var.astype(np.float64)
        gamma, inverse = self.params["gamma"], 1 / np.sqrt(var + self.eps)
        hat = (last - mean) * inverse

        def backward(grad_out):
            g = np.moveaxis(grad_out, 1, -1)
            n, beta, by_hat = g[..., 0].size, g.sum((0, 1, 2)), (g * hat).sum((0, 1, 2))
            self.grads = {"beta": beta, "gamma": by_hat}
            inner = (n * g - beta - hat * by_hat) / n if trained else g
            return np.moveaxis(gamma * inverse * inner, -1, 1).astype(x.dtype)

        self.backward = backward
        return np.moveaxis(gamma * hat + self.params["beta"], -1, 1).astype(x.dtype)


def four_for_each(num_layers, num_maps):
    return 4 * num_layers * num_maps


def counted_array(num_layers, num_maps):
    return np.zeros((num_layers, num_maps, 4), np.int8).size


def summed_up(num_layers, num_maps):
    trained = stored = 0
    for _ in range(num_layers):
        trained += 2 * num_maps
        stored += 2 * num_maps
    return trained + stored


def numpy_product(num_layers, num_maps):
    return np.prod([4, num_layers, num_maps])


RIGHT = {
    "BatchNorm2d": (
        Textbook,
        OneMapAtATime,
        RowsAndColumns,
        ScaleAndShift,
        TwoBackwards,
        FullJacobian,
        Welford,
    ),
    "batchnorm_parameter_count": (four_for_each, counted_array, summed_up, numpy_product),
}
