"""The result of one submission: made once, written to ``results.json``, read by every report.

The fields are the keys of ``results.json``, in this order; ``plain.py`` writes and reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ncl_course.checking.verdict import Fault, Verdict
from ncl_course.checking.view import Grid
from ncl_course.grading.plain import SOMETIMES


class Status(StrEnum):
    """What became of a submission; without a score it is a matter for a person, and never a zero."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Panel:
    """What the notebook's own check shows of a part that fails there, too."""

    lead: str
    code: tuple[str, ...]
    grids: tuple[Grid, ...]
    sentences: tuple[str, ...]
    printed: str


@dataclass(frozen=True, slots=True)
class PartEntry:
    """The points of one part, and what explains it where it did not pass: no numbers of its cases.

    Attributes:
        misconceptions: their names without the exercise's.
        case: the name of the smallest failing case, and ``fault`` what is wrong in it.
        raised: the type of the exception that it raised, ``where`` the line, ``raised_message`` what it said.
        note: why there was nothing to judge.
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
    """The points of one exercise, part by part; ``message`` is one line on it, for a table's cell.

    The ids of ``misconceptions`` begin with the exercise's name.
    """

    exercise: str
    score: float
    max_score: float
    verdict: Verdict
    misconceptions: tuple[str, ...]
    parts: tuple[PartEntry, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Late:
    """When something was handed in, when it was due, and the factor that its points are multiplied by."""

    submitted: datetime
    due: datetime
    hours: float
    factor: float


@dataclass(frozen=True, slots=True)
class ByHand:
    """Points that a person gave or took, for the whole lesson where no exercise is named, and why."""

    exercise: str
    points: float
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a run found out about one submission.

    Attributes:
        lesson: None where nobody can tell.
        score: None where it could not be graded; ``message`` says why.
        backstop: only the clock spoke against some of it, so it may be innocent on a busy machine.
        sha256: the notebook's fingerprint; ``sha256_beside`` that of the student's others, where they count.
        id: the student's number in a platform's download.
        final: what the score comes to where a policy or a person made a mark of it.
        late: how late it was, where a policy says when it was due.
        manual: what a person gave or took.
        also: the same student's other notebooks of the lesson, which count less.
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
    backstop: bool = field(default=False, metadata=SOMETIMES)
    sha256: str = field(default="", metadata=SOMETIMES)
    sha256_beside: str = field(default="", metadata=SOMETIMES)
    id: str = field(default="", metadata=SOMETIMES)
    final: float | None = field(default=None, metadata=SOMETIMES)
    late: Late | None = field(default=None, metadata=SOMETIMES)
    manual: tuple[ByHand, ...] = field(default=(), metadata=SOMETIMES)
    also: tuple[Entry, ...] = field(default=(), metadata=SOMETIMES)

    @property
    def key(self) -> tuple[str, str]:
        """What tells a submission from all others: the student and the file."""
        return self.student, self.file

    @property
    def graded(self) -> bool:
        """Whether there is a score."""
        return self.status is Status.GRADED

    @property
    def mark(self) -> float | None:
        """What counts in the end: the mark where a policy or a person made one of the score, else the score."""
        return self.score if self.final is None else self.final

    @property
    def names(self) -> frozenset[str]:
        """How the student may be called: by name, and by number where a download gave one."""
        return frozenset(filter(None, (self.student, self.id)))

    @property
    def manual_sum(self) -> float:
        """All that a person gave or took."""
        return float(sum(one.points for one in self.manual))


def round_points(points: float) -> float:
    """Points without the noise of adding floats."""
    return round(points, 6)


def clean(words: str) -> str:
    """A text that UTF-8 can write; file names and students' texts may hold lone surrogates."""
    return words.encode("utf-8", "replace").decode("utf-8")
