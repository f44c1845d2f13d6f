"""Results as Markdown for the page of a GitHub job: pure functions, which escape all text that comes from a student."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ncl_course.checking.checked import Checked
from ncl_course.checking.grids import number
from ncl_course.checking.render import sign
from ncl_course.checking.result import ExerciseResult
from ncl_course.checking.verdict import Verdict
from ncl_course.checking.view import PartView, panel
from ncl_course.language import text

LONGEST = 300
"""The largest number of characters of one text; GitHub refuses a page above 1 MiB."""
MARKUP = re.compile(r"[\\`*_\[\]<>&|~$@!#]")
"""Characters that Markdown or HTML may interpret inside a line. A student's text is never at the beginning of a
line."""


def escaped(words: str) -> str:
    """Escape a text so that Markdown shows it unchanged, on one line.

    Example:
        >>> escaped("a | `b`\\n<c>")
        'a &#124; &#96;b&#96; &#60;c&#62;'
    """
    line = " ".join(words.encode("utf-8", "replace").decode("utf-8").split())
    short = line if len(line) <= LONGEST else line[:LONGEST] + "…"
    return MARKUP.sub(lambda found: f"&#{ord(found[0])};", short)


def notebook(checked: Checked) -> str:
    """Return a notebook's section: its points, one row per part, and the errors in its cells.

    The map has no section.
    """
    if checked.instead:
        return ""
    file = escaped(str(checked.path))
    if checked.problem:
        heading = text("checking.summary.unchecked", file=file)
        return f"### {heading}\n\n{sign(Verdict.ERROR)} {escaped(checked.problem)}\n\n"
    score, most = number(checked.score), number(checked.max_score)
    heading = f"### {text('course.selfcheck.total', path=file, score=score, max_score=most)}"
    header = [text(f"checking.progress.{name}") for name in ("exercise", "part", "points", "state")]
    table = [row([*header, text("checking.summary.hint")]), row(["---"] * 5), *rows(checked.results)]
    troubles = [f"- {escaped(trouble)}" for trouble in checked.troubles]
    return "\n".join([heading, "", *table, "", *troubles, *([""] if troubles else []), ""])


def rows(results: Sequence[ExerciseResult]) -> Iterator[str]:
    """Yield a row for each part of each exercise."""
    for result in results:
        for part, view in zip(result.parts, panel(result), strict=True):
            points = f"{number(part.score)} / {number(part.max_score)}"
            state = f"{sign(part.verdict)} {view.state}"
            yield row(
                [
                    f"<code>{escaped(result.exercise)}</code>",
                    text(f"checking.part.{part.part}"),
                    points,
                    state,
                    hint(view),
                ]
            )


def row(cells: Sequence[str]) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"


def hint(view: PartView) -> str:
    """Return what to look at: the titles of the misconceptions, or if none is known, the first thing that is wrong."""
    if view.verdict in (Verdict.PASSED, Verdict.MISSING):
        return ""
    return escaped("; ".join(one.title for one in view.named) or next(iter(view.sentences), ""))
