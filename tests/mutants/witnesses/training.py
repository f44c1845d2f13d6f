"""The witnesses of lesson 06: random templates, steps and trainings, with torch's networks and optimiser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ncl_course.nn import SGD, CNNConfig, Sequential
from ncl_course.oracles import network
from ncl_course.oracles.training import right
from tests.answers import KIT
from tests.mutants.witnesses.disagreement import DisagreementError, close, demand
from tests.mutants.witnesses.walk import Array

Network = Any
CLOSE = 1e-8


def random_config(rng: np.random.Generator) -> CNNConfig:
    """Return a random template of a small network."""
    blocks = int(rng.integers(0, 3))
    return CNNConfig(
        in_channels=int(rng.integers(1, 4)),
        image_size=int(rng.integers(4, 10)),
        num_classes=int(rng.integers(2, 5)),
        filters=tuple(int(n) for n in rng.integers(1, 5, blocks)),
        convs=int(rng.integers(1, 4)),
        pool=bool(rng.random() < 0.6),
        kernel_size=int(rng.choice([1, 3, 3, 5])),
        hidden=tuple(int(n) for n in rng.integers(2, 6, int(rng.integers(0, 3)))),
        batch_norm=bool(rng.random() < 0.4),
        keep_prob=float(rng.choice([1.0, 1.0, 0.5, 0.8])),
    )


def names(config: CNNConfig) -> list[str]:
    """Return the layers of the lecture's template."""
    convolution = ["Conv2d", *["BatchNorm2d"] * config.batch_norm, "ReLU"]
    block = convolution * config.convs + ["MaxPool2d"] * config.pool
    hidden = ["Linear", "ReLU", *["Dropout"] * (config.keep_prob < 1)]
    return [*block * len(config.filters), "Flatten", *hidden * len(config.hidden), "Linear"]


def build() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``build_cnn``."""
    rng = np.random.default_rng(31)
    known = []
    for number in range(40):
        config = random_config(rng)
        oracle = right.build_cnn(config, np.random.default_rng(number))
        values = {key: rng.normal(0, 0.4, array.shape) for key, array in oracle.params.items()}
        x = rng.standard_normal((3, config.in_channels, config.image_size, config.image_size))
        filled(oracle, values)
        known.append((config, values, x, oracle.eval().forward(x)))

    def judge(target: Callable[..., Any]) -> None:
        for number, (config, values, x, y) in enumerate(known):
            models = [target(config, np.random.default_rng(seed)) for seed in (number, number, number + 1)]
            model = models[0]
            kinds = [kind(layer) for layer in model.layers]
            demand(kinds == names(config), f"{kinds} for {config}")
            demand(len({id(layer) for layer in model.layers}) == len(kinds), f"a layer occurs twice for {config}")
            weights = [key for key in values if key.endswith("weight")]
            for key in weights:
                demand(np.array_equal(model.params[key], models[1].params[key]), "rng does not decide the weights")
                drawn = model.params[key].size > 1
                demand(not drawn or not np.array_equal(model.params[key], models[2].params[key]), "rng does not matter")
            for one in models:
                one.train().forward(x)
            for place, layer in enumerate(model.layers):
                if kind(layer) == "Dropout":
                    masks = [one.layers[place].mask for one in models]
                    demand(np.array_equal(masks[0], masks[1]), "rng does not decide the masks")
                    demand(getattr(layer, "p", config.keep_prob) == config.keep_prob, "another keep_prob")
            model = target(config, np.random.default_rng(number))
            demand(set(model.params) == set(values), "other parameters")
            filled(model, values)
            close(model.eval().forward(x), y, 1e-6, f"the output for {config}")

    return judge


def kind(layer: Any) -> str:
    """Return the name of the course's layer that a layer is."""
    return type(layer).__name__


def filled(model: Network, values: dict[str, Array]) -> None:
    """Write these parameters into a network."""
    for key, array in values.items():
        model.params[key][...] = array


PIECES = (
    ("Conv2d", (1, 2, 3, 1, 1)),
    ("BatchNorm2d", (2,)),
    ("ReLU", ()),
    ("MaxPool2d", (2,)),
    ("Flatten", ()),
    ("Linear", (8, 3)),
)
PLAIN = (("Flatten", ()), ("Linear", (16, 4)), ("ReLU", ()), ("Linear", (4, 3)))


class Pair:
    """A network of NumPy layers, and the same in torch, with loss and optimiser."""

    def __init__(self, rng: np.random.Generator) -> None:
        pieces = PIECES if rng.random() < 0.5 else PLAIN
        lr, momentum, decay = (
            float(rng.choice([0.01, 0.1])),
            float(rng.choice([0.0, 0.9])),
            float(rng.choice([0, 0.01])),
        )
        self.own = Sequential(*(KIT[name](*args) for name, args in pieces))
        self.torch = network.Network(*(network.PIECES[name](*args) for name, args in pieces))
        values = {key: rng.normal(0, 0.4, array.shape) for key, array in self.own.params.items()}
        for model in (self.own, self.torch):
            filled(model, values)
        self.loss, self.torch_loss = KIT["CrossEntropyLoss"](), network.PIECES["CrossEntropyLoss"]()
        self.optimizer = SGD(self.own, lr, momentum, decay)
        self.torch_optimizer = network.SGD(self.torch, lr, momentum, decay)
        self.own.training = True
        if rng.random() < 0.5:
            self.own.eval()

    def compare(self) -> None:
        """Demand equal parameters and running statistics."""
        for key, values in self.torch.params.items():
            close(self.own.params[key], values, CLOSE, key, 1.0)
        for one, other in zip(self.own.layers, self.torch.layers, strict=True):
            for name in ("running_mean", "running_var") if hasattr(other, "running_mean") else ():
                close(getattr(one, name), getattr(other, name), CLOSE, name, 1.0)


def stepping() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``train_step``: several steps, with the mode switched in between."""

    def judge(target: Callable[..., Any]) -> None:
        for number in range(40):
            rng = np.random.default_rng([41, number])
            pair = Pair(rng)
            for _ in range(3):
                size = int(rng.integers(1, 7)) + 1
                x, labels = rng.standard_normal((size, 1, 4, 4)), rng.integers(0, 3, size)
                given = x.copy(), labels.copy()
                got = target(pair.own, pair.loss, pair.optimizer, *given)
                value = right.train_step(pair.torch, pair.torch_loss, pair.torch_optimizer, x, labels)
                demand(np.ndim(got) == 0, f"the loss is a {type(got).__name__}")
                close(float(got), value, CLOSE, "the loss", 1.0)
                demand(np.array_equal(given[0], x) and np.array_equal(given[1], labels), "the batch is changed")
                pair.compare()
                if rng.random() < 0.4:
                    pair.own.eval()

    return judge


def whole() -> Callable[[Callable[..., Any]], None]:
    """Return the witness of ``train``: random sizes, epochs and ends; torch trains in each order that is right."""

    def judge(target: Callable[..., Any]) -> None:
        objections = []
        for training in (right.train, *right.train.others):  # type: ignore[attr-defined]
            try:
                agree(target, training)
            except DisagreementError as objection:
                objections.append(objection)
            else:
                return
        raise objections[0]

    def agree(target: Callable[..., Any], training: Callable[..., list[float]]) -> None:
        for number in range(40):
            rng = np.random.default_rng([43, number])
            pair = Pair(rng)
            size, epochs, batch = int(rng.integers(2, 14)), int(rng.integers(0, 4)), int(rng.integers(2, 8))
            size += size % batch == 1  # batch normalization needs two samples
            x, labels = rng.standard_normal((size, 1, 4, 4)), rng.integers(0, 3, size)
            end = int(rng.integers(1, 8))
            seen: list[tuple[int, float]] = []

            def on_step(step: int, loss: float, seen: Any = seen, end: int = end) -> Any:
                seen.append((step, float(loss)))
                return len(seen) >= end

            watched = {"on_step": on_step} if rng.random() < 0.6 else {}
            stop = {"on_step": lambda step, loss, end=end: step + 1 >= end} if watched else {}
            given = x.copy(), labels.copy()
            options = {"epochs": epochs, "batch_size": batch}
            got = target(
                pair.own, pair.loss, pair.optimizer, *given, **options, rng=np.random.default_rng(number), **watched
            )
            losses = training(
                pair.torch,
                pair.torch_loss,
                pair.torch_optimizer,
                x,
                labels,
                **options,
                rng=np.random.default_rng(number),
                **stop,
            )
            close(np.array([float(loss) for loss in got]), np.array(losses), CLOSE, "the losses", 1.0)
            demand(isinstance(got, list | np.ndarray), f"the losses are a {type(got).__name__}")
            demand(np.array_equal(given[0], x) and np.array_equal(given[1], labels), "the data are changed")
            if watched:
                numbers = [step for step, _ in seen]
                demand(
                    numbers in (list(range(len(losses))), list(range(1, len(losses) + 1))), f"the steps are {numbers}"
                )
                close(
                    np.array([loss for _, loss in seen]), np.array(losses), CLOSE, "the losses that on_step gets", 1.0
                )
            pair.compare()

    return judge


WITNESSES = {"build_cnn": build, "train_step": stepping, "train": whole}
