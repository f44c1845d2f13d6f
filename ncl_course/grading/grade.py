"""Grade one submission and make its entry for ``results.json``."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from ncl_course.checking.answers import Answers, RightAnswers, notebook_answers
from ncl_course.checking.causes import broken, with_causes
from ncl_course.checking.naming.explain import held, to_confirm
from ncl_course.checking.own import NEEDED
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.run import judge
from ncl_course.checking.verdict import Verdict
from ncl_course.exercises import EXERCISES, Exercise
from ncl_course.grading.budget import Ledger
from ncl_course.grading.defined import defined_by, hidden_by
from ncl_course.grading.entry import Entry, ExerciseEntry, Status, clean, round_points
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.handed_in.submission import Reading, Submission
from ncl_course.grading.own import RUNS_ON_LAYERS, Key, Known, LayerSource, lacking, notebooks_beside, said_of
from ncl_course.grading.packed import Packed
from ncl_course.grading.reports.bounds import bounded
from ncl_course.grading.reports.panels import SHOWN, with_panels
from ncl_course.grading.subject import SandboxedSubject, Session, Trouble
from ncl_course.grading.turn import Turn
from ncl_course.grading.walls.process import Limits, LostError
from ncl_course.grading.walls.site import Site
from ncl_course.grading.worded import exercise_entry
from ncl_course.language import text
from ncl_course.submission.failures import Failure, behind, sentence
from ncl_course.submission.lesson import lesson_in_name

LONG = {"train": 12.0}
"""Exercises that may take that many times the usual limit."""


@dataclass
class Grader:
    """Grades submissions, in as many threads as there are slots.

    The right answers are computed once for all submissions. Only one thread judges at a time; a thread that waits for
    a student's process lends its turn.
    """

    site: Site
    seed: int
    limits: Limits
    key: Key = field(default_factory=dict)
    answers: dict[str, list[Answers]] = field(default_factory=dict)
    known: dict[str, Known] = field(default_factory=dict)
    """The layers that judged notebooks give to lesson 06, by the SHA-256 of their files."""
    turn: Turn = field(default_factory=Turn)
    scripts: Packed = field(default_factory=Packed)

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.limits.budget)

    def __call__(self, submission: Submission, slot: int) -> Entry:
        """Return the entry of one submission. After a fault of ours it is tried again; then its status is ``error``."""
        start = time.perf_counter()
        try:
            entry = self.attempt(submission, slot)
        except Exception:
            try:
                entry = self.attempt(submission, slot)
            except Exception as error:
                entry = ungraded(submission, Status.ERROR, f"{type(error).__name__}: {error}")
        seconds = round(time.perf_counter() - start, 3)
        return bounded(replace(entry, seconds=seconds, doubt=clean(submission.doubt)))

    def attempt(self, submission: Submission, slot: int) -> Entry:
        """Read, run and judge one submission, within its budget."""
        with self.ledger.account(submission) as until:
            return self.within(submission, slot, until)

    def within(self, submission: Submission, slot: int, until: float) -> Entry:
        """Read, run and judge one submission until that time, by ``time.monotonic``."""
        reading, notebook = submission.opened()
        if notebook is None:
            return ungraded(submission, Status.UNREADABLE, reading.why)
        if not reading.lesson:
            why = "map" if reading.is_map else "lesson"
            return ungraded(submission, Status.UNREADABLE, text(f"submission.unreadable.{why}"))
        entry = self.graded(submission, notebook, reading, slot, until)
        beside = submission.digest_beside() if reading.lesson in RUNS_ON_LAYERS else ""
        return replace(entry, sha256=reading.sha256, sha256_beside=beside)

    def graded(self, submission: Submission, notebook: Parsed, reading: Reading, slot: int, until: float) -> Entry:
        """Run and judge a notebook that could be read."""
        lesson = reading.lesson
        own = list(self.own_layers(submission, slot, until)) if lesson in RUNS_ON_LAYERS else []
        lent = lacking(own, self.key) if lesson in RUNS_ON_LAYERS else ()
        session = Session(self.site, slot, notebook, own, until, lent=lent)
        exercises = tuple(self.judged(exercise, session) for exercise in EXERCISES if exercise.lesson == lesson)
        self.remember(reading.sha256, session, exercises)
        said = [said_of(own)] if lesson in RUNS_ON_LAYERS else []
        notes = [note_on(failure, session) for failure in session.failures()]
        return Entry(
            student=clean(submission.student),
            lesson=lesson,
            file=clean(submission.file),
            status=Status.GRADED,
            score=round_points(sum(one.score for one in exercises)),
            max_score=round_points(sum(one.max_score for one in exercises)),
            exercises=exercises,
            notes=tuple(map(clean, filter(None, (*notebook.notes, *said, *notes)))),
            backstop=session.backstop,
            cpu=round(session.cpu, 3),
        )

    def own_layers(self, submission: Submission, slot: int, until: float) -> Iterator[LayerSource]:
        """Yield the passing layers of the notebooks beside a submission, each layer once."""
        taken: set[str] = set()
        for reading, notebook in notebooks_beside(submission):
            known = self.known.get(reading.sha256)
            if known is None:
                known = self.found_out(reading, Session(self.site, slot, notebook, until=until))
            source = LayerSource(known.names, known.cells)
            names = tuple(name for name in source.names if name not in taken)
            taken.update(names)
            if names:
                yield replace(source, names=names)

    def found_out(self, reading: Reading, session: Session) -> Known:
        """Judge the layers that a notebook gives to lesson 06, without explanations."""
        wanted = [exercise for exercise in EXERCISES if exercise.lesson == reading.lesson and exercise.name in NEEDED]
        judged = [self.judged(exercise, session, explain=False) for exercise in wanted]
        return self.remember(reading.sha256, session, judged)

    def remember(self, sha256: str, session: Session, exercises: Sequence[ExerciseEntry]) -> Known:
        """Keep the layers that pass, unless only the wall clock ended a process: such a notebook is tried again."""
        passing = tuple(one.exercise for one in exercises if one.verdict is Verdict.PASSED)
        known = Known(tuple(name for name in passing if name in NEEDED), session.sources())
        if not session.backstop:
            self.known[sha256] = known
        return known

    def judged(self, exercise: Exercise, session: Session, *, explain: bool = True) -> ExerciseEntry:
        """Judge one exercise in its own process. With ``explain``, name its mistakes and show them, too."""
        before = session.cpu
        limits = Limits(self.limits.cpu * LONG.get(exercise.name, 1.0), self.limits.memory_mb)
        try:
            with session.process(limits) as process:
                if exercise.name not in defined_by(process, [exercise.name]):
                    return absent(exercise, why_absent(exercise, session))
                hidden = hidden_by(process, exercise.name)
                subject = SandboxedSubject(session, process, exercise.name, self.turn, self.scripts, hidden)
                result = self.engine(exercise, subject, lambda: self.answers_to(exercise), explain=explain)
                result = with_causes(result, session.failures())
        except LostError as lost:
            session.backstop |= lost.backstop
            return absent(exercise, Trouble(lost.verdict, lost.note))
        cpu = round(session.cpu - before, 3)
        public = self.in_public(result, exercise, session, limits) if explain and can_be_shown(result) else None
        return replace(with_panels(exercise_entry(names_held(result, public)), public), cpu=cpu)

    def in_public(
        self, result: ExerciseResult, exercise: Exercise, session: Session, limits: Limits
    ) -> ExerciseResult | None:
        """Judge the failed parts on the notebook's own cases, in a process that has never seen the secret ones.

        Of the names, only those of ``result`` are looked for. None stands for a process that is lost.
        """
        names = {part.part: to_confirm(part) for part in result.parts if part.verdict in SHOWN}
        try:
            with session.process(limits) as process:
                if exercise.name not in defined_by(process, [exercise.name]):
                    return None
                hidden, name = hidden_by(process, exercise.name), exercise.name
                subject = SandboxedSubject(session, process, name, self.turn, self.scripts, hidden, secret=False)
                return self.engine(
                    exercise, subject, lambda: [notebook_answers(exercise, part) for part in names], only=names
                )
        except LostError:
            return None

    def engine(
        self,
        exercise: Exercise,
        subject: SandboxedSubject,
        answers: Callable[[], Sequence[RightAnswers]],
        *,
        explain: bool = True,
        only: Mapping[str, Collection[str]] | None = None,
    ) -> ExerciseResult:
        """Have the engine judge an exercise. Overflow in a comparison means a wrong answer and needs no warning."""
        with self.turn.taken(), np.errstate(all="ignore"):
            return judge(exercise, subject, answers(), explain=explain, only=only)

    def answers_to(self, exercise: Exercise) -> Sequence[Answers]:
        """Return the right answers. They are computed when first needed; the caller has the turn."""
        if exercise.name not in self.answers:
            self.answers[exercise.name] = [Answers(exercise, part.name, self.seed) for part in exercise.parts]
        return self.answers[exercise.name]


def can_be_shown(result: ExerciseResult) -> bool:
    """Return whether a part failed in a way that a panel shows, and the process would not end before that."""
    verdicts = {part.verdict for part in result.parts}
    return bool(verdicts & set(SHOWN)) and not verdicts & {Verdict.TIMEOUT, Verdict.KILLED}


def names_held(result: ExerciseResult, public: ExerciseResult | None) -> ExerciseResult:
    """Return a result without the names that the notebook's own cases do not show. Its verdicts stay as they are."""
    seen = {part.part: part for part in public.parts} if public else {}
    return replace(result, parts=tuple(held(part, seen.get(part.part)) for part in result.parts))


def note_on(failure: Failure, session: Session) -> str:
    """Say what failed, with the number of its cell."""
    verdict = kind_of(failure, session)
    rest = "_rest" if failure.line and verdict is not Verdict.ERROR else ""
    return text(f"grading.cell.{verdict}{rest}", number=failure.cell, line=failure.line, note=sentence(failure))


def kind_of(failure: Failure, session: Session) -> Verdict:
    """Return the kind of a failure: its cell was left out, or a statement raised."""
    trouble = session.left_out.get(failure.cell)
    return trouble.verdict if trouble and not failure.raised.type_name else Verdict.ERROR


def why_absent(exercise: Exercise, session: Session) -> Trouble:
    """Say why a definition is missing: nobody wrote one, or the first of its cells that failed."""
    first = behind(session.failures(), exercise.name)
    if first is not None:
        return Trouble(kind_of(first, session), broken(exercise.name, first))
    return Trouble(Verdict.MISSING, text("grading.message.undefined", name=exercise.name))


def absent(exercise: Exercise, trouble: Trouble) -> ExerciseEntry:
    """Return the entry of an exercise that could not be judged."""
    parts = tuple(PartResult(part.name, trouble.verdict, part.points, note=trouble.note) for part in exercise.parts)
    return exercise_entry(ExerciseResult(exercise.name, exercise.lesson, parts))


def ungraded(submission: Submission, status: Status, why: str) -> Entry:
    """Return the entry of a submission without a score, with the reason."""
    lesson = lesson_in_name(Path(submission.file).stem)
    points = sum(exercise.max_score for exercise in EXERCISES if exercise.lesson == lesson)
    return Entry(
        student=clean(submission.student),
        lesson=lesson or None,
        file=clean(submission.file),
        status=status,
        score=None,
        max_score=round_points(points) if lesson else None,
        exercises=(),
        message=clean(why),
    )
