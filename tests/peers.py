"""Other graders, installed as their users install them: each in a virtual environment below ``build/peers``.

An environment is made once and kept. nbgrader has nothing of the course: as the instructors' guide says, its kernel is
this project's Python. For the others torch, NumPy and the course come from this project's environment, so that both
sides use the same versions.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "peers"
NBGRADER = "nbgrader==0.9.6"
HUB = ("jupyterhub==6.1.1", "configurable-http-proxy==0.4.0", "nbgitpuller==1.3.0")
ALSO = {NBGRADER: HUB}
"""The packages to install beside a package: nbgrader and JupyterHub share an environment, as on a hub."""


def environment(requirement: str) -> Path:
    """Return the program folder of an environment with the package; make it if it is missing or has another version."""
    home = FOLDER / requirement.partition("==")[0]
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one process makes it, the others wait
        packages = " ".join((requirement, *ALSO.get(requirement, ())))
        stamp, wanted = home / "made-of", f"{packages}\n{sys.version}\n{sys.executable}\n{home}\n"
        if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
            make(home, requirement)
            stamp.write_text(wanted, encoding="utf-8")
    return home / "bin"


def make(home: Path, requirement: str) -> None:
    """Make an environment with the package; it takes its other packages from this project's environment."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
    pip = [home / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    packages = [requirement, *ALSO.get(requirement, ()), "ipykernel"]
    subprocess.run([*pip, *packages], cwd=home, check=True)  # without our own package
    if requirement == NBGRADER:
        subprocess.run(
            [sys.executable, "-m", "ipykernel", "install", "--prefix", home, "--name", "python3"], check=True
        )
        return
    (packages,) = (home / "lib").glob("python*/site-packages")
    (packages / "course.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT}\n")  # last: their own come first


def first_in_path(programs: Path) -> Mapping[str, str]:
    """Return this process's environment variables, with those programs first in the path."""
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
