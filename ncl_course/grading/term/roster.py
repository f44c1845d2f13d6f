"""Read the list of students: our own columns, Canvas's gradebook or Moodle's participants, as a spreadsheet saves them.

Our columns are ``id, name, email, section, group``. Canvas's gradebook has ``Student``, ``ID``, ``SIS Login ID`` and
``Section``; Moodle's list of participants has the first name and the last name, the address and the groups, in English
or in Russian. Moodle's groups are what the course calls sections: partners need our own column ``group``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ncl_course.grading.entry import Entry
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.handed_in.names import composed
from ncl_course.grading.sheets.columns import POINTS_POSSIBLE
from ncl_course.grading.sheets.rows import table
from ncl_course.language import text

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("id", "id number", "student id", "sid", "orgdefinedid", "sis user id"),
        *("индивидуальный номер", "номер", "номер зачётной книжки", "номер зачетной книжки"),
    ),
    "name": (
        *("name", "student", "full name", "student name", "display name"),
        *("имя и фамилия", "фамилия и имя", "полное имя", "фио", "ф.и.о.", "студент"),
        *("фамилия имя отчество", "фамилия, имя, отчество", "фамилия имя", "фамилия, имя"),
    ),
    "first": ("first name", "имя"),
    "last": ("last name", "surname", "фамилия"),
    "email": (
        *("email", "e-mail", "email address", "адрес электронной почты", "почта"),
        *("sis login id", "username", "логин"),
    ),
    "section": ("section", "groups", "sections", "секция", "группы", "поток", "группа", "учебная группа"),
    "group": ("group", "partners", "партнёры", "бригада"),
}
"""The headers that are known for each of our columns, in lower case; an earlier one wins.

They are ours and those of Canvas, Moodle, Blackboard, Brightspace, Gradescope, Sakai and nbgrader, and of lists in
Russian, in which a group is a class of students.
"""

TEST_STUDENT = frozenset({"student, test", "test student"})
"""The student that Canvas makes for trying out."""


@dataclass(frozen=True)
class Person:
    """A student on the roster; what the roster does not say is empty.

    ``platform`` is the number in the platform's sheet, if that is known.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    group: str = ""
    platform: str = ""


NOBODY = Person()


@dataclass(frozen=True)
class Roster:
    """All students of the roster, found by a submission's student: by the name, the number or the address.

    Where the platform's numbers (``seats``) are known, a number is one of them, and never one of the university's.
    """

    people: tuple[Person, ...] = ()
    keys: Mapping[str, tuple[Person, ...]] = field(default_factory=dict, repr=False)
    seats: Mapping[str, Person] = field(default_factory=dict, repr=False)

    def of(self, names: Iterable[str], number: str = "") -> Person:
        """Return the student with these names; nobody if there is none, or if the names are those of several.

        Args:
            names: the names in the results, the plainest first.
            number: the student's number on a platform, which tells namesakes apart.
        """
        if number in self.seats:
            return self.seats[number]
        for name in filter(None, (*names, "" if self.seats else number)):
            found = self.keys.get(key(name), ())
            if len(found) > 1:
                found = tuple(person for person in found if number and person.id == number)
            if len(found) == 1:
                return found[0]
        return NOBODY

    def of_entry(self, entry: Entry) -> Person:
        """Return the student of an entry. A name may end with the number by which namesakes differ."""
        plain, number = apart(entry.student)
        found = self.of((entry.student, plain if number else ""), entry.id or number)
        rest = plain
        while found is NOBODY and "-" in rest:  # Moodle puts a student's group before the name
            rest = rest.partition("-")[2].strip()
            found = self.of((rest,), entry.id or number)
        return found

    def has_several(self, student: str) -> bool:
        """Return whether several students of the roster have this name, apart from its number."""
        return len(self.keys.get(key(apart(student)[0]), ())) > 1

    def partners(self, person: Person) -> tuple[Person, ...]:
        """Return the other members of a student's group, within the section."""
        if not person.group:
            return ()
        where = (person.section, person.group)
        return tuple(one for one in self.people if (one.section, one.group) == where and one != person)

    @property
    def sections(self) -> tuple[str, ...]:
        """All sections, in order of their names."""
        return tuple(sorted({person.section for person in self.people if person.section}))


def apart(student: str) -> tuple[str, str]:
    """Return the plain name and the number in parentheses by which namesakes differ; the number may be empty."""
    plain, _, number = student.removesuffix(")").rpartition(" (")
    return (plain, number) if student.endswith(")") and plain else (student, "")


def key(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return " ".join(composed(name).casefold().split())


def roster(people: Iterable[Person]) -> Roster:
    """Make a roster that finds people by their names in either order, their numbers and their addresses."""
    listed = tuple(dict.fromkeys(people))
    keys: dict[str, dict[Person, None]] = {}
    for person in listed:
        for word in filter(None, (*spellings(person.name), person.id, person.email, person.email.partition("@")[0])):
            keys.setdefault(key(word), {})[person] = None
    seats = {person.platform: person for person in listed if person.platform}
    return Roster(listed, {word: tuple(found) for word, found in keys.items()}, seats)


def spellings(name: str) -> Iterator[str]:
    """Yield a name as platforms write it: with the first or the last name in front, without the patronymic, joined."""
    yield name
    last, comma, first = name.partition(", ")
    words = name.split()
    if comma:
        yield f"{first} {last}"
        yield f"{last}{first}".replace(" ", "")  # as Canvas names a file
    elif len(words) in (2, 3):  # «Петрова Анна Сергеевна», or «Анна Петрова»
        yield f"{words[0]} {words[1]}"
        yield f"{words[1]} {words[0]}"


def read_roster(path: Path) -> Roster:
    """Read the roster from a CSV in UTF-8 or cp1251, with any of the usual separators.

    Raises:
        PolicyError: if it cannot be read, if it names nobody, or if two lines have the same number.
    """
    rows = table(path, (), (), one_of={head for role in ("name", "first", "last") for head in COLUMNS[role]})
    heads = [head for head in (rows[0][1] if rows else {}) if head]
    found = {ours: next((head for head in names if head in heads), "") for ours, names in COLUMNS.items()}
    if not (found["name"] or found["last"] or found["first"]):
        needed = ", ".join(("id", "name", "email", "section", "group"))
        raise PolicyError(text("marks.roster.headers", path=path, found=", ".join(heads), needed=needed))
    people = [(number, person_of(row, found)) for number, row in rows if any(row.values())]
    people = [(number, one) for number, one in people if is_student(one.name)]
    if not people:
        raise PolicyError(text("marks.roster.empty", path=path))
    demand_different(path, people)
    return roster(one for _, one in people)


def is_student(name: str) -> bool:
    """Return whether a row is a student's, and not Canvas's row of maxima or its own test student."""
    return bool(name) and POINTS_POSSIBLE not in name.casefold() and key(name) not in TEST_STUDENT


def person_of(row: Mapping[str, str], found: Mapping[str, str]) -> Person:
    """Return the person in a row."""
    said = {ours: row.get(head, "").strip() if head else "" for ours, head in found.items()}
    name = said["name"] or f"{said['first']} {said['last']}".strip()
    number, email = (said[role].removeprefix("#") for role in ("id", "email"))  # Brightspace marks texts by the sign
    return Person(number, composed(name), email, said["section"], said["group"])


def demand_different(path: Path, people: list[tuple[int, Person]]) -> None:
    """Refuse a roster in which two students have the same number.

    Raises:
        PolicyError: if one does; the message names the lines.
    """
    lines: dict[str, list[str]] = {}
    for one, number in {one: number for number, one in people}.items():
        if one.id:
            lines.setdefault(one.id, []).append(f"{number} ({one.name})")
    twice = [f"  {identity}: {', '.join(where)}" for identity, where in lines.items() if len(where) > 1]
    if twice:
        raise PolicyError("\n".join([text("marks.roster.twice", path=path), *twice]))
