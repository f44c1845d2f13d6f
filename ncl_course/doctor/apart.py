"""Run one of our scripts in a separate Python process: if it hangs or crashes there, that is a finding here."""

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
"""Seconds to wait for an answer: on a cold disk, torch alone may take one minute to load."""


class NoAnswerError(Exception):
    """The script gave no answer; the message is the last line of its output."""


@cache
def answer(script: str, patience: float = PATIENCE) -> dict[str, Any]:
    """Run ``scripts/SCRIPT.py`` in the environment of `ncl-course lab`; return the JSON on the last line of its output.

    Raises:
        NoAnswerError: if the script fails, ends early or takes longer than ``patience`` seconds.
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
    """Return the last non-empty line; in a traceback it is the error."""
    return next((line.strip() for line in reversed(printed.splitlines()) if line.strip()), "")


def read(line: str) -> dict[str, Any]:
    """Parse the answer in a line.

    Raises:
        NoAnswerError: if the line is not a JSON object.
    """
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        raise NoAnswerError(f"{line[:100]!r}") from None
    if not isinstance(found, dict):
        raise NoAnswerError(f"{line[:100]!r}")
    return found
