"""Let a network live in a notebook: of the student's own layers, or of ready-made ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ncl_course.nn import CNNConfig
from ncl_course.viz.training.live.instrument import Instrument
from ncl_course.viz.training.live.life import Data, Maker, Settings
from ncl_course.viz.training.live.rhythm import LEARNED

RARELY = 6400
"""The images between two measurements of a network whose steps are quick: to measure it on 200 images takes as long as
three or four of them."""

_living: list[Instrument] = []
"""The instrument of the latest cell; the next one closes it, so that one network at a time uses the processor."""


def live_training(
    build: Callable[..., Any],
    train_step: Callable[..., float],
    loss: Callable[[], Any],
    optimizer: Callable[..., Any],
    data: Data,
    config: CNNConfig,
    steps: int = 300,
    measured_every: int = LEARNED,
) -> Instrument:
    """Let a network of your own live in the notebook: it trains, you turn the knobs, and you see all of it.

    The cell waits until the network has made its steps, or until Stop. Afterwards Go on trains it further.

    Args:
        build: your ``build_cnn(config, rng)``.
        train_step: your ``train_step(model, loss, optimizer, x, labels)``.
        loss: your class of the loss.
        optimizer: a class such as ``SGD``, with settings that can be changed.
        data: a data set; it trains on the training part, and shows the first validation images.
        config: the template to begin with; the reader can change it.
        steps: the number of steps after which the training stops by itself.
        measured_every: the number of images to learn from between two measurements of the accuracies, after step 64.

    Returns:
        The instrument; ``model`` is the network.

    Raises:
        Exception: the one that your code raised.
    """
    from IPython import get_ipython
    from IPython.display import display

    while _living:
        _living.pop().close()
    made = Instrument(Maker(build, train_step, loss, optimizer), data, config, Settings(), steps)
    made.measured_every = measured_every
    _living.append(made)
    if get_ipython() is not None:
        display(made)
    made.run()
    made.still.update(made.static())
    return made


def live_network(data: Data, steps: int = 1000) -> None:
    """Let a network of ready-made layers live in the notebook: it learns at once, and you turn the knobs."""
    from ncl_course.oracles.training import ready

    config = CNNConfig(1, data.train.x.shape[2], len(data.classes), filters=(8, 16))
    live_training(ready.build_cnn, ready.train_step, ready.CrossEntropyLoss, ready.SGD, data, config, steps, RARELY)
