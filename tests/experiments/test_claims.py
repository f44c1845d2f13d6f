"""Small trainings that test the lecture's claims: deterministic, counted correctly, with the student's own pieces."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest

from ncl_course.data import Dataset, Part
from ncl_course.experiments import run_claims, run_overfitting
from ncl_course.experiments.claims import RECIPES, Claims, Course, checkpoints, deep_net
from ncl_course.experiments.logits import logits_of
from ncl_course.nn import Conv2d
from tests.answers.activations_right import RIGHT as ACTIVATIONS
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.normalization_batchnorm_right import RIGHT as NORMALIZATION
from tests.answers.training_right import build_with_two_loops, train_by_a_generator, train_with_two_loops


@dataclass(frozen=True)
class Layers:
    """A student's layers by name."""

    Sigmoid: Any = ACTIVATIONS["Sigmoid"][0]
    Flatten: Any = LINEAR["Flatten"][0]
    Linear: Any = LINEAR["Linear"][0]
    CrossEntropyLoss: Any = LINEAR["CrossEntropyLoss"][0]
    BatchNorm2d: Any = NORMALIZATION["BatchNorm2d"][0]


def stripes(number: int, seed: int) -> Part:
    """Return images of two easy classes: bright on the left, or bright on the right."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, number)
    x = rng.normal(0, 0.1, (number, 1, 8, 8))
    for image, label in zip(x, labels, strict=True):
        image[:, :, 4 * label : 4 * label + 4] += 1
    return Part(x.astype(np.float32), labels)


DATA = Dataset(stripes(70, 0), stripes(20, 1), stripes(20, 2), ("left", "right"))


def small(train: Any = train_with_two_loops) -> Claims:
    made: Claims = run_claims(Layers(), train, DATA, seeds=(0, 1), rates=(0.01, 0.1), steps=12)
    return made


def test_the_counted_step_is_the_first_that_reaches_the_target() -> None:
    course = Course(0.1, (1, 5, 9, 12), (0.1, 0.8, 0.7, 0.9))
    assert [course.steps_to(target) for target in (0.05, 0.8, 0.81, 0.91)] == [1, 5, 12, None]
    assert course.best == 0.9


def test_each_seed_is_compared_with_its_own_plain_net() -> None:
    plain = (Course(0.1, (1, 9), (0.2, 0.5)), Course(0.1, (1, 9), (0.2, 0.9)))
    normalized = (Course(0.1, (1, 3), (0.5, 0.6)), Course(0.1, (1, 3), (0.5, 0.6)))
    seen = Claims(0.1, {0.1: 0.5}, {"plain": plain, "bn": normalized})
    assert seen.steps_to_plain("plain") == (9, 9)
    assert seen.steps_to_plain("bn") == (1, None)


def test_the_accuracy_is_measured_at_every_early_step_then_at_steps_ten_per_cent_apart_and_at_the_last() -> None:
    moments = checkpoints(1500)
    assert moments[:20] == list(range(1, 21))
    assert moments[-1] == 1500
    assert all(a < b <= max(a + 1, 1.1 * a) for a, b in pairwise(moments))
    assert checkpoints(1) == [1]


def test_the_net_is_deep_and_normalized_only_where_it_should_be() -> None:
    for batch_norm in (False, True):
        net = deep_net(Layers(), batch_norm, 1, 8, 10, np.random.default_rng(0))
        kinds = [type(layer).__name__ for layer in net.layers]
        assert [isinstance(layer, Conv2d) for layer in net.layers].count(True) == 4
        assert len(kinds) == (14 if batch_norm else 10)
        assert net.forward(np.zeros((3, 1, 8, 8), np.float32)).shape == (3, 10)


def test_a_trial_is_repeatable_and_has_all_rows_with_their_rates_and_steps() -> None:
    first, again = small(), small()
    assert first == again
    assert list(first.courses) == [recipe.name for recipe in RECIPES]
    for recipe in RECIPES:
        for course in first.courses[recipe.name]:
            assert course.lr == pytest.approx(recipe.factor * first.rate)
            assert course.steps[-1] == 12 * recipe.share
            assert len(course.steps) == len(course.accuracies)
    assert len({course.accuracies for courses in first.courses.values() for course in courses}) > 1


def test_a_students_loop_may_count_steps_from_one() -> None:
    assert small(train_by_a_generator) == small()


def test_the_plain_nets_learning_rate_is_the_best_on_the_validation_part(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {0.1: ((1, 2), (0.5, 0.9)), 0.2: ((1, 2), (0.9, 0.1)), 0.4: ((1, 2), (0.8, 0.8))}

    def learned(*args: Any) -> Course:
        lr = args[4]
        return Course(lr, *found.get(lr, ((1,), (0.0,))))

    monkeypatch.setattr("ncl_course.experiments.claims.learned", learned)
    seen = run_claims(Layers(), train_with_two_loops, DATA, seeds=(0,), rates=(0.1, 0.2, 0.4))
    assert seen.rate == 0.2, "as good as 0.1, and there first"
    assert seen.tried == {0.1: 0.9, 0.2: 0.9, 0.4: 0.8}


def test_the_dropout_trial_is_repeatable_and_both_nets_of_a_seed_see_the_same_images() -> None:
    sizes, trained = [], cast(Any, train_with_two_loops)

    def train(model: Any, loss: Any, optimizer: Any, x: Any, labels: Any, **options: Any) -> list[float]:
        sizes.append(len(x))
        return trained(model, loss, optimizer, x, labels, **options)

    def run() -> Any:
        return run_overfitting(Layers(), build_with_two_loops, train, DATA, seeds=(0, 1), samples=30, epochs=3)

    first = run()
    assert first == run()
    assert set(sizes) == {30}
    assert len(first.without) == len(first.with_dropout) == 2
    assert first.without != first.with_dropout
    assert first.without[0].right["test"] > 0.9
    judged = first.without[0]
    assert judged.gap == judged.loss["test"] - judged.loss["train"]


def test_a_loop_that_is_not_written_yet_says_so() -> None:
    def train(*_: Any, **__: Any) -> None:
        raise NotImplementedError("not written yet")

    with pytest.raises(NotImplementedError, match="not written yet"):
        run_claims(Layers(), train, DATA)


def test_many_images_are_evaluated_in_portions_and_none_is_lost() -> None:
    class Counting:
        training = True
        seen: list[int] = []  # noqa: RUF012 - used once

        def train(self) -> None:
            self.training = True

        def eval(self) -> None:
            self.training = False

        def forward(self, x: Any) -> Any:
            self.seen.append(len(x))
            return x[:, :, 0, 0]

    net, x = Counting(), np.arange(700.0).reshape(700, 1, 1, 1)
    assert np.array_equal(logits_of(net, x)[:, 0], np.arange(700))
    assert net.seen == [300, 300, 100]
    assert net.training
