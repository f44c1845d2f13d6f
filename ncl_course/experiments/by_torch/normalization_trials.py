"""Small convolutional nets on real digits, trained by torch, to test lesson 05's claims about normalization.

Everything runs on one thread from a fixed seed. Nothing here is an answer to an exercise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
import torch
from torch import nn
from torch.nn.utils import parametrize

from ncl_course.data import all_digits
from ncl_course.experiments.by_torch.own_normalization import Own, OwnNorm, OwnWeights
from ncl_course.oracles.layer import Array
from ncl_course.oracles.optimizer import SGD
from ncl_course.oracles.settings import own_settings

Norm = Literal["none", "batch", "group"]
Pixels = Literal["around_0", "raw", "normalized"]

CHANNELS = 12
"""The number of maps in every layer of a trial's net."""


@dataclass(frozen=True)
class Trial:
    """The structure and the training of one net.

    Attributes:
        norm: the layer between each convolution and its ReLU.
        lr: the learning rate of plain SGD.
        gain: the factor by which He's initial weights, which are a good start, are multiplied.
        keep: the share of the last layer's inputs that dropout keeps.
        samples: the number of digits to learn from; 600 others are for the test.
        pools: the number of pooling layers between the convolutions.
        after: whether the normalizing layer follows ReLU instead of preceding it.
        standardize: whether every convolution uses standardized weights (lecture, section 5).
        pixels: the pixels that enter the net: ``around_0`` from −1 to 1, ``raw`` from 0 to 16 as they are stored, or
            ``normalized`` to mean 0 and variance 1 over the training digits.
    """

    norm: Norm = "none"
    depth: int = 6
    lr: float = 0.05
    gain: float = 1.0
    keep: float = 1.0
    batch: int = 32
    steps: int = 120
    samples: int = 1000
    seed: int = 0
    pools: int = 1
    after: bool = False
    standardize: bool = False
    pixels: Pixels = "around_0"


@dataclass
class Course:
    """The loss of every step, shares of right answers, and one unit's inputs at some steps.

    Attributes:
        moved: the share of right answers on the test digits, each moved to the right by one pixel.
    """

    losses: list[float] = field(default_factory=list)
    trained: float = 0.0
    tested: float = 0.0
    moved: float = 0.0
    seen: dict[int, list[Array]] = field(default_factory=dict)


@cache
@own_settings()
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Return the 1,797 digits, shuffled: (1797, 1, 8, 8) float32 from −1 to 1, and their labels."""
    images, labels = all_digits()
    order = np.random.default_rng(5).permutation(len(images))
    return torch.tensor(2 * images[order] - 1), torch.tensor(labels[order])


def normalizing(norm: Norm, own: Own) -> nn.Module:
    """Return the layer between a convolution and its ReLU: the student's own, or torch's."""
    if norm in own:
        return OwnNorm(own[norm](CHANNELS))
    layers: dict[Norm, nn.Module] = {
        "none": nn.Identity(),
        "batch": nn.BatchNorm2d(CHANNELS),
        "group": nn.GroupNorm(4, CHANNELS),
    }
    return layers[norm]


class Standardized(nn.Module):
    """Weight standardization (Qiao et al., 2019): each filter (M, p, q) of W (K, M, p, q) to mean 0 and variance 1."""

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """Return the standardized weights, of the same shape."""
        var, mean = torch.var_mean(weight, dim=(1, 2, 3), correction=0, keepdim=True)
        return (weight - mean) / (var + 1e-5).sqrt()


def net(trial: Trial, own: Own | None = None) -> nn.Sequential:
    """Return [CONV → (norm) → RELU]·depth → FC, with pooling layers evenly between the blocks."""
    own = own or {}
    layers: list[nn.Module] = []
    every = trial.depth // (trial.pools + 1)
    side = 8 // 2**trial.pools
    for number in range(trial.depth):
        conv = nn.Conv2d(1 if number == 0 else CHANNELS, CHANNELS, 3, padding=1)
        nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        nn.init.constant_(conv.get_parameter("bias"), 0.0)
        conv.weight.data *= trial.gain
        if trial.standardize:
            made = OwnWeights(own["weights"]()) if "weights" in own else Standardized()
            parametrize.register_parametrization(conv, "weight", made)
        norm = normalizing(trial.norm, own)
        layers += [conv, nn.ReLU(), norm] if trial.after else [conv, norm, nn.ReLU()]
        if (number + 1) % every == 0 and (number + 1) // every <= trial.pools:
            layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers, nn.Flatten(), nn.Dropout(1 - trial.keep), nn.Linear(CHANNELS * side**2, 10))


def run(trial: Trial, watch: tuple[int, ...] = (), own: Own | None = None) -> Course:
    """Train a net as the trial describes.

    Args:
        watch: the steps at which the inputs of every ReLU for the first map are recorded.
        own: the student's layers by name, which take the place of torch's.
    """
    with own_settings():
        torch.manual_seed(trial.seed)
        return trained(trial, watch, own)


def trained(trial: Trial, watch: tuple[int, ...], own: Own | None) -> Course:
    """Train a net with torch's current random state."""
    x, labels = digits()
    learn, test = slice(0, trial.samples), slice(len(x) - 600, None)
    x = entering(x, trial.pixels, learn)
    model, course = net(trial, own), Course()
    optimizer = SGD(model.parameters(), trial.lr, momentum=0.9)
    for step, rows in enumerate(batches(trial)):
        if step in watch:
            course.seen[step] = before_relu(model, x[learn][:200])
        loss = nn.functional.cross_entropy(model.train()(x[learn][rows]), labels[learn][rows])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        course.losses.append(float(loss.detach()))
    course.trained, course.tested = accuracy(model, x[learn], labels[learn]), accuracy(model, x[test], labels[test])
    moved = nn.functional.pad(x[test], (1, -1, 0, 0), value=float(x.min()))  # the new column is black
    course.moved = accuracy(model, moved, labels[test])
    return course


def entering(x: torch.Tensor, pixels: Pixels, learn: slice) -> torch.Tensor:
    """Return the pixels as they enter the net; mean and variance are those of the digits to learn from."""
    if pixels == "raw":
        return 8 * (x + 1)
    return (x - x[learn].mean()) / x[learn].std(correction=0) if pixels == "normalized" else x


def batches(trial: Trial) -> list[torch.Tensor]:
    """Return the rows of each step: the digits in a new order in each epoch."""
    epochs = -(-trial.steps * trial.batch // trial.samples) + 1
    rows = torch.cat([torch.randperm(trial.samples) for _ in range(epochs)])
    cuts = range(0, (trial.steps + 1) * trial.batch, trial.batch)
    return [rows[start:end] for start, end in pairwise(cuts)]


def before_relu(model: nn.Sequential, x: torch.Tensor) -> list[Array]:
    """Return the inputs of every ReLU of the net in training mode, for the first map only, layer by layer."""
    seen = []
    with torch.no_grad():
        for layer in model:
            if isinstance(layer, nn.ReLU):
                seen.append(x[:, 0].flatten().numpy().copy())
            x = (
                nn.functional.batch_norm(x, None, None, layer.weight, layer.bias, True)
                if isinstance(layer, nn.BatchNorm2d)
                else layer(x)
            )
    return seen


def accuracy(model: nn.Sequential, x: torch.Tensor, labels: torch.Tensor) -> float:
    """Return the share of right answers in test mode."""
    with torch.no_grad():
        return float((model.eval()(x).argmax(1) == labels).double().mean())
