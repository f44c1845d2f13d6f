"""Keep ``results.json``: every entry is on disk as soon as it exists, and the file can be read at any time."""

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
PATIENCE = 100
"""The whole file is written again after this many times the time that writing it took. Until then, new entries are
lines in the journal. A small cohort gets a whole file with each entry; a large one does not wait for the disk."""


class Gradebook:
    """The entries of one run, including those of the runs that it resumes.

    Args:
        folder: the folder of ``results.json``.
        run: the settings that are written in front of the submissions.
        entries: the entries so far.
    """

    def __init__(self, folder: Path, run: Run, entries: Iterable[Entry] = ()) -> None:
        self.path, self.journal = folder / NAME, folder / JOURNAL
        self.run = run
        self.entries = {entry.key: entry for entry in entries}
        self.saved, self.cost = 0.0, 0.0

    def add(self, entry: Entry) -> None:
        """Keep one entry, and write it to the disk."""
        self.entries[entry.key] = entry
        if time.monotonic() - self.saved >= PATIENCE * self.cost:
            self.save()
        else:
            append_line(self.journal, json.dumps(plain(entry)))

    def save(self) -> None:
        """Write the whole ``results.json``: first beside the old one, then in its place."""
        start = time.monotonic()
        write_atomically(self.path, results_text(self.results()))
        self.journal.unlink(missing_ok=True)
        self.saved = time.monotonic()
        self.cost = self.saved - start

    def results(self) -> Results:
        """Return the contents of ``results.json``."""
        return Results(self.run, merged(self.entries.values()))

    def knows(self, submission: Submission) -> bool:
        """Return whether the same file is graded already, with the same notebooks beside it if they count."""
        entry = self.entries.get((clean(submission.student), clean(submission.file)))
        if entry is None or not (entry.graded and entry.sha256 and entry.sha256 == submission.reading.sha256):
            return False
        return not entry.sha256_beside or entry.sha256_beside == submission.digest_beside()


def load(folder: Path) -> Gradebook | None:
    """Return the gradebook that an earlier run left in a folder, or None if there is none.

    Raises:
        GradebookError: if its files cannot be read, or if a value in them is wrong.
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
    """Return the entry if this release of the course knows its misconceptions.

    Raises:
        StrictError: if it does not know one of them.
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
    """Read the entries in a journal. A last line without its end was cut off during writing, and is left out.

    Raises:
        StrictError: if a value in another line is wrong.
    """
    try:
        *lines, _cut_off = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [read_entry(line) for line in lines]


def set_aside(folder: Path) -> Path | None:
    """Keep an earlier run's results beside the new ones. Return their path, or None if there are none.

    The results of a run that graded nothing are not kept: they would replace the ones that were kept before.
    """
    path, kept = folder / NAME, folder / PREVIOUS
    there = path.exists() and not is_empty(path)
    if there:
        path.replace(kept)
    (folder / JOURNAL).unlink(missing_ok=True)
    return kept if there else None


def is_empty(path: Path) -> bool:
    """Return whether a file of results can be read and holds no entries."""
    try:
        return not read_results(path).submissions
    except (OSError, StrictError):
        return False
