"""How students go wrong in lesson 03: the oracles of ``linear.py``, each with one thing changed.

A name may stand for several ways to make one mistake; where two explain the same, the first is named.
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
