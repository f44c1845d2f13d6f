"""List the notebooks and the other files under a path: in a folder, in a zip, in a student's own zip."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.archive import (
    MAX_MEMBERS,
    MAX_OWN,
    Inside,
    Member,
    is_folder,
    member,
    member_bytes,
    members,
    opened,
)
from ncl_course.grading.handed_in.flat import people
from ncl_course.grading.handed_in.submission import PATIENCE
from ncl_course.grading.handed_in.walk import (
    ENVIRONMENT,
    ignored,
    is_notebook,
    is_submitted,
    is_zip,
    leftovers_alone,
    walk,
)
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.notebook import read_bytes

MANIFEST = "MANIFEST.sha256"
"""A file in every repository of the course, with the sums of all files as they were handed out."""

PACKAGE = ("ncl_course", "__init__.py")
"""Another file in every repository, in a folder."""

MOST_LISTED = 10_000
"""Files in all zips of one student after which no further zip is opened; a student has one with seven notebooks."""

FOLDER = "folder"
"""Marks an entry of a zip that is a folder, until its reason is known."""


@dataclass(frozen=True)
class Found:
    """A file under a path that was given.

    Attributes:
        parts: its path below the one that was given; a zip counts as a folder.
        refused: the reason not to open it, or empty.
        other: whether it is not a notebook. It only tells who handed in something.
        empty: whether it is a student's zip without a notebook.
    """

    parts: tuple[str, ...]
    path: Path
    refused: str = ""
    inside: Inside = ()
    other: bool = False
    empty: bool = False

    def read(self) -> bytes:
        """Return its bytes.

        Raises:
            UnreadableNotebookError: if they cannot or must not be read.
        """
        return member_bytes(self.path, self.inside) if self.inside else read_bytes(self.path)


@dataclass(frozen=True)
class Given:
    """The files under one given path, or the notebooks of one folder that were given by their own paths.

    Attributes:
        home: the name of the folder, or of the zip without its ending.
        parent: the folder that holds it.
        own: whether all of it is one student's; then each file's path begins with the home.
        zipped: whether it is a zip.
    """

    home: str
    parent: Path
    files: tuple[Found, ...]
    own: bool = False
    zipped: bool = False


def with_zips_listed(given: Given, owner: Callable[[Given], Callable[[Found], Hashable]]) -> Given:
    """Return a path with the files in students' zips in place of these zips.

    Args:
        given: the path, with zips that are not opened yet.
        owner: returns a function that says whose a file is, as far as it can be known without opening the zips.
    """
    outer = finished(given)
    whose, listing = owner(outer), Listing()
    names = {(one.path, one.inside): one for one in outer.files}
    files: list[Found] = []
    for one in given.files:
        if is_zip(one.parts[-1]) and not one.refused and not one.other:
            files += listing(one, whose(names[one.path, one.inside]))
        else:
            files.append(one)
    return finished(replace(given, files=tuple(files)))


class Listing:
    """Lists the files in students' zips, within limits for each student.

    Attributes:
        files: the number of files that are listed for each student.
        seconds: the processor seconds that this took.
    """

    def __init__(self) -> None:
        self.files: dict[Hashable, int] = defaultdict(int)
        self.seconds: dict[Hashable, float] = defaultdict(float)

    def __call__(self, zipped: Found, whose: Hashable) -> list[Found]:
        """Return the files in a zip, or the zip itself with the reason why it is not opened."""
        if self.files[whose] > MOST_LISTED:
            return [replace(zipped, refused=text("submission.unreadable.listed", limit=MOST_LISTED))]
        if self.seconds[whose] > PATIENCE:
            return [replace(zipped, refused=text("submission.unreadable.patience", seconds=PATIENCE))]
        start = time.thread_time()
        found = [*in_students_zip(zipped.path, zipped.inside, zipped.parts)]
        self.seconds[whose] += time.thread_time() - start
        self.files[whose] += len(found)
        return found


def in_folder(root: Path) -> Given:
    """List a folder; zips are not opened.

    Raises:
        GradingError: if the folder cannot be opened.
    """
    home = root.absolute().name
    files: list[Found] = []
    for path, refused in walk(root):
        if path == root:
            raise GradingError(f"{root}: {refused}")
        parts = path.relative_to(root).parts
        files.append(Found(parts, path, refused, other=not refused and not is_submitted(path.name)))
    there = {one.parts[0] for one in files}
    folders = sorted(path for path in root.iterdir() if path.name not in there and not ignored((path.name,)))
    files += [
        empty_folder(path.name, path)
        for path in folders
        if path.is_dir() and not path.is_symlink() and leftovers_alone(path)
    ]
    return Given(home, root.absolute().parent, tuple(files))


def empty_folder(name: str, path: Path) -> Found:
    """Return the entry that stands for a student's folder with nothing in it but what programs leave."""
    return Found((name, ""), path, other=True)


def is_repository(files: Sequence[Found]) -> bool:
    """Return whether a folder is a student's repository of the course.

    In an inbox, a student can name a file like the list, but cannot make the course's folder beside it. A folder that
    holds several students' notebooks is an inbox, whatever else somebody has put there.
    """
    stems = [Path(one.parts[0]).stem for one in files if len(one.parts) == 1 and not one.other]
    of_course = {(MANIFEST,), PACKAGE} <= {one.parts for one in files}
    return of_course and people((stem, stem) for stem in stems) < 2


def as_own(given: Given, name: str) -> Given:
    """Return the same as a single student's, with that student's name in front of all paths."""
    return replace(given, own=True, files=tuple(replace(one, parts=(name, *one.parts)) for one in given.files))


def in_zip(path: Path) -> Given:
    """List a zip of the cohort, or of one student; zips in it are not opened.

    Raises:
        GradingError: if the zip cannot be read.
    """
    try:
        inner = list(relevant(path, (), MAX_MEMBERS))
    except UnreadableNotebookError as error:
        raise GradingError(f"{path}: {error}") from None
    files = [Found(one.parts, path, one.refused, one.inside, not is_submitted(one.name)) for one in inner]
    everything = [one.parts for one in members(path) if len(one.parts) > 1 and not ignored(one.parts[:1])]
    there = {parts[0] for parts in everything if not ignored(parts)}
    files += [empty_folder(name, path) for name in sorted({parts[0] for parts in everything} - there)]
    return Given(path.stem, path.absolute().parent, tuple(files), zipped=True)


def finished(given: Given) -> Given:
    """Return a path with its files as they count.

    The outermost folder of a zip is left out if it has the zip's name; all in a repository of the course is one
    student's; and a folder that is named like a notebook and holds none is told.
    """
    files, home = given.files, given.home
    notebooks = [one for one in files if not one.other]
    if given.zipped:
        if notebooks and all(len(one.parts) > 1 and one.parts[0] == home for one in notebooks):
            files = tuple(replace(one, parts=one.parts[1:]) for one in files if one.parts[0] == home)
        return replace(given, files=files)
    if is_notebook(home) and not notebooks:
        why = text("submission.unreadable.folder_named_so")
        files = (*files, Found((home,), given.parent / home, why))
    done = replace(given, files=files)
    return as_own(done, home) if is_repository(files) else done


def in_students_zip(path: Path, inside: Inside, parts: tuple[str, ...]) -> Iterator[Found]:
    """Yield the files in one student's own zip; if it cannot be read, yield the zip itself instead."""
    try:
        inner = list(relevant(path, inside, MAX_OWN))
    except UnreadableNotebookError as error:
        yield Found(parts, path, str(error), inside)
        return
    except Exception as error:  # whatever it is, it affects only this zip
        yield Found(parts, path, text("submission.unreadable.fault", error=type(error).__name__), inside)
        return
    refused = text("submission.unreadable.depth")
    for one in inner:
        if is_submitted(one.name):
            why = refused if is_zip(one.name) and not one.refused else one.refused
            yield Found((*parts, *one.parts), path, why, one.inside)
    if not any(is_submitted(one.name) for one in inner):
        yield Found(parts, path, text("submission.unreadable.no_notebook"), inside, other=True, empty=True)


def relevant(path: Path, inside: Inside, most: int) -> Iterator[Member]:
    """Yield the files in a zip without those that tools leave, and folders that are named like a notebook.

    Files without a name, or with one such as ``..``, are nobody's.

    Raises:
        UnreadableNotebookError: if the zip cannot be read.
    """
    inner = [one for one in members(path, inside, most) if one.parts and not ignored(one.parts)]
    python = {one.parts[:n] for one in inner for n, part in enumerate(one.parts) if n and part in ENVIRONMENT}
    kept = [one for one in inner if not any(one.parts[:n] in python for n in range(1, len(one.parts) - 1))]
    kept = [one for one in kept if one.parts[-1] not in ENVIRONMENT]
    told: dict[tuple[str, ...], Member] = {}
    for one in [*kept, *folders(path, inside)]:
        place = next((n for n, part in enumerate(one.parts, start=1) if is_notebook(part)), 0)
        if 0 < place < len(one.parts) or one.refused is FOLDER:
            told.setdefault(one.parts[:place], one)
    good = {one.parts[:n] for one in kept if is_submitted(one.name) for n in range(1, len(one.parts))}
    for parts, one in told.items():
        if parts not in good:
            yield Member(one.inside, parts, text("submission.unreadable.folder_named_so"))
    yield from kept


def folders(path: Path, inside: Inside) -> Iterator[Member]:
    """Yield the entries of a zip that are folders and named like a notebook."""
    for info in opened(path, inside).infolist():
        parts = member(info, inside, twice=False).parts
        if is_folder(info) and parts and is_notebook(parts[-1]) and not ignored(parts):
            yield Member((*inside, info.filename), parts, FOLDER)
