"""Run one of our scripts in a Python of its own: what hangs or dies there is an answer here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from ncl_course.lab import jupyter_environment

SCRIPTS = Path(__file__).parent / "scripts"
PATIENCE = 180.0
"""Seconds: on a cold disk torch alone may take one minute to load."""


class NoAnswerError(Exception):
    """The script gave no answer; the message is the last line that it left."""


@cache
def answer(script: str, patience: float = PATIENCE) -> dict[str, Any]:
    """What ``scripts/SCRIPT.py`` prints as JSON on its last line, in the environment that `ncl-course lab` starts.

    Raises:
        NoAnswerError: it fails, ends early or takes longer than ``patience`` seconds.
    """
    environment = os.environ | jupyter_environment(os.environ)
    command = [sys.executable, str(SCRIPTS / f"{script}.py")]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            timeout=patience,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAnswerError(str(error)) from None
    if done.returncode:
        raise NoAnswerError(last_line(done.stderr) or f"exit status {done.returncode}")
    return read(last_line(done.stdout))


def last_line(printed: str) -> str:
    """The last line that is not empty; of a traceback it is the error."""
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "")


def read(line: str) -> dict[str, Any]:
    """The answer in a line.

    Raises:
        NoAnswerError: it is none.
    """
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        raise NoAnswerError(f"{line[:100]!r}") from None
    if not isinstance(found, dict):
        raise NoAnswerError(f"{line[:100]!r}")
    return found
