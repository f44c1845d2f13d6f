"""The questions of lesson 05; the messages ``normalization.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

STEEP = 3 / 5**0.5
"""γ over the standard deviation, where that is √5."""

QUESTIONS: tuple[Question, ...] = (
    chosen("normalization.drift", mistakes=["first", "position-only"]),
    chosen("normalization.small-rate", mistakes=["gone", "same-time"]),
    chosen("normalization.input-helps", mistakes=["enough", "nothing"]),
    chosen("normalization.four-numbers", (7, 9, 11, 13), shifted_first=(27, 29, 31, 33), only_centred=(1, 7, 13, 19)),
    chosen("normalization.identity", (3, 4), variance=(9, 4), untouched=(1, 0)),
    chosen("normalization.moved-mean", mistakes=["y-only", "both"]),
    chosen("normalization.twice-the-spread", mistakes=["same", "twice"]),
    chosen("normalization.constant-map", mistakes=["nan", "x"]),
    chosen("normalization.alpha-one", mistakes=["last-batch", "mean-of-all"]),
    chosen("normalization.which-alpha", 0.99, jumps=0.5, smooth=0.9),
    chosen("normalization.running", (1.75, 2.75), swapped=(3.75, 4.75), with_epsilon=(1.75, 4.5), one_step=(1, 2)),
    typed("normalization.at-test", 16, own_batch=10, without_epsilon=10 + 6 * STEEP),
    chosen("normalization.node-normalized", (27, 0, 0, 0), divided=(3, 0, 0, 0), of_gamma=(-9, 0, 0, 0)),
    typed("normalization.node-variance", 1.5, sign=-1.5, half=3, power=13.5),
    typed("normalization.node-mean", -9, sign=9, undivided=-27),
    chosen(
        "normalization.node-input",
        (4.5, -3, -1.5, 0),
        direct_only=(9, 0, 0, 0),
        without_the_mean=(6.75, -0.75, 0.75, 2.25),
        without_the_variance=(6.75, -2.25, -2.25, -2.25),
    ),
    typed("normalization.stored", 2560, trained=1280, one_layer=256),
    chosen("normalization.largest-rate", mistakes=["both", "neither"]),
    chosen("normalization.starts", mistakes=["small-only", "neither"]),
    chosen("normalization.depth", mistakes=["shallow", "same"]),
    chosen("normalization.after-relu", mistakes=["worse", "better"]),
    typed("normalization.speed-up", 15, baseline=2, other_row=11),
    typed("normalization.accuracy-gain", 2.6, fastest_row=0.8, against_the_baseline=2.1),
    typed("normalization.group-size", 12, unchanged=24, doubled=48),
    chosen("normalization.compact", mistakes=["without-the-variance", "sums"]),
    chosen(
        "normalization.layer",
        (-3, -1, 2, 6),
        one_gamma=(-3, -1, 1, 3),
        each_map=(-3 / 5**0.5, 3 / 5**0.5, -6 / 5**0.5, 6 / 5**0.5),
    ),
    chosen("normalization.bracket", mistakes=["possible", "never"]),
    chosen("normalization.one-sample", mistakes=["one-map", "small-maps"]),
    chosen("normalization.second-sample", (0, 0, 0, 0), as_batch=(-2.25, -1.5, -0.75, 0), as_first=(4.5, -3, -1.5, 0)),
    chosen("normalization.neighbours", (2, 3), interleaved=(2, 5), by_the_number=(0, 1, 2)),
    typed("normalization.cells-of-a-mean", 60, one_map=20, groups=40, all_maps=120),
    chosen("normalization.two-samples", mistakes=["any", "zero-or-one"]),
    chosen("normalization.standardized", (1.5, -1, -0.5, 0), with_gamma=(4.5, -3, -1.5, 0), direct_only=(3, 0, 0, 0)),
    typed("normalization.filter-sum", 0, gradient=9, divided=3),
    chosen("normalization.ws-gain", mistakes=["small", "everywhere"]),
    chosen("normalization.where", mistakes=["after-relu", "after-pool"]),
    typed("normalization.trains", 64, stores=128, scale_only=32),
    chosen("normalization.across-samples", mistakes=["global-average", "layer-norm"]),
)
