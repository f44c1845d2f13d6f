"""Turn the paths on the command line into submissions: student, lesson and file."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.found import Found, Given, as_own, in_folder, in_zip, with_zips_listed
from ncl_course.grading.handed_in.level import Level, levels
from ncl_course.grading.handed_in.names import escaped, file_name
from ncl_course.grading.handed_in.owned import assigned, owned
from ncl_course.grading.handed_in.submission import Shelf, Submission
from ncl_course.grading.handed_in.walk import is_zip
from ncl_course.language import text
from ncl_course.submission.lesson import lesson_in_name

MOST_NOTEBOOKS = 100
"""The most notebooks of one student; a course has seven."""

OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar")


def collect(paths: Sequence[Path]) -> list[Submission]:
    """Return every notebook under the paths, in order of student and file, each file once for each of its students.

    Raises:
        GradingError: if a path does not exist or is an unreadable zip, or if there is no notebook at all.
    """
    shelf = Shelf()
    found: dict[tuple[object, ...], Submission] = {}
    for one in owned(list(trusted(list(under(paths)), shelf)), shelf):
        found.setdefault((os.path.abspath(one.path), one.inside, one.student), one)
    if not found:
        raise GradingError(text("grading.problem.nothing", paths=", ".join(map(str, paths))))
    return list(at_most(sorted(distinct(list(found.values())), key=lambda one: (one.student, one.file))))


def at_most(submissions: Sequence[Submission]) -> Iterator[Submission]:
    """Yield the first submissions of each student, and one that gives the number of those that are not read."""
    for _, of_student in groupby(submissions, key=lambda submission: submission.student):
        theirs = list(of_student)
        further = len(theirs) - MOST_NOTEBOOKS
        yield from theirs[:MOST_NOTEBOOKS]
        if further > 0:
            why = text("submission.unreadable.notebooks", count=further, limit=MOST_NOTEBOOKS)
            yield replace(theirs[MOST_NOTEBOOKS], refused=why)


def under(paths: Sequence[Path]) -> Iterator[Given]:
    """List the files under each path. Notebooks given by their own paths form a group if they are in one folder.

    Raises:
        GradingError: if a path does not exist or cannot be read.
    """
    single: dict[Path, list[Path]] = defaultdict(list)
    for path in {os.path.abspath(path): path for path in paths}.values():
        if path.is_dir():
            yield with_zips_listed(in_folder(path), whose_outside)
        elif not path.exists():
            raise GradingError(text("grading.problem.no_path", path=path))
        elif is_zip(path.name):
            yield with_zips_listed(in_zip(path), whose_outside)
        elif path.suffix.lower() in OTHER_ARCHIVES:
            raise GradingError(text("grading.problem.archive", path=path))
        else:
            single[path.absolute().parent].append(path)
    for folder, files in single.items():
        once = {path.name: Found((path.name,), path) for path in files}
        yield Given(folder.name, folder, tuple(once.values()))


def whose_outside(given: Given) -> Callable[[Found], Hashable]:
    """Return a function that says whose a file is by the names outside of students' zips."""
    known = known_levels(given)

    def whose(one: Found) -> Hashable:
        level = next((level for level in known if level.holds(one)), Level())
        return level.owners.get(level.name(one)) or (level.above, level.name(one))

    return whose


def known_levels(given: Given) -> Sequence[Level]:
    """Return the folders under a path that hold students' work."""
    return [Level()] if given.own else levels(given.files)


def trusted(everything: Sequence[Given], shelf: Shelf) -> Iterator[tuple[Given, Sequence[Level]]]:
    """Yield the given paths with their levels, once it is clear which of them are a single student's own.

    Among the paths of single students, one that looks like a download and has no more students than there are such
    paths beside it is also a single student's: the names in it are made up. If several paths hold one folder each, with
    the same name and the same lessons, that may be the student's name or the assignment's, as in ``submitted/*``.
    """
    known = [(given, known_levels(given)) for given in everything]
    alone = Counter(given.parent for given, found in known if is_one_students(given, found, shelf))
    shared = Counter(place for given, found in known for place in assignments(given, found))
    for given, found in known:
        platform = next((level.platform for level in found if level.platform), "")
        if 0 < sum(level.students for level in found) <= alone[given.parent]:
            yield made_up(given, platform)
        elif any(shared[place] > 1 for place in assignments(given, found)):
            name = given.files[0].parts[0]
            yield given, [Level(doubts={name: text("grading.whose.paths", folder=escaped(name))})]
        else:
            yield given, found


def is_one_students(given: Given, found: Sequence[Level], shelf: Shelf) -> bool:
    """Return whether a path holds the work of one student, whom no platform has named."""
    if any(level.platform for level in found):
        return False
    return len({owner for level in found for one in assigned(given, level, shelf) for owner in one[2]}) == 1


def assignments(given: Given, found: Sequence[Level]) -> set[tuple[object, ...]]:
    """Return the lessons in the only folder of a path, each with the folder's name and with the path's parent."""
    names = {one.parts[0] for one in given.files}
    plain = found == [Level()] and len(names) == 1 and not given.own
    lessons = {lesson_in_name(Path(one.parts[-1]).stem) for one in given.files if not one.other and len(one.parts) > 1}
    return {(given.parent, *names, lesson) for lesson in lessons if lesson} if plain else set()


def made_up(given: Given, platform: str) -> tuple[Given, list[Level]]:
    """Return the work of a single student who has copied the names of a download."""
    name = f"{given.home}.zip" if given.zipped else given.home
    why = text("grading.whose.beside", platform=platform.capitalize())
    return as_own(given, name), [Level(doubts={name: why})]


def distinct(submissions: Sequence[Submission]) -> Iterable[Submission]:
    """Return the submissions; if two have the same file name, they get their whole paths, so that all differ."""
    places: dict[str, set[object]] = defaultdict(set)
    for one in submissions:
        places[one.file].add(one.place)
    taken: set[tuple[str, str]] = set()
    for one in submissions:
        name = one.file if len(places[one.file]) == 1 else full_name(one)
        number = 2
        while (one.student, name) in taken:
            name, number = f"{full_name(one)} #{number}", number + 1
        taken.add((one.student, name))
        yield replace(one, file=name)


def full_name(submission: Submission) -> str:
    """Return a file's whole path."""
    return file_name("/".join((str(submission.path), *submission.inside)))
