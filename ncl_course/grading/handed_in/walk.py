"""What lies below a folder of submissions: files, what is not opened and why, and what is of no interest."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ncl_course.language import text

IGNORED = frozenset({".ipynb_checkpoints", "__MACOSX", ".git", "__pycache__"})
JUNK = frozenset({"thumbs.db", "desktop.ini"})
RESULTS = frozenset({"results.json", "similar.html"})
"""What tells a folder that ``-o`` has named: when it lies among the submissions, its pages are nobody's work."""


def walk(folder: Path, *, ours: bool = False) -> Iterator[tuple[Path, str]]:
    """Every file below a folder; and with the reason what is not opened: links, pipes, folders that are closed to us.

    ``ours``: the folder holds what an earlier run wrote; notebooks alone are of interest there.
    """
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield folder, text("submission.unreadable.folder_closed", why=error.strerror or error)
        return
    ours |= any(entry.name in RESULTS for entry in entries)
    for entry in entries:
        path = Path(entry.path)
        if ignored((entry.name,)):
            continue
        submitted = is_notebook(entry.name) or is_zip(entry.name)
        if entry.is_symlink():
            if submitted:
                yield path, text("submission.unreadable.link")
            elif path.is_dir():
                yield path, text("submission.unreadable.folder_link")
        elif entry.is_dir(follow_symlinks=False):
            yield from walk(path, ours=ours)
        elif not entry.is_file(follow_symlinks=False):
            if submitted:
                yield path, text("submission.unreadable.special")
        elif submitted or not ours:
            yield path, ""


def ignored(parts: Iterable[str]) -> bool:
    """Whether a path is of what editors and systems leave beside the work."""
    return any(part in IGNORED or part.startswith("._") for part in parts)


def is_notebook(name: str) -> bool:
    """Whether a file is named like a notebook, also as browsers rename one."""
    return name.lower().endswith((".ipynb", ".ipynb.txt", ".ipynb.json"))


def is_zip(name: str) -> bool:
    """Whether a file is named like a zip."""
    return name.lower().endswith(".zip")


def junk(parts: Sequence[str]) -> bool:
    """Whether a file was put there by a system or a tool, as far as its path tells."""
    return not parts or parts[-1].lower() in JUNK or any(part.startswith(".") for part in parts[1:])
