"""One frame: everything that the instrument shows about a network after one step, as numbers and bytes.

The network's twin answers all images of the grid at once, forward and backward, so the training notices nothing. The
browser draws: the bytes are brightnesses of maps, one after another.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ncl_course.language import text
from ncl_course.viz.spoken import short
from ncl_course.viz.students_code import tried
from ncl_course.viz.training.history import thinned
from ncl_course.viz.training.layers import chosen
from ncl_course.viz.training.live.life import Life
from ncl_course.viz.training.mosaic import ends_of, grey
from ncl_course.viz.training.probe import Array, layers_of, twin

GRID = 24
"""The number of images in the grid."""
BEST = 3
"""The number of guesses for each image."""
TIMED = 5
"""The number of frames whose shortest times are shown."""
MAPS, CELLS = 8, 64
"""The largest number of maps in a strip, and of a vector's entries."""


@dataclass
class Passed:
    """One pass of images through the network's twin.

    Attributes:
        outputs: the output of each layer that was reached, for all images.
        gradients: the gradient of the mean loss with respect to each of these outputs; None where it is unknown.
        forward, backward: the milliseconds of each layer.
        probabilities: the probability of each class (N, K), NaN for an image with an answer that is not finite; None if
            the images did not reach the end.
        trouble: the error that a layer raised, or that no image has a finite answer, or empty.
    """

    outputs: list[Array] = field(default_factory=list)
    gradients: list[Array | None] = field(default_factory=list)
    forward: list[float] = field(default_factory=list)
    backward: list[float | None] = field(default_factory=list)
    probabilities: Array | None = None
    trouble: str = ""


class Times:
    """The layers' times in the latest frames of one network. Each layer shows its shortest.

    Other threads of the process interrupt a pass now and then, for longer than a layer needs.
    """

    def __init__(self) -> None:
        self.latest: deque[list[float]] = deque(maxlen=TIMED)

    def shorten(self, done: Passed) -> None:
        """Add the times of a pass, and put the shortest ones in their place; an incomplete pass keeps its own."""
        backward = [time for time in done.backward if time is not None]
        if done.trouble or len(backward) < len(done.forward):
            return
        self.latest.append([*done.forward, *backward])
        shortest = [min(times) for times in zip(*self.latest, strict=True)]
        done.forward, done.backward = shortest[: len(backward)], [*shortest[len(backward) :]]


def passed(model: Any, x: Array, labels: Array) -> Passed:
    """Send images (N, C, H, W) through a twin of the network and the loss's gradient back; errors are reported."""
    layers, done = [twin_apart(layer) for layer in layers_of(model)], Passed()
    for number, layer in enumerate(layers):
        start = time.perf_counter()
        answer = tried(lambda layer=layer, x=x: np.asarray(layer.forward(x)))  # type: ignore[misc]
        done.forward.append(1e3 * (time.perf_counter() - start))
        if answer.trouble or len(np.shape(answer.value)) < 2:
            done.trouble = f"{number} {type(layer).__name__}: {answer.trouble or np.shape(answer.value)}"
            break
        x = answer.value
        done.outputs.append(x)
    done.gradients, done.backward = [None] * len(done.outputs), [None] * len(done.outputs)
    if done.trouble or x.ndim != 2:
        return done
    probabilities, finite = softmax(np.nan_to_num(x)), np.all(np.isfinite(x), axis=1, keepdims=True)
    done.probabilities = np.where(finite, probabilities, np.nan)
    done.trouble = "" if np.any(finite) else text("training.live.no_finite_answer")
    grad = (probabilities - np.eye(x.shape[1])[labels]).astype(x.dtype) / len(x)
    for number in reversed(range(len(layers))):
        done.gradients[number] = grad
        start = time.perf_counter()
        answer = tried(lambda layer=layers[number], grad=grad: np.asarray(layer.backward(grad)))  # type: ignore[misc]
        done.backward[number] = 1e3 * (time.perf_counter() - start)
        if answer.trouble:
            done.trouble = f"{number} {type(layers[number]).__name__}: {answer.trouble}"
            break
        grad = answer.value
    return done


def softmax(logits: Array) -> Array:
    """Return the probabilities (N, K) of logits (N, K), computed by torch."""
    from ncl_course.oracles.linear.right import Softmax

    return Softmax().forward(np.asarray(logits, dtype=np.float64))


def twin_apart(layer: Any) -> Any:
    """Return a layer's twin that may also run backward: it has gradients of its own."""
    other = twin(layer)
    if isinstance(getattr(other, "grads", None), dict):
        other.grads = {name: np.array(values) for name, values in other.grads.items()}
    return other


class Frame:
    """The numbers of a frame, to be sent as JSON, and the brightnesses of its maps, to be sent as bytes."""

    def __init__(self, life: Life, image: int, times: Times | None = None) -> None:
        self.bytes = bytearray()
        part = life.data.validation
        x, labels = part.x[:GRID], part.labels[:GRID]
        with np.errstate(all="ignore"):
            pass_ = passed(life.model, x, labels)
            if times is not None:
                times.shorten(pass_)
            self.content: dict[str, Any] = {
                "step": life.history.steps,
                "image": image,
                "layers": [self.row(life.model, pass_, n, image) for n in chosen(len(layers_of(life.model)))],
                "layersInAll": len(layers_of(life.model)),
                "guesses": guesses(pass_.probabilities),
                "trouble": pass_.trouble.splitlines()[0][:120] if pass_.trouble else "",
                **numbers(life),
            }

    def row(self, model: Any, pass_: Passed, number: int, image: int) -> dict[str, Any]:
        """Return one layer's row."""
        layer, reached = layers_of(model)[number], number < len(pass_.outputs)
        params = dict(getattr(layer, "params", None) or {})
        grads = getattr(model, "grads", None) or {}
        grads = {name: grads[f"{number}.{name}"] for name in params if f"{number}.{name}" in grads}
        gradient = pass_.gradients[number] if reached else None
        return {
            "name": f"{number} {type(layer).__name__}",
            "act": self.strip(pass_.outputs[number][image] if reached else None),
            "grad": self.strip(None if gradient is None else gradient[image] * len(gradient)),
            "weight": self.strip(largest(params), filters=True),
            "slope": self.strip(largest(grads), filters=True),
            "params": sum(int(np.size(values)) for values in params.values()),
            "forward": millis(pass_.forward[number] if number < len(pass_.forward) else None),
            "backward": millis(pass_.backward[number] if reached else None),
        }

    def strip(self, values: Array | None, *, filters: bool = False) -> dict[str, Any] | None:
        """Store maps side by side, or a vector, and return where they are, their shape and their range."""
        if values is None or not np.size(values):
            return None
        maps, ends = as_maps(np.asarray(values), filters=filters), ends_of(values)
        place = len(self.bytes)
        self.bytes += grey(maps).tobytes()
        span = [short(end) for end in ends] if ends else ["?", "?"]
        return {"at": place, "shape": maps.shape, "span": span, "all": bool(np.isfinite(values).all())}


def as_maps(values: Array, *, filters: bool) -> Array:
    """Return an array as maps (K, H, W), not more than a strip has room for.

    Maps (C, H, W) stay; filters (K, C, KH, KW) are shown for their first channel; a matrix is one map, and a vector one
    row.
    """
    if values.ndim == 4:
        return np.asarray(values[:MAPS, 0])
    if values.ndim == 3 and not filters:
        return np.asarray(values[:MAPS])
    if values.ndim == 2:
        return np.asarray(values[None, :CELLS, : 4 * CELLS])
    return np.ravel(values)[None, None, :CELLS]


def largest(arrays: dict[str, Array]) -> Array | None:
    """Return the array with the most axes: a layer's weight rather than its bias."""
    return max(arrays.values(), key=np.ndim, default=None)


def guesses(probabilities: Array | None) -> list[list[tuple[int, float]]]:
    """Return the classes of the best guesses for each image, each with its probability, the best first.

    An image whose probabilities are NaN has none, and there are no guesses at all if no image has any.
    """
    if probabilities is None or np.isnan(probabilities).all():
        return []
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :BEST]
    return [
        [(int(k), round(float(row[k]), 4)) for k in order if not np.isnan(row[k])]
        for row, order in zip(probabilities, best, strict=True)
    ]


LEAST_MS = 0.01


def millis(value: float | None) -> str:
    """Return milliseconds with at most two decimals, or a dash: more digits do not fit beside the layer's name."""
    if value is None:
        return "—"
    return f"<{short(LEAST_MS)}" if value < LEAST_MS else short(round(value, 2))


def numbers(life: Life) -> dict[str, Any]:
    """Return the numbers and curves of the training up to now, which later steps do not change."""
    history = life.history
    where, losses = thinned(history.losses, 200)
    return {
        "loss": short(history.losses[-1]) if history.losses else "",
        "decayLoss": short(life.decay_loss),
        "examples": life.examples,
        "msExample": short(life.ms_example) if life.examples else "",
        "curve": {
            "steps": where.round(1).tolist(),
            "losses": np.clip(losses, 0, 1e6).round(4).tolist(),
            "measured": [*history.measured],
            "validation": [*history.accuracies],
            "train": [*life.trained],
        },
    }
