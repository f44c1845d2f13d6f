"""JupyterLab, started as ``ncl-course lab`` starts it, and Debian's Chromium to view it."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from ncl_course.lab import jupyter_arguments, jupyter_environment
from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[2]
FRAME = 240_000
"""Milliseconds that a frame or a click may take. `make test` keeps the machine busy with other tests meanwhile."""
expect.set_options(timeout=FRAME)
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


ALL_RUN = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const kernel = panel.sessionContext.session?.kernel;
    const cells = [...panel.content.model.cells].filter(cell => cell.type === "code");
    return kernel?.status === "idle" && cells.every(cell => cell.executionCount !== null);
}"""
SCROLL_TO = """async (id) => {
    const content = window.jupyterapp.shell.currentWidget.content;
    const index = [...content.model.cells].findIndex(cell => cell.id === id);
    content.activeCellIndex = index;
    await content.scrollToItem(index, "start");
    return index;
}"""


@dataclass
class Lab:
    """A running JupyterLab with a student's folder."""

    url: str
    token: str
    desk: Path
    browser: Browser

    def put(self, name: str, lang: str = "en", answers: dict[str, str] | None = None, source: str = "notebooks") -> str:
        """Put a lesson's notebook into the student's folder, with some of its cells written by a student."""
        notebook = nbformat.read(ROOT / source / lang / name, as_version=4)
        for cell in notebook.cells:
            cell.source = (answers or {}).get(cell.id, cell.source)
        unique = f"{Path(name).stem}-{lang}-{secrets.token_hex(3)}.ipynb"
        nbformat.write(notebook, self.desk / unique)
        return unique

    def write(self, name: str, sources: dict[str, str]) -> str:
        """Write a notebook of these code cells, by their ids, into the student's folder; return its unique name."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source, id=cell) for cell, source in sources.items()],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
        )
        unique = f"{name}-{secrets.token_hex(3)}.ipynb"
        nbformat.write(notebook, self.desk / unique)
        return unique

    def open(self, name: str, theme: str = "light") -> Page:
        """Open a notebook in a new page; errors in the browser are collected in ``page.complaints``."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=theme)
        context.set_default_timeout(FRAME)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{self.url}/lab/tree/{name}?token={self.token}&reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
        name = "JupyterLab Dark" if theme == "dark" else "JupyterLab Light"  # the server remembers the last theme
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")
        return page

    @staticmethod
    def close(page: Page) -> None:
        """Close a page and stop its kernel, after checking that the browser reported no errors."""
        page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        page.context.close()
        assert page.complaints == []

    def run_all(self, page: Page) -> None:
        """Run all cells, and wait until each code cell has its number and the kernel is idle."""
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait_for_function(ALL_RUN, timeout=PATIENCE * 1000)

    @staticmethod
    def show(page: Page, cell: str) -> Locator:
        """Scroll to the cell with that id and return its outputs; cells out of view are not in the page."""
        index = page.evaluate(SCROLL_TO, cell)
        return page.locator(f'.jp-Cell[data-windowed-list-index="{index}"] .jp-OutputArea').first


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start one Chromium for all tests: a second Playwright in one process does not start."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Start JupyterLab on an empty folder, with settings of its own."""
    home, desk = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("desk")
    token, port = secrets.token_hex(16), free_port()
    options = [
        "--no-browser", f"--port={port}", f"--IdentityProvider.token={token}", "--LabApp.expose_app_in_browser=True",
        f"--LabApp.user_settings_dir={home}/settings", f"--LabApp.workspaces_dir={home}/workspaces",
    ]  # fmt: skip
    arguments = jupyter_arguments(desk / "none.ipynb", options)
    environment = {**os.environ, **jupyter_environment(os.environ), "HOME": str(home)}
    log = (home / "lab.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *arguments], env=environment, stdout=log, stderr=log, cwd=desk
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, home / "lab.log")
        yield Lab(f"http://127.0.0.1:{port}", token, desk, browser)
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.close()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until JupyterLab answers."""

    def answers() -> bool:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=20):
            return True
        return False

    until(answers, "JupyterLab answers")
