"""A recording is remade where it differs from what torch computes, but not for the last bits of another machine."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from ncl_course.checking.right import make
from ncl_course.checking.right.file import FOLDER, Recording, as_bytes, path_of, read

LESSON = "02_activations"


def changed(recording: Recording, factor: float) -> Recording:
    """Return a recording whose numbers are all multiplied by a factor."""

    def scaled(one):
        if isinstance(one.value, np.ndarray) and one.value.dtype.kind == "f":
            return replace(one, value=one.value * one.value.dtype.type(factor))
        return one

    parts = {
        name: replace(part, expected=tuple(replace(one, trace=tuple(map(scaled, one.trace))) for one in part.expected))
        for name, part in recording.parts.items()
    }
    return Recording(recording.arguments, parts)


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(FOLDER, tmp_path / "answers")
    return tmp_path / "answers"


@pytest.mark.parametrize("only", ["01", "02", "03", "04", "05"])
def test_the_recordings_of_the_package_are_what_torch_computes(only):
    assert make.differing(only) == {}


def test_the_last_bits_of_another_machine_do_not_count(folder):
    path_of("Tanh", folder).write_bytes(as_bytes(changed(read(path_of("Tanh")), 1 + 1e-14)))
    assert make.differing(LESSON, folder) == {}


def test_a_number_that_differs_is_seen_well_within_the_checks_tolerance(folder):
    path_of("Tanh", folder).write_bytes(as_bytes(changed(read(path_of("Tanh")), 1 + 1e-8)))
    path_of("ReLU", folder).unlink()
    path_of("ELU", folder).write_bytes(b"damaged")
    assert list(make.differing(LESSON, folder)) == ["ReLU", "Tanh", "ELU"]


@pytest.mark.parametrize(
    ("name", "alter"),
    [
        ("Dropout", lambda one: replace(one, masks={})),
        ("ReLU", lambda one: replace(one, bounds={})),
        ("MaxPool2d", lambda one: replace(one, reach={step: 2 * most for step, most in one.reach.items()})),
        ("BatchNorm2d", lambda one: replace(one, open=False)),
    ],
)
def test_a_rule_for_several_right_answers_that_differs_is_seen(folder, name, alter):
    recording = read(path_of(name))
    parts = {key: replace(part, expected=tuple(map(alter, part.expected))) for key, part in recording.parts.items()}
    path_of(name, folder).write_bytes(as_bytes(Recording(recording.arguments, parts)))
    exercise = next(one for one in make.recorded_exercises() if one.name == name)
    assert not make.agrees(exercise, make.stored(make.path_of(exercise.name, folder)), make.record(exercise))
