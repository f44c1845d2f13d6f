"""Environments that are not the tests' own: what is installed in each, and how it is built.

All share the torch of the environment that runs this, since its build for the CPU is pinned: a path file names a folder
with links to it, so that pip sees it and leaves it alone. Everything else comes from PyPI.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
COLAB = Path(__file__).with_name("colab_2026_01.txt")
OLD_IPYTHON = "ipython==7.34.0"
"""IPython of Colab, much older than the bound of ipykernel allows to be the newest."""


class ChangedError(Exception):
    """Installing the course would change packages that were there before."""


def project() -> dict[str, Any]:
    """Return the table ``project`` of pyproject.toml."""
    read: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return read


def without_comments(path: Path) -> list[str]:
    """Return the lines of a list of packages."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def needs() -> list[Requirement]:
    """Return the packages that the course requires."""
    return [Requirement(line) for line in project()["dependencies"]]


def lower_bounds() -> list[str]:
    """Return the lowest version of each package that the course requires, except of torch."""
    return [f"{need.name}=={str(need.specifier).removeprefix('>=')}" for need in needs() if need.name != "torch"]


def pins() -> list[str]:
    """Return the lines of constraints.txt."""
    return without_comments(ROOT / "constraints.txt")


@dataclass(frozen=True)
class Place:
    """One environment.

    Attributes:
        first: a function that returns the packages that are there before the course.
        limits: a function that returns the versions to which the course's installation is held.
        keeps: whether the course may change none of the packages that are there.
        torch: whether torch is there.
        browser: whether the keys run in Notebook 7, in a browser; elsewhere a kernel runs them.
    """

    name: str
    first: Callable[[], Sequence[str]] = list
    limits: Callable[[], Sequence[str]] = list
    keeps: bool = False
    torch: bool = True
    browser: bool = False


PLACES = (
    Place("wheel", limits=pins),
    Place("colab", first=lambda: without_comments(COLAB), keeps=True),
    Place("lowest", first=lambda: [*lower_bounds(), OLD_IPYTHON]),
    Place("newest"),
    Place("no-torch", limits=pins, torch=False),
    Place("notebook", first=lambda: ["notebook>=7"], limits=pins, browser=True),
)
"""The wheel alone in the pinned versions; Colab's packages; our lower bounds; the newest releases; the pinned versions
without torch, and with Notebook 7."""


def run(*command: str | Path, at: Path = ROOT) -> str:
    """Run a command, and return its output.

    Raises:
        RuntimeError: if it fails, with the end of its output.
    """
    done = subprocess.run(list(map(str, command)), cwd=at, capture_output=True, text=True, env=plain(), check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def plain() -> dict[str, str]:
    """Return this process's environment without what would let other environments see this one's packages."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "NCL_", "VIRTUAL"))}


def build_wheel(folder: Path) -> Path:
    """Build the course's wheel from a copy of the files that git knows or would add, and return its path."""
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    source, wheels = folder / "source", folder / "wheel"
    for old in (source, wheels):
        shutil.rmtree(old, ignore_errors=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "docs/", "bench/")):
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels]
    run(sys.executable, "-m", "pip", "wheel", *options, source)
    (wheel,) = wheels.glob("*.whl")
    return wheel


def digest(wheel: Path, *others: Path | str) -> str:
    """Return a short digest of a wheel's own files, whenever they were packed, and of other files and texts."""
    found = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive:
        for item in sorted(archive.infolist(), key=lambda item: item.filename):
            if ".dist-info/" not in item.filename:
                found.update(f"{item.filename} {item.CRC}\n".encode())
    for other in others:
        found.update(other.read_bytes() if isinstance(other, Path) else f"{other}\n".encode())
    return found.hexdigest()[:16]


def packages(place: Place) -> tuple[str, ...]:
    """Return what the packages of a place depend on, beside the day on which they are installed."""
    torch = distribution("torch").version if place.torch else "no torch"
    return (sys.version, torch, *map(str, needs()), *place.first(), "held to", *place.limits())


def share_torch(folder: Path, site: Path) -> None:
    """Let an environment find this one's torch, and nothing else of this one."""
    folder.mkdir(exist_ok=True)
    torch = distribution("torch")
    home = Path(str(torch.locate_file("")))
    for name in {Path(str(file)).parts[0] for file in torch.files or ()} - {"..", "__pycache__"}:
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(home / name)
    (site / "shared_torch.pth").write_text(f"{folder}\n", encoding="utf-8")


def home_of(place: Place, folder: Path) -> Path:
    """Return the folder of an environment, beside those of the wheel, its source and torch."""
    return folder / "environments" / place.name


def build(place: Place, wheel: Path, folder: Path) -> Path:
    """Make an environment with the course unless it is there, and return its Python.

    Places whose versions are open are made again on another day, since the newest releases change.

    Raises:
        ChangedError: if the place keeps its packages and the course would change one.
        RuntimeError: if an installation fails.
    """
    home = home_of(place, folder)
    python, stamp = home / "bin" / "python", home / "made-of"
    day = "" if place.limits() else str(date.today())
    wanted = digest(wheel, *packages(place), day, str(home))
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        make(place, wheel, folder)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def make(place: Place, wheel: Path, folder: Path) -> None:
    """Make an environment with the course."""
    home = home_of(place, folder)
    run(sys.executable, "-m", "venv", "--clear", home)
    python = home / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'), end='')"))
    if place.torch:
        share_torch(folder / "torch", site)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    limits = folder / f"{place.name}.txt"
    limits.write_text("\n".join(place.limits()) + "\n", encoding="utf-8")
    run(*pip, "--constraint", limits, f"setuptools=={distribution('setuptools').version}", *place.first())
    if place.keeps and (changed := would_change(python, wheel)):
        raise ChangedError(", ".join(changed))
    if not place.torch:
        run(*pip, "--constraint", limits, *(str(need) for need in needs() if need.name != "torch"))
    run(*pip, "--constraint", limits, *([] if place.torch else ["--no-deps"]), wheel)


def would_change(python: Path, wheel: Path) -> list[str]:
    """Return the packages that are installed and that installing the course would replace, as pip plans it."""
    plan = json.loads(run(python, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-", wheel))
    there = {
        canonical(found["name"]): found["version"]
        for found in json.loads(run(python, "-m", "pip", "list", "--format=json"))
    }
    new = [(canonical(item["metadata"]["name"]), item["metadata"]["version"]) for item in plan["install"]]
    return [f"{name} {there[name]} -> {version}" for name, version in new if name in there]


def canonical(name: str) -> str:
    """Return a package's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
