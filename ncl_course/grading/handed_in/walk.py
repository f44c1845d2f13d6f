"""List the files below a folder of submissions, and those that are not opened, with the reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ncl_course.language import text

IGNORED = frozenset(
    {
        ".ipynb_checkpoints",
        ".virtual_documents",
        "__macosx",
        ".git",
        "__pycache__",
        ".venv",
        "venv",
        "site-packages",
        "node_modules",
        ".trash",
        "$recycle.bin",
        ".cache",
        ".local",
        ".jupyter",
        ".ipython",
        ".vscode",
        ".idea",
        ".pytest_cache",
        ".tox",
        "@eadir",
    }
)
"""Folders that editors, systems and tools leave beside the work, in lower case."""

IGNORED_STARTS = ("._", "~$", ".~", ".trash-", ".nfs")
"""The beginnings of the names of files that macOS, Office, Jupyter, desktops and file servers leave."""

ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})
"""Files that mark a folder with an installed Python, whatever its name. Folders in it hold nobody's work; files may: a
student can have installed Python beside the notebooks."""

JUNK = frozenset({"thumbs.db", "desktop.ini"})
RESULTS = frozenset({"results.json", "similar.html"})
"""Files that mark a folder that an earlier run wrote with ``-o``: its pages are nobody's work."""

NOTEBOOK = re.compile(r".*\.ipynb(?:\.txt|\.json|\.\d{1,2})?[ .]*(?:\(\d{1,3}\))?", re.IGNORECASE | re.DOTALL)
"""A notebook's name, with what browsers and wget add behind the ending, or a space or a dot that somebody typed."""

MAX_DEPTH = 64
"""The deepest nesting of folders; there is no work below it."""


def walk(folder: Path, *, ours: bool = False, above: Sequence[Path] = ()) -> Iterator[tuple[Path, str]]:
    """Yield every file below a folder; links, pipes and closed folders are not opened and have a reason.

    Args:
        folder: the folder to begin with.
        ours: whether an earlier run wrote the folder; only notebooks are of interest there.
        above: the folders above it, from the outermost one.
    """
    if len(above) > MAX_DEPTH:
        yield folder, text("submission.unreadable.folder_deep", limit=MAX_DEPTH)
        return
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        yield folder, text("submission.unreadable.folder_closed", why=error.strerror or error)
        return
    names = {entry.name for entry in entries}
    if above and names & ENVIRONMENT:
        entries = [entry for entry in entries if not entry.is_dir() and entry.name not in ENVIRONMENT]
    ours |= bool(names & RESULTS)
    for entry in entries:
        if not ignored((entry.name,)):
            yield from files_of(entry, ours, (*above, folder))


def files_of(entry: os.DirEntry[str], ours: bool, above: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Yield a file, or the files in a folder. The arguments are those of `walk`."""
    path = Path(entry.path)
    submitted = is_submitted(entry.name)
    if entry.is_symlink():
        if path.is_dir():
            if not leads_back(path, above):
                yield path, text("submission.unreadable.folder_link")
        elif submitted:
            yield path, text("submission.unreadable.link")
    elif entry.is_dir(follow_symlinks=False):
        inner = list(walk(path, ours=ours, above=above))
        if is_notebook(entry.name) and not any(is_submitted(one.name) for one, _ in inner):
            yield path, text("submission.unreadable.folder_named_so")
        else:
            yield from inner
    elif not entry.is_file(follow_symlinks=False):
        if submitted:
            yield path, text("submission.unreadable.special")
    elif submitted or not ours:
        yield path, ""


def leads_back(link: Path, above: Sequence[Path]) -> bool:
    """Return whether a link leads to a folder that holds it, or into the same student's folder.

    Everything behind such a link is found without it.

    Args:
        link: a link to a folder.
        above: the folders that hold it: the given one, the student's, and so on.
    """
    target = link.resolve()
    return any(target == folder.resolve() for folder in above) or (
        len(above) > 1 and target.is_relative_to(above[1].resolve())
    )


def leftovers_alone(folder: Path) -> bool:
    """Return whether a folder holds files, and only such as editors and systems leave."""
    below = [(parts, files) for parts, files in files_below(folder) if files]
    return bool(below) and all(ignored((*parts, name)) for parts, files in below for name in files)


def files_below(folder: Path) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Yield each folder below a folder, by its parts, with the names of its files. Links are not followed."""
    for place, _, files in os.walk(folder):
        yield Path(place).relative_to(folder).parts, files


def ignored(parts: Iterable[str]) -> bool:
    """Return whether editors or systems have left a path beside the work."""
    return any(part.lower() in IGNORED or part.lower().startswith(IGNORED_STARTS) for part in parts)


def is_notebook(name: str) -> bool:
    """Return whether a file is named like a notebook, also as browsers rename one."""
    return NOTEBOOK.fullmatch(name) is not None


def is_submitted(name: str) -> bool:
    """Return whether a file is named like something that students hand in."""
    return is_notebook(name) or is_zip(name)


def is_zip(name: str) -> bool:
    """Return whether a file is named like a zip."""
    return name.lower().endswith(".zip")


def junk(parts: Sequence[str]) -> bool:
    """Return whether a file's path shows that a system or a tool put it there."""
    return not parts or parts[-1].lower() in JUNK or any(part.startswith(".") for part in parts[1:])
