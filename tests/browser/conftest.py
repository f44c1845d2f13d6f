"""JupyterLab, started as ``ncl-course lab`` starts it, and Debian's Chromium to view it."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect, sync_playwright

from ncl_course.lab import jupyter_arguments, jupyter_environment
from tests.patience import PATIENCE, until

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
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


OPEN = "path => void window.jupyterapp.commands.execute('docmanager:open', {path})"
"""Without ``void`` the whole opened document is sent back, which takes seconds."""
READY = """path => {
    const panel = window.jupyterapp.shell.currentWidget;
    return panel?.context?.path === path && panel.content.widgets?.length > 0
        && panel.sessionContext.session?.kernel?.status === "idle";
}"""
CLEAR = """async () => {
    const {shell, serviceManager} = window.jupyterapp;
    [...shell.widgets("main")].forEach(widget => widget.dispose());
    await serviceManager.sessions.shutdownAll();
}"""
TOO_LATE = "[anywidget] Failed to initialize model."
"""anywidget prints this complaint if the page was too slow for its clock; our widgets work nevertheless."""
KERNEL_GONE = "widget model not found"
"""JupyterLab complains so two seconds after it has opened a saved notebook, whose widgets ended with their kernel."""
STATE = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    const connection = panel?.sessionContext?.session?.kernel;
    return {
        shown: panel?.context?.path, cells: panel?.content?.widgets?.length, kernel: connection?.status,
        connected: connection?.connectionStatus, visible: document.visibilityState,
        dialog: document.querySelector(".jp-Dialog")?.innerText,
    };
}"""
SIZE = {"width": 1280, "height": 1000}


def wait_until(page: Page, holds: str, arg: Any = None, timeout: float = FRAME) -> None:
    """Wait until an expression holds on the page, milliseconds at most.

    Raises:
        AssertionError: it did not come to hold; the message says what the page shows.
    """
    try:
        page.wait_for_function(holds, arg=arg, timeout=timeout, polling=100)  # a page out of view draws no frames
    except TimeoutError as late:
        state = {**page.evaluate(STATE), "complaints": getattr(page, "complaints", [])[-3:]}
        raise AssertionError(f"{state} after {timeout / 1000:g} s: {' '.join(holds.split())[:80]}") from late


@dataclass
class Lab:
    """A running JupyterLab with a student's folder, and the page in which all tests open notebooks, one at a time."""

    home: Path
    desk: Path
    browser: Browser
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    url: str = ""
    server: subprocess.Popen[bytes] | None = None
    page: Page | None = None
    tried: bool = False
    """Whether a test is using the page; if one has failed and left it so, the next test gets a new JupyterLab."""
    ran: tuple[str, str] | None = None
    """The name and language of the blank lesson that has run in the page."""

    def start(self) -> None:
        """Start JupyterLab on the student's folder, with settings of its own."""
        port, home, log = free_port(), self.home, self.home / "lab.log"
        options = [
            "--no-browser", f"--port={port}", f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True", f"--LabApp.user_settings_dir={home}/settings",
            f"--LabApp.workspaces_dir={home}/workspaces",
        ]  # fmt: skip
        command = [sys.executable, "-m", "jupyterlab", *jupyter_arguments(self.desk / "none.ipynb", options)]
        environment = {**os.environ, **jupyter_environment(os.environ), "HOME": str(home)}
        with log.open("a") as file:
            self.server = subprocess.Popen(command, env=environment, stdout=file, stderr=file, cwd=self.desk)
        self.url = f"http://127.0.0.1:{port}"
        wait_for(f"{self.url}/api?token={self.token}", self.server, log)

    def stop(self) -> None:
        """End JupyterLab and its kernels."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(PATIENCE)

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

    def open(self, name: str, theme: str = "light", *, at_start: bool = False) -> Page:
        """Open a notebook with a new kernel; errors in the browser are collected in ``page.complaints``.

        ``at_start``: JupyterLab starts on this notebook, in a new page.
        """
        page = self.empty_page(f"/tree/{name}" if at_start else "")
        self.ran = None
        if not at_start:
            page.evaluate(OPEN, name)
        wait_until(page, READY, name)
        return self.dressed(page, theme)

    def blank(self, name: str, lang: str = "en", theme: str = "light") -> Page:
        """Return the page in which a blank lesson has run to its end; tests that follow one another share it."""
        if self.page is None or self.tried or self.ran != (name, lang):
            self.run_all(self.open(self.put(name, lang), theme))
            self.ran = name, lang
        assert self.page is not None
        return self.dressed(self.page, theme)

    def empty_page(self, path: str = "") -> Page:
        """Return the page without any notebook, or a new one if there is none.

        If the test before has failed, the new page is that of a new JupyterLab.

        A new page shows the notebook with that path, if there is one.
        """
        if self.page is not None and (path or self.tried):
            self.page.context.close()
            self.page = None
        if self.tried:
            self.stop()  # a kernel may still train a network until Stop
            self.start()
        self.tried = True
        if self.page is None:
            context = self.browser.new_context(viewport=SIZE)
            context.set_default_timeout(FRAME)
            page = self.page = context.new_page()
            page.complaints = []
            page.on("console", lambda one: page.complaints.append(one.text) if one.type == "error" else None)
            page.on("pageerror", lambda error: page.complaints.append(str(error)))
            page.goto(f"{self.url}/lab{path}?token={self.token}&reset", wait_until="domcontentloaded")
            page.wait_for_selector(".jp-Notebook .jp-Cell" if path else ".jp-Launcher")
        else:
            self.page.bring_to_front()
            self.page.evaluate(CLEAR)
            self.page.complaints.clear()
        return self.page

    def dressed(self, page: Page, theme: str) -> Page:
        """Show the page in a theme, for a test to use."""
        self.tried = True
        page.set_viewport_size(SIZE)
        page.emulate_media(color_scheme=theme)
        name = "JupyterLab Dark" if theme == "dark" else "JupyterLab Light"  # the server remembers the last theme
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
        page.wait_for_selector(f'body[data-jp-theme-name="{name}"]', state="attached")
        return page

    def close(self, page: Page, *expected: str) -> None:
        """End a test: the browser has reported no errors but those. The notebook is closed, except a blank lesson's."""
        allowed = (TOO_LATE, *expected)
        assert [said for said in page.complaints if not any(one in said for one in allowed)] == []
        if self.ran is None:
            page.evaluate(CLEAR)
        self.tried = False

    def run_all(self, page: Page) -> None:
        """Run all cells, and wait until each code cell has its number and the kernel is idle."""
        page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        wait_until(page, ALL_RUN, timeout=PATIENCE * 1000)

    @staticmethod
    def show(page: Page, cell: str) -> Locator:
        """Scroll to the cell with that id and return its outputs; cells out of view are not in the page."""
        index = page.evaluate(SCROLL_TO, cell)
        return page.locator(f'.jp-Cell[data-windowed-list-index="{index}"] .jp-OutputArea').first


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of a lesson in one language one after another, since they share a page, and then all others.

    The hub's browsers come last, since all other tests share a page.
    """

    def order(item: pytest.Item) -> tuple[bool, str, str]:
        if item.path.parent != HERE:
            return False, "", ""
        if item.path.name == "test_hub.py":
            return True, "none", "~"
        lesson = re.search(r"(?:test_lesson_|\[)(\d\d)", item.nodeid)
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        return True, lesson[1] if lesson else "none", parameters.get("lang", "en")

    items.sort(key=order)


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
    """Start JupyterLab on an empty folder."""
    lab = Lab(tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("desk"), browser)
    try:
        lab.start()
        yield lab
    finally:
        lab.stop()


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until JupyterLab answers."""

    def answers() -> bool:
        assert server.poll() is None, log.read_text()
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=20):
            return True
        return False

    until(answers, "JupyterLab answers")
