"""The terms of lesson 03's results, by torch, for naming a sum that lacks one or has another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch

from ncl_course.oracles.layer import Array
from ncl_course.oracles.terms import by_method


def terms(sight: Any) -> Mapping[str, Array]:
    """Return the terms of a result (a ``checking.naming.sight.Sight``) by what a student would call them."""
    return by_method(sight, KINDS)


def softmax(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return exponentials divided by several sums."""
    x = arrays["x"]
    e, plain = (x - x.amax(-1, keepdim=True)).exp(), x.exp()
    found = {"e^(x − max)": e, "e^x": plain, "log-softmax": x.log_softmax(-1), "softmax": x.softmax(-1)}
    for words, values in (("e^(x − max)", e), ("e^x", plain)):
        found |= {
            f"{words} / Σ of everything": values / values.sum(),
            f"{words} / Σ over axis 0": values / values.sum(0),
        }
        found |= {f"{words} / mean": values / values.mean(-1, keepdim=True)}
        found |= {f"{words} / max": values / values.amax(-1, keepdim=True)}
        found |= {f"{words} / √Σ²": values / values.norm(dim=-1, keepdim=True)}
    return found | {
        "σ(x)": x.sigmoid(),
        "softmax(−x)": (-x).softmax(-1),
        "softmax(|x|)": x.abs().softmax(-1),
        "[x = max]": (x == x.amax(-1, keepdim=True)).to(x.dtype),
        "2^x": (x * 0.6931471805599453).softmax(-1),
    }


def jacobian(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the terms of y·(g − Σ g·y)."""
    y, g = arrays["x"].softmax(-1), arrays["grad_out"]
    dot = (y * g).sum(-1, keepdim=True)
    return {
        "y·g": y * g,
        "y·Σ(y·g)": y * dot,
        "Σ(y·g)": dot,
        "y": y,
        "g": g,
        "Σg": g.sum(-1, keepdim=True),
        "y·Σg": y * g.sum(-1, keepdim=True),
        "y²·g": y * y * g,
        "y²": y * y,
        "y²·Σ(y·g)": y * y * dot,
        "y·(1 − y)·g": y * (1 - y) * g,
        "g·Σ(y·g)": g * dot,
        "y·mean(y·g)": y * (y * g).mean(-1, keepdim=True),
        "y·Σ(y·g) of everything": y * (y * g).sum(),
        "y·Σ(y·g) over axis 0": y * (y * g).sum(0),
        "y·Σ(x·g)": y * (arrays["x"] * g).sum(-1, keepdim=True),
        "y·Σ(y²·g)": y * (y * y * g).sum(-1, keepdim=True),
        "Σy²·g": (y * y * g).sum(-1, keepdim=True),
    }


def losses(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return what students take for the loss, and its two terms: ln Σe^z and the label's logit z."""
    z, labels = arrays["x"], arrays["labels"].long()
    p, y = z.softmax(-1), torch.nn.functional.one_hot(labels, z.shape[1]).to(torch.float64)
    sums, log_p = z.logsumexp(-1), z.log_softmax(-1)
    own, label, chosen = -(log_p * y).sum(-1), (z * y).sum(-1), (p * y).sum(-1)
    over_batch, of_everything = z.log_softmax(0), z.flatten().log_softmax(0).reshape(z.shape)
    return {
        "mean ln Σe^z": sums.mean(),
        "mean z": label.mean(),
        "mean ln Σe^z / ln 2": sums.mean() / 0.6931471805599453,
        "mean ln Σe^(z − max)": (sums - z.amax(-1)).mean(),
        "mean max z": z.amax(-1).mean(),
        "mean max z + log₂ Σe^(z − max)": (z.amax(-1) + (sums - z.amax(-1)) / 0.6931471805599453).mean(),
        "mean p": chosen.mean(),
        "−ln mean p": -chosen.mean().log(),
        "1": torch.ones_like(chosen[0]),
        "Σ(p − onehot)² / N": ((p - y) ** 2).sum(-1).mean(),
        "Σ|p − onehot| / N": (p - y).abs().sum(-1).mean(),
        "Σ(z − onehot)² / N": ((z - y) ** 2).sum(-1).mean(),
        "mean √Σ(p − onehot)²": (p - y).norm(dim=-1).mean(),
        "mean −Σ p·ln p": -(p * log_p).sum(-1).mean(),
        "mean −Σ onehot·p": -chosen.mean(),
        "mean −p·ln p": (chosen * own).mean(),
        "mean −ln max p": -log_p.amax(-1).mean(),
        "mean −ln min p": -log_p.amin(-1).mean(),
        "mean −ln p of the first class": -log_p[:, 0].mean(),
        "mean −ln p of the last class": -log_p[:, -1].mean(),
        "mean −ln p of the first sample": -log_p[0, labels].mean(),
        "−ln p of the last sample": own[-1],
        "−ln p of the first sample": own[0],
        "max −ln p": own.max(),
        "min −ln p": own.min(),
        "median −ln p": own.median(),
        "mean −ln p over axis 0": -(over_batch * y).sum(-1).mean(),
        "mean −ln p of everything": -(of_everything * y).sum(-1).mean(),
        "mean −ln σ(z)": -torch.nn.functional.logsigmoid(label).mean(),
        "mean (ln p)²": (own**2).mean(),
        "mean −(1 − p)·ln p": ((1 - chosen) * own).mean(),
        "mean −ln(1 − p)": -(1 - chosen).log().mean(),
        "Σ max(0, z − z of the label + 1) / N": ((z - label[:, None] + 1).clamp(min=0) * (1 - y)).sum(-1).mean(),
        "accuracy": (z.argmax(-1) == labels).to(torch.float64).mean(),
    }


def loss_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return probabilities, labels, and their products; they are used undivided or divided by a size."""
    logits, labels = arrays["x"], arrays["labels"].long()
    p, y = logits.softmax(-1), torch.nn.functional.one_hot(labels, logits.shape[1]).to(torch.float64)
    return {
        "p": p,
        "onehot": y,
        "p·(1 − onehot)": p * (1 - y),
        "1": torch.ones_like(p),
        "p·onehot": p * y,
        "p²": p * p,
        "logits": logits,
        "labels": arrays["labels"][:, None],
        "p·(1 − p)": p * (1 - p),
        "(p − onehot)·p·(1 − p)": (p - y) * p * (1 - p),
        "onehot·(1 − p)": y * (1 - p),
        "onehot/p": y / p,
        "ln p": logits.log_softmax(-1),
        "e^logits": logits.exp(),
        "p of everything": logits.flatten().softmax(0).reshape(logits.shape),
        "p over axis 0": logits.softmax(0),
    }


def affine(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the terms of A·x + b."""
    product = arrays["x"] @ arrays["weight"].T
    reread = arrays["weight"].reshape(arrays["x"].shape[1], -1)
    return {
        "A·x": product,
        "x·A, reshaped to (in, out) without transposing": arrays["x"] @ reread,
        "b": arrays["bias"],
        "Σb": arrays["bias"].sum(),
        "b[0]": arrays["bias"][0],
        "|A|·x": arrays["x"] @ arrays["weight"].abs().T,
    }


def linear_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return terms of dL/dx."""
    g, x, weight, bias = (arrays[name] for name in ("grad_out", "x", "weight", "bias"))
    return {
        "g·A": g @ weight,
        "x": x,
        "ΣA": weight.sum(0),
        "b·A": bias @ weight,
        "(g·b)·A": (g * bias) @ weight,
        "|g|·A": g.abs() @ weight,
        "g·|A|": g @ weight.abs(),
        "y·A": (x @ weight.T + bias) @ weight,
    }


def weight_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return terms of dL/dA."""
    g, x = arrays["grad_out"], arrays["x"]
    found = {"gᵀ·x": g.T @ x, "A": arrays["weight"], "first sample": g[:1].T @ x[:1], "last sample": g[-1:].T @ x[-1:]}
    return found | {"Σg·Σx": g.sum(0)[:, None] * x.sum(0), "Σx": x.sum(0), "Σg": g.sum(0)[:, None]}


def bias_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return terms of dL/db."""
    g = arrays["grad_out"]
    found = {"Σg": g.sum(0), "Σg of everything": g.sum(), "g of the last sample": g[-1], "g of the first sample": g[0]}
    return found | {
        "Σ|g|": g.abs().sum(0),
        "max g": g.amax(0),
        "median g": g.median(0).values,
        "Σg·b": g.sum(0) * arrays["bias"],
        "b": arrays["bias"],
        "Σg²": (g * g).sum(0),
    }


def averages(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return numbers of a map that are not its mean."""
    x = arrays["x"].flatten(2)
    found = {"mean": x.mean(-1), "max": x.amax(-1), "min": x.amin(-1), "median": x.median(-1).values}
    return found | {
        "first": x[..., 0],
        "last": x[..., -1],
        "std": x.std(-1, correction=0),
        "mean|x|": x.abs().mean(-1),
        "mean x²": (x * x).mean(-1),
    }


def map_gradient(arrays: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return gradients of a map's mean that reach one pixel only."""
    x, g = arrays["x"].flatten(2), arrays["grad_out"][..., None]
    places = torch.arange(x.shape[-1])
    found = {"g at the first pixel": places == 0, "g at the last pixel": places == places[-1]}
    found["g at the largest pixel"] = places == x.argmax(-1, keepdim=True)
    return {words: (g * place).reshape(arrays["x"].shape) for words, place in found.items()}


KINDS = {
    ("Softmax", "forward"): softmax,
    ("Softmax", "backward"): jacobian,
    ("CrossEntropyLoss", "forward"): losses,
    ("CrossEntropyLoss", "backward"): loss_gradient,
    ("Linear", "forward"): affine,
    ("Linear", "backward"): linear_gradient,
    ("Linear", "grads.weight"): weight_gradient,
    ("Linear", "grads.bias"): bias_gradient,
    ("GlobalAvgPool2d", "forward"): averages,
    ("GlobalAvgPool2d", "backward"): map_gradient,
}
"""The terms of each result, by exercise and method."""
