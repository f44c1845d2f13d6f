"""Small networks for the cases of ``train_step`` and ``train``: built of pieces, with given weights, and read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ncl_course.exercises.arrays import Array
from ncl_course.protocol.script import Piece, Ref, Step, get, make, put

STRICT = 1e-9
"""The contract's tolerance for "equal to torch", relative to max(1, largest number)."""

WITH_BATCHNORM = (
    Piece("Conv2d", (1, 3, 3), {"padding": 1}),
    Piece("BatchNorm2d", (3,)),
    Piece("ReLU"),
    Piece("MaxPool2d", (2,)),
    Piece("Flatten"),
    Piece("Linear", (12, 4)),
)
"""A network from (N, 1, 4, 4) to 4 logits with batch normalization."""

PLAIN = (Piece("Flatten"), Piece("Linear", (16, 5)), Piece("ReLU"), Piece("Linear", (5, 4)))
"""A network from (N, 1, 4, 4) to 4 logits that computes the same in both modes."""

WITH_DROPOUT = (*PLAIN[:3], Piece("Dropout", (0.5,)), *PLAIN[3:])
"""A network from (N, 1, 4, 4) to 4 logits; in training, dropout keeps each of five neurons with probability 1/2."""

LINEAR = (Piece("Flatten"), Piece("Linear", (16, 4)))
"""A network from (N, 1, 4, 4) to 4 logits with a single linear layer."""


@dataclass(frozen=True)
class SmallNetwork:
    """A network that a script makes, with a loss and an optimiser; ``spread`` is the weights' standard deviation."""

    layers: tuple[Piece, ...]
    learning_rate: float = 0.1
    momentum: float = 0.0
    weight_decay: float = 0.0
    spread: float = 0.5

    def made(self, rng: np.random.Generator) -> Iterator[Step]:
        """Make the network, the loss and the optimiser, and write weights into the network."""
        yield make("model", "Sequential", *self.layers)
        for key, shape in self.shapes.items():
            yield put("model", f"params.{key}", weights(rng, key, shape, self.spread))
        yield make("loss", "CrossEntropyLoss")
        yield Step("make", "optimizer", args=(self.optimizer,))

    @property
    def optimizer(self) -> Piece:
        """The piece that makes the optimiser."""
        choices = {"momentum": self.momentum, "weight_decay": self.weight_decay}
        named = {"lr": self.learning_rate} | {name: value for name, value in choices.items() if value}
        return Piece("SGD", (Ref("model"),), named)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of all parameters, by their keys."""
        from ncl_course.oracles.network import PIECES

        layers = [PIECES[piece.name](*piece.args, **piece.kwargs) for piece in self.layers]
        return {f"{n}.{name}": values.shape for n, layer in enumerate(layers) for name, values in layer.params.items()}

    def seen(self, within: float = STRICT) -> Iterator[Step]:
        """Read everything that training changes."""
        for key in self.shapes:
            yield get("model", f"params.{key}", label=key, within=within)
        for number, piece in enumerate(self.layers):
            if piece.name == "BatchNorm2d":
                yield get("model", f"layers.{number}.running_mean", label="running_mean", within=within)
                yield get("model", f"layers.{number}.running_var", label="running_var", within=within)


def weights(rng: np.random.Generator, key: str, shape: tuple[int, ...], spread: float = 0.5) -> Array:
    """Return random numbers for a parameter, multiples of 1/64 that any float dtype holds exactly; gamma is near 1."""
    drawn = np.round(rng.normal(0.0, spread, shape) * 64) / 64
    return drawn + 1.0 if key.endswith("gamma") else drawn
