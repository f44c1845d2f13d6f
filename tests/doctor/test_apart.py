"""Probes never raise, and even a script that hangs or crashes gives an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from ncl_course.doctor import apart
from ncl_course.doctor.finding import Finding, probe
from tests.doctor.red import red
from tests.patience import PATIENCE


def test_a_probe_never_raises() -> None:
    @probe("disk")
    def broken() -> Finding:
        raise ZeroDivisionError("division by zero")

    red(broken(), "The probe itself failed: ZeroDivisionError: division by zero", "pip install")


@pytest.mark.parametrize(
    ("code", "why", "patience"),
    [
        ("import nothing_of_that_name", "No module named 'nothing_of_that_name'", PATIENCE),
        ("import os; os._exit(7)", "exit status 7", PATIENCE),
        ("print('hello')", "'hello'", PATIENCE),
        ("print([1])", "'\\[1\\]'", PATIENCE),
        ("import time; time.sleep(60)", "timed out after 2", 2.0),
    ],
    ids=["raises", "dies", "says no JSON", "says a list", "hangs"],
)
def test_a_script_without_an_answer_gives_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, why: str, patience: float
) -> None:
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(apart, "SCRIPTS", tmp_path)
    apart.answer.cache_clear()

    with pytest.raises(apart.NoAnswerError, match=why):
        apart.answer("script", patience=patience)
