"""Make the notebooks of this folder and their expected marks: ``python -m tests.submissions.make``.

Everything is made from the tables in the other modules of this folder; a test checks that making it again changes
nothing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from tests.submissions import activations, dropout, linear, normalization
from tests.submissions.attacks import ATTACKS
from tests.submissions.broken import PLAIN, RAW
from tests.submissions.cells import Handed, Marks
from tests.submissions.damaged import DAMAGED
from tests.submissions.expected import MARKS, RIGHT, UNREADABLE, Expected, as_toml, of_mistakes
from tests.submissions.hostile import HOSTILE
from tests.submissions.pooling import (
    AVG,
    AVG_MISTAKES,
    MAX,
    MAX_MISTAKES,
    SETUP,
    SIZE,
    SIZE_MISTAKES,
    changed,
)
from tests.submissions.styles import RIGHT as STYLES

FOLDER = Path(__file__).parent
LESSON = "01_pooling"
OTHER_LESSONS: dict[str, Handed] = {
    "02_activations": activations.HANDED,
    "03_linear_softmax": linear.HANDED,
    "04_dropout": dropout.HANDED,
    "05_normalization": normalization.HANDED,
}


def notebook(cells: tuple[str, ...], lesson: str = LESSON) -> bytes:
    """Return a notebook of nbformat 4 with those code cells."""
    nodes = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {},
            "outputs": [],
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(cells)
    ]
    metadata = {"ncl_course": {"language": "en", "lesson": lesson}}
    tree = {"cells": nodes, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()


def mistakes() -> Iterator[tuple[str, tuple[str, ...], Expected]]:
    """Return one notebook for each mistake of MaxPool2d, most of them with a mistake of the other exercises, too."""
    for of_max, of_avg, of_size in zip_longest(MAX_MISTAKES, AVG_MISTAKES, SIZE_MISTAKES):
        cells = (
            SETUP,
            changed(SIZE, SIZE_MISTAKES.get(of_size, ())),
            changed(MAX, MAX_MISTAKES[of_max]),
            changed(AVG, AVG_MISTAKES.get(of_avg, ())),
        )
        yield f"mistake_{of_max.replace('-', '_')}", cells, of_mistakes(of_max, of_avg, of_size)


def encoded() -> dict[str, bytes]:
    """Return right notebooks as other editors save them."""
    content = notebook((SETUP, SIZE, MAX, AVG)).decode()
    return {
        "saved_with_bom": content.encode("utf-8-sig"),
        "saved_as_utf16": content.encode("utf-16"),
        "saved_with_crlf": content.replace("\n", "\r\n").encode(),
    }


def submissions() -> Iterator[tuple[str, str, bytes, Expected | Marks]]:
    """Yield every folder's name, its lesson, its notebook's bytes, and its expected marks."""
    for name, cells in STYLES.items():
        yield name, LESSON, notebook(cells), RIGHT
    for name, cells, expected in mistakes():
        yield name, LESSON, notebook(cells), expected
    for name, cells in {**PLAIN, **HOSTILE}.items():
        yield name, LESSON, notebook(cells), MARKS[name]
    for name, content in encoded().items():
        yield name, LESSON, content, MARKS[name]
    for name, content in RAW.items():
        yield name, LESSON, content, UNREADABLE
    for name, attack in ATTACKS.items():
        yield name, LESSON, notebook(attack.cells), attack.expected
    for name, (content, marks) in DAMAGED.items():
        yield name, LESSON, content, marks
    for lesson, handed in OTHER_LESSONS.items():
        for name, (cells, marks) in handed.items():
            yield name, lesson, notebook(cells, lesson), marks


def make(folder: Path) -> None:
    """Write all notebooks and their expected marks."""
    for name, lesson, content, expected in submissions():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / f"{lesson}.ipynb").write_bytes(content)
        (folder / name / "expected.toml").write_text(as_toml(expected), encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
