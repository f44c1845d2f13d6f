"""A real JupyterHub with two users: its own tests build it and compare it; the table has their result."""

from __future__ import annotations

import subprocess
import sys

from tests.places.environments import ROOT

TEST = ROOT / "tests" / "browser" / "test_hub.py"
HUB_FILES = (TEST, TEST.with_name("hub.py"), ROOT / "docs" / "hub.md")
"""The files that say what the hub is, beside the course itself."""


def run_hub() -> tuple[str, bool]:
    """Run the hub's tests; return their last line, and whether all of them ran and passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", TEST]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    last = done.stdout.strip().splitlines()[-1:] or ["nothing was printed"]
    return last[0], done.returncode == 0 and " passed" in last[0] and " skipped" not in last[0]
