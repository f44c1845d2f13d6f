"""Activations by torch (lecture section 2): the right answers to lesson 02."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.layer import Array, TorchLayer, gradients, to_numpy, to_torch
from ncl_course.oracles.settings import own_settings


class Activation(TorchLayer):
    """An elementwise function of an input of any shape that may have a kink at 0.

    At the kink any slope from the left slope to the right slope, which is 1, is a valid subgradient. The oracle uses a
    student's slope if it is valid.
    """

    adapts = True
    follows = "slope"
    elementwise = True

    def left_slope(self) -> torch.Tensor | None:
        """Return the derivative just below 0, a number or an array that broadcasts with x, or None without a kink."""
        return None

    @own_settings()
    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx; at the kink, return the valid value that is nearest to the student's."""
        grad_x, answer, left = self.gradient(to_torch(grad_out)), self.students_answer(), self.left_slope()
        if left is not None and answer is not None and answer.shape == tuple(self.x.shape):
            right = to_torch(grad_out)
            low, high = torch.minimum(left * right, right), torch.maximum(left * right, right)
            nearest = torch.clamp(to_torch(answer.real).nan_to_num(0.0, 0.0, 0.0), low, high)
            grad_x = torch.where(self.x.detach() == 0, nearest, grad_x)
        return to_numpy(grad_x, self.dtype)


class ReLU(Activation):
    """torch.nn.functional.relu; torch's derivative at 0 is 0."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x)

    def left_slope(self) -> torch.Tensor:
        return torch.zeros(())


class Sigmoid(Activation):
    """torch.sigmoid."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(x)


class Tanh(Activation):
    """torch.tanh, which is the lecture's 2σ(2x) − 1."""

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return torch.tanh(x)


class LeakyReLU(Activation):
    """torch.nn.functional.leaky_relu; torch's derivative at 0 is alpha. The default slope is the lecture's 0.1."""

    def __init__(self, alpha: float = 0.1) -> None:
        self.alpha = alpha

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.leaky_relu(x, self.alpha)

    def left_slope(self) -> torch.Tensor:
        return torch.tensor(self.alpha)


class ELU(Activation):
    """torch.nn.functional.elu; torch's derivative at 0 is alpha."""

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = alpha

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.elu(x, self.alpha)

    def left_slope(self) -> torch.Tensor:
        return torch.tensor(self.alpha)


class PReLU(Activation):
    """torch.nn.functional.prelu: one learned slope, or one per channel (axis 1); torch's derivative at 0 is alpha."""

    def __init__(self, num_parameters: int = 1) -> None:
        self.params["alpha"] = np.full(num_parameters, 0.25)

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return F.prelu(x, self.leaves["alpha"])

    def left_slope(self) -> torch.Tensor:
        return self.slopes(self.x)

    def slopes(self, x: torch.Tensor) -> torch.Tensor:
        """Return alpha in a shape that broadcasts along the channels of ``x`` (N, C, …): (C, 1, …)."""
        alpha = self.leaves["alpha"].detach()
        return alpha.reshape(-1, *(1,) * (x.ndim - 2)) if len(alpha) > 1 else alpha


class Maxout(TorchLayer):
    """max over p of A_p x + b_p (Goodfellow et al. 2013), with the lecture's two pieces or more.

    If pieces are tied, torch.max sends the gradient to one of them, but any shares that add up to 1 give a valid
    subgradient. The oracle computes the student's shares from the student's own gradients; ``SHARES_READ`` says where
    they are.
    """

    adapts = True
    SHARES_READ = (("weight", 1), ("bias", 2))
    """The parameters' gradients, and the number of steps after ``backward`` at which a case reads them."""

    def __init__(
        self, in_features: int, out_features: int, pieces: int = 2, rng: np.random.Generator | None = None
    ) -> None:
        rng = rng or np.random.default_rng()
        weight = rng.normal(0.0, np.sqrt(2 / in_features), (pieces, out_features, in_features))
        self.params.update(weight=weight, bias=np.zeros(weight.shape[:2]))

    def pieces(self, x: torch.Tensor) -> torch.Tensor:
        """Return all pieces for (N, in): (N, pieces, out)."""
        weight, bias = self.leaves["weight"], self.leaves["bias"]
        return torch.stack([F.linear(x, *piece) for piece in zip(weight, bias, strict=True)], dim=1)

    def compute(self, x: torch.Tensor) -> torch.Tensor:
        return self.pieces(x).max(dim=1).values

    @own_settings()
    def backward(self, grad_out: Array) -> Array:
        """Return dL/dx and set ``grads``; tied pieces get the student's own shares if these are valid."""
        grad_x = to_numpy(self.gradient(to_torch(grad_out)), self.dtype)
        shares = self.students_shares(to_torch(grad_out))
        return grad_x if shares is None else self.shared(shares * to_torch(grad_out)[:, None])

    def shared(self, grad_pieces: torch.Tensor) -> Array:
        """Return dL/dx and set ``grads`` for a gradient (N, pieces, out) of all pieces."""
        wanted = (self.x, *self.leaves.values())
        grad_x, *grads = gradients(self.pieces(self.x), grad_pieces, *wanted)
        self.grads.update({name: to_numpy(grad, self.dtype) for name, grad in zip(self.leaves, grads, strict=True)})
        return to_numpy(grad_x, self.dtype)

    def students_shares(self, grad_out: torch.Tensor) -> torch.Tensor | None:
        """Return the share of each piece (N, pieces, out) in the student's gradients, made valid, or None without them.

        dL/dA_p and dL/db_p are sums over samples of piece p's gradient times (x, 1). If the rows (x, 1) are linearly
        independent, least squares find the gradient of each sample.
        """
        weight, bias = (self.students_answer(later) for _, later in self.SHARES_READ)
        leaves = self.leaves["weight"], self.leaves["bias"]
        if weight is None or bias is None or (weight.shape, bias.shape) != tuple(tuple(leaf.shape) for leaf in leaves):
            return None
        rows = torch.cat([self.x.detach(), torch.ones(len(self.x), 1, dtype=torch.float64)], dim=1)
        sums = torch.cat([to_torch(weight.real), to_torch(bias.real)[..., None]], dim=-1).nan_to_num(0.0, 0.0, 0.0)
        sent = torch.linalg.lstsq(rows.T, sums.flatten(0, 1).T).solution.reshape(len(rows), *bias.shape)
        return self.valid(sent / grad_out[:, None])

    def valid(self, shares: torch.Tensor) -> torch.Tensor:
        """Return nonnegative shares that add up to 1, nonzero only for the largest pieces."""
        pieces = self.pieces(self.x).detach()
        best = (pieces == pieces.amax(1, keepdim=True)).to(shares.dtype)
        shares = shares.clamp(0, 1) * best
        total = shares.sum(1, keepdim=True)
        return torch.where(total > 0, shares / total, best / best.sum(1, keepdim=True))
