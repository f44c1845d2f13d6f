"""Search a distribution for parts of a solution. White space is left out, so indentation hides nothing.

Two things count in any file: three consecutive lines of a solution region, and a single line of at least 40
characters that does not occur in the students' code. In code, copies with other names count as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ncl_course.authoring import copies
from ncl_course.authoring.source import read
from ncl_course.authoring.variant import regions, strip

LONG = 40
TOGETHER = 3


@dataclass(frozen=True)
class Secret:
    """Some lines of a solution region, and their place in the lessons' source."""

    where: str
    lines: tuple[str, ...]

    @property
    def squeezed(self) -> str:
        """The lines without white space."""
        return squeeze("".join(self.lines))


def squeeze(text: str) -> str:
    """Return a text without its white space."""
    return "".join(text.split())


def secrets(lessons: Path) -> list[Secret]:
    """Return the secrets of every lesson in a folder of sources."""
    cells = [(path.stem, cell) for path in sorted(lessons.glob("*.py")) for cell in read(path).cells]
    code = [(f"{stem} ({cell.id})", cell.text) for stem, cell in cells if cell.kind == "code"]
    given = squeeze("".join(strip(text) for _, text in code))
    return [secret for where, text in code for region in regions(text) for secret in of_region(where, region, given)]


def of_region(where: str, region: str, given: str) -> Iterator[Secret]:
    """Yield the secrets of one region; ``given`` is the students' code without white space."""
    lines = [line.strip() for line in region.splitlines() if line.strip()]
    for start in range(len(lines) - TOGETHER + 1):
        yield Secret(where, tuple(lines[start : start + TOGETHER]))
    for line in lines:
        if len(line) >= LONG and squeeze(line) not in given:
            yield Secret(where, (line,))


def searchable(name: str, content: bytes) -> str:
    """Return a file's text without white space. A notebook's cells come first, then its JSON."""
    text = content.decode("utf-8", "replace")
    if not name.endswith(".ipynb"):
        return squeeze(text)
    sources = ("".join(cell["source"]) for cell in json.loads(text)["cells"])
    return squeeze("\n".join(sources) + text)


def leaks(files: Mapping[str, bytes], lessons: Path) -> list[str]:
    """Return every secret in a file as ``FILE holds a solution's lines, LESSON (CELL): LINES``, and copies in code."""
    known = secrets(lessons)
    found = []
    for name, content in files.items():
        text = searchable(name, content)
        held = [secret for secret in known if secret.squeezed in text]
        found += [f"{name} holds a solution's lines, {secret.where}: {' / '.join(secret.lines)}" for secret in held]
    return [*found, *copies.copies(files, copies.secrets(lessons))]
