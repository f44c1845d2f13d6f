"""The contract of a layer, written once: the cases that every layer must pass, whatever it computes.

An exercise's ``Use`` says how its layer is made and called. From it, ``Forward`` and ``Backward`` write the cases of
one part: each memory order and dtype, one layer used several times, two layers at once, both modes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np

from ncl_course.exercises.arrays import LARGE, Array, in_eighths, near_thousand, upstream
from ncl_course.exercises.exercise import Case, Part
from ncl_course.exercises.rules import random_weights, returns_layer, same_as, shaped, still, unlike
from ncl_course.protocol.script import Generator, Layout, Script, Step, Tensor, call, get, new, put

UNUSUAL = tuple(layout for layout in Layout if layout is not Layout.C)
"""Every memory order except the usual one."""


@dataclass(frozen=True)
class Use:
    """A layer that is made in one way, and an input for it. Subclasses override whatever differs in their layer.

    Attributes:
        x: the input.
        args: the constructor's positional arguments; ``kwargs`` has those by name.
        params: the numbers that overwrite its parameters.
        silent: whether a warning of NumPy counts as a fault.
        free: several answers are right, and the oracle takes the one nearest to the student's.
    """

    CALLABLE: ClassVar[bool] = True
    """Whether the layer can be called like a function."""
    SAME_AT_TEST: ClassVar[bool] = True
    """Whether the layer computes the same in test mode."""

    x: Array
    args: tuple[Any, ...] = ()
    params: dict[str, Array] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    silent: bool = False
    free: bool = False

    def on(self, x: Array) -> Self:
        """Return the same layer with another input."""
        return replace(self, x=x)

    def make(self, obj: str = "layer") -> Script:
        """Make the layer, and overwrite its parameters."""
        return new(obj, *self.args, **self.kwargs), *self.write(obj)

    def write(self, obj: str = "layer") -> Script:
        """Overwrite the parameters of a layer of these sizes in place, as an optimiser does."""
        return tuple(put(obj, f"params.{name}", values) for name, values in self.params.items())

    def forward(self, obj: str = "layer", layout: Layout = Layout.C, method: str = "forward") -> Script:
        """Return a forward pass that is judged."""
        return (call(obj, method, Tensor(self.x, layout), label="forward", silent=self.silent),)

    def run(self, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        """Return a forward pass before a backward pass; it is not judged."""
        return tuple(map(unjudged, self.forward(obj, layout)))

    def backward(self, grad_out: Array, obj: str = "layer", layout: Layout = Layout.C) -> Script:
        """Return a backward pass after ``run``; dL/dx and the gradient of each parameter are judged."""
        scales = self.scales(grad_out)
        scale = scales.get("backward", 0.0)
        return (
            call(obj, "backward", Tensor(grad_out, layout), label="backward", scale=scale, silent=self.silent),
            *(
                get(obj, f"grads.{name}", label=f"grads.{name}", scale=scales.get(f"grads.{name}", 0.0))
                for name in self.params
            ),
        )

    def scales(self, grad_out: Array) -> dict[str, float]:  # noqa: ARG002 - a subclass looks at it
        """Return the natural scale of each gradient by its label, if it is not the largest right value."""
        return {}

    def out_shape(self) -> tuple[int, ...]:
        """Return the shape of the output."""
        return self.x.shape

    def upstream(self, rng: np.random.Generator) -> Array:
        """Return an upstream gradient for the output."""
        return upstream(rng, *self.out_shape(), dtype=self.x.dtype.type)


def unjudged(step: Step) -> Step:
    """Return a call whose result is not judged, because a case is about another step."""
    return replace(step, label="", silent=False)


NamedScript = tuple[str, Script]


class Trials(ABC):
    """A writer of the cases of one part: a forward pass, or a forward and a backward pass."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    @abstractmethod
    def one(self, name: str, use: Use, layout: Layout = Layout.C) -> Case:
        """Return a case with one pass of one layer; all its arrays have that memory order."""

    @abstractmethod
    def ordinary(self, use: Use) -> Case:
        """Return a case with one pass on ordinary float64 numbers."""

    @abstractmethod
    def scripts(self, first: Use, again: Use, resized: Use, beside: list[Use]) -> Iterator[NamedScript]:
        """Yield the contract's named scripts, which run after ``first`` is made and also use the ``beside`` layers."""

    @abstractmethod
    def rewritten(self, first: Use, twin: Use) -> Case:
        """Return a case that uses a layer, overwrites its parameters in place with its twin's, and uses it again."""

    def arrays(self, few: Use, many: Use) -> Iterator[Case]:
        """Yield cases with every memory order for ``few`` numbers, and with both dtypes for ``many``."""
        for layout in UNUSUAL:
            yield self.one(f"layout-{layout.value}", few, layout)
        yield self.one("float32", many.on(many.x.astype(np.float32)))
        yield self.ordinary(many)

    def large(self, use: Use, x: Array | None = None) -> Iterator[Case]:
        """Yield cases with large numbers, which must not be cut off at a bound.

        Args:
            use: a layer with an ordinary input.
            x: a large input for it; None stands for ``LARGE`` times the ordinary one.
        """
        yield self.one("large-values", use.on(LARGE * use.x if x is None else x))

    def contract(
        self, first: Use, again: Use, resized: Use, *, twin: Use | None = None, other: Use | None = None
    ) -> Iterator[Case]:
        """Yield cases with several passes of one layer and of two, in both modes.

        Args:
            first: a layer with its input.
            again: the same layer with another input, whose output has the same shape.
            resized: the same layer with an input whose output has another shape.
            twin: a layer of the same sizes with other parameters, and an input for it, or None if there is none.
            other: a layer made with other arguments, and an input for it; None stands for ``resized``. The input has
                the shape of the first one, so that a cache of all layers by the input's shape shows.
        """
        beside = [use for use in (again, twin, other or resized) if use is not None]
        for name, script in self.scripts(first, again, resized, beside):
            yield Case(name, (*first.make(), *script), first.free)


MODES = TO_TEST, TO_TRAINING = call("layer", "eval"), call("layer", "train")


class Forward(Trials):
    """A writer of the cases of a forward pass."""

    def one(self, name: str, use: Use, layout: Layout = Layout.C) -> Case:
        return Case(name, (*use.make(), *use.forward(layout=layout)), use.free)

    def ordinary(self, use: Use) -> Case:
        return self.one("float64", use)

    def scripts(self, first: Use, again: Use, resized: Use, beside: list[Use]) -> Iterator[NamedScript]:
        judged = first.forward()
        yield "two-forwards", (*judged, *again.forward())
        yield "two-forwards", (*judged, *resized.forward(), *judged)
        for second in beside:
            yield "two-instances", (*second.make("other"), *second.forward("other"), *judged)
        if first.CALLABLE:
            yield "called", first.forward(method="__call__")
            yield "modes", tuple(replace(step, label=step.method, rule=returns_layer(step.method)) for step in MODES)
        if first.SAME_AT_TEST:
            yield "test-mode", (TO_TEST, *judged)
            yield "test-mode", (*judged, TO_TEST, *again.forward())

    def rewritten(self, first: Use, twin: Use) -> Case:
        judged = first.forward()
        modes = (TO_TEST, TO_TRAINING) if first.SAME_AT_TEST else ()  # no mode puts other arrays into ``params``
        return Case("parameters-change", (*first.make(), *judged, *modes, *twin.write(), *judged), first.free)


class Backward(Trials):
    """A writer of the cases of a backward pass, each after a forward pass that is not judged."""

    def one(self, name: str, use: Use, layout: Layout = Layout.C, grad_out: Array | None = None) -> Case:
        given = use.upstream(self.rng) if grad_out is None else grad_out
        return Case(name, (*use.make(), *use.run(layout=layout), *use.backward(given, layout=layout)), use.free)

    def near_thousand(self, use: Use) -> Case:
        """Return a case with an upstream gradient near 1000, which the gradient of a mean cancels."""
        return self.one("large-offset", use, grad_out=near_thousand(use.upstream(self.rng)))

    def ordinary(self, use: Use) -> Case:
        return self.one("float64", use, grad_out=in_eighths(use.upstream(self.rng)))

    def large(self, use: Use, x: Array | None = None) -> Iterator[Case]:
        yield from super().large(use, x)
        ordinary = use.upstream(self.rng)
        grad_out = LARGE * ordinary
        grad_out.flat[1:2] = ordinary.flat[1:2]  # if the others become 0, this one shows how exact a 0 has to be
        yield self.one("large-values", use, grad_out=grad_out)

    def scripts(self, first: Use, again: Use, resized: Use, beside: list[Use]) -> Iterator[NamedScript]:
        g, h = first.upstream(self.rng), again.upstream(self.rng)
        there, there_again, there_resized = first.run(), again.run(), resized.run()
        back, back_again = first.backward(g), again.backward(h)
        back_resized = resized.backward(resized.upstream(self.rng))
        yield "latest-forward", (*there, *there_again, *back_again)
        yield "latest-forward", (*there, *back, *there_again, *back_again)
        yield "latest-forward-resized", (*there, *there_resized, *back_resized)
        yield "latest-forward-resized", (*there, *back, *there_again, *back_again, *there_resized, *back_resized)
        yield "backward-twice", (*there, *back, *first.backward(h))
        for second in beside:
            both = *second.make("other"), *there, *second.run("other")
            backs = *back, *second.backward(second.upstream(self.rng), "other")
            grads_kept = back[1:]
            yield "two-instances", (*both, *backs, *grads_kept)
        in_turn = *there, *again.run("other"), *again.backward(h, "other"), *back  # as in a network: last layer first
        yield "two-instances", (*again.make("other"), *in_turn)
        if first.SAME_AT_TEST:
            yield "test-mode", (TO_TEST, *there, TO_TRAINING, *back, *there_again, TO_TEST, *back_again)
            yield "test-mode", (*there, TO_TEST, *there_again, *back_again)
            yield "test-mode", (*there, TO_TEST, *there_resized, *back_resized)
        if first.params:
            yield "parameters-stay", self.around(first, (*there, unjudged(back[0])))

    def rewritten(self, first: Use, twin: Use) -> Case:
        after = *twin.write(), *twin.run(), *twin.backward(twin.upstream(self.rng))
        return Case("parameters-change", (*first.make(), *first.run(), *after), first.free)

    def around(self, use: Use, script: Script) -> Script:
        """Return a script between two readings of the parameters, which must not change."""
        place = len(use.make())
        paths = [f"params.{name}" for name in use.params]
        after = (get("layer", path, path, rule=still(place + number)) for number, path in enumerate(paths))
        return (*(get("layer", path) for path in paths), *script, *after)


def first_parameters(
    rng: np.random.Generator, D: int, M: int, weight: tuple[int, ...], bias: tuple[int, ...], *, constant_apart: bool
) -> Iterator[Case]:
    """Yield cases on the initial parameters of a layer of D inputs and M outputs: shapes, and dependence on ``rng``.

    Args:
        constant_apart: whether constant weights get a remark of their own before ``rng`` is compared, and only that.
    """
    one, another = (Generator(int(seed)) for seed in rng.choice(1000, 2, replace=False))
    path = "params.weight"
    drawn = get("layer", path, path, rule=random_weights(*weight))
    read = drawn, get("layer", "params.bias", "params.bias", rule=shaped("bias", *bias))
    made = new("layer", D, M, rng=one), new("same", D, M, rng=one), new("other", D, M, rng=another)
    compared = get("same", path, path, rule=same_as(3)), get("other", path, path, rule=unlike(3))
    yield Case("first-parameters", (made[0], *read))
    yield Case("first-parameters-without-rng", (new("layer", in_features=D, out_features=M), *read))
    first = drawn if constant_apart else get("layer", path)
    yield Case("rng-decides", (*made, first, *compared))


Cases = Callable[[Any], Iterable[Case]]
"""The cases that ``Trials`` write."""


def passes(forward: float, backward: float, cases: Cases, *backward_alone: Cases) -> tuple[Part, Part]:
    """Return both passes of a layer as parts with these points; the backward pass may have further cases of its own."""
    return (
        Part("forward", forward, partial(written, Forward, (cases,))),
        Part("backward", backward, partial(written, Backward, (cases, *backward_alone))),
    )


def written(kind: type[Trials], sources: Iterable[Cases], rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases from all sources, which share one generator."""
    trials = kind(rng)
    return tuple(case for source in sources for case in source(trials))
