"""The numbers of the lesson's questions, computed by torch and by the known mistakes."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn


def count(*layers):
    return sum(p.numel() for layer in layers for p in layer.parameters())


def flat_place():
    x = torch.zeros(2, 3, 4, 5)
    x[1, 2, 0, 3] = 1
    row, column = x.flatten(1).nonzero()[0].tolist()
    assert row == 1
    return {
        "right": column,
        "one-map-short": column - 4 * 5,
        "counted-from-one": column + 1,
        "whole-batch": x.flatten().argmax(),
    }


def weight_gradient():
    weight = torch.tensor([[1.0, 2]], requires_grad=True)
    x = torch.tensor([[3.0, 4], [5, 6]], requires_grad=True)
    (x @ weight.T).backward(torch.tensor([[1.0], [10]]))
    return {
        "right": weight.grad,
        "averaged": weight.grad / 2,
        "without-the-gradient": x.detach().sum(0),
        "of-the-input": x.grad.sum(0),
    }


def million_weights():
    def millions(size):
        return nn.Linear(size, 4096, bias=False, device="meta").weight.numel() / 1e6

    return {"right": millions(512 * 7 * 7), "without-the-area": millions(512), "one-side": millions(512 * 7)}


def weight_uses():
    """Count the outputs that depend on the middle weight, by its derivative where every input is 1."""
    weight = torch.zeros(1, 1, 3, 3, requires_grad=True)
    maps = nn.functional.conv2d(torch.ones(1, 1, 224, 224), weight, padding=1)
    maps.sum().backward()
    return {
        "right": weight.grad[0, 0, 1, 1],
        "window": weight.numel(),
        "side": maps.shape[-1],
        "once": nn.Linear(2, 3).weight.numel() / (2 * 3),
    }


def thin_product():
    def millions(*sizes):
        return sum(nn.Linear(*one, bias=False, device="meta").weight.numel() for one in sizes) / 1e6

    return {
        "right": millions((25088, 256), (256, 4096)),
        "one-factor": millions((25088, 256)),
        "divided": millions((25088, 4096)) / 256,
    }


def concatenation():
    branches = [torch.zeros(1, maps, 28, 28) for maps in (64, 128, 32, 32)]
    maps, height, width = torch.cat(branches, dim=1)[0].shape
    return {"right": (maps, height, width), "every-axis": (maps, 4 * height, 4 * width)}


def each_cell():
    x = torch.tensor([[1.0, 3], [7, 4], [2, 1]], requires_grad=True)
    (x.mean() * 12).backward()
    return {"right": x.grad[0, 0], "undivided": 12, "as-two-by-two": 12 / 4}


def overflow():
    def largest(dtype):
        return max(c for c in range(2000) if np.isfinite(np.exp(np.array([1 + c], dtype))).all())

    with np.errstate(over="ignore"):
        return {
            "right": largest(np.float32),
            "double": largest(np.float64),
            "exponent": np.finfo(np.float32).maxexp - 1,
        }


def jacobian():
    logits = torch.log(torch.tensor([0.5, 0.25, 0.25], dtype=torch.float64)).requires_grad_()
    g = torch.tensor([4.0, 0, 8], dtype=torch.float64)
    p = logits.softmax(0)
    p.backward(g)
    p = p.detach()
    return {
        "right": logits.grad,
        "without-the-mean": p * g,
        "diagonal": p * (1 - p) * g,
        "without-p": g - (g * p).sum(),
    }


def one_minus_p():
    def size(loss):
        logits = torch.log(torch.tensor([0.01, 0.99], dtype=torch.float64)).requires_grad_()
        loss(logits.softmax(0)[0]).backward()
        return abs(logits.grad[0])

    return {"right": size(lambda p: 1 - p), "of-the-probability": 1, "of-the-logarithm": size(lambda p: -p.log())}


def wrong_and_sure():
    logits = torch.tensor([[1000.0, -1000]], dtype=torch.float64)
    loss = nn.functional.cross_entropy
    return {
        "right": loss(logits, torch.tensor([1])),
        "largest-only": logits.max(),
        "of-the-other": loss(logits, torch.tensor([0])),
    }


def loss_gradient():
    logits = torch.log(torch.tensor([[0.7, 0.2, 0.1]], dtype=torch.float64)).requires_grad_()
    p = logits.softmax(1)
    p.retain_grad()
    (-p[0, 1].log()).backward()
    return {"right": logits.grad, "opposite": -logits.grad, "of-p": p.grad}


def five_poolings():
    x, sizes = torch.zeros(1, 1, 224, 224), []
    for _ in range(5):
        x = nn.functional.max_pool2d(x, 2)
        sizes.append(x.shape[-1])
    return {"right": sizes[4], "four": sizes[3], "divided-by-five": 224 / 5}


def residual():
    x = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
    (x + 0.1 * x).backward()
    return {"right": x.grad, "block-only": 0.1, "shortcut-only": x.grad - 0.1}


def seven_by_seven():
    def filters(*sides):
        return sum(nn.Conv2d(1, 1, side, bias=False).weight.numel() for side in sides)

    return {"right": filters((1, 7), (7, 1)), "whole-window": filters((7, 7)), "one-of-them": filters((1, 7))}


def global_window():
    x = torch.randn(2, 3, 7, 7, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    fits = [k for k in range(1, 8) if nn.AvgPool2d(k)(x).flatten(1).shape == (2, 3)]
    (same,) = (k for k in fits if torch.allclose(nn.AvgPool2d(k)(x).flatten(1), x.mean((2, 3))))
    return {"right": same, "one": 1, "area": 7 * 7}


def after_pooling():
    maps = nn.Conv2d(1, 8, 3, padding=1)(torch.zeros(1, 1, 28, 28))
    pooled = nn.functional.max_pool2d(maps, 2)
    return {
        "right": count(nn.Linear(pooled[0].numel(), 10)),
        "not-pooled": count(nn.Linear(maps[0].numel(), 10)),
        "one-map": count(nn.Linear(pooled[0, 0].numel(), 10)),
    }


def twice_the_maps():
    def convolution(inputs, outputs):
        return nn.Conv2d(inputs, outputs, 3, bias=False).weight.numel()

    def first_fc(maps, hidden):
        return nn.Linear(maps * 4, hidden, bias=False).weight.numel()

    conv, inputs_only = convolution(32, 64) / convolution(16, 32), convolution(32, 32) / convolution(16, 32)
    grown = first_fc(64, 8) / first_fc(32, 8)
    return {
        "right": (conv, grown),
        "both-double": (inputs_only, grown),
        "both-square": (conv, first_fc(64, 16) / first_fc(32, 8)),
    }


def pool_off():
    def vector(times):
        pools = nn.Sequential(*[nn.MaxPool2d(2)] * times)
        return pools(torch.zeros(1, 256, 32, 32)).numel()

    return {"right": vector(0) / vector(5), "one-axis": 32 / 1, "one-pool": vector(0) / vector(1)}


def field():
    def seen(times):
        x = torch.zeros(1, 1, 40, 40, dtype=torch.float64, requires_grad=True)
        y = x
        for _ in range(times):
            y = nn.functional.conv2d(y, torch.ones(1, 1, 3, 3, dtype=torch.float64), padding=1)
        y[0, 0, 20, 20].backward()
        return (x.grad[0, 0, 20] > 0).sum()

    return {"right": seen(5), "added": 5 * seen(1), "one": seen(1)}


NUMBERS = {
    "flat-place": flat_place,
    "weight-gradient": weight_gradient,
    "million-weights": million_weights,
    "weight-uses": weight_uses,
    "thin-product": thin_product,
    "concatenation": concatenation,
    "each-cell": each_cell,
    "overflow": overflow,
    "jacobian": jacobian,
    "one-minus-p": one_minus_p,
    "wrong-and-sure": wrong_and_sure,
    "loss-gradient": loss_gradient,
    "five-poolings": five_poolings,
    "residual": residual,
    "seven-by-seven": seven_by_seven,
    "global-window": global_window,
    "after-pooling": after_pooling,
    "twice-the-maps": twice_the_maps,
    "pool-off": pool_off,
    "field": field,
}
