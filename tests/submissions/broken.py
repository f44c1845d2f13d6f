"""Notebooks that are unfinished, damaged, or not notebooks."""

from __future__ import annotations

from tests.submissions.hostile import in_forward
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE, changed

SIZE_STUB = """\
def pool_output_size(size, kernel_size, stride):
    # YOUR CODE HERE
    raise NotImplementedError()
"""

LAYER_STUB = """\
class {name}(Layer):
    def __init__(self, kernel_size, stride=None):
        self.kernel_size = kernel_size
        self.stride = stride or kernel_size

    def forward(self, x):
        # YOUR CODE HERE
        raise NotImplementedError()

    def backward(self, grad_out):
        # YOUR CODE HERE
        raise NotImplementedError()
"""
MAX_STUB, AVG_STUB = LAYER_STUB.format(name="MaxPool2d"), LAYER_STUB.format(name="AvgPool2d")
HALF_MAX = (
    MAX[: MAX.index("    def backward")] + "    def backward(self, grad_out):\n        raise NotImplementedError()\n"
)
SYNTAX = changed(
    MAX, (("for j in range(OW):\n                top, left = i", "for j in range(OW)\n                top, left = i"),)
)
MAGICS = (
    "%matplotlib inline\n%load_ext autoreload\n%autoreload 2\n!pip install numpy\n" + SETUP,
    "%%bash\nls -l\necho done\n",
    "%%time\n" + SIZE,
    MAX + "\n%timeit MaxPool2d(2)(np.ones((1, 1, 4, 4)))\nfiles = !ls\nMaxPool2d?\nrest = (7\n        % 4)\n",
    "%%writefile layer.py\n" + AVG.replace("mean", "sum"),
    "if True:\n    %time layer = MaxPool2d(2)\n" + AVG,
)
TROUBLES = (
    "1 / 0\n",
    SETUP,
    "undefined_name\n",
    "import warnings\nwarnings.warn('loud')\nprint('more', file=__import__('sys').stderr)\n",
    SIZE,
    "raise KeyboardInterrupt\n",
    "assert False, 'my own test'\n",
    MAX,
    "input('your name? ')\n",
    AVG,
    "import pandas\n",
)

PLAIN: dict[str, tuple[str, ...]] = {
    "unfinished": (SETUP, SIZE_STUB, MAX_STUB, AVG_STUB),
    "half_done": (SETUP, SIZE, HALF_MAX, AVG_STUB),
    "nothing_in_it": ("",),
    "syntax_error_in_one_cell": (SETUP, SIZE, SYNTAX, AVG),
    "defined_twice": (SETUP, SIZE, MAX_STUB, changed(MAX, (("max(axis", "mean(axis"),)), MAX, AVG, AVG_STUB),
    "magics_left_in": MAGICS,
    "cells_that_raise": TROUBLES,
    "raises_in_forward": (SETUP, SIZE, in_forward("raise RuntimeError(f'no idea what to do with {x.shape}')"), AVG),
    "wrong_type": (SETUP, "pool_output_size = 3\n", "MaxPool2d = 'later'\n", "class AvgPool2d:\n    pass\n"),
}

RAW: dict[str, bytes] = {
    "not_json": b'{"cells": [{"cell_type": "code", "source": ["import num',
    "empty_file": b"",
    "not_a_notebook": b'[1, 2, {"cells": []}]\n',
    "no_cells": b'{"nbformat": 4, "cells": "none"}\n',
    "web_page": b"<!DOCTYPE html>\n<html><head><title>01_pooling.ipynb</title></head><body></body></html>\n",
    "merge_conflict": b'{"cells": [\n<<<<<<< HEAD\n {"source": "1"}\n=======\n {"source": "2"}\n>>>>>>> theirs\n]}\n',
    "deeply_nested": b"[" * 100_000 + b"]" * 100_000,
    "not_text": bytes(range(256)) * 4,
}
