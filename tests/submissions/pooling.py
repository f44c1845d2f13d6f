"""Lesson 01 as students write it: right, and with one change for every mistake that has a name.

A mistake is a list of edits to the text of a right solution, so that the mistake is the only difference.
"""

from __future__ import annotations

Edits = tuple[tuple[str, str], ...]

SETUP = """\
import numpy as np
import matplotlib.pyplot as plt
from ncl_course import check, language, progress
from ncl_course.nn import Layer

language("en")
"""

SIZE = """\
def pool_output_size(size, kernel_size, stride):
    return (size - kernel_size) // stride + 1
"""

MAX = """\
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        OH = (H - self.k) // self.s + 1
        OW = (W - self.k) // self.s + 1
        y = np.zeros((N, C, OH, OW), dtype=x.dtype)
        for i in range(OH):
            for j in range(OW):
                top, left = i * self.s, j * self.s
                window = x[:, :, top:top + self.k, left:left + self.k]
                y[:, :, i, j] = window.max(axis=(2, 3))
        return y

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        N, C, OH, OW = grad_out.shape
        for n in range(N):
            for c in range(C):
                for i in range(OH):
                    for j in range(OW):
                        top, left = i * self.s, j * self.s
                        window = self.x[n, c, top:top + self.k, left:left + self.k]
                        a, b = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, top + a, left + b] += grad_out[n, c, i, j]
        return dx
"""

AVG = """\
class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        super().__init__()
        self.k = kernel_size
        self.s = kernel_size if stride is None else stride

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        OH = (H - self.k) // self.s + 1
        OW = (W - self.k) // self.s + 1
        y = np.zeros((N, C, OH, OW), dtype=x.dtype)
        for i in range(OH):
            for j in range(OW):
                top, left = i * self.s, j * self.s
                window = x[:, :, top:top + self.k, left:left + self.k]
                y[:, :, i, j] = window.mean(axis=(2, 3))
        return y

    def backward(self, grad_out):
        dx = np.zeros_like(self.x)
        N, C, OH, OW = grad_out.shape
        for i in range(OH):
            for j in range(OW):
                top, left = i * self.s, j * self.s
                share = grad_out[:, :, i, j] / self.k**2
                dx[:, :, top:top + self.k, left:left + self.k] += share[:, :, None, None]
        return dx
"""

SCATTER = "                        dx[n, c, top + a, left + b] += grad_out[n, c, i, j]\n"
ARGMAX = "                        a, b = np.unravel_index(window.argmax(), window.shape)\n"
TAKEN = "y[:, :, i, j] = window.{op}(axis=(2, 3))"


def both(op: str) -> dict[str, Edits]:
    """Return the mistakes of either layer; ``op`` is ``max`` or ``mean``."""
    taken = TAKEN.format(op=op)
    return {
        "window-from-stride": (("self.k", "self.s"), ("self.s = kernel_size\n", "self.k = kernel_size\n")),
        "stride-from-kernel": (("kernel_size if stride is None else stride", "kernel_size"),),
        "kernel-and-stride-swapped": (
            ("self.k = kernel_size", "self.s = kernel_size"),
            ("self.s = kernel_size if stride", "self.k = kernel_size if stride"),
        ),
        "default-stride-one": (("stride=None", "stride=1"), ("kernel_size if stride is None else stride", "stride or 1")),
        "stride-ignored": (("top, left = i * self.s, j * self.s", "top, left = i, j"),),
        "axes-swapped": (("(N, C, OH, OW), dtype", "(N, C, OW, OH), dtype"), ("y[:, :, i, j]", "y[:, :, j, i]")),
        "end-from-other-axis": (("window = x[:, :, top:top", "window = x[:, :, top:left"),),
        "reshape-scrambled": (
            ("        OH = (H", "        y = x.reshape(N, C, H // self.k, W // self.k, self.k, self.k)\n"
                                f"        return y.{op}(axis=(4, 5))\n        OH = (H"),
        ),
        "size-rounded-up": (
            ("OH = (H - self.k) // self.s + 1", "OH = int(np.ceil((H - self.k) / self.s)) + 1"),
            ("OW = (W - self.k) // self.s + 1", "OW = int(np.ceil((W - self.k) / self.s)) + 1"),
        ),
        "last-window-missing": ((" // self.s + 1", " // self.s"),),
        "over-channels": ((taken, f"y[:, :, i, j] = window.{op}(axis=(1, 2, 3))[:, None]"),),
        "over-batch": ((taken, f"y[:, :, i, j] = window.{op}(axis=(0, 2, 3))"),),
        "returned-too-early": (("        return y\n", "                return y\n"),),
        "dtype-drift": ((", dtype=x.dtype", ""),),
        "gradient-accumulated": (
            ("        dx = np.zeros_like(self.x)\n", "        if not hasattr(self, 'dx'):\n            self.dx = np.zeros_like(self.x)\n"
                                                     "        dx = self.dx\n"),
            ("        return dx\n", "        return dx.copy()\n"),
        ),
        "result-overwritten": (
            ("        y = np.zeros((N, C, OH, OW), dtype=x.dtype)\n",
             "        if getattr(self, 'y', None) is None or self.y.shape != (N, C, OH, OW):\n"
             "            self.y = np.zeros((N, C, OH, OW), dtype=x.dtype)\n        y = self.y\n"),
        ),
        "arguments-ignored": (
            ("self.k = kernel_size", "self.k = 2"),
            ("self.s = kernel_size if stride is None else stride", "self.s = 2"),
        ),
        "height-for-width": (("OW = (W - self.k)", "OW = (min(H, W) - self.k)"),),
        "start-times-kernel": (("top, left = i * self.s, j * self.s", "top, left = i * self.k, j * self.k"),),
        "over-batch-and-channels": ((taken, f"y[:, :, i, j] = window.{op}()"),),
        "padding-added": (
            ("        N, C, H, W = x.shape\n",
             "        x = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))\n        N, C, H, W = x.shape\n"),
        ),
        "one-axis-reduced": (("(N, C, OH, OW), dtype", "(N, C, OH, OW, self.k), dtype"), (taken, f"y[:, :, i, j] = window.{op}(axis=2)")),
    }  # fmt: skip


MAX_MISTAKES: dict[str, Edits] = {
    **both("max"),
    "gradient-to-all-maxima": (
        (ARGMAX, "                        mask = window == window.max()\n"),
        (SCATTER, "                        dx[n, c, top:top + self.k, left:left + self.k] += mask * grad_out[n, c, i, j]\n"),
    ),
    "gradient-split-among-maxima": (
        (ARGMAX, "                        mask = window == window.max()\n"),
        (SCATTER, "                        dx[n, c, top:top + self.k, left:left + self.k] += mask / mask.sum() * grad_out[n, c, i, j]\n"),
    ),
    "gradient-overwritten": (("] += grad_out", "] = grad_out"),),
    "mask-accumulated": (
        ("        self.x = x\n", "        self.x = x\n        self.mask = np.zeros(x.shape)\n"),
        ("window.max(axis=(2, 3))\n", "window.max(axis=(2, 3))\n"
         "                best = window == y[:, :, i:i + 1, j:j + 1]\n"
         "                self.mask[:, :, top:top + self.k, left:left + self.k][best] = 1\n"),
        (ARGMAX, "                        mask = self.mask[n, c, top:top + self.k, left:left + self.k]\n"),
        (SCATTER, "                        dx[n, c, top:top + self.k, left:left + self.k] += mask * grad_out[n, c, i, j]\n"),
    ),
    "gradient-spread-evenly": (
        (ARGMAX, ""),
        (SCATTER, "                        dx[n, c, top:top + self.k, left:left + self.k] += grad_out[n, c, i, j] / self.k**2\n"),
    ),
    "window-offset-forgotten": (("dx[n, c, top + a, left + b]", "dx[n, c, a, b]"),),
    "starts-at-zero": ((TAKEN.format(op="max"), "y[:, :, i, j] = window.max(axis=(2, 3), initial=0)"),),
    "minimum-taken": ((TAKEN.format(op="max"), TAKEN.format(op="min")),),
    "position-exchanged": (("a, b = np.unravel_index", "b, a = np.unravel_index"),),
    "average-taken": ((TAKEN.format(op="max"), TAKEN.format(op="mean")),),
    "stale-cache": (("        self.x = x\n", "        if not hasattr(self, 'x'):\n            self.x = x\n"),),
    "shared-between-instances": (("self.x = x", "MaxPool2d.x = x"), ("self.x", "MaxPool2d.x")),
    "upstream-forgotten": (("+= grad_out[n, c, i, j]", "+= 1"),),
    "input-changed": (
        ("y[:, :, i, j] = window.max(axis=(2, 3))\n", "y[:, :, i, j] = window.max(axis=(2, 3))\n        x -= x.mean()\n"),
    ),
    "starts-too-high": ((TAKEN.format(op="max"), "y[:, :, i, j] = window.max(axis=(2, 3), initial=-1e9)"),),
    "gradient-truncated": (("return dx\n", "return dx.astype(int).astype(dx.dtype)\n"),),
    "nearly-equal-taken": (("window.argmax()", "np.isclose(window, window.max()).argmax()"),),
}  # fmt: skip

AVG_MISTAKES: dict[str, Edits] = {
    **both("mean"),
    "gradient-not-divided": ((" / self.k**2\n", "\n"),),
    "divided-by-side": (
        (TAKEN.format(op="mean"), "y[:, :, i, j] = window.sum(axis=(2, 3)) / self.k"),
        ("self.k**2", "self.k"),
    ),
    "divided-by-output-size": (
        (TAKEN.format(op="mean"), "y[:, :, i, j] = window.sum(axis=(2, 3)) / (OH * OW)"),
        ("self.k**2", "(OH * OW)"),
    ),
    "gradient-overwritten": (("left:left + self.k] += share", "left:left + self.k] = share"),),
    "gradient-to-maximum": (
        ("                share = grad_out[:, :, i, j] / self.k**2\n",
         "                window = self.x[:, :, top:top + self.k, left:left + self.k].reshape(N, C, -1)\n"
         "                one = (np.arange(self.k**2) == window.argmax(-1)[..., None]).reshape(N, C, self.k, self.k)\n"),
        ("share[:, :, None, None]", "one * grad_out[:, :, i, j][:, :, None, None]"),
    ),
    "sum-taken": ((TAKEN.format(op="mean"), TAKEN.format(op="sum")), (" / self.k**2\n", "\n")),
    "maximum-taken": ((TAKEN.format(op="mean"), TAKEN.format(op="max")),),
    "upstream-forgotten": (("grad_out[:, :, i, j] / self.k**2", "np.ones((N, C)) / self.k**2"),),
    "input-changed": (
        ("        y = np.zeros", "        x /= self.k**2\n        y = np.zeros"),
        (TAKEN.format(op="mean"), TAKEN.format(op="sum")),
    ),
    "stale-cache": (
        ("        dx = np.zeros_like(self.x)\n",
         "        if not hasattr(self, 'shape'):\n            self.shape = self.x.shape\n        dx = np.zeros(self.shape, self.x.dtype)\n"),
    ),
}  # fmt: skip

SIZE_MISTAKES: dict[str, Edits] = {
    "size-rounded-up": (("(size - kernel_size) // stride + 1", "-(-(size - kernel_size) // stride) + 1"),),
    "size-rounded-to-nearest": (("(size - kernel_size) // stride + 1", "round((size - kernel_size) / stride) + 1"),),
    "last-window-missing": ((" + 1", ""),),
    "size-over-stride": (("(size - kernel_size) // stride + 1", "size // stride"),),
    "size-over-kernel": (("(size - kernel_size) // stride + 1", "size // kernel_size"),),
    "stride-ignored": ((" // stride + 1", " + 1"),),
    "kernel-and-stride-swapped": (("(size - kernel_size) // stride", "(size - stride) // kernel_size"),),
    "plus-one-inside": (("(size - kernel_size) // stride + 1", "(size - kernel_size + 1) // stride"),),
    "not-floored": (("//", "/"),),
    "padding-added": (("size - kernel_size", "size + 2 - kernel_size"),),
    "kernel-not-subtracted": (("(size - kernel_size)", "size"),),
    "brackets-missing": (("(size - kernel_size) // stride + 1", "int(size - kernel_size / stride) + 1"),),
    "float-returned": (("(size - kernel_size) // stride + 1", "np.floor((size - kernel_size) / stride) + 1"),),
}


def changed(source: str, edits: Edits) -> str:
    """Return a solution with the edits made; each edit must find something to change."""
    for old, new in edits:
        assert old in source, f"nothing to change: {old!r}"
        source = source.replace(old, new)
    return source
