"""Notebooks in which an untouched method of a later cell hides a written one, and ones that are written but unfinished."""

from __future__ import annotations

AVG = """\
import numpy as np
from ncl_course.nn import Layer

class AvgPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.k, self.s = kernel_size, stride or kernel_size

    def forward(self, x):
        self.x = x
        N, C, H, W = x.shape
        OH, OW = (H - self.k) // self.s + 1, (W - self.k) // self.s + 1
        y = np.zeros((N, C, OH, OW), x.dtype)
        for i in range(OH):
            for j in range(OW):
                y[:, :, i, j] = x[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k].mean((2, 3))
        return y

    def backward(self, grad_out):
        grad = np.zeros_like(self.x)
        for i in range(grad_out.shape[2]):
            for j in range(grad_out.shape[3]):
                window = grad[:, :, i * self.s:i * self.s + self.k, j * self.s:j * self.s + self.k]
                window += grad_out[:, :, i, j][..., None, None] / self.k**2
        return grad
"""
STUB = """\
class AvgPool2d(AvgPool2d):
    def backward(self, grad_out):
        _, _, OH, OW = grad_out.shape
        # YOUR CODE HERE
        raise NotImplementedError()
"""
HIDDEN = {
    "second cell": [AVG, STUB],
    "no unpacking": [AVG, STUB.replace("        _, _, OH, OW = grad_out.shape\n", "")],
    "without brackets": [AVG, STUB.replace("Error()", "Error")],
    "with a docstring": [AVG, STUB.replace("        _, _", '        "dL/dx"\n        _, _')],
    "twice": [AVG, STUB, STUB],
}
"""All points of AvgPool2d, with the note that the later cell hides ``backward``."""

BODY = AVG[AVG.index("        grad = ") :]
UNFINISHED = {
    "raise below the code": (
        AVG.replace("        return grad\n", "        raise NotImplementedError()\n"),
        "Something is written, but backward still raises NotImplementedError.",
    ),
    "raise above the code": (
        AVG.replace(
            "        grad = np", "        # YOUR CODE HERE\n        raise NotImplementedError()\n        grad = np"
        ),
        "Something is written, but backward still raises NotImplementedError.",
    ),
    "an untouched helper": (
        AVG.replace("        grad = np", "        self.windows()\n        grad = np")
        + "\n    def windows(self):\n        raise NotImplementedError\n",
        "Something is written, but windows still raises NotImplementedError.",
    ),
    "a misspelt name": (
        AVG.replace("def backward", "def backwards"),
        "There is a method backwards, but not the one that is asked for.",
    ),
    "another misspelt name": (AVG.replace("def backward", "def bakward"), "There is a method bakward,"),
}
"""A right forward, and the sentence about backward, which is never that nothing is written."""

BLANK = {
    "stub alone": AVG[: AVG.index("    def backward")] + "\n" + STUB,
    "no method": AVG[: AVG.index("    def backward")],
}
"""A right forward and a backward that is not written."""
