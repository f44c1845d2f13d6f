"""The behaviour that every oracle's layer shares."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from ncl_course.oracles.activations.right import ReLU


def test_a_gradient_does_not_load_sympy_which_takes_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.fx.experimental.symbolic_shapes", None)  # an import of it fails
    layer = ReLU()
    layer.forward(np.array([-1.0, 2.0]))
    assert layer.backward(np.array([3.0, np.inf])).tolist() == [0.0, np.inf]
