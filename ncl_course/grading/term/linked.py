"""Learn from a platform's sheet which number the platform has for each student of the roster.

A roster has the university's numbers; Moodle counts a class's participants by itself, and only its worksheet says who
has which number. By it a partner who handed in nothing gets a mark and a page, and namesakes are told apart. A student
is found by the address, or by a name that nobody else has, in the sheet or on the roster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ncl_course.grading.sheets.columns import Columns, numbered
from ncl_course.grading.sheets.table import Sheet
from ncl_course.grading.term.roster import COLUMNS, NOBODY, Person, Roster, key, roster


@dataclass(frozen=True)
class Seat:
    """A student's row of a sheet."""

    number: str
    email: str
    name: str


def linked(people: Roster, sheet: Sheet, columns: Columns) -> Roster:
    """Return the roster with the platform's number of each student whom the sheet names beyond doubt."""
    if columns.platform not in ("moodle", "canvas"):
        return people
    seats = list(seats_of(sheet, columns))
    emails, names = Counter(key(seat.email) for seat in seats), Counter(key(seat.name) for seat in seats)
    found: dict[Person, set[str]] = {}
    for seat in seats:
        person = people.of([seat.email]) if seat.email and emails[key(seat.email)] == 1 else NOBODY
        if person == NOBODY and names[key(seat.name)] == 1:
            person = people.of([seat.name])
        if person != NOBODY:
            found.setdefault(person, set()).add(seat.number)
    clear = {person: next(iter(numbers)) for person, numbers in found.items() if len(numbers) == 1}
    return roster(replace(person, platform=clear.get(person, "")) for person in people.people)


def seats_of(sheet: Sheet, columns: Columns) -> Iterator[Seat]:
    """Yield the rows of a sheet that have a number."""
    heads = [header.casefold() for header in sheet.headers]
    email, name = (column(heads, COLUMNS[ours]) for ours in ("email", "name"))
    for row in range(columns.first, len(sheet.rows)):
        said = sheet.cell(row, columns.id).strip()
        number = numbered(said) if columns.platform == "moodle" else said
        if number:
            yield Seat(number, sheet.cell(row, email).strip(), sheet.cell(row, name).replace(", ", " ").strip())


def column(heads: list[str], names: tuple[str, ...]) -> int:
    """Return the first column with one of these headers, or -1."""
    return next((heads.index(name) for name in names if name in heads), -1)
