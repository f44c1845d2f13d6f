"""From the paths on the command line to submissions: whose, which lesson, which file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.archive import Inside, Member, members
from ncl_course.grading.handed_in.downloads import Owner, named, owner_in
from ncl_course.grading.handed_in.opened import Shelf
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.handed_in.walk import ignored, is_notebook, is_zip, junk, walk
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import lesson_in_name, named_as_map

MANIFEST = "MANIFEST.sha256"
"""Stands in every repository of the course, with the sums of all files as they were handed out."""

MOST_NAMED = 3
OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")


@dataclass(frozen=True)
class Found:
    """A notebook under a path that was given: its parts below it, and where to read it.

    ``empty`` where it is a student's zip, or other file, without a notebook: told only of those who have no other.
    """

    parts: tuple[str, ...]
    path: Path
    refused: str = ""
    inside: Inside = ()
    empty: bool = False


def collect(paths: Sequence[Path]) -> list[Submission]:
    """Every notebook under the paths, in order of student and file, each file once.

    Raises:
        GradingError: a path is not there or is no zip that can be read, or there is no notebook at all.
    """
    found: dict[tuple[str, Inside], Submission] = {}
    for path in paths:
        for submission in under(path):
            found.setdefault((os.path.abspath(submission.path), submission.inside), submission)
    if not found:
        raise GradingError(text("grading.problem.nothing", paths=", ".join(map(str, paths))))
    names = Counter(submission.file for submission in found.values())
    shelf = Shelf()
    distinct = (
        replace(one, file=full_name(one) if names[one.file] > 1 else one.file, shelf=shelf) for one in found.values()
    )
    return sorted(distinct, key=lambda submission: (submission.student, submission.file))


def under(path: Path) -> Iterator[Submission]:
    """The submissions of one path."""
    if path.is_dir():
        yield from owned(list(in_folder(path)))
    elif not path.exists():
        raise GradingError(text("grading.problem.no_path", path=path))
    elif is_zip(path.name):
        yield from owned(in_zip(path))
    elif path.suffix.lower() in OTHER_ARCHIVES:
        raise GradingError(text("grading.problem.archive", path=path))
    else:
        found = owner_in((path.name,))
        yield Submission(owner(path), path, named_with_folder(path), id=found.number if found else "")


def owned(found: list[Found]) -> Iterator[Submission]:
    """The submissions that were found under one path, each with its student."""
    owners = [owner_in(one.parts) or Owner(plain_owner(one)) for one in found]
    names = named(owners)
    served = {whose for one, whose in zip(found, owners, strict=True) if not one.empty}
    for one, whose in zip(found, owners, strict=True):
        if one.empty and whose in served:
            continue
        flat = len(one.parts) == 1 and not one.inside and is_notebook(one.parts[0])
        file = named_with_folder(one.path) if flat else "/".join(one.parts)
        yield Submission(names[whose], one.path, file, one.refused, one.inside, id=whose.number)


def plain_owner(one: Found) -> str:
    """Whose a notebook is that no download names: its outermost folder's, or where it lies flat its own name's."""
    if len(one.parts) > 1 or not is_notebook(one.parts[0]):
        return one.parts[0].removesuffix(".zip")
    return Path(one.parts[0]).stem if one.inside else owner(one.path)


def in_folder(root: Path) -> list[Found]:
    """The notebooks in a folder of students' folders; one that lies directly in it is a student's own, too.

    Raises:
        GradingError: the folder cannot be opened.
    """
    above = (root.absolute().name,) if (root / MANIFEST).is_file() else ()  # one student's repository of the course
    found: list[Found] = []
    others: list[Found] = []
    for path, refused in walk(root):
        if path == root:
            raise GradingError(f"{root}: {refused}")
        parts = (*above, *path.relative_to(root).parts)
        if is_zip(path.name) and not refused:
            found += in_students_zip(path, (), parts)
        elif refused or is_notebook(path.name):
            found.append(Found(parts, path, refused))
        else:
            others.append(Found(parts, path))
    return [*found, *without_notebook(found, others)]


def in_zip(path: Path) -> list[Found]:
    """The notebooks in a zip of students' folders, or in the zips that students have put there.

    Raises:
        GradingError: the zip cannot be read.
    """
    try:
        inner = [one for one in members(path) if not ignored(one.parts)]
    except UnreadableNotebookError as error:
        raise GradingError(f"{path}: {error}") from None
    found: list[Found] = []
    others: list[Found] = []
    for one in inner:
        if is_zip(one.name) and not one.refused:
            found += in_students_zip(path, one.inside, one.parts)
        else:
            (found if is_notebook(one.name) or is_zip(one.name) else others).append(of_member(path, one, ()))
    if found and all(len(one.parts) > 1 and one.parts[0] == path.stem for one in found):
        found, others = without_outermost(found), without_outermost(others)
    return [*found, *without_notebook(found, others)]


def in_students_zip(path: Path, inside: Inside, parts: tuple[str, ...]) -> Iterator[Found]:
    """The notebooks in one student's own zip; where it cannot be read, the zip itself in their place."""
    try:
        inner = [one for one in members(path, inside) if not ignored(one.parts)]
    except UnreadableNotebookError as error:
        yield Found(parts, path, str(error), inside)
        return
    if not any(is_notebook(one.name) or is_zip(one.name) for one in inner):
        yield Found(parts, path, text("submission.unreadable.no_notebook"), inside, empty=True)
    for one in inner:
        if is_zip(one.name):
            yield replace(of_member(path, one, parts), refused=text("submission.unreadable.depth"))
        elif is_notebook(one.name):
            yield of_member(path, one, parts)


def without_notebook(found: list[Found], others: list[Found]) -> Iterator[Found]:
    """One for each student who handed in other files alone, as far as folders or a download tell whose a file is."""
    whose = [owner_in(one.parts) for one in found]
    flat = any(theirs and in_root(one) for one, theirs in zip(found, whose, strict=True))
    folders = all(len(one.parts) > 1 or theirs for one, theirs in zip(found, whose, strict=True))
    by_owner: dict[Owner | str, list[Found]] = {}
    for one in others if found else ():
        if junk(one.parts):
            continue
        theirs = owner_in(one.parts) if len(one.parts) > 1 or flat else None
        if theirs or (folders and len(one.parts) > 1):
            by_owner.setdefault(theirs or one.parts[0], []).append(one)
    for files in by_owner.values():
        names = ", ".join(one.parts[-1] for one in files[:MOST_NAMED]) + (", …" if files[MOST_NAMED:] else "")
        yield replace(files[0], refused=text("submission.unreadable.other_files", names=names), empty=True)


def in_root(one: Found) -> bool:
    """Whether a notebook lies directly in what was given, or in a zip that does."""
    return len(one.parts) == 1 or is_zip(one.parts[0])


def of_member(path: Path, one: Member, above: tuple[str, ...]) -> Found:
    """A file in a zip, whose parts stand below those of the zip that a student has put there."""
    return Found((*above, *one.parts), path, one.refused, one.inside)


def without_outermost(found: list[Found]) -> list[Found]:
    """The same without the folder that packing a folder puts around everything: it has the zip's own name."""
    return [replace(one, parts=one.parts[1:]) for one in found]


def full_name(submission: Submission) -> str:
    """A file's whole path, for names that would be the same below different paths."""
    return "/".join((str(submission.path), *submission.inside))


def named_with_folder(path: Path) -> str:
    """A file's name with its folder's in front, as it stands in results."""
    return f"{path.absolute().parent.name}/{path.name}".lstrip("/")


def owner(path: Path) -> str:
    """Whose a single notebook is: its folder's name where the file is named as in the course, else its own name."""
    found = owner_in((path.name,))
    if found:
        return found.student
    ours = lesson_in_name(path.stem) or named_as_map(path.name)
    return path.absolute().parent.name or path.stem if ours else path.stem
