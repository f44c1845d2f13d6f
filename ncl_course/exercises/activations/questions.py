"""The questions of lesson 02; the messages ``activations.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

QUESTIONS: tuple[Question, ...] = (
    typed("activations.straight-line", 1, plain_relu=0, absolute_value=-1),
    typed("activations.elu-smooth", 1, plain_relu=0, leak=0.1),
    chosen("activations.nothing-orange", mistakes=["relu-only", "elu-too"]),
    chosen("activations.relu-dx", (0, -20, 0, 40), by_the_gradient=(10, 0, 30, 40), output=(0, 2, 0, 4)),
    typed("activations.sigmoid-ln-3", 0.75, other_sign=0.25, exponential=3, not_inverted=4 / 3),
    typed("activations.steepest", 0.25, value=0.5, as_tanh=1),
    chosen("activations.tanh-numbers", (2, 2, -1), not_squeezed=(1, 2, -1), shifted_first=(2, 2, -2)),
    chosen("activations.ten-tanh", mistakes=["forty", "four"]),
    chosen("activations.narrow", mistakes=["same", "steeper"]),
    typed("activations.tanh-half-ln-3", 0.5, sigmoid_only=0.75, factor_forgotten=2 * 3**0.5 / (1 + 3**0.5) - 1),
    chosen("activations.scale", mistakes=["one", "two"]),
    chosen("activations.sigmoid-scale", mistakes=["four", "small"]),
    chosen("activations.tanh-large-weights", mistakes=["vanishes", "near-0"]),
    chosen("activations.dead", mistakes=["slowly", "next-batch"]),
    chosen("activations.those-above", mistakes=["stay", "pull"]),
    chosen("activations.slow-then-fast", mistakes=["rate", "learned-alpha"]),
    chosen("activations.leak-of-two", (-4, 3), by_maximum=(-2, 6), sign_lost=(4, 3)),
    typed("activations.elu-ln-2", -1, without_the_bracket=0, alpha_forgotten=-0.5),
    typed("activations.prelu-alpha", 80, every_place=120, averaged=80 / 3, magnitudes=-100),
    chosen(
        "activations.maxout-absolute",
        (-1, 0, 1, 0),
        relu=(0, 0, 1, 0),
        leaky=(0.25, 0, 1, 0),
        one_line=(1, 0, 0, 0),
    ),
    chosen("activations.maxout-s", mistakes=["valley", "straight"]),
    chosen("activations.maxout-dead", mistakes=["flat", "below"]),
    chosen("activations.maxout-outputs", (5, 2), smaller=(-1, -4), summed=(4, -2), first_piece=(5, -4)),
    chosen("activations.maxout-slopes", (20, -100), both_pieces=(-80, -80), without_the_input=(10, 100)),
    chosen("activations.relu-and-pool", mistakes=["differ", "mean-too"]),
    typed("activations.trained", 16, none=0, shared=1, window_too=20),
    typed("activations.zeros-in-a-window", 0, winner=5, shared=1.25),
)
