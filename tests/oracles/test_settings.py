"""Torch's answers do not depend on the settings of the student's torch, and do not change them."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
import torch
from torch.overrides import TorchFunctionMode

from ncl_course.checking.answers import Answers
from ncl_course.exercises import EXERCISES, find
from ncl_course.oracles.settings import own_settings
from ncl_course.oracles.training import right
from ncl_course.protocol.play import play
from ncl_course.protocol.script import Numbers

SEED = 5


class Zeros(TorchFunctionMode):
    """A function mode that spoils every answer."""

    def __torch_function__(self, function, _types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        return torch.zeros_like(made) if isinstance(made, torch.Tensor) and made.is_floating_point() else made


@contextmanager
def told(tell, value, before):
    """Tell torch a setting in the block, and the former one after it."""
    tell(value)
    try:
        yield
    finally:
        tell(before)


def default_device(name):
    return told(torch.set_default_device, name, None)


def default_dtype(dtype):
    return told(torch.set_default_dtype, dtype, torch.get_default_dtype())


def threads(number):
    return told(torch.set_num_threads, number, torch.get_num_threads())


TOLD = {
    "gradients off": lambda: torch.set_grad_enabled(False),
    "no_grad": torch.no_grad,
    "inference mode": torch.inference_mode,
    "default device meta": lambda: default_device("meta"),
    "default device cuda, without a card": lambda: default_device("cuda"),
    "a block on another device": lambda: torch.device("meta"),
    "default dtype float16": lambda: default_dtype(torch.float16),
    "default dtype float64": lambda: default_dtype(torch.float64),
    "deterministic algorithms": lambda: told(torch.use_deterministic_algorithms, True, False),
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "two threads": lambda: threads(2),
    "a function mode": Zeros,
}
"""Settings that a student may have chosen, each as a block in which it is set."""


def state():
    """Return every setting of torch that a student can change."""
    return {
        "gradients": torch.is_grad_enabled(),
        "inference": torch.is_inference_mode_enabled(),
        "modes": tuple(torch.overrides._get_current_function_mode_stack()),
        "dtype": torch.get_default_dtype(),
        "threads": torch.get_num_threads(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "autocast": torch.is_autocast_enabled("cpu"),
        "anomaly": torch.is_anomaly_enabled(),
        "drawn": bytes(torch.random.default_generator.get_state().numpy().tobytes()),
    }


def numbers_of(trace):
    """Return the values of a trace, comparable by ``==``."""
    values = [step.value.values if isinstance(step.value, Numbers) else step.value for step in trace]
    return [(value.dtype, value.tolist()) if isinstance(value, np.ndarray) else value for value in values]


def answers(exercise, part):
    """Return the right answers to a part and those of every misconception to its first case.

    Some mistakes with dropout draw from a generator of their own, so their answers never repeat.
    """
    made = Answers(exercise, part, SEED)
    repeating = () if exercise.room == "dropout" else range(len(exercise.misconceptions))
    wrong = [made.altered(number, 0) for number in repeating]
    return [str(numbers_of(trace)) for trace in (*made.right, *wrong)]


@pytest.fixture(scope="module")
def undisturbed():
    """Return the answers of a few exercises in a new kernel."""
    with own_settings():
        return {(name, part): answers(find(name), part) for name, part in ASKED}


ASKED = (
    ("pool_output_size", "value"),
    ("MaxPool2d", "backward"),
    ("LeakyReLU", "backward"),
    ("Maxout", "backward"),
    ("Dropout", "forward"),
    ("BatchNorm2d", "backward"),
    ("CrossEntropyLoss", "backward"),
)


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize(("name", "part"), ASKED)
def test_right_and_altered_answers_are_the_same_whatever_torch_was_told(undisturbed, name, part, told):
    with TOLD[told]():
        before = state()
        assert answers(find(name), part) == undisturbed[name, part]
        assert state() == before


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_an_oracle_that_stands_in_for_a_layer_answers_by_itself_under_any_settings(exercise):
    case = exercise.parts[-1].cases(np.random.default_rng(SEED))[0]
    right = play(exercise.oracle, case.script, exercise.kit)
    assert right[-1].raised is None
    with ExitStack() as stack:
        for told in ("no_grad", "default device meta", "default dtype float16", "deterministic algorithms"):
            stack.enter_context(TOLD[told]())
        before = state()
        spoilt = play(exercise.oracle, case.script, exercise.kit)
        assert str(numbers_of(spoilt)) == str(numbers_of(right))
        assert state() == before


def test_training_draws_nothing_from_the_students_generator():
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    list(right.batches(np.zeros((4, 1, 2, 2)), np.zeros(4, int), 1, 2, np.random.default_rng(0), onwards=False))
    assert not torch.equal(torch.rand(2), expected), "the DataLoader draws by itself, so the next line tests something"
    torch.manual_seed(3)
    with own_settings():
        list(right.batches(np.zeros((4, 1, 2, 2)), np.zeros(4, int), 1, 2, np.random.default_rng(0), onwards=False))
    assert torch.equal(torch.rand(2), expected)


def fail_inside():
    with own_settings():
        assert torch.get_num_threads() == 1
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float64)
        raise ValueError("inside")


def test_the_students_settings_come_back_even_after_an_error():
    with threads(2), torch.no_grad():
        before = state()
        with pytest.raises(ValueError, match="inside"):
            fail_inside()
        assert state() == before
        assert before["threads"] == 2
