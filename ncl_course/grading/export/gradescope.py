"""``ncl-course export gradescope``: write the zip for the autograder of an assignment on Gradescope.

In it are ``setup.sh`` and ``run_autograder``, the course's package without ``authoring/``, the lists of packages, the
settings of the assignment, and the part of the key that lesson 06 needs, so only the instructor should have it. Each
submission gets a fresh seed, which is printed where only instructors see it.
"""

from __future__ import annotations

import errno
import json
import os
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ncl_course.checking.own import NEEDED
from ncl_course.exercises import find
from ncl_course.grading.errors import GradingError
from ncl_course.grading.own import RUNS_ON_LAYERS
from ncl_course.language import LANGUAGES, text

FILES = Path(__file__).parent / "files"
PROGRAMS = ("setup.sh", "run_autograder")
AS_THEY_ARE = ("pyproject.toml", "constraints.txt", "README.md", "LICENSE")
LEFT_OUT = "authoring"
WHEN = (2020, 1, 1, 0, 0, 0)
"""The date of every file, so that the same course and settings make the same zip."""


@dataclass(frozen=True)
class Settings:
    """The settings of an assignment, the same for all its students.

    Attributes:
        lessons: the lessons that give points; if empty, every notebook that is handed in.
    seed: the seed of all submissions; None gives each a fresh one, so that nobody learns the cases by trying.
    """

    lessons: tuple[str, ...] = ()
    lang: str = "en"
    timeout: float = 10.0
    memory: int = 1024
    seed: int | None = None


def write_zip(root: Path, out: Path, settings: Settings) -> int:
    """Write the zip of the course in ``root``, and return how many files it has.

    Raises:
        GradingError: if the key that lesson 06 needs is missing.
        OSError: if it cannot be written.
    """
    contents = dict(sorted(files(root, settings)))
    if out.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(out))
    partial = out.with_name(f"{out.name}.part")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.external_attr = (0o100755 if name in PROGRAMS else 0o100644) << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    partial.replace(out)
    return len(contents)


def files(root: Path, settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Return every file of the zip by its path in it."""
    for name in PROGRAMS:
        yield name, (FILES / name).read_bytes()
    for name in AS_THEY_ARE:
        yield name, (root / name).read_bytes()
    yield "autograder.json", json.dumps(asdict(settings), indent=1).encode()
    yield from package(root)
    if not settings.lessons or RUNS_ON_LAYERS & set(settings.lessons):
        yield from key(root)


def package(root: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the package's code and data, without the folder that only authors need."""
    about = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    patterns: Sequence[str] = about["tool"]["setuptools"]["package-data"]["ncl_course"]
    folder = root / "ncl_course"
    for pattern in ("**/*.py", *patterns):
        for path in folder.glob(pattern):
            if path.is_file() and path.relative_to(folder).parts[0] != LEFT_OUT:
                yield path.relative_to(root).as_posix(), path.read_bytes()


def key(root: Path) -> Iterator[tuple[str, bytes]]:
    """Return the keys that hold the layers of lesson 06, in one language.

    Raises:
        GradingError: if one is missing.
    """
    for lesson in sorted({exercise.lesson for name in NEEDED if (exercise := find(name))}):
        places = [root / "solutions" / lang / f"{lesson}.ipynb" for lang in LANGUAGES]
        path = next((place for place in places if place.is_file()), None)
        if path is None:
            raise GradingError(text("release.gradescope.no_key", lesson=lesson))
        yield path.relative_to(root).as_posix(), path.read_bytes()
