"""Print a table of the lessons: questions, words between two things to do, minutes, statements taught.

``python -m scripts.lessons_table`` reads ``lessons/``, or the folder that it is given, and ``docs/coverage.md``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ncl_course.authoring.source import Lesson, SourceCell, read
from ncl_course.exercises import find

ROOT = Path(__file__).parents[1]
COVERAGE = ROOT / "docs" / "coverage.md"
FOLD = re.compile(r"<details>.*?</details>", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2,}|\d+")
HEADING = re.compile(r"^## ", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CELL = re.compile(r"`(\w+)/([\w-]+)`")
WORDS_A_MINUTE = 120
"""The number of words of a technical text that a student reads in a minute, looking back now and then."""
MINUTES = {"question": 2.0, "picture": 1.5, "explorer": 3.0, "own": 3.0, "given": 1.0}
"""The minutes that a cell takes; a part of an exercise takes ``PART`` and ``POINT`` for each of its points."""
PART, POINT = 4.0, 5.0


@dataclass(frozen=True)
class Measured:
    """The figures of one lesson in one language.

    Attributes:
        questions: the number of questions.
        stretches: the numbers of words between two things to do or to look at.
        minutes: an estimate of the time that the lesson takes.
    """

    questions: int
    stretches: tuple[int, ...]
    minutes: float


def measure(lesson: Lesson, lang: str) -> Measured:
    """Return the figures of a lesson. Folded text does not count: a reader opens it when it is needed."""
    cells = lesson.in_language(lang)
    words, stretches, minutes = 0, [], 0.0
    for cell in cells:
        if cell.kind == "markdown":
            words += count(cell.text)
        elif cell.role != "setup":
            stretches.append(words)
            minutes += words / WORDS_A_MINUTE + time_of(cell)
            words = 0
    questions = sum(cell.role == "question" for cell in cells)
    return Measured(questions, tuple(n for n in stretches if n), minutes)


def count(text: str) -> int:
    """Return the number of words in a text, without folds; a formula is one word."""
    return len(WORD.findall(FORMULA.sub(" formula ", FOLD.sub("", text))))


def time_of(cell: SourceCell) -> float:
    """Return the minutes that a code cell takes."""
    if cell.check:
        name, _, part = cell.check.partition(".")
        exercise = find(name)
        return PART + POINT * (exercise.part(part).points if exercise else 0)
    if cell.solves:
        return 0.0  # counted with its check
    kind = "explorer" if "explorer(" in cell.text else cell.role or "own"
    return MINUTES[kind]


def sections(lesson: Lesson) -> Iterator[tuple[dict[str, str], float]]:
    """Yield each section's heading cell in both languages, by language, and the minutes of the section, in English."""
    english = lesson.in_language("en")
    starts = [i for i, cell in enumerate(english) if cell.kind == "markdown" and HEADING.search(cell.text)]
    twins = {cell.id: cell.text for cell in lesson.cells if cell.lang == "ru"}
    for start, end in zip(starts, [*starts[1:], len(english)], strict=True):
        part = Lesson(lesson.name, english[start:end])
        yield {"en": english[start].text, "ru": twins[english[start].id]}, measure(part, "en").minutes


def rounded(minutes: float) -> int:
    """Return minutes as a lesson tells them, in steps of five."""
    return max(5, 5 * round(minutes / 5))


@dataclass(frozen=True)
class Statement:
    """A statement of the lecture in ``docs/coverage.md``: the cells that teach it, and how each does."""

    number: int
    words: str
    places: tuple[tuple[str, str], ...]
    ways: frozenset[str]


def statements(coverage: str) -> tuple[Statement, ...]:
    """Return the rows of the table in ``docs/coverage.md``."""
    return tuple(
        Statement(int(number), words.strip(), tuple(CELL.findall(where)), frozenset(re.findall(r"[a-z]+", ways)))
        for number, words, where, ways in ROW.findall(coverage)
    )


def share(lesson: str, told: tuple[Statement, ...]) -> str:
    """Return how many of the lecture's statements a lesson teaches, and how many of these with something to do."""
    mine = [one for one in told if any(place == lesson for place, _ in one.places)]
    return f"{len(mine)}, {sum('do' in one.ways for one in mine)} to do"


def table(folder: Path) -> str:
    """Return the table in Markdown."""
    names = ("lesson", "questions", "median words", "longest stretch", "minutes", "statements of the lecture")
    lines = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    told = statements(COVERAGE.read_text(encoding="utf-8"))
    for path in sorted(folder.glob("0[1-6]*.py")):
        both = [measure(read(path), lang) for lang in ("en", "ru")]
        spans = " / ".join(f"{median(one.stretches):.0f}" for one in both)
        longest = " / ".join(f"{max(one.stretches)}" for one in both)
        row = (path.stem, both[0].questions, spans, longest, f"{both[0].minutes:.0f}", share(path.stem, told))
        lines.append(f"| {' | '.join(map(str, row))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "lessons"))
