"""Collect the students' distribution: every file by its path, in memory, before anything is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jinja2

from ncl_course.errors import ReleaseError
from ncl_course.language import text

HERE = Path(__file__).parent
INSTRUCTORS = ("authoring", "grading")
"""The rooms of the package that students do not get."""
THEIR_MESSAGES = ("grading.toml", "marks.toml", "release.toml")
"""The message files that only those rooms read."""
THEIR_VERBS = ("cli/authors.py", "cli/exporters.py", "cli/graders.py")
AS_THEY_ARE = ("LICENSE", "MANIFEST.in", "scripts/install.py", "setup.py")
LISTS = ("constraints.txt", "environment.yml")

Files = dict[str, bytes]


ADDRESS = "ADDRESS"
"""The word in the README that stands for the address from which the release can be installed."""


def contents(root: Path, langs: Sequence[str], url: str = ADDRESS) -> Files:
    """Return every file of the distribution.

    Args:
        root: the course's folder.
        langs: the languages of the notebooks; `make lab` opens the first one.
        url: the address of the repository that will hold the distribution.

    Raises:
        ReleaseError: if there are no notebooks in one of the languages.
    """
    plain = {name: (root / name).read_bytes() for name in AS_THEY_ARE}
    lists = {name: without_header((root / name).read_text(encoding="utf-8")).encode() for name in LISTS}
    files = {**plain, **lists, **handed(root, langs, url), **package(root), **notebooks(root, langs)}
    files[".binder/environment.yml"] = for_binder(lists["environment.yml"])
    return dict(sorted(files.items()))


def notebooks(root: Path, langs: Sequence[str]) -> Files:
    """Return the students' notebooks in those languages."""
    found: Files = {}
    for lang in langs:
        paths = sorted((root / "notebooks" / lang).glob("*.ipynb"))
        if not paths:
            raise ReleaseError(text("release.no_notebooks", folder=f"notebooks/{lang}/"))
        found.update({f"notebooks/{lang}/{path.name}": path.read_bytes() for path in paths})
    return found


def package(root: Path) -> Files:
    """Return the package's code and the files that pyproject.toml ships with it, without the instructor's rooms."""
    folder = root / "ncl_course"
    paths = [path for pattern in ("**/*.py", *data(root)) for path in folder.glob(pattern) if ships(folder, path)]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def ships(folder: Path, path: Path) -> bool:
    """Return whether students get a file of the package."""
    room = path.relative_to(folder).parts[0]
    verbs = path.relative_to(folder).as_posix() in THEIR_VERBS
    words = room == "messages" and path.name in THEIR_MESSAGES
    return room not in INSTRUCTORS and not verbs and not words


def project(root: Path) -> dict[str, Any]:
    """Return the contents of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def data(root: Path) -> list[str]:
    """Return the patterns of the files that ship beside the code, without those of the instructor's rooms."""
    patterns: list[str] = project(root)["tool"]["setuptools"]["package-data"]["ncl_course"]
    return [pattern for pattern in patterns if pattern.split("/")[0] not in INSTRUCTORS]


def without_header(listed: str) -> str:
    """Remove the comments above a list of packages, since they are about files that students do not get."""
    lines = listed.splitlines(keepends=True)
    first = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    return "".join(lines[first:])


def for_binder(conda: bytes) -> bytes:
    """Return the conda environment for Binder: one Python, and no path of the course, which ``postBuild`` installs."""
    lines = [line for line in conda.decode().splitlines() if line.strip() not in {"- pip:", "- -e ."}]
    return "".join("  - python=3.12\n" if line.startswith("  - python ") else f"{line}\n" for line in lines).encode()


def handed(root: Path, langs: Sequence[str], url: str) -> Files:
    """Return the README and the files of ``student/``; ``.jinja`` files are filled in, the others stay as they are."""
    readme = "\n---\n\n".join((HERE / "readme" / f"{lang}.md").read_text(encoding="utf-8") for lang in langs)
    return {"README.md": readme.replace(ADDRESS, url).encode(), **dict(filled(root, langs))}


def filled(root: Path, langs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each file of ``student/`` by its path in the distribution."""
    folder = HERE / "student"
    about = project(root)
    values = {"langs": langs, "project": about["project"], "build": about["build-system"], "data": data(root)}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".jinja":
            yield name.removesuffix(".jinja"), templates().get_template(name).render(values).encode()
        else:
            yield name, path.read_bytes()


def templates() -> jinja2.Environment:
    """Return the templates of ``student/``.

    They are TOML and make files, not HTML, so only TOML's strings are escaped.
    """
    loader = jinja2.FileSystemLoader(HERE / "student")
    env = jinja2.Environment(loader=loader, autoescape=False, trim_blocks=True, keep_trailing_newline=True)
    env.undefined = jinja2.StrictUndefined
    env.filters["toml"] = lambda value: json.dumps(value, ensure_ascii=False)  # JSON and TOML write strings alike
    return env
