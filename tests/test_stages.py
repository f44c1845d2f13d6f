"""`make test` runs every stage to its end, in two lanes, and says which failed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.patience import PATIENCE, until

ROOT = Path(__file__).parents[1]
PROGRAMS = ("ruff", "mypy", "ncl-course", "pytest", "python", "bwrap", "chromium")
STAND_IN = """#!/usr/bin/env bash
echo "$(basename "$0") $*"
case "$(basename "$0") $*" in
    "pytest tests/browser") {browser} ;;
    {failing}) exit 3 ;;
esac
"""
STAGES = [
    "system packages",
    "lint",
    "format",
    "types",
    "built notebooks are up to date",
    "tests",
    "keys give their stored outputs",
    "mutation score",
    "mutants of right answers",
    "browser tests",
]
TOOLS = ("bash", "basename", "cat", "dirname", "env", "mktemp", "rm", "sed")
"""The programs that the script itself needs."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a folder with the script and with stand-ins for the programs that it starts."""
    (tmp_path / "scripts").mkdir()
    for name in ("test.sh", "system.sh"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    stand_ins(tmp_path)
    return tmp_path


def stand_ins(course: Path, failing: str = '"nothing"', browser: str = "true") -> None:
    """Write the programs: one fails for these commands, and the browser tests do this."""
    programs = course / ".venv" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        (programs / name).write_text(STAND_IN.format(failing=failing, browser=browser), encoding="utf-8")
        (programs / name).chmod(0o755)


def run(course: Path, **more: str) -> tuple[int, str]:
    """Run the script with more environment variables, and return its status and all that it has printed."""
    command, both = ["bash", "scripts/test.sh"], {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        command, cwd=course, env={**os.environ, **more}, **both, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout


def test_every_stage_runs_and_the_browser_tests_are_shown_last_and_whole(course: Path) -> None:
    stand_ins(course, browser="echo begun on $OMP_NUM_THREADS thread; sleep 1; echo ended")
    status, said = run(course, OMP_NUM_THREADS="2")

    assert status == 0
    assert re.findall(r"^=== ([^:\n]+) ===$", said, re.MULTILINE) == STAGES
    assert re.findall(r"^--- (.+): fine, \d+ s$", said, re.MULTILINE) == STAGES
    command = "pytest tests/browser"
    assert f"{command}\n{command}\nbegun on 1 thread\nended\n--- browser tests: fine" in said
    assert said.endswith("Every stage is fine.\n")


@pytest.mark.parametrize(
    ("failing", "named"),
    [
        ('"ruff check ."|"pytest --nbval solutions"*', ["lint", "keys give their stored outputs"]),
        ('"python -m tests.mutation"', ["mutation score"]),
    ],
)
def test_a_stage_that_fails_is_named_and_those_after_it_run(course: Path, failing: str, named: list[str]) -> None:
    stand_ins(course, failing)
    status, said = run(course)

    assert status == 1
    assert re.findall(r"^FAILED: (.+)$", said, re.MULTILINE) == named
    assert re.findall(r"^--- ([^:]+):", said, re.MULTILINE) == STAGES


def test_failing_browser_tests_fail_the_whole(course: Path) -> None:
    stand_ins(course, '"mypy "', browser="exit 1")
    status, said = run(course)

    assert status == 1
    assert sorted(re.findall(r"^FAILED: (.+)$", said, re.MULTILINE)) == ["browser tests", "types"]


def test_without_chromium_another_stage_runs_the_blank_notebooks(course: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(shutil.which(name) or name)
    (course / ".venv" / "bin" / "chromium").unlink()
    _, said = run(course, PATH=str(tools))

    assert "--- blank notebooks run to the end: fine" in said
    assert "SKIPPED, since chromium is missing" in said


def test_every_stage_stores_bytecode_even_if_the_machine_forbids_it(course: Path) -> None:
    tells = '#!/usr/bin/env bash\necho "forbidden: ${PYTHONDONTWRITEBYTECODE-no}"\n'
    for name in ("pytest", "python", "mypy"):
        (course / ".venv" / "bin" / name).write_text(tells, encoding="utf-8")
    _, said = run(course, PYTHONDONTWRITEBYTECODE="1")

    assert set(re.findall(r"^forbidden: .*$", said, re.MULTILINE)) == {"forbidden: no"}


WAITS = 'trap "echo interrupted >{0}.ended; exit 1" INT; touch {0}.begun; while true; do sleep 0.1; done'


def test_ctrl_c_ends_the_other_lane_too(course: Path) -> None:
    stand_ins(course, browser=WAITS.format("browser"))
    (course / ".venv" / "bin" / "mypy").write_text(f"#!/usr/bin/env bash\n{WAITS.format('types')}\n", encoding="utf-8")
    command = ["bash", "scripts/test.sh"]
    running = subprocess.Popen(command, cwd=course, start_new_session=True, stdout=subprocess.DEVNULL)
    lanes = ("browser", "types")
    try:
        until(lambda: all((course / f"{lane}.begun").exists() for lane in lanes), "both lanes have begun")
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(PATIENCE) == 130
    finally:
        running.kill()
    assert all((course / f"{lane}.ended").exists() for lane in lanes)
