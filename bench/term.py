"""Time the commands of the instructors' guide on a whole term: 300 students with six lessons each, from Moodle's zip.

``NCL_BENCH_TERM=30`` sets another number of students. Each time is that of a whole command, including its start.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.grading_measure import measured
from bench.term_cohort import write_term
from ncl_course.exercises import LESSONS

STUDENTS = int(os.environ.get("NCL_BENCH_TERM", "300"))


def commands(given: Path, out: Path) -> dict[str, list[str | Path]]:
    """Return the commands by what they do, in the order of the guide."""
    grade = ["grade", given / "moodle.zip", "-o", out, "--lang", "ru"]
    beside = ["--policy", given / "policy.toml", "--roster", given / "roster.csv", "--sheet", given / "sheet.csv"]
    similar = ["similar", given / "moodle.zip", "-o", out / "alike", "--results", out]
    return {
        "grade, with policy, roster, sheet and feedback zip": [*grade, *beside, "--feedback-zip", "moodle"],
        "the same with --resume: only marks and reports": [*grade, "--sheet", given / "sheet.csv", "--resume"],
        "similar, with questions for a defence": similar,
    }


def run() -> None:
    """Print a table with one row per command."""
    table = Table(title=f"A term of {STUDENTS} students, {STUDENTS * len(LESSONS)} notebooks")
    for title in ("command", "seconds", "peak memory, MB"):
        table.add_column(title, justify="left" if title == "command" else "right")
    with tempfile.TemporaryDirectory() as folder:
        given = write_term(Path(folder, "given"), STUDENTS)
        for name, command in commands(given, Path(folder, "marks")).items():
            took = measured([sys.executable, "-m", "ncl_course", *command], Path(folder))
            table.add_row(name, f"{took.seconds:.1f}", f"{took.memory:.0f}")
    Console().print(table)


if __name__ == "__main__":
    run()
