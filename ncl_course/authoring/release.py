"""``ncl-course release``: write the students' distribution into a folder, without ever deleting other files.

The distribution lists its own files in ``MANIFEST.sha256``. A later release into the same folder removes a listed file
that it no longer contains, unless someone has changed it; all other files in the folder are left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ncl_course.authoring.distribution import ADDRESS, INSTRUCTORS, Files, contents
from ncl_course.authoring.leaks import leaks
from ncl_course.errors import ReleaseError
from ncl_course.files import write_atomically
from ncl_course.language import text

MANIFEST = "MANIFEST.sha256"


@dataclass(frozen=True)
class Release:
    """The result of a release; if there are ``problems``, nothing was written."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def release(root: Path, folder: Path, langs: Sequence[str], force: bool = False, url: str = "") -> Release:
    """Write the distribution of the course in ``root``.

    Args:
        folder: the folder to write into; it is created if it is missing.
        langs: the languages of its notebooks.
        force: whether to write into a folder that is not empty. Files with the same names are replaced; others stay.
        url: the address from which it will be installed, for its README; if it is empty, a placeholder is written.

    Raises:
        ReleaseError: if the folder is not empty or contains the course with the instructor's rooms, or if there are no
            notebooks.
        OSError: if the folder cannot be written.
    """
    require_room(root, folder, force)
    files = contents(root, langs, url or ADDRESS)
    problems = leaks(files, root / "lessons")
    if problems:
        return Release(problems=tuple(problems))
    removed = tuple(remove_former(folder, files))
    files[MANIFEST] = manifest(files)
    for name, content in files.items():
        write_atomically(folder / name, content)
    return Release(tuple(files), removed)


def require_room(root: Path, folder: Path, force: bool) -> None:
    """Refuse a folder whose files a release might damage. A repository without files counts as empty."""
    if folder.exists() and not folder.is_dir():
        raise ReleaseError(text("release.no_folder", folder=folder))
    rooms = [folder / "ncl_course" / room for room in INSTRUCTORS]
    if folder.resolve() == root.resolve() or any(room.exists() for room in rooms):
        raise ReleaseError(text("release.is_course", folder=folder))
    if not force and folder.is_dir() and any(path.name != ".git" for path in folder.iterdir()):
        raise ReleaseError(text("release.not_empty", folder=folder))


def sum_of(content: bytes) -> str:
    """Return a content's checksum, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def manifest(files: Files) -> bytes:
    """Return the list of the files, in the format of `sha256sum --check MANIFEST.sha256`."""
    return "".join(f"{sum_of(content)}  {name}\n" for name, content in files.items()).encode()


def remove_former(folder: Path, files: Files) -> Iterator[str]:
    """Remove unchanged files of an earlier release that this release does not contain; yield each name."""
    for name, former in former_files(folder):
        path = folder / name
        ours = name not in files and path.resolve().is_relative_to(folder.resolve())
        if ours and path.is_file() and sum_of(path.read_bytes()) == former:
            path.unlink()
            for above in path.relative_to(folder).parents[:-1]:
                if not any((folder / above).iterdir()):
                    (folder / above).rmdir()
            yield name


def former_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the names and checksums in a folder's manifest; none if there is no manifest."""
    path = folder / MANIFEST
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    for line in lines:
        former, _, name = line.partition("  ")
        if name:
            yield name, former
