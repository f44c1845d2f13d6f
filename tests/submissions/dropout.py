"""Lesson 04 as students hand it in: right, half done, and with mistakes."""

from __future__ import annotations

from tests.submissions.cells import Handed, Marks, cells, stubbed

SOURCE = """\
# %%
class ClassicDropout(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()

    def forward(self, x):
        self.was_training = self.training
        if not self.training:
            return x * self.keep_prob
        self.mask = self.rng.random(x.shape) < self.keep_prob
        return x * self.mask

# %%
class ClassicDropout(ClassicDropout):
    def backward(self, grad_out):
        return grad_out * (self.mask if self.was_training else self.keep_prob)

# %%
class Dropout(Layer):
    def __init__(self, keep_prob, rng=None):
        self.keep_prob = keep_prob
        self.rng = rng or np.random.default_rng()

    def forward(self, x):
        self.was_training = self.training
        if not self.training:
            return x
        self.mask = self.rng.random(x.shape) < self.keep_prob
        return x * self.mask / self.keep_prob

# %%
class Dropout(Dropout):
    def backward(self, grad_out):
        return grad_out * self.mask / self.keep_prob if self.was_training else grad_out
"""

EXERCISES = ("ClassicDropout", "Dropout")
RIGHT = Marks(dict.fromkeys(EXERCISES, "ppp"))
DRAWN = "self.mask = self.rng.random(x.shape) < self.keep_prob"

HANDED: Handed = {
    "dropout_right": (cells(SOURCE), RIGHT.but("right, part by part as the notebook asks")),
    "dropout_blank": (
        cells(stubbed(SOURCE, "forward", "backward")),
        Marks(dict.fromkeys(EXERCISES, "mmm"), why="the stubs as they were handed out"),
    ),
    "dropout_half_done": (
        cells(stubbed(SOURCE, "backward")),
        Marks(dict.fromkeys(EXERCISES, "pmm"), why="the test mode needs a backward pass, too"),
    ),
    "dropout_keeps_by_torch": (
        cells(SOURCE, (DRAWN, DRAWN.replace("<", ">"))),
        RIGHT.but(
            "torch's p drops, the lecture's keeps",
            "ClassicDropout.keep-and-drop-swapped",
            "Dropout.keep-and-drop-swapped",
            ClassicDropout="fpp",
            Dropout="fpp",
        ),
    ),
    "dropout_fresh_mask": (
        cells(
            SOURCE,
            (
                "return grad_out * (self.mask if",
                "mask = self.rng.random(grad_out.shape) < self.keep_prob\n        return grad_out * (mask if",
            ),
            ("return x * self.mask / self.keep_prob", "return x * self.mask"),
        ),
        RIGHT.but(
            "another mask in the backward pass; the division forgotten",
            "ClassicDropout.fresh-mask-in-backward",
            "Dropout.not-scaled",
            ClassicDropout="pff",
            Dropout="fpp",
        ),
    ),
    "dropout_swapped": (
        cells(
            SOURCE,
            ("class ClassicDropout(ClassicDropout)", "class Inverted(Inverted)"),
            ("class ClassicDropout(", "class Inverted("),
            ("class Dropout(Dropout)", "class ClassicDropout(ClassicDropout)"),
            ("class Dropout(", "class ClassicDropout("),
            ("Inverted", "Dropout"),
        ),
        RIGHT.but(
            "each kind of dropout is in the other's cell",
            "ClassicDropout.divided-in-training",
            "Dropout.not-scaled",
            ClassicDropout="fff",
            Dropout="fff",
        ),
    ),
    "dropout_broken_cell": (
        cells(
            SOURCE,
            (
                "        if not self.training:\n            return x\n",
                "        if not self.training\n            return x\n",
            ),
        ),
        RIGHT.but("a cell that does not parse also fails the cell that builds on it", Dropout="eee"),
    ),
}
