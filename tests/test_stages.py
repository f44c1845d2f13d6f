"""`make test` runs every stage to its end, in three lanes, and says which failed."""

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
    "pytest --nbval "*) {keys} ;;
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
    "browser tests",
    "keys give their stored outputs",
    "mutation score",
    "mutants of right answers",
]
TOOLS = ("bash", "basename", "cat", "dirname", "env", "mktemp", "nice", "rm", "sed")
"""The programs that the script itself needs."""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a folder with the script and with stand-ins for the programs that it starts."""
    (tmp_path / "scripts").mkdir()
    for name in ("test.sh", "system.sh"):
        shutil.copy(ROOT / "scripts" / name, tmp_path / "scripts" / name)
    stand_ins(tmp_path)
    return tmp_path


def stand_ins(course: Path, failing: str = '"nothing"', browser: str = "true", keys: str = "true") -> None:
    """Write the programs: one fails for these commands, and the browser tests and the run of the keys do this."""
    programs = course / ".venv" / "bin"
    programs.mkdir(parents=True, exist_ok=True)
    for name in PROGRAMS:
        (programs / name).write_text(STAND_IN.format(failing=failing, browser=browser, keys=keys), encoding="utf-8")
        (programs / name).chmod(0o755)


def run(course: Path, **more: str) -> tuple[int, str]:
    """Run the script with more environment variables, and return its status and all that it has printed."""
    command, both = ["bash", "scripts/test.sh"], {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        command, cwd=course, env={**os.environ, **more}, **both, text=True, timeout=PATIENCE, check=False
    )
    return done.returncode, done.stdout


def test_every_stage_runs_and_the_lanes_in_the_background_are_shown_last_and_whole(course: Path) -> None:
    stand_ins(
        course,
        browser="echo begun on $OMP_NUM_THREADS thread, $(nice); sleep 1; echo ended",
        keys="echo keys on $OMP_NUM_THREADS threads, $(nice); sleep 1; echo compared",
    )
    status, said = run(course, OMP_NUM_THREADS="2")
    mine = os.nice(0)

    assert status == 0
    assert re.findall(r"^=== ([^:\n]+) ===$", said, re.MULTILINE) == STAGES
    assert re.findall(r"^--- (.+): fine, \d+ s$", said, re.MULTILINE) == STAGES
    command = "pytest tests/browser"
    assert f"{command}\n{command}\nbegun on 1 thread, {mine}\nended\n--- browser tests: fine" in said
    assert f"\nkeys on 2 threads, {min(mine + 10, 19)}\ncompared\n--- keys give their stored outputs: fine" in said
    assert said.endswith("Every stage is fine.\n")


def test_the_lanes_run_side_by_side(course: Path) -> None:
    """Each lane waits until all three have begun."""
    meets = "touch {0}; while [ ! -e browser -o ! -e keys -o ! -e types ]; do sleep 0.1; done"
    stand_ins(course, browser=meets.format("browser"), keys=meets.format("keys"))
    (course / ".venv" / "bin" / "mypy").write_text(f"#!/usr/bin/env bash\n{meets.format('types')}\n", encoding="utf-8")
    assert run(course)[0] == 0


@pytest.mark.parametrize(
    ("failing", "named"),
    [
        ('"ruff check ."|"pytest tests --ignore"*', ["lint", "tests"]),
        ('"python -m tests.mutation"', ["mutation score"]),
    ],
)
def test_a_stage_that_fails_is_named_and_those_after_it_run(course: Path, failing: str, named: list[str]) -> None:
    stand_ins(course, failing)
    status, said = run(course)

    assert status == 1
    assert re.findall(r"^FAILED: (.+)$", said, re.MULTILINE) == named
    assert re.findall(r"^--- ([^:]+):", said, re.MULTILINE) == STAGES


def test_a_failing_lane_in_the_background_fails_the_whole(course: Path) -> None:
    stand_ins(course, '"mypy "', browser="exit 1", keys="exit 1")
    status, said = run(course)

    assert status == 1
    failed = re.findall(r"^FAILED: (.+)$", said, re.MULTILINE)
    assert sorted(failed) == ["browser tests", "keys give their stored outputs", "types"]
    assert re.findall(r"^--- ([^:]+):", said, re.MULTILINE) == STAGES


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


def test_ctrl_c_ends_the_other_lanes_too(course: Path, tmp_path: Path) -> None:
    stand_ins(course, browser=WAITS.format("browser"), keys=WAITS.format("keys"))
    (course / ".venv" / "bin" / "mypy").write_text(f"#!/usr/bin/env bash\n{WAITS.format('types')}\n", encoding="utf-8")
    command, said = ["bash", "scripts/test.sh"], tmp_path / "said"
    with said.open("w") as file:
        running = subprocess.Popen(command, cwd=course, start_new_session=True, stdout=file)
    lanes = ("browser", "keys", "types")
    try:
        until(lambda: all((course / f"{lane}.begun").exists() for lane in lanes), "all lanes have begun")
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(PATIENCE) == 130
    finally:
        running.kill()
    assert all((course / f"{lane}.ended").exists() for lane in lanes)
    assert "=== keys give their stored outputs ===" in said.read_text("utf-8")
    assert "=== mutation score ===" not in said.read_text("utf-8"), "no further stage begins"
