"""``results.json``: every result is on disk when it is there, and what is there can be read at any time."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ncl_course.files import append_line, write_atomically
from ncl_course.grading.entry import clean
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.handed_in.collect import Submission
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

SCHEMA = 1
PREVIOUS = "results.previous.json"
PATIENCE = 20
"""The whole file is written anew when that many times as long has passed as writing it took; a line in the journal
bridges the time until then. Small cohorts get a whole file with each result, large ones don't wait for the disk."""

NEEDED = ("student", "lesson", "file", "status", "score", "max_score", "exercises")

Record = dict[str, Any]


class Gradebook:
    """The results of one run, or of a run and those that resumed it.

    Args:
        folder: where ``results.json`` is kept.
        about: what is written beside the submissions: the seed, versions, limits.
    """

    def __init__(self, folder: Path, about: Record, records: Iterable[Record] = ()) -> None:
        self.path, self.journal = folder / "results.json", folder / "results.journal"
        self.about = about
        self.records = {key(record): record for record in records}
        self.saved, self.cost = 0.0, 0.0

    def add(self, record: Record) -> None:
        """Keep one result, and see that it is on disk."""
        self.records[key(record)] = record
        if time.monotonic() - self.saved >= PATIENCE * self.cost:
            self.save()
        else:
            append_line(self.journal, json.dumps(record))

    def save(self) -> None:
        """Write ``results.json`` whole: beside the old one first, then in its place."""
        start = time.monotonic()
        write_atomically(self.path, self.pieces())
        self.journal.unlink(missing_ok=True)
        self.saved = time.monotonic()
        self.cost = self.saved - start

    def pieces(self) -> Iterator[str]:
        """``results.json`` piece by piece, a submission a line."""
        about = json.dumps({"schema": SCHEMA, **self.about}, ensure_ascii=False)
        separator = about.removesuffix("}") + ', "submissions": [\n'
        for record in merged(self.records.values()):
            yield separator + json.dumps(record, ensure_ascii=False)
            separator = ",\n"
        yield (separator if not self.records else "") + "\n]}\n"

    def plain(self) -> Record:
        """All that ``results.json`` holds."""
        return {"schema": SCHEMA, **self.about, "submissions": merged(self.records.values())}

    def knows(self, submission: Submission) -> bool:
        """Whether this very file is graded already, with the same notebooks beside it where they count."""
        record = self.records.get((clean(submission.student), clean(submission.file)))
        if record is None or record["status"] != "graded" or submission.refused:
            return False
        if "sha256_beside" in record and record["sha256_beside"] != digest_beside(submission):
            return False
        return bool(record.get("sha256") == digest(submission))


def key(record: Record) -> tuple[str, str]:
    """What tells a result from all others: the student and the file."""
    return record["student"], record["file"]


def digest(submission: Submission) -> str:
    """The SHA-256 of a submission, or empty where it cannot be read."""
    try:
        return hashlib.sha256(submission.read()).hexdigest()
    except UnreadableNotebookError:
        return ""


def digest_beside(submission: Submission) -> str:
    """The SHA-256 of the student's other notebooks, whatever their order; the unreadable count for nothing."""
    found = sorted(filter(None, map(digest, submission.beside)))
    return hashlib.sha256("".join(found).encode()).hexdigest()


def merged(records: Iterable[Record]) -> list[Record]:
    """One entry a student and lesson: the notebook that counts higher, which names the others under ``also``.

    What could not be graded keeps an entry of its own, so that somebody looks at it.
    """
    groups: dict[tuple[str, ...], list[Record]] = {}
    for record in records:
        graded = record["status"] == "graded"
        group = (record["student"], record["lesson"]) if graded else (*key(record), record["status"])
        groups.setdefault(group, []).append(record)
    entries = []
    for group_records in groups.values():
        best, *others = sorted(group_records, key=lambda record: (-counted(record), record["file"]))
        entries.append({**best, "also": others} if others else best)
    return sorted(entries, key=lambda record: (record["student"], record["lesson"] or "", record["file"]))


def counted(record: Record) -> float:
    """What a record counts where a student has several: its mark where a policy made one, else its score."""
    return record.get("final", record["score"]) or 0.0


def unmerged(entries: Iterable[Record]) -> list[Record]:
    """All records behind the entries of ``results.json``."""
    return [
        record
        for entry in entries
        for record in ({k: v for k, v in entry.items() if k != "also"}, *entry.get("also", ()))
    ]


def load(folder: Path) -> Gradebook | None:
    """The gradebook that an earlier run left in a folder, or None where there is none.

    Raises:
        GradebookError: there is one, but it cannot be read.
    """
    path = folder / "results.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        about = {name: value for name, value in content.items() if name not in ("schema", "submissions")}
        if content["schema"] != SCHEMA or type(about["seed"]) is not int:
            raise ValueError(f"schema {content['schema']!r}, seed {about['seed']!r}")
        book = Gradebook(folder, about, map(whole, unmerged(content["submissions"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise GradebookError(text("grading.problem.results", path=path, why=str(error)[:200])) from None
    for record in journalled(book.journal):
        book.records[key(record)] = record
    return book


def whole(record: Record) -> Record:
    """The record, where it has all that every record has.

    Raises:
        ValueError: some of it is not there.
    """
    lacking = [name for name in NEEDED if name not in record]
    if lacking:
        raise ValueError(f"{record.get('file', '?')} without {', '.join(lacking)}")
    return record


def journalled(path: Path) -> list[Record]:
    """The results in a journal; a line that was cut off in writing is left out."""
    records = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            records.append(whole(json.loads(line)))
        except (ValueError, AttributeError):
            continue
    return records


def set_aside(folder: Path) -> Path | None:
    """Keep an earlier run's results beside the new one's; return where they are, or None where there are none.

    A run that had graded nothing yet leaves nothing to keep: it does not take the place of what was kept before.
    """
    path, kept = folder / "results.json", folder / PREVIOUS
    there = path.exists() and not is_empty(path)
    if there:
        path.replace(kept)
    (folder / "results.journal").unlink(missing_ok=True)
    return kept if there else None


def is_empty(path: Path) -> bool:
    """Whether results can be read, and there are none in them."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))["submissions"] == []
    except (OSError, ValueError, KeyError, TypeError):
        return False
