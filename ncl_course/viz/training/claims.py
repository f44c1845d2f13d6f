"""The lecture's claims tried with the student's own net: a table of the results, and the course of every training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from ncl_course.experiments.claims import RECIPES, Claims
from ncl_course.language import text
from ncl_course.viz.axes import legend, plain
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL, WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral

COLUMNS = (0.0, 0.22, 0.7)
"""The left ends of the table's columns, as shares of its width."""

ROW = 0.29
"""The height of a row, in inches."""

LINES = {
    "plain": (WITHOUT, "-"),
    "bn": (WITH, "-"),
    "bn_x5": (OKABE_ITO[2], "-"),
    "bn_x30": (OKABE_ITO[3], "-"),
    "plain_x5": (WITHOUT, "--"),
    "plain_x30": (WITHOUT, ":"),
}
"""The colour and the line style of each net's curve."""


def show_claims(claims: Claims) -> Picture:
    """Show a row for each net of this run, and below the table the accuracy during training.

    Args:
        claims: the result of ``run_claims``.
    """
    rows = table(claims)
    height = ROW * len(rows) + 3.95
    picture = Picture(8.6, height, f"{text('training.claims.claims_alt')} {in_words(rows)}")
    draw_table(rows, picture.place(0.15, height - ROW * len(rows) - 0.1, 8.3, ROW * len(rows)))
    notes = picture.place(0.15, height - ROW * len(rows) - 0.9, 8.3, 0.7)
    notes.set_axis_off()
    notes.text(0, 1, "\n".join(chosen(claims)), color=INK, fontsize=SMALL - 1, va="top")
    curves = picture.place(0.75, 0.55, 5.9, 2.35)
    draw_courses(claims, curves)
    legend(curves, loc="center left", bbox_to_anchor=(1.03, 0.5))
    return picture


def table(claims: Claims) -> list[tuple[str, ...]]:
    """Return the cells of the table, row by row, starting with its headings."""
    rows = [tuple(text(f"training.claims.head_{column}") for column in ("model", "steps", "best"))]
    for recipe in RECIPES:
        steps = [text("training.claims.never") if n is None else str(n) for n in claims.steps_to_plain(recipe.name)]
        shares = [percent(share) for share in claims.best(recipe.name)]
        rows.append((text(f"training.claims.{recipe.name}"), " / ".join(steps), " / ".join(shares)))
    return rows


def in_words(rows: Sequence[Sequence[str]]) -> str:
    """Return the numbers of this run in a sentence, from the rows of ``table``."""
    told = (text("training.claims.row", net=net, steps=steps, best=best) for net, steps, best in rows[1:])
    return text("training.claims.rows", rows="; ".join(told))


def percent(share: float) -> str:
    """Return a share of 1 in percent."""
    return numeral(f"{100 * share:.1f}")


def chosen(claims: Claims) -> tuple[str, str, str]:
    """Say how the plain net's rate was chosen, how long each net trained, and why cells have several numbers."""
    tried = "; ".join(numeral(f"{rate:g}") for rate in claims.tried)
    steps = {name: claims.courses[name][0].steps[-1] for name in ("plain", "bn")}
    return (
        text("training.claims.rates", rate=numeral(f"{claims.rate:g}"), tried=tried),
        text("training.claims.budget", plain=steps["plain"], normalized=steps["bn"]),
        text("training.claims.seeds"),
    )


def draw_table(rows: Sequence[Sequence[str]], ax: Axes) -> list[list[Text]]:
    """Draw rows of words in columns, with a line below the headings."""
    ax.set(xlim=(0, 1), ylim=(len(rows), 0))
    ax.set_axis_off()
    drawn = [
        [
            ax.text(left, row + 0.5, word, color=INK, fontsize=SMALL, va="center", weight=None if row else "bold")
            for left, word in zip(COLUMNS, words, strict=True)
        ]
        for row, words in enumerate(rows)
    ]
    ax.plot([0, 1], [1, 1], color=INK, linewidth=1, clip_on=False)
    return drawn


def draw_courses(claims: Claims, ax: Axes) -> dict[str, list[Line2D]]:
    """Draw every net's validation accuracy by steps on a logarithmic axis, one thin line per seed.

    A dotted line marks the best accuracy of the plain net, averaged over seeds.
    """
    lines = {}
    for name, courses in claims.courses.items():
        colour, dashes = LINES[name]
        lines[name] = [
            ax.plot(
                course.steps,
                [100 * share for share in course.accuracies],
                dashes,
                color=colour,
                linewidth=1.6,
                label="_" if number else text(f"training.claims.{name}"),
            )[0]
            for number, course in enumerate(courses)
        ]
    ax.axhline(100 * float(np.mean(claims.best("plain"))), color=INK, linewidth=1, linestyle=(0, (1, 2)))
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.tick_params(which="minor", colors=INK)
    ax.set_ylim(0, 102)
    ax.set_xlabel(text("training.claims.step"), color=INK, fontsize=SMALL)
    ax.set_ylabel(text("training.claims.share"), color=INK, fontsize=SMALL)
    plain(ax)
    return lines
