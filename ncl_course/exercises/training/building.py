"""The cases of ``build_cnn``: its layers, their order and sizes, and the generator of its weights."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ncl_course.exercises.arrays import Array, normal
from ncl_course.exercises.dropout import masks
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.rules import same_as, unlike
from ncl_course.exercises.training.rules import in_order, kept_share, masks_unlike, sized
from ncl_course.exercises.training.small_networks import weights
from ncl_course.nn import CNNConfig
from ncl_course.protocol.script import Generator, Piece, Step, Tensor, call, get, new, put

SIGMAS = 6.6
"""The largest error of a mask's share in standard deviations; a right share exceeds it less than once in 10¹⁰."""

CONFIGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cnn-smallest", {"in_channels": 1, "image_size": 4, "num_classes": 2, "filters": (2,)}),
    ("cnn-no-pool", {"in_channels": 2, "image_size": 3, "num_classes": 3, "filters": (2,), "pool": False}),
    ("cnn-two-blocks", {"in_channels": 3, "image_size": 8, "num_classes": 4, "filters": (2, 5)}),
    ("cnn-convs-repeated", {"in_channels": 2, "image_size": 4, "num_classes": 3, "filters": (3,), "convs": 2}),
    ("cnn-deep", {"in_channels": 1, "image_size": 8, "num_classes": 3, "filters": (2, 3), "convs": 3}),
    ("cnn-batchnorm", {"in_channels": 2, "image_size": 4, "num_classes": 3, "filters": (3,), "batch_norm": True}),
    ("cnn-hidden", {"in_channels": 1, "image_size": 4, "num_classes": 3, "filters": (2,), "hidden": (5,)}),
    ("cnn-two-hidden", {"in_channels": 2, "image_size": 4, "num_classes": 2, "filters": (2,), "hidden": (6, 4)}),
    (
        "cnn-kernel-five",
        {"in_channels": 1, "image_size": 6, "num_classes": 3, "filters": (2, 2), "kernel_size": 5, "pool": False},
    ),
    ("cnn-one-by-one", {"in_channels": 3, "image_size": 4, "num_classes": 3, "filters": (2,), "kernel_size": 1}),
    ("cnn-odd-size", {"in_channels": 1, "image_size": 5, "num_classes": 3, "filters": (2,)}),
    ("cnn-odd-size", {"in_channels": 1, "image_size": 7, "num_classes": 2, "filters": (2, 3), "hidden": (3,)}),
    ("cnn-no-blocks", {"in_channels": 2, "image_size": 3, "num_classes": 4, "filters": (), "hidden": (5,)}),
    (
        "cnn-everything",
        {
            "in_channels": 3,
            "image_size": 8,
            "num_classes": 5,
            "filters": (4, 6),
            "convs": 2,
            "batch_norm": True,
            "hidden": (7,),
        },
    ),
)
WITH_DROPOUT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cnn-dropout", {"in_channels": 1, "image_size": 4, "num_classes": 3, "filters": (2,), "hidden": (600,)}),
    (
        "cnn-dropout-everything",
        {
            "in_channels": 2,
            "image_size": 4,
            "num_classes": 3,
            "filters": (3,),
            "convs": 2,
            "batch_norm": True,
            "hidden": (600, 500),
        },
    ),
    ("cnn-dropout-without-hidden", {"in_channels": 1, "image_size": 4, "num_classes": 2, "filters": (2,)}),
)


def cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases: the smallest networks first, one for each option of the template, then all options at once."""
    plain = tuple(Case(name, script(rng, CNNConfig(**choices))) for name, choices in CONFIGS)
    dropout = tuple(
        Case(name, script(rng, CNNConfig(**choices, keep_prob=keep_prob)))
        for (name, choices), keep_prob in zip(WITH_DROPOUT, (0.5, 0.8, 0.5), strict=True)
    )
    wide = CNNConfig(1, 4, 3, (4,), batch_norm=True, hidden=(5,))
    return (
        *plain,
        *dropout,
        Case("cnn-float32", script(rng, wide, np.float32)),
        Case("cnn-weights", drawn(rng, CNNConfig(1, 4, 3, (4, 5), convs=2, hidden=(6,)))),
        Case("cnn-masks", drawn(rng, CNNConfig(1, 4, 3, (4,), hidden=(6, 5), keep_prob=0.5))),
    )


def script(rng: np.random.Generator, config: CNNConfig, dtype: type = np.float64) -> tuple[Step, ...]:
    """Build a network, read its layers and shapes, overwrite its weights, and judge its outputs in both modes."""
    shapes = shapes_of(config)
    x = normal(rng, 3, config.in_channels, config.image_size, config.image_size, dtype=dtype)
    return (
        new("model", piece(config), Generator(int(rng.integers(2**32)))),
        get("model", "layers", label="layers", rule=in_order(config)),
        *(get("model", f"params.{key}", label=key, rule=sized(key, shape)) for key, shape in shapes.items()),
        *(put("model", f"params.{key}", weights(rng, key, shape)) for key, shape in shapes.items()),
        call("model", "eval"),
        call("model", "forward", Tensor(x), label="forward"),
        call("model", "train"),
        *(masked(config, x) if config.keep_prob < 1 and config.hidden else trained(rng, config, x)),
    )


def shapes_of(config: CNNConfig) -> dict[str, tuple[int, ...]]:
    """Return the shapes of all parameters by their keys."""
    from ncl_course.oracles.training.right import build_cnn

    return {key: values.shape for key, values in build_cnn(config, np.random.default_rng(0)).params.items()}


def trained(rng: np.random.Generator, config: CNNConfig, x: Array) -> Iterator[Step]:
    """Yield a forward and a backward in training, and then a forward at test, which uses the running statistics."""
    grad_out = normal(rng, len(x), config.num_classes, dtype=x.dtype.type)
    yield call("model", "forward", Tensor(x), label="forward")
    yield call("model", "backward", Tensor(grad_out), label="backward")
    if config.batch_norm:
        yield call("model", "eval")
        yield call("model", "forward", Tensor(x), label="forward")


def masked(config: CNNConfig, x: Array) -> Iterator[Step]:
    """Yield a forward in training, and a reading of each ``Dropout``'s mask."""
    from ncl_course.oracles.training.template import template

    yield call("model", "forward", Tensor(x))
    places = [number for number, name in enumerate(template(config)) if name == "Dropout"]
    for number, width in zip(places, config.hidden, strict=True):
        rule = kept_share(config.keep_prob, (len(x), width), SIGMAS)
        yield get("model", f"layers.{number}.mask", label="mask", rule=rule)


def drawn(rng: np.random.Generator, config: CNNConfig) -> tuple[Step, ...]:
    """Compare three networks, two with generators of one seed and one with another seed: weights and masks.

    The layers and shapes are judged first: if these are wrong, a remark on random numbers would not help.
    """
    from ncl_course.oracles.training.template import template

    seed = int(rng.integers(2**31))
    x = Tensor(normal(rng, 60, config.in_channels, config.image_size, config.image_size))
    weights_of = {key: shape for key, shape in shapes_of(config).items() if key.endswith("weight")}
    places = [number for number, name in enumerate(template(config)) if name == "Dropout"]
    shapes = {
        f"layers.{place}.mask": (len(x.values), width) for place, width in zip(places, config.hidden, strict=False)
    }
    script = [
        new(name, piece(config), Generator(s)) for name, s in (("model", seed), ("twin", seed), ("other", seed + 1))
    ]
    script += [get("model", "layers", label="layers", rule=in_order(config))]
    first = {key: len(script) + place for place, key in enumerate(weights_of)}
    script += [get("model", f"params.{key}", label=key, rule=sized(key, shape)) for key, shape in weights_of.items()]
    for name in ("model", "twin", "other"):
        script += [call(name, "train"), call(name, "forward", x)]
    script += [get("twin", f"params.{key}", label=key, rule=same_as(place)) for key, place in first.items()]
    script += [get("other", f"params.{key}", label=key, rule=unlike(place)) for key, place in first.items()]
    drawn_first = {path: len(script) + place for place, path in enumerate(shapes)}
    kept = {path: kept_share(config.keep_prob, shape, SIGMAS) for path, shape in shapes.items()}
    script += [get("model", path, label="mask", rule=rule) for path, rule in kept.items()]
    alike = {path: masks.same_as(place, "masks_other", "rng-ignored") for path, place in drawn_first.items()}
    script += [get("twin", path, label="mask", rule=rule) for path, rule in alike.items()]
    script += [get("other", path, label="mask", rule=masks_unlike(place)) for path, place in drawn_first.items()]
    return tuple(script)


def piece(config: CNNConfig) -> Piece:
    """Return the piece that represents a config in a script; it names only the options that are not defaults."""
    usual = CNNConfig(config.in_channels, config.image_size, config.num_classes, config.filters)
    named = {name: value for name, value in vars(config).items() if value != getattr(usual, name)}
    return Piece("CNNConfig", (config.in_channels, config.image_size, config.num_classes, config.filters), named)
