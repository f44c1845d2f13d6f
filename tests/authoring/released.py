"""Run a release on its own, without the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path


def alone(folder: Path, *arguments: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python on the release with our packages but without the repository: -S ignores what .pth files add."""
    command = [sys.executable, "-S", *arguments]
    environment = os.environ | packages(folder)
    return subprocess.run(command, cwd=at or folder, env=environment, capture_output=True, text=True, check=False)


def packages(folder: Path) -> dict[str, str]:
    """Return the environment variable that lets Python find the release and our packages."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), sysconfig.get_path("purelib")])}
