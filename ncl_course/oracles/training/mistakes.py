"""The known wrong ways to build and to train a network, as alterations of torch's right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from ncl_course.nn import CNNConfig
from ncl_course.oracles.altered import Misconception
from ncl_course.oracles.network import PIECES, Network
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d
from ncl_course.oracles.training import right as training
from ncl_course.oracles.training import wrong_loops as loops
from ncl_course.oracles.training import wrong_steps as steps
from ncl_course.oracles.training.right import assembled
from ncl_course.oracles.training.template import MISTAKES, template

Build = Callable[[CNNConfig, np.random.Generator], Network]


def by_pattern(pattern: str) -> Build:
    """Return a network with the layers of another template; torch raises if a layer does not fit the one before."""
    return lambda config, rng: assembled(template(config, pattern), config, rng)


def padded_with(padding: int) -> Build:
    """Return a builder of convolutions with one padding for every kernel, and of FC layers that fit their outputs."""
    return lambda config, rng: assembled(template(config), config, rng, padding=padding)


def with_config(change: Callable[[CNNConfig], CNNConfig]) -> Build:
    """Return a builder that reads a changed config."""
    return lambda config, rng: training.build_cnn(change(config), rng)


def keeping(probability: Callable[[float], float]) -> Build:
    """Return a builder that gives dropout another probability, if there is dropout at all."""
    return with_config(lambda c: replace(c, keep_prob=probability(c.keep_prob)) if c.keep_prob < 1 else c)


def not_handed_to(kind: str) -> Build:
    """Return a builder whose layers of one kind draw from a generator that is not ``rng``."""
    elsewhere = np.random.default_rng(0)

    def build(config: CNNConfig, rng: np.random.Generator) -> Network:
        right, stray = (training.build_cnn(config, some) for some in (rng, elsewhere))
        pairs = zip(template(config), right.layers, stray.layers, strict=True)
        return Network(*(other if name == kind else layer for name, layer, other in pairs))

    return build


def first_linear_of(inputs: Callable[[CNNConfig], int]) -> Build:
    """Return a builder whose first FC layer expects another number of inputs."""

    def build(config: CNNConfig, rng: np.random.Generator) -> Network:
        layers = list(training.build_cnn(config, rng).layers)
        first = template(config).index("Linear")
        layers[first] = PIECES["Linear"](inputs(config), len(layers[first].params["bias"]), rng=rng)
        return Network(*layers)

    return build


WRONG_INPUTS: tuple[Callable[[CNNConfig], int], ...] = (
    lambda config: config.filters[-1] * config.image_size**2,
    lambda config: config.filters[-1] * (config.image_size // 2) ** 2,
    lambda config: config.filters[-1],
    lambda config: config.image_size**2,
)
"""Numbers of inputs without the poolings, with one pooling, without the image's size, and without the filters."""


def torchs_momentum(config: CNNConfig, rng: np.random.Generator) -> Network:
    """Give batch normalization torch's momentum as α."""
    network = training.build_cnn(config, rng)
    for layer in network.layers:
        if isinstance(layer, BatchNorm2d):
            layer.alpha = 1 - layer.alpha
    return network


TWICE_WRONG: tuple[tuple[str, dict[str, Any]], ...] = (
    ("last-batch-dropped", {"drop_last": True}),
    ("not-shuffled", {"order": lambda _rng, size, _epoch: range(size)}),
    ("shuffled-once", {"order": loops.once}),
    ("labels-not-shuffled", {"labels_follow": False}),
    ("one-loss-an-epoch", {"result": loops.mean_of_each}),
    ("one-loss-an-epoch", {"result": loops.last_of_each}),
)
"""Mistakes that often come together with one about ``on_step``."""

MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "build_cnn": (
        *(Misconception(name, by_pattern(pattern)) for name, pattern in MISTAKES.items()),
        Misconception("padding-missing", padded_with(0)),
        *(Misconception("padding-fixed", padded_with(padding)) for padding in (1, 2)),
        Misconception(
            "filters-of-the-first-block", with_config(lambda c: replace(c, filters=c.filters[:1] * len(c.filters)))
        ),
        *(Misconception("first-linear-size", first_linear_of(inputs)) for inputs in WRONG_INPUTS),
        Misconception("rng-ignored", lambda config, rng: training.build_cnn(config, np.random.default_rng(0))),
        *(Misconception("rng-ignored", not_handed_to(name)) for name in ("Conv2d", "Linear", "Dropout")),
        Misconception("alpha-of-torch", torchs_momentum),
        Misconception("keep-prob-turned-round", keeping(lambda p: 1 - p)),
        Misconception("keep-prob-fixed", keeping(lambda _: 0.5)),
    ),
    "train_step": (
        Misconception("not-in-training-mode", steps.step_by(mode=steps.left_as_it_is)),
        Misconception("not-in-training-mode", steps.step_by(mode=Network.eval)),
        Misconception("loss-after-the-update", steps.step_by(returned="after")),
        Misconception("no-update", steps.step_by(moves=0)),
        Misconception("updated-twice", steps.step_by(moves=2)),
        *(Misconception("updated-twice", steps.step_by(by_hand=when)) for when in ("before", "after")),
        Misconception("softmax-before-the-loss", steps.step_by(logits=steps.softmax)),
        Misconception("softmax-before-the-loss", steps.step_by(logits=steps.softmax_without_gradient)),
        Misconception("update-before-backward", steps.updated_first),
        Misconception("uphill", steps.step_by(gradient=lambda grad: -grad)),
        Misconception("averaged-twice", steps.divided),
        Misconception("loss-summed", steps.summed),
        Misconception("loss-not-returned", steps.step_by(returned="nothing")),
        Misconception("forward-twice", steps.step_by(passes=2)),
        *(Misconception("images-rescaled", step) for step in steps.RESCALED),
        *(Misconception("gradient-clipped", step) for step in steps.clipped(steps.BOUNDS)),
    ),
    "train": (
        Misconception("last-batch-dropped", loops.train_by(drop_last=True)),
        Misconception("not-shuffled", loops.train_by(order=lambda _rng, size, _epoch: range(size))),
        Misconception("labels-not-shuffled", loops.train_by(labels_follow=False)),
        Misconception("images-not-shuffled", loops.train_by(images_follow=False)),
        Misconception("labels-shuffled-apart", loops.train_by(labels_apart=True)),
        Misconception("shuffled-once", loops.train_by(order=loops.once)),
        Misconception(
            "drawn-with-replacement", loops.train_by(order=lambda rng, size, _epoch: rng.integers(0, size, size))
        ),
        Misconception("rng-ignored", loops.train_by(order=loops.from_itself)),
        Misconception("on-step-not-called", loops.train_by(calls=False)),
        Misconception("never-stops", loops.train_by(asks=lambda _answer: False)),
        Misconception("stops-unasked", loops.train_by(asks=lambda answer: answer is not False)),
        Misconception("stops-unasked", loops.train_by(asks=lambda answer: not answer)),
        Misconception("stops-unasked", loops.train_by(asks=lambda answer: not answer, always_asked=True)),
        Misconception("stops-only-the-epoch", loops.train_by(stops="epoch")),
        Misconception("stops-only-the-epoch", loops.train_by(stops="epoch", stopping_counts=False)),
        Misconception("last-loss-lost", loops.train_by(result=loops.all_but_the_last)),
        Misconception("last-loss-lost", loops.train_by(stopping_loss=False)),
        Misconception("one-loss-an-epoch", loops.train_by(result=loops.last_of_each)),
        Misconception("one-loss-an-epoch", loops.train_by(result=loops.mean_of_each)),
        Misconception("one-loss-an-epoch", loops.train_by(result=loops.first_of_each)),
        *(
            Misconception("one-loss-an-epoch", loops.train_by(result=result, unfinished=False))
            for result in (loops.last_of_each, loops.mean_of_each)
        ),
        Misconception("losses-not-kept", loops.train_by(result=lambda _epochs: [])),
        *(
            Misconception("not-in-training-mode", loops.train_by(one_step=steps.step_by(mode=mode)))
            for mode in (Network.eval, steps.left_as_it_is)
        ),
        Misconception("no-update", loops.train_by(one_step=steps.step_by(moves=0))),
        Misconception("one-epoch", loops.one_epoch),
        *(Misconception("epochs-miscounted", loops.more_epochs(by)) for by in (1, -1)),
        *(Misconception("batches-cut-wrongly", loops.train_by(cut=cut)) for cut in loops.CUTS),
        Misconception("losses-not-returned", loops.train_by(result=lambda _epochs: None)),
        *(
            Misconception(name, loops.train_by(**wrong, **beside))
            for name, wrong in TWICE_WRONG
            for beside in ({"asks": lambda _answer: False}, {"calls": False}, {"stops": "epoch"})
        ),
        *(Misconception("batches-drawn-by-themselves", loops.train_by(draw=draw)) for draw in loops.AT_RANDOM),
        *(Misconception("batches-of-neighbours", loops.train_by(draw=draw)) for draw in loops.WHOLE_BATCHES),
        *(Misconception("shuffled-another-way", loops.train_by(order=order)) for order in loops.OTHER_ORDERS),
        *(Misconception("learning-rate-changed", loops.train_by(prepare=loops.decaying(by))) for by in loops.DECAYS),
        *(
            Misconception("learning-rate-changed", loops.train_by(one_step=loops.decaying_step(by)))
            for by in loops.DECAYS
        ),
        *(Misconception("images-rescaled", loops.train_by(one_step=step)) for step in steps.RESCALED),
        *(Misconception("gradient-clipped", loops.train_by(one_step=step)) for step in steps.clipped(steps.BOUNDS[:3])),
    ),
}
