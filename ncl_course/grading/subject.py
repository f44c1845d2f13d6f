"""Run a submission's cells in processes, without cells that end a process, and give the engine a proxy to talk to."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ncl_course.checking.run import SubjectLostError
from ncl_course.checking.verdict import Verdict
from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.own import LayerSource
from ncl_course.grading.packed import Packed, packed, portions, raised_of, traces_of
from ncl_course.grading.reports.discreet import Discreet
from ncl_course.grading.turn import Turn
from ncl_course.grading.walls.lender import Lender
from ncl_course.grading.walls.process import Limits, LostError, Message, Process, over_budget
from ncl_course.grading.walls.site import Site
from ncl_course.language import text
from ncl_course.protocol.plain import Arrays, ProtocolError
from ncl_course.protocol.script import Raised, Script, Trace
from ncl_course.protocol.statements import MOST_FAILED, Failed
from ncl_course.submission.failures import WHOLE, Failure, as_failed, failures
from ncl_course.submission.outline import first_steps, steps_of, without_steps

MOST_BYTES = 256 * 2**20
"""Bytes of arrays in all answers to one exercise. The grader holds the answers to a part at the same time."""

MAX_RESTARTS = 8
"""The number of cells of one notebook that may end the process; after that the other cells are not tried."""


@dataclass(frozen=True)
class Trouble:
    """A cell's failure: it raised an exception, or it ended the process and is left out from then on.

    ``failed`` is the statement that had too little memory. Only this one is left out, if the cell has several.
    """

    verdict: Verdict
    note: str
    failed: Failed | None = None


class Session:
    """One submission while it is graded: its cells and their failures.

    A fresh process serves each exercise, so that one exercise cannot touch another. A cell that ended a
    process (endless, exiting, out of memory) is left out of every later one.

    Args:
        notebook: the notebook's cells, and what their statements bind.
        layers: the student's own layers that lesson 06 gets; they run first, each in a separate namespace.
        until: the time, by ``time.monotonic``, at which the submission's budget is used up.
        lent: the key's layers that lesson 06 gets; they run in another process.

    Attributes:
        cpu: the processor seconds of all processes so far.
    """

    def __init__(
        self,
        site: Site,
        slot: int,
        notebook: Parsed,
        layers: Sequence[LayerSource] = (),
        until: float = math.inf,
        *,
        lent: Sequence[LayerSource] = (),
    ) -> None:
        self.site, self.slot, self.layers, self.until = site, slot, layers, until
        self.cells, self.outlines, self.python = notebook.sources, notebook.outlines, notebook.python
        self.lent, self.discreet = [(source.names, source.cells) for source in lent], Discreet(notebook.sources)
        self.left_out: dict[int, Trouble] = {}
        self.failed: dict[int, list[Failed]] = {}
        self.skipped: dict[int, dict[int, Failed]] = {}
        self.stepped: set[int] = set()
        self.ends: dict[int, int] = {}
        self.backstop = False
        self.cpu = 0.0

    def failures(self) -> tuple[Failure, ...]:
        """The statements that failed, and the cells that were left out, each with its cost."""
        failed = {**self.failed}
        for number, skipped in self.skipped.items():
            failed[number] = [*failed.get(number, []), *skipped.values()]
        for number, trouble in self.left_out.items():
            end = Failed(self.line_of_end(number), Raised("", trouble.note))
            failed[number] = [end] if end.line == WHOLE else [*failed.get(number, []), end]
        return failures(self.outlines, failed, self.python)

    def line_of_end(self, number: int) -> int:
        """The line at which a cell is left, from 1; 0 if nothing of it is run."""
        return self.outlines[number - 1].starts[self.ends[number]] if self.ends.get(number) else WHOLE

    def sources(self) -> tuple[str, ...]:
        """The cells as they are run, each up to the statement that ends the process."""
        return tuple(self.source_of(number) for number in range(1, len(self.cells) + 1))

    def source_of(self, number: int) -> str:
        """One cell as it is run."""
        starts = self.outlines[number - 1].starts
        source = without_steps(self.cells[number - 1], starts, self.skipped.get(number, ()))
        return first_steps(source, starts, self.ends[number]) if number in self.left_out else source

    def steps_of(self, number: int) -> list[str]:
        """Return the statements of a cell, if it has several and defines something."""
        return steps_of(self.cells[number - 1], self.outlines[number - 1])

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
            lender = Lender(self.site, self.slot, limits, self.lent, len(self.cells), self.until)
            try:
                self.give_layers(process, limits)
                lender.lend_to(process)
                if self.run_cells(process, limits):
                    yield process
                    return
            finally:
                self.site.end(process)
                lender.end()
                self.cpu += process.cpu + lender.cpu
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
        """Run all cells as far as they do not end the process; False where a further one does, or a statement."""
        return all(self.run_cell(process, limits, number) for number in range(1, len(self.cells) + 1))

    def run_cell(self, process: Process, limits: Limits, number: int) -> bool:
        """Run one cell; statement by statement where it has ended a process and it is not known yet which one did."""
        source = self.source_of(number)
        steps = self.steps_of(number) if number in self.stepped and number not in self.left_out else []
        failed: list[Failed] = []
        for place, piece in enumerate(steps or [source]):
            if not piece.strip() or (steps and place in self.skipped.get(number, ())):
                continue
            trouble = self.run_piece(process, limits, number, piece, failed)
            if trouble is not None:
                self.give_up(number, trouble, place if steps else 0)
                return False
        if failed:
            self.failed[number] = failed[:MOST_FAILED]
        return True

    def run_piece(
        self, process: Process, limits: Limits, number: int, source: str, failed: list[Failed]
    ) -> Trouble | None:
        """Run a cell or a statement of it, and add what raised to ``failed``; why it must be left out, if it must."""
        request = {"do": "cell", "number": number, "source": source, "cpu": limits.cpu}
        process.renew()
        try:
            answer, _ = process.ask(request, wall=limits.wall, cpu=limits.cpu)
            raised = raised_of(answer.get("raised"))
        except LostError as lost:
            self.backstop |= lost.backstop
            return Trouble(lost.verdict, lost.note)
        except ProtocolError as error:
            return Trouble(Verdict.KILLED, text("grading.loss.protocol", what=str(error)))
        if raised is None:
            return None
        found = as_failed(answer.get("failed")) or [Failed(WHOLE, raised)]
        found = [replace(one, raised=self.discreet.raised(one.raised, secret=False)) for one in found]
        failed += found
        lack = next((one for one in found if one.raised.type_name == "MemoryError"), None)
        return Trouble(Verdict.KILLED, text("grading.loss.memory"), lack) if lack else None

    def give_up(self, number: int, trouble: Trouble, place: int) -> None:
        """Leave out a cell, or the rest of it from that statement on; first find the statement where it has several.

        A statement for which the memory was too little is left out alone: the next ones may need less.
        """
        if number not in self.stepped and self.steps_of(number):
            self.stepped.add(number)
            return
        if trouble.failed and number not in self.left_out and self.steps_of(number):
            self.skipped.setdefault(number, {})[place] = trouble.failed
            return
        self.left_out[number] = trouble
        self.ends[number] = place


class SandboxedSubject:
    """The student's class or function, played through a process's channel.

    Args:
        session: the submission.
        process: the process in which its cells have run.
        exercise: the name of the class or function.
        turn: lent while this thread waits for the process.
        kept: the scripts that were packed before.
        hidden: the written methods that an untouched one of a later cell hides.
        secret: whether the process sees secret cases; then messages of exceptions are not told.
    """

    def __init__(
        self,
        session: Session,
        process: Process,
        exercise: str,
        turn: Turn,
        kept: Packed,
        hidden: tuple[str, ...] = (),
        *,
        secret: bool = True,
    ) -> None:
        self.session, self.process, self.exercise, self.secret = session, process, exercise, secret
        self.turn, self.kept = turn, kept
        self.hidden = hidden
        self.seconds, self.bytes = 0.0, 0
        self.stubs = True

    def without_stubs(self) -> SandboxedSubject:
        """The same subject, with its written methods in place of the untouched ones that hide them."""
        about = (self.session, self.process, self.exercise, self.turn, self.kept, self.hidden)
        other = SandboxedSubject(*about, secret=self.secret)
        other.seconds, other.bytes, other.stubs = self.seconds, self.bytes, False
        return other

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
        """Have scripts played in one exchange; return an empty list if several did not fit into one answer.

        Raises:
            SubjectLostError: if the process is gone.
        """
        request, arrays = packed(self.kept, scripts)
        request |= {"do": "play", "exercise": self.exercise, "stubs": self.stubs, "cpu": self.process.limits.cpu}
        with self.turn.lent():
            return self.exchange(request, arrays, scripts)

    def exchange(self, request: Message, arrays: Arrays, scripts: Sequence[Script]) -> list[Trace]:
        """Send the scripts and receive their traces, or an empty list if several did not fit into one answer.

        The seconds and the bytes count towards the limits on all exchanges.

        Raises:
            SubjectLostError: if the process is gone.
        """
        limits, start = self.process.limits, time.monotonic()
        try:
            answer, got = self.process.ask(request, arrays, wall=max(limits.wall - self.seconds, 0.01), cpu=limits.cpu)
            if len(scripts) > 1 and answer.get("too_much") is True:
                return []
            self.bytes += sum(array.nbytes for array in got)
            if self.bytes > MOST_BYTES:
                raise self.process.refused(text("grading.loss.memory"))
            traces = traces_of(answer, got, scripts)
            return [self.session.discreet.trace(trace, secret=self.secret) for trace in traces]
        except LostError as lost:
            self.session.backstop |= lost.backstop
            raise SubjectLostError(lost.verdict, lost.note) from None
        except ProtocolError as error:
            self.process.close()
            raise SubjectLostError(Verdict.KILLED, text("grading.loss.protocol", what=str(error))) from None
        finally:
            self.seconds += time.monotonic() - start
