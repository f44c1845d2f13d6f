"""The numbers of the lesson's questions, computed by counting, by torch and by the known mistakes."""

from __future__ import annotations

from itertools import product

import torch
from torch import nn

MASK = torch.tensor([1.0, 0, 1, 1], dtype=torch.float64)
X = torch.tensor([4.0, -2, 6, 1], dtype=torch.float64)
P = 0.8


def gradient(f, x, grad_out):
    """Return the gradient of f at x."""
    x = x.clone().requires_grad_()
    f(x).backward(grad_out)
    return x.grad


def thinned_nets():
    on = [sum(net) for net in product((0, 1), repeat=12)]
    return {"right": len(on), "doubled": 2 * 12, "squared": 12**2, "exactly-six": on.count(6)}


def connections():
    """Average over all masks of a network with 4, 6, 6 and 2 neurons: 24, 36 and 12 connections."""
    half = [sum(net) for net in product((0, 1), repeat=6)]
    left = [4 * a + a * b + 2 * b for a in half for b in half]
    every = 4 * 6 + 6 * 6 + 6 * 2
    return {"right": sum(left) / len(left), "half": every / 2, "quarter": every / 4}


def classic():
    return {"right": X * MASK, "scaled": X * MASK * P, "divided": X * MASK / P}


def classic_dx():
    x = torch.tensor([4.0, -2, 0, 1], dtype=torch.float64)
    grad_out = torch.tensor([10.0, 20, -30, 40], dtype=torch.float64)
    return {
        "right": gradient(lambda x: x * MASK, x, grad_out),
        "by-the-output": grad_out * (x * MASK != 0),
        "unmasked": grad_out,
    }


def at_test(forward, backward):
    x, grad_out = torch.tensor([5.0, -10], dtype=torch.float64), torch.tensor([10.0, 10], dtype=torch.float64)
    return torch.cat([forward * x, gradient(lambda x: backward * x, x, grad_out)])


def classic_test():
    return {"right": at_test(P, P), "gradient-unscaled": at_test(P, 1), "dropped": at_test(1 - P, 1 - P)}


def inverted():
    return {"right": X * MASK / P, "multiplied": X * MASK * P, "by-the-dropped": X * MASK / (1 - P)}


def inverted_dx():
    grad_out = torch.tensor([8.0, 16, -24, 4], dtype=torch.float64)
    return {
        "right": gradient(lambda x: x * MASK / P, X, grad_out),
        "unscaled": gradient(lambda x: x * MASK, X, grad_out),
        "unmasked": grad_out / P,
    }


def inverted_test():
    layer = nn.Dropout(1 - P).eval()
    x, grad_out = torch.tensor([5.0, -10], dtype=torch.float64), torch.tensor([10.0, 10], dtype=torch.float64)
    return {
        "right": torch.cat([layer(x), gradient(layer, x, grad_out)]),
        "classic": at_test(P, P),
        "divided": at_test(1 / P, 1 / P),
    }


def moving_mask():
    return {"right": (3.01 * 1 - 2.99 * 0) / 0.02, "kept": (3.01 - 2.99) / 0.02, "average": 0.5 * (3.01 - 2.99) / 0.02}


def zeros():
    """Count the zeros over all pairs of a ReLU that is 0 in 40 % of the cases and a mask with p = 0.5."""
    pairs = [(relu, kept) for relu in (0, 0, 1, 1, 1) for kept in (0, 1)]
    share = sum(relu * kept == 0 for relu, kept in pairs) / len(pairs)
    return {"right": share, "added": 0.4 + 0.5, "dropped-only": 0.5}


def trained():
    def count(layer):
        return sum(p.numel() for p in layer.parameters())

    linear = nn.Linear(4, 3)
    return {
        "right": count(nn.Sequential(linear, nn.ReLU(), nn.Dropout(0.5))),
        "weights-only": linear.weight.numel(),
        "mask-too": count(linear) + linear.out_features,
    }


NUMBERS = {
    "thinned-nets": thinned_nets,
    "connections": connections,
    "classic": classic,
    "classic-dx": classic_dx,
    "classic-test": classic_test,
    "inverted": inverted,
    "inverted-dx": inverted_dx,
    "inverted-test": inverted_test,
    "moving-mask": moving_mask,
    "zeros": zeros,
    "trained": trained,
}
