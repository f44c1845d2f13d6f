"""Find the blank notebooks, and the folder for the user's own copies of them: the user's desk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ncl_course.errors import CourseError
from ncl_course.language import text

PACKAGE = Path(__file__).resolve().parent


class NoHomeError(CourseError):
    """The system knows no home folder of this user, as in a container without an account; the message has the fix."""


def is_checkout(root: Path) -> bool:
    """Return whether a folder is the course's own folder, with its list of packages and its notebooks."""
    return (root / "pyproject.toml").is_file() and (root / "notebooks").is_dir()


def is_owned(folder: Path) -> bool:
    """Return whether a folder belongs to this user. On Windows, a folder that can be read counts as the user's."""
    return not hasattr(os, "geteuid") or folder.stat().st_uid == os.geteuid()


def blank_folder(root: Path, lang: str) -> Path:
    """Return the folder of the blank notebooks in a language: of the checkout, or of the installed package."""
    return (root if is_checkout(root) else PACKAGE) / "notebooks" / lang


def desk_folder(root: Path, lang: str, environment: Mapping[str, str] | None = None) -> Path:
    """Return the folder for the user's own notebooks in a language.

    It is ``NCL_HOME/LANG``; without that variable ``work/LANG`` of the checkout that the user owns; otherwise, as on a
    hub whose users share one installation, ``ncl_course/LANG`` in the user's home. It need not exist.

    Args:
        root: the folder that holds the package.
        environment: the variables to read; by default this process's.

    Raises:
        NoHomeError: if it would be in the user's home, and the system knows none.
    """
    home = (os.environ if environment is None else environment).get("NCL_HOME", "")
    if not home and is_checkout(root) and is_owned(root):
        return root / "work" / lang
    try:
        return Path(home or "~/ncl_course").expanduser().absolute() / lang
    except RuntimeError:
        raise NoHomeError(text("course.lab.home_unknown", lang)) from None
