"""A script is packed once, and never confused with another."""

from __future__ import annotations

import numpy as np

from ncl_course.grading import packed as module
from ncl_course.grading.packed import Packed
from ncl_course.protocol.script import Tensor, apply


def script(number):
    """Return a script with an array."""
    return (apply(Tensor(np.full(2, number))),)


def test_a_script_is_packed_once():
    packed, one = Packed(), script(1.0)
    assert packed.of(one)[0] is packed.of(one)[0]


def test_scripts_that_come_and_go_are_told_apart(monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    packed = Packed()
    for number in range(50):
        _, (array,) = packed.of(script(float(number)))
        assert array[0] == number
        assert len(packed.kept) <= 3
