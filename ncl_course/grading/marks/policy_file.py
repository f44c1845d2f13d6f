"""Read the policy's TOML file; one error names every line that cannot be understood and what was expected there.

The checks are our own: the file has a dozen keys, and a validator's messages would be only in English.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ncl_course.exercises import LESSONS
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.handed_in.names import composed
from ncl_course.grading.marks import policy_values as values
from ncl_course.grading.marks.policy import Deadline, Extension, Penalty, Policy
from ncl_course.grading.sheets.words import decoded, plain_spaces
from ncl_course.language import current, text

Table = Mapping[str, Any]
Converters = Mapping[str, Callable[[Any], Any]]

SOURCES = ("nbgrader", "download", "files")
"""The sources of times that are not a table; another word names a CSV file."""

WITHOUT_ZONE = {"download", "files"}
"""The sources whose times may lack a timezone, so that the policy must name one."""

MOST_BYTES, MOST_DOTS = 2**19, 200
"""The most bytes of a policy, and the most dots in one of its lines; 1,000 students with an extension take 60 kB."""

MOST_TOLD, LONGEST, MOST_OF_NAME = 10, 400, 80
"""The most mistakes that one error names, and the most characters about each, and of a key or a value."""

SCHEME = {"percent", "per", "at_most", "steps"}
PENALTY: Converters = {
    "grace_minutes": values.amount,
    "percent": values.percent,
    "per": values.span,
    "at_most": values.percent,
    "steps": values.steps,
}


def read_policy(path: Path, folder: Path | None = None, kept: Mapping[str, Path] | None = None) -> Policy:
    """Read the policy from a file.

    Args:
        folder: the folder of the files that it names, if that is not its own.
        kept: copies of these files, by their paths, for those that are gone.

    Raises:
        PolicyError: if it cannot be read, or if some of it cannot be understood.
    """
    try:
        content = tomllib.loads(limited_text(path))
    except OSError as error:
        raise PolicyError(text("marks.policy.unreadable", path=path, why=error.strerror or error)) from None
    except RecursionError:
        raise PolicyError(text("marks.policy.toml", path=path, why=text("grading.strict.deep"))) from None
    except UnicodeDecodeError:
        raise PolicyError(text("marks.policy.encoding", path=path)) from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise PolicyError(text("marks.policy.toml", path=path, why=error)) from None
    reader = PolicyReader(folder or path.absolute().parent, kept)
    policy = reader.policy(content)
    if reader.complaints:
        lines = [one if len(one) <= LONGEST else f"{one[:LONGEST]}…" for one in reader.complaints[:MOST_TOLD]]
        left = len(reader.complaints) - len(lines)
        more = [text("marks.policy.further", count=left)] if left else []
        raise PolicyError("\n".join([text("marks.policy.wrong", path=path), *lines, *more]))
    return policy


def limited_text(path: Path) -> str:
    """Return the text of a file if the parser of TOML needs a few seconds for it at most.

    The parser's time grows with the square of the number of parts in a dotted key.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if the file is too long, or if its encoding is unknown.
        RecursionError: if a line has too many dots.
    """
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise ValueError(text("marks.policy.long", limit=MOST_BYTES >> 10))
    if any(line.count(b".") > MOST_DOTS for line in raw.splitlines()):
        raise RecursionError
    return decoded(raw).replace("\r\n", "\n")


def example() -> str:
    """Return a policy with every key, each explained."""
    file = resources.files("ncl_course.grading").joinpath("examples", f"policy_{current()}.toml")
    return file.read_text(encoding="utf-8")


class PolicyReader:
    """Reads the tables of a policy and collects their mistakes.

    Args:
        folder: the policy's folder, which also holds the files that it names.
        kept: copies of these files, by their paths.
    """

    def __init__(self, folder: Path, kept: Mapping[str, Path] | None = None) -> None:
        self.folder, self.kept = folder, kept or {}
        self.zone: ZoneInfo | None = None
        self.complaints: list[str] = []

    def policy(self, content: Table) -> Policy:
        """Read the whole file."""
        named = {key: content[key] for key in content.keys() & {"timezone"}}
        self.zone = self.taken(named, "", {"timezone": values.zone}).get("timezone")
        if named and self.zone is None:
            self.zone = ZoneInfo("UTC")  # so that one mistake is not reported again at every due time
        keys: Converters = {
            "timezone": lambda value: value,
            "timestamps": self.source,
            "below_zero": values.flag,
            "above_max": values.flag,
            "late": values.table,
            "lessons": values.table,
            "extensions": values.tables,
            "weights": values.table,
        }
        taken = self.taken(content, "", keys)
        shared = self.scheme(taken.get("late", {}), "late", PENALTY)
        extensions = tuple(self.extension(n, one) for n, one in enumerate(taken.get("extensions", []), 1))
        deadlines = self.deadlines(taken.get("lessons", {}), shared, taken.get("timestamps", ""))
        if self.zone is None:
            for source in sorted({one.timestamps for one in deadlines.values()} & WITHOUT_ZONE):
                self.complain("timestamps", source, "timezone")
        limits = {key: taken.get(key, False) for key in ("below_zero", "above_max")}
        weights = self.weights(taken.get("weights", {}))
        return Policy(deadlines, extensions, zone=self.zone, weights=weights, **limits)

    def weights(self, content: Table) -> dict[str, float]:
        """Return what each lesson weighs; a sum of 0 would leave nothing of a term."""
        found = self.taken(content, "weights", dict.fromkeys(LESSONS, values.amount))
        if content and found and not any(found.values()):
            self.complain("weights", ", ".join(content), "weights")
        return found

    def deadlines(self, content: Table, shared: Table, timestamps: str) -> dict[str, Deadline]:
        """Return the rules for each lesson: its own table, and [late] for keys that the table does not have."""
        found = {}
        for name, one in content.items():
            where = f"lessons.{name}"
            if name not in LESSONS:
                self.complain(where, name, "lesson")
            own = self.scheme(one, where, {"due": self.time, "timestamps": self.source, **PENALTY})
            inherited = shared if not own.keys() & {"percent", "steps"} else shared.keys() - SCHEME
            penalty = {key: shared[key] for key in inherited} | {k: v for k, v in own.items() if k in PENALTY}
            plain = {"span_hours" if key == "per" else key: value for key, value in penalty.items()}
            found[name] = Deadline(own.get("due"), Penalty(**plain), own.get("timestamps", timestamps))
        return found

    def scheme(self, content: Any, where: str, keys: Converters) -> dict[str, Any]:
        """Read a table with a penalty, which is percent for each hour or day, or steps."""
        taken = self.taken(content, where, keys)
        if {"percent", "steps"} <= taken.keys():
            self.complain(f"{where}.steps", "percent, steps", "either")
        return taken

    def extension(self, number: int, content: Table) -> Extension:
        """Read one student's extension."""
        where = f"extensions[{number}]"
        keys: Converters = {
            "student": lambda value: composed(plain_spaces(values.word(value))),
            "lesson": values.lesson,
            "due": self.time,
            "days": values.amount,
        }
        taken = self.taken(content, where, keys)
        if "student" not in content or len(content.keys() & {"due", "days"}) != 1:
            self.complain(where, ", ".join(content), "extension")
        return Extension(**({"student": ""} | taken))

    def taken(self, content: Any, where: str, keys: Converters) -> dict[str, Any]:
        """Return the valid values of a table, and note a mistake for each of the others."""
        if not isinstance(content, dict):
            self.complain(where, content, "table")
            return {}
        found = {}
        for key, value in content.items():
            place = f"{where}.{key}" if where else key
            if key not in keys:
                close = get_close_matches(key[:MOST_OF_NAME], keys, n=1)
                meant = text("marks.policy.meant", name=close[0]) if close else ""
                unknown = text("marks.policy.unknown", place=place[:MOST_OF_NAME], all=", ".join(keys))
                self.complaints.append(f"{unknown} {meant}".rstrip())
                continue
            try:
                found[key] = keys[key](value)
            except ValueError:
                self.complain(place, value, key)
        return found

    def complain(self, place: str, value: Any, expected: str) -> None:
        """Note a mistake: the place, the value there, and what was expected."""
        expected = "weight" if expected in LESSONS else expected
        wanted = text(f"marks.policy.expected.{expected}", all=", ".join(LESSONS), folder=self.folder)
        found = values.shown(value)
        told = {"place": place[:MOST_OF_NAME], "found": found[:MOST_OF_NAME]}
        self.complaints.append(text("marks.policy.line", **told, expected=wanted))

    def time(self, value: Any) -> Any:
        """Read a due time, with its offset or in the policy's timezone."""
        return values.in_zone(value, self.zone)

    def source(self, value: Any) -> str:
        """Read the source of times: a known word, or a file that exists."""
        if value in SOURCES:
            return values.word(value)
        path = self.folder / values.word(value)
        kept = self.kept.get(str(path))
        return str(path) if is_file(path) else str(kept) if kept and is_file(kept) else values.fail(value)


def is_file(path: Path) -> bool:
    """Return whether there is such a file; there is none with a name that is too long for the system."""
    try:
        return path.is_file()
    except OSError:
        return False
