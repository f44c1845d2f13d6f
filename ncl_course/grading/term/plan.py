"""The files that a run needs beside the notebooks (policy, points by hand, roster, sheet), and those that it makes.

Every file that a person wrote is read before the first notebook is graded, so that mistakes are reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ncl_course.exercises import LESSONS
from ncl_course.grading import terminal
from ncl_course.grading.entry import Entry
from ncl_course.grading.errors import GradingError, SheetError
from ncl_course.grading.handed_in.lessons import known_lesson, lesson_named
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.manual import read_manual
from ncl_course.grading.marks.marking import Marking
from ncl_course.grading.marks.timestamps import clock
from ncl_course.grading.plain import StrictError
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.reports.written import write_reports
from ncl_course.grading.results import NAME, Results, read_results
from ncl_course.grading.sheets.columns import asked_columns, columns_of
from ncl_course.grading.sheets.fill import fill
from ncl_course.grading.sheets.table import read_sheet
from ncl_course.grading.sheets.told import listed, told
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.exchange import NAME as EXCHANGE
from ncl_course.grading.term.exchange import from_exchange, write_exchange
from ncl_course.grading.term.filled import demand_columns, lesson_columns, summary, totals
from ncl_course.grading.term.form import PLAIN, Form
from ncl_course.grading.term.gradebook import Term, late_students, term
from ncl_course.grading.term.handed_back import PLACES, places, without_place, write_zip
from ncl_course.grading.term.linked import linked
from ncl_course.grading.term.remembered import Known, known, remember
from ncl_course.grading.term.roster import NOBODY
from ncl_course.grading.term.written import overview, write_items, write_term
from ncl_course.language import text


@dataclass(frozen=True)
class Wanted:
    """The options about marks, sheets and the term; ``ncl-course grade --help`` explains each."""

    policy: Path | None = None
    sheet: Path | None = None
    sheet_lesson: str = ""
    sheet_columns: str = ""
    roster: Path | None = None
    form: Form = PLAIN
    items_form: Form = PLAIN
    feedback_zip: str = ""
    feedback_exchange: bool = False


@dataclass
class Plan:
    """The files of one run, as they were when it began."""

    wanted: Wanted
    marking: Marking
    known: Known = field(default_factory=Known)
    columns: dict[str, str] = field(default_factory=dict)

    def remember(self, out: Path) -> None:
        """Remember the policy and the roster before anything is graded, so that a run that is killed loses neither.

        Raises:
            OSError: if the folder cannot be written.
        """
        remember(out, self.known)

    def write(self, results: Results, out: Path, submissions: Iterable[Submission]) -> tuple[Results, Term]:
        """Write all reports; return the results with each partner's entries, and the term.

        Raises:
            OSError: if a file cannot be written.
        """
        roster = self.known.roster
        whole = credited(results, roster, self.marking.manual, self.known.policy)
        made = term(whole, roster, self.known.policy.weights if self.known.policy else None)
        write_reports(results, out, whole, overview(made, roster))
        write_term(made, roster, whole, out, self.wanted.form)
        write_items(results, made, out, submissions, self.wanted.items_form)
        return whole, made

    def tell(self, whole: Results, made: Term) -> None:
        """Say on the terminal what is remembered, how many were late, and who is not on the roster."""
        for line in self.known.said:
            terminal.complain(terminal.printable(line), style="yellow")
        if self.known.policy:
            late = late_students(made.rows)
            count = sum(len(row.late) for row in late)
            terminal.say(text("marks.term.late", students=len(late), submissions=count, all=len(whole.students)))
        if self.known.roster.people:
            unknown = [row.student for row in made.rows if row.marks and row.person == NOBODY]
            namesakes = [name for name in unknown if self.known.roster.has_several(name)]
            strangers = [name for name in unknown if name not in namesakes]
            for kind, names in (("strangers", strangers), ("namesakes", namesakes)):
                if names:
                    said = text(f"marks.roster.{kind}", count=len(names), names=listed(names))
                    terminal.complain(terminal.printable(said), style="yellow")

    def hand_back(self, whole: Results, made: Term, out: Path, submissions: Iterable[Submission]) -> None:
        """Fill in the sheet, and make the zip or the folder of the feedback, as far as they were asked for.

        Raises:
            SheetError: if it is not clear which column takes the marks.
            OSError: if a file cannot be written.
        """
        if self.wanted.sheet:
            self.write_sheet(whole, made, out, self.wanted.sheet)
        pages = {name: out / "feedback" / f"{page}.html" for name, page in file_names(whole.students).items()}
        if self.wanted.feedback_zip:
            numbers = {row.student: row.person.platform for row in made.rows if row.person.platform}
            found = places(self.wanted.feedback_zip, whole, numbers)
            path = write_zip(self.wanted.feedback_zip, pages, found, out)
            terminal.say(text("marks.returned.written", count=len(found), path=path))
            tell_left("marks.returned.left", without_place(whole, found))
        if self.wanted.feedback_exchange:
            returned = write_exchange(pages, submissions, out)
            terminal.say(text("marks.returned.exchange", count=len(returned), path=out / EXCHANGE))
            tell_left("marks.returned.not_in_exchange", without_place(whole, returned))

    def write_sheet(self, whole: Results, made: Term, out: Path, original: Path) -> None:
        """Fill in a copy of the sheet, unless it belongs to another cohort, and report on each row."""
        sheet = read_sheet(original)
        lessons = sheet_lessons(made.lessons, self.wanted.sheet_lesson)
        columns = columns_of(sheet, self.columns, lessons[0] if len(lessons) == 1 else "")
        path = place(out, original)
        if len(lessons) == 1:
            filled = [(lessons[0], columns, fill(sheet, columns, entries_of(whole, lessons[0])))]
        elif columns.platform == "canvas" and columns.grade < 0:
            found = lesson_columns(sheet, columns, lessons)
            missing = [lesson for lesson in lessons if lesson not in found]
            if missing:
                terminal.complain(text("marks.sheet.no_lesson_column", lessons=", ".join(missing)), style="yellow")
            each = [(lesson, replace(columns, grade=column)) for lesson, column in found.items()]
            filled = [(lesson, at, fill(sheet, at, entries_of(whole, lesson))) for lesson, at in each]
        else:
            filled = [("", columns, fill(sheet, columns, totals(made), summary))]
        if any(one.written for _, _, one in filled):
            sheet.write(path)
        for lesson, at, one in filled:
            for line in told(one, lesson or text("marks.term.name"), path, sheet, at):
                terminal.say(terminal.printable(line))


def tell_left(key: str, students: Sequence[str]) -> None:
    """Name the students whose page is not returned, if there are any."""
    if students:
        said = text(key, count=len(students), names=listed(students))
        terminal.complain(terminal.printable(said), style="yellow")


def entries_of(results: Results, lesson: str) -> list[Entry]:
    """Return the entries of a lesson, and those whose lesson is unknown."""
    return [entry for entry in results.submissions if entry.lesson in (lesson, None)]


def prepare(wanted: Wanted, out: Path, submissions: Sequence[Submission], *, resume: bool = False) -> Plan:
    """Read every file that a run needs beside the notebooks, and refuse a wish that could not be met in the end.

    Args:
        resume: whether the lessons of an earlier run into the folder count, too.

    Raises:
        GradingError: if some of it cannot be understood or met.
    """
    found = known(out, wanted.policy, wanted.roster)
    marking = Marking(found.policy, read_manual(out), clock(found.policy) if found.policy else None)
    plan = Plan(wanted, marking, found)
    if wanted.sheet_lesson:
        named_lesson(wanted.sheet_lesson)
    if wanted.sheet:
        plan.columns = asked_columns(wanted.sheet_columns)
        sheet = read_sheet(wanted.sheet)
        there = sorted({known_lesson(one) for one in submissions} | (earlier_lessons(out) if resume else set()))
        lessons = sheet_lessons([lesson for lesson in there if lesson], wanted.sheet_lesson)
        demand_columns(sheet, plan.columns, lessons)
        people = linked(found.roster, sheet, columns_of(sheet, plan.columns))
        plan.known = replace(found, roster=people)
    if wanted.feedback_zip and not any(PLACES[wanted.feedback_zip](one) for one in submissions):
        raise GradingError(text("marks.returned.no_download", platform=wanted.feedback_zip.capitalize()))
    if wanted.feedback_exchange and not any(map(from_exchange, submissions)):
        raise GradingError(text("marks.returned.no_exchange"))
    return plan


def earlier_lessons(out: Path) -> set[str]:
    """Return the lessons of an earlier run; none if its results cannot be read, which is reported elsewhere."""
    try:
        return {entry.lesson for entry in read_results(out / NAME).submissions if entry.lesson}
    except (OSError, StrictError):
        return set()


def named_lesson(name: str) -> str:
    """Return the lesson that ``--sheet-lesson`` names.

    Raises:
        SheetError: if there is none.
    """
    try:
        return lesson_named(name)
    except GradingError:
        raise SheetError(text("marks.sheet.no_lesson", name=name, lessons=", ".join(LESSONS))) from None


def sheet_lessons(there: Iterable[str], asked: str) -> list[str]:
    """Return the lessons that the sheet is for: the one that was asked for, or all that are there.

    Raises:
        SheetError: if the one that was asked for is not there, or if there is none.
    """
    lessons = sorted(there)
    chosen = [named_lesson(asked)] if asked else lessons
    if not chosen or not set(chosen) <= set(lessons):
        raise SheetError(text("marks.sheet.lessons", lessons=", ".join(lessons) or "–", asked=asked or "–"))
    return chosen


def place(out: Path, sheet: Path) -> Path:
    """Return the path of the filled copy: in a separate folder, and never the sheet itself."""
    path = out / "sheets" / sheet.name
    return path if path.resolve() != sheet.resolve() else path.with_stem(f"{path.stem}-marks")
