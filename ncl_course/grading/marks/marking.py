"""Give marks from the policy and ``manual.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ncl_course.grading import terminal
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.gradebook import Gradebook
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.manual import Manual, namesakes, offer, strangers
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.marks.score import Key, settled, untimed
from ncl_course.grading.marks.timestamps import Clock
from ncl_course.grading.results import Results
from ncl_course.grading.sheets.told import listed
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.roster import Roster
from ncl_course.language import text


@dataclass
class Marking:
    """The policy and a person's points of one run, as they were when it began."""

    policy: Policy | None
    manual: tuple[Manual, ...]
    clock: Clock | None

    def settle(self, book: Gradebook, submissions: Iterable[Submission], roster: Roster | None = None) -> None:
        """Put numbers and marks into the gradebook, and name what matches nobody in the policy or ``manual.csv``.

        Args:
            roster: the class, in which partners have a mark, too.
        """
        if self.policy:
            offer(book.path.parent)
        here = {(clean(one.student), clean(one.file)): one for one in submissions}
        before = list(book.entries.values())
        known = [with_id(entry, here.get(entry.key)) for entry in before]
        entries = settled(known, self.policy, self.manual, self.moments(known, here))
        if entries != before or self.policy:
            book.entries = {entry.key: entry for entry in entries}
            book.save()
        self.complain(entries, credited(Results(book.run, tuple(entries)), roster or Roster()).submissions)

    def moments(self, entries: Iterable[Entry], here: Mapping[Key, Submission]) -> dict[Key, datetime | None]:
        """Return when notebooks were handed in, if the policy's clock knows; a table also covers earlier runs."""
        found: dict[Key, datetime | None] = {}
        for entry in entries if self.clock else ():
            assert self.clock is not None
            if entry.key in here:
                found[entry.key] = self.clock.submitted(here[entry.key], entry.lesson or "")
            elif tabled := self.clock.tabled((entry.id, entry.student), entry.lesson or ""):
                found[entry.key] = tabled
        return found

    def complain(self, entries: Sequence[Entry], whole: Sequence[Entry]) -> None:
        """Name the students whose time of handing in is unknown, and the lines by hand that match no submission.

        Args:
            whole: the entries with those of partners.
        """
        late = untimed(entries, self.policy) if self.policy else []
        if late:
            names = listed([f"{one.student} ({one.lesson})" for one in late])
            terminal.complain(terminal.printable(text("marks.times.unknown", names=names)), style="yellow")
        known = [(entry.names, entry.lesson or "") for entry in whole]
        there = {name for names, _ in known for name in names}
        for extension in self.policy.extensions if self.policy else ():
            if extension.student not in there:
                said = stranger("policy", extension.student, there, student=extension.student)
                terminal.complain(terminal.printable(said), style="yellow")
        for line in strangers(self.manual, known):
            values = {"number": line.line, "student": line.student, "lesson": line.lesson}
            said = stranger("manual", line.student, there, **values)
            terminal.complain(terminal.printable(said), style="yellow")


def stranger(source: str, student: str, there: Iterable[str], /, **values: object) -> str:
    """Return the message about a student in a policy or ``manual.csv`` who matches nobody, or several of one name."""
    found = namesakes(student, there)
    if found:
        return text(f"marks.{source}.namesakes", count=len(found), found=", ".join(found), **values)
    return text(f"marks.{source}.stranger", **values)


def with_id(entry: Entry, submission: Submission | None) -> Entry:
    """Return an entry with its student's number, if the download names one."""
    return replace(entry, id=clean(submission.id)) if submission and submission.id else entry
