"""How a release is run by itself."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path


def alone(folder: Path, *arguments: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python on the release with our packages but without the repository: -S leaves out what .pth files add."""
    command = [sys.executable, "-S", *arguments]
    environment = os.environ | packages(folder)
    return subprocess.run(command, cwd=at or folder, env=environment, capture_output=True, text=True, check=False)


def packages(folder: Path) -> dict[str, str]:
    """The variable that lets Python find the release and our packages."""
    return {"PYTHONPATH": os.pathsep.join([str(folder), sysconfig.get_path("purelib")])}
