"""Compare what a key showed in one place with what it has to show.

All texts and HTML have to be equal, except for two things. Another Matplotlib draws other pixels; the texts beside them
still have to be equal. And a training in lessons 00 and 06 gives other numbers with another NumPy, since the last bits
of its sums differ; there the same parts are left out as in the comparison of CI (``scripts/nbval.cfg``). The table
names such cells.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable
from configparser import RawConfigParser
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from ncl_course.authoring.execute import NAME
from ncl_course.checking.display import RESULT_MIME
from ncl_course.errors import NoTorchError
from tests.places.environments import ROOT

COMPARED = ("text/plain", "text/html")
PROGRESS = "progress"
"""The cell that counts the passed checks; without torch there are none."""
TRAINED = ("00_start", "06_train_cnn")
"""The lessons that show a training by NumPy."""
PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
Count = tuple[int, int]
"""The number of those that are right, and the number of all."""
Pairs = list[tuple[Any, Any]]
"""The expected cells of code, each beside the cell that ran."""


class Seen(StrEnum):
    """The result of comparing a cell with the expected one; all but ``different`` are accepted."""

    EQUAL = "equal"
    REFUSED = "refused"
    DRAWN = "drawn by another Matplotlib"
    TRAINED = "numbers of a training"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Shown:
    """The result of a key in one place.

    Attributes:
        cells: the result of comparing each cell of code, by its id.
        widgets: how many outputs are widgets whose models the kernel has made, and how many are widgets.
        passed: how many checks pass, and how many checks there are in the stored key.
        panels: how many results are shown as a panel, and how many results there are.
        missing: the ids of the cells in which a widget or a panel is missing, where that is known.
    """

    cells: dict[str, Seen]
    widgets: Count
    passed: Count
    panels: Count
    missing: tuple[str, ...] = ()

    def those(self, seen: Seen) -> list[str]:
        """Return the ids of the cells with this result."""
        return [name for name, found in self.cells.items() if found is seen]

    @property
    def fine(self) -> bool:
        """Whether all is as it is in the environment of the tests."""
        faults = self.those(Seen.REFUSED) + self.those(Seen.DIFFERENT)
        return not faults and all(n == of for n, of in (self.widgets, self.passed, self.panels))

    @property
    def fine_without_torch(self) -> bool:
        """Whether each cell is equal or says that it needs torch, and each widget and panel stands."""
        different = {*self.those(Seen.DIFFERENT)} - {PROGRESS}
        return not different and all(n == of for n, of in (self.widgets, self.panels))

    def __str__(self) -> str:
        different = self.those(Seen.DIFFERENT)
        said = f"DIFFERENT: {', '.join(different)}" if different else "equal"
        if drawn := self.those(Seen.DRAWN):
            said += f", but for the pixels of another Matplotlib in {len(drawn)} of the cells"
        if trained := self.those(Seen.TRAINED):
            said += f", except for the numbers of trainings in {', '.join(trained)}"
        if refused := self.those(Seen.REFUSED):
            said += f", without the {len(refused)} cells that say that torch is missing"
        counts = {"widgets": self.widgets, "checks": self.passed, "panels": self.panels}
        parts = [said, *(f"{name} {n}/{of}" for name, (n, of) in counts.items())]
        return "; ".join([*parts, *([f"missing in {', '.join(self.missing)}"] if self.missing else [])])


def code_cells(expected: Any, ran: Any) -> Pairs:
    """Return the cells of code of an expected key beside those of the key that ran."""
    return [pair for pair in zip(expected.cells, ran.cells, strict=True) if pair[0].cell_type == "code"]


def compared(lesson: str, pairs: Pairs) -> dict[str, Seen]:
    """Return the result of comparing each cell of a lesson, by its id."""
    return {before.id: seen(lesson, before, after) for before, after in pairs}


def seen(lesson: str, before: Any, after: Any) -> Seen:
    """Compare a cell with the expected one."""
    if refused(after):
        return Seen.REFUSED
    one, other = said(before), said(after)
    if one == other:
        return Seen.EQUAL
    if drawn_by_another(one, other):
        return Seen.DRAWN
    return Seen.TRAINED if lesson in TRAINED and without_trained(one) == without_trained(other) else Seen.DIFFERENT


def refused(cell: Any) -> bool:
    """Return whether a cell says that it needs torch."""
    return any(output.output_type == "error" and output.ename == NoTorchError.__name__ for output in cell.outputs)


def said(cell: Any) -> str:
    """Return a cell's texts and HTML, its printed lines and its errors, in order, each with its kind.

    A still has a random name where a kernel made it, and none in a stored key.
    """
    found: list[tuple[str, str]] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            found.append((output.name, output.text))
        elif output.output_type == "error":
            found.append((output.ename, output.evalue))
        else:
            found.extend((kind, NAME.sub("", output.data[kind])) for kind in COMPARED if kind in output.data)
    return "\n".join(f"{kind}: {words}" for kind, words in found)


def drawn_by_another(one: str, other: str) -> bool:
    """Return whether two texts differ in nothing but pictures that different versions of Matplotlib have drawn."""
    pairs = zip(PNG.findall(one), PNG.findall(other), strict=False)
    return PNG.sub("", one) == PNG.sub("", other) and all(a == b or drawn_by(a) != drawn_by(b) for a, b in pairs)


@cache
def drawn_by(png: str) -> str:
    """Return the program that has drawn a picture, with its version."""
    with Image.open(BytesIO(b64decode(png))) as picture:
        return str(picture.info["Software"])


def without_trained(words: str) -> str:
    """Return a text without what depends on the machine after a training."""
    for pattern, instead in masks():
        words = pattern.sub(instead, words)
    return words


@cache
def masks() -> list[tuple[re.Pattern[str], str]]:
    """Return what the comparison of CI leaves out, and what it writes instead."""
    written = RawConfigParser()
    written.read(ROOT / "scripts" / "nbval.cfg", encoding="utf-8")
    return [(re.compile(written[name]["regex"]), written[name]["replace"]) for name in written.sections()]


def datas(cells: Iterable[Any]) -> list[Any]:
    """Return the MIME bundles of the cells' outputs."""
    return [output.data for cell in cells for output in cell.outputs if "data" in output]


def passes(found: Iterable[Any]) -> int:
    """Count the results with the verdict that all is right, in MIME bundles."""
    return sum(data[RESULT_MIME].get("verdict") == "passed" for data in found if RESULT_MIME in data)
