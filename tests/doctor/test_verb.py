"""`ncl-course doctor`: its output, its exit status, and a real run on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from ncl_course import cli, lab
from ncl_course.cli import students
from ncl_course.doctor import examine
from ncl_course.doctor.finding import Finding
from ncl_course.doctor.report import as_json, fixes
from ncl_course.grading.walls import usable

RUNNER = CliRunner()


@pytest.fixture
def probes(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """Replace the probes' findings; no sandbox is tried."""
    found = [Finding("python", True, "3.11 [bold]is[/bold] here"), Finding("disk", True, "room")]
    monkeypatch.setattr(examine, "PROBES", tuple((lambda one=one: one) for one in found))
    monkeypatch.setattr(usable, "sandbox_here", lambda: SimpleNamespace(ok=True, taken="bwrap", why="", fix=""))
    return found


def test_all_well_is_exit_status_0_and_no_text_is_interpreted_as_markup(probes: list[Finding]) -> None:
    result = RUNNER.invoke(cli.app, ["doctor"])

    assert result.exit_code == 0
    assert "fine  Python   3.11 [bold]is[/bold] here" in result.output
    assert "Everything that the course needs is here." in result.output


def test_something_missing_is_exit_status_1_and_each_fix_is_printed_once_on_one_line(
    probes: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    fix = "do " + "this and " * 30 + "that"
    ill = tuple((lambda name=name: Finding(name, False, "broken", fix)) for name in ("torch", "kernel"))
    monkeypatch.setattr(examine, "PROBES", (*examine.PROBES, *ill))
    result = RUNNER.invoke(cli.app, ["doctor"])

    assert result.exit_code == 1
    assert f"To fix torch, kernel: {fix}\n" in result.output
    assert result.output.count("do this") == 1
    assert "Everything" not in result.output


def test_the_json_has_every_finding_by_its_id_with_the_same_exit_status(
    probes: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = SimpleNamespace(ok=False, taken="", why="no bwrap", fix="install it")
    monkeypatch.setattr(usable, "sandbox_here", lambda: tried)
    result = RUNNER.invoke(cli.app, ["doctor", "--json"])
    found = json.loads(result.stdout)

    assert result.exit_code == 1
    assert found["ok"] is False
    assert [line["name"] for line in found["findings"]] == ["python", "disk", "bubblewrap"]
    assert found["findings"][2]["fix"] == "install it"


def test_a_student_who_asks_in_russian_is_answered_in_russian(probes: list[Finding]) -> None:
    assert "Всё, что нужно курсу, на месте." in RUNNER.invoke(cli.app, ["doctor", "--lang", "ru"]).output


def test_without_a_grader_there_is_no_line_about_its_sandbox(
    probes: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(students, "there", lambda room: False)
    found = json.loads(RUNNER.invoke(cli.app, ["doctor", "--json"]).stdout)

    assert [line["name"] for line in found["findings"]] == ["python", "disk"]


def test_the_instructors_packages_are_looked_for_only_on_request(
    probes: list[Finding], monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = Finding("instructor", False, "jupytext is missing.", "install it")
    monkeypatch.setattr(examine, "instructor", lambda: missing)
    asked = RUNNER.invoke(cli.app, ["doctor", "--instructor"])

    assert RUNNER.invoke(cli.app, ["doctor"]).exit_code == 0
    assert asked.exit_code == 1
    assert "To fix instructor's packages: install it" in asked.output


def test_renderers_only_render() -> None:
    findings = [Finding("disk", True, "room"), Finding("torch", False, "old", "renew")]

    assert json.loads(as_json(findings))["ok"] is False
    assert json.loads(as_json(findings[:1])) == {
        "schema": 1,
        "ok": True,
        "findings": [{"name": "disk", "ok": True, "said": "room", "fix": ""}],
    }
    assert fixes(findings) == ["To fix torch: renew"]


@pytest.mark.bwrap
def test_on_this_machine_all_is_well(tmp_path: Path) -> None:
    """The real probes, run from another folder. The tests' packages are installed, so no line may be red."""
    threads = dict.fromkeys(
        ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1"
    )  # whatever else runs on this machine
    command = [sys.executable, "-m", "ncl_course", "doctor", "--json"]
    environment = os.environ | threads | {"JUPYTER_RUNTIME_DIR": str(tmp_path)}  # ignore other running servers
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)

    assert {line["name"]: line["fix"] for line in found["findings"]} == dict.fromkeys(
        ["python", "packages", "torch", "kernel", "widgets", "notebooks", "disk", "writing", "threads", "bubblewrap"],
        "",
    )
    assert done.returncode == 0
    assert str(lab.ROOT) in next(line["said"] for line in found["findings"] if line["name"] == "notebooks")


def test_it_starts_and_says_what_is_wrong_if_numpy_cannot_be_imported() -> None:
    code = "import sys; sys.modules['numpy'] = None; from ncl_course.cli import app; app(['doctor', '--json'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    found = {line["name"]: line for line in json.loads(done.stdout)["findings"]}

    assert done.returncode == 1
    assert "numpy" in found["bubblewrap"]["said"]
    assert "pip install" in found["bubblewrap"]["fix"]
    assert found["python"]["ok"]
