"""Recognise the columns of a grading sheet, by header in the known languages, by content and by place.

These facts come from the platforms' own code and from sheets that people publish:

- Moodle's worksheet has, in this order: the identifier, name, address, status, grade, the maximum (or the scale),
  whether the grade can be changed, when the submission and the grade were last modified, the comments. Headers and
  numbers are in the exporting user's language: ``100.00`` or ``100,00``. The identifier is one word and a number, with
  or without a space (``Participant 123``, ``Участник123``, ``Teilnehmer/in123``); the number is the one in the
  download's folders. On import, Moodle needs its own headers, reads a point or the language's own sign, leaves
  out grades above the maximum or of a locked row, and reads a comment as HTML.
- Canvas's gradebook has English headers in every language (Student or LastName and FirstName, ID, …, Section), then a
  column an assignment, named ``Title (number)``, then totals. Below the headers there may be a row on manual posting;
  a row whose first cell says ``Points Possible`` holds the maxima, and ``(read only)`` for columns that are not
  imported. ``EX`` is an excused student, ``N/A`` one to whom the assignment is not given. It has no column of comments.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from ncl_course.grading.errors import SheetError
from ncl_course.grading.sheets.table import Sheet
from ncl_course.language import text

ROLES = ("id", "grade", "max", "changeable", "feedback")
"""The roles of columns, which ``--sheet-columns`` uses."""

MOODLE = {
    "id": ("Identifier", "Идентификатор", "Identifiant", "Identificador", "Ідентифікатор"),
    "grade": ("Grade", "Оценка", "Bewertung", "Note", "Calificación", "Avaliação", "Nota", "Оцінка"),
    "max": (
        "Maximum grade",
        "Максимальная оценка",
        "Bestwertung",
        "Note maximale",
        "Calificación máxima",
        "Nota máxima",
    ),
    "changeable": (
        "Grade can be changed",
        "Оценка может быть изменена",
        "Bewertung kann geändert werden",
        "La note peut être modifiée",
        "La calificación puede ser cambiada",
    ),
    "feedback": (
        "Feedback comments",
        "Отзыв в виде комментария",
        "Feedback als Kommentar",
        "Feedback par commentaires",
    ),
}
"""Headers as Moodle's language packs have them; upper and lower case do not count."""

NUMBERED = re.compile(r"[^\d\s][^\d]*?\s*(\d+)\s*$")
"""Moodle's identifier: a word for a participant, and the number."""

CANVAS_ASSIGNMENT = re.compile(r".*\(\d+\)$")
POINTS_POSSIBLE = "points possible"
NUMBER = re.compile(r"\d+(?:[.,]\d+)?$")
SCALES = {"scale", "шкала", "skala", "barème", "escala"}


@dataclass(frozen=True)
class Columns:
    """The column of each role; -1 if the sheet has none.

    Attributes:
        platform: ``moodle``, ``canvas``, or empty if the columns were named.
        first: the first row of a student.
        points: the row with the maxima in it, or 0.
    """

    id: int
    grade: int
    max: int = -1
    changeable: int = -1
    feedback: int = -1
    platform: str = ""
    first: int = 1
    points: int = 0


def asked_columns(asked: str) -> dict[str, str]:
    """Read ``--sheet-columns`` as headers by their roles; a comma in a header is part of it.

    Raises:
        SheetError: if it does not have the form id=NAME,grade=NAME,feedback=NAME.
    """
    found: dict[str, str] = {}
    last = ""
    for part in next(csv.reader([asked])) if asked else ():
        role, equals, name = part.partition("=")
        if equals and role.strip() in ROLES:
            last = role.strip()
            found[last] = name.strip()
        elif last:
            found[last] += f",{part}"
        else:
            raise SheetError(text("marks.sheet.asked", asked=asked, roles=", ".join(ROLES)))
    return found


def columns_of(sheet: Sheet, asked: dict[str, str], lesson: str = "") -> Columns:
    """Return the sheet's columns: those that were asked for, and the others as the platform names them.

    Args:
        lesson: the lesson that the sheet is for; empty while that is not known, and then a column of Canvas's that
            depends on it is not there yet.

    Raises:
        SheetError: if a column is missing, or cannot be recognised.
    """
    named = {role: column_named(sheet, name) for role, name in asked.items()}
    points = points_row(sheet)
    if points or {"Student", "SIS Login ID"} <= set(sheet.headers):
        return canvas(sheet, named, lesson, points)
    return moodle(sheet, named)


def column_named(sheet: Sheet, name: str) -> int:
    """Return the column with that header.

    Raises:
        SheetError: if there is none.
    """
    folded = [header.casefold() for header in sheet.headers]
    if name.casefold() not in folded:
        raise SheetError(text("marks.sheet.no_column", name=name, headers=listed(sheet.headers), path=sheet.path))
    return folded.index(name.casefold())


def points_row(sheet: Sheet) -> int:
    """Return Canvas's row with the maxima, which is among the first; or 0."""
    rows = range(1, min(4, len(sheet.rows)))
    return next((row for row in rows if POINTS_POSSIBLE in sheet.cell(row, 0).casefold()), 0)


def canvas(sheet: Sheet, named: dict[str, int], lesson: str, points: int) -> Columns:
    """Return the columns of Canvas's gradebook."""
    identity = named.get("id", sheet.headers.index("ID") if "ID" in sheet.headers else -1)
    if identity < 0:
        raise SheetError(text("marks.sheet.unknown", role="id", headers=listed(sheet.headers), path=sheet.path))
    grade = named.get("grade", -1)
    if grade < 0 and lesson:
        grade = canvas_assignment(sheet, lesson, points)
    feedback = named.get("feedback", -1)
    return Columns(identity, grade, feedback=feedback, platform="canvas", first=(points or 0) + 1, points=points)


def canvas_assignment(sheet: Sheet, lesson: str, points: int) -> int:
    """Return the column of an assignment: the one with the lesson's name, or the only one.

    Raises:
        SheetError: if there are several, and not exactly one has the lesson's name.
    """
    writable = assignments(sheet, points)
    found = columns_of_lesson(sheet, lesson, points) or writable
    if len(found) != 1:
        names = listed([sheet.headers[column] for column in writable]) or listed(sheet.headers)
        raise SheetError(text("marks.sheet.which", lesson=lesson, headers=names, path=sheet.path))
    return found[0]


def assignments(sheet: Sheet, points: int) -> list[int]:
    """Return the columns of assignments into which Canvas imports marks."""
    return [
        column
        for column, header in enumerate(sheet.headers)
        if CANVAS_ASSIGNMENT.match(header) and "(" not in sheet.cell(points, column)[:1]
    ]


def columns_of_lesson(sheet: Sheet, lesson: str, points: int) -> list[int]:
    """Return the columns of assignments that have the lesson's name in theirs."""
    plain = re.sub(r"[\W_]+", " ", lesson)
    return [c for c in assignments(sheet, points) if plain in re.sub(r"[\W_]+", " ", sheet.headers[c].casefold())]


def moodle(sheet: Sheet, named: dict[str, int]) -> Columns:
    """Return the columns of Moodle's worksheet, or of another table whose columns were named.

    Raises:
        SheetError: if a column that is needed cannot be recognised, or if the assignment is graded by words.
    """
    known = {role: known_header(sheet, role) for role in MOODLE} | named
    identity = known["id"] if known["id"] >= 0 else numbered_column(sheet)
    by_content = identity >= 0 and bool(numbered(sheet.cell(1, identity)))
    if by_content and known["max"] < 0:
        known["max"] = constant_column(sheet, max(identity, known["grade"]))
    if by_content and known["grade"] < 0 and holds_marks(sheet, known["max"] - 1):
        known["grade"] = known["max"] - 1
    if "grade" not in named and {header.casefold() for header in sheet.headers} & SCALES:
        raise SheetError(text("marks.sheet.scale", path=sheet.path))
    for role, column in (("id", identity), ("grade", known["grade"])):
        if column < 0:
            raise SheetError(text("marks.sheet.unknown", role=role, headers=listed(sheet.headers), path=sheet.path))
    return Columns(**(known | {"id": identity}), platform="moodle" if by_content else "")


def known_header(sheet: Sheet, role: str) -> int:
    """Return the first column whose header is one of the known ones for a role, or -1."""
    names = {name.casefold() for name in MOODLE[role]}
    return next((column for column, header in enumerate(sheet.headers) if header.casefold() in names), -1)


def numbered(cell: str) -> str:
    """Return the number in Moodle's identifier, or an empty string."""
    found = NUMBERED.match(cell.strip())
    return found[1] if found else ""


def numbered_column(sheet: Sheet) -> int:
    """Return the first column if each of its cells is one word and a number; or -1."""
    cells = [sheet.cell(row, 0).strip() for row in range(1, len(sheet.rows)) if any(sheet.values[row])]
    words = {cell.removesuffix(numbered(cell)) for cell in cells}
    return 0 if len(words) == 1 and all(map(numbered, cells)) else -1


def constant_column(sheet: Sheet, before: int) -> int:
    """Return the last column after that one with the same number in every row, which is the maximum; or -1."""
    columns = range(before + 1, len(sheet.headers))
    found = [c for c in columns if len(cells := column_cells(sheet, c)) == 1 and NUMBER.match(next(iter(cells)))]
    return found[-1] if found else -1


def holds_marks(sheet: Sheet, column: int) -> bool:
    """Return whether a column holds only numbers and empty cells."""
    return column > 0 and all(cell in ("", "-") or NUMBER.match(cell) for cell in column_cells(sheet, column))


def column_cells(sheet: Sheet, column: int) -> set[str]:
    """Return the values of a column's cells."""
    return {sheet.cell(row, column).strip() for row in range(1, len(sheet.rows)) if any(sheet.values[row])}


def listed(headers: list[str]) -> str:
    """List headers for a sentence."""
    return ", ".join(f"«{header}»" for header in headers if header)
