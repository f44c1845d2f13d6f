"""A small net with and without pooling, trained with three seeds: what it learns by heart, and what it gets right."""

from __future__ import annotations

from ncl_course.experiments.progress import counting
from ncl_course.language import text
from ncl_course.viz.palette import WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.runs import SEEDS, picture_of

PARTS = ("trained", "tested", "moved")


def show_pooling_trial() -> Picture:
    """Show the accuracy of a net without and with pooling, on learned digits, on new ones, and on new ones moved."""
    from ncl_course.experiments.normalization_trials import Trial, run

    total = 2 * len(SEEDS)
    with counting(total, text("training.claims.running", number=total)) as done:

        def shares(pools: int) -> list[list[float]]:
            courses = []
            for seed in SEEDS:
                courses.append(run(Trial(depth=2, steps=60, samples=400, pools=pools, seed=seed)))
                done()
            return [[float(getattr(course, part)) for course in courses] for part in PARTS]

        runs = [
            (text(f"pooling.trial.{name}"), colour, shares(pools))
            for name, colour, pools in (("without", WITHOUT, 0), ("with_pooling", WITH, 1))
        ]
    return picture_of("pooling.trial.digits", [text(f"pooling.trial.{part}") for part in PARTS], runs)
