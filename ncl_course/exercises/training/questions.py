"""The questions of lesson 06; the messages ``training.ask`` hold their sentences."""

from ncl_course.exercises.asked import Question, chosen, typed

QUESTIONS: tuple[Question, ...] = (
    chosen("training.which-part", mistakes=["test", "train"]),
    chosen("training.block", mistakes=["once", "pool-each", "relu-first"]),
    typed("training.last-layer", 128, no_pooling=2048, one_pooling=512, maps_only=32),
    chosen("training.same-net", mistakes=["slow", "zero-gradient"]),
    typed("training.momentum", 0.5, no_momentum=0.6, second_only=0.7),
    chosen("training.mode-forgotten", mistakes=["error", "accuracy-only"]),
    chosen("training.how-close", mistakes=["equal", "percent"]),
    typed("training.steps", 6, dropped=4, one_epoch=3, joined=5),
    chosen("training.batch-of-one", mistakes=["faster", "same"]),
    chosen("training.four-of-five", mistakes=["ten", "thousands"]),
    chosen("training.largest-gradient", mistakes=["first", "alike"]),
    chosen("training.first-filters", mistakes=["early", "hardly"]),
    chosen("training.shorter-gradient", mistakes=["rate", "vanished"]),
    chosen("training.plain-faster", mistakes=["faster", "slower"]),
    chosen("training.which-loss", mistakes=["learned", "both"]),
    typed("training.three-steps", 2.71, swapped=9.99, one_step=1),
    typed("training.signal-left", 0.25, of_the_input=0.2, nothing=1),
    chosen("training.bias-before-norm", mistakes=["like-beta", "sum"]),
    typed("training.trained", 1946, no_norm=1898, stored=1994, no_biases=1912),
    chosen("training.alone", mistakes=["dropout", "shuffled"]),
)
