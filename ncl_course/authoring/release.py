"""``ncl-course release``: write the student's distribution into a folder, and never delete what is not its own.

The distribution lists its own files in ``MANIFEST.sha256``. A later release into the same folder removes those of them
that it does not have any more, where nobody has changed them since; all else in the folder is left alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ncl_course.authoring.distribution import INSTRUCTORS, Files, contents
from ncl_course.authoring.leaks import leaks
from ncl_course.errors import ReleaseError
from ncl_course.files import write_atomically
from ncl_course.language import text

MANIFEST = "MANIFEST.sha256"


@dataclass(frozen=True)
class Release:
    """What a release did; with ``problems`` it wrote nothing."""

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def release(root: Path, folder: Path, langs: Sequence[str], force: bool = False) -> Release:
    """Write the distribution of the course in ``root``.

    Args:
        folder: where to; made where it is missing.
        langs: the languages of its notebooks.
        force: write into a folder that is not empty: over files of the same names, beside all others.

    Raises:
        ReleaseError: the folder is not empty, or is a course with the instructor's rooms; or there are no notebooks.
        OSError: it cannot be written.
    """
    require_room(root, folder, force)
    files = contents(root, langs)
    problems = leaks(files, root / "lessons")
    if problems:
        return Release(problems=tuple(problems))
    removed = tuple(remove_former(folder, files))
    files[MANIFEST] = manifest(files)
    for name, content in files.items():
        write_atomically(folder / name, content.decode("utf-8"))
    return Release(tuple(files), removed)


def require_room(root: Path, folder: Path, force: bool) -> None:
    """Refuse a folder whose files we might spoil. A repository without a file in it counts as empty."""
    if folder.exists() and not folder.is_dir():
        raise ReleaseError(text("release.no_folder", folder=folder))
    rooms = [folder / "ncl_course" / room for room in INSTRUCTORS]
    if folder.resolve() == root.resolve() or any(room.exists() for room in rooms):
        raise ReleaseError(text("release.is_course", folder=folder))
    if not force and folder.is_dir() and any(path.name != ".git" for path in folder.iterdir()):
        raise ReleaseError(text("release.not_empty", folder=folder))


def sum_of(content: bytes) -> str:
    """A content's sum, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


def manifest(files: Files) -> bytes:
    """The list of the files, which `sha256sum --check MANIFEST.sha256` reads too."""
    return "".join(f"{sum_of(content)}  {name}\n" for name, content in files.items()).encode()


def remove_former(folder: Path, files: Files) -> Iterator[str]:
    """Remove what an earlier release wrote, this one does not have, and nobody has changed; tell each name."""
    for name, former in listed(folder):
        path = folder / name
        ours = name not in files and path.resolve().is_relative_to(folder.resolve())
        if ours and path.is_file() and sum_of(path.read_bytes()) == former:
            path.unlink()
            for above in path.relative_to(folder).parents[:-1]:
                if not any((folder / above).iterdir()):
                    (folder / above).rmdir()
            yield name


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """The names and sums of the manifest in a folder, none where there is no manifest."""
    path = folder / MANIFEST
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    for line in lines:
        former, _, name = line.partition("  ")
        if name:
            yield name, former
