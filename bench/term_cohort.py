"""Make a whole term from the key and the known answers: students with six lessons each, as Moodle and Canvas give it.

Everything is drawn from one seed: how much each student knows, who hands in late or stops half-way, who works with a
partner, who has another student's name. The grading sheets are in the encodings in which they reach an instructor.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ncl_course.exercises import EXERCISES, LESSONS
from tests.answers import WRONG
from tests.grading.test_known_answers import source_of

ROOT = Path(__file__).parents[1]
SEED = 20261012
SECTIONS = 12
NAMESAKES, PARTNERS, LATE, LEFT = 50, 10, 7, 15
"""One student in that many has another's name, works with a partner, hands in late, stops half-way."""

FIRST = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Ирина", "Кирилл", "Лев", "Мария", "Ольга")
LAST = ("Аксёнова", "Белый", "Вишневская", "Гринёв", "О'Коннор", "Ким", "Лермонтова-Столыпина", "Нго", "Цой", "Щукина")
ENCODINGS = {"worksheet": "utf-8", "worksheet-bom": "utf-8-sig", "worksheet-1251": "cp1251"}
MOODLE = (
    "Идентификатор",
    "Полное имя",
    "Адрес электронной почты",
    "Состояние",
    "Оценка",
    "Максимальная оценка",
    "Оценка может быть изменена",
    "Последнее изменение (ответ)",
    "Последнее изменение (оценка)",
    "Отзыв в виде комментария",
)


@dataclass(frozen=True)
class Student:
    """A student of the term.

    Attributes:
        number: Moodle's number of the participant; Canvas's is 1000 higher.
        knows: the probability that an exercise is right.
        lessons: what this student hands in; a partner hands in nothing.
        late: the days after the due time.
        group: the partners' common mark in the roster.
    """

    number: int
    name: str
    knows: float
    lessons: tuple[str, ...]
    section: str
    late: int = 0
    group: str = ""

    @property
    def folder(self) -> str:
        """The student's folder in Moodle's download."""
        return f"{self.name}_{self.number}_assignsubmission_file_"


def students(count: int, seed: int = SEED) -> list[Student]:
    """Return the students of a term."""
    draw = random.Random(seed)
    made: list[Student] = []
    for number in range(count):
        partner, namesake = number % PARTNERS == PARTNERS - 1, number % NAMESAKES == min(NAMESAKES, count) - 2
        name = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}"
        name += "" if number < len(FIRST) * len(LAST) else f" {'И' * (number // (len(FIRST) * len(LAST)))}-й"
        stops = draw.randrange(1, len(LESSONS)) if number % LEFT == LEFT - 1 else len(LESSONS)
        made.append(
            Student(
                number=40_000 + number,
                name=made[-1].name if namesake else name,
                knows=draw.betavariate(4, 1.5),
                lessons=() if partner else LESSONS[:stops],
                section=f"Группа {number // PARTNERS % SECTIONS + 1}",
                late=draw.randrange(1, 9) if number % LATE == LATE - 1 and not partner else 0,
                group=str(number // PARTNERS) if number % PARTNERS >= PARTNERS - 2 else "",
            )
        )
    return made


@cache
def cells_of(lesson: str, kind: str) -> tuple[dict[str, Any], ...]:
    """Return the code cells of a lesson's key or of its blank notebook, without outputs."""
    raw = json.loads((ROOT / kind / "en" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    empty = {"outputs": [], "execution_count": None}
    return tuple(cell | empty for cell in raw["cells"] if cell["cell_type"] == "code")


@cache
def wrong_cell(name: str, number: int) -> str:
    """Return a cell that gives an exercise a wrong answer."""
    return source_of(name, number, "wrong")


def notebook(lesson: str, knows: float, draw: random.Random) -> str:
    """Return a student's notebook: the key's cells, and for what the student does not know a wrong answer or a stub."""
    stubs = {cell["id"]: cell for cell in cells_of(lesson, "notebooks")}
    cells = list(cells_of(lesson, "solutions"))
    for name in (exercise.name for exercise in EXERCISES if exercise.lesson == lesson):
        if draw.random() < knows:
            continue
        if draw.random() < 0.7 and name in WRONG:
            source = wrong_cell(name, draw.randrange(len(WRONG[name])))
            cells.append({"cell_type": "code", "id": name, "metadata": {}, "source": source, "outputs": []})
        else:
            cells = [stubs.get(one["id"], one) if defines(one, name) else one for one in cells]
    head = json.loads((ROOT / "notebooks" / "en" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
    return json.dumps({**head, "cells": [{**cell, "execution_count": None} for cell in cells]})


def defines(cell: dict[str, Any], name: str) -> bool:
    """Return whether a cell of the key defines an exercise."""
    source = "".join(cell["source"])
    return f"class {name}(" in source or f"def {name}(" in source


def write_term(folder: Path, count: int, seed: int = SEED) -> Path:
    """Write the downloads, the sheets, the roster, the times and the policy of a term of so many students."""
    folder.mkdir(parents=True)
    everybody = students(count, seed)
    draw = random.Random(seed + 1)
    with (
        zipfile.ZipFile(folder / "moodle.zip", "w", zipfile.ZIP_DEFLATED) as moodle,
        zipfile.ZipFile(folder / "canvas.zip", "w", zipfile.ZIP_DEFLATED) as canvas,
    ):
        for one in everybody:
            files = {f"{lesson}.ipynb": notebook(lesson, one.knows, draw) for lesson in one.lessons}
            if files:
                put(moodle, one.folder, files, packed=bool(one.number % 2))
            for n, (name, content) in enumerate(files.items()):
                joined = "".join(reversed(one.name.lower().replace("'", "").replace("-", "").split()))
                late = "_LATE" if one.late else ""
                canvas.writestr(f"{joined}{late}_{one.number + 1000}_{100 * one.number + n}_{name}", content)
    for name, encoding in ENCODINGS.items():
        write(folder / f"{name}.csv", [MOODLE, *map(moodle_row, everybody)], ";", encoding)
    write(folder / "gradebook.csv", canvas_rows(everybody))
    rows = [(s.number, s.name, f"s{s.number}@example.org", s.section, s.group) for s in everybody]
    write(folder / "roster.csv", [("id", "name", "email", "section", "group"), *rows])
    due = "\n".join(f"[lessons.{lesson}]\ndue = 2026-10-12T23:59:00" for lesson in LESSONS)
    weights = "\n".join(f"{lesson} = {10 + 5 * n}" for n, lesson in enumerate(LESSONS))
    head = 'timezone = "Europe/Moscow"\ntimestamps = "worksheet.csv"\n[late]\npercent = 10\nat_most = 50\n'
    (folder / "policy.toml").write_text(f"{head}{due}\n[weights]\n{weights}\n", encoding="utf-8")
    return folder


def put(into: zipfile.ZipFile, folder: str, files: dict[str, str], *, packed: bool) -> None:
    """Put a student's notebooks into a download: each for itself, or in the one zip that ``hand-in`` writes."""
    if not packed:
        for name, content in files.items():
            into.writestr(f"{folder}/{name}", content)
        return
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    into.writestr(f"{folder}/hand_in.zip", inner.getvalue())


def moodle_row(one: Student) -> Sequence[str]:
    """Return a student's row of Moodle's worksheet."""
    when = f"понедельник, {12 + one.late} октября 2026, 21:00" if one.lessons else "-"
    state = "Ответы для оценки" if one.lessons else "Нет ответа"
    return (f"Участник{one.number}", one.name, f"s{one.number}@example.org", state, "", "100,00", "Да", when, "-", "")


def canvas_rows(everybody: Iterable[Student]) -> Iterator[Sequence[object]]:
    """Yield the rows of Canvas's gradebook: a column for each lesson, one of another homework, one of totals."""
    columns = [f"{lesson.replace('_', ' ')} ({7000 + n})" for n, lesson in enumerate(LESSONS)]
    yield ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", *columns, "Essay (7100)", "Final Score")
    yield ("", "", "", "", "", "Manual Posting", *[""] * (len(LESSONS) + 1))
    yield ("    Points Possible", "", "", "", "", *["10.00"] * (len(LESSONS) + 1), "(read only)")
    for one in everybody:
        name = ", ".join(reversed(one.name.split(" ", 1)))
        yield (name, one.number + 1000, "", f"s{one.number}", one.section, *[""] * (len(LESSONS) + 2))


def write(path: Path, rows: Iterable[Sequence[object]], delimiter: str = ",", encoding: str = "utf-8") -> None:
    """Write a table as a platform or a spreadsheet does."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
