"""Simulated environments: scripts' answers and a course's folder that a test chooses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ncl_course.doctor import apart, finding, machine, packages, widgets
from tests.doctor.red import Answers


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    """Set the answers of the scripts; a text is the reason why there is no answer."""

    def set_answer(found: dict[str, Any] | str) -> None:
        def answer(script: str) -> dict[str, Any]:
            if isinstance(found, str):
                raise apart.NoAnswerError(found)
            return found

        for module in (packages, machine, widgets):
            monkeypatch.setattr(module, "answer", answer)

    return set_answer


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a course's folder that pins torch to 2.13.0, on a Python that is not conda's."""
    (tmp_path / "constraints.txt").write_text("# pins\nnumpy==2.0.0\nTorch==2.13.0\n", encoding="utf-8")
    monkeypatch.setattr(packages, "ROOT", tmp_path)
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    monkeypatch.setattr(finding, "ROOT", tmp_path)
    for name in ("pyproject.toml", "notebooks/en/01_pooling.ipynb", "notebooks/ru/01_pooling.ipynb"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.delenv("NCL_HOME", raising=False)
    return tmp_path
