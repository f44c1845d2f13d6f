"""Wrong answers in the styles of students outside the course, each written before its name was known.

Each room has right answers as source text, and ``WRONG``: the cause in a few words, the name that the check gives, the
right source, and the changes that make it wrong. ``made`` puts them together.
"""

FIRST = ("pooling", "activations", "linear", "dropout", "normalization", "training")
ROOMS = (*FIRST, "held_out")
"""The modules; ``held_out`` was written after the names, and shows what to expect of new wrong answers."""
LATER = (
    *(
        f"{when}_{room}"
        for when in ("again", "unseen", "fresh", "late", "written.first", "written.kept", "written.other")
        for room in FIRST
    ),
    "kinds",
)
"""More modules: ``again`` was written before relations were measured, ``unseen`` and ``fresh`` after.

When they were written, 65 of 100 wrong answers of ``again`` were named, and with the relations 96; of ``unseen``, 57.
Of ``fresh``, 140 of 240 were looked at to find more kinds: of them, 115 were named at first. Of the 100 others, which
were judged only once after that, 86 were named, and none wrongly. Of ``late``, 100 were judged once: 89 were named, none
wrongly. After more kinds had been added for these, 48 others were judged once: 41 were named, one of them wrongly (a
gradient cut besides its mask was called a new mask; it no longer is). A row without a name had none when it was added.
Of ``first``, which is written out, 100 were judged once: 95 were named rightly, one wrongly (a fixed ε was called a lower
bound; it no longer is), and four had no name. After kinds had been added for these, the 60 others of ``kept`` were judged
once: 53 were named, one of them with a second name that was wrong (a single bool was called a number; it no longer is),
and seven had no name. Of ``other``, 445 were judged once: 410 were named rightly, two wrongly (an inverted mask was called
a new one, and softmax without its maximum, written by a logarithm, wrong on one side of 0; they no longer are), and 33
had no name. After kinds had been added for these, 18 have none. ``kinds`` holds examples of the kinds that were added
before and after.
"""
