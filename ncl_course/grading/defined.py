"""Ask a worker what its cells have defined. Its answer is not to be trusted."""

from __future__ import annotations

from collections.abc import Sequence

from ncl_course.grading.walls.process import Process

MOST_NAMES, MOST_LETTERS = 20, 50
"""The number of names that are taken from an answer, and of the letters of each."""


def hidden_by(process: Process, name: str) -> tuple[str, ...]:
    """The written methods of a class that an untouched one of a later cell hides.

    Raises:
        LostError: the process is gone.
    """
    answer, _ = process.ask({"do": "hidden", "name": name}, wall=process.limits.wall)
    found = answer.get("hidden")
    names = [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
    return tuple(name[:MOST_LETTERS] for name in names if name.isidentifier())[:MOST_NAMES]


def defined_by(process: Process, names: Sequence[str]) -> set[str]:
    """Which of those names the cells have defined.

    Raises:
        LostError: the process is gone.
    """
    answer, _ = process.ask({"do": "defined", "names": list(names)}, wall=process.limits.wall)
    found = answer.get("defined")
    return {name for name in names if name in found} if isinstance(found, list) else set()
