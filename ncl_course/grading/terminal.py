"""The instructor's terminal: a progress bar during the run, a table at the end."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.reports.cohort import exercise_names, fixed
from ncl_course.grading.results import Results
from ncl_course.language import text
from ncl_course.terminal import complain, printable, say

__all__ = ["complain", "exercise_table", "printable", "progress", "say", "summary"]

QUIET_SECONDS = 30.0
"""Without a terminal, the longest time between two lines, unless a single submission takes longer."""

PARTS, SEVERAL = 4, 20
"""A run of at least that many submissions also prints a line at each quarter."""


@contextlib.contextmanager
def progress(total: int) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each submission: it moves a bar on stderr, or sometimes prints a line.

    The bar shows the time that is left. Lines are for logs, if stderr is not a terminal.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines(total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(text("grading.terminal.running"), total=total)
        yield lambda: bar.advance(task)


class Lines:
    """Prints how many submissions of a run are graded, at intervals that suit a log."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.said = total, 0, time.monotonic()

    def __call__(self) -> None:
        """Count one submission."""
        self.done += 1
        quarters = self.done * PARTS // self.total != (self.done - 1) * PARTS // self.total
        if self.done == self.total or not (
            (quarters and self.total >= SEVERAL) or time.monotonic() - self.said >= QUIET_SECONDS
        ):
            return
        self.said = time.monotonic()
        complain(text("grading.terminal.so_far", done=self.done, total=self.total), style="none")


def summary(results: Results, folder: str, left: int = 0) -> None:
    """Print the table of exercises by verdict, and one line about the whole run, which may be unfinished."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(exercise_table(results))
    graded = results.graded
    count = max(len(graded), 1)
    line = text(
        "grading.terminal.total",
        graded=len(graded),
        total=len(results.submissions) + left,
        score=fixed(sum(entry.score or 0.0 for entry in graded) / count, 1),
        max_score=fixed(sum(entry.max_score or 0.0 for entry in graded) / count, 1),
    )
    say(line)
    say(text("grading.terminal.written", folder=folder))
    if results.run.public_seed:
        complain(text("grading.terminal.public_seed", seed=results.run.seed), style="yellow")
    for entry in results.ungraded:
        file, why = printable(entry.file), printable(entry.message)
        complain(text("grading.terminal.ungraded", file=file, status=entry.status, why=why))


def exercise_table(results: Results) -> Table:
    """Return a table with a row per exercise: how many have each verdict that occurs, and the mean of the points."""
    everything = {one.verdict for entry in results.graded for one in entry.exercises}
    shown = [verdict for verdict in Verdict if verdict in everything]
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=0)  # the longest lesson has 80 columns
    table.add_column(text("grading.terminal.exercise"), no_wrap=True)
    for verdict in shown:
        table.add_column(text(f"grading.column.{verdict}"), justify="right", no_wrap=True)
    table.add_column(text("grading.terminal.mean"), justify="right", no_wrap=True)
    for name in exercise_names(results.submissions):
        done = [one for entry in results.graded for one in entry.exercises if one.exercise == name]
        verdicts = Counter(one.verdict for one in done)
        mean = sum(one.score for one in done) / max(len(done), 1)
        table.add_row(escape(name), *(str(verdicts[verdict] or "") for verdict in shown), fixed(mean, 2))
    return table
