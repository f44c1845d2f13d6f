"""One submission in, one record out: what ``results.json`` says of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.checking.answers import Answers
from ncl_course.checking.own import NEEDED
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.run import judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.grading.collect import Submission
from ncl_course.grading.gradebook import digest_beside
from ncl_course.grading.own import RUNS_ON_LAYERS, Key, LayerSource, completed, notebooks_beside, said_of
from ncl_course.grading.panels import with_panels
from ncl_course.grading.process import Limits, LostError
from ncl_course.grading.record import clean, exercise_record, round_points
from ncl_course.grading.site import Site
from ncl_course.grading.subject import SandboxedSubject, Session, Trouble, defined_by
from ncl_course.language import text
from ncl_course.submission.defined import last_definition
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import lesson_in_name, lesson_of
from ncl_course.submission.magics import without_magics
from ncl_course.submission.notebook import Notebook, notebook_of
from ncl_course.submission.remarks import remarks

Record = dict[str, Any]
LONG = {"train": 12.0}
"""Exercises that may take that many times the usual limit."""


@dataclass
class Grader:
    """Grades one submission after another, in as many threads as there are slots.

    The right answers are computed once for all of them. Only one thread judges at a time, for playing an oracle
    redirects the process's own output; waiting for a student's process is not judging.
    """

    site: Site
    seed: int
    limits: Limits
    key: Key = field(default_factory=dict)
    answers: dict[str, list[Answers]] = field(default_factory=dict)

    def __call__(self, submission: Submission, slot: int) -> Record:
        """The record of one submission; a fault of ours is tried once more, then it is an ``error``."""
        start = time.perf_counter()
        try:
            record = self.attempt(submission, slot)
        except Exception:
            try:
                record = self.attempt(submission, slot)
            except Exception as error:
                record = ungraded(submission, "error", f"{type(error).__name__}: {error}")
        return record | {"seconds": round(time.perf_counter() - start, 3)}

    def attempt(self, submission: Submission, slot: int) -> Record:
        """Read, run and judge one submission."""
        if submission.refused:
            return ungraded(submission, "unreadable", submission.refused)
        try:
            raw = submission.read()
            notebook = notebook_of(raw)
        except UnreadableNotebookError as error:
            return ungraded(submission, "unreadable", str(error))
        lesson = lesson_of(notebook, submission.file)
        if not lesson:
            return ungraded(submission, "unreadable", text("grading.unreadable.lesson"))
        record = self.graded(submission, notebook, lesson, slot)
        beside = {"sha256_beside": digest_beside(submission)} if lesson in RUNS_ON_LAYERS else {}
        return record | {"sha256": hashlib.sha256(raw).hexdigest(), **beside}

    def graded(self, submission: Submission, notebook: Notebook, lesson: str, slot: int) -> Record:
        """Run and judge a notebook that could be read."""
        cells = [without_magics(source) for source in notebook.sources]
        own = list(self.own_layers(submission, slot)) if lesson in RUNS_ON_LAYERS else []
        layers = completed(own, self.key) if lesson in RUNS_ON_LAYERS else ()
        session = Session(self.site, slot, cells, layers)
        exercises = [self.judged(exercise, session) for exercise in EXERCISES if exercise.lesson == lesson]
        said = [*remarks(notebook, lesson, submission.file), *([said_of(own)] if lesson in RUNS_ON_LAYERS else [])]
        notes = [text(f"grading.cell.{t.verdict}", number=n, note=t.note) for n, t in session.troubles.items()]
        return {
            "student": clean(submission.student),
            "lesson": lesson,
            "file": clean(submission.file),
            "status": "graded",
            "score": round_points(sum(one["score"] for one in exercises)),
            "max_score": round_points(sum(one["max_score"] for one in exercises)),
            "seconds": 0.0,
            "exercises": exercises,
            "notes": [*map(clean, (*notebook.repaired, *said, *notes))],
            **({"backstop": True} if session.backstop else {}),
        }

    def own_layers(self, submission: Submission, slot: int) -> Iterator[LayerSource]:
        """The layers of the notebooks beside a submission that pass; each layer once."""
        taken: set[str] = set()
        for _, notebook, lesson in notebooks_beside(submission):
            session = Session(self.site, slot, [without_magics(source) for source in notebook.sources])
            wanted = [e for e in EXERCISES if e.lesson == lesson and e.name in NEEDED and e.name not in taken]
            passing = tuple(e.name for e in wanted if self.judged(e, session)["verdict"] == Verdict.PASSED)
            taken.update(passing)
            if passing:
                yield LayerSource(passing, session.lasting)

    def judged(self, exercise: Exercise, session: Session) -> Record:
        """The record of one exercise, from a process of its own."""
        limits = Limits(self.limits.cpu * LONG.get(exercise.name, 1.0), self.limits.memory_mb)
        try:
            with session.process(limits) as process:
                if exercise.name in defined_by(process, [exercise.name]):
                    subject = SandboxedSubject(session, process, exercise.name)
                    record = exercise_record(self.engine(exercise, subject, lambda: self.answers_to(exercise)))
                    return with_panels(record, exercise, lambda make: self.engine(exercise, subject, make))
        except LostError as lost:
            session.backstop |= lost.backstop
            return absent(exercise, Trouble(lost.verdict, lost.note))
        return absent(exercise, *why_absent(exercise, session))

    def engine(
        self, exercise: Exercise, subject: SandboxedSubject, answers: Callable[[], Sequence[Answers]]
    ) -> ExerciseResult:
        """The engine's verdict on an exercise; numbers that overflow in comparing are wrong, and no news of ours."""
        with self.site.turn, np.errstate(all="ignore"):
            return judge(exercise, subject, answers())

    def answers_to(self, exercise: Exercise) -> Sequence[Answers]:
        """The right answers, computed when the first submission needs them; the caller holds the turn."""
        if exercise.name not in self.answers:
            self.answers[exercise.name] = [Answers(exercise, part.name, self.seed) for part in exercise.parts]
        return self.answers[exercise.name]


def why_absent(exercise: Exercise, session: Session) -> tuple[Trouble, int | None]:
    """Why no definition is there: nobody wrote one, or its cell did not run to its end."""
    number = last_definition(session.cells, exercise.name)
    trouble = session.troubles.get(number) if number else None
    if trouble is None:
        return Trouble(Verdict.MISSING, text("grading.message.undefined", name=exercise.name)), None
    return trouble, number


def absent(exercise: Exercise, trouble: Trouble, number: int | None = None) -> Record:
    """The record of an exercise of which there is nothing to judge."""
    note = trouble.note
    if number is not None:
        note = text("grading.message.broken_cell", name=exercise.name, number=number, note=note)
    parts = tuple(PartResult(part.name, trouble.verdict, part.points, note=note) for part in exercise.parts)
    return exercise_record(ExerciseResult(exercise.name, exercise.lesson, parts))


def ungraded(submission: Submission, status: str, why: str) -> Record:
    """The record of a submission that has no score, and why."""
    lesson = lesson_in_name(Path(submission.file).stem)
    points = sum(exercise.max_score for exercise in EXERCISES if exercise.lesson == lesson)
    return {
        "student": clean(submission.student),
        "lesson": lesson or None,
        "file": clean(submission.file),
        "status": status,
        "score": None,
        "max_score": round_points(points) if lesson else None,
        "seconds": 0.0,
        "exercises": [],
        "message": clean(why),
        "notes": [],
    }
