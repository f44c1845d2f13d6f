"""The lecture's template of a CNN (section 6) as the names of its layers, and the known mistakes in their order.

INPUT → [[CONV → (BN) → RELU]·N → POOL?]·M → [FC → RELU → (DROPOUT)]·K → FC
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ncl_course.nn import CNNConfig

Names = tuple[str, ...]
WORDS = {
    "CONV": "Conv2d",
    "BN": "BatchNorm2d",
    "RELU": "ReLU",
    "POOL": "MaxPool2d",
    "FLAT": "Flatten",
    "FC": "Linear",
    "DROP": "Dropout",
    "SOFTMAX": "Softmax",
}
TEMPLATE = "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K FC"


def template(config: CNNConfig, pattern: str = TEMPLATE) -> Names:
    """Return the names of the layers in a pattern, with the config's numbers and choices put in."""
    chosen = {"BN?": config.batch_norm, "POOL?": config.pool, "DROP?": config.keep_prob < 1}
    times = {"N": config.convs, "M": len(config.filters), "K": len(config.hidden)}
    for word, wanted in chosen.items():
        pattern = pattern.replace(word, word[:-1] if wanted else "")
    while found := re.search(r"\[([^\[\]]*)\]\*([NMK1])", pattern):
        repeated = " ".join([found[1]] * times.get(found[2], 1))
        pattern = pattern[: found.start()] + repeated + pattern[found.end() :]
    return tuple(WORDS[word] for word in pattern.split())


MISTAKES: Mapping[str, str] = {
    "relu-before-batchnorm": "[[CONV RELU BN?]*N POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "pool-after-every-convolution": "[[CONV BN? RELU POOL?]*N]*M FLAT [FC RELU DROP?]*K FC",
    "pool-before-relu": "[[CONV BN? POOL? RELU]*N]*M FLAT [FC RELU DROP?]*K FC",
    "relu-missing": "[[CONV BN?]*N POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "hidden-relu-missing": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC DROP?]*K FC",
    "convolutions-not-repeated": "[[CONV BN? RELU]*1 POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "last-layer-missing": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K",
    "relu-after-the-last-layer": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K FC RELU",
    "softmax-in-the-network": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K FC SOFTMAX",
    "flatten-missing": "[[CONV BN? RELU]*N POOL?]*M [FC RELU DROP?]*K FC",
    "dropout-before-relu": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC DROP? RELU]*K FC",
    "dropout-before-the-layer": "[[CONV BN? RELU]*N POOL?]*M FLAT [DROP? FC RELU]*K FC",
    "dropout-after-convolutions": "[[CONV BN? RELU DROP?]*N POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "batchnorm-always": "[[CONV BN RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "batchnorm-missing": "[[CONV RELU]*N POOL?]*M FLAT [FC RELU DROP?]*K FC",
    "pool-always": "[[CONV BN? RELU]*N POOL]*M FLAT [FC RELU DROP?]*K FC",
    "pool-missing": "[[CONV BN? RELU]*N]*M FLAT [FC RELU DROP?]*K FC",
    "dropout-always": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP]*K FC",
    "dropout-missing": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU]*K FC",
    "one-hidden-layer": "[[CONV BN? RELU]*N POOL?]*M FLAT [FC RELU DROP?]*1 FC",
    "one-block": "[[CONV BN? RELU]*N POOL?]*1 FLAT [FC RELU DROP?]*K FC",
    "hidden-layers-missing": "[[CONV BN? RELU]*N POOL?]*M FLAT FC",
}
"""Wrong templates by the mistake's name; the first one that fits gives the name."""


def mistake_in(names: Names, config: CNNConfig) -> str:
    """Return the name of the mistake that leads to those layers, or an empty string."""
    right = template(config)
    wrong = (name for name, pattern in MISTAKES.items() if right != names == template(config, pattern))
    return next(wrong, "")
