"""The instructions in the guides work: their patches apply, and their commands run."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.grading.conftest import write_notebook
from tests.grading.given_sheets import MOODLE_EN
from tests.grading.zips import write_zip
from tests.guides import DOCS, ROOT, sections
from tests.peers import NBGRADER, environment
from tests.submissions.pooling import AVG, MAX, MAX_MISTAKES, SETUP, SIZE, changed

LEFT_OUT = (".git", ".venv", "work", "build", "test-results", "*.egg-info", "__pycache__", ".*_cache", ".hypothesis")


def test_a_script_that_fails_ends_what_it_has_started(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="sleep 1000"):
        run("sleep 1000 &\nfalse", tmp_path, ROOT)


AUTHORS = {heading: blocks for heading, blocks in sections("authors.md").items() if blocks}


def settings(course: Path, block: str) -> dict[str, str]:
    """Return the environment variables for a guide's commands: the course in that folder, one thread, no language."""
    programs = [sysconfig.get_path("scripts"), *([str(environment(NBGRADER))] if "nbgrader " in block else [])]
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    chosen = {"PYTHONPATH": str(course), "PATH": os.pathsep.join([*programs, os.environ["PATH"]]), **threads}
    return {name: value for name, value in os.environ.items() if name != "NCL_LANG"} | chosen


def run(block: str, at: Path, course: Path) -> str:
    """Run a block's lines as one script that stops at the first failure, and return its output.

    What the script has left running in the background ends with it, or else the pipes of its output would stay open.
    """
    command = ["bash", "-euo", "pipefail", "-c", f"trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n{block}"]
    done = subprocess.run(command, cwd=at, env=settings(course, block), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{block}\n{done.stdout[-3_000:]}\n{done.stderr[-3_000:]}"
    return done.stdout


def free_port() -> int:
    """Return the number of a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project's files that a test may change."""
    return shutil.copytree(ROOT, tmp_path / "course", ignore=shutil.ignore_patterns(*LEFT_OUT))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("heading", AUTHORS)
def test_each_patch_in_the_authors_guide_applies_and_its_commands_run(heading: str, copy: Path) -> None:
    patches = [text for kind, text in AUTHORS[heading] if kind == "diff"]
    commands = [text for kind, text in AUTHORS[heading] if kind == "bash"]
    assert patches
    assert commands
    for patch in patches:
        (copy / "change.diff").write_text(patch, encoding="utf-8")
        run("git apply --unsafe-paths change.diff", copy, copy)
    for block in commands:
        run(block, copy, copy)


INSTRUCTORS = sections("instructors.md")
PORT = "8799"
"""The port of the guide's cluster; it may be taken here, so that the commands run with a free one."""

HANDED_IN = {
    "Anna Petrova_11_assignsubmission_file_": (SETUP, SIZE, MAX, AVG),
    "Boris Orlov_12_assignsubmission_file_": (SETUP, SIZE, changed(MAX, MAX_MISTAKES["gradient-to-all-maxima"]), AVG),
}
"""The notebooks that two students hand in on Moodle, by their folder in the download."""


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the course's folder in the middle of a term: notebooks handed in, with Moodle's download and worksheet."""
    at = shutil.copytree(ROOT, tmp_path_factory.mktemp("term") / "ours", ignore=shutil.ignore_patterns(*LEFT_OUT))
    for name, cells in HANDED_IN.items():
        write_notebook(at / "submissions" / name.split("_")[0] / "01_pooling.ipynb", *cells)
    files = {
        f"{name}/01_pooling.ipynb": at / "submissions" / name.split("_")[0] / "01_pooling.ipynb" for name in HANDED_IN
    }
    write_zip(at / "moodle.zip", {name: path.read_bytes() for name, path in files.items()})
    roster = "id,name,email,section,group\n1,Anna Petrova,anna@example.org,A,\n2,Boris Orlov,boris@example.org,B,\n"
    (at / "roster.csv").write_text(roster, encoding="utf-8")
    (at / "worksheet.csv").write_text(MOODLE_EN, encoding="utf-8", newline="")
    install(at)
    return at


def install(course: Path) -> None:
    """Make the course's .venv as ``make instructor`` does, but take the packages from this environment."""
    home = course / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    (home / "share").mkdir(exist_ok=True)
    (home / "share" / "jupyter").symlink_to(Path(sysconfig.get_path("data"), "share", "jupyter"))
    (packages,) = (home / "lib").glob("python*/site-packages")
    (packages / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, "--disable-pip-version-check", "-e", course], cwd=course, check=True)
    stamp = "import install; print(install.fingerprint(), end='')"
    made = subprocess.run([sys.executable, "-c", stamp], cwd=course / "scripts", capture_output=True, check=True)
    (home / ".deps-instructor").write_bytes(made.stdout)


@pytest.mark.bwrap
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("heading", [heading for heading, blocks in INSTRUCTORS.items() if blocks])
def test_the_commands_in_the_instructors_guide_run_in_order(heading: str, term: Path) -> None:
    free = str(free_port())
    for kind, block in INSTRUCTORS[heading]:
        assert kind == "bash", "nothing else runs"
        run(block.replace(PORT, free), term, term)


@pytest.mark.bwrap
def test_after_the_term_the_results_are_those_that_the_guide_promises(term: Path) -> None:
    promised = re.findall(r"`((?:marks|moodle-marks|alike)/[\w./]+)`", (DOCS / "instructors.md").read_text("utf-8"))
    missing = [path for path in promised if not (term / path).exists() and "manual" not in path]
    scores = {entry["student"]: entry["score"] for entry in results(term / "marks")}

    assert missing == []
    book = (term / "marks" / "gradebook.csv").read_text("utf-8").splitlines()
    assert book[1] == "Anna Petrova,1,anna@example.org,A,9,9,100,"
    assert sorted(path.parent.name for path in (term / "marks" / "sections").glob("*/report.html")) == ["A", "B"]
    with zipfile.ZipFile(term / "moodle-marks" / "feedback-moodle.zip") as made:
        assert sorted(made.namelist()) == [f"{name}/feedback.html" for name in HANDED_IN]
    assert (term.parent / "course" / "notebooks" / "ru" / "01_pooling.ipynb").is_file()
    assert scores == {"Anna Petrova": 9.0, "Boris Orlov": 6.5}
    assert scores == {entry["student"]: entry["score"] for entry in results(term / "cluster-marks")}
    assert scores == {entry["student"]: entry["score"] for entry in results(term / "regraded")}
    assert "Participant 11,Anna Petrova,anna@example.org" in (term / "moodle-marks/sheets/worksheet.csv").read_text()


def results(folder: Path) -> list[dict[str, Any]]:
    """Return the submissions of a graded folder."""
    found: list[dict[str, Any]] = json.loads((folder / "results.json").read_text(encoding="utf-8"))["submissions"]
    return found


def test_every_test_named_on_the_security_page_exists() -> None:
    names = re.findall(r"`([\w*]+(?:/[\w*.]+)*(?:\.py)?)`", (DOCS / "security.md").read_text("utf-8"))
    places = (ROOT, ROOT / "tests" / "grading", ROOT / "tests" / "submissions")
    rooms = [place for above in places[1:] for place in above.rglob("*") if place.is_dir()]
    claimed = [name for name in names if name.endswith(".py") or ("_" in name and "ncl_course" not in name)]

    assert len(claimed) > 30
    assert [name for name in claimed if not any(list(place.glob(name)) for place in (*places, *rooms))] == []


@pytest.mark.parametrize("page", ["README.md", "README.ru.md", *(f"docs/{path.name}" for path in DOCS.glob("*.md"))])
def test_the_targets_of_a_pages_links_and_pictures_exist(page: str) -> None:
    here = (ROOT / page).parent
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not (here / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "README.ru.md"])
def test_the_make_targets_in_a_readme_exist(page: str) -> None:
    said = (ROOT / page).read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z-]+)", said)) - {"install"}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
