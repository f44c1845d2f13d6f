"""A real JupyterHub with nbgrader's exchange, made as the guide says: two students with a browser each, and a lecturer."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import sysconfig
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import FRAME, Lab, free_port, wait_for
from tests.browser.hub import STUDENTS, Machine, make_machine
from tests.guides import DOCS, ROOT, files, sections
from tests.patience import PATIENCE
from tests.peers import NBGRADER, environment

pytestmark = [pytest.mark.browser, pytest.mark.bwrap, pytest.mark.timeout(3600)]  # the first run makes its environment

GUIDE = {heading: [text for kind, text in blocks if kind == "bash"] for heading, blocks in sections("hub.md").items()}
INSTALL, CONFIGURE, OUT, DESK, IN, BACK = GUIDE
LESSON = "01_pooling.ipynb"
OURS = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{inner}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api}"
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "{password}"
c.Authenticator.allow_all = True
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"]
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
"""
"""The settings that the guide leaves to each hub: addresses, and how users log in."""

ANSWERS = {
    "anna": "def pool_output_size(size, kernel_size, stride):\n    return (size - kernel_size) // stride + 1\n",
    "boris": "def pool_output_size(size, kernel_size, stride):\n    return -(-(size - kernel_size) // stride) + 1\n",
}
"""A right answer, and one that counts incomplete windows."""

WRITE = """([id, source]) => {
    const cells = window.jupyterapp.shell.currentWidget.content.model.cells;
    [...cells].find(cell => cell.id === id).sharedModel.setSource(source);
}"""
RUN = "window.jupyterapp.commands.execute('notebook:run-cell')"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Return a machine on which root has installed the release and configured the hub as the guide says."""
    if os.geteuid() != 0:
        pytest.skip("a machine with three users can be made by root alone")
    made = make_machine(tmp_path_factory.mktemp("machine"), environment(NBGRADER).parent)
    released = made.folder / "srv" / "release"
    command = ["ncl-course", "release", str(released)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL)
    for block in GUIDE[INSTALL]:
        made.run("root", with_packages(block), "/srv/release")
    for name, text in files("hub.md").items():
        made.run("root", f"mkdir -p {Path(name).parent}")
        (made.folder / name.lstrip("/")).write_text(text, encoding="utf-8")
    return made


def with_packages(block: str) -> str:
    """Return a block of the guide in which pip finds the packages in this environment, and downloads none."""
    venv = "python3 -m venv /opt/course\n"
    python = f"python{sys.version_info.major}.{sys.version_info.minor}"
    purelib, data = sysconfig.get_path("purelib"), Path(sysconfig.get_path("data"), "share", "jupyter", "labextensions")
    seeded = (
        f"python3 -m venv --without-pip /opt/course\necho {purelib} > /opt/course/lib/{python}/site-packages/packages.pth\n"
        f"mkdir -p /opt/course/share/jupyter && ln -s {data} /opt/course/share/jupyter/\n"
        "export PIP_NO_BUILD_ISOLATION=0 PIP_DISABLE_PIP_VERSION_CHECK=1\n"
    )
    return block.replace(venv, seeded)


@dataclass
class Hub:
    """The running hub, seen by a browser."""

    machine: Machine
    url: str
    password: str
    browser: Browser

    def log_in(self, student: str, path: str) -> Page:
        """Log in as a student, in a browser session of one's own, and open an address of the hub."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(FRAME)
        page = context.new_page()
        page.goto(f"{self.url}/hub/login?next={urllib.parse.quote(path, safe='')}")
        page.fill("input[name=username]", student)
        page.fill("input[name=password]", self.password)
        page.click("input[type=submit]")
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
        return page


def panel(page: Page, cell: str, source: str = "") -> str:
    """Run a cell, after writing it if there is a source, and return the text of its outputs."""
    Lab.show(None, page, cell)
    if source:
        page.evaluate(WRITE, [cell, source])
    page.evaluate(RUN)
    page.wait_for_selector("text=Python 3 (ipykernel) | Idle")
    return Lab.show(None, page, cell).inner_text()


@pytest.fixture(scope="module")
def hub(machine: Machine, browser: Browser) -> Iterator[Hub]:
    """Start the hub as the guide does, with what it leaves to each hub."""
    port, inner, api = free_port(), free_port(), free_port()
    settings = machine.folder / "etc" / "jupyterhub" / "jupyterhub_config.py"
    ours = OURS.format(port=port, inner=inner, api=api, password=secrets.token_hex(16), patience=PATIENCE)
    settings.write_text(settings.read_text("utf-8") + ours, encoding="utf-8")
    (start,) = GUIDE[CONFIGURE]
    log = machine.folder / "hub.log"
    server = machine.start("root", start, "/", log)
    try:
        wait_for(f"http://127.0.0.1:{port}/hub/api/", server, log)
        yield Hub(machine, f"http://127.0.0.1:{port}", re.search(r'password = "(\w+)"', ours)[1], browser)
    finally:
        server.kill()  # all of its processes end with it
        server.wait(PATIENCE)


@pytest.fixture(scope="module")
def worked(hub: Hub) -> dict[str, dict[str, str]]:
    """Let the students get their notebooks and work in the browser; return what the cells showed, by student."""
    machine = hub.machine
    for block in GUIDE[OUT]:
        machine.run("lecturer", block, str(ROOT))
    (fetch,) = GUIDE[DESK]
    machine.run("anna", fetch)
    machine.run("boris", "ncl-course lab --no-open")
    shown = {}
    for student in STUDENTS:
        page = hub.log_in(student, f"/hub/user-redirect/lab/tree/ncl_course/en/{LESSON}")
        shown[student] = {
            "setup": panel(page, "setup"),
            "answer": panel(page, "pool-output-size", ANSWERS[student]),
            "check": panel(page, "check-pool-output-size"),
        }
        page.evaluate(SAVE)
        page.context.close()
    return shown


def test_two_students_check_their_answers_in_lesson_01(worked: dict[str, dict[str, str]]) -> None:
    print(worked)
    assert 0
