"""The terms of the sums in lesson 02's layers with parameters, by torch; they help to name a wrong sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from ncl_course.oracles.layer import Array
from ncl_course.oracles.terms import by_method


def terms(sight: Any) -> Mapping[str, Array]:
    """Return the terms of a result (a ``checking.naming.sight.Sight``) by what a student would call them."""
    return by_method(sight, KINDS)


def slope_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return sums over everything or for each channel."""
    x, g, count = arrays["x"], arrays["grad_out"], len(arrays["alpha"])
    below = x < 0
    alpha = arrays["alpha"].reshape(-1, *(1,) * (x.ndim - 2)) if count > 1 else arrays["alpha"]
    products = {"g·x [x < 0]": g * x * below, "g [x < 0]": g * below, "g·x": g * x, "x [x < 0]": x * below, "g": g}
    products["g [x ≤ 0]"] = g * (x <= 0)
    products |= {"g·x² [x < 0]": g * x * x * below, "|g·x| [x < 0]": (g * x * below).abs(), "g² [x < 0]": g * g * below}
    products |= {
        "g·x [x > 0]": g * x * (x > 0),
        "g·|x| [x < 0]": -g * x * below,
        "g·α·x [x < 0]": alpha * g * x * below,
    }
    products |= {"g·α [x < 0]": alpha * g * below, "α·x [x < 0]": alpha * x * below}
    found: dict[str, torch.Tensor] = {}
    for words, values in products.items():
        if count == 1:
            found[f"Σ {words}"] = values.sum()[None]
            found[f"mean {words}"] = values.mean()[None]
            found[f"Σ over the channels of mean {words}"] = values.mean()[None] * values.shape[1]
            found[f"Σ {words} of the last channel where α is one number"] = values[:, -1].sum()[None]
            continue
        found[f"Σ {words}"] = values.transpose(0, 1).flatten(1).sum(1)
        found[f"mean {words}"] = values.transpose(0, 1).flatten(1).mean(1)
        found[f"mean {words} of everything"] = values.mean().expand(count)
        found[f"Σ over the channels of mean {words}"] = found[f"mean {words}"]
        found[f"Σ {words} of the last channel where α is one number"] = found[f"Σ {words}"]
        found[f"Σ {words}, reshaped to (C, −1)"] = values.reshape(count, -1).sum(1)
        found[f"Σ {words}, reshaped to (−1, C)"] = values.reshape(-1, count).sum(0)
        found[f"Σ {words} of everything"] = values.sum().expand(count)
        found[f"Σ {words} of the first sample"] = values[0].reshape(count, -1).sum(1)
        found[f"Σ {words} of the last sample"] = values[-1].reshape(count, -1).sum(1)
    return found


def slopes(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the input or the gradient on either side of 0, with the slope and without it."""
    x, alpha = arrays["x"], arrays["alpha"]
    slope = alpha.reshape(-1, *(1,) * (x.ndim - 2)) if len(alpha) > 1 else alpha
    values, above, below = arrays.get("grad_out", x), x > 0, x < 0
    found: dict[str, torch.Tensor] = {}
    for words, side in (("x > 0", above), ("x < 0", below)):
        found |= {f"v [{words}]": values * side, f"α·v [{words}]": values * slope * side, f"α [{words}]": slope * side}
        found |= {f"α[0]·v [{words}]": values * alpha[0] * side, f"mean α·v [{words}]": values * alpha.mean() * side}
        found |= {f"x·v [{words}]": values * x * side, f"α·x·v [{words}]": values * slope * x * side}
    return found


def pieces(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return what the pieces of a maxout could be collected to."""
    products = torch.einsum("poi,ni->pno", arrays["weight"], arrays["x"])
    z = products + arrays["bias"][:, None]
    found = {"max": z.amax(0), "min": z.amin(0), "Σ": z.sum(0), "first piece": z[0], "last piece": z[-1]}
    found |= {"Σ softmax(z)·z": (z.softmax(0) * z).sum(0), "Σ max(z, 0)": z.clamp(min=0).sum(0)}
    found |= {"median": z.median(0).values, "max of |z|": z.abs().amax(0), "max without bias": products.amax(0)}
    for words, winner in (
        ("largest Σ over the batch", z.sum(1, keepdim=True).argmax(0)),
        ("largest Σ over the outputs", z.sum(2, keepdim=True).argmax(0)),
        ("largest bias", arrays["bias"].argmax(0)[None]),
        ("largest A·x", products.argmax(0)),
        ("largest |z|", z.abs().argmax(0)),
    ):
        found[f"piece with the {words}"] = z.gather(0, winner.expand(z.shape[1:])[None])[0]
    found |= {"max of the first two": z[:2].amax(0), "max of the last two": z[-2:].amax(0)}
    return found | {
        "bias of the first piece": arrays["bias"][0].expand_as(z[0]),
        "Σ of biases": arrays["bias"].sum(0).expand_as(z[0]),
        "largest bias": arrays["bias"].amax(0).expand_as(z[0]),
    }


def outputs(arrays: Mapping[str, torch.Tensor]) -> torch.Tensor:
    """Return the outputs of a maxout's pieces: (P, N, O)."""
    return torch.einsum("poi,ni->pno", arrays["weight"], arrays["x"]) + arrays["bias"][:, None]


def winners(z: torch.Tensor) -> tuple[tuple[str, torch.Tensor], ...]:
    """Return the piece (N, O) that a rule chooses from the outputs (P, N, O), by the rule's words."""
    return ("largest", z.argmax(0)), ("smallest", z.argmin(0)), ("largest |z|", z.abs().argmax(0))


def piece_gradients(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the parts of dL/dx that each piece sends back, by where the piece is the largest or the smallest."""
    weight, g = arrays["weight"], arrays["grad_out"]
    found: dict[str, torch.Tensor] = {}
    for words, winner in winners(outputs(arrays)):
        parts = torch.stack([(g * (winner == p)) @ weight[p] for p in range(len(weight))])
        found |= {f"{words}": parts.sum(0), f"{words}, first piece": parts[0], f"{words}, last piece": parts[-1]}
    return found | {"all pieces": g @ weight.sum(0), "first piece": g @ weight[0], "last piece": g @ weight[-1]}


def weight_gradients(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return other sums over the batch for dL/dA."""
    g, x = arrays["grad_out"], arrays["x"]
    found: dict[str, torch.Tensor] = {}
    for words, winner in winners(outputs(arrays)):
        won = torch.nn.functional.one_hot(winner, len(arrays["weight"])).movedim(-1, 0)
        each = (won * g)[..., None] * x[:, None]
        total = each.sum(1)
        latest = won * (won.flip(1).cumsum(1).flip(1) == 1)
        found |= {f"Σ g·x [{words}]": total, f"g·x of the last sample [{words}]": each[:, -1]}
        found |= {f"g·x of the first sample [{words}]": each[:, 0]}
        found[f"g·x of the last sample with this piece [{words}]"] = torch.einsum("pno,no,ni->poi", latest * 1.0, g, x)
        found[f"(Σ x·g) reshaped, not transposed [{words}]"] = total.transpose(1, 2).reshape(total.shape)
    return found


def bias_gradients(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return other sums over the batch for dL/db."""
    g, z = arrays["grad_out"], outputs(arrays)
    won = torch.nn.functional.one_hot(z.argmax(0), len(z)).movedim(-1, 0).to(torch.float64)
    found = {
        "Σ [largest]": won.sum(1),
        "Σ |g| [largest]": (won * g.abs()).sum(1),
        "Σ g·z [largest]": (won * g * z).sum(1),
    }
    found |= {"g of the last sample": (won * g)[:, -1], "g of the first sample": (won * g)[:, 0]}
    return (
        found
        | {"Σ g": g.sum(0).expand(z.shape[0], -1), "Σ g [smallest]": ((z == z.amin(0)) * g).sum(1)}
        | {"Σ g [largest |z|]": ((z.abs() == z.abs().amax(0)) * g).sum(1)}
    )


KINDS = {
    ("PReLU", "grads.alpha"): slope_gradient,
    ("PReLU", "forward"): slopes,
    ("PReLU", "backward"): slopes,
    ("Maxout", "forward"): pieces,
    ("Maxout", "backward"): piece_gradients,
    ("Maxout", "grads.weight"): weight_gradients,
    ("Maxout", "grads.bias"): bias_gradients,
}
"""The terms of each result, by exercise and method."""
