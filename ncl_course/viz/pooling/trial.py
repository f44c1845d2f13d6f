"""A small net with and without pooling, trained with three seeds: what it learns by heart, and what it gets right."""

from __future__ import annotations

from ncl_course.language import text
from ncl_course.viz.palette import WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.runs import courses, picture_of

PARTS = ("trained", "tested", "moved")


def show_pooling_trial() -> Picture:
    """Show the accuracy of a net without and with pooling, on learned digits, on new ones, and on new ones moved."""
    from ncl_course.experiments.by_torch.normalization_trials import Trial

    kinds = (("without", WITHOUT, 0), ("with_pooling", WITH, 1))
    series = courses([[Trial(depth=2, steps=60, samples=400, pools=pools)] for _, _, pools in kinds])
    runs = [
        (text(f"pooling.trial.{name}"), colour, [[float(getattr(one, part)) for one in found] for part in PARTS])
        for (name, colour, _), (found,) in zip(kinds, series, strict=True)
    ]
    return picture_of("pooling.trial.digits", [text(f"pooling.trial.{part}") for part in PARTS], runs)
