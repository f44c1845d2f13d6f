"""Find out how the course was installed, and give the command that installs it again with an extra."""

from __future__ import annotations

import json
import sys
import sysconfig
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from ncl_course.desk import is_checkout
from ncl_course.places import why_not_writable


@dataclass(frozen=True)
class Command:
    """A command for the terminal.

    Attributes:
        line: the command itself.
        folder: the folder to run it in; None if any will do.
        allowed: whether this user can write where it installs.
    """

    line: str
    folder: Path | None
    allowed: bool


def in_conda() -> bool:
    """Return whether this Python belongs to a conda environment, whose packages come from environment.yml."""
    return Path(sys.prefix, "conda-meta").is_dir()


def address() -> str:
    """Return the address that pip installed the course from, as pip takes it; empty if it came from an index."""
    try:
        written = distribution("ncl-course").read_text("direct_url.json")
    except PackageNotFoundError:
        return ""
    try:
        found = json.loads(written or "{}")
        return f"git+{found['url']}" if "vcs_info" in found else str(found.get("url", ""))
    except (ValueError, KeyError, AttributeError):
        return ""


def installer() -> str:
    """Return the command that installs packages for this Python: pip, or uv, whose environments have no pip."""
    if find_spec("pip") is None:
        return f'uv pip install --python "{sys.executable}"'
    return f'"{sys.executable}" -m pip install'


def install_command(root: Path, extra: str = "lab") -> Command:
    """Return the command that installs the course again, as it was installed.

    Args:
        root: the folder that holds the package.
        extra: the group of packages in pyproject.toml to install with it.
    """
    allowed = not why_not_writable(Path(sysconfig.get_path("purelib")))
    if is_checkout(root) or (root / "constraints.txt").is_file():
        line = (
            "conda env update -f environment.yml"
            if in_conda() and extra == "lab"  # conda-forge lacks packages of the other groups
            else f'{installer()} -c constraints.txt -e ".[{extra}]"'
        )
        return Command(line, root, allowed)
    source = address()
    what = f"ncl-course[{extra}]" + (f" @ {source}" if source else "")
    return Command(f'{installer()} "{what}"', None, allowed)
