"""The questions of lesson 01; the messages ``pooling.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

QUESTIONS: tuple[Question, ...] = (
    typed("pooling.dot-product", -3, sum_of_the_window=10, sum_of_the_magnitudes=5, one_product=1),
    typed("pooling.unused-cells", 9, twice=10, one_axis=5, none=0),
    chosen("pooling.every-pixel-counts", mistakes=["the-same", "small-window"]),
    chosen("pooling.bright-sky", mistakes=["nothing", "mixed"]),
    typed("pooling.fourth-window", 9, next_cell=8, side_by_side=12),
    typed("pooling.most-dropped", 1, of_the_window=2, never=0),
    typed("pooling.rows-left", 2, rounded_up=3, every_position=4, without_the_first=1.5),
    typed("pooling.windows-in-general", 6, steps=5, rounded_up=7, without_the_window=8),
    chosen("pooling.corner", (4, 2), the_index=(2, 1), times_the_window=(6, 3), swapped=(2, 4)),
    chosen("pooling.one-pixel", mistakes=["not-at-all", "as-much"]),
    chosen("pooling.with-and-without", mistakes=["better", "worse"]),
    typed("pooling.quotient", 6, one_sided=6.1, divided_by_h=12, not_divided=1.2),
    typed("pooling.chain", 24, last_step_only=12, added=14, first_step_only=2),
    typed("pooling.stay-zero", 12, winners=4, none=0),
    typed("pooling.two-windows", 4, overwritten=3, first_only=1, averaged=2),
    chosen("pooling.tie", mistakes=["half", "both", "none"]),
    typed("pooling.first-mean", 3.75, rounded=4, truncated=3, maximum=7),
    chosen("pooling.overlap", (1, 2, 4), no_overlap=(1, 1, 1), not_divided=(9, 18, 36)),
    chosen("pooling.video", (2, 8, 3, 16, 16), frames_too=(2, 4, 3, 16, 16), merged=(16, 3, 16, 16)),
    chosen("pooling.batch-last", (3, 14, 14, 32), last_two=(3, 28, 14, 16), batch_too=(3, 14, 14, 16)),
    chosen("pooling.after-conv", (8, 16, 16, 16), maps_too=(8, 8, 16, 16), old_maps=(8, 3, 16, 16)),
    typed("pooling.trained", 0, window=4, window_and_bias=5),
    chosen("pooling.at-test", mistakes=["off", "mean"]),
)
