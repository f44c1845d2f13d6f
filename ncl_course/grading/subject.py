"""Run a submission's cells in processes, without cells that end a process, and give the engine a proxy to talk to."""

from __future__ import annotations

import contextlib
import itertools
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ncl_course.checking.run import SubjectLostError
from ncl_course.checking.verdict import Verdict
from ncl_course.grading.own import LayerSource
from ncl_course.grading.packed import Packed
from ncl_course.grading.turn import Turn
from ncl_course.grading.walls.process import Limits, LostError, Message, Process, over_budget
from ncl_course.grading.walls.site import Site
from ncl_course.language import text
from ncl_course.protocol.plain import Arrays, ProtocolError, cut, demand, trace_of
from ncl_course.protocol.script import Raised, Script, Trace

MAX_RESTARTS = 8
"""The number of cells of one notebook that may end the process; after that the other cells are not tried."""

AT_ONCE = 64
"""The number of scripts that are played in one exchange."""


@dataclass(frozen=True)
class Trouble:
    """A cell's failure: it raised an exception, or it ended the process and is left out from then on."""

    verdict: Verdict
    note: str


class Session:
    """One submission while it is graded: its cells and their failures.

    A fresh process serves each exercise, so that one exercise cannot touch another. A cell that ended a
    process (endless, exiting, out of memory) is left out of every later one.

    Args:
        layers: the layers that lesson 06 gets; they run first, each in a separate namespace.
        places: the number of the last cell that defines an exercise, by the exercise's name.
        until: the time, by ``time.monotonic``, at which the submission's budget is used up.
    """

    def __init__(
        self,
        site: Site,
        slot: int,
        cells: Sequence[str],
        layers: Sequence[LayerSource] = (),
        places: Mapping[str, int] | None = None,
        until: float = math.inf,
    ) -> None:
        self.site, self.slot, self.cells, self.layers = site, slot, cells, layers
        self.places = places or {}
        self.until = until
        self.left_out: dict[int, Trouble] = {}
        self.raised: dict[int, Trouble] = {}
        self.backstop = False

    @property
    def troubles(self) -> dict[int, Trouble]:
        """Return the failures by the cell's number, from 1."""
        return dict(sorted({**self.raised, **self.left_out}.items()))

    @contextlib.contextmanager
    def process(self, limits: Limits) -> Iterator[Process]:
        """Start a process and run every cell in it that does not end it.

        Raises:
            LostError: if too many cells end it, or if the submission has used up its budget.
            SandboxError: if it cannot be started.
        """
        for _ in range(MAX_RESTARTS + 1):
            if time.monotonic() >= self.until:
                raise over_budget()
            process = self.site.start(self.slot, limits, len(self.cells) + len(self.layers))
            process.until = self.until
            try:
                self.give_layers(process, limits)
                if self.run_cells(process, limits):
                    yield process
                    return
            finally:
                self.site.end(process)
        raise LostError(Verdict.KILLED, text("grading.loss.restarts"))

    def give_layers(self, process: Process, limits: Limits) -> None:
        """Give the layers to the process.

        Raises:
            LostError: if their cells have ended it.
        """
        for source in self.layers:
            request = {"do": "layers", "names": list(source.names), "sources": list(source.cells), "cpu": limits.cpu}
            process.ask(request, wall=limits.wall, cpu=limits.cpu)

    def run_cells(self, process: Process, limits: Limits) -> bool:
        """Run all cells that are not left out; return False if one must be left out from now on."""
        for number, source in enumerate(self.cells, start=1):
            if number in self.left_out or not source.strip():
                continue
            request = {"do": "cell", "number": number, "source": source, "cpu": limits.cpu}
            try:
                answer, _ = process.ask(request, wall=limits.wall, cpu=limits.cpu)
                raised = raised_of(answer.get("raised"))
            except LostError as lost:
                self.backstop |= lost.backstop
                self.left_out[number] = Trouble(lost.verdict, lost.note)
                return False
            except ProtocolError as error:
                self.left_out[number] = Trouble(Verdict.KILLED, text("grading.loss.protocol", what=str(error)))
                return False
            if raised is not None and raised.type_name == "MemoryError":
                self.left_out[number] = Trouble(Verdict.KILLED, text("grading.loss.memory"))
                return False
            if raised is not None:
                self.raised[number] = Trouble(Verdict.ERROR, f"{raised.type_name}: {raised.message}")
        return True


def raised_of(node: object) -> Raised | None:
    """Read a cell's exception from an answer that must not be trusted."""
    if node is None:
        return None
    demand(isinstance(node, list) and len(node) == 3, "an exception has three fields")
    assert isinstance(node, list)
    return Raised(*map(cut, node))


class SandboxedSubject:
    """The student's class or function, played through a process's channel.

    Args:
        session: the submission.
        process: the process in which its cells have run.
        exercise: the name of the class or function.
        turn: lent while this thread waits for the process.
        kept: the scripts that were packed before.
    """

    def __init__(self, session: Session, process: Process, exercise: str, turn: Turn, kept: Packed) -> None:
        self.session, self.process, self.exercise = session, process, exercise
        self.turn, self.kept = turn, kept
        self.seconds = 0.0

    def play(self, script: Script) -> Trace:
        """Have the script played, and refuse an answer that is not a trace of it.

        Raises:
            SubjectLostError: if the process is gone.
        """
        (trace,) = self.play_together([script])
        return trace

    def play_all(self, scripts: Sequence[Script]) -> list[Trace]:
        """Do the same for several scripts, many at a time: an exchange takes longer than most cases.

        Raises:
            SubjectLostError: if the process is gone.
        """
        traces: list[Trace] = []
        for some in portions(scripts):
            played = self.play_together(some)
            traces += played or [self.play(script) for script in some]
        return traces

    def play_together(self, scripts: Sequence[Script]) -> list[Trace]:
        """Have scripts played in one exchange; return None if several scripts' results were too large for one answer.

        Raises:
            SubjectLostError: if the process is gone.
        """
        request, arrays = packed(self.kept, scripts)
        request |= {"do": "play", "exercise": self.exercise, "cpu": self.process.limits.cpu}
        with self.turn.lent():
            return self.exchange(request, arrays, scripts)

    def exchange(self, request: Message, arrays: Arrays, scripts: Sequence[Script]) -> list[Trace]:
        """Send the scripts and receive their traces. The seconds count towards the limit on all exchanges.

        Raises:
            SubjectLostError: if the process is gone.
        """
        limits, start = self.process.limits, time.monotonic()
        try:
            answer, got = self.process.ask(request, arrays, wall=max(limits.wall - self.seconds, 0.01), cpu=limits.cpu)
            if len(scripts) > 1 and answer.get("too_much") is True:
                return []
            return traces_of(answer, got, scripts)
        except LostError as lost:
            self.session.backstop |= lost.backstop
            raise SubjectLostError(lost.verdict, lost.note) from None
        except ProtocolError as error:
            self.process.close()
            raise SubjectLostError(Verdict.KILLED, text("grading.loss.protocol", what=str(error))) from None
        finally:
            self.seconds += time.monotonic() - start


def portions(scripts: Sequence[Script]) -> Iterator[Sequence[Script]]:
    """Split the scripts into groups, each for one exchange."""
    yield from (scripts[start : start + AT_ONCE] for start in range(0, len(scripts), AT_ONCE))


def packed(kept: Packed, scripts: Sequence[Script]) -> tuple[Message, Arrays]:
    """Pack several scripts into one request, with the arrays of all of them one after another."""
    parts = [kept.of(script) for script in scripts]
    request: Message = {"scripts": [tree for tree, _ in parts], "counts": [len(arrays) for _, arrays in parts]}
    return request, [array for _, arrays in parts for array in arrays]


def traces_of(answer: Message, arrays: Arrays, scripts: Sequence[Script]) -> list[Trace]:
    """Read one trace for each script from an answer that must not be trusted.

    Raises:
        ProtocolError: if it is not such an answer.
    """
    trees, counts = answer.get("traces"), answer.get("counts")
    demand(isinstance(trees, list) and isinstance(counts, list), "traces were expected")
    assert isinstance(trees, list)
    assert isinstance(counts, list)
    demand(len(trees) == len(counts) == len(scripts), "as many traces as scripts were expected")
    demand(all(type(count) is int and count >= 0 for count in counts), "numbers of arrays were expected")
    demand(sum(counts) == len(arrays), "another number of arrays than was said")
    ends = list(itertools.accumulate(counts))
    return [
        checked(trace_of(tree, arrays[end - count : end]), script)
        for tree, count, end, script in zip(trees, counts, ends, scripts, strict=True)
    ]


def checked(trace: Trace, script: Script) -> Trace:
    """Return the trace if it has an outcome for every step, or for every step up to the first that raised."""
    demand(0 < len(trace) <= len(script), "a trace of another length than its script")
    whole = len(trace) == len(script) or trace[-1].raised is not None
    demand(whole and not any(outcome.raised for outcome in trace[:-1]), "a trace that goes on after an exception")
    return trace


def defined_by(process: Process, names: Sequence[str]) -> set[str]:
    """Return which of these names the cells have defined.

    Raises:
        LostError: if the process is gone.
    """
    answer, _ = process.ask({"do": "defined", "names": list(names)}, wall=process.limits.wall)
    found = answer.get("defined")
    return {name for name in names if name in found} if isinstance(found, list) else set()
