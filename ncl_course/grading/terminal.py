"""What an instructor sees in the terminal: a bar while it runs, a table at the end."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ncl_course.checking.verdict import Verdict
from ncl_course.grading.reports.cohort import exercise_names
from ncl_course.grading.results import Results
from ncl_course.language import text
from ncl_course.terminal import complain, printable, say

__all__ = ["complain", "exercise_table", "printable", "progress_bar", "say", "summary"]


def progress_bar() -> Progress:
    """A bar with the time that is left, on stderr and only where that is a terminal."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


def summary(results: Results, folder: str) -> None:
    """The table of exercises by verdict, and one line on the whole."""
    console = Console(soft_wrap=True, highlight=False)
    console.print(exercise_table(results))
    graded = results.graded
    count = max(len(graded), 1)
    line = text(
        "grading.terminal.total",
        graded=len(graded),
        total=len(results.submissions),
        score=sum(entry.score or 0.0 for entry in graded) / count,
        max_score=sum(entry.max_score or 0.0 for entry in graded) / count,
    )
    say(line)
    say(text("grading.terminal.written", folder=folder))
    for entry in results.ungraded:
        file, why = printable(entry.file), printable(entry.message)
        complain(text("grading.terminal.ungraded", file=file, status=entry.status, why=why))


def exercise_table(results: Results) -> Table:
    """One row an exercise: how many have which verdict (those that occur), and the mean of the points."""
    everything = {one.verdict for entry in results.graded for one in entry.exercises}
    shown = [verdict for verdict in Verdict if verdict in everything]
    table = Table()
    table.add_column(text("grading.terminal.exercise"), no_wrap=True)
    for verdict in shown:
        table.add_column(text(f"grading.column.{verdict}"), justify="right", no_wrap=True)
    table.add_column(text("grading.terminal.mean"), justify="right", no_wrap=True)
    for name in exercise_names(results.submissions):
        done = [one for entry in results.graded for one in entry.exercises if one.exercise == name]
        verdicts = Counter(one.verdict for one in done)
        mean = sum(one.score for one in done) / max(len(done), 1)
        table.add_row(escape(name), *(str(verdicts[verdict] or "") for verdict in shown), f"{mean:.2f}")
    return table
