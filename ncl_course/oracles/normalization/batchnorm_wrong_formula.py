"""Wrong formulas of batch normalization: where ε and the root stand, and what becomes of γ and β."""

from __future__ import annotations

import torch

from ncl_course.oracles.normalization.batchnorm_written import Written


def eps_outside(self: Written, var: torch.Tensor) -> torch.Tensor:
    """√σ² + ε."""
    return torch.sqrt(var) + self.eps


def no_eps(_: Written, var: torch.Tensor) -> torch.Tensor:
    """√σ²."""
    return torch.sqrt(var)


def eps_as_floor(self: Written, var: torch.Tensor) -> torch.Tensor:
    """√max(σ², ε)."""
    return torch.sqrt(var.clamp(min=self.eps))


def no_root(self: Written, var: torch.Tensor) -> torch.Tensor:
    """σ² + ε."""
    return var + self.eps


def no_root_no_eps(_: Written, var: torch.Tensor) -> torch.Tensor:
    """σ²."""
    return var


def only_eps_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """ε is forgotten at test alone."""
    return Written.std(self, var) if self.trained else torch.sqrt(var)


def outside_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """ε stands outside the root at test alone."""
    return Written.std(self, var) if self.trained else torch.sqrt(var) + self.eps


def variance_at_test(self: Written, var: torch.Tensor) -> torch.Tensor:
    """The running variance is taken for a standard deviation."""
    return Written.std(self, var) if self.trained else var + self.eps


def beta_first(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """γ(x̂ + β)."""
    return self.gamma * (xhat + self.beta)


def no_affine(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """x̂ alone; γ and β get zeros for gradients."""
    return xhat + 0 * self.gamma + 0 * self.beta


def no_affine_at_test(self: Written, xhat: torch.Tensor) -> torch.Tensor:
    """γ and β are skipped at test."""
    return Written.affine(self, xhat) if self.trained else no_affine(self, xhat)


def first_read(name: str) -> property:
    """γ or β as the layer's first forward has found it; its gradient stays that of the parameter."""

    def parameter(self: Written) -> torch.Tensor:
        leaf = self.leaves[name]
        vars(self).setdefault(f"first_{name}", leaf.detach().clone())
        return self.upright(vars(self)[f"first_{name}"] + leaf - leaf.detach())

    return property(parameter)


READ_ONCE = {"gamma": first_read("gamma"), "beta": first_read("beta")}
"""γ and β are copied when they are first needed, and what training writes later is not seen."""
