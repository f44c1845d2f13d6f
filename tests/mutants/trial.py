"""Judge mutants in a process of their own, which ends when one computes too long: edits make endless loops."""

from __future__ import annotations

import ast
import os
import resource
import select
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import Any, BinaryIO

from ncl_course.checking.answers import Answers
from ncl_course.checking.run import is_missing
from ncl_course.exercises import Exercise
from ncl_course.protocol.play import play
from tests.answers import KIT
from tests.mutants.edits import Edit
from tests.mutants.sources import Source
from tests.mutants.witnesses.disagreement import DisagreementError

SECONDS = 20
"""The processor time of one mutant; a right answer needs less than a tenth of it."""

MEMORY = 6 << 30
"""The bytes of address space of the mutants' process, torch's libraries included."""

BATCH = 40
"""The number of mutants that share a process."""

Witness = Callable[[Callable[..., Any]], None]
"""A second opinion: it raises ``DisagreementError`` if an answer breaks the contract."""


class Fate(Enum):
    """The end of a mutant."""

    KILLED = "killed"
    ENDLESS = "killed, since it did not end"
    EQUIVALENT = "equivalent"
    SURVIVED = "survived"


Outcome = tuple[Fate, str]
"""The fate of a mutant, and the witness's objection to one that survives and is not equivalent."""


@dataclass(frozen=True)
class Court:
    """All that judges the mutants of one exercise: the right answers to its cases, and a witness."""

    exercise: Exercise
    answers: Sequence[Answers]
    witness: Witness

    def passes(self, target: Callable[..., Any]) -> bool:
        """Return whether an answer passes every case of every part; the first wrong case decides."""
        for part in self.answers:
            for number, case in enumerate(part.cases):
                trace = play(target, case.script, KIT)
                if is_missing(trace) or part.difference(number, trace) is not None:
                    return False
        return True

    def fate(self, source: Source, edit: Edit) -> Outcome:
        """Return the fate of one mutant, judged in this process."""
        try:
            target = source.made(edit)
        except Exception:
            return Fate.KILLED, "it is not defined"
        if not self.passes(target):
            return Fate.KILLED, ""
        try:
            self.witness(target)
        except DisagreementError as objection:
            return Fate.SURVIVED, str(objection)
        except BaseException as error:  # SystemExit, or whatever a mutant raises
            return Fate.SURVIVED, f"{type(error).__name__}: {error}"
        return Fate.EQUIVALENT, ""


def judged(court: Court, source: Source, edits: Sequence[Edit]) -> Iterator[Outcome]:
    """Yield the fate of each mutant; the process of one that does not end is ended, and the next one gets a new one."""
    done = 0
    while done < len(edits):
        batch = edits[done : done + BATCH]
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.close(read)
            judge_batch(court, source, batch, write)
        os.close(write)
        with open(read, "rb", buffering=0) as stream:
            outcomes = list(read_outcomes(stream, len(batch)))
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        yield from outcomes
        done += len(outcomes)
        if len(outcomes) < len(batch):
            yield Fate.ENDLESS, ""
            done += 1


def read_outcomes(stream: BinaryIO, count: int) -> Iterator[Outcome]:
    """Yield the outcomes that a process writes, one a line, until it ends or is silent for too long."""
    for _ in range(count):
        ready, _, _ = select.select([stream], [], [], 15 * SECONDS)
        line = stream.readline() if ready else b""
        if not line.endswith(b"\n"):
            return
        name, note = ast.literal_eval(line.decode())
        yield Fate[name], note


def judge_batch(court: Court, source: Source, batch: Sequence[Edit], write: int) -> None:
    """Write the outcome of each mutant to a pipe, and end this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.setrecursionlimit(500)
    warnings.simplefilter("ignore")
    for edit in batch:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # its signal ends this process
        try:
            fate, note = court.fate(source, edit)
        except BaseException:
            fate, note = Fate.SURVIVED, traceback.format_exc()[-1000:]
        os.write(write, f"{(fate.name, note[:1000])!r}\n".encode())
    os._exit(0)
