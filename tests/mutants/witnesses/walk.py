"""Random walks: what may happen to two layers of one kind, and what torch says to each step."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ncl_course.oracles.settings import own_settings
from tests.mutants.witnesses.disagreement import TOLERANCE, close, demand, same_array

Array = NDArray[Any]
Arrays = dict[str, Array]
Tensors = dict[str, torch.Tensor]

WALKS = 60
STEPS = 12


class Reference:
    """A kind of layer, computed by torch's own functions; subclasses say how it is made and what it computes."""

    same_at_test = True
    silent = False

    def settings(self, rng: np.random.Generator) -> tuple[Any, ...]:
        """Return random arguments of the constructor."""
        return ()

    def inputs(self, rng: np.random.Generator, settings: tuple[Any, ...], dtype: str) -> Array:
        """Return a random float64 input for a layer that was made with these arguments."""
        raise NotImplementedError

    def parameters(self, rng: np.random.Generator, settings: tuple[Any, ...]) -> Arrays:
        """Return random parameters."""
        return {}

    def state(self, settings: tuple[Any, ...]) -> Arrays:
        """Return what a new layer keeps between its forwards."""
        return {}

    def compute(
        self, x: torch.Tensor, params: Tensors, settings: tuple[Any, ...], state: Arrays, *, training: bool
    ) -> torch.Tensor:
        """Return the output, and bring the state up to date."""
        raise NotImplementedError

    def out_scale(self) -> float:
        """Return the natural scale of the output; 0 stands for its largest number."""
        return 0.0

    def scale(self, x: Array, grad_out: Array, params: Arrays, settings: tuple[Any, ...]) -> float:
        """Return the natural scale of dL/dx; 0 stands for its largest number."""
        return 0.0


@dataclass
class Step:
    """One step of a walk, and all that is right after it."""

    kind: str
    obj: str
    given: tuple[Any, ...] = ()
    dtype: str = ""
    order: str = ""
    right: Array | None = None
    grads: Arrays = field(default_factory=dict)
    state: Arrays = field(default_factory=dict)
    scale: float = 0.0
    coarsest: str = "float64"


@dataclass
class Walk:
    """The steps of one walk."""

    steps: list[Step]
    silent: bool


@own_settings()
def walks(reference: Reference, count: int = WALKS, seed: int = 2024) -> list[Walk]:
    """Return random walks with torch's answers."""
    return [drawn(reference, np.random.default_rng([seed, number])) for number in range(count)]


ORDERS = ("C", "C", "F", "strided", "reversed", "read-only", "broadcast")


def drawn(reference: Reference, rng: np.random.Generator) -> Walk:
    """Return one walk of two layers, which are made alike or not."""
    steps: list[Step] = []
    first = reference.settings(rng)
    layers = {
        "one": Known(reference, first),
        "two": Known(reference, first if rng.random() < 0.5 else reference.settings(rng)),
    }
    for name, known in layers.items():
        steps += [Step("new", name, known.settings), known.written(name, rng)]
    for _ in range(STEPS):
        name = str(rng.choice(list(layers)))
        known = layers[name]
        draw = rng.random()
        if draw < 0.1:
            steps.append(known.switched(name, rng))
        elif draw < 0.17:
            steps.append(known.written(name, rng))
        elif draw < 0.6 or known.y is None:
            steps.append(known.forward(name, rng))
        else:
            steps.append(known.backward(name, rng))
    return Walk(steps, reference.silent)


class Known:
    """A layer as torch knows it."""

    def __init__(self, reference: Reference, settings: tuple[Any, ...]) -> None:
        self.reference, self.settings = reference, settings
        self.params: Arrays = {}
        self.state = reference.state(settings)
        self.training = True
        self.coarsest = "float64"
        self.y: torch.Tensor | None = None

    def written(self, name: str, rng: np.random.Generator) -> Step:
        """Overwrite the parameters; the layer has to go forward again before it goes back."""
        self.params = self.reference.parameters(rng, self.settings)
        self.y = None
        return Step("put", name, (self.params,))

    def switched(self, name: str, rng: np.random.Generator) -> Step:
        """Switch the mode."""
        self.training = bool(rng.random() < 0.5)
        return Step("mode", name, ("train" if self.training else "eval",))

    def forward(self, name: str, rng: np.random.Generator) -> Step:
        """Go forward on a new input."""
        self.dtype = "float32" if rng.random() < 0.3 else "float64"
        self.coarsest = self.dtype if self.state and self.training and self.dtype == "float32" else self.coarsest
        order = str(rng.choice(ORDERS))
        x = self.reference.inputs(rng, self.settings, self.dtype).astype(self.dtype)
        x = np.repeat(x[:1], len(x), axis=0) if order == "broadcast" and x.ndim else x
        self.x = torch.tensor(x.astype(np.float64), requires_grad=True)
        self.leaves = {key: torch.tensor(values, requires_grad=True) for key, values in self.params.items()}
        self.y = self.reference.compute(self.x, self.leaves, self.settings, self.state, training=self.training)
        state = {key: values.copy() for key, values in self.state.items()}
        right, scale = self.y.detach().numpy().copy(), self.reference.out_scale()
        return Step("forward", name, (x,), self.dtype, order, right, {}, state, scale, self.coarsest)

    def backward(self, name: str, rng: np.random.Generator) -> Step:
        """Go back with a random gradient from above."""
        assert self.y is not None
        order = str(rng.choice(ORDERS[:-1]))
        g = (rng.standard_normal(tuple(self.y.shape)) * rng.choice([1.0, 1.0, 30.0])).astype(self.dtype)
        inputs = [self.x, *self.leaves.values()]
        right, *grads = torch.autograd.grad(
            self.y, inputs, torch.tensor(g.astype(np.float64)), retain_graph=True, allow_unused=True
        )
        filled = [
            torch.zeros_like(leaf) if grad is None else grad for leaf, grad in zip(inputs[1:], grads, strict=True)
        ]
        named = {key: grad.numpy().copy() for key, grad in zip(self.leaves, filled, strict=True)}
        scale = self.reference.scale(self.x.detach().numpy(), g, self.params, self.settings)
        state = {key: values.copy() for key, values in self.state.items()}
        return Step("backward", name, (g,), self.dtype, order, right.numpy().copy(), named, state, scale, self.coarsest)


def laid(values: Array, order: str) -> Array:
    """Return newly allocated values in that memory order."""
    match order:
        case "F":
            return np.array(values, order="F")
        case "strided":
            between = np.nan if values.dtype.kind == "f" else np.iinfo(values.dtype).max
            wide = np.full((*values.shape[:-1], 2 * values.shape[-1]), between, values.dtype)
            wide[..., 1::2] = values
            return wide[..., 1::2]
        case "reversed":
            return values[::-1].copy()[::-1]
        case "broadcast":
            return np.broadcast_to(values[:1].copy(), values.shape)
    values = values.copy()
    values.flags.writeable = order != "read-only"
    return values


def played(target: Callable[..., Any], walk: Walk) -> None:
    """Take a layer along a walk, and object to whatever differs."""
    layers: dict[str, Any] = {}
    held: dict[str, Arrays] = {}
    kept: list[tuple[str, Array, Array]] = []
    with warnings.catch_warnings(), np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("error" if walk.silent else "ignore")
        for number, step in enumerate(walk.steps):
            title = f"step {number}, {step.kind} {step.order}"
            if step.kind == "new":
                layers[step.obj] = target(*step.given)
                held[step.obj] = dict(getattr(layers[step.obj], "params", {}))
                continue
            taken(layers[step.obj], step, held[step.obj], kept, title)
            for name, live, copy in kept:
                demand(np.array_equal(live, copy, equal_nan=True), f"{title} changes {name}")


def taken(layer: Any, step: Step, held: Arrays, kept: list[tuple[str, Array, Array]], title: str) -> None:
    """Take one step, and compare."""
    if step.kind == "put":
        for name, values in step.given[0].items():
            demand(held[name].shape == values.shape, f"{title}: {name} has the shape {held[name].shape}")
            held[name][...] = values
    elif step.kind == "mode":
        demand(getattr(layer, step.given[0])() is layer, f"{title} does not return the layer")
    else:
        before = {name: values.copy() for name, values in held.items()}
        given = laid(step.given[0], step.order)
        got = getattr(layer, step.kind)(given)
        kinds = (step.coarsest, *(np.asarray(getattr(layer, name)).dtype.name for name in step.state))
        within = max(TOLERANCE.get(kind, 0.0) for kind in kinds)  # a layer may keep its state in float32
        same_array(got, step.right, step.dtype, title, step.scale, within)
        kept += [(f"the input of {title}", given, step.given[0]), (f"the result of {title}", got, got.copy())]
        for name, values in before.items():
            demand(layer.params[name] is held[name], f"{title} puts another array into params[{name!r}]")
            demand(np.array_equal(held[name], values), f"{title} changes params[{name!r}]")
        for name, values in step.grads.items():
            grad = layer.grads[name]
            demand(isinstance(grad, np.ndarray) and grad.dtype.kind == "f", f"{title}: grads[{name!r}]")
            coarser = max(TOLERANCE[step.dtype], within, TOLERANCE.get(grad.dtype.name, 0.0))
            close(grad, values, coarser, f"{title}: grads[{name!r}]", float(np.abs(step.given[0]).max()))
        for name, values in step.state.items():
            close(getattr(layer, name), values, within, f"{title}: {name}")


def witness(reference: Reference, *more: Callable[[Callable[..., Any]], None], also: Sequence[Reference] = ()) -> Any:
    """Return a function that makes the witness of one kind of layer: its walks, and what they cannot judge."""

    def make() -> Callable[[Callable[..., Any]], None]:
        every = [walk for one in (reference, *also) for walk in walks(one)]

        def judge(target: Callable[..., Any]) -> None:
            for walk in every:
                played(target, walk)
            for other in more:
                other(target)

        return judge

    return make
