"""Panels as HTML for a notebook and as plain text for a terminal: pure functions of a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ncl_course.checking.grids import Grid, number
from ncl_course.checking.own import State, Taken
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import PartView, panel
from ncl_course.exercises import EXERCISES
from ncl_course.language import text

if TYPE_CHECKING:
    import jinja2

GREEN, ORANGE, BLUE, GREY = "#009e73", "#d55e00", "#0072b2", "#888888"
COLOURS: Mapping[Verdict, str] = {
    Verdict.PASSED: GREEN,
    Verdict.PARTIAL: ORANGE,
    Verdict.FAILED: ORANGE,
    Verdict.MISSING: BLUE,
    Verdict.ERROR: ORANGE,
    Verdict.TIMEOUT: ORANGE,
    Verdict.KILLED: ORANGE,
}
SIGNS: Mapping[Verdict, str] = {Verdict.PASSED: "✔", Verdict.MISSING: "○"}
"""Signs beside the colours, for readers who cannot tell the colours apart; all other verdicts have a cross."""

Done = Mapping[tuple[str, str], PartResult]


@cache
def template(name: str) -> jinja2.Template:
    """Return a template of this room; it escapes all values put into it."""
    import jinja2  # late: a terminal needs no template

    loader = jinja2.PackageLoader("ncl_course.checking")
    return jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined).get_template(name)


def sign(verdict: Verdict) -> str:
    """Return a verdict's sign."""
    return SIGNS.get(verdict, "✘")


def html(result: ExerciseResult) -> str:
    """Return the panel of a result as HTML."""
    words = {"named": text("checking.panel.named"), "printed": text("checking.panel.printed")}
    signs = {verdict: sign(verdict) for verdict in Verdict}
    return template("panel.html").render(parts=panel(result), words=words, colours=COLOURS, signs=signs)


def plain(result: ExerciseResult) -> str:
    """Return the panel of a result as text."""
    return "\n\n".join("\n".join(plain_part(part)) for part in panel(result))


def plain_part(part: PartView) -> list[str]:
    """Return one part as lines."""
    lines = [f"{sign(part.verdict)} {part.title}: {part.state} ({part.points})"]
    body = [part.lead, *part.code, *side_by_side(part.grids), *part.sentences]
    body += [f"{text('checking.panel.named')}: {one.title}. {one.hint}" for one in part.named]
    return lines + [f"  {line}" for line in body if line]


def side_by_side(grids: tuple[Grid, ...]) -> list[str]:
    """Return grids side by side as text; wrong cells have a star."""
    blocks = [plain_grid(grid) for grid in grids]
    height = max((len(block) for block in blocks), default=0)
    padded = [
        [
            *(line.ljust(max(map(len, block))) for line in block),
            *[" " * max(map(len, block))] * (height - len(block)),
        ]
        for block in blocks
    ]
    return ["   ".join(lines).rstrip() for lines in zip(*padded, strict=True)]


def plain_grid(grid: Grid) -> list[str]:
    """Return one grid as lines with columns of equal width."""
    cells = [
        [cell + ("*" if (r, c) in grid.marked else " ") for c, cell in enumerate(row)]
        for r, row in enumerate(grid.cells)
    ]
    width = max((len(cell) for row in cells for cell in row), default=0)
    return [grid.title, *("".join(cell.rjust(width + 1) for cell in row) for row in cells)]


def progress_rows(lesson: str, done: Done) -> list[dict[str, Any]]:
    """Return one row for each part of each exercise of a lesson, done or not."""
    rows = []
    for exercise in (e for e in EXERCISES if e.lesson == lesson):
        for part in exercise.parts:
            result = done.get((exercise.name, part.name))
            verdict = result.verdict if result else None
            rows.append(
                {
                    "exercise": exercise.name,
                    "part": text(f"checking.part.{part.name}"),
                    "points": f"{number(result.score if result else 0)} / {number(part.points)}",
                    "sign": sign(verdict) if verdict else "·",
                    "state": text(f"checking.panel.{verdict}") if verdict else text("checking.progress.unchecked"),
                    "colour": COLOURS[verdict] if verdict else GREY,
                }
            )
    return rows


def total(lesson: str, done: Done) -> str:
    """Return the points of a lesson so far."""
    parts = [(e.name, part) for e in EXERCISES if e.lesson == lesson for part in e.parts]
    score = sum(done[name, part.name].score for name, part in parts if (name, part.name) in done)
    return text("checking.progress.total", score=number(score), max_score=number(sum(part.points for _, part in parts)))


def progress_html(lesson: str, done: Done) -> str:
    """Return the state of a lesson as an HTML table."""
    header = [text(f"checking.progress.{name}") for name in ("exercise", "part", "points", "state")]
    words = {"title": text("checking.progress.title"), "total": total(lesson, done)}
    return template("progress.html").render(rows=progress_rows(lesson, done), header=header, words=words)


def progress_plain(lesson: str, done: Done) -> str:
    """Return the state of a lesson as text."""
    rows = progress_rows(lesson, done)
    lines = [f"{row['sign']} {row['exercise']} · {row['part']}: {row['points']}, {row['state']}" for row in rows]
    return "\n".join([text("checking.progress.title"), *lines, total(lesson, done)])


def own_rows(taken: Sequence[Taken]) -> list[dict[str, str]]:
    """Return one row for each layer that lesson 06 runs on."""
    colours = {State.OWN: GREEN, State.FAILING: ORANGE, State.MISSING: BLUE}
    signs = {State.OWN: "✔", State.FAILING: "✘", State.MISSING: "○"}
    return [
        {
            "layer": one.name,
            "notebook": one.notebook or "—",
            "file": one.notebook,
            "sign": signs[one.state],
            "state": text(f"training.own.{one.state}"),
            "colour": colours[one.state],
        }
        for one in taken
    ]


def own_total(taken: Sequence[Taken]) -> str:
    """Return how many of the layers are the student's own."""
    return text("training.own.total", own=sum(one.state is State.OWN for one in taken), total=len(taken))


def own_html(taken: Sequence[Taken], hint: str = "") -> str:
    """Return where each layer comes from, as an HTML table with a hint below it."""
    header = [text(f"training.own.{name}") for name in ("layer", "notebook", "state")]
    words = {"title": text("training.own.title"), "total": own_total(taken), "hint": hint}
    return template("own.html").render(rows=own_rows(taken), header=header, words=words)


def own_plain(taken: Sequence[Taken], hint: str = "") -> str:
    """Return where each layer comes from, as text with a hint below it."""
    lines = [f"{row['sign']} {row['layer']} ({row['notebook']}): {row['state']}" for row in own_rows(taken)]
    return "\n".join([text("training.own.title"), *lines, own_total(taken), *([hint] if hint else [])])
