"""The lecture's table beside the results of the student's own net, and the course of every training."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from ncl_course.experiments.claims import LECTURE, RECIPES, Claims
from ncl_course.language import text
from ncl_course.viz.axes import legend, plain
from ncl_course.viz.palette import INK, OKABE_ITO, SMALL, WITH, WITHOUT
from ncl_course.viz.picture import Picture
from ncl_course.viz.spoken import numeral

COLUMNS = (0.0, 0.14, 0.335, 0.5, 0.835)
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
    """Show the table with a column for this run, and below it the accuracy during training.

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
    """Return the cells of the table, row by row, starting with its two rows of headings."""
    heads = ("", text("training.claims.head_lecture"), "", text("training.claims.head_run"), "")
    best = text("training.claims.head_best")
    below = (text("training.claims.head_model"), text("training.claims.head_steps_lecture"), best)
    rows: list[tuple[str, ...]] = [heads, (*below, text("training.claims.head_steps"), best)]
    for place, recipe in enumerate(RECIPES):
        lecture = said_there(place)
        steps = [text("training.claims.never") if n is None else str(n) for n in claims.steps_to_plain(recipe.name)]
        shares = [percent(share) for share in claims.best(recipe.name)]
        rows.append((text(f"training.claims.{recipe.name}"), *lecture, " / ".join(steps), " / ".join(shares)))
    return rows


def in_words(rows: Sequence[Sequence[str]]) -> str:
    """Return the numbers of this run in a sentence, from the rows of ``table``."""
    told = (text("training.claims.row", net=net, steps=steps, best=best) for net, _, _, steps, best in rows[2:])
    return text("training.claims.rows", rows="; ".join(told))


def said_there(place: int) -> tuple[str, str]:
    """Return the steps and the best accuracy of one row in the lecture's table, or dashes if it has no such row."""
    if place >= len(LECTURE):
        return (text("training.claims.unsaid"),) * 2
    _, millions, best = LECTURE[place]
    return text("training.claims.million", number=numeral(f"{millions:.1f}")), numeral(f"{best:.1f}")


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
    """Draw rows of words in columns, with a line below the two rows of headings."""
    ax.set(xlim=(0, 1), ylim=(len(rows), 0))
    ax.set_axis_off()
    drawn = [
        [
            ax.text(left, row + 0.5, word, color=INK, fontsize=SMALL, va="center", weight="bold" if row < 2 else None)
            for left, word in zip(COLUMNS, words, strict=True)
        ]
        for row, words in enumerate(rows)
    ]
    ax.plot([0, 1], [2, 2], color=INK, linewidth=1, clip_on=False)
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
