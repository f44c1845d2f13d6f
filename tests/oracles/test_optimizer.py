"""The optimiser of the oracles: it makes the steps of ``torch.optim.SGD``, and its processes need no compiler."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch

from ncl_course.oracles.optimizer import SGD

TRAINED = """\
import sys
from ncl_course.experiments.by_torch.normalization_trials import Trial, run

run(Trial(steps=1))
print("torch" in sys.modules, "torch._dynamo" in sys.modules)
"""


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_its_steps_are_torchs_bit_by_bit_with_a_new_learning_rate_and_with_a_gradient_that_is_missing_once(
    momentum: float, weight_decay: float
) -> None:
    draw = torch.Generator().manual_seed(1)
    ours = [torch.randn(3, 4, generator=draw, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    theirs = [leaf.detach().clone().requires_grad_() for leaf in ours]
    mine = SGD(ours, 0.1, momentum, weight_decay)
    other = torch.optim.SGD(theirs, 0.1, momentum, weight_decay=weight_decay)
    for step in range(5):
        for optimizer, leaves in ((mine, ours), (other, theirs)):
            optimizer.zero_grad()
            used = leaves[:1] if step == 2 else leaves
            sum((leaf**2).sum() / 2 + leaf.sin().sum() for leaf in used).backward()
            optimizer.step()
        mine.lr = other.param_groups[0]["lr"] = 0.1 / (step + 1)
        assert [leaf.tolist() for leaf in ours] == [leaf.tolist() for leaf in theirs]


def test_a_training_does_not_import_torchs_compiler(tmp_path) -> None:
    done = subprocess.run([sys.executable, "-c", TRAINED], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.stdout.split() == ["True", "False"], done.stderr
