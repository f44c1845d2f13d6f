"""Layers one after another: a network that is itself a layer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np

from ncl_course.nn.layer import Array, Layer
from ncl_course.nn.live import LiveArrays
from ncl_course.nn.memory import samples_last
from ncl_course.nn.sentences import LegibleKeyError, Sentence, said, words_of


class Sequential(Layer):
    """Run layers in order, and backward in the opposite order, by the chain rule.

    Images are passed on with their samples innermost in memory (for the reason, see ``nn/memory.py``). If a layer
    returns them in another order, as in ``np.zeros(x.shape)``, they are copied once; otherwise they would slow down the
    next layers.

    Args:
        layers: objects with ``forward`` and ``backward``. Each object may be in one place only, since it remembers a
            single forward pass.

    Attributes:
        layers: the list of the layers in order.
        params: the layers' live arrays, named by the layer's number and the parameter's name: ``"0.weight"``. The dict
            is built on each access, so it is never out of date; assigning to a name writes into the array.
        grads: the gradients by the same names, from the layers' latest ``backward``.
        training: the mode that ``train()`` or ``eval()`` of the network set last.

    Raises:
        TypeError: if an argument is not a layer, for example a class instead of an object.
        ValueError: if an object is passed twice.

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
        """Return the last layer's output for the network's input x; each layer's output is the input of the next.

        Raises:
            Exception: if a layer raised one; it has the same type, and the layer's name and number are in the message.
            TypeError: if a layer returned something that is not an array.
        """
        return self.passed("forward", x, enumerate(self.layers))

    def backward(self, grad_out: Array) -> Array:
        """Return dL/d(input), given ``grad_out`` = dL/d(output) of the latest forward; every layer fills its ``grads``.

        Raises:
            Exception: as in ``forward``.
        """
        return self.passed("backward", grad_out, reversed(list(enumerate(self.layers))))

    def passed(self, way: str, array: Array, layers: Iterable[tuple[int, Any]]) -> Array:
        """Pass an array through the layers in the given order."""
        for number, layer in layers:
            try:
                answer = getattr(layer, way)(array)
            except Exception as error:
                raise explained(error, place_of(number, layer), way, array) from error
            if not isinstance(answer, np.ndarray):
                raise TypeError(no_array(answer, place_of(number, layer), way))
            array = samples_last(answer)
        return array

    def train(self) -> Self:
        """Switch every layer to training mode and return the network."""
        return self.switched("train", True)

    def eval(self) -> Self:
        """Switch every layer to test mode and return the network."""
        return self.switched("eval", False)

    def switched(self, switch: str, training: bool) -> Self:
        """Switch every layer by its own ``train`` or ``eval``; set ``training`` on a layer that has neither."""
        for layer in self.layers:
            if callable(getattr(layer, switch, None)):
                getattr(layer, switch)()
            else:
                layer.training = training
        self.training = training
        return self


def gathered(layers: Iterable[Any], what: str) -> dict[str, Array]:
    """Collect the ``params`` or ``grads`` of all layers by number and name; a layer without them contributes none."""
    return {
        f"{number}.{name}": array
        for number, layer in enumerate(layers)
        for name, array in (getattr(layer, what, None) or {}).items()
    }


def kind(layer: Any) -> str:
    """Return the name of the layer's class."""
    return type(layer).__name__


def place_of(number: int, layer: Any) -> Sentence:
    """Return the words for a layer of the network."""
    return said("sequential.layer", "layer {number} ({kind}) of Sequential", number=number, kind=kind(layer))


def explained(error: Exception, who: Sentence, way: str, array: Any) -> Exception:
    """Return an exception of the same type that also names the layer and describes that layer's input."""
    told = {"who": who, "error": type(error).__name__, "message": words_of(error), "given": described(array)}
    if way == "forward":
        message = said(
            "sequential.forward",
            "{who} raised {error} in forward: {message}\n"
            "Its input was {given}, and forward should have returned an array.\n"
            "Try that layer alone on an array of this shape, or look at the layer before it.",
            **told,
        )
    else:
        message = said(
            "sequential.backward",
            "{who} raised {error} in backward: {message}\n"
            "Its grad_out was {given}, and backward should have returned an array.\n"
            "Try that layer alone on an array of this shape, or look at the layer after it.",
            **told,
        )
    return same_type(error, message)


def same_type(error: Exception, message: Sentence) -> Exception:
    """Return a new exception of the error's type, or of its nearest base class whose only argument is a message."""
    if isinstance(error, KeyError):
        return LegibleKeyError(message)
    for base in type(error).__mro__:
        try:
            return base(message)
        except Exception:
            continue
    return RuntimeError(message)


def described(array: Any) -> str:
    """Describe an array by its shape and dtype, or the value that came instead of one."""
    if not isinstance(array, np.ndarray):
        return f"{kind(array)} {array!r:.60}"
    return said("sequential.array", "of shape {shape}, {dtype}", shape=array.shape, dtype=array.dtype)


def require_layer(number: int, layer: Any) -> None:
    """Raise TypeError unless the argument is an object with a forward and a backward pass."""
    if isinstance(layer, type):
        raise TypeError(
            said(
                "sequential.class",
                "Sequential expects objects but got the class {kind} as number {number}; make one: {kind}(…)",
                kind=layer.__name__,
                number=number,
            )
        )
    missing = [way for way in ("forward", "backward") if not callable(getattr(layer, way, None))]
    if missing:
        both = said("sequential.both", "{first} and {second}", first="forward", second="backward")
        raise TypeError(
            said(
                "sequential.no_layer",
                "Sequential expects layers but number {number} is {kind} without {missing}; give it the layers one by "
                "one, a list with a star: Sequential(*layers)",
                number=number,
                kind=kind(layer),
                missing=both if len(missing) > 1 else missing[0],
            )
        )


def require_new(number: int, layer: Any, before: tuple[Any, ...]) -> None:
    """Raise ValueError if one object is in two places.

    Its second forward pass would overwrite what it kept of the first.
    """
    for other, earlier in enumerate(before):
        if earlier is layer:
            raise ValueError(
                said(
                    "sequential.twice",
                    "Sequential expects an object of its own for each place, but numbers {other} and {number} are one "
                    "{kind}; each remembers only one forward pass, so make two: {kind}(…), {kind}(…)",
                    other=other,
                    number=number,
                    kind=kind(layer),
                )
            )


def no_array(answer: Any, who: Sentence, way: str) -> Sentence:
    """Return the sentence about a layer whose answer is not an array."""
    no_return = said("sequential.no_return", "is there a return at its end?")
    return said(
        "sequential.no_array",
        "{who} should return a NumPy array from {way} but returned {answer}; {hint}",
        who=who,
        way=way,
        answer=described(answer),
        hint=no_return if answer is None else said("sequential.no_list", "return the array itself"),
    )
