"""Right notebooks that editors, servers and students have damaged in a way that can be repaired, with their marks."""

from __future__ import annotations

import json
from typing import Any

from tests.submissions.expected import Expected
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

CHECKS = ("check(pool_output_size)\n", 'check(MaxPool2d, "forward")\n', 'check(MaxPool2d, "backward")\n')
OWN = {"language": "ru", "lesson": "01_pooling"}


def code(source: str, number: int, **more: Any) -> dict[str, Any]:
    """Return a code cell's node."""
    node = {"cell_type": "code", "execution_count": None, "id": f"cell-{number}", "metadata": {}, "outputs": []}
    return {**node, "source": source.splitlines(keepends=True), **more}


def tree(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a notebook of nbformat 4."""
    return {"cells": list(cells), "metadata": {"ncl_course": OWN}, "nbformat": 4, "nbformat_minor": 5, **more}


def raw(notebook: Any, encoding: str = "utf-8") -> bytes:
    """Return a notebook's bytes."""
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode(encoding)


CELLS = [code(source, number) for number, source in enumerate((SETUP, SIZE, MAX, AVG))]
WITHOUT_ENDS = [{**cell, "source": [line.rstrip("\n") for line in cell["source"]]} for cell in CELLS]
OLD = [
    {"cell_type": "code", "collapsed": False, "input": cell["source"], "language": "python", "outputs": []}
    for cell in CELLS
]
EDITED = [
    {**CELLS[0], "metadata": "none", "outputs": "lost"},
    {**CELLS[1], "metadata": {"ncl_course": {"role": ["setup"]}, "tags": 7}},
    {**CELLS[2], "metadata": {"ncl_course": {"role": "setup"}, "nbgrader": {"points": 1000, "grade": True}}},
    {**CELLS[3], "metadata": {"nbgrader": None}, "execution_count": "twelve"},
]
MOVED = [
    code('check(AvgPool2d, "forward")\n', 0),
    code(SETUP + CHECKS[0], 1),
    {"cell_type": "markdown", "metadata": {}, "source": MAX.replace("max(axis", "min(axis")},
    code("def my_test():\n    check(MaxPool2d)\n" + AVG, 2),
    code(MAX + "\n" + SIZE, 3),
]

CONTENTS: dict[str, bytes] = {
    "damaged_old_format": raw({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": OLD}]}),
    "damaged_no_format": raw({"cells": CELLS}),
    "damaged_same_ids": raw(tree(*({**cell, "id": "cell"} for cell in CELLS))),
    "damaged_metadata": raw(tree(*EDITED, metadata=[])),
    "damaged_other_lesson": raw(tree(*CELLS, metadata={"ncl_course": {"lesson": "77_secret", "points": 99}})),
    "damaged_cells": raw(tree(*CELLS[:2], *[None, 7, {}, []], *CELLS[2:])),  # type: ignore[arg-type]
    "damaged_moved": raw(tree(*MOVED)),
    "damaged_renamed_checks": raw(tree(*CELLS, *(code(source.replace("check", "my_check"), 9) for source in CHECKS))),
    "damaged_line_ends": raw(tree(*WITHOUT_ENDS)),
    "damaged_encoding": raw(tree(code("# Мой ответ\n" + SETUP, 0), *CELLS[1:]), "cp1251"),
    "damaged_utf16_no_mark": raw(tree(*CELLS), "utf-16-le"),
    "damaged_padding": raw(tree(*CELLS)) + b"\0" * 512,
}  # fmt: skip

DAMAGED: dict[str, tuple[bytes, Expected]] = {
    name: (content, Expected(why="damaged, and repaired if that is safe")) for name, content in CONTENTS.items()
} | {
    "damaged_text_cell": (
        raw(tree(*CELLS[:2], {"cell_type": "markdown", "metadata": {}, "source": MAX}, CELLS[3])),
        Expected(max="mm", why="code in a text cell is not run, and a remark says so"),
    )
}
