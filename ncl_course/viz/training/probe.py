"""A look into a network between two steps of its training, without any effect on the training.

The look uses a twin of the network: other objects with the same parameters, in test mode. So a forward pass through
the twin does not change what the student's layers store for their backward pass.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ncl_course.language import text
from ncl_course.viz.students_code import NotDrawableError, tried

Array = NDArray[Any]

AT_ONCE = 25
"""The largest number of images of 28 × 28 whose answers are computed at once, and so more of smaller images: fewer than
a training step has by default, so that a measurement between two steps needs no memory beyond theirs. Such memory comes
from the system and goes back to it, page by page, which takes longer than the smaller pieces do, and makes the next
steps slower, too."""


class Labelled(Protocol):
    """Images (N, C, H, W) and their class numbers (N,)."""

    @property
    def x(self) -> Array:
        """The images."""

    @property
    def labels(self) -> Array:
        """The class numbers."""


@dataclass(frozen=True)
class Look:
    """The result of one look.

    Attributes:
        image: the image (C, H, W) that went through the network.
        label: the number of its class.
        names: the layers' names with their numbers, ``"0 Conv2d"``.
        outputs: each layer's output for the image, without the axis of samples, up to the last layer that it reached.
        probabilities: the probability of each class (K,); None if the image did not reach the end.
        filters: the filters of the first convolution (K, C, KH, KW); None if there is none.
        gradients: the length of each layer's latest gradient; None for a layer without parameters.
        trouble: the error that a layer raised; empty if all went well.
    """

    image: Array
    label: int
    names: tuple[str, ...]
    outputs: tuple[Array, ...]
    probabilities: Array | None
    filters: Array | None
    gradients: tuple[float | None, ...]
    trouble: str = ""


def look(model: Any, image: Array, label: int) -> Look:
    """Send one image (C, H, W) through a twin of the network; errors of layers are reported and not raised."""
    layers = layers_of(model)
    outputs, trouble = traced(layers, image[None])
    complete = not trouble and outputs and outputs[-1].ndim == 1
    return Look(
        image=image,
        label=int(label),
        names=tuple(f"{number} {type(layer).__name__}" for number, layer in enumerate(layers)),
        outputs=tuple(outputs),
        probabilities=softmax(outputs[-1]) if complete else None,
        filters=first_filters(layers),
        gradients=tuple(gradient_size(layer) for layer in layers),
        trouble=trouble,
    )


def traced(layers: list[Any], x: Array) -> tuple[list[Array], str]:
    """Return the output of each layer's twin for x (1, C, H, W), up to the first layer that raises, and its error."""
    outputs: list[Array] = []
    for number, layer in enumerate(layers):
        answer = tried(lambda layer=layer, x=x: answer_to(x, twin(layer)))  # type: ignore[misc]
        if answer.trouble:
            return outputs, f"{number} {type(layer).__name__}: {answer.trouble}"
        x = answer.value
        outputs.append(x[0])
    return outputs, ""


def answer_to(x: Array, other: Any) -> Array:
    """Return the answer of a twin to x.

    Raises:
        NotDrawableError: the answer has no samples.
    """
    with np.errstate(all="ignore"):
        answer = np.asarray(other.forward(x))
    if not answer.ndim or not len(answer):
        raise NotDrawableError(text("course.students_code.shape", shape=answer.shape))
    return answer


def accuracy(model: Any, images: Labelled, most: int) -> float | None:
    """Return the share of right answers to the first ``most`` images, or None if the network cannot answer.

    An answer that is not finite is not right.
    """
    x, labels = images.x[:most], images.labels[:most]
    _, _, H, W = x.shape
    at_once = max(1, AT_ONCE * 28 * 28 // (H * W))

    def share() -> float:
        network = twin(model)
        pieces = (x[start : start + at_once] for start in range(0, len(x), at_once))
        answers = np.concatenate([answer_to(piece, network) for piece in pieces])
        right = np.argmax(answers, axis=1) == labels
        return float(np.mean(right & np.all(np.isfinite(answers), axis=1)))

    return tried(share).value


def layers_of(model: Any) -> list[Any]:
    """Return the layers of a network; an object without ``layers`` is a single layer."""
    return list(getattr(model, "layers", None) or [model])


def twin(layer: Any) -> Any:
    """Return another object with the layer's own arrays, in test mode; it does not write into the layer's attributes.

    Arrays are shared, because a forward pass in test mode writes into none. Containers and generators are copied, so
    that a layer that draws at test (a mistake) does not change its draws in training.
    """
    other = copy.copy(layer)
    vars(other).update({name: apart(value) for name, value in vars(layer).items()})
    if callable(getattr(other, "eval", None)):
        other.eval()
    else:
        other.training = False
    return other


def apart(value: Any) -> Any:
    """Return a twin of an attribute."""
    if callable(getattr(value, "forward", None)):
        return twin(value)
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    if isinstance(value, list):
        return [apart(item) for item in value]
    return copy.copy(value) if isinstance(value, dict | set) else value


def first_filters(layers: list[Any]) -> Array | None:
    """Return a copy of the weights of the first layer whose parameters have four axes."""
    for layer in layers:
        for values in (getattr(layer, "params", None) or {}).values():
            if np.ndim(values) == 4:
                return np.array(values)
    return None


def gradient_size(layer: Any) -> float | None:
    """Return the Euclidean length of all of a layer's gradients together, or None if there are none."""
    grads = [np.asarray(values) for values in (getattr(layer, "grads", None) or {}).values()]
    if not grads:
        return None
    with np.errstate(all="ignore"):
        return float(np.sqrt(sum(float(np.sum(np.square(g, dtype=np.float64))) for g in grads)))


def softmax(logits: Array) -> Array:
    """Return the probabilities (K,) of logits (K,), computed by torch."""
    from ncl_course.oracles.linear.right import Softmax

    return Softmax().forward(np.asarray(logits, dtype=np.float64)[None])[0]
