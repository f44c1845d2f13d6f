"""Time one training step of a small CNN: the course's NumPy layers against torch, on one thread each, in one run.

The layers are first the fast keys of ``solutions/fast``, and then the readable ones of the notebooks. With ``python -m
bench.training_step FILE``, the layers that the Python file defines replace them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from bench.keys import FAST, keys
from bench.measure import BATCH, kernel, medians, on_one_thread
from ncl_course.nn import SGD, Conv2d, Sequential

SHAPES = ((1, 8, 8), (1, 28, 28), (3, 32, 32))
AIM, AIM_READABLE = 1.5, 3.0
LR, MOMENTUM = 0.01, 0.9


def ours(names: dict[str, Any], channels: int, size: int) -> Sequential:
    """Return conv 16 → BN → ReLU → pool → conv 32 → BN → ReLU → pool → FC, made of the keys' layers."""
    rng = np.random.default_rng(0)
    layers: list[Any] = []
    for before, after in ((channels, 16), (16, 32)):
        layers.append(Conv2d(before, after, 3, padding=1, rng=rng))
        layers += [names["BatchNorm2d"](after), names["ReLU"](), names["MaxPool2d"](2)]
    return Sequential(*layers, names["Flatten"](), names["Linear"](32 * (size // 4) ** 2, 10, rng=rng))


def theirs(channels: int, size: int) -> torch.nn.Sequential:
    """Return the same network made of torch's modules."""
    nn = torch.nn
    layers: list[torch.nn.Module] = []
    for before, after in ((channels, 16), (16, 32)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(32 * (size // 4) ** 2, 10))


def our_step(names: dict[str, Any], x: np.ndarray, labels: np.ndarray) -> Callable[[], Any]:
    """Return a function that does one step of our network and can be called repeatedly."""
    model, loss = ours(names, *x.shape[1:3]), names["CrossEntropyLoss"]()
    optimizer = SGD(model, LR, MOMENTUM)

    def step() -> None:
        loss.forward(model.train()(x), labels)
        model.backward(loss.backward())
        optimizer.step()

    return step


def their_step(x: np.ndarray, labels: np.ndarray) -> Callable[[], Any]:
    """Return a function that does one step of torch's network."""
    model = theirs(*x.shape[1:3])
    optimizer = torch.optim.SGD(model.parameters(), LR, MOMENTUM)
    inputs, targets = torch.tensor(x), torch.tensor(labels)

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model.train()(inputs), targets).backward()
        optimizer.step()

    return step


def our_layers(names: dict[str, Any], x: np.ndarray) -> list[list[float]]:
    """Time each of our layers alone, with its input in the network, and its own output as the gradient."""
    timed = []
    for layer in ours(names, *x.shape[1:3]).layers:
        y = layer(x)
        timed.append(medians(partial(layer, x), partial(layer.backward, y)))
        x = y
    return timed


def their_layers(x: np.ndarray) -> list[list[float]]:
    """Time each of torch's modules alone, including the gradient of the input, which our layers always compute."""
    timed = []
    values = torch.tensor(x)
    for module in theirs(*x.shape[1:3]):
        values = values.detach().requires_grad_()
        y = module(values)
        backward = partial(torch.autograd.grad, y, [values, *module.parameters()], y.detach(), retain_graph=True)
        timed.append(medians(partial(module, values), backward))
        values = y
    return timed


def table(title: str, names: dict[str, Any], shape: tuple[int, ...], aim: float) -> Table:
    """Return a table of the times, layer by layer, and for the whole step."""
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(BATCH, *shape)).astype(np.float32), rng.integers(0, 10, BATCH)
    own, torchs = medians(our_step(names, x, labels), their_step(x, labels))
    size = "×".join(map(str, shape))
    made = Table(title=f"A training step, {BATCH} images of {size}, {title}, ms (aim: ≤ {aim} times torch's)")
    for name in ("", "forward", "torch's", "backward", "torch's", "both / torch's"):
        made.add_column(name, justify="right" if name else "left")
    layers = ours(names, *shape[:2]).layers
    for layer, mine, other in zip(layers, our_layers(names, x), their_layers(x), strict=True):
        cells = (f"{value:.2f}" for pair in zip(mine, other, strict=True) for value in pair)
        made.add_row(type(layer).__name__, *cells, f"{sum(mine) / sum(other):.1f}")
    made.add_section()
    made.add_row("whole step", f"{own:.2f}", f"{torchs:.2f}", "", "", f"{own / torchs:.2f}")
    return made


def run(overrides: Path | None = None) -> None:
    """Print one table for each kind of key and each image size."""
    kinds: dict[str, tuple[Path | None, float]] = {"fast keys": (FAST, AIM), "readable keys": (None, AIM_READABLE)}
    if overrides:
        kinds = {overrides.name: (overrides, AIM)}
    with on_one_thread():
        for title, (path, aim) in kinds.items():
            for shape in SHAPES:
                Console(width=110).print(table(title, keys(path), shape, aim))
        print(kernel())


if __name__ == "__main__":
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
