"""The numbers of the lesson's questions, computed by torch and by the known mistakes."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - the usual name

MAP = torch.tensor([1.0, 3, 5, 7], dtype=torch.float64)
G = torch.tensor([9.0, 0, 0, 0], dtype=torch.float64)
EPS, GAMMA = 4, 3


def batch_norm(x, gamma=1.0, beta=0.0):
    """Normalize one map, a row of numbers."""
    scale, shift = (torch.tensor([float(v)], dtype=torch.float64) for v in (gamma, beta))
    return F.batch_norm(x[:, None], None, None, scale, shift, training=True, eps=EPS)[:, 0]


def gradient(f, x, grad_out):
    x = x.clone().requires_grad_()
    f(x).backward(grad_out)
    return x.grad


def four_numbers():
    return {
        "right": batch_norm(MAP, GAMMA, 10),
        "shifted-first": (batch_norm(MAP) + 10) * GAMMA,
        "only-centred": (MAP - MAP.mean()) * GAMMA + 10,
    }


def identity():
    pairs = {"right": (3, 4), "variance": (9, 4), "untouched": (1, 0)}
    same = {name: torch.allclose(batch_norm(MAP, *pair), MAP) for name, pair in pairs.items()}
    assert same == {"right": True, "variance": False, "untouched": False}
    assert MAP.var(correction=0) + EPS == 9
    return pairs


def running():
    def after(steps, alpha, extra=0.0):
        norm = nn.BatchNorm2d(1, momentum=1 - alpha, dtype=torch.float64)
        for _ in range(steps):
            old = norm.running_var.clone()
            norm(MAP[:, None, None, None])
            norm.running_var = alpha * old + (1 - alpha) * (MAP.var(correction=0) + extra)  # the lecture's, biased
        return norm.running_mean.item(), norm.running_var.item()

    return {
        "right": after(2, 0.75),
        "swapped": after(2, 0.25),
        "with-epsilon": after(2, 0.75, EPS),
        "one-step": after(1, 0.75),
    }


def at_test():
    def output(mean, var, eps):
        x, one = torch.tensor([[7.0]], dtype=torch.float64), torch.ones(1, dtype=torch.float64)
        return F.batch_norm(x, mean * one, var * one, GAMMA * one, 10 * one, eps=eps)[0, 0]

    return {"right": output(1, 5, EPS), "own-batch": output(7, 0, EPS), "without-epsilon": output(1, 5, 0)}


def graph():
    """Return the gradients of all nodes of y = γ·(x − μ)/√(σ² + ε), with μ and σ² as nodes of their own."""
    x = MAP.clone().requires_grad_()
    mean = x.mean()
    var = ((x - mean) ** 2).mean()
    x_hat = (x - mean) / (var + EPS).sqrt()
    for node in (mean, var, x_hat):
        node.retain_grad()
    (GAMMA * x_hat).backward(G)
    return x_hat, var, mean, x


def node_normalized():
    x_hat = graph()[0]
    return {"right": x_hat.grad, "divided": G / GAMMA, "of-gamma": G * x_hat.detach()}


def node_variance():
    _, var, mean, x = graph()
    summed = (GAMMA * G * (x - mean)).sum().item()
    root = (var.item() + EPS) ** 0.5
    assert var.grad.item() == -0.5 / root**3 * summed
    return {"right": var.grad, "sign": -var.grad, "half": -summed / root**3, "power": -0.5 / root * summed}


def node_mean():
    mean = graph()[2]
    return {"right": mean.grad, "sign": -mean.grad, "undivided": -(GAMMA * G).sum()}


def node_input():
    def held(without):
        def layer(x):
            mean, var = x.mean(), x.var(correction=0)
            mean = mean.detach() if "mean" in without else mean
            var = var.detach() if "var" in without else var
            return GAMMA * (x - mean) / (var + EPS).sqrt()

        return gradient(layer, MAP, G)

    assert torch.allclose(held(()), graph()[3].grad)
    assert torch.allclose(held(()), gradient(lambda x: batch_norm(x, GAMMA), MAP, G))
    return {
        "right": held(()),
        "direct-only": held(("mean", "var")),
        "without-the-mean": held(("mean",)),
        "without-the-variance": held(("var",)),
    }


def stored():
    layers = [nn.BatchNorm2d(64) for _ in range(10)]
    trained = [sum(p.numel() for p in layer.parameters()) for layer in layers]
    kept = [layer.running_mean.numel() + layer.running_var.numel() for layer in layers]
    return {"right": sum(trained) + sum(kept), "trained": sum(trained), "one-layer": trained[0] + kept[0]}


STEPS = {"Inception": 31.0e6, "Baseline": 13.3e6, "x5": 2.1e6, "x30": 2.7e6}
ACCURACY = {"Inception": 72.2, "Baseline": 72.7, "x5": 73.0, "x30": 74.8}
"""The lecture's table."""


def speed_up():
    times = {name: round(STEPS["Inception"] / steps) for name, steps in STEPS.items()}
    assert max(times, key=times.__getitem__) == "x5"
    return {"right": times["x5"], "baseline": times["Baseline"], "other-row": times["x30"]}


def by_itself():
    inception, times = STEPS["Inception"], {name: STEPS["Inception"] / steps for name, steps in STEPS.items()}
    assert inception == max(STEPS.values())
    return {
        "right": round(times["Baseline"], 1),
        "fastest-row": round(times["x5"], 1),
        "other-row": round(times["x30"], 1),
    }


def accuracy_gain():
    best = max(ACCURACY.values())
    return {
        "right": round(best - ACCURACY["Inception"], 1),
        "fastest-row": round(ACCURACY["x5"] - ACCURACY["Inception"], 1),
        "against-the-baseline": round(best - ACCURACY["Baseline"], 1),
    }


def group_size():
    """Count the numbers of one mean: a batch of 4 samples with 6 maps of 4 numbers."""

    def size(groups):
        return torch.zeros(4, 6, 4).reshape(4, groups, -1)[0, 0].numel()

    return {"right": size(2), "unchanged": size(1), "doubled": 2 * size(1)}


def layer():
    x, gamma = MAP.reshape(1, 2, 2), torch.tensor([3.0, 6], dtype=torch.float64)
    return {
        "right": F.group_norm(x, 1, gamma, eps=EPS).flatten(),
        "one-gamma": F.group_norm(x, 1, gamma[:1].repeat(2), eps=EPS).flatten(),
        "each-map": F.group_norm(x, 2, gamma, eps=EPS).flatten(),
    }


def second_sample():
    x, g = torch.stack([MAP, MAP]), torch.stack([G, 0 * G])
    gamma = torch.tensor([3.0], dtype=torch.float64)

    def instance(x):
        return F.instance_norm(x[:, None], weight=gamma, eps=EPS)[:, 0]

    def batch(x):
        return batch_norm(x.flatten(), GAMMA).reshape(2, 4)

    own = gradient(instance, x, g)
    return {"right": own[1], "as-batch": gradient(batch, x, g)[1], "as-first": own[0]}


def neighbours():
    maps = torch.arange(6)
    return {
        "right": maps.reshape(3, 2)[1],
        "interleaved": maps[maps % 3 == 2],
        "by-the-number": maps.reshape(2, 3)[0],
    }


def cells_of_a_mean():
    def cells(groups):
        return torch.zeros(1, 6, 4, 5).reshape(1, groups, -1).shape[-1]

    return {"right": cells(2), "one-map": cells(6), "groups": cells(3), "all-maps": cells(1)}


def standardized():
    def layer(w):
        return (w - w.mean()) / (w.var(correction=0) + EPS).sqrt()

    own = gradient(layer, MAP, G)
    return {
        "right": own,
        "with-gamma": gradient(lambda w: GAMMA * layer(w), MAP, G),
        "direct-only": G / (MAP.var(correction=0) + EPS).sqrt(),
    }


def filter_sum():
    own = standardized()
    return {"right": own["right"].sum().round(decimals=12), "gradient": G.sum(), "divided": own["direct-only"].sum()}


def trains():
    norm = nn.BatchNorm2d(nn.Conv2d(16, 32, 3).out_channels)
    trained = sum(p.numel() for p in norm.parameters())
    kept = norm.running_mean.numel() + norm.running_var.numel()
    return {"right": trained, "stores": trained + kept, "scale-only": norm.weight.numel()}


def which_alpha():
    """The start's weight after a hundred steps, and how far one new batch moves the mean."""
    alphas = {"right": 0.99, "jumps": 0.5, "smooth": 0.9}
    assert [name for name, alpha in alphas.items() if alpha**100 > 0.1] == ["right"]
    assert [name for name, alpha in alphas.items() if 1 - alpha > 0.2] == ["jumps"]
    return alphas


NUMBERS = {
    "four-numbers": four_numbers,
    "identity": identity,
    "running": running,
    "at-test": at_test,
    "node-normalized": node_normalized,
    "node-variance": node_variance,
    "node-mean": node_mean,
    "node-input": node_input,
    "stored": stored,
    "speed-up": speed_up,
    "accuracy-gain": accuracy_gain,
    "by-itself": by_itself,
    "group-size": group_size,
    "layer": layer,
    "second-sample": second_sample,
    "neighbours": neighbours,
    "cells-of-a-mean": cells_of_a_mean,
    "standardized": standardized,
    "filter-sum": filter_sum,
    "trains": trains,
    "which-alpha": which_alpha,
}
