"""A real JupyterHub with nbgrader's exchange, made as the guide says, for a lecturer and two students with browsers."""

from __future__ import annotations

import json
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
from tests.peers import HUB, NBGRADER, environment

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

PUBLISH = """
git config --system safe.directory '*'
git init --quiet --initial-branch main
git add .
git -c user.name=lecturer -c user.email=lecturer@example.org commit --quiet --message "The course"
"""
"""The release as a repository that the users of this machine may clone."""

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
    packages = f"/opt/course/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    ours = (
        "python3 -m venv --without-pip /opt/course\n"
        f"echo {sysconfig.get_path('purelib')} > {packages}/packages.pth\n"
        f"mkdir -p /opt/course/share/jupyter\n"
        f"ln -s {sysconfig.get_path('data')}/share/jupyter/labextensions /opt/course/share/jupyter/\n"
        "export PIP_NO_BUILD_ISOLATION=0 PIP_DISABLE_PIP_VERSION_CHECK=1\n"
    )
    return block.replace(venv, ours)


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
    Lab.show(page, cell)
    if source:
        page.evaluate(WRITE, [cell, source])
    page.evaluate(RUN)  # it waits until the cell has run
    return Lab.show(page, cell).inner_text()


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


@dataclass
class Term:
    """The hub after the feedback has been returned.

    Attributes:
        shown: the texts of the panels, by student.
        graded: the output of the lecturer's last commands.
        before: the installation before anybody logged in.
    """

    hub: Hub
    shown: dict[str, str]
    graded: str
    before: list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def term(hub: Hub) -> Term:
    """Let the lecturer hand out, the students work in their browsers and hand in, and the lecturer return feedback."""
    machine = hub.machine
    before = list(machine.written("opt"))
    for block in GUIDE[OUT]:
        machine.run("lecturer", block, str(ROOT))
    (fetch,), (submit,), (grade, fetch_feedback) = GUIDE[DESK], GUIDE[IN], GUIDE[BACK]
    machine.run("anna", fetch)
    machine.run("boris", "ncl-course lab --no-open")
    path = f"/hub/user-redirect/lab/tree/ncl_course/en/{LESSON}"
    pages = {student: hub.log_in(student, path) for student in STUDENTS}
    shown = {}
    for student, page in pages.items():
        panel(page, "setup")
        panel(page, "pool-output-size", ANSWERS[student])
        shown[student] = panel(page, "check-pool-output-size")
        page.evaluate(SAVE)
        page.context.close()
        machine.run(student, submit)
    graded = machine.run("lecturer", grade.replace(" -o marks", " -o marks --lesson 01"))
    for student in STUDENTS:
        machine.run(student, fetch_feedback)
    return Term(hub, shown, graded, before)


def test_the_hubs_environment_has_the_packages_that_the_guide_installs() -> None:
    guide = (DOCS / "hub.md").read_text("utf-8")
    (packages,) = re.findall(r"^    /opt/hub/bin/python -m pip install (.*)$", guide, re.MULTILINE)
    assert set(packages.split()) == {requirement.partition("==")[0] for requirement in (NBGRADER, *HUB)}


def test_two_students_check_their_answers_in_lesson_01(term: Term) -> None:
    assert term.shown["anna"].startswith("✔ pool_output_size · value: passed 1 of 1 points")
    assert term.shown["boris"].startswith("✘ pool_output_size · value")


def test_each_student_has_a_desk_and_nobody_writes_into_the_installation(term: Term) -> None:
    machine = term.hub.machine
    for student in STUDENTS:
        desk = nbformat.read(machine.folder / "home" / student / "ncl_course" / "en" / LESSON, as_version=4)
        written = {cell.id: cell.source for cell in desk.cells}
        assert written["pool-output-size"].strip() == ANSWERS[student].strip()
        tried = machine.try_run(student, "touch /opt/course/x $(ls -d /opt/course/lib/python3*/site-packages)/x")
        assert tried.returncode == 1
        assert tried.stderr.count("Permission denied") == 2
    assert list(machine.written("opt")) == term.before


def test_ncl_home_moves_a_students_desk(machine: Machine) -> None:
    machine.run("boris", "NCL_HOME=~/lectures ncl-course lab --no-open --lang ru")
    assert (machine.folder / "home" / "boris" / "lectures" / "ru" / LESSON).is_file()


def test_the_lecturer_grades_what_nbgrader_collected(term: Term) -> None:
    marks = term.hub.machine.folder / "home" / "lecturer" / "ncl-term" / "marks"
    entries = json.loads((marks / "results.json").read_text(encoding="utf-8"))["submissions"]
    scores = {entry["student"]: entry["score"] for entry in entries if entry["lesson"] == "01_pooling"}
    assert scores == {"anna": 1.0, "boris": 0.0}
    assert "The feedback for 2 students is in marks/exchange" in " ".join(term.graded.split())


def test_each_student_gets_the_own_feedback_and_cannot_see_anothers(term: Term) -> None:
    machine = term.hub.machine
    for student, other in zip(STUDENTS, reversed(STUDENTS), strict=True):
        (page,) = (machine.folder / "home" / student / "ncl_course" / "en").glob("feedback/*/01_pooling.html")
        ours = machine.folder / "home" / "lecturer" / "ncl-term" / "marks" / "feedback"
        assert page.read_bytes() == (ours / f"{student}.html").read_bytes()
        assert student in page.read_text("utf-8")
        assert other not in page.read_text("utf-8")
        for closed in ("/srv/nbgrader/exchange/ncl/feedback", "/srv/nbgrader/exchange/ncl/inbound", f"/home/{other}"):
            assert "Permission denied" in machine.try_run(student, f"ls {closed}").stderr
        assert "Permission denied" in machine.try_run(student, "cat /home/lecturer/ncl-term/marks/results.json").stderr


def test_a_link_of_nbgitpuller_opens_the_release(hub: Hub) -> None:
    machine = hub.machine
    machine.run("root", PUBLISH, "/srv/release")
    machine.run("boris", "rm -rf ~/.jupyter/lab/workspaces")  # or the page also opens the notebook of the other tests
    (link,) = re.findall(r"^https://HUB(\S+)$", (DOCS / "hub.md").read_text("utf-8"), re.MULTILINE)
    page = hub.log_in("boris", link.replace("ADDRESS", "file:///srv/release"))
    panel(page, "setup")
    panel(page, "pool-output-size", ANSWERS["anna"])
    assert panel(page, "check-pool-output-size").startswith("✔ pool_output_size · value: passed 1 of 1 points")
    page.context.close()
    pulled = machine.folder / "home" / "boris" / "ncl"
    assert (pulled / "notebooks" / "ru" / LESSON).is_file()
    assert not (pulled / "solutions").exists()
