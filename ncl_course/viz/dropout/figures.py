"""The pictures of the dropout lesson, each as a figure that a notebook shows as the value of a cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike, NDArray

from ncl_course.data import all_digits
from ncl_course.language import text
from ncl_course.viz.axes import legend
from ncl_course.viz.dropout.both_kinds import KINDS, Kind, at_test, in_training, is_right, layer_of
from ncl_course.viz.dropout.drawings import draw_curves, draw_net, draw_row
from ncl_course.viz.palette import INK, SMALL
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import listed, numeral, percentage, say
from ncl_course.viz.students_code import NotDrawableError, name_of, tried, write_instead

Array = NDArray[Any]
Row = tuple[Array, Array, str]
"""A row's numbers, which of them are on, and its name."""

SIZES = (4, 6, 6, 2)
"""The number of neurons in each layer of the small net."""


def show_thinned_nets(draws: int = 3, keep_prob: float = 0.5, seed: int = 1) -> Picture:
    """Show the whole net, and the rest of it in several forwards; input and output stay on."""
    rng = np.random.default_rng(seed)
    picture = Picture(2.5 * (draws + 1), 3.1, text("dropout.picture.nets_alt", draws=draws, keep_prob=say(keep_prob)))
    for column in range(draws + 1):
        inner = range(1, len(SIZES) - 1)
        kept = [rng.random(n) < keep_prob if column and i in inner else np.ones(n, bool) for i, n in enumerate(SIZES)]
        name = text("dropout.picture.draw", number=column) if column else text("dropout.picture.whole")
        draw_net(picture.place(2.5 * column + 0.1, 0.1, 2.3, 2.6), SIZES, [list(map(bool, row)) for row in kept], name)
    return picture


def show_masking(x: ArrayLike, mask: ArrayLike, keep_prob: float) -> Picture:
    """Show a row of neurons, its mask, and both kinds of dropout applied to it in training and at test."""
    values, kept = np.asarray(x, float), np.asarray(mask, bool)
    on = np.ones(len(values), bool)
    rows = (
        (values, on, "x"),
        (kept.astype(float), kept, "mask"),
        *(row for kind in KINDS for row in rows_of(kind, values, kept, keep_prob)),
    )
    side, left = 0.62, 3.3
    width = left + side * len(values) + 0.2
    height = 0.15 + (side + 0.12) * len(rows)
    off = ", ".join(str(int(j)) for j in np.flatnonzero(~kept))
    picture = Picture(
        width, height, text("dropout.picture.masking_alt", x=listed(values), off=off, keep_prob=say(keep_prob))
    )
    for i, row in enumerate(rows):
        bottom = height - (side + 0.12) * (i + 1)
        draw_row(picture.place(left, bottom, side * len(values), side), *row)
    return picture


def rows_of(kind: Kind, x: Array, kept: Array, keep_prob: float) -> tuple[Row, Row]:
    """Return a row of neurons after one kind of dropout, in training and at test, with the rows' names."""
    names = [text(f"dropout.picture.{kind}_{when}", keep_prob=say(keep_prob)) for when in ("train", "test")]
    trained, tested = in_training(kind, x, kept, keep_prob), at_test(kind, x, keep_prob)
    return (trained, kept, names[0]), (tested, np.ones(len(x), bool), names[1])


def show_own_dropout(layer: Callable[..., Any], keep_prob: float = 0.7) -> Picture:
    """Show one digit, the student's layer applied to it in three forwards, and in test mode."""
    digit = all_digits()[0][0, 0].astype(np.float64)
    picture = Picture(10.4, 2.6, text("dropout.picture.own_alt", name=name_of(layer), keep_prob=say(keep_prob)))
    first, *others = (picture.place(0.15 + 2.05 * i, 0.1, 1.9, 1.9) for i in range(5))
    draw_digit(first, digit, text("dropout.picture.digit"))
    made = tried(lambda: layer(keep_prob, np.random.default_rng(0)))
    for number, ax in enumerate(others, 1):
        training = number < 4
        answer = made if made.trouble else tried(partial(answer_of, made.value, digit, training=training))
        name = text("dropout.picture.draw", number=number) if training else text("dropout.picture.at_test")
        if not answer.trouble:
            draw_digit(ax, answer.value, name)
            continue
        head(ax, name)
        write_instead(ax, answer.trouble, 20)
    return picture


def answer_of(layer: Any, image: Array, *, training: bool) -> Array:
    """Return the answer of a student's layer to an image.

    Raises:
        NotDrawableError: the answer has another shape.
    """
    layer.training = training
    answer = np.asarray(layer.forward(image[None]), float)[0]
    if answer.shape != image.shape:
        raise NotDrawableError(text("course.students_code.shape", shape=answer.shape))
    return answer


def head(ax: Axes, name: str) -> None:
    """Write a name above an image without axes."""
    ax.set_axis_off()
    ax.set_title(name, color=INK, fontsize=SMALL)


def draw_digit(ax: Axes, image: Array, name: str) -> AxesImage:
    """Draw an image in grey; 1/p may make it brighter than 1."""
    head(ax, name)
    return ax.imshow(image, cmap="gray", vmin=0, vmax=1.5)


def show_overfitting(
    layer: Callable[..., Any], keep_prob: float = 0.5, samples: int = 200, width: int = 128, seeds: int = 3
) -> Picture:
    """Train a small net on a few real digits, without dropout and with the student's, and test it on all others.

    torch's layer replaces a layer that is not written yet, or not right. Both hidden layers have ``width`` neurons.
    """
    own = tried(lambda: is_right("inverted", layer)).value
    kind, whose = (layer, "yours") if own else (partial(layer_of, "inverted"), "torchs")
    runs = [measured(kind, keep_prob, samples, width, seed) for seed in range(seeds)]
    mean: dict[tuple[int, str], Array] = {
        (net, curve): np.mean([getattr(run[net], curve) for run in runs], axis=0)
        for net, curve in product((0, 1), ("train_loss", "test_loss", "train_right", "test_right"))
    }
    how = {"samples": samples, "seeds": seeds, "width": width, "keep_prob": say(keep_prob)}
    picture = Picture(10.2, 4.3, text("dropout.picture.overfitting_alt", numbers=ends_in_words(mean), **how))
    for column, what in enumerate(("loss", "right")):
        ax = picture.place(0.7 + 5.0 * column, 1.35, 4.2, 2.5)
        test, train = ([mean[net, f"{part}_{what}"] for net in (1, 0)] for part in ("test", "train"))
        draw_curves(ax, test[0], test[1], (train[0], train[1]), text(f"dropout.picture.{what}"))
        ends = [curve[-1] for curve in [*test, *train]]
        if what == "right":
            ax.set_ylim(min(0.8, min(ends) - 0.1), 1.005)
        else:
            ax.set_ylim(0, max(0.6, 1.3 * max(ends)))
    handles, labels = picture.axes[0].get_legend_handles_labels()
    box = legend(picture, handles, labels, loc="lower center", ncols=2)
    box.set_title(text(f"dropout.picture.{whose}"))
    box.get_title().set(color=INK, fontsize=SMALL)
    return picture


def ends_in_words(mean: dict[tuple[int, str], Array]) -> str:
    """Return the last numbers of the curves, by net (0 without dropout, 1 with it) and name, in a sentence."""
    said = []
    for net, name in enumerate(("without", "with")):
        ends = {curve: float(values[-1]) for (which, curve), values in mean.items() if which == net}
        numbers = {curve: percentage(f"{100 * end:.0f}") for curve, end in ends.items() if curve.endswith("right")}
        numbers |= {curve: numeral(f"{end:.3f}") for curve, end in ends.items() if curve.endswith("loss")}
        said.append(text("dropout.picture.ends", name=text(f"dropout.picture.{name}_dropout"), **numbers))
    return "; ".join(said)


def measured(kind: Callable[..., Any], keep_prob: float, samples: int, width: int, seed: int) -> tuple[Any, Any]:
    """Return the curves of one net without dropout and of the same net with it."""
    from ncl_course.experiments.by_torch.overfitting import Digits, train_net

    images, labels = all_digits()
    order = np.random.default_rng(seed).permutation(len(images))
    x, labels = images[order].reshape(len(images), -1).astype(np.float64), labels[order]
    digits = Digits(x[:samples], labels[:samples], x[samples:], labels[samples:])
    layers = (kind(keep_prob, np.random.default_rng([seed, 1])), kind(keep_prob, np.random.default_rng([seed, 2])))
    without, with_dropout = (train_net(digits, pair, width=width, seed=seed) for pair in ((None, None), layers))
    return without, with_dropout
