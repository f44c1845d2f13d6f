"""The cases of batch normalization's output and gradient in training, and of ``batchnorm_parameter_count``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ncl_course.exercises.arrays import near_thousand, normal, outlier
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.normalization.batchnorm_use import Training, affine, at_test, maps, sizes, training
from ncl_course.exercises.normalization.rules import unmoved
from ncl_course.exercises.trials import TO_TEST, TO_TRAINING, Backward, Forward, Trials, unjudged
from ncl_course.protocol.script import Script, apply, get

SIZES = (
    ("two-numbers", (2, 1, 1, 1)),
    ("two-numbers", (2, 2, 1, 1)),
    ("bn-one-map-affine", (2, 1, 1, 2)),
    ("bn-offsets", (2, 2, 2, 1)),
    ("one-sample", (1, 2, 2, 3)),
    ("one-pixel", (4, 2, 1, 1)),
    ("all-sizes-differ", (2, 3, 4, 5)),
    ("width-equals-channels", (2, 3, 1, 3)),
    ("batch-equals-channels", (3, 3, 2, 1)),
    ("all-sizes-equal", (3, 3, 3, 3)),
)
"""The case's name and the input's N, C, H, W."""


def cases(trials: Trials) -> Iterator[Case]:
    """Yield the cases of either pass in training."""
    rng = trials.rng
    for name, shape in SIZES:
        yield trials.one(name, training(rng, maps(rng, *shape)))
    yield trials.one("bn-offsets", training(rng, maps(rng, 2, 3, 1, 2, apart=100)))
    flat = maps(rng, 2, 3, 2, 2)
    flat[:, 1] = 7
    for eps in (0.1, 1e-5):
        yield trials.one("constant-map", Training(flat, (3, 0.5, eps), affine(rng, 3), silent=True))
    yield trials.one("gamma-zero", with_gamma_zero(training(rng, normal(rng, 2, 2, 1, 2))))
    yield trials.one("bn-defaults", Training(maps(rng, 2, 2, 1, 3), (2,)))
    yield trials.one("large-offset", training(rng, near_thousand(maps(rng, 2, 2, 2, 2))))
    yield from trials.large(training(rng, maps(rng, 2, 1, 1, 2)), outlier(rng, 2, 1, 10, 20))
    for _ in range(3):
        x = normal(rng, *sizes(rng)) * 3 + 1
        yield trials.one("random", training(rng, x, eps=float(rng.choice([1e-3, 0.1, 1.0]))))
    yield from trials.arrays(training(rng, maps(rng, 2, 2, 2, 3)), training(rng, normal(rng, 8, 4, 3, 2), eps=1e-5))
    first, twin = (training(rng, maps(rng, 2, 2, 1, 2)) for _ in range(2))
    again, resized = first.on(maps(rng, 2, 2, 1, 2) - 5), first.on(maps(rng, 3, 2, 2, 1))
    yield from trials.contract(first, again, resized, twin=twin, other=training(rng, maps(rng, 2, 2, 1, 2), eps=0.5))
    yield trials.one("bn-defaults", Training(normal(rng, 2, 2, 1, 3) / 256, (2,)))
    yield trials.rewritten(first, twin)
    for shape in ((260, 1, 1, 1), (1, 260, 1, 2), (1, 1, 1, 300)):
        yield trials.one("large-sizes", training(rng, maps(rng, *shape)))


def with_gamma_zero(use: Training) -> Training:
    """Set the first map's γ to 0, so that x̂ cannot be recovered from the output."""
    use.params["gamma"][0] = 0
    return use


def forward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the output in training."""
    trials = Forward(rng)
    use = training(rng, maps(rng, 2, 2, 2, 3))
    beside = use.on(np.concatenate([use.x[:1], maps(rng, 1, 2, 2, 3) + 20]))
    by_name = {"num_features": 3, "eps": 0.1, "alpha": 0.5}
    return (
        trials.one("bn-one-map", Training(maps(rng, 2, 1, 1, 2), (1, 0.5, 0.1))),
        *cases(trials),
        trials.one("keywords", Training(maps(rng, 2, 3, 1, 2), kwargs=by_name)),
        Case("bn-same-sample", (*use.make(), *use.forward(), *beside.forward())),
    )


def backward_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the gradients in both modes."""
    trials = Backward(rng)
    pencil = {"gamma": np.ones(1), "beta": np.zeros(1)}
    float32 = normal(rng, 3, 2, 2, 4, dtype=np.float32)
    return (
        trials.one("bn-one-map", Training(maps(rng, 2, 1, 1, 2), (1, 0.5, 0.1), pencil)),
        *cases(trials),
        *(trials.one("bn-gradient-at-test", at_test(rng, maps(rng, *shape))) for shape in ((2, 2, 1, 2), (1, 2, 1, 1))),
        trials.one("bn-gradient-at-test", at_test(rng, float32)),
        trials.one("gamma-zero", with_gamma_zero(at_test(rng, normal(rng, 2, 2, 1, 2)))),
        *(Case(name, script) for name, script in between_modes(rng)),
        state_kept(rng),
        trials.near_thousand(training(rng, near_thousand(maps(rng, 3, 2, 2, 2)))),
    )


def between_modes(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield cases of the gradient of the latest forward, after earlier forwards and after a change of the mode."""
    test = at_test(rng, maps(rng, 2, 2, 1, 2) - 5)
    train, after_test = (Training(maps(rng, *shape), test.args, test.params) for shape in ((2, 2, 1, 2), (3, 2, 2, 1)))
    back, back_from_test, back_after_test = (use.backward(use.upstream(rng)) for use in (train, test, after_test))
    made, made_to_test, trained = train.make(), test.make(), train.run()
    yield "bn-mode-of-the-forward", (*made, *trained, TO_TEST, *back)
    yield "bn-mode-of-the-forward", (*made_to_test, *test.run(), TO_TRAINING, *back_from_test)
    yield "bn-train-then-test", (*made, *trained, *test.remember(), TO_TEST, *test.run(), *back_from_test)
    yield "bn-back-to-training", (*made_to_test, *test.run(), TO_TRAINING, *after_test.run(), *back_after_test)


def state_kept(rng: np.random.Generator) -> Case:
    """Return the case that reads the running statistics before and after a backward, which must not change them."""
    use = training(rng, maps(rng, 2, 2, 1, 2))
    before, back = (*use.make(), *use.run()), unjudged(use.backward(use.upstream(rng))[0])
    names = "running_mean", "running_var"
    after = (
        get("layer", name, name, rule=unmoved(len(before) + place, "backward", "updated-in-backward"))
        for place, name in enumerate(names)
    )
    return Case("bn-state-kept-by-backward", (*before, *(get("layer", name) for name in names), back, *after))


COUNTS = (
    ("bn-count-one", (1, 1)),
    ("bn-count-one-layer", (1, 64)),
    ("bn-count-one-map", (5, 1)),
    ("bn-count-network", (10, 64)),
    ("bn-count-network", (13, 256)),
    ("bn-count-large", (300, 50_000)),
    ("bn-count-large", (70_000, 70_000)),
)


def count_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return cases with several numbers of layers and maps."""
    fixed = [Case(name, (apply(*numbers),)) for name, numbers in COUNTS]
    drawn = [Case("random", (apply(*(int(v) for v in rng.integers(2, 300, 2))),)) for _ in range(4)]
    return (*fixed, *drawn, Case("keywords", (apply(num_layers=3, num_maps=16),)))
