"""The engine: judge an exercise part by part, wherever the scripts are played."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from ncl_course.checking.answers import Answers, RightAnswers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.exceptions import DEPENDENT
from ncl_course.checking.naming.explain import Named, confirmed, explained
from ncl_course.checking.naming.inputs import NAME as ANOTHER_INPUT
from ncl_course.checking.naming.raised import name_of
from ncl_course.checking.naming.slices import NAMES as OF_SLICES
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Fault, Verdict
from ncl_course.errors import NoTorchError
from ncl_course.exercises import Exercise
from ncl_course.language import text
from ncl_course.protocol.play import Kit, play
from ncl_course.protocol.script import Script, Trace
from ncl_course.protocol.stubs import STUB, without_stubs


class Subject(Protocol):
    """The interface to a student's object: the object itself, or a proxy for one in a sandbox."""

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the written methods that are hidden by an untouched method in a later cell."""

    def play(self, script: Script) -> Trace:
        """Carry out the script and return what was seen.

        Raises:
            SubjectLostError: if the process with the object is gone.
        """

    def play_all(self, scripts: Sequence[Script]) -> list[Trace]:
        """Carry out several scripts, one after another, and return one trace for each.

        Raises:
            SubjectLostError: if the process with the object is gone.
        """

    def without_stubs(self) -> Subject:
        """Return the subject with its written methods in place of the untouched ones that hide them."""


class SubjectLostError(Exception):
    """A student's process is gone: it took too long, was killed, or broke the protocol."""

    def __init__(self, verdict: Verdict, note: str) -> None:
        super().__init__(note)
        self.verdict = verdict
        self.note = note


@dataclass(frozen=True)
class Here:
    """The subject in a notebook: the student's class or function itself, and the pieces that it may get."""

    target: Callable[..., Any]
    kit: Kit = field(default_factory=dict)

    def play(self, script: Script) -> Trace:
        """Play the script in this process."""
        return play(self.target, script, self.kit)

    def play_all(self, scripts: Sequence[Script]) -> list[Trace]:
        """Play the scripts in this process."""
        return [self.play(script) for script in scripts]

    @property
    def hidden(self) -> tuple[str, ...]:
        """The names of the written methods that are hidden by an untouched method in a later cell."""
        return without_stubs(self.target)[1]

    def without_stubs(self) -> Here:
        """Return the subject with its written methods in place of the untouched ones that hide them."""
        return replace(self, target=without_stubs(self.target)[0])


def judge(
    exercise: Exercise,
    subject: Subject,
    answers: Sequence[RightAnswers],
    *,
    explain: bool = True,
    again: Callable[[str], Answers] | None = None,
    only: Mapping[str, Collection[str]] | None = None,
) -> ExerciseResult:
    """Judge the given parts in order. If the subject is lost, the remaining parts get the same verdict.

    Args:
        exercise: the exercise.
        subject: the student's object, or a proxy for it.
        answers: the right answers to the parts to judge, one item per part.
        explain: whether to look for the misconceptions that explain a failure.
        again: gives the right answers to a part on another seed, on which a name must hold, too; None: not tried.
        only: the names to look for, by part, where other cases have given them; None stands for all.
    """
    parts: list[PartResult] = []
    for part in answers:
        try:
            if only is not None:
                names = only.get(part.part)
                parts.append(judge_visible(subject, part, names or None, only=names))
                continue
            suspected = {name for done in parts for name in done.misconceptions}
            done = zip(answers, parts, strict=False)
            passed = [one for one, result in done if result.verdict is Verdict.PASSED] if explain else []
            strictly = any(result.failing and not result.misconceptions for result in parts)
            judged = judge_visible(subject, part, suspected if explain else None, passed, strictly=strictly)
            parts.append(with_words(exercise, part, judged, parts) if explain else judged)
        except SubjectLostError as lost:
            parts += [lost_part(rest, lost) for rest in answers[len(parts) :]]
            break
    if again is not None:
        with suppress(SubjectLostError, NoTorchError):  # the verdicts are known already
            parts = [confirmed(part, again, subject.play_all) for part in parts]
    return ExerciseResult(exercise.name, exercise.lesson, tuple(parts))


def with_words(
    exercise: Exercise, answers: RightAnswers, judged: PartResult, earlier: Sequence[PartResult]
) -> PartResult:
    """Name what a part shows by itself; if nothing is named where torch is missing, say why."""
    part = named_by_itself(exercise, judged, earlier)
    if part.difference is None or part.misconceptions or part.note or answers.live is not None:
        return part
    return replace(part, note=text("checking.panel.unnamed_without_torch"))


def named_by_itself(exercise: Exercise, part: PartResult, earlier: Sequence[PartResult]) -> PartResult:
    """Name the exception or the forgotten return of the shown case, if nothing else explains the part.

    If an earlier part has failed, its mistake may have caused an exception about a value, or the right answer to
    another input; these get no name then. If that mistake has a name, what holds of each slice here gets none.
    """
    failed_before = any(one.verdict is not Verdict.PASSED for one in earlier)
    named_before = any(one.misconceptions for one in earlier)
    following = {ANOTHER_INPUT} if failed_before else set()
    following |= {*OF_SLICES} if named_before else set()
    if following & {*part.misconceptions}:
        names = tuple(name for name in part.misconceptions if name not in following)
        part = replace(part, misconceptions=names, found=tuple(one for one in part.found if one.name in names))
    if part.difference is None or part.misconceptions:
        return part
    name = name_of(exercise, part.difference)
    follows = name in DEPENDENT and failed_before
    return replace(part, misconceptions=(name,)) if name and not follows else part


def judge_visible(
    subject: Subject,
    answers: RightAnswers,
    suspected: Collection[str] | None,
    passed: Sequence[RightAnswers] = (),
    only: Collection[str] | None = None,
    *,
    strictly: bool = False,
) -> PartResult:
    """Judge one part; if an untouched method is in the way of a written one, judge the written one.

    In test mode, the handed-out method calls the earlier one while it trains, so that the earlier one need not know
    test mode: it counts there only if it is right.
    """
    judged = judge_part(subject, answers, suspected, passed, only, strictly=strictly)
    if judged.verdict is not Verdict.MISSING or not subject.hidden:
        return judged
    written = judge_part(subject.without_stubs(), answers, suspected, passed, only, strictly=strictly)
    if written.verdict is Verdict.MISSING or (answers.part == "test_mode" and written.verdict is not Verdict.PASSED):
        return judged
    note = text("checking.panel.hidden", name=answers.exercise.name, methods=", ".join(subject.hidden))
    return replace(written, note=note)


def judge_part(
    subject: Subject,
    answers: RightAnswers,
    suspected: Collection[str] | None = (),
    passed: Sequence[RightAnswers] = (),
    only: Collection[str] | None = None,
    *,
    strictly: bool = False,
) -> PartResult:
    """Play every case of one part, and explain a failure by the smallest failing case.

    ``suspected`` holds the misconceptions that earlier parts have shown; None means not to look for any. ``passed``
    holds the answers to the earlier parts that are right, ``only`` the names to look for (None: all). ``strictly`` is
    True if a name has to explain every failing case.
    """
    points = answers.exercise.part(answers.part).points
    first, *rest = (case.script for case in answers.cases)
    traces = [subject.play(first)]
    if is_missing(traces[0]):
        return missing_part(answers, traces[0])
    traces += subject.play_all(rest)
    failing = answers.failing(traces)
    if not failing:
        return PartResult(answers.part, Verdict.PASSED, points, cases=len(answers.cases))
    stubs = [trace for trace in traces if is_missing(trace)]
    if stubs and all(trace[-1].raised is not None for trace in traces):  # an earlier method fails in the other cases
        return missing_part(answers, stubs[0])
    if all(answers.undecided(number) for number in failing):
        note = text("checking.panel.undecided_without_torch")
        return PartResult(answers.part, Verdict.ERROR, points, cases=len(answers.cases), note=note, state="undecided")
    smallest = min(failing.values(), key=lambda difference: difference.size)
    named = named_by(answers, failing, traces, suspected, passed, only, strictly=strictly)
    return PartResult(
        part=answers.part,
        verdict=verdict_of(smallest),
        max_score=points,
        difference=smallest,
        misconceptions=named[0],
        found=named[1],
        failing=len(failing),
        cases=len(answers.cases),
    )


def named_by(
    answers: RightAnswers,
    failing: dict[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] | None,
    passed: Sequence[RightAnswers],
    only: Collection[str] | None,
    *,
    strictly: bool,
) -> Named:
    """Return the misconceptions that explain the failing cases: none if nobody asks, or where torch is missing."""
    if suspected is None or answers.live is None:
        return (), ()
    by_torch = [part.live for part in passed if part.live is not None]
    return explained(answers.live, failing, traces, suspected, by_torch, only, strictly=strictly)


def missing_part(answers: RightAnswers, trace: Trace) -> PartResult:
    """Return the verdict on a part whose stub is still there."""
    points = answers.exercise.part(answers.part).points
    note = unfinished_sentence(trace)
    state = "unfinished" if note else ""
    return PartResult(answers.part, Verdict.MISSING, points, cases=len(answers.cases), note=note, state=state)


def unfinished_sentence(trace: Trace) -> str:
    """Say where written code still raises NotImplementedError; empty if nothing is written."""
    raised = trace[-1].raised
    kind, _, name = raised.hint.partition(" ") if raised is not None else ("", "", "")
    if kind not in ("within", "close") or not name.isidentifier():
        return ""
    return text(f"checking.panel.unfinished_{kind}", name=name)


def is_missing(trace: Trace) -> bool:
    """Return whether the stub is still there: it raises NotImplementedError."""
    return bool(trace) and trace[-1].raised is not None and trace[-1].raised.type_name == STUB


def verdict_of(difference: Difference) -> Verdict:
    """Return the verdict on a part whose smallest failing case has this difference."""
    if difference.fault is not Fault.RAISED:
        return Verdict.FAILED
    raised = difference.outcome.raised if difference.outcome else None
    return Verdict.KILLED if raised is not None and raised.type_name == "MemoryError" else Verdict.ERROR


def lost_part(answers: RightAnswers, lost: SubjectLostError) -> PartResult:
    """Return the verdict on a part whose process is gone."""
    points = answers.exercise.part(answers.part).points
    return PartResult(answers.part, lost.verdict, points, cases=len(answers.cases), note=lost.note)
