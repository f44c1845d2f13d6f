"""The numbers of the lesson's questions, computed by torch and by the known mistakes."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from ncl_course.experiments.by_torch.patients import PatientA
from ncl_course.nn import CNNConfig
from ncl_course.oracles.training.right import build_cnn


def last_layer():
    def arriving(poolings):
        maps = torch.zeros(1, 32, 8, 8)
        for _ in range(poolings):
            maps = nn.functional.max_pool2d(maps, 2)
        return maps.numel()

    return {
        "right": arriving(2),
        "no-pooling": arriving(0),
        "one-pooling": arriving(1),
        "maps-only": torch.zeros(1, 32, 2, 2).shape[1],
    }


def momentum():
    def after(steps, mu):
        w = nn.Parameter(torch.tensor(1.0, dtype=torch.float64))
        optimizer = torch.optim.SGD([w], lr=0.1, momentum=mu)
        places = [w.item()]
        for _ in range(steps):
            w.grad = torch.tensor(2.0, dtype=torch.float64)
            optimizer.step()
            places.append(w.item())
        return places

    own = after(2, 0.5)
    return {"right": own[-1], "no-momentum": after(2, 0)[-1], "second-only": 1 + own[2] - own[1]}


def steps():
    def batches(images, drop_last=False):
        return len(torch.utils.data.DataLoader(range(images), 4, drop_last=drop_last))

    return {
        "right": 2 * batches(10),
        "dropped": 2 * batches(10, drop_last=True),
        "one-epoch": batches(10),
        "joined": batches(20),
    }


def three_steps():
    def after(steps, alpha):
        norm = nn.BatchNorm2d(1, momentum=1 - alpha, dtype=torch.float64)
        for _ in range(steps):
            norm(torch.tensor([9.0, 11.0], dtype=torch.float64).reshape(2, 1, 1, 1))
        return norm.running_mean.item()

    return {"right": after(3, 0.9), "swapped": after(3, 0.1), "one-step": after(1, 0.9)}


def signal_left():
    def tested(keep_prob):
        return PatientA(keep_prob).eval()(torch.ones(1, 1, dtype=torch.float64).numpy()).item()

    return {
        "right": tested(0.8) / 0.8,
        "of-the-input": tested(0.8),
        "nothing": tested(0.5) / 0.5,
    }


def trained():
    def count(batch_norm=True, keep=lambda key: True):
        config = CNNConfig(1, 8, 10, (8, 16), batch_norm=batch_norm)
        params = build_cnn(config, np.random.default_rng(0)).params
        return sum(values.size for key, values in params.items() if keep(key))

    running = sum(2 * maps for maps in (8, 16))
    return {
        "right": count(),
        "no-norm": count(batch_norm=False),
        "stored": count() + running,
        "no-biases": count(keep=lambda key: not key.endswith(".bias")),
    }


NUMBERS = {
    "last-layer": last_layer,
    "momentum": momentum,
    "steps": steps,
    "three-steps": three_steps,
    "signal-left": signal_left,
    "trained": trained,
}
