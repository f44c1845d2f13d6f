"""Give marks from the policy and ``manual.csv``, and fill in the platform's sheet.

Every file that a person wrote is read before the first notebook is graded, so that mistakes are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ncl_course.exercises import LESSONS
from ncl_course.grading import terminal
from ncl_course.grading.entry import Entry, clean
from ncl_course.grading.errors import GradingError, SheetError
from ncl_course.grading.gradebook import Gradebook
from ncl_course.grading.handed_in.lessons import lesson_named
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.manual import Manual, namesakes, offer, read_manual, strangers
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.marks.policy_file import read_policy
from ncl_course.grading.marks.score import Key, settled, untimed
from ncl_course.grading.marks.timestamps import Clock, clock
from ncl_course.grading.results import Results
from ncl_course.grading.sheets.columns import asked_columns, columns_of
from ncl_course.grading.sheets.fill import fill
from ncl_course.grading.sheets.table import read_sheet
from ncl_course.grading.sheets.told import listed, told
from ncl_course.language import text


@dataclass(frozen=True)
class Wanted:
    """The options about marks and sheets; ``ncl-course grade --help`` explains each."""

    policy: Path | None = None
    sheet: Path | None = None
    sheet_lesson: str = ""
    sheet_columns: str = ""


@dataclass
class Marking:
    """The policy, a person's points and the sheet of one run, as they were when it began."""

    wanted: Wanted
    policy: Policy | None
    manual: tuple[Manual, ...]
    clock: Clock | None
    columns: dict[str, str] = field(default_factory=dict)

    def settle(self, book: Gradebook, submissions: Iterable[Submission]) -> None:
        """Put numbers and marks into the gradebook, and name what matches nobody in the policy or ``manual.csv``."""
        if self.policy:
            offer(book.path.parent)
        here = {(clean(one.student), clean(one.file)): one for one in submissions}
        before = list(book.entries.values())
        known = [with_id(entry, here.get(entry.key)) for entry in before]
        entries = settled(known, self.policy, self.manual, self.moments(known, here))
        if entries != before or self.policy:
            book.entries = {entry.key: entry for entry in entries}
            book.save()
        self.complain(entries)

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

    def complain(self, entries: Sequence[Entry]) -> None:
        """Name the students whose time of handing in is unknown, and the lines by hand that match no submission."""
        late = untimed(entries, self.policy) if self.policy else []
        if late:
            names = listed([f"{one.student} ({one.lesson})" for one in late])
            terminal.complain(terminal.printable(text("marks.times.unknown", names=names)), style="yellow")
        known = [(entry.names, entry.lesson or "") for entry in entries]
        there = {name for names, _ in known for name in names}
        for extension in self.policy.extensions if self.policy else ():
            if extension.student not in there:
                said = stranger("policy", extension.student, there, student=extension.student)
                terminal.complain(terminal.printable(said), style="yellow")
        for line in strangers(self.manual, known):
            values = {"number": line.line, "student": line.student, "lesson": line.lesson}
            said = stranger("manual", line.student, there, **values)
            terminal.complain(terminal.printable(said), style="yellow")

    def write_sheet(self, results: Results, out: Path) -> None:
        """Fill in a copy of the sheet, unless it belongs to another cohort, and report on each row.

        Raises:
            SheetError: if it is not clear which lesson it is for, or which column takes the marks.
        """
        if self.wanted.sheet is None:
            return
        lesson = sheet_lesson(results, self.wanted.sheet_lesson)
        sheet = read_sheet(self.wanted.sheet)
        columns = columns_of(sheet, self.columns, lesson)
        entries = [entry for entry in results.submissions if entry.lesson in (lesson, None)]
        filled = fill(sheet, columns, entries)
        path = place(out, self.wanted.sheet)
        if filled.written:
            sheet.write(path)
        for line in told(filled, lesson, path, sheet, columns):
            terminal.say(terminal.printable(line))


def stranger(source: str, student: str, there: Iterable[str], /, **values: object) -> str:
    """Return the message about a student in a policy or ``manual.csv`` who matches nobody, or several of one name."""
    found = namesakes(student, there)
    if found:
        return text(f"marks.{source}.namesakes", count=len(found), found=", ".join(found), **values)
    return text(f"marks.{source}.stranger", **values)


def prepare(wanted: Wanted, out: Path) -> Marking:
    """Read every file that a run needs beside the notebooks.

    Raises:
        GradingError: if some of it cannot be understood.
    """
    policy = read_policy(wanted.policy) if wanted.policy else None
    marking = Marking(wanted, policy, read_manual(out), clock(policy) if policy else None)
    if wanted.sheet:
        marking.columns = asked_columns(wanted.sheet_columns)
        columns_of(read_sheet(wanted.sheet), marking.columns)
    if wanted.sheet_lesson:
        named_lesson(wanted.sheet_lesson)
    return marking


def with_id(entry: Entry, submission: Submission | None) -> Entry:
    """Return an entry with its student's number, if the download names one."""
    return replace(entry, id=clean(submission.id)) if submission and submission.id else entry


def named_lesson(name: str) -> str:
    """Return the lesson that ``--sheet-lesson`` names.

    Raises:
        SheetError: if there is none.
    """
    try:
        return lesson_named(name)
    except GradingError:
        raise SheetError(text("marks.sheet.no_lesson", name=name, lessons=", ".join(LESSONS))) from None


def sheet_lesson(results: Results, asked: str) -> str:
    """Return the lesson that the sheet is for: the one that was asked for, or the only one there.

    Raises:
        SheetError: if there are several, or none.
    """
    there = sorted({entry.lesson for entry in results.submissions if entry.lesson})
    lessons = [named_lesson(asked)] if asked else there
    if len(lessons) != 1 or lessons[0] not in there:
        raise SheetError(text("marks.sheet.lessons", lessons=", ".join(there) or "–", asked=asked or "–"))
    return lessons[0]


def place(out: Path, sheet: Path) -> Path:
    """Return the path of the filled copy: in a separate folder, and never the sheet itself."""
    path = out / "sheets" / sheet.name
    return path if path.resolve() != sheet.resolve() else path.with_stem(f"{path.stem}-marks")
