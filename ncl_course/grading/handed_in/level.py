"""Find the folder under a path that holds the students' folders or files, and the platform that named them.

This is decided once for a path. Everything below a student's folder or zip is that student's: a name in it that
looks like a platform's has no effect.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ncl_course.grading.handed_in.downloads import BOTH, FLAT, FOLDERS, Owners, is_ambiguous
from ncl_course.grading.handed_in.flat import is_lesson, named, people
from ncl_course.grading.handed_in.found import Found
from ncl_course.grading.handed_in.gradescope import FOLDER, METADATA, export
from ncl_course.grading.handed_in.names import composed, escaped
from ncl_course.grading.handed_in.times import times
from ncl_course.grading.handed_in.walk import is_notebook, is_zip
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

Parts = tuple[str, ...]

TEAMS = frozenset({"submitted files", "working files", "отправленные файлы", "рабочие файлы"})
"""The folders of Microsoft Teams. Each holds a folder for each student, and some students are in both."""


@dataclass(frozen=True)
class Level:
    """A folder that holds students' folders or files.

    Attributes:
        above: the folders that lead to it.
        platform: the platform that named its contents, or an empty string.
        owners: the students by the names that the platform gave.
        doubts: the reasons why it is uncertain whose the work under a name is, by these names.
        times: when the work under a name was handed in, in the platform's words, by these names.
    """

    above: Parts = ()
    platform: str = ""
    owners: Owners = field(default_factory=dict)
    doubts: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)

    @property
    def students(self) -> int:
        """The number of students that a platform named."""
        return len({owner for owners in self.owners.values() for owner in owners})

    def name(self, one: Found) -> str:
        """Return the name that a file, or the folder that holds it, has in this folder."""
        return one.parts[len(self.above)]

    def is_flat(self, one: Found) -> bool:
        """Return whether a file or a zip itself lies in this folder, and not a folder that holds it."""
        return len(one.parts) == len(self.above) + 1 or is_zip(self.name(one))

    def holds(self, one: Found) -> bool:
        """Return whether a file lies in this folder or below it."""
        return one.parts[: len(self.above)] == self.above and len(one.parts) > len(self.above)


def levels(files: Sequence[Found]) -> list[Level]:
    """Return the folders that hold students' work: the path itself, or one or several below it."""
    top = level(files, ())
    return [top] if top.platform else deeper(files, top)


def level(files: Iterable[Found], above: Parts) -> Level:
    """Return the level of one folder, with the platform whose names fit more than half of its contents."""
    plain = Level(above)
    here = [one for one in files if plain.holds(one)]
    flat = {plain.name(one): plain.is_flat(one) for one in here}
    counts = deciding(plain, here)
    if any(one.parts == (*above, METADATA) for one in here):
        folders = {name for name in counts if FOLDER.match(name)}
        if 2 * len(folders) > len(counts):
            return gradescope(here, plain, folders)
    files_only = [name for name, is_flat in flat.items() if is_flat]
    folders_only = flat.keys() - files_only
    found = {which.__name__: which(flat, folders_only) for which in BOTH}
    found |= {which.__name__: which(files_only) for which in FLAT}
    found |= {which.__name__: which(sorted(folders_only)) for which in FOLDERS}
    platform = max(found, key=lambda name: len(found[name].keys() & counts))
    if 2 * len(found[platform].keys() & counts) <= len(counts):
        return plain
    owners = in_download(found[platform], above)
    handed = times(platform, owners, here, above, folders_only)
    return replace(
        plain, platform=platform, owners=owners, times=handed, doubts=ambiguous(platform, owners, files_only)
    )


def ambiguous(platform: str, owners: Owners, files: Iterable[str]) -> dict[str, str]:
    """Return the doubts about flat files whose names have the platform's form twice."""
    students = {name: escaped(owners[name][0].student) for name in files if name in owners and is_ambiguous(name)}
    said = platform.capitalize()
    return {name: text("grading.whose.twice", platform=said, student=who) for name, who in students.items()}


def deciding(plain: Level, files: Iterable[Found]) -> set[str]:
    """Return the names of folders, notebooks and zips: they tell the platform. Other flat files may be anything."""
    names = {plain.name(one): plain.is_flat(one) for one in files}
    return {name for name, is_flat in names.items() if not is_flat or is_notebook(name) or is_zip(name)}


def in_download(owners: Owners, above: Parts) -> Owners:
    """Return the owners with their names in NFC and with the download, in which numbers distinguish namesakes."""
    download = "/".join(above)
    return {
        name: tuple(replace(one, student=composed(one.student), download=download) for one in found)
        for name, found in owners.items()
    }


def gradescope(files: Iterable[Found], plain: Level, folders: set[str]) -> Level:
    """Return the level of Gradescope's export. A folder without a known student is doubtful."""
    metadata = next(one for one in files if one.parts == (*plain.above, METADATA))
    try:
        owners, handed = export(metadata.read())
        why = text("grading.whose.unlisted", file=METADATA)
    except UnreadableNotebookError as error:
        owners, handed, why = {}, {}, text("grading.whose.metadata", file=METADATA, why=error)
    doubts = {folder: why for folder in folders if folder not in owners}
    known = {folder: found for folder, found in owners.items() if folder in folders}
    return replace(plain, platform="gradescope", owners=in_download(known, plain.above), doubts=doubts, times=handed)


def deeper(files: Sequence[Found], top: Level) -> list[Level]:
    """Return the levels below a folder if it holds nothing but downloads or folders of lessons; else the folder itself.

    A download that names a single student looks like a student's own folder with a copied name in it. So a folder
    around it keeps its own name, and there is a doubt.
    """
    inner: dict[str, list[Found]] = defaultdict(list)
    for one in files:
        if top.holds(one) and len(one.parts) > len(top.above) + 1:
            inner[top.name(one)].append(one)
    names = deciding(top, [one for one in files if top.holds(one)])
    if not names or names != inner.keys() & names:
        return [top]
    below = {name: level(inner[name], (*top.above, name)) for name in sorted(names)}
    if all(one.platform for one in below.values()) and any(one.students > 1 for one in below.values()):
        return [*below.values()]
    if all(map(is_lesson, names)):
        return [*below.values()]
    if len(names) == 1:
        return around_one(inner, top, *below.values())
    groups = crowded(inner, below)
    if 2 * len(groups) > len(names):
        return [replace(top, doubts={name: text("grading.whose.outer", folder=escaped(name)) for name in groups})]
    return [top]


def crowded(inner: Mapping[str, Sequence[Found]], below: Mapping[str, Level]) -> list[str]:
    """Return the folders that seem to hold several students' folders, as those of groups or of Teams do.

    A name that is in most of the folders, such as ``notebooks`` in repositories, is not that of a student.
    """
    said = {name: said_below(files, below[name], folders=True) for name, files in inner.items()}
    if {name.casefold() for name in said} <= TEAMS:
        return [*said]
    inside = {name: {folder for folder, _ in found} for name, found in said.items()}
    counts = Counter(folder for folders in inside.values() for folder in folders)
    shared = {folder for folder, count in counts.items() if 2 * count > len(said)}
    return [name for name, found in said.items() if inside[name] - shared and people(found) > 1]


def around_one(inner: Mapping[str, Sequence[Found]], top: Level, below: Level) -> list[Level]:
    """Return the levels for a folder that holds a single folder."""
    name = below.above[-1]
    if below.platform:
        why = text("grading.whose.one", folder=escaped(name), platform=below.platform.capitalize())
        return [replace(top, doubts={name: why})]
    if max(people(said_below(inner[name], below)), people(said_below(inner[name], below, folders=True))) > 1:
        return [replace(top, doubts={name: text("grading.whose.outer", folder=escaped(name))})]
    found = deeper(inner[name], below)
    if not named(name).student:  # such as "hw1": the students are below it
        return found
    return found if any(one.platform for one in found) else [top]


def said_below(files: Iterable[Found], below: Level, *, folders: bool = False) -> list[tuple[str, str]]:
    """Return what names a student, and the file's name, for the notebooks in a folder: the same, or its subfolder."""
    depth = len(below.above)
    stems = [(one.parts, Path(one.parts[-1]).stem) for one in files if not one.other]
    return [(parts[depth] if folders else stem, stem) for parts, stem in stems if (len(parts) > depth + 1) is folders]
