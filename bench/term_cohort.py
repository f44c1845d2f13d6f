"""Make a whole term: students with six lessons each, from the key and the known wrong answers, as Moodle gives it."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ncl_course.exercises import EXERCISES, LESSONS
from tests.answers import WRONG
from tests.grading.test_known_answers import source_of

ROOT = Path(__file__).parents[1]
SECTIONS, NAMESAKES, LATE = 12, 50, 7
"""The number of sections; every so many students two have one name, and one of so many hands in late."""


def students(count: int) -> Iterator[tuple[int, str]]:
    """Yield Moodle's number and the name of each student; some have the same name."""
    for number in range(count):
        who = number - 1 if number % NAMESAKES == 1 else number
        yield 40_000 + number, f"Студент{who:03} Фамильный"


def notebook(lesson: str, number: int) -> str:
    """Return a student's notebook of a lesson: the key, the key with cells left blank, or with one wrong answer."""
    key, blank = (
        json.loads((ROOT / kind / "en" / f"{lesson}.ipynb").read_text(encoding="utf-8"))
        for kind in ("solutions", "notebooks")
    )
    cells: list[dict[str, Any]] = [cell | {"outputs": []} for cell in key["cells"] if cell["cell_type"] == "code"]
    stubs = {cell.get("id"): cell for cell in blank["cells"]}
    solved = [cell for cell in cells if cell["metadata"].get("nbgrader", {}).get("solution")]
    if number % 3 == 1:
        for cell in solved[-(1 + number % 2) :]:
            cell["source"] = stubs[cell["id"]]["source"]
    if number % 3 == 2:
        names = [exercise.name for exercise in EXERCISES if exercise.lesson == lesson and exercise.name in WRONG]
        name = names[number % len(names)]
        wrong = source_of(name, number % len(WRONG[name]), "wrong")
        cells.append({"cell_type": "code", "id": "mine", "metadata": {}, "source": wrong, "outputs": []})
    return json.dumps({**key, "cells": [cell | {"execution_count": None} for cell in cells]})


def write_term(folder: Path, count: int) -> Path:
    """Write the download, the sheet, the roster, the times and the policy of a term of so many students."""
    folder.mkdir(parents=True)
    texts = {(lesson, kind): notebook(lesson, kind) for lesson in LESSONS for kind in range(30)}
    with zipfile.ZipFile(folder / "moodle.zip", "w", zipfile.ZIP_DEFLATED) as made:
        for number, name in students(count):
            for lesson in LESSONS:
                path = f"{name}_{number}_assignsubmission_file_/{lesson}.ipynb"
                made.writestr(path, texts[lesson, number % 30])
    rows = list(students(count))
    write(folder / "roster.csv", ("id", "name", "email", "section", "group"), roster(rows))
    head = ("Идентификатор", "Полное имя", "Состояние", "Оценка", "Максимальная оценка", "Оценка может быть изменена")
    sheet = [(f"Участник{number}", name, "Ответы для оценки", "", "100,00", "Да") for number, name in rows]
    write(folder / "sheet.csv", (*head, "Отзыв в виде комментария"), [(*row, "") for row in sheet], ";")
    late = [(number, f"2026-10-{13 if number % LATE == 0 else 12} 12:00") for number, _ in rows]
    write(folder / "times.csv", ("student", "submitted"), late)
    due = "\n".join(f"[lessons.{lesson}]\ndue = 2026-10-12T23:59:00" for lesson in LESSONS)
    policy = f'timezone = "Europe/Moscow"\ntimestamps = "times.csv"\n[late]\npercent = 10\n{due}\n'
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    return folder


def roster(rows: list[tuple[int, str]]) -> list[tuple[object, ...]]:
    """Return the roster's rows: students by number, in sections."""
    return [(number, name, f"s{number}@example.org", f"Группа {number % SECTIONS + 1}", "") for number, name in rows]


def write(path: Path, head: tuple[str, ...], rows: list[Any], delimiter: str = ",") -> None:
    """Write a table in UTF-8 with its mark, as a platform or a spreadsheet does."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
