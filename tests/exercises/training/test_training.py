"""The cases of lesson 06 have the template for several N, M, K, and a training that is tested on new images."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ncl_course.checking.run import Here, judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import find
from ncl_course.exercises.training.building import CONFIGS, WITH_DROPOUT
from ncl_course.exercises.training.held_out import LEAST, NETWORK, Digits, accurate, reads_digits
from ncl_course.exercises.training.rules import difference_from
from ncl_course.nn import CNNConfig, Sequential
from ncl_course.oracles.training.template import MISTAKES, mistake_in, template
from ncl_course.protocol.plain import plain_script
from ncl_course.protocol.play import play
from tests.answers import KIT, RIGHT
from tests.grading.conftest import kept_answers

CHOICES = [CNNConfig(**choices) for _, choices in CONFIGS]


def test_the_template_is_the_lectures():
    config = CNNConfig(1, 8, 10, (4, 8), convs=2, batch_norm=True, hidden=(16,), keep_prob=0.5)
    block = ("Conv2d", "BatchNorm2d", "ReLU") * 2 + ("MaxPool2d",)
    assert template(config) == (*block, *block, "Flatten", "Linear", "ReLU", "Dropout", "Linear")


@settings(deadline=None, max_examples=40)
@given(
    st.builds(
        CNNConfig,
        in_channels=st.integers(1, 3),
        image_size=st.just(8),
        num_classes=st.integers(2, 4),
        filters=st.lists(st.integers(1, 4), max_size=2).map(tuple),
        convs=st.integers(1, 3),
        pool=st.booleans(),
        hidden=st.lists(st.integers(1, 5), max_size=2).map(tuple),
        batch_norm=st.booleans(),
        keep_prob=st.sampled_from([0.5, 1.0]),
    )
)
def test_torch_and_a_right_answer_agree_on_layers_and_shapes(config):
    ours = find("build_cnn").oracle(config, np.random.default_rng(0))
    theirs = RIGHT["build_cnn"][0](config, np.random.default_rng(0))
    assert template(config) == tuple(type(layer).__name__ for layer in ours.layers)
    assert template(config) == tuple(type(layer).__name__ for layer in theirs.layers)
    assert {k: v.shape for k, v in ours.params.items()} == {k: v.shape for k, v in theirs.params.items()}


def test_the_cases_vary_n_m_and_k_and_every_choice():
    assert {config.convs for config in CHOICES} >= {1, 2, 3}
    assert {len(config.filters) for config in CHOICES} >= {0, 1, 2}
    assert {len(config.hidden) for config in CHOICES} >= {0, 1, 2}
    assert {config.kernel_size for config in CHOICES} >= {1, 3, 5}
    assert {(config.pool, config.batch_norm) for config in CHOICES} >= {(True, False), (False, False), (True, True)}
    odd = [config for config in CHOICES if config.image_size % 2 and config.pool]
    assert {len(config.filters) % 2 for config in odd} == {0, 1}, "after one pooling, a half may be rounded either way"
    assert any(not choices.get("hidden") for _, choices in WITH_DROPOUT)


@pytest.mark.parametrize(
    "size",
    [
        lambda image_size, blocks: abs(image_size // (-2) ** blocks),  # a half after one pooling is rounded up
        lambda image_size, blocks: -(-image_size // 2**blocks),
        lambda image_size, blocks: int(np.floor(image_size / 2**blocks + 0.5)),
    ],
)
def test_a_size_after_pooling_that_is_rounded_another_way_fails(size):
    def build(config, rng):
        right = RIGHT["build_cnn"][0](config, rng)
        first = next(n for n, layer in enumerate(right.layers) if type(layer).__name__ == "Linear")
        side = size(config.image_size, len(config.filters) * config.pool)
        inputs = (config.filters or (config.in_channels,))[-1] * side**2
        right.layers[first] = KIT["Linear"](inputs, right.layers[first].params["bias"].size, rng=rng)
        return Sequential(*right.layers)

    exercise = find("build_cnn")
    result = judge(exercise, Here(build, KIT), [kept_answers(exercise, part.name, 0) for part in exercise.parts])
    assert result.verdict is Verdict.FAILED


@pytest.mark.parametrize("name", MISTAKES)
def test_every_wrong_order_is_told_from_the_right_one_somewhere(name):
    configs = [*CHOICES, *(CNNConfig(**choices, keep_prob=0.5) for _, choices in WITH_DROPOUT)]
    assert any(mistake_in(template(config, MISTAKES[name]), config) == name for config in configs)
    assert not any(mistake_in(template(config), config) for config in configs)


@pytest.mark.parametrize(
    ("layers", "name"),
    [
        (("Conv2d", "ReLU", "Flatten"), "layers-missing"),
        (("Conv2d", "ReLU", "MaxPool2d", "ReLU", "Flatten", "Linear"), "layers-too-many"),
        (("Conv2d", "MaxPool2d", "Flatten", "ReLU", "Linear"), "layers-exchanged"),
        (("Linear", "Conv2d"), ""),
    ],
)
def test_layers_that_no_known_mistake_gives_are_named_by_their_difference_from_the_right_ones(layers, name):
    assert difference_from(("Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear"), layers) == name


def test_twenty_steps_with_batch_normalization_and_momentum_are_held_to_one_in_a_billion():
    part = find("train_step").part("value")
    case = next(case for case in part.cases(np.random.default_rng(0)) if case.name == "step-twenty-batchnorm")
    judged = [step for step in case.script if step.label]
    assert sum(step.kind == "call" for step in judged) == 20
    assert all(step.within == 1e-9 for step in judged)


@pytest.fixture(scope="module")
def digits():
    return Digits.drawn(np.random.default_rng(5))


def test_the_script_holds_no_label_of_the_held_out_digits(digits):
    _, arrays = plain_script(tuple(reads_digits(digits)))
    labels = [array for array in arrays if array.ndim == 1 and array.dtype.kind in "iu"]
    assert [len(array) for array in labels] == [len(digits.labels)]
    assert not any(array.shape[:1] == (len(digits.test_x),) for array in arrays)


def test_a_training_that_learns_nothing_is_not_accurate(digits):
    def idle(model, loss, optimizer, x, labels, **_):
        return []

    script = tuple(reads_digits(digits))
    assert script[-1].rule(play(idle, script, KIT), len(script) - 1).key == "accuracy"


def test_labels_that_were_learned_elsewhere_do_not_help(digits):
    other = Digits.drawn(np.random.default_rng(6))
    script = tuple(reads_digits(other))
    trace = play(RIGHT["train"][0], script, KIT)
    assert script[-1].rule(trace, len(script) - 1) is None
    places = {step.method: n for n, step in enumerate(script) if step.kind == "get" and step.method != "training"}
    remark = accurate(digits, places)(trace, len(script) - 1)
    assert float(remark.values["share"].rstrip("%")) / 100 < LEAST
    assert {piece.name for piece in NETWORK.layers} >= {"BatchNorm2d"}
