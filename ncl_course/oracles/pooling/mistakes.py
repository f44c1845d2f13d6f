"""Students' mistakes in lesson 01: the oracles of ``right.py``, each with one thing changed.

Several ways to make one mistake may share a name; if two names explain the same cases, the first one is shown.
"""

from __future__ import annotations

from ncl_course.oracles.altered import Misconception, backward_as, forward_as, general, stale_from_backward
from ncl_course.oracles.pooling import wrong_backward as backward
from ncl_course.oracles.pooling import wrong_forward as forward
from ncl_course.oracles.pooling.right import AvgPool2d, MaxPool2d, Pool2d, pool_output_size


def both(oracle: type[Pool2d]) -> tuple[Misconception, ...]:
    """Return the mistakes that students can make in either pooling layer."""
    return (
        Misconception("window-from-stride", forward.numbers_as(oracle, lambda k, s: (s or k, s or k))),
        Misconception("stride-from-kernel", forward.numbers_as(oracle, lambda k, _: (k, k))),
        Misconception("kernel-and-stride-swapped", forward.numbers_as(oracle, lambda k, s: (s or k, k))),
        Misconception("default-stride-one", forward.numbers_as(oracle, lambda k, s: (k, s or 1))),
        Misconception("stride-ignored", forward_as(oracle, forward.stride_ignored)),
        Misconception("axes-swapped", forward_as(oracle, lambda self, x: self.right(x).transpose(2, 3))),
        Misconception("end-from-other-axis", forward_as(oracle, forward.end_from_other_axis)),
        Misconception("reshape-scrambled", forward_as(oracle, forward.reshape_scrambled)),
        Misconception("reshape-scrambled", forward_as(oracle, forward.columns_scrambled)),
        Misconception("size-rounded-up", forward_as(oracle, forward.size_rounded_up)),
        Misconception("size-rounded-up", forward_as(oracle, forward.windows_beyond_the_edge), by_shape=True),
        Misconception("size-rounded-up", forward_as(oracle, forward.every_start_inside), by_shape=True),
        *(
            Misconception("padding-added", forward_as(oracle, forward.padded_by(padding, value)))
            for padding in forward.PADDINGS
            for value in ((0.0, -float("inf")) if oracle is MaxPool2d else (0.0,))
        ),
        Misconception("last-window-missing", forward_as(oracle, lambda self, x: self.right(x)[:, :, :-1, :-1])),
        Misconception("last-window-missing", forward_as(oracle, forward.last_window_zero)),
        Misconception("last-window-missing", backward_as(oracle, backward.LAST_WINDOW_MISSING)),
        Misconception("arguments-ignored", forward.numbers_as(oracle, lambda _, __: (2, 2))),
        Misconception("height-for-width", forward_as(oracle, forward.size_from(2))),
        Misconception("height-for-width", forward_as(oracle, forward.size_from(3))),
        Misconception("height-for-width", forward_as(oracle, forward.sizes_exchanged), by_shape=True),
        Misconception("start-times-kernel", forward_as(oracle, forward.start_times_kernel)),
        Misconception("over-batch-and-channels", forward_as(oracle, forward.over_batch_and_channels)),
        Misconception("one-axis-reduced", forward_as(oracle, forward.one_axis), by_shape=True),
        Misconception("over-channels", forward_as(oracle, forward.over_channels)),
        Misconception("over-batch", forward_as(oracle, forward.over_batch)),
        Misconception("returned-too-early", forward_as(oracle, forward.first_window_only)),
        Misconception("returned-too-early", forward_as(oracle, forward.first_map_only)),
        *(Misconception("returned-too-early", backward_as(oracle, early)) for early in backward.RETURNED_TOO_EARLY),
    )


MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "MaxPool2d": (
        Misconception("gradient-to-all-maxima", backward_as(MaxPool2d, backward.to_all_maxima)),
        Misconception("gradient-to-all-maxima", backward_as(MaxPool2d, backward.to_all_equal_cells)),
        Misconception("over-channels", backward_as(MaxPool2d, backward.to_largest_channel)),
        Misconception("gradient-split-among-maxima", backward_as(MaxPool2d, backward.split_among_maxima)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, backward.window_overwritten)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, backward.maximum_overwritten)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, backward.offset_overwritten)),
        Misconception("gradient-overwritten", backward_as(MaxPool2d, backward.winner_overwritten)),
        Misconception("mask-accumulated", backward_as(MaxPool2d, backward.mask_accumulated)),
        Misconception("gradient-spread-evenly", backward_as(MaxPool2d, backward.spread_evenly)),
        Misconception("window-offset-forgotten", backward_as(MaxPool2d, backward.offset_forgotten)),
        Misconception("stride-from-kernel", backward_as(MaxPool2d, backward.maximum_at_multiples_of_kernel)),
        Misconception("start-times-kernel", backward_as(MaxPool2d, backward.maximum_at_multiples_of_kernel)),
        Misconception(
            "position-exchanged",
            backward_as(MaxPool2d, backward.at_other_corner(lambda self, i: i * self.stride, exchanged=True)),
        ),
        Misconception("stride-ignored", backward_as(MaxPool2d, backward.at_other_corner(lambda _, i: i))),
        Misconception("minimum-taken", forward_as(MaxPool2d, lambda self, x: -self.right(-x))),
        Misconception("starts-at-zero", forward_as(MaxPool2d, lambda self, x: self.right(x).clamp(min=0))),
        *(Misconception("starts-too-high", forward_as(MaxPool2d, forward.starts_at(start))) for start in forward.LOW),
        Misconception("gradient-truncated", backward_as(MaxPool2d, backward.truncated)),
        Misconception("gradient-truncated", backward_as(MaxPool2d, backward.in_ints)),
        Misconception("nearly-equal-taken", backward_as(MaxPool2d, backward.first_close)),
        Misconception("average-taken", forward_as(MaxPool2d, forward.average_taken)),
        *both(MaxPool2d),
        *general(MaxPool2d, "stale-cache", "shared-between-instances", "gradient-accumulated", "upstream-forgotten"),
    ),
    "AvgPool2d": (
        Misconception("gradient-not-divided", backward_as(AvgPool2d, backward.not_divided)),
        Misconception("divided-by-side", backward_as(AvgPool2d, backward.gradient_divided_by_side)),
        Misconception("gradient-overwritten", backward_as(AvgPool2d, backward.average_overwritten)),
        Misconception("stride-from-kernel", backward_as(AvgPool2d, backward.average_at_multiples_of_kernel)),
        Misconception("start-times-kernel", backward_as(AvgPool2d, backward.average_at_multiples_of_kernel)),
        Misconception("gradient-to-maximum", backward_as(AvgPool2d, backward.to_maximum)),
        Misconception("divided-by-output-size", backward_as(AvgPool2d, backward.divided_by_output_size)),
        Misconception("sum-taken", forward_as(AvgPool2d, lambda self, x: self.windows(x).sum((-1, -2)))),
        Misconception("divided-by-side", forward_as(AvgPool2d, forward.divided_by_side)),
        Misconception("maximum-taken", forward_as(AvgPool2d, forward.maximum_taken)),
        *both(AvgPool2d),
        Misconception("stale-cache", stale_from_backward(AvgPool2d)),
        *general(AvgPool2d, "gradient-accumulated", "upstream-forgotten"),
    ),
    "pool_output_size": (
        Misconception("size-rounded-up", forward.windows_rounded_up),
        Misconception("size-rounded-up", lambda size, kernel_size, stride: -((kernel_size - size) // stride) + 1),
        Misconception(
            "last-window-missing",
            lambda size, kernel_size, stride: pool_output_size(size, kernel_size, stride) - 1,
        ),
        Misconception(
            "size-rounded-to-nearest", lambda size, kernel_size, stride: round((size - kernel_size) / stride + 1)
        ),
        Misconception(
            "size-rounded-to-nearest", lambda size, kernel_size, stride: round((size - kernel_size) / stride) + 1
        ),
        *(Misconception("padding-added", forward.padded_size(padding)) for padding in forward.PADDINGS),
        Misconception("size-rounded-up", lambda size, kernel_size, stride: -(-size // stride)),
        Misconception("size-over-stride", lambda size, kernel_size, stride: size // stride),
        Misconception("kernel-not-subtracted", lambda size, kernel_size, stride: size // stride + 1),
        Misconception("size-over-kernel", lambda size, kernel_size, stride: size // kernel_size),
        Misconception("stride-ignored", lambda size, kernel_size, stride: pool_output_size(size, kernel_size, 1)),
        Misconception(
            "kernel-and-stride-swapped",
            lambda size, kernel_size, stride: pool_output_size(size, stride, kernel_size),
        ),
        Misconception("plus-one-inside", lambda size, kernel_size, stride: (size - kernel_size + 1) // stride),
        *(Misconception("brackets-missing", size) for size in forward.WITHOUT_BRACKETS),
        Misconception("not-floored", lambda size, kernel_size, stride: (size - kernel_size) / stride + 1),
        Misconception(
            "float-returned",
            lambda size, kernel_size, stride: float(pool_output_size(size, kernel_size, stride)),
        ),
    ),
}
