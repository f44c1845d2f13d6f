"""Wrong answers in the styles of students outside the course, each written before its name was known.

Each room has right answers as source text, and ``WRONG``: the cause in a few words, the name that the check gives, the
right source, and the changes that make it wrong. ``made`` puts them together.
"""

FIRST = ("pooling", "activations", "linear", "dropout", "normalization", "training")
ROOMS = (*FIRST, "held_out")
"""The modules; ``held_out`` was written after the names, and shows what to expect of new wrong answers."""
LATER = tuple(f"{when}_{room}" for when in ("again", "unseen", "fresh", "late") for room in FIRST)
"""More modules: ``again`` was written before relations were measured, ``unseen`` and ``fresh`` after.

When they were written, 65 of 100 wrong answers of ``again`` were named, and with the relations 96; of ``unseen``, 57.
Of ``fresh``, 140 of 240 were looked at to find more kinds: of them, 115 were named at first. Of the 100 others, which
were judged only once after that, 86 were named, and none wrongly. Of ``late``, 100 were judged once: 89 were named, none
wrongly. After more kinds had been added for these, 48 others were judged once: 41 were named, one of them wrongly (a
gradient cut besides its mask was called a new mask; it no longer is). A row without a name had none when it was added.
"""
