"""Compare ``ncl-course grade`` with nbgrader, Otter and the bare computation, and measure how it grows with the cohort.

All four run the same checks on the same notebooks of lesson 01. The peers are slow, so they get only a few notebooks,
and the table compares rates. Each time is that of a whole command, including its start; the bare computation has
neither separate processes nor a sandbox. ``NCL_BENCH_SIZES=10,100,1000,10000`` sets the sizes of the cohorts;
``NCL_BENCH_PEERS=0`` omits the peers. The picture goes to ``build/bench/grading.png``.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

from bench.grading_cohort import write_cohort
from bench.grading_measure import Measured, measured
from bench.grading_peers import nbgrader, otter

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "bench"
COUNT, OF_PEERS = 100, 4
SIZES = tuple(int(size) for size in os.environ.get("NCL_BENCH_SIZES", "10,100,1000").split(","))


def ours(count: int) -> Measured:
    """Measure the whole command on that number of submissions, with the full sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        cohort = write_cohort(Path(folder, "cohort"), count)
        command = [sys.executable, "-m", "ncl_course", "grade", cohort, "-o", Path(folder, "out"), "--seed", "7"]
        return measured(command, Path(folder))


def bare(count: int) -> Measured:
    """Measure the same work without any isolation."""
    with tempfile.TemporaryDirectory() as folder:
        cohort = write_cohort(Path(folder, "cohort"), count)
        return measured(["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "bench.grading_bare", cohort], Path(folder))


def beside_others() -> Table:
    """Return a table with one row per grader."""
    rows = {"ncl-course grade": (COUNT, ours(COUNT)), "bare computation, one process": (COUNT, bare(COUNT))}
    if os.environ.get("NCL_BENCH_PEERS") != "0":
        for name, peer in (("nbgrader autograde", nbgrader), ("otter run", otter)):
            with tempfile.TemporaryDirectory() as folder:
                rows[name] = (OF_PEERS, peer(OF_PEERS, Path(folder)))
    table = Table(title="Grading lesson 01 (aims: 50 times nbgrader, 80 times Otter, at most 2 times the bare)")
    for title in ("grader", "submissions", "seconds", "per second", "ours is … times as fast", "peak memory, MB"):
        table.add_column(title, justify="left" if title == "grader" else "right")
    best = rows["ncl-course grade"][0] / rows["ncl-course grade"][1].seconds
    for name, (count, took) in rows.items():
        rate = count / took.seconds
        cells = (f"{count}", f"{took.seconds:.1f}", f"{rate:.2f}", f"{best / rate:.2f}", f"{took.memory:.0f}")
        table.add_row(name, *cells)
    return table


def growth() -> tuple[Table, dict[int, Measured]]:
    """Return a table with one row per size of the cohort, and the measurements."""
    found = {size: ours(size) for size in SIZES}
    table = Table(title="How time and memory grow with the cohort")
    for title in ("submissions", "seconds", "ms per submission", "peak memory, MB"):
        table.add_column(title, justify="right")
    for size, took in found.items():
        table.add_row(f"{size}", f"{took.seconds:.1f}", f"{1e3 * took.seconds / size:.0f}", f"{took.memory:.0f}")
    return table, found


def draw(found: dict[int, Measured], path: Path) -> None:
    """Draw time and memory against the size of the cohort; the time has two logarithmic axes."""
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    time, memory = figure.subplots(1, 2)
    sizes = list(found)
    time.loglog(sizes, [took.seconds for took in found.values()], marker="o")
    time.set(xlabel="submissions", ylabel="seconds")
    memory.semilogx(sizes, [took.memory for took in found.values()], marker="o")
    memory.set(xlabel="submissions", ylabel="peak memory of all processes, MB")
    memory.set_ylim(bottom=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def run() -> None:
    """Print the tables and draw the picture."""
    console = Console()
    console.print(beside_others())
    table, found = growth()
    console.print(table)
    draw(found, FOLDER / "grading.png")
    console.print(f"Drawn: {(FOLDER / 'grading.png').relative_to(ROOT)}")


if __name__ == "__main__":
    run()
