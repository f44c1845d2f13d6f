"""Bars of the shares of right answers that trainings reached; with several seeds, a dot for each run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from ncl_course.experiments.progress import counting
from ncl_course.language import text
from ncl_course.viz.axes import legend, plain
from ncl_course.viz.palette import INK, PAPER, SMALL, TEXT
from ncl_course.viz.picture import Picture

if TYPE_CHECKING:
    from ncl_course.experiments.by_torch.normalization_trials import Course, Trial
    from ncl_course.experiments.by_torch.own_normalization import Own

SEEDS = (0, 1, 2)

Groups = Sequence[tuple[str, str, Sequence[float]]]
"""The series of a comparison: the name, the colour and the shares of right answers of each."""

Runs = Sequence[tuple[str, str, Sequence[Sequence[float]]]]
"""The series of a comparison: name, colour, and for each tick the shares of right answers, one for each seed."""


def given(**layers: Any) -> dict[str, Any]:
    """Return the layers that are given, by name, for a trial that runs on them; torch's take the place of the others.

    Example:
        >>> given(batch=None, group=int)
        {'group': <class 'int'>}
    """
    return {name: layer for name, layer in layers.items() if layer is not None}


def courses(series: Sequence[Sequence[Trial]], own: Own | None = None) -> list[list[list[Course]]]:
    """Train each trial of each series with every seed, and return the courses, one for each seed.

    The last series trains first. It runs on the student's layers, whose error is then shown without delay.

    Args:
        series: the trials.
        own: the student's layers by name, which take the place of torch's.
    """
    from ncl_course.experiments.by_torch.normalization_trials import run

    total = len(SEEDS) * sum(len(trials) for trials in series)
    with counting(total, text("training.claims.running", number=total)) as done:

        def course(trial: Trial, seed: int) -> Course:
            found = run(replace(trial, seed=seed), own=own)
            done()
            return found

        found = [[[course(trial, seed) for seed in SEEDS] for trial in trials] for trials in reversed(series)]
        return found[::-1]


def draw_shares(ticks: Sequence[str], groups: Groups, ax: Axes) -> None:
    """Draw groups of bars, percentages of right answers: one group per tick, one colour per series."""
    width = 0.8 / len(groups)
    for number, (name, colour, shares) in enumerate(groups):
        places = np.arange(len(ticks)) + (number - (len(groups) - 1) / 2) * width
        ax.bar(places, [100 * share for share in shares], width * 0.92, color=colour, label=name)
        for place, share in zip(places, shares, strict=True):
            ax.text(place, 100 * share + 2, percent(share), ha="center", va="bottom", color=INK, fontsize=SMALL)
    ax.set_xticks(np.arange(len(ticks)), ticks)
    ax.set_ylim(0, 118)
    ax.set_yticks([0, 50, 100])
    plain(ax)


def draw_runs(ticks: Sequence[str], runs: Runs, ax: Axes) -> None:
    """Draw a bar for the mean of each series at each tick, and a dot for each run."""
    draw_shares(ticks, [(name, colour, [float(np.mean(one)) for one in shares]) for name, colour, shares in runs], ax)
    for said in ax.texts:
        said.set_y(104)  # above the dots
    width = 0.8 / len(runs)
    for number, (_, _, shares) in enumerate(runs):
        for tick, one in enumerate(shares):
            place = tick + (number - (len(runs) - 1) / 2) * width
            across = place + width * np.linspace(-0.2, 0.2, len(one))
            ax.scatter(across, [100 * share for share in one], s=16, c=PAPER, edgecolors=TEXT, linewidths=0.8, zorder=3)


def in_words(ticks: Sequence[str], runs: Runs) -> str:
    """Return every percentage of a comparison in a sentence: the mean of each series at each tick, and its runs.

    Args:
        ticks: the names of the ticks.
        runs: the series; a series with one run at a tick has only its own percentage.
    """

    def told(shares: Sequence[float]) -> str:
        each = ", ".join(percent(share) for share in shares)
        return percent(float(np.mean(shares))) + (f" ({each})" if len(shares) > 1 else "")

    rows = (
        f"{tick}: " + ", ".join(f"{name} {told(shares[number])}" for name, _, shares in runs)
        for number, tick in enumerate(ticks)
    )
    return text("normalization.trials.in_words", numbers="; ".join(rows))


def percent(share: float) -> str:
    """Return a share as a whole number of per cent.

    Example:
        >>> percent(0.256)
        '26'
    """
    return f"{round(100 * share)}"


def picture_of(key: str, ticks: Sequence[str], runs: Runs) -> Picture:
    """Return a picture of one comparison; ``key`` is the message under its axis, and ``key_alt`` describes it."""
    picture = Picture(8.2, 3.2, f"{text(f'{key}_alt', seeds=len(SEEDS))} {in_words(ticks, runs)}")
    ax = picture.place(0.75, 0.6, 7.2, 2.15)
    draw_runs(ticks, runs, ax)
    ax.set_xlabel(text(key), color=INK, fontsize=SMALL)
    ax.set_ylabel(text("normalization.trials.share"), color=INK, fontsize=SMALL)
    legend(ax, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return picture
