"""Measure how long a student waits for the first network: in JupyterLab, in a browser, with a fresh kernel.

The clock starts when the first cell of lesson 00 is run. The table says when the page shows the instrument, its first
steps, and the end of the training. No cell has run before it, so the time includes the import of NumPy, matplotlib and
the course.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.table import Table

from tests.browser.conftest import QUIET, Lab, wait_until

AIMS = {
    "the instrument is there": 0.0,
    "step 1 is shown": 10.0,
    "step 64 is shown": 0.0,
    "the training has ended": 60.0,
}
HOLDS = (
    "document.querySelector('.ncl-live') !== null",
    *(f"Number(document.querySelector('.ncl-live')?.dataset.step) >= {step}" for step in (1, 64)),
    "document.querySelector('.ncl-live')?.dataset.state === 'done'",
)
ROUNDS = 3


def seconds_of_a_first_run(lab: Lab) -> list[float]:
    """Open lesson 00 with a new kernel, run its first code cell, and return the seconds until each state is shown."""
    page = lab.open(lab.put("00_start.ipynb"))
    lab.show(page, "first-network")
    start = time.perf_counter()
    page.evaluate("void window.jupyterapp.commands.execute('notebook:run-cell')")
    took = []
    for holds in HOLDS:
        wait_until(page, holds)
        took.append(time.perf_counter() - start)
    lab.close(page)
    return took


def run() -> None:
    """Print a table with one row per state of the page."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        home, desk = Path(folder, "home"), Path(folder, "desk")
        home.mkdir()
        desk.mkdir()
        lab = Lab(home, desk, browser)
        try:
            lab.start()
            rounds = [seconds_of_a_first_run(lab) for _ in range(ROUNDS)]
        finally:
            lab.stop()
            browser.close()
    table = Table(title="The first cell of lesson 00 in JupyterLab, seconds after Run")
    for title in ("shown", "first run", "median", "aim"):
        table.add_column(title, justify="left" if title == "shown" else "right")
    for number, (name, aim) in enumerate(AIMS.items()):
        seconds = [took[number] for took in rounds]
        table.add_row(name, f"{seconds[0]:.1f}", f"{statistics.median(seconds):.1f}", f"{aim:.0f}" if aim else "")
    Console().print(table)


if __name__ == "__main__":
    run()
