"""Wrong answers in the styles of students outside the course, each written before its name was known.

Each room has right answers as source text, and ``WRONG``: the cause in a few words, the name that the check gives, the
right source, and the changes that make it wrong. ``made`` puts them together.
"""

ROOMS = ("pooling", "activations", "linear", "dropout", "normalization", "training", "held_out")
"""The modules; ``held_out`` was written after the names, and shows what to expect of new wrong answers."""
