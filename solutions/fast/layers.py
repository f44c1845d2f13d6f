"""Fast keys for the hot layers of lesson 06's training; the readable ones stand in the notebooks.

They pass the same checks, keep float32 as it is, and work in place where an array is the layer's own. `make bench`
measures a training step with these and with the readable ones.
"""

import numpy as np

from ncl_course.nn import Layer


def pool_output_size(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1


class MaxPool2d(Layer):
    """The maximum over rows first, then over columns: whole rows are compared at once."""

    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = kernel_size if stride is None else stride

    def shifted(self, size):
        """The slices of an axis that hold the first, second, … cell of every window."""
        k, s = self.kernel_size, self.stride
        last = s * (pool_output_size(size, k, s) - 1) + 1
        return [slice(u, u + last, s) for u in range(k)]

    def forward(self, x):
        _N, _C, H, W = x.shape
        self.x, self.rows, self.columns = x, self.shifted(H), self.shifted(W)
        self.tallest = self.largest([x[:, :, u] for u in self.rows])
        y = self.largest([self.tallest[:, :, :, v] for v in self.columns])
        self.y = y.copy(order="K")
        return y

    @staticmethod
    def largest(cells):
        y = cells[0].copy(order="K")
        for cell in cells[1:]:
            np.maximum(y, cell, out=y)
        return y

    def backward(self, grad_out):
        grad = np.zeros_like(self.tallest, subok=False)
        self.hand_back(grad_out, self.y, [(self.tallest[:, :, :, v], grad[:, :, :, v]) for v in self.columns])
        grad_x = np.zeros_like(self.x, subok=False)
        self.hand_back(grad, self.tallest, [(self.x[:, :, u], grad_x[:, :, u]) for u in self.rows])
        return grad_x

    @staticmethod
    def hand_back(grad, largest, cells):
        """Each gradient goes to the first cell that holds the maximum."""
        free = np.ones_like(largest, dtype=bool)
        for cell, grad_cell in cells:
            winner = (cell == largest) & free
            free ^= winner
            grad_cell[...] += winner * grad


class BatchNorm2d(Layer):
    """Everything in the dtype of x, and in place wherever an array is the layer's own."""

    def __init__(self, num_features, alpha=0.9, eps=1e-5):
        self.alpha, self.eps = alpha, eps
        self.params = {"gamma": np.ones(num_features), "beta": np.zeros(num_features)}
        self.running_mean = np.zeros(num_features)
        self.running_var = np.ones(num_features)

    def forward(self, x):
        return self.forward_train(x) if self.training else self.forward_test(x)

    def forward_train(self, x):
        N, _C, H, W = x.shape
        mean = x.mean(axis=(0, 2, 3))
        centred = x - mean[:, None, None]
        var = np.einsum("nchw,nchw->c", centred, centred) / (N * H * W)
        self.running_mean[...] = self.alpha * self.running_mean + (1 - self.alpha) * mean
        self.running_var[...] = self.alpha * self.running_var + (1 - self.alpha) * var
        self.from_batch = True
        return self.normalize(centred, var)

    def forward_test(self, x):
        self.from_batch = False
        return self.normalize(x - self.running_mean.astype(x.dtype)[:, None, None], self.running_var)

    def normalize(self, centred, var):
        dtype = centred.dtype
        self.root = np.sqrt(var + self.eps).astype(dtype)[:, None, None]
        self.x_hat = np.divide(centred, self.root, out=centred)
        y = self.params["gamma"].astype(dtype)[:, None, None] * self.x_hat
        y += self.params["beta"].astype(dtype)[:, None, None]
        return y

    def backward(self, grad_out):
        N, _C, H, W = grad_out.shape
        self.grads["gamma"] = np.einsum("nchw,nchw->c", grad_out, self.x_hat)
        self.grads["beta"] = grad_out.sum(axis=(0, 2, 3))
        scale = self.params["gamma"].astype(grad_out.dtype)[:, None, None] / self.root
        grad_x = grad_out * scale
        if self.from_batch:
            pull = self.x_hat * (scale * self.grads["gamma"][:, None, None] / (N * H * W))
            pull += scale * self.grads["beta"][:, None, None] / (N * H * W)
            grad_x -= pull
        return grad_x


class Linear(Layer):
    def __init__(self, in_features, out_features, rng=None):
        rng = np.random.default_rng() if rng is None else rng
        self.params["weight"] = rng.normal(0, np.sqrt(2 / in_features), (out_features, in_features))
        self.params["bias"] = np.zeros(out_features)

    def forward(self, x):
        self.x = x
        self.weight = self.params["weight"].astype(x.dtype)
        return x @ self.weight.T + self.params["bias"].astype(x.dtype)

    def backward(self, grad_out):
        self.grads["weight"] = grad_out.T @ self.x
        self.grads["bias"] = grad_out.sum(axis=0)
        return (self.weight.T @ grad_out.T).T  # the samples last in memory, as the given Conv2d has them
