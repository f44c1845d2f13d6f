"""The numbers of the lesson's questions, computed by torch and by the known mistakes."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch.nn import functional as F  # noqa: N812 - the usual name

from ncl_course.experiments.deep_toy import fold


def tensor(*numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def peaks():
    """Count where a curve folded by a number of layers turns downwards, and its straight pieces."""

    def turns(layers):
        x = np.arange(2**11 + 1) / 2**11
        steps = np.sign(np.diff(fold(x, layers)))
        return np.sum((steps[:-1] > 0) & (steps[1:] < 0)), 1 + np.count_nonzero(np.diff(steps))

    tops, pieces = turns(10)
    return {"right": tops, "one-each": 10 * turns(1)[0], "pieces": pieces}


def straight_line():
    x = tensor(-3, -1, 2)
    slopes = {"right": 1, "plain-relu": 0, "absolute-value": -1}
    wanted = {"right": x, "plain-relu": x.relu(), "absolute-value": x.abs()}
    return {name: slope for name, slope in slopes.items() if torch.equal(F.leaky_relu(x, slope), wanted[name])}


def relu_dx():
    x, grad_out = tensor(-1, 2, -3, 4), tensor(10, -20, 30, 40).detach()
    x.relu().backward(grad_out)
    return {"right": x.grad, "by-the-gradient": grad_out.relu(), "output": x.detach().relu()}


def sigmoid_ln_3():
    x = tensor(math.log(3)).detach()
    return {"right": x.sigmoid(), "other-sign": (-x).sigmoid(), "exponential": x.exp(), "not-inverted": 1 + (-x).exp()}


def steepest():
    x = torch.linspace(-5, 5, 1001, dtype=torch.float64, requires_grad=True)
    x.sigmoid().sum().backward()
    y = torch.linspace(-5, 5, 1001, dtype=torch.float64, requires_grad=True)
    y.tanh().sum().backward()
    return {"right": x.grad.max(), "value": torch.sigmoid(torch.tensor(0.0)), "as-tanh": y.grad.max()}


def tanh_numbers():
    x = torch.linspace(-3, 3, 7, dtype=torch.float64)
    curves = {"right": (2, 2, -1), "not-squeezed": (1, 2, -1), "shifted-first": (2, 2, -2)}
    fits = {name: torch.allclose(a * torch.sigmoid(k * x) + b, x.tanh()) for name, (k, a, b) in curves.items()}
    assert fits == {"right": True, "not-squeezed": False, "shifted-first": False}
    return curves


def tanh_half_ln_3():
    x = tensor(math.log(3) / 2).detach()
    return {"right": x.tanh(), "sigmoid-only": (2 * x).sigmoid(), "factor-forgotten": 2 * x.sigmoid() - 1}


def leak_of_two():
    x = tensor(-2, 3).detach()
    return {"right": F.leaky_relu(x, 2), "by-maximum": torch.maximum(2 * x, x), "sign-lost": F.leaky_relu(x, -2)}


def elu_ln_2():
    x = tensor(-math.log(2)).detach()
    return {"right": F.elu(x, 2), "without-the-bracket": 2 * x.exp() - 1, "alpha-forgotten": F.elu(x, 1)}


def prelu_alpha():
    x, grad_out, alpha = tensor(-1, 2, -3).detach(), tensor(10, 20, -30).detach(), tensor(0.25)
    F.prelu(x, alpha).backward(grad_out)
    return {
        "right": alpha.grad,
        "every-place": (grad_out * x).sum(),
        "averaged": alpha.grad / 3,
        "magnitudes": 10 * -1 + -30 * abs(-3),
    }


def pieces(x):
    return np.array([3 * x - 1, -x + 1])


def maxout_outputs():
    both = np.array([pieces(2), pieces(-1)])
    return {"right": both.max(1), "smaller": both.min(1), "summed": both.sum(1), "first-piece": both[:, 0]}


def maxout_slopes():
    x, grad_out = tensor(2, -1).detach(), tensor(10, 100).detach()
    slopes, shifts = tensor(3, -1), tensor(-1, 1)
    (x[:, None] * slopes + shifts).amax(1).backward(grad_out)
    return {"right": slopes.grad, "both-pieces": (x * grad_out).sum().repeat(2), "without-the-input": shifts.grad}


def trained():
    def count(*layers):
        return sum(p.numel() for layer in layers for p in layer.parameters())

    net = torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.PReLU(16)
    return {
        "right": count(*net),
        "none": count(*net[:2]),
        "shared": count(torch.nn.PReLU()),
        "window-too": count(*net) + 2 * 2,
    }


def zeros_in_a_window():
    x = tensor([[-1.0, -2], [-3, -4]])
    F.max_pool2d(x.relu()[None], 2).backward(torch.full((1, 1, 1, 1), 5.0, dtype=torch.float64))
    return {"right": x.grad[0, 0, 0], "winner": 5, "shared": 5 / 4}


def elu_smooth():
    def corner(alpha):
        """Return by how much the slope changes from just left of 0 to just right of it."""
        x = tensor(-1e-9, 1e-9)
        F.elu(x, alpha).sum().backward()
        return abs(x.grad[1] - x.grad[0])

    alphas = {"right": 1, "plain-relu": 0, "leak": 0.1}
    assert [name for name, alpha in alphas.items() if corner(alpha) < 1e-6] == ["right"]
    return alphas


def maxout_absolute():
    x = torch.linspace(-3, 3, 7, dtype=torch.float64)
    curves = {"right": x.abs(), "relu": x.relu(), "leaky": F.leaky_relu(x, 0.25), "one-line": x.relu()}
    numbers = {"right": (-1, 0, 1, 0), "relu": (0, 0, 1, 0), "leaky": (0.25, 0, 1, 0), "one-line": (1, 0, 0, 0)}
    return {
        name: four
        for name, four in numbers.items()
        if torch.equal(torch.maximum(four[0] * x + four[1], four[2] * x + four[3]), curves[name])
    }


NUMBERS = {
    "peaks": peaks,
    "straight-line": straight_line,
    "relu-dx": relu_dx,
    "sigmoid-ln-3": sigmoid_ln_3,
    "steepest": steepest,
    "tanh-numbers": tanh_numbers,
    "tanh-half-ln-3": tanh_half_ln_3,
    "leak-of-two": leak_of_two,
    "elu-ln-2": elu_ln_2,
    "prelu-alpha": prelu_alpha,
    "maxout-outputs": maxout_outputs,
    "maxout-slopes": maxout_slopes,
    "trained": trained,
    "zeros-in-a-window": zeros_in_a_window,
    "elu-smooth": elu_smooth,
    "maxout-absolute": maxout_absolute,
}
