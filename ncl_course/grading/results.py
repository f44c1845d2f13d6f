"""The results of a whole run, ``results.json``: the run's settings, and one entry per student and lesson."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ncl_course.grading.entry import Entry
from ncl_course.grading.plain import SOMETIMES, made, parsed, plain, refuse

NAME = "results.json"
SCHEMA = 1


@dataclass(frozen=True)
class Run:
    """The settings that decide the scores, so that a run can be repeated. Old releases recorded fewer.

    Attributes:
        public_seed: whether a person gave the seed, so that students may know it or learn its cases.
    """

    seed: int
    public_seed: bool = field(default=False, metadata=SOMETIMES)
    versions: Mapping[str, str] | None = field(default=None, metadata=SOMETIMES)
    limits: Mapping[str, float] | None = field(default=None, metadata=SOMETIMES)
    sandbox: str | None = field(default=None, metadata=SOMETIMES)
    tolerances: Mapping[str, float] | None = field(default=None, metadata=SOMETIMES)


@dataclass(frozen=True)
class Results:
    """The contents of ``results.json``."""

    run: Run
    submissions: tuple[Entry, ...] = ()

    @property
    def graded(self) -> list[Entry]:
        """The submissions with a score."""
        return [entry for entry in self.submissions if entry.graded]

    @property
    def ungraded(self) -> list[Entry]:
        """The submissions without a score."""
        return [entry for entry in self.submissions if not entry.graded]

    @property
    def students(self) -> list[str]:
        """All students, each once."""
        return list(dict.fromkeys(entry.student for entry in self.submissions))


def merged(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return one entry per student and lesson: the notebook with the higher mark, and the others under its ``also``.

    Submissions that could not be graded keep their own entries, so that somebody looks at them.
    """
    groups: dict[tuple[str | None, ...], list[Entry]] = {}
    for entry in entries:
        group = (entry.student, entry.lesson) if entry.graded else (*entry.key, entry.status)
        groups.setdefault(group, []).append(entry)
    done: list[Entry] = []
    for group_entries in groups.values():
        best, *others = sorted(group_entries, key=lambda entry: (-(entry.mark or 0.0), entry.file))
        done.append(replace(best, also=tuple(others)))
    return tuple(sorted(done, key=lambda entry: (entry.student, entry.lesson or "", entry.file)))


def unmerged(entries: Iterable[Entry]) -> list[Entry]:
    """Return one entry per submission: the reverse of ``merged``."""
    return [one for entry in entries for one in (replace(entry, also=()), *entry.also)]


def results_text(results: Results) -> Iterator[str]:
    """Yield the text of ``results.json`` in pieces, with one submission per line."""
    about = json.dumps({"schema": SCHEMA, **plain(results.run)}, ensure_ascii=False)
    separator = about.removesuffix("}") + ', "submissions": [\n'
    for entry in results.submissions:
        yield separator + json.dumps(plain(entry), ensure_ascii=False)
        separator = ",\n"
    yield (separator if not results.submissions else "") + "\n]}\n"


def read_results(path: Path) -> Results:
    """Read a ``results.json``.

    Raises:
        OSError: if it cannot be opened.
        StrictError: if a value in it is wrong.
    """
    content = parsed(path.read_bytes())
    run = made(Run, content, path.name)
    assert isinstance(content, dict)
    if content.get("schema") != SCHEMA:
        refuse(f"{path.name}.schema", "kind", content.get("schema"), str(SCHEMA))
    entries = made(tuple[Entry, ...], content.get("submissions"), f"{path.name}.submissions")
    return Results(run, tuple(map(complete, entries)))


def read_entry(content: str | bytes) -> Entry:
    """Read an entry from a line of JSON, from a journal or from another machine.

    Raises:
        StrictError: if a value in it is wrong.
    """
    return complete(made(Entry, parsed(content), "entry"))


def complete(entry: Entry) -> Entry:
    """Return the entry if it is complete: a graded one needs a lesson and points.

    Raises:
        StrictError: if it is not.
    """
    for one in (entry, *entry.also):
        if one.graded and None in (one.lesson, one.score, one.max_score):
            refuse(one.file, "there", None)
    return entry
