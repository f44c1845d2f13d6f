"""Students' mistakes in ``Maxout``: the axis of the maximum, the gradient's receiver, transposes and sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own habit

from ncl_course.oracles.activations.right import Maxout
from ncl_course.oracles.altered import (
    Misconception,
    backward_as,
    forward_as,
    general,
    shared_grads,
    shared_input,
)
from ncl_course.oracles.layer import TorchLayer, to_numpy, to_torch


def first_piece(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return only the first piece."""
    return self.pieces(x)[:, 0] + 0 * self.pieces(x).sum(1)


def without_bias(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Return the maximum of A_p x, without a bias."""
    return torch.einsum("ni,poi->npo", x, self.leaves["weight"]).amax(1) + 0 * self.leaves["bias"].sum()


def first_bias(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Take the maximum of A_p x, and then add one bias for all pieces."""
    return torch.einsum("ni,poi->npo", x, self.leaves["weight"]).amax(1) + self.leaves["bias"][0]


def transposed(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Compute x A_p instead of A_p x, which fits only if in = out."""
    return (torch.einsum("ni,pio->npo", x, self.leaves["weight"]) + self.leaves["bias"]).amax(1)


def first_seen_parameters(self: Any, x: torch.Tensor) -> torch.Tensor:
    """Use the parameters of the first forward pass, and ignore changes that an optimiser makes later."""
    self.first = getattr(self, "first", {name: leaf.detach() for name, leaf in self.leaves.items()})
    unused = sum(leaf.sum() for leaf in self.leaves.values())
    weight, bias = self.first["weight"], self.first["bias"]
    return (torch.einsum("ni,poi->npo", x, weight) + bias).amax(1) + 0 * unused


def rewired(shares: Callable[[Any, torch.Tensor], torch.Tensor]) -> type[TorchLayer]:
    """Return the oracle whose pieces get other shares of ``grad_out``: ``shares(self, pieces)`` is (N, pieces, out)."""

    def wrong(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        sent = shares(self, self.pieces(self.x).detach()) * grad_out[:, None]
        return to_torch(self.shared(sent))

    return backward_as(Maxout, wrong)


def winners(pieces: torch.Tensor) -> torch.Tensor:
    """Return 1 for the largest piece and 0 for the others."""
    return F.one_hot(pieces.argmax(1), pieces.shape[1]).movedim(-1, 1).to(pieces.dtype)


def winner_of_sample(_self: Any, pieces: torch.Tensor) -> torch.Tensor:
    """Choose one winner for the whole sample, by the sum over its outputs."""
    return winners(pieces.sum(2, keepdim=True)).expand_as(pieces)


def parameters(formula: Callable[[Any, torch.Tensor, dict[str, torch.Tensor]], None]) -> type[TorchLayer]:
    """Return the oracle with a right dL/dx and wrong gradients of its parameters: ``formula`` changes them."""

    def wrong(self: Any, grad_out: torch.Tensor) -> torch.Tensor:
        grad_x: torch.Tensor = self.right_gradient(grad_out)
        grads = {name: to_torch(grad) for name, grad in self.grads.items()}
        formula(self, grad_out, grads)
        self.grads.update({name: to_numpy(grad, self.dtype) for name, grad in grads.items()})
        return grad_x

    return backward_as(Maxout, wrong)


def averaged(_self: Any, grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Divide the gradients by N."""
    grads.update({name: grad / len(grad_out) for name, grad in grads.items()})


def averaged_alone(name: str) -> Callable[[Any, torch.Tensor, dict[str, torch.Tensor]], None]:
    """Return a formula that divides the gradient of one parameter by N."""
    return lambda _self, grad_out, grads: grads.update({name: grads[name] / len(grad_out)})


def bias_not_summed(self: Any, grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Keep dL/db of each sample, without the sum over the batch: (N, pieces, out)."""
    grads["bias"] = winners(self.pieces(self.x).detach()) * grad_out[:, None]


def bias_for_all_pieces(_self: Any, grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Give every piece the sum of grad_out as dL/db, whether it won or not."""
    grads["bias"] = grad_out.sum(0).expand_as(grads["bias"]).clone()


def weight_transposed(_self: Any, _grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Transpose dL/dA of each piece: (pieces, in, out)."""
    grads["weight"] = grads["weight"].movedim(1, 2)


def kept_adding(self: Any, _grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Add the gradients to those of the previous backward."""
    before = getattr(self, "before", {})
    grads.update({name: grad + before.get(name, 0.0) for name, grad in grads.items()})
    self.before = dict(grads)


def without_upstream(self: Any, _grad_out: torch.Tensor, grads: dict[str, torch.Tensor]) -> None:
    """Compute the parameters' gradients without grad_out."""
    self.shared(winners(self.pieces(self.x).detach()))
    grads.update({name: to_torch(grad) for name, grad in self.grads.items()})


MAXOUT = (
    Misconception("maxout-over-features", forward_as(Maxout, lambda self, x: self.pieces(x).amax(2))),
    Misconception("maxout-gradient-to-all-pieces", rewired(lambda self, pieces: torch.ones_like(pieces))),
    Misconception("maxout-pieces-added", forward_as(Maxout, lambda self, x: self.pieces(x).sum(1))),
    Misconception("maxout-pieces-averaged", forward_as(Maxout, lambda self, x: self.pieces(x).mean(1))),
    Misconception("maxout-first-piece", forward_as(Maxout, first_piece)),
    Misconception("maxout-bias-forgotten", forward_as(Maxout, without_bias)),
    Misconception("maxout-one-bias", forward_as(Maxout, first_bias)),
    Misconception("maxout-never-negative", forward_as(Maxout, lambda self, x: self.pieces(x).amax(1).clamp(min=0))),
    Misconception("maxout-weight-transposed", forward_as(Maxout, transposed)),
    Misconception("weights-copied", forward_as(Maxout, first_seen_parameters)),
    Misconception("maxout-gradient-split", rewired(lambda self, pieces: torch.ones_like(pieces) / pieces.shape[1])),
    Misconception("maxout-winner-of-sample", rewired(winner_of_sample)),
    Misconception("maxout-gradient-averaged", parameters(averaged)),
    *(Misconception("maxout-gradient-averaged", parameters(averaged_alone(name))) for name in ("weight", "bias")),
    Misconception("maxout-bias-gradient", parameters(bias_not_summed)),
    Misconception("maxout-bias-gradient", parameters(bias_for_all_pieces)),
    Misconception("maxout-weight-gradient-transposed", parameters(weight_transposed)),
    Misconception("gradient-accumulated", parameters(kept_adding)),
    Misconception("upstream-forgotten", parameters(without_upstream)),
    Misconception("shared-between-instances", shared_grads(Maxout)),
    Misconception("shared-between-instances", shared_input(Maxout)),
    *general(Maxout, "upstream-forgotten", "stale-cache", "shared-between-instances", "gradient-accumulated"),
)
