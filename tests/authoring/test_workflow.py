"""The workflow in the students' distribution: GitHub can read it, and each of its commands works."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.authoring.released import packages

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workflow(released: Path) -> dict[Any, Any]:
    """Return the workflow as YAML; YAML reads its key ``on`` as True."""
    found = yaml.safe_load((released / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8"))
    return {("on" if key is True else key): value for key, value in found.items()}


@pytest.fixture(scope="module")
def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    """Return the steps of its only job."""
    (job,) = workflow["jobs"].values()
    return list(job["steps"])


@pytest.fixture
def classroom(released: Path, tmp_path: Path) -> Path:
    """Return a student's repository with two lessons in ``work/``, and the course installed for it."""
    copy = Path(shutil.copytree(released, tmp_path / "repository"))
    (copy / "work" / "en").mkdir(parents=True)
    shutil.copy(ROOT / "tests/submissions/half_done/01_pooling.ipynb", copy / "work" / "en")
    shutil.copy(copy / "notebooks/en/00_start.ipynb", copy / "work" / "en")
    program = copy / ".venv" / "bin" / "ncl-course"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -m ncl_course "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return copy


def bash(command: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a step's command as GitHub does."""
    environment = os.environ | packages(folder) | more
    return subprocess.run(
        ["bash", "-e", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def commands(steps: list[dict[str, Any]]) -> list[str]:
    return [step["run"] for step in steps if "run" in step]


def test_it_runs_on_each_push_of_work_has_read_access_only_and_has_a_time_limit(workflow: dict[Any, Any]) -> None:
    (job,) = workflow["jobs"].values()

    assert workflow["on"]["push"] == {"paths": ["work/**"]}
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in job
    assert 10 <= job["timeout-minutes"] <= 60


def test_its_actions_are_pinned_to_commits_and_leave_no_credentials_behind(steps: list[dict[str, Any]]) -> None:
    used = [step["uses"] for step in steps if "uses" in step]
    (checkout,) = (step for step in steps if step.get("uses", "").startswith("actions/checkout@"))

    assert len(used) == 3
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) for action in used)
    assert checkout["with"]["persist-credentials"] is False


def test_its_python_is_one_that_the_course_allows_and_its_cache_depends_on_the_pins(
    steps: list[dict[str, Any]], released: Path
) -> None:
    (python,) = (step["with"]["python-version"] for step in steps if "setup-python" in step.get("uses", ""))
    (cache,) = (step["with"] for step in steps if "actions/cache" in step.get("uses", ""))
    oldest = re.search(r'requires-python = ">=3\.(\d+)"', (released / "pyproject.toml").read_text(encoding="utf-8"))
    named = re.findall(r"'([\w.]+)'", cache["key"])

    assert oldest is not None
    assert int(python.split(".")[1]) >= int(oldest[1])
    assert "~/.cache/pip" in cache["path"]
    assert named
    assert all((released / name).is_file() for name in named)


def test_it_installs_as_make_does_and_these_tests_try_each_of_its_commands(
    steps: list[dict[str, Any]], released: Path
) -> None:
    course, check = commands(steps)

    assert course == "python scripts/install.py lab"
    assert course.removeprefix("python ") in bash("make --dry-run lab", released).stdout
    assert check.startswith(".venv/bin/ncl-course check work/")


def test_its_last_command_writes_the_points_on_the_runs_page(steps: list[dict[str, Any]], classroom: Path) -> None:
    page = classroom / "page.md"
    done = bash(commands(steps)[-1], classroom, GITHUB_STEP_SUMMARY=str(page))
    html = MarkdownIt().enable("table").render(page.read_text(encoding="utf-8"))

    assert done.returncode == 1, done.stderr
    assert "<h3>work/en/01_pooling.ipynb: 2.5 of 9 points</h3>" in html
    assert html.count("<tr>") == 1 + 5
    assert "<td>✔ passed</td>" in html


def test_an_empty_work_folder_is_reported_and_not_taken_for_a_pass(
    steps: list[dict[str, Any]], classroom: Path
) -> None:
    shutil.rmtree(classroom / "work")
    page = classroom / "page.md"
    done = bash(commands(steps)[-1], classroom, GITHUB_STEP_SUMMARY=str(page))

    assert done.returncode == 2
    assert "not checked" in page.read_text(encoding="utf-8")


def test_git_keeps_what_a_student_writes_and_ignores_what_tools_leave(classroom: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=classroom, check=True)
    names = ["work/en/01_pooling.ipynb", "work/en/.ipynb_checkpoints/x.ipynb", ".venv/bin/ncl-course", "build/x"]
    ignored = subprocess.run(["git", "check-ignore", *names], cwd=classroom, capture_output=True, text=True, check=True)

    assert ignored.stdout.split() == names[1:]
