"""Run a key in Notebook 7 of another environment, in headless Chromium, and compare what its page shows."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page, sync_playwright

from ncl_course.checking.display import RESULT_MIME
from ncl_course.experiments.progress import WIDGET_VIEW
from tests.browser.conftest import ALL_RUN, QUIET, free_port, wait_for
from tests.places.environments import plain
from tests.places.keys import SECONDS, expected
from tests.places.shown import Count, Shown, code_cells, compared, datas, passes

APPEARS = 60_000
"""Milliseconds in which a widget or a panel must appear after its cell has come into view."""
READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.content?.widgets.length > 0 && panel.sessionContext.session?.kernel?.status === "idle";
}"""
IN_VIEW = """async index => {
    const content = window.jupyterapp.shell.currentWidget.content;
    content.activeCellIndex = index;
    await content.scrollToItem(index, "start");
}"""
STANDS = """([index, output, selector]) => {
    const area = window.jupyterapp.shell.currentWidget.content.widgets[index].outputArea.node;
    const child = area.querySelectorAll(":scope > .jp-OutputArea-child")[output];
    return [...(child?.querySelectorAll(selector) ?? [])].some(node => node.getBoundingClientRect().height > 0);
}"""
WIDGET, PANEL = ".jp-OutputArea-output .lm-Widget", ".jp-RenderedHTML"
"""The markers of an output's content; a widget that cannot be shown appears as a line of text."""
MODEL = "() => window.jupyterapp.shell.currentWidget.content.model.toJSON()"


@contextmanager
def notebook_7(python: Path, desk: Path) -> Iterator[str]:
    """Serve a folder by an environment's Notebook, and yield the address of a notebook in it, to be filled in."""
    token, port = secrets.token_hex(16), free_port()
    with tempfile.TemporaryDirectory() as home:
        log = Path(home, "notebook.log")
        options = [f"--port={port}", f"--IdentityProvider.token={token}", "--no-browser", "--allow-root"]
        command = [python, "-m", "notebook", *options, "--JupyterNotebookApp.expose_app_in_browser=True"]
        with log.open("w") as file:
            environment = {**plain(), "HOME": home, "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}
            server = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=desk)
            try:
                wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
                yield f"http://127.0.0.1:{port}/notebooks/{{}}?token={token}"
            finally:
                server.terminate()
                server.wait(SECONDS)


def run_key_in_a_browser(key: Path, python: Path) -> Shown:
    """Run a key, with the other keys beside it, in the page of an environment's Notebook."""
    with (
        tempfile.TemporaryDirectory() as folder,
        notebook_7(python, Path(folder)) as address,
        sync_playwright() as play,
    ):
        for beside in key.parent.glob("*.ipynb"):
            shutil.copy(beside, folder)
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.set_default_timeout(SECONDS * 1000)
        page.goto(address.format(key.name), wait_until="domcontentloaded")
        page.wait_for_function(READY)
        page.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(ALL_RUN)
        ran = nbformat.from_dict(page.evaluate(MODEL))
        widgets, panels, missing = seen(page, ran)
        browser.close()
    pairs = code_cells(expected(key, ran), ran)
    passed = (passes(datas(after for _, after in pairs)), passes(datas(before for before, _ in pairs)))
    return Shown(compared(key.stem, pairs), widgets, passed, panels, missing)


def seen(page: Page, ran: Any) -> tuple[Count, Count, tuple[str, ...]]:
    """Look at the page for each widget and each panel of a key that ran in it; count those that are there.

    A progress bar, the only widget with a text beside it, disappears at its end, so it does not count.

    Returns:
        The counts of widgets and of panels, and the ids of the cells in which one is missing.
    """
    counts, missing = [], list[str]()
    staying: list[tuple[str, Callable[[Any], bool]]] = [
        (WIDGET, lambda data: WIDGET_VIEW in data and "text/plain" not in data),
        (PANEL, lambda data: RESULT_MIME in data),
    ]
    for selector, counts_here in staying:
        places = [(cell, at) for cell, at, data in placed(ran) if counts_here(data)]
        absent = [cell for cell, at in places if not stands(page, cell, at, selector)]
        counts.append((len(places) - len(absent), len(places)))
        missing += [ran.cells[cell].id for cell in absent]
    return counts[0], counts[1], tuple(missing)


def placed(notebook: Any) -> Iterator[tuple[int, int, Any]]:
    """Yield the number of the cell, the number of the output and the content of each rich output."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            for at, output in enumerate(cell.outputs):
                yield number, at, output.get("data", {})


def stands(page: Page, cell: int, output: int, selector: str) -> bool:
    """Scroll to a cell, and return whether a part of its output appears with a height."""
    from playwright.sync_api import TimeoutError as NothingThereError

    page.evaluate(IN_VIEW, cell)
    try:
        page.wait_for_function(STANDS, arg=[cell, output, selector], timeout=APPEARS)
    except NothingThereError:
        return False
    return True
