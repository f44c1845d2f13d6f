"""A batch normalization of the course trains inside torch's net like torch's own."""

from __future__ import annotations

import pytest

from ncl_course.experiments.by_torch.normalization_trials import Trial, run
from ncl_course.oracles.normalization.batchnorm import BatchNorm2d

SHORT = Trial("batch", depth=2, steps=4)


class WithoutScale(BatchNorm2d):
    """A wrong layer, whose γ and β never learn."""

    def backward(self, grad_out):
        grad_x = super().backward(grad_out)
        self.grads = {name: 0 * grad for name, grad in self.grads.items()}
        return grad_x


def test_the_losses_are_those_of_torchs_layer():
    assert run(SHORT, own=BatchNorm2d).losses == pytest.approx(run(SHORT).losses, rel=1e-4)


def test_gamma_and_beta_learn_so_a_layer_without_their_gradients_has_other_losses():
    assert run(SHORT, own=WithoutScale).losses[-1] != pytest.approx(run(SHORT).losses[-1], rel=1e-4)


def test_a_net_of_two_convolutions_may_have_a_pooling_layer_or_none():
    assert [len(run(Trial(depth=2, pools=pools, steps=1)).losses) for pools in (0, 1)] == [1, 1]
