"""The questions of lesson 04; the messages ``dropout.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

QUESTIONS: tuple[Question, ...] = (
    typed("dropout.thinned-nets", 4096, doubled=24, squared=144, exactly_six=924),
    typed("dropout.connections", 27, half=36, quarter=18),
    chosen("dropout.dotted-lines", mistakes=["both", "neither"]),
    chosen("dropout.classic", (4, 0, 6, 1), scaled=(3.2, 0, 4.8, 0.8), divided=(5, 0, 7.5, 1.25)),
    chosen("dropout.classic-dx", (10, 0, -30, 40), by_the_output=(10, 0, 0, 40), unmasked=(10, 20, -30, 40)),
    chosen("dropout.classic-test", (4, -8, 8, 8), gradient_unscaled=(4, -8, 10, 10), dropped=(1, -2, 2, 2)),
    chosen("dropout.rows", mistakes=["test-only", "mask-too"]),
    chosen("dropout.inverted", (5, 0, 7.5, 1.25), multiplied=(3.2, 0, 4.8, 0.8), by_the_dropped=(20, 0, 30, 5)),
    chosen("dropout.inverted-dx", (10, 0, -30, 5), unscaled=(8, 0, -24, 4), unmasked=(10, 20, -30, 5)),
    chosen("dropout.inverted-test", (5, -10, 10, 10), classic=(4, -8, 8, 8), divided=(6.25, -12.5, 12.5, 12.5)),
    chosen("dropout.average-of-nets", mistakes=["tanh", "alike"]),
    chosen("dropout.two-losses", mistakes=["both", "new-only"]),
    chosen("dropout.who-gains", mistakes=["narrow", "underfits"]),
    typed("dropout.moving-mask", 150.5, kept=1, average=0.5),
    typed("dropout.zeros", 0.7, added=0.9, dropped_only=0.5),
    typed("dropout.trained", 15, weights_only=12, mask_too=18),
    chosen("dropout.two-modes", mistakes=["prelu-too", "none"]),
)
