"""Layers one after another: a network that is itself a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from ncl_course.nn.layer import Array, Layer
from ncl_course.nn.live import LiveArrays


class Sequential(Layer):
    """Run layers in order, and backward in the opposite order: the chain rule.

    Args:
        layers: objects with ``forward`` and ``backward``, each of its own: an object keeps one forward pass in mind.

    Attributes:
        layers: the layers in order, a list.
        params: the layers' live arrays by the layer's number and name, ``"0.weight"``. Made anew when read, so it is
            never out of date; assigning to a name writes into the array.
        grads: the gradients by the same names, as the layers' latest ``backward`` left them.
        training: as ``train()`` or ``eval()`` of the network set it last.

    Raises:
        TypeError: something is no layer, for example a class in place of an object.
        ValueError: one object stands twice.

    Example:
        >>> from ncl_course.nn import Conv2d
        >>> net = Sequential(Conv2d(1, 4, 3), Conv2d(4, 2, 3))
        >>> list(net.params)
        ['0.weight', '0.bias', '1.weight', '1.bias']
        >>> net(np.zeros((5, 1, 8, 8))).shape
        (5, 2, 4, 4)
    """

    def __init__(self, *layers: Any) -> None:
        for number, layer in enumerate(layers):
            require_layer(number, layer)
            require_new(number, layer, layers[:number])
        self.layers = list(layers)

    @property
    def params(self) -> dict[str, Array]:
        """The layers' live parameters by ``"number.name"``."""
        return LiveArrays(gathered(self.layers, "params"))

    @params.setter
    def params(self, values: dict[str, Array]) -> None:
        if values:
            self.params.update(values)

    @property
    def grads(self) -> dict[str, Array]:
        """The layers' latest gradients by ``"number.name"``."""
        return LiveArrays(gathered(self.layers, "grads"))

    @grads.setter
    def grads(self, values: dict[str, Array]) -> None:
        if values:
            self.grads.update(values)

    def forward(self, x: Array) -> Array:
        """The last layer's output for the network's input x; each layer's output is the next one's input.

        Raises:
            Exception: a layer raised; of the layer's own type, with the layer's name and number in the message.
            TypeError: a layer answered with something that is no array.
        """
        return self.passed("forward", x, enumerate(self.layers))

    def backward(self, grad_out: Array) -> Array:
        """dL/d(input) from ``grad_out`` = dL/d(output) of the latest forward pass; every layer fills its ``grads``.

        Raises:
            Exception: as ``forward``.
        """
        return self.passed("backward", grad_out, reversed(list(enumerate(self.layers))))

    def passed(self, way: str, array: Array, layers: Iterable[tuple[int, Any]]) -> Array:
        """Hand an array from layer to layer."""
        for number, layer in layers:
            try:
                answer = getattr(layer, way)(array)
            except Exception as error:
                raise explained(error, f"layer {number} ({kind(layer)}) of Sequential", way, array) from error
            require_array(answer, f"layer {number} ({kind(layer)}) of Sequential", way)
            array = answer
        return array

    def train(self) -> Self:
        """Switch every layer to training mode and return the network."""
        return self.switched("train", True)

    def eval(self) -> Self:
        """Switch every layer to test mode and return the network."""
        return self.switched("eval", False)

    def switched(self, switch: str, training: bool) -> Self:
        """Let every layer switch by its own ``train`` or ``eval``; one that has none has its ``training`` set."""
        for layer in self.layers:
            if callable(getattr(layer, switch, None)):
                getattr(layer, switch)()
            else:
                layer.training = training
        self.training = training
        return self


def gathered(layers: Iterable[Any], what: str) -> dict[str, Array]:
    """The ``params`` or ``grads`` of all layers by number and name; a layer without them has none."""
    return {
        f"{number}.{name}": array
        for number, layer in enumerate(layers)
        for name, array in (getattr(layer, what, None) or {}).items()
    }


def kind(layer: Any) -> str:
    """The name of the layer's class."""
    return type(layer).__name__


def explained(error: Exception, who: str, way: str, array: Any) -> Exception:
    """An exception of the same type that says which layer it was and what that layer had been given."""
    given = "the input" if way == "forward" else "grad_out"
    side = "before" if way == "forward" else "after"
    message = (
        f"{who} raised {type(error).__name__} in {way}: {error}\n"
        f"It had been given {given} {described(array)}, and {way} should have answered with an array.\n"
        f"Try that layer alone on an array of this shape, or look at the layer {side} it."
    )
    return same_type(error, message)


def same_type(error: Exception, message: str) -> Exception:
    """A new exception of the error's type, or of its nearest base that is made of a message alone."""
    if isinstance(error, KeyError):
        return LegibleKeyError(message)
    for base in type(error).__mro__:
        try:
            return base(message)
        except Exception:
            continue
    return RuntimeError(message)


class LegibleKeyError(KeyError):
    """A KeyError that shows its message as it stands; a plain one shows it quoted, on one line."""

    __str__ = Exception.__str__


def described(array: Any) -> str:
    """An array's shape and dtype, or what stands in its place."""
    return f"of shape {array.shape}, {array.dtype}" if isinstance(array, np.ndarray) else f"{kind(array)} {array!r:.60}"


def require_layer(number: int, layer: Any) -> None:
    """Raise unless it is an object with a forward and a backward pass."""
    if isinstance(layer, type):
        raise TypeError(
            f"Sequential expects objects but got the class {layer.__name__} as number {number}; "
            f"make one: {layer.__name__}(…)"
        )
    missing = [way for way in ("forward", "backward") if not callable(getattr(layer, way, None))]
    if missing:
        raise TypeError(
            f"Sequential expects layers but number {number} is {kind(layer)} without {' and '.join(missing)}; "
            "give it the layers one by one, a list with a star: Sequential(*layers)"
        )


def require_new(number: int, layer: Any, before: tuple[Any, ...]) -> None:
    """Raise where one object stands in two places: the second forward would overwrite what the first keeps in mind."""
    for other, earlier in enumerate(before):
        if earlier is layer:
            raise ValueError(
                f"Sequential expects an object of its own for each place, but numbers {other} and {number} are one "
                f"{kind(layer)}; it keeps one forward pass in mind, so make two: {kind(layer)}(…), {kind(layer)}(…)"
            )


def require_array(answer: Any, who: str, way: str) -> None:
    """Raise unless a layer has answered with an array."""
    if not isinstance(answer, np.ndarray):
        hint = "is there a return at its end?" if answer is None else "return the array itself"
        raise TypeError(f"{who} should answer {way} with a NumPy array but answered {described(answer)}; {hint}")
