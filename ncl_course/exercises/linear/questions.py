"""The questions of lesson 03; the messages ``linear.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

QUESTIONS: tuple[Question, ...] = (
    typed("linear.flat-place", 43, one_map_short=23, counted_from_one=44, whole_batch=103),
    chosen("linear.no-transpose", mistakes=["never", "one-sample"]),
    chosen(
        "linear.weight-gradient", (53, 64), averaged=(26.5, 32), without_the_gradient=(8, 10), of_the_input=(11, 22)
    ),
    typed("linear.million-weights", 102.760448, without_the_area=2.097152, one_side=14.680064),
    typed("linear.weight-uses", 50176, window=9, side=224, once=1),
    typed("linear.thin-product", 7.471104, one_factor=6.422528, divided=0.401408),
    chosen("linear.larger-picture", mistakes=["everything", "convolutions"]),
    chosen("linear.twice-the-maps", (4, 2), both_double=(2, 2), both_square=(4, 4)),
    chosen("linear.no-hidden", mistakes=["neither", "both"]),
    typed("linear.each-cell", 2, undivided=12, as_two_by_two=3),
    chosen("linear.lower-logits", mistakes=["smaller", "unlikely-first"]),
    chosen("linear.doubled-logits", mistakes=["decisive", "even"]),
    chosen("linear.never-zero", mistakes=["far", "cold"]),
    chosen("linear.two-logits", mistakes=["mirrored", "rest"]),
    typed("linear.overflow", 87, double=708, exponent=127),
    chosen("linear.underflow", mistakes=["fine", "nan"]),
    chosen("linear.one-maximum", mistakes=["fine", "equal"]),
    chosen("linear.jacobian", (0, -1, 1), without_the_mean=(2, 0, 2), diagonal=(1, 0, 1.5), without_p=(0, -4, 4)),
    typed("linear.one-minus-p", 0.0099, of_the_probability=1, of_the_logarithm=0.99),
    typed("linear.wrong-and-sure", 2000, largest_only=1000, of_the_other=0),
    chosen("linear.loss-gradient", (0.7, -0.8, 0.1), opposite=(-0.7, 0.8, -0.1), of_p=(0, -5, 0)),
    chosen("linear.more-blocks", mistakes=["grows", "same"]),
    typed("linear.pool-off", 1024, one_axis=32, one_pool=4),
    typed("linear.field", 11, added=15, one=3),
    typed("linear.five-poolings", 7, four=14, divided_by_five=44.8),
    typed("linear.residual", 1.1, block_only=0.1, shortcut_only=1),
    chosen("linear.concatenation", (256, 28, 28), ["as-sum"], every_axis=(256, 112, 112)),
    typed("linear.seven-by-seven", 14, whole_window=49, one_of_them=7),
    typed("linear.global-window", 7, one=1, area=49),
    typed("linear.after-pooling", 15690, not_pooled=62730, one_map=1970),
    chosen("linear.no-softmax", mistakes=["not-probabilities", "other-class"]),
)
