"""The result of one submission, as a frozen dataclass: every report reads it.

Its fields are the keys of ``results.json``, in this order. ``plain.py`` writes and reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ncl_course.checking.grids import Grid
from ncl_course.checking.verdict import Fault, Verdict
from ncl_course.grading.plain import SOMETIMES
from ncl_course.grading.sheets.words import plain_spaces


class Status(StrEnum):
    """The outcome for a submission. One without a score needs a person to look at it; it is never a zero."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Panel:
    """The panel of the notebook's own check, for a part that fails there, too."""

    lead: str
    code: tuple[str, ...]
    grids: tuple[Grid, ...]
    sentences: tuple[str, ...]
    printed: str


@dataclass(frozen=True, slots=True)
class PartEntry:
    """The points for one part, and the reasons if it did not pass. It holds no numbers from the grader's cases.

    Attributes:
        misconceptions: their names, without the exercise's name in front.
        failing: the number of failing cases, out of ``cases``.
        case: the name of the smallest failing case.
        fault: what is wrong in that case.
        raised: the type of the exception that was raised in it, with the line (``where``) and the message.
        note: the reason if nothing could be judged.
    """

    part: str
    score: float
    max_score: float
    verdict: Verdict
    misconceptions: tuple[str, ...] = ()
    failing: int = 0
    cases: int = 0
    case: str | None = field(default=None, metadata=SOMETIMES)
    fault: Fault | None = field(default=None, metadata=SOMETIMES)
    raised: str | None = field(default=None, metadata=SOMETIMES)
    where: str | None = field(default=None, metadata=SOMETIMES)
    raised_message: str | None = field(default=None, metadata=SOMETIMES)
    note: str = field(default="", metadata=SOMETIMES)
    panel: Panel | None = field(default=None, metadata=SOMETIMES)


@dataclass(frozen=True, slots=True)
class ExerciseEntry:
    """The points for one exercise, part by part.

    Attributes:
        misconceptions: their ids, which begin with the exercise's name.
        message: one line about the exercise, for a table's cell.
        cpu: the processor seconds of its own process; 0 if nothing measured them.
    """

    exercise: str
    score: float
    max_score: float
    verdict: Verdict
    misconceptions: tuple[str, ...]
    parts: tuple[PartEntry, ...]
    message: str
    cpu: float = field(default=0.0, metadata=SOMETIMES)


@dataclass(frozen=True, slots=True)
class Late:
    """The time of handing in, the due time, and the factor for the points."""

    submitted: datetime
    due: datetime
    hours: float
    factor: float


@dataclass(frozen=True, slots=True)
class ByHand:
    """Points that a person gave or took, with a comment. An empty ``exercise`` means the whole lesson."""

    exercise: str
    points: float
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The result of one submission.

    Attributes:
        lesson: None if it is unknown.
        score: None if the submission could not be graded; ``message`` gives the reason.
        notes: sentences for the student and the instructor.
        doubt: the reason why it may be another student's, for the instructor alone.
        cpu: the processor seconds of the notebook's own processes; 0 if nothing measured them.
        backstop: whether a process was ended by the wall clock alone, which may happen on a busy machine.
        sha256: the digest of the notebook's file.
        sha256_beside: the digest of the student's other notebooks, if the result depends on them.
        id: the student's number in the download of a learning platform.
        final: the mark, if a policy or a person changed the score.
        late: how late the notebook was, if a policy says when it was due.
        manual: the points that a person gave or took.
        also: the same student's other notebooks for the lesson, which count less.
    """

    student: str
    lesson: str | None
    file: str
    status: Status
    score: float | None
    max_score: float | None
    seconds: float = 0.0
    exercises: tuple[ExerciseEntry, ...]
    message: str = field(default="", metadata=SOMETIMES)
    notes: tuple[str, ...] = ()
    doubt: str = field(default="", metadata=SOMETIMES)
    backstop: bool = field(default=False, metadata=SOMETIMES)
    cpu: float = field(default=0.0, metadata=SOMETIMES)
    sha256: str = field(default="", metadata=SOMETIMES)
    sha256_beside: str = field(default="", metadata=SOMETIMES)
    id: str = field(default="", metadata=SOMETIMES)
    final: float | None = field(default=None, metadata=SOMETIMES)
    late: Late | None = field(default=None, metadata=SOMETIMES)
    manual: tuple[ByHand, ...] = field(default=(), metadata=SOMETIMES)
    also: tuple[Entry, ...] = field(default=(), metadata=SOMETIMES)

    @property
    def key(self) -> tuple[str, str]:
        """The student and the file, which identify a submission."""
        return self.student, self.file

    @property
    def graded(self) -> bool:
        """Whether the submission has a score."""
        return self.status is Status.GRADED

    @property
    def mark(self) -> float | None:
        """The points that count in the end: the final mark if there is one, else the score."""
        return self.score if self.final is None else self.final

    @property
    def names(self) -> frozenset[str]:
        """The names that identify the student: the name, also with plain spaces, and the number from a download."""
        return frozenset(filter(None, (self.student, plain_spaces(self.student), self.id)))

    @property
    def numbers(self) -> frozenset[str]:
        """The student's numbers in the platforms' downloads."""
        return frozenset(one.id for one in (self, *self.also) if one.id)

    @property
    def manual_sum(self) -> float:
        """The sum of the points that a person gave or took."""
        return float(sum(one.points for one in self.manual))


def round_points(points: float) -> float:
    """Round points, to remove the error of adding floats."""
    return round(points, 6)


def clean(words: str) -> str:
    """Replace the lone surrogates in a text, which UTF-8 cannot encode; file names may contain them."""
    return words.encode("utf-8", "replace").decode("utf-8")
