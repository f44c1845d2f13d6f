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
from bench.term_cohort import students, write_term

STUDENTS = int(os.environ.get("NCL_BENCH_TERM", "300"))
SEED = "7"


def commands(given: Path, out: Path) -> dict[str, list[str | Path]]:
    """Return the commands by what they do, in the order of the guide."""
    grade = ["grade", given / "moodle.zip", "-o", out, "--lang", "ru"]
    beside = ["--policy", given / "policy.toml", "--roster", given / "roster.csv", "--seed", SEED]
    again = ["grade", given / "moodle.zip", "-o", out / "again", "--lesson", "01", "--seed", SEED]
    canvas = ["grade", given / "canvas.zip", "-o", out / "canvas", "--lesson", "01", "--seed", SEED]
    sheet = given / "worksheet-1251.csv"
    return {
        "check the policy": ["policy", given / "policy.toml"],
        "grade, with policy and roster": [*grade, *beside],
        "the same with --resume: only marks and reports": [*grade, "--resume"],
        "a worksheet and the feedback zip": [*grade, "--resume", "--sheet", sheet, "--feedback-zip", "moodle"],
        "grade one lesson again and compare": [*again, *beside, "--compare", out],
        "one lesson from Canvas, with its gradebook and zip": [
            *canvas,
            *("--sheet", given / "gradebook.csv", "--feedback-zip", "canvas"),
        ],
        "similar, with questions for a defence": [
            *("similar", given / "moodle.zip", "-o", out / "alike", "--results", out)
        ],
    }


def run() -> None:
    """Print a table with one row per command."""
    notebooks = sum(len(one.lessons) for one in students(STUDENTS))
    table = Table(title=f"A term of {STUDENTS} students, {notebooks} notebooks")
    for title in ("command", "seconds", "peak memory, MB"):
        table.add_column(title, justify="left" if title == "command" else "right")
    total = 0.0
    with tempfile.TemporaryDirectory() as folder:
        given = write_term(Path(folder, "given"), STUDENTS)
        for name, command in commands(given, Path(folder, "marks")).items():
            took = measured([sys.executable, "-m", "ncl_course", *command], Path(folder))
            total += took.seconds
            table.add_row(name, f"{took.seconds:.1f}", f"{took.memory:.0f}")
    table.add_row("all of them", f"{total:.1f}", "", style="bold")
    Console().print(table)


if __name__ == "__main__":
    run()
