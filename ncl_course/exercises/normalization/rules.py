"""Rules for a normalization's parameters and constructor, for cases without a single right value."""

from __future__ import annotations

import numpy as np

from ncl_course.protocol.script import Remark, Rule, Trace


def one_a_channel(num_channels: int, num_groups: int, start: float) -> Rule:
    """Require the shape (C,) and the start value everywhere; the shape (G,) is a misconception with its own name."""

    def rule(trace: Trace, step: int) -> Remark | None:
        shape = np.shape(trace[step].value)
        if shape == (num_channels,):
            begins = np.array_equal(trace[step].value, np.full(num_channels, start))
            return None if begins else Remark("parameter-start", {"right": start}, "affine-start")
        values = {"got": shape, "right": (num_channels,)}
        if shape == (num_groups,):
            return Remark("parameter-per-group", values, "gamma-per-group")
        return Remark("parameter-shape", values, "parameter-shape")

    return rule


def refused(trace: Trace, step: int) -> Remark | None:
    """Require that the constructor raised ValueError."""
    return (
        None if trace[step].value is True else Remark("accepted", {"exception": "ValueError"}, "indivisible-accepted")
    )


def unmoved(earlier: int, by: str, name: str) -> Rule:
    """Require that a running statistic equals the value that an earlier step has read.

    Args:
        earlier: the number of that step.
        by: what came in between, as in the remark's key: ``backward`` or ``another`` layer.
        name: the misconception.
    """

    def rule(trace: Trace, step: int) -> Remark | None:
        if np.array_equal(trace[step].value, trace[earlier].value):
            return None
        return Remark(f"moved_by_{by}", {}, name)

    return rule
