"""Make submissions of the files under the given paths: each with its student, and with the doubt where there is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from ncl_course.grading.handed_in.downloads import Owner, named
from ncl_course.grading.handed_in.flat import is_lesson, shared_out
from ncl_course.grading.handed_in.found import Found, Given
from ncl_course.grading.handed_in.level import Level
from ncl_course.grading.handed_in.names import composed, escaped, file_name, student_name
from ncl_course.grading.handed_in.submission import Shelf, Submission
from ncl_course.grading.handed_in.walk import is_notebook, is_zip, junk
from ncl_course.language import text

MOST_NAMED = 3

Assigned = tuple[Found, Level, tuple[Owner, ...], str]
"""A file, the level that holds its student's name, its students, and the doubt."""


def owned(everything: Sequence[tuple[Given, Sequence[Level]]], shelf: Shelf) -> Iterator[Submission]:
    """Yield the submissions under the paths that were given."""
    done = [[one for level in known for one in assigned(given, level, shelf)] for given, known in everything]
    names = named([[owner for _, _, owners, _ in found for owner in owners] for found in done])
    for of_owner, found in zip(names, done, strict=True):
        for one, level, owners, doubt in found:
            for owner in owners:
                yield submission(one, level, owner, student_name(of_owner[owner]), doubt, shelf)


def submission(one: Found, level: Level, owner: Owner, student: str, doubt: str, shelf: Shelf) -> Submission:
    """Return the submission of one student."""
    flat = len(one.parts) == 1 and not one.inside and is_notebook(one.parts[0])
    file = f"{one.path.absolute().parent.name}/{one.path.name}".lstrip("/") if flat else "/".join(one.parts)
    return Submission(
        student,
        one.path,
        file_name(file),
        one.refused,
        one.inside,
        id=escaped(owner.number),
        doubt=doubt,
        stamps=stamps(one, level),
        handed=level.times.get(level.name(one), ""),
        shelf=shelf,
    )


def assigned(given: Given, level: Level, shelf: Shelf) -> Iterator[Assigned]:
    """Yield the files of one level with their students: notebooks, and one file of each student who has none."""
    here = [one for one in given.files if level.holds(one)]
    handed_in = [one for one in here if not one.other]
    students = whose(given, level, handed_in, shelf)
    yield from students
    there = {owner for _, _, owners, _ in students for owner in owners}
    folders = not any(level.is_flat(one) for one in handed_in)
    others: dict[tuple[Owner, ...], list[Found]] = defaultdict(list)
    for one in here:
        if one.other and not junk(one.parts) and (handed_in or one.empty):
            owners = other_owner(level, one, folders)
            if owners and not there & {*owners}:
                others[owners].append(one)
    for owners, files in others.items():
        first = next((one for one in files if one.empty), files[0])
        why = first.refused if first.empty else other_files(files)
        yield replace(first, refused=why), level, owners, level.doubts.get(level.name(first), "")


def other_owner(level: Level, one: Found, folders: bool) -> tuple[Owner, ...]:
    """Return the students of a file that is not a notebook, as far as a folder or a platform says whose it is."""
    if level.name(one) in level.owners:
        return level.owners[level.name(one)]
    return (folder_owner(level, one),) if one.empty or (folders and not level.is_flat(one)) else ()


def other_files(files: Sequence[Found]) -> str:
    """Return the sentence that names a student's files, or says that there are none."""
    files = [one for one in files if one.parts[-1]]
    if not files:
        return text("submission.unreadable.nothing")
    names = ", ".join(escaped(one.parts[-1]) for one in files[:MOST_NAMED]) + (", …" if files[MOST_NAMED:] else "")
    return text("submission.unreadable.other_files", names=names)


def whose(given: Given, level: Level, files: Sequence[Found], shelf: Shelf) -> list[Assigned]:
    """Return notebooks with their students: by the platform, by the folder, or by the file's own name."""
    flat = {
        name: one
        for one in files
        if level.is_flat(one) and (name := level.name(one)) not in level.owners and (is_notebook(name) or is_zip(name))
    }
    by_name = by_flat_names(given, level, flat, shelf, beside=any(not level.is_flat(one) for one in files))
    done = []
    for one in files:
        name = level.name(one)
        doubt = level.doubts.get(name, "")
        if name in level.owners:
            owners = level.owners[name]
        elif name in flat:
            student, why = by_name[name]
            owners, doubt = (Owner(student),), doubt or why
        else:
            owners = (folder_owner(level, one),)
        done.append((one, level, owners, doubt))
    return done


def folder_owner(level: Level, one: Found) -> Owner:
    """Return the student of a folder, or of a zip, by its name."""
    name = level.name(one)
    return Owner(composed(name[: -len(".zip")] if is_zip(name) else name))


def by_flat_names(
    given: Given, level: Level, flat: dict[str, Found], shelf: Shelf, *, beside: bool
) -> dict[str, tuple[str, str]]:
    """Return the student and the doubt for each file that lies beside others.

    Args:
        beside: whether students' folders are there too.
    """
    home = next((name for name in reversed(level.above) if not is_lesson(name)), given.home)
    names = sorted(flat)

    def lesson(index: int) -> str:
        one = flat[names[index]]
        readable = Submission("", one.path, names[index], one.refused, one.inside, shelf=shelf)
        return readable.reading.lesson if is_notebook(names[index]) else ""

    found = dict(zip(names, shared_out([Path(name).stem for name in names], composed(home), lesson), strict=True))
    for name, (student, doubt) in found.items():
        if not doubt and level.platform:
            said = {"platform": level.platform.capitalize(), "student": escaped(student)}
            found[name] = student, text("grading.whose.stray", **said)
        elif not doubt and beside and student == composed(home):
            found[name] = student, text("grading.whose.folders", student=escaped(student))
    return found


def stamps(one: Found, level: Level) -> tuple[int, ...]:
    """Return how many folders above the notebook a platform may have put its stamp, the outermost place first.

    nbgrader writes it into a student's folder for an assignment. Where a platform has named the files, or in a
    student's zip, there is no stamp but one that the student made.
    """
    depth = len(level.above)
    inner = one.parts[depth:-1]
    if level.platform:
        return (len(inner) - 1,) if level.platform == "nbgrader" and len(one.inside) < 2 and inner else ()
    if not inner:
        return (0,)
    student, assignment = len(inner) - 1, len(inner) - 2
    if is_zip(inner[0]):
        return ()
    return (student,) if assignment < 0 or is_zip(inner[1]) else (student, assignment)
