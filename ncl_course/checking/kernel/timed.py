"""A student's object in this process, with a limit on the time that its code may take in one check."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.run import SubjectLostError
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import Exercise
from ncl_course.language import text
from ncl_course.protocol.play import Kit, play
from ncl_course.protocol.raised import describe
from ncl_course.protocol.script import Script, Trace
from ncl_course.protocol.stubs import without_stubs
from ncl_course.submission.limit import TimeIsUp, limited, nothing

SECONDS = 60.0
"""The limit of a check; what the course itself computes does not count."""

SECONDS_TO_TRAIN = 600.0
"""The limit of a check of ``train``, which trains several small networks."""


def limit_of(exercise: Exercise) -> float:
    """Return the number of seconds that the code of one check may take."""
    return SECONDS_TO_TRAIN if exercise.name == "train" else SECONDS


@dataclass
class Timed:
    """The subject in a notebook: the student's class or function itself, and the pieces that it may get.

    ``late`` is called while the code still runs although its time is up.
    """

    target: Callable[..., Any]
    seconds: float
    kit: Kit = field(default_factory=dict)
    late: Callable[[], object] = nothing
    used: float = 0.0

    def play(self, script: Script) -> Trace:
        """Play the script in this process.

        Raises:
            SubjectLostError: if the time of the check is up.
        """
        return self.play_all([script])[0]

    def play_all(self, scripts: Sequence[Script]) -> list[Trace]:
        """Play the scripts in this process.

        Raises:
            SubjectLostError: if the time of the check is up.
        """
        start = time.monotonic()
        try:
            with limited(max(self.seconds - self.used, 0.01), self.late):
                return [play(self.target, script, self.kit) for script in scripts]
        except TimeIsUp as error:
            note = text("checking.panel.time_is_up", seconds=f"{self.seconds:g}", line=line_of(error))
            raise SubjectLostError(Verdict.TIMEOUT, note) from None
        finally:
            self.used += time.monotonic() - start

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the written methods that are hidden by an untouched method in a later cell."""
        return without_stubs(self.target)[1]

    def without_stubs(self) -> Timed:
        """Return the subject with its written methods in place of the untouched ones that hide them."""
        return replace(self, target=without_stubs(self.target)[0])


def stopped(exercise: Exercise, parts: Sequence[str], error: KeyboardInterrupt) -> ExerciseResult:
    """Return the result of a check that the student has interrupted."""
    note = text("checking.panel.stopped_at", line=line_of(error))
    points = [(part, exercise.part(part).points) for part in parts]
    made = tuple(PartResult(part, Verdict.TIMEOUT, most, note=note, state="stopped") for part, most in points)
    return ExerciseResult(exercise.name, exercise.lesson, made)


def line_of(error: BaseException) -> str:
    """Return a sentence with the student's line that was running, or nothing if none was."""
    where = describe(error).where
    return " " + text("checking.panel.raised_where", where=where) if where else ""
