"""Find when a submission was handed in: from nbgrader's stamp, a download, a table of times, or the files themselves.

A table is a CSV of ``student``, ``submitted`` and perhaps ``lesson``, or Moodle's grading worksheet, whose column of
last modifications is written in the exporting user's language and timezone: English and Russian are read. nbgrader's
file holds ``2026-10-12 20:59:00.123 UTC``; like nbgrader, a time without a zone counts as UTC, but an abbreviation
that names no zone is refused. Some platforms write the times into what they let download (``handed_in/times.py``).
A file's own time says only when a program last wrote or packed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ncl_course.exercises import LESSONS
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.handed_in.names import composed
from ncl_course.grading.handed_in.near import text_near
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.marks.policy_file import SOURCES
from ncl_course.grading.marks.policy_values import in_zone, zone
from ncl_course.grading.sheets.columns import numbered
from ncl_course.grading.sheets.rows import table
from ncl_course.grading.sheets.table import Sheet, read_sheet
from ncl_course.grading.sheets.words import plain_spaces
from ncl_course.language import text

NBGRADER = "timestamp.txt"
MODIFIED = ("last modified (submission)", "последнее изменение (ответ)")
"""Moodle's header of the time of a submission."""

CLOCK_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?: ?(?P<half>[ap])\.? ?m\.?)?$"
DAY, MONTH, YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?", r"(?P<month>[^\W\d_]+)[.,]?", r"(?P<year>\d{4})(?: ?г\.?)?"
WEEKDAY, GAP = r"(?:[^\W\d_]+\.?,? )?", r",? (?:at |в )?"
MOODLE_TIMES = (
    re.compile(f"{WEEKDAY}{DAY} {MONTH} {YEAR}{GAP}{CLOCK_TIME}", re.IGNORECASE),
    re.compile(f"{WEEKDAY}{MONTH} {DAY},? {YEAR}{GAP}{CLOCK_TIME}", re.IGNORECASE),
)
"""A time as Moodle's language packs write it: ``Monday, 12 October 2026, 11:41 PM`` in English, with 23:41 in British
and Russian, ``Monday, October 12, 2026, 11:41 PM`` in American English."""

MONTHS = (
    "january february march april may june july august september october november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
)
SHORTEST = 3
"""Letters by which an abbreviation tells a month."""

Times = Mapping[tuple[str, str], datetime]
"""Times by the student's name or number and the lesson; an empty lesson means all."""


@dataclass(frozen=True)
class Clock:
    """The sources of times in a policy, with its tables read."""

    policy: Policy
    tables: Mapping[str, Times]

    def submitted(self, submission: Submission, lesson: str) -> datetime | None:
        """Return when a submission was handed in, or None if no source says so."""
        deadline = self.policy.deadlines.get(lesson)
        source = deadline.timestamps if deadline else ""
        if source == "nbgrader":
            return nbgrader_time(submission)
        if source == "download":
            return download_time(submission.handed, self.policy.zone)
        if source == "files":
            return file_time(submission, self.policy.zone)
        return self.tabled((submission.id, submission.student), lesson)

    def tabled(self, names: Iterable[str], lesson: str) -> datetime | None:
        """Return the time in the lesson's table for a student with these names; the student's file is not needed."""
        deadline = self.policy.deadlines.get(lesson)
        times = self.tables.get(deadline.timestamps, {}) if deadline else {}
        keys = [(plain_spaces(name), where) for name in names if name for where in (lesson, "")]
        return next((times[key] for key in keys if key in times), None)


def clock(policy: Policy) -> Clock:
    """Make the policy's clock.

    Raises:
        PolicyError: if a table of times cannot be read.
    """
    sources = {deadline.timestamps for deadline in policy.deadlines.values()} - {"", *SOURCES}
    return Clock(policy, {source: read_times(Path(source), policy.zone) for source in sorted(sources)})


def read_times(path: Path, timezone: ZoneInfo | None) -> Times:
    """Read the times in a CSV.

    Raises:
        PolicyError: if it cannot be read, or if lines cannot be understood; the message names all of them.
    """
    sheet = read_sheet(path)
    column = next((c for c, header in enumerate(sheet.headers) if header.casefold() in MODIFIED), -1)
    lines = moodle_lines(sheet, column) if column >= 0 else plain_lines(path)
    found: dict[tuple[str, str], datetime] = {}
    wrong = []
    for number, student, lesson, said in lines:
        try:
            moment = moodle_time(said, timezone) if column >= 0 else in_zone(said, timezone)
            if lesson not in ("", *LESSONS):
                raise ValueError(lesson)
            found[composed(plain_spaces(student)), lesson] = moment
        except ValueError:
            wrong.append(text("marks.times.line", number=number, student=student, found=f"{lesson} {said}".strip()))
    if wrong:
        expected = text("marks.times.moodle" if column >= 0 else "marks.times.plain")
        raise PolicyError("\n".join([text("marks.times.wrong", path=path, expected=expected), *wrong]))
    return found


def plain_lines(path: Path) -> list[tuple[int, str, str, str]]:
    """Yield the lines of a table of times: the number, student, lesson and time of each."""
    rows = table(path, ("student", "submitted"), ("student", "submitted", "lesson"))
    return [(number, row["student"], row["lesson"], row["submitted"]) for number, row in rows if any(row.values())]


def moodle_lines(sheet: Sheet, column: int) -> list[tuple[int, str, str, str]]:
    """Yield the same from Moodle's worksheet, which has a dash for a student who handed in nothing."""
    rows = [(row, numbered(sheet.cell(row, 0)), sheet.cell(row, column).strip()) for row in range(1, len(sheet.rows))]
    return [(sheet.line(row), number, "", said) for row, number, said in rows if number and said not in ("", "-")]


def moodle_time(said: str, timezone: ZoneInfo | None) -> datetime:
    """Return a time as Moodle writes it.

    Raises:
        ValueError: if it is not one, or if there is no timezone for it.
    """
    words = plain_spaces(said)
    found = next((match for form in MOODLE_TIMES if (match := form.match(words))), None)
    if found is None or timezone is None:
        raise ValueError(said)
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
        if int(found["hour"]) > 12:
            raise ValueError(said)
    day = (int(found["year"]), month_of(found["month"]), int(found["day"]))
    return datetime(*day, hour, int(found["minute"]), tzinfo=timezone)


def month_of(word: str) -> int:
    """Return the number of a month by its name or its abbreviation.

    Raises:
        ValueError: if it is not one.
    """
    for names in MONTHS:
        for number, name in enumerate(names.split(), start=1):
            if name.startswith(word.lower()) and len(word) >= SHORTEST:
                return number
    raise ValueError(word)


def nbgrader_time(submission: Submission) -> datetime | None:
    """Return the time in nbgrader's ``timestamp.txt``, which is in the student's folder or in the assignment's in it.

    Files of that name elsewhere, in folders or zips that students made, do not count.
    """
    said = next((found for above in submission.stamps if (found := text_near(submission, NBGRADER, above))), "")[:100]
    plain, _, name = said.strip().rpartition(" ")
    for moment, timezone in ((plain, name), (said, "UTC")):
        try:
            return in_zone(moment, zone(timezone))
        except ValueError:
            continue
    return None


def download_time(said: str, timezone: ZoneInfo | None) -> datetime | None:
    """Return the time that a platform's download says, in ISO's form or in the words of Brightspace."""
    plain = re.sub(r"(\.\d{1,6})\d*", r"\1", said).removesuffix("UTC").strip()
    utc = zone("UTC") if said.endswith("UTC") else timezone
    for read in (in_zone, moodle_time):
        try:
            return read(plain.replace(" Z", "Z"), utc)
        except ValueError:
            continue
    return None


def file_time(submission: Submission, timezone: ZoneInfo | None) -> datetime | None:
    """Return when the notebook's file was last written; for a file in a zip, in the packer's local time."""
    try:
        if not submission.inside:
            return datetime.fromtimestamp(submission.path.stat().st_mtime, UTC)
        packed = submission.reading.packed
        return datetime(*packed, tzinfo=timezone) if packed else None  # type: ignore[arg-type, misc]
    except (OSError, ValueError, OverflowError):
        return None
