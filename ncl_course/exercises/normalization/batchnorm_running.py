"""The cases of batch normalization's running statistics, and of its output at test time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ncl_course.exercises.arrays import Array, near_thousand, normal
from ncl_course.exercises.exercise import Case
from ncl_course.exercises.normalization.batchnorm_use import (
    Tested,
    Training,
    at_test,
    known,
    maps,
    sizes,
    state,
    training,
)
from ncl_course.exercises.normalization.rules import unmoved
from ncl_course.exercises.trials import TO_TEST, TO_TRAINING, Forward
from ncl_course.protocol.script import Layout, Script, get


def trained(*batches: Array) -> Script:
    """Return forward passes in training; they are not judged."""
    return tuple(step for x in batches for step in Training(x).run())


def running_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the running statistics after training."""
    return tuple(Case(name, script) for name, script in (*running_scripts(rng), *steps(rng)))


def running_scripts(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield cases with one training step or none, with one layer or two."""

    def one(x: Array, layout: Layout = Layout.C) -> Script:
        use = training(rng, x)
        return (*use.make(), *use.run(layout=layout), *state(x))

    x = maps(rng, 2, 2, 1, 2)
    own, other = (training(rng, maps(rng, *shape), alpha=a) for shape, a in (((2, 3, 1, 2), 0.5), ((2, 3, 1, 2), 0.9)))
    by_name = {"num_features": 2, "eps": 0.1, "alpha": 0.75}
    yield "bn-one-step", one(maps(rng, 2, 1, 1, 2))
    yield "bn-one-step", one(x)
    yield "one-sample", one(maps(rng, 1, 2, 2, 2))
    yield "bn-fresh", (*Training(x, (3,)).make(), *state())
    yield "bn-default-alpha", (*Training(x, (2,)).make(), *trained(x), *state(x))
    yield "keywords", (*Training(x, kwargs=by_name).make(), *trained(x), *state(x))
    yield "bn-constant-batch", one(np.full((2, 2, 1, 2), 4.0))
    yield "width-equals-channels", one(maps(rng, 2, 3, 1, 3))
    yield "all-sizes-differ", one(maps(rng, 2, 3, 4, 5))
    yield "large-values", one(1024 * maps(rng, 2, 1, 1, 2))
    yield "float64", one(normal(rng, 3, 2, 2, 3) * 3 + 1)
    yield "large-sizes", one(maps(rng, 1, 260, 1, 2))
    yield "large-sizes", one(maps(rng, 1, 1, 1, 300))
    for layout in (Layout.FORTRAN, Layout.REVERSED, Layout.BROADCAST):
        yield f"layout-{layout.value}", one(x, layout)
    both = (*own.make(), *other.make("other"), *own.run(), *other.run("other"))
    yield "two-instances", (*both, *state(own.x), *state(other.x, obj="other"))
    yield "two-instances", undisturbed(own, other)


def undisturbed(own: Training, other: Training) -> Script:
    """Return a script that reads a layer's statistics before and after another one is made and trained."""
    begun = (*own.make(), *own.run())
    names = "running_mean", "running_var"
    rules = (unmoved(len(begun) + place, "another", "shared-between-instances") for place, _ in enumerate(names))
    after = (get("layer", name, name, rule=rule) for name, rule in zip(names, rules, strict=True))
    return (*begun, *(get("layer", name) for name in names), *other.make("other"), *other.run("other"), *after)


def steps(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield cases with several training steps, and with several weights of the past."""

    def after(*batches: Array, alpha: float = 0.5, start: Script = ()) -> Script:
        return (*training(rng, batches[0], alpha=alpha).make(), *start, *trained(*batches), *state(*batches))

    x, y, z = maps(rng, 2, 2, 1, 2), maps(rng, 2, 2, 1, 2) - 5, maps(rng, 3, 2, 2, 1)
    each = (*trained(x), *state(x), *trained(y), *state(y), *trained(z), *state(z))
    yield "bn-every-step", (*training(rng, x).make(), *each)
    yield "bn-two-steps", after(x, y, alpha=0.9)
    yield "bn-three-steps", after(x, z, y, alpha=0.75)
    yield "bn-alpha-zero", after(x, y, alpha=0.0)
    yield "bn-constant-batch", after(np.full((2, 2, 1, 2), 4.0), alpha=0.0)
    yield "bn-alpha-one", after(x, y, alpha=1.0)
    yield "bn-overwritten", after(x, y, start=at_test(rng, x).remember())
    yield "large-offset", after(near_thousand(maps(rng, 2, 2, 2, 2)), alpha=0.9)
    yield (
        "float64",
        after(*(normal(rng, *shape) * 3 + 1 for shape in ((3, 2, 2, 2), (2, 2, 3, 1), (4, 2, 1, 2))), alpha=0.9),
    )
    yield "float32", after(normal(rng, 3, 2, 2, 4, dtype=np.float32), normal(rng, 2, 2, 3, 3, dtype=np.float32))
    far = normal(rng, 2, 2, 1, 3) + 5
    yield "bn-default-alpha", (*Training(far, (2,)).make(), *trained(far), *state(far))


TEST_SIZES = (
    ("bn-known-statistics", (2, 1, 1, 2)),
    ("bn-known-statistics", (3, 2, 2, 1)),
    ("bn-one-number", (1, 2, 1, 1)),
    ("one-sample", (1, 3, 2, 2)),
    ("all-sizes-differ", (2, 3, 4, 5)),
    ("width-equals-channels", (2, 3, 1, 3)),
    ("batch-equals-channels", (3, 3, 2, 1)),
)
"""The case's name and the input's N, C, H, W."""


def test_mode_cases(rng: np.random.Generator) -> tuple[Case, ...]:
    """Return the cases of the output at test time, which must leave the running statistics unchanged."""
    trials = Forward(rng)
    x = maps(rng, 2, 2, 1, 2)
    small = {"running_var": np.array([0.0, 1 / 64])}
    first, twin = at_test(rng, x), at_test(rng, maps(rng, 2, 2, 1, 2))
    again, resized = first.on(x - 5), first.on(maps(rng, 3, 2, 2, 1))
    return (
        trials.one("bn-untrained", Tested(maps(rng, 2, 1, 1, 1), (1, 0.5, 0.1))),
        trials.one("bn-untrained", replace(first, running={})),
        *(trials.one(name, at_test(rng, maps(rng, *shape))) for name, shape in TEST_SIZES),
        trials.one("bn-small-variance", replace(first, running=small)),
        trials.one("bn-defaults", Tested(x, (2,), running=known(rng, 2))),
        trials.one("large-offset", at_test(rng, near_thousand(maps(rng, 2, 2, 2, 2)))),
        *trials.large(at_test(rng, maps(rng, 2, 2, 1, 1))),
        *trials.arrays(at_test(rng, maps(rng, 2, 2, 2, 3)), at_test(rng, normal(rng, 3, 2, 2, 4))),
        *(
            trials.one("random", at_test(rng, normal(rng, *sizes(rng)) * 3 + 1, float(rng.choice([1e-3, 0.1, 1.0]))))
            for _ in range(2)
        ),
        *trials.contract(first, again, resized, twin=twin, other=at_test(rng, maps(rng, 2, 2, 1, 2), 0.5)),
        trials.rewritten(first, twin),
        *(Case(name, script) for name, script in state_scripts(rng)),
        *after_training(rng),
        *(trials.one("large-sizes", at_test(rng, maps(rng, *shape))) for shape in ((260, 2, 1, 1), (1, 260, 1, 2))),
    )


def state_scripts(rng: np.random.Generator) -> Iterator[tuple[str, Script]]:
    """Yield cases with a test pass between other passes: it reads the running statistics and does not change them."""
    test, in_training = at_test(rng, maps(rng, 2, 2, 1, 2)), training(rng, maps(rng, 2, 2, 1, 2))
    made, read = test.make(), test.forward()
    z = maps(rng, 3, 2, 2, 1)
    beside = test.on(np.concatenate([test.x[:1], maps(rng, 2, 2, 1, 2) + 20]))
    yield "bn-same-sample", (*made, *read, *beside.forward(), *test.on(test.x[:1]).forward())
    yield "bn-state-kept", (*made, *test.run(), *test.on(z).run(), *state(), *read)
    yield "bn-back-to-training", (*made, *test.run(), TO_TRAINING, *Training(z).forward())
    yield "two-instances", (*made, *in_training.make("other"), *in_training.forward("other"), *read)
    loaded = replace(test, running=known(rng, 2))
    yield "bn-loaded", (*made, *read, *loaded.remember(), *loaded.forward())


def after_training(rng: np.random.Generator) -> Iterator[Case]:
    """Yield cases of a test after training; the oracle gets the student's running statistics, read before the test."""
    x, y, z = maps(rng, 2, 2, 1, 2), maps(rng, 2, 2, 1, 2) - 5, maps(rng, 3, 2, 2, 1)
    read = TO_TEST, get("layer", "running_mean"), get("layer", "running_var")
    for alpha, batches, last in ((0.5, (x, y, z), y), (0.9, (x, y), z)):
        made = training(rng, x, alpha=alpha).make()
        yield Case("bn-train-then-test", (*made, *trained(*batches), *read, *Tested(last).forward()), free=True)
