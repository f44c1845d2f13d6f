"""The guide for contributors is true: its commands exist, its hooks are CI's, and its versions are the pinned ones."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]


def pinned(name: str) -> str:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    return re.findall(rf"^{name}==(\S+)", constraints, re.MULTILINE)[0]


def test_the_hooks_run_the_pinned_ruff_and_the_same_mypy_and_build_as_ci() -> None:
    ruff, local = HOOKS
    stages = (ROOT / "scripts" / "test.sh").read_text(encoding="utf-8")

    assert ruff["rev"] == f"v{pinned('ruff')}"
    assert [hook["id"] for hook in ruff["hooks"]] == ["ruff-check", "ruff-format"]
    assert [hook["entry"] for hook in local["hooks"]] == [".venv/bin/mypy", ".venv/bin/ncl-course build --check"]
    for hook in local["hooks"]:
        assert re.search(rf'^stage "[^"]+" {hook["entry"].removeprefix(".venv/bin/")}$', stages, re.MULTILINE)


def test_the_build_hook_watches_every_folder_that_the_build_reads_or_writes() -> None:
    build = next(hook for hook in HOOKS[1]["hooks"] if hook["id"] == "build")
    changed = ["lessons/01_pooling.py", "notebooks/en/01_pooling.ipynb", "ncl_course/authoring/variant.py"]

    assert all(re.search(build["files"], path) for path in changed)
    assert not re.search(build["files"], "ncl_course/viz/pooling/drawings.py")


def test_the_guide_fits_on_one_screen_and_names_only_files_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"\bmake ([a-z-]+)", GUIDE)
    paths = [name for name in re.findall(r"`([\w./]+)`", GUIDE) if "/" in name]

    assert len(GUIDE.splitlines()) <= 40
    assert targets
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert [name for name in paths if not (ROOT / name).exists() and not (ROOT / "ncl_course" / name).exists()] == []


def test_the_changelog_has_a_section_for_the_next_version_and_keeps_its_form() -> None:
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)

    assert headings[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])
    assert set(re.findall(r"^### (.+)$", CHANGES, re.MULTILINE)) <= kinds
    assert version in CHANGES
