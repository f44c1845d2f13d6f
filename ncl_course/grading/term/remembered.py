"""Remember the policy and the roster in the output folder, so that a later run without them loses no deduction.

``remembered/`` holds a copy of each, of the tables that the policy names, and ``from.json`` with their own paths. A
later run reads the file at that path, so that it sees a person's changes, and the copy if the file is gone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ncl_course.files import write_atomically
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.marks.policy_file import SOURCES, read_policy
from ncl_course.grading.plain import parsed
from ncl_course.grading.reports.names import fingerprint
from ncl_course.grading.term.roster import Roster, read_roster
from ncl_course.language import text

FOLDER, FROM = "remembered", "from.json"
POLICY, ROSTER = "policy.toml", "roster.csv"


@dataclass(frozen=True)
class Known:
    """The policy and the roster of a run, where they were read, and a line about each that was remembered."""

    policy: Policy | None = None
    roster: Roster = field(default_factory=Roster)
    policy_path: Path | None = None
    roster_path: Path | None = None
    said: tuple[str, ...] = ()
    tables: Mapping[str, Path] = field(default_factory=dict)


def known(out: Path, policy: Path | None, roster: Path | None) -> Known:
    """Read the policy and the roster that were given, or else those that an earlier run into the folder was given.

    Raises:
        PolicyError: if one cannot be read or understood.
    """
    before = remembered(out)
    said = []
    policy_path = policy or place(before, "policy")
    roster_path = roster or place(before, "roster")
    if policy is None and policy_path:
        said.append(line(out, "policy", policy_path, out / FOLDER / POLICY))
    if roster is None and roster_path:
        said.append(line(out, "roster", roster_path, out / FOLDER / ROSTER))
    tables = {path: out / FOLDER / name for path, name in before.get("tables", {}).items()}
    return Known(
        policy=policy_of(out, policy, policy_path, tables),
        roster=read_roster(standing(roster_path, out / FOLDER / ROSTER)) if roster_path else Roster(),
        policy_path=policy_path,
        roster_path=roster_path,
        said=tuple(said),
        tables=tables,
    )


def former_roster(out: Path) -> Roster:
    """Return the roster as the last run into a folder read it; empty if it had none.

    Raises:
        PolicyError: if the copy cannot be read.
    """
    path = out / FOLDER / ROSTER
    return read_roster(path) if path.is_file() else Roster()


def policy_of(out: Path, given: Path | None, path: Path | None, tables: Mapping[str, Path]) -> Policy | None:
    """Return the policy at its path, or its copy if it was not given now and is gone."""
    if path is None:
        return None
    if given:
        return read_policy(path)
    return read_policy(standing(path, out / FOLDER / POLICY), path.parent, tables)


def remembered(out: Path) -> Mapping[str, Any]:
    """Return what an earlier run has noted; nothing if there was none.

    Raises:
        PolicyError: if the note cannot be read.
    """
    path = out / FOLDER / FROM
    try:
        content: Any = parsed(path.read_bytes())
        good = isinstance(content, dict) and isinstance(content.get("tables", {}), dict)
        names = [content.get("policy", ""), content.get("roster", ""), *content.get("tables", {}).values()]
        if not (good and all(isinstance(name, str) for name in names)):
            raise ValueError(str(content)[:80])
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError, AttributeError) as error:
        raise PolicyError(text("marks.remembered.unreadable", path=path, why=str(error)[:200])) from None
    return content


def place(before: Mapping[str, Any], name: str) -> Path | None:
    """Return the noted path of a file, or None."""
    return Path(before[name]) if before.get(name) else None


def standing(path: Path, copy: Path) -> Path:
    """Return a file, or its copy if the file is gone and the copy is there."""
    return copy if not path.is_file() and copy.is_file() else path


def line(out: Path, kind: str, path: Path, copy: Path) -> str:
    """Say that a file is remembered, and how to change or to forget it."""
    return text(f"marks.remembered.{kind}", path=standing(path, copy), folder=out / FOLDER)


def remember(out: Path, now: Known) -> None:
    """Copy the files of this run into the folder.

    Raises:
        OSError: if one cannot be written.
    """
    if now.policy_path is None and now.roster_path is None:
        return
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    note: dict[str, Any] = {"tables": {}}
    for name, path, copy in (("policy", now.policy_path, POLICY), ("roster", now.roster_path, ROSTER)):
        if path is not None:
            note[name] = str(path.absolute())
            keep(path, folder / copy)
    sources = {deadline.timestamps for deadline in now.policy.deadlines.values()} if now.policy else set()
    original = {str(copy): path for path, copy in now.tables.items()}
    for source in sorted(sources - {"", *SOURCES}):
        path_given = original.get(source, source)
        copy = f"times-{fingerprint(path_given)}.csv"
        note["tables"][path_given] = copy
        keep(Path(source), folder / copy)
    write_atomically(folder / FROM, json.dumps(note, ensure_ascii=False, indent=1) + "\n")


def keep(path: Path, copy: Path) -> None:
    """Copy a file, unless it is gone or is the copy itself."""
    if path.is_file() and path.resolve() != copy.resolve():
        write_atomically(copy, path.read_bytes(), durable=False)
