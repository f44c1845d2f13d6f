"""Students' mistakes in lesson 03: the oracles of ``right.py``, each with one thing changed.

Several ways to make one mistake may share a name; if two names explain the same cases, the first one is shown.
"""

from __future__ import annotations

from ncl_course.oracles.altered import Misconception
from ncl_course.oracles.linear import wrong_fully_connected as fully_connected
from ncl_course.oracles.linear import wrong_loss as loss
from ncl_course.oracles.linear import wrong_maps as maps
from ncl_course.oracles.linear import wrong_softmax as softmax

MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "Flatten": maps.FLATTEN,
    "Linear": fully_connected.LINEAR,
    "Softmax": softmax.SOFTMAX,
    "CrossEntropyLoss": loss.LOSS,
    "GlobalAvgPool2d": maps.MEAN,
    "parameter_count": maps.COUNT,
}
