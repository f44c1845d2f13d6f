"""From the paths on the command line to submissions: whose, which lesson, which file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ncl_course.grading.errors import GradingError
from ncl_course.language import text
from ncl_course.submission.lesson import lesson_in_name

IGNORED = frozenset({".ipynb_checkpoints", "__MACOSX", ".git", "__pycache__"})
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".7z", ".rar")


@dataclass(frozen=True)
class Submission:
    """One notebook of one student, not opened yet.

    Attributes:
        file: the path as it is named in results, relative to what was given.
        refused: why it will not be opened, or empty.
    """

    student: str
    path: Path
    file: str
    refused: str = ""


def collect(paths: Sequence[Path]) -> list[Submission]:
    """Every notebook under the paths, in order of student and file, each file once.

    Raises:
        GradingError: a path is not there, or there is no notebook at all.
    """
    found: dict[Path, Submission] = {}
    for path in paths:
        for submission in under(path):
            found.setdefault(Path(os.path.abspath(submission.path)), submission)
    if not found:
        raise GradingError(text("grading.problem.nothing", paths=", ".join(map(str, paths))))
    names = Counter(submission.file for submission in found.values())
    distinct = (replace(s, file=str(s.path)) if names[s.file] > 1 else s for s in found.values())
    return sorted(distinct, key=lambda submission: (submission.student, submission.file))


def under(path: Path) -> Iterator[Submission]:
    """The submissions of one path."""
    if path.is_dir():
        yield from in_folder(path)
    elif not path.exists():
        raise GradingError(text("grading.problem.no_path", path=path))
    elif path.suffix.lower() in ARCHIVES:
        raise GradingError(text("grading.problem.archive", path=path))
    else:
        yield Submission(owner(path), path, named_with_folder(path))


def in_folder(root: Path) -> Iterator[Submission]:
    """The notebooks in a folder of students' folders; one that lies directly in it is a student's own, too."""
    for path, refused in walk(root):
        parts = path.relative_to(root).parts
        if len(parts) > 1 or path.suffix.lower() != ".ipynb":  # a student's folder that is a link
            yield Submission(parts[0], path, "/".join(parts), refused)
        else:
            yield Submission(owner(path), path, named_with_folder(path), refused)


def walk(folder: Path) -> Iterator[tuple[Path, str]]:
    """Every notebook below a folder, and every link that is not followed, with why not."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        path = Path(entry.path)
        if entry.name in IGNORED or entry.name.startswith("._"):
            continue
        if entry.is_symlink():
            if path.suffix.lower() == ".ipynb":
                yield path, text("grading.unreadable.link")
            elif path.is_dir():
                yield path, text("grading.unreadable.folder_link")
        elif entry.is_dir(follow_symlinks=False):
            yield from walk(path)
        elif path.suffix.lower() == ".ipynb":
            yield path, "" if entry.is_file(follow_symlinks=False) else text("grading.unreadable.special")


def named_with_folder(path: Path) -> str:
    """A file's name with its folder's in front, as it stands in results."""
    return f"{path.absolute().parent.name}/{path.name}".lstrip("/")


def owner(path: Path) -> str:
    """Whose a single notebook is: its folder's name where the file is named for a lesson, else its own name."""
    return path.absolute().parent.name or path.stem if lesson_in_name(path.stem) else path.stem
