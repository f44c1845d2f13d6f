"""The life of a network without pictures: the training is the usual one, and its settings act at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ncl_course.data import Dataset, load_digits
from ncl_course.nn import SGD
from ncl_course.oracles.training import ready
from ncl_course.viz.training.live.life import Life, Maker, Settings
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT
from tests.viz.training.live.living import CONFIG, maker


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return load_digits()


def test_its_steps_are_those_of_train_with_the_short_last_batch_of_an_epoch(digits: Dataset) -> None:
    life = Life(maker(), digits, CONFIG, Settings(batch=64))
    model = RIGHT["build_cnn"][0](CONFIG, np.random.default_rng(0))
    rng, x, labels = np.random.default_rng(0), digits.train.x, digits.train.labels
    losses = RIGHT["train"][0](
        model, LINEAR["CrossEntropyLoss"][0](), SGD(model, 0.05, 0.9), x, labels, epochs=2, batch_size=64, rng=rng
    )
    for _ in losses:
        life.step()
    assert life.history.losses == losses
    assert all(np.array_equal(values, life.model.params[key]) for key, values in model.params.items())
    assert life.examples == 2 * len(labels)


def test_every_setting_acts_on_the_next_step(digits: Dataset) -> None:
    life = Life(maker(), digits, CONFIG)
    life.step()
    before = {key: values.copy() for key, values in life.model.params.items()}
    life.settings.change("lr", 0.0)
    life.step()
    assert all(np.array_equal(values, before[key]) for key, values in life.model.params.items())
    life.settings.change("batch", 7)
    life.settings.change("momentum", 0.5)
    life.settings.change("decay", 0.01)
    life.step()
    assert life.examples == 32 + 32 + 7
    assert (life.optimizer.momentum, life.optimizer.weight_decay) == (0.5, 0.01)
    squares = sum(float((values.astype(np.float64) ** 2).sum()) for values in life.model.params.values())
    assert life.decay_loss == pytest.approx(0.005 * squares)


@pytest.mark.parametrize(("name", "value"), [("lr", -1), ("lr", float("nan")), ("momentum", 1.0), ("batch", 0)])
def test_a_setting_out_of_range_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=name):
        Settings().change(name, value)


def test_a_batch_larger_than_the_data_is_all_of_it(digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(digits, train=replace(digits.train, x=digits.train.x[:10], labels=digits.train.labels[:10]))
    life = Life(maker(), few, CONFIG, Settings(batch=64))
    times = iter([1.0, 1.5])
    monkeypatch.setattr("ncl_course.viz.training.live.life.time.perf_counter", lambda: next(times))
    life.step()
    assert life.examples == 10
    assert life.ms_example == 50, "half a second for ten images"


READY = Maker(ready.build_cnn, ready.train_step, ready.CrossEntropyLoss, ready.SGD)


@pytest.mark.parametrize("made", [maker(), READY], ids=["the student's layers", "ready-made layers"])
def test_a_kept_state_comes_back_whole_after_another_template(digits: Dataset, made: Maker) -> None:
    life = Life(made, digits, CONFIG, Settings(batch=64))
    for _ in range(3):
        life.step()
    life.measure()
    kept, share = life.keep(), life.history.accuracies
    answer, slope = life.model.eval().forward(digits.test.x[:5]), life.model.grads["0.weight"].copy()
    quick = life.ms_example
    life.step()
    life.start(replace(CONFIG, filters=(3,), batch_norm=False))
    life.step()
    life.load(kept)
    assert life.config == CONFIG
    assert np.array_equal(life.model.eval().forward(digits.test.x[:5]), answer), "running statistics belong to it, too"
    assert (life.history.steps, life.history.accuracies, life.examples) == (3, share, 3 * 64)
    assert np.array_equal(life.model.grads["0.weight"], slope), "the gradients of its last step, too"
    assert life.ms_example == quick > 0
    life.step()
    assert kept.history.steps == 3


def test_a_template_that_cannot_be_built_leaves_the_old_network(digits: Dataset) -> None:
    life = Life(maker(), digits, CONFIG)
    life.step()
    model = life.model
    with pytest.raises(ValueError, match="image"):
        life.start(replace(CONFIG, filters=(2, 2, 2, 2, 2)))
    assert life.model is model
    assert life.history.steps == 1
