"""``results.json``: every result is on disk when it is there, and what is there can be read at any time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

from ncl_course.checking.view import named
from ncl_course.files import append_line, write_atomically
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.plain import StrictError, plain
from ncl_course.grading.results import NAME, Results, Run, merged, read_entry, read_results, results_text, unmerged
from ncl_course.language import text

JOURNAL, PREVIOUS = "results.journal", "results.previous.json"
PATIENCE = 20
"""The whole file is written anew when that many times as long has passed as writing it took; a line in the journal
bridges the time until then. Small cohorts get a whole file with each result, large ones don't wait for the disk."""


class Gradebook:
    """The results of one run, or of a run and those that resumed it.

    Args:
        folder: where ``results.json`` is kept.
        run: what is written in front of the submissions: the seed, versions, limits.
    """

    def __init__(self, folder: Path, run: Run, entries: Iterable[Entry] = ()) -> None:
        self.path, self.journal = folder / NAME, folder / JOURNAL
        self.run = run
        self.entries = {entry.key: entry for entry in entries}
        self.saved, self.cost = 0.0, 0.0

    def add(self, entry: Entry) -> None:
        """Keep one result, and see that it is on disk."""
        self.entries[entry.key] = entry
        if time.monotonic() - self.saved >= PATIENCE * self.cost:
            self.save()
        else:
            append_line(self.journal, json.dumps(plain(entry)))

    def save(self) -> None:
        """Write ``results.json`` whole: beside the old one first, then in its place."""
        start = time.monotonic()
        write_atomically(self.path, results_text(self.results()))
        self.journal.unlink(missing_ok=True)
        self.saved = time.monotonic()
        self.cost = self.saved - start

    def results(self) -> Results:
        """All that ``results.json`` holds."""
        return Results(self.run, merged(self.entries.values()))

    def knows(self, submission: Submission) -> bool:
        """Whether this very file is graded already, with the same notebooks beside it where they count."""
        entry = self.entries.get((clean(submission.student), clean(submission.file)))
        if entry is None or not (entry.graded and entry.sha256 and entry.sha256 == submission.reading.sha256):
            return False
        return not entry.sha256_beside or entry.sha256_beside == submission.digest_beside()


def load(folder: Path) -> Gradebook | None:
    """The gradebook that an earlier run left in a folder, or None where there is none.

    Raises:
        GradebookError: there is one, but it is not as it was written.
    """
    path = folder / NAME
    try:
        results = read_results(path)
        book = Gradebook(folder, results.run, map(known, unmerged(results.submissions)))
        path = book.journal
        book.entries |= {entry.key: known(entry) for entry in journalled(path)}
    except FileNotFoundError:
        return None
    except (OSError, StrictError) as error:
        raise GradebookError(text("grading.problem.results", path=path, why=str(error)[:200])) from None
    return book


def known(entry: Entry) -> Entry:
    """The entry, where this release of the course has words for its misconceptions.

    Raises:
        StrictError: it has none for one of them.
    """
    for exercise in entry.exercises:
        names = {name for part in exercise.parts for name in part.misconceptions}
        for identity in (*exercise.misconceptions, *(f"{exercise.exercise}.{name}" for name in sorted(names))):
            try:
                named(*identity.partition(".")[::2])
            except KeyError:
                raise StrictError(text("grading.strict.unknown", name=identity)) from None
    return entry


def journalled(path: Path) -> list[Entry]:
    """The results in a journal; a last line that was cut off in writing is left out.

    Raises:
        StrictError: another line is not as it was written.
    """
    try:
        *lines, _cut_off = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [read_entry(line) for line in lines]


def set_aside(folder: Path) -> Path | None:
    """Keep an earlier run's results beside the new one's; return where they are, or None where there are none.

    A run that had graded nothing yet leaves nothing to keep: it does not take the place of what was kept before.
    """
    path, kept = folder / NAME, folder / PREVIOUS
    there = path.exists() and not is_empty(path)
    if there:
        path.replace(kept)
    (folder / JOURNAL).unlink(missing_ok=True)
    return kept if there else None


def is_empty(path: Path) -> bool:
    """Whether results can be read, and there are none in them."""
    try:
        return not read_results(path).submissions
    except (OSError, StrictError):
        return False
