"""The cells that have run in this kernel, so that a check knows whether the cell above it has failed.

A cell with an error leaves the former class in place, and a check would praise that one. IPython reports every cell
after it has run; ``install`` asks for these reports, and is the one thing that importing ``check`` does to a kernel.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from ncl_course.checking.display import display
from ncl_course.checking.kernel.shell import running_shell
from ncl_course.checking.result import ExerciseResult, PartResult
from ncl_course.checking.verdict import Verdict
from ncl_course.errors import PanelError
from ncl_course.exercises import EXERCISES
from ncl_course.language import text
from ncl_course.protocol.raised import describe
from ncl_course.submission.defined import defined_names
from ncl_course.submission.magics import without_magics
from ncl_course.submission.recorded import STUB

NAMES = frozenset(exercise.name for exercise in EXERCISES)
METHOD = re.compile(r"^[ \t]+def\s+(\w+)", re.MULTILINE)
PASSES = {"forward", "backward"}
LONGEST = 200
"""The largest number of characters that are kept of an error's text."""


@dataclass(frozen=True)
class Ran:
    """One run of a cell that defines an exercise.

    Attributes:
        source: the cell.
        error: its error in words, or empty.
        took: whether the exercise was something else afterwards than before.
        replaced: whether the cell gave the exercise's name to something else without defining it, as ``%run`` does.
        unknown: whether the error is that the exercise itself is not defined, which follows from an earlier failure.
    """

    source: str
    error: str
    took: bool
    replaced: bool = False
    unknown: bool = False

    @property
    def failed(self) -> bool:
        """Whether the cell's definition was lost because of an error."""
        return bool(self.error) and not self.took

    def writes(self, part: str) -> bool:
        """Return whether the cell defines the method that a part is about; a cell without a pass may define any."""
        methods = set(METHOD.findall(self.source))
        return not methods & PASSES or (part if part in PASSES else "forward") in methods


class History:
    """The runs of the cells that define exercises, and what the exercises are now."""

    def __init__(self) -> None:
        self.runs: dict[str, list[Ran]] = defaultdict(list)
        self.made: dict[str, Any] = {}

    def note(self, source: str, error: BaseException | None, names: dict[str, Any]) -> None:
        """Note that a cell has run.

        Args:
            source: the cell.
            error: what it raised, or None.
            names: the notebook's variables.
        """
        defined = defined_names(without_magics(source)) & NAMES
        for name in NAMES:
            now = names.get(name)
            took = now is not None and now is not self.made.get(name)
            if took or name in defined:
                replaced, unknown = name not in defined, unknown_name(error) == name
                self.runs[name].append(Ran(source, words_of(error), took, replaced, unknown))
            self.made[name] = now

    def last(self, name: str, part: str) -> Ran | None:
        """Return the last run of a cell that writes a part of an exercise, or None."""
        return next((run for run in reversed(self.runs[name]) if not run.replaced and run.writes(part)), None)

    def is_replaced(self, name: str) -> bool:
        """Return whether an exercise is now something that no cell with its definition has made."""
        return bool(self.runs[name]) and self.runs[name][-1].replaced

    def first_failure(self, name: str) -> Ran | None:
        """Return the run whose failure is the reason that an exercise is not defined, or None."""
        failures = takewhile(lambda run: run.failed, reversed(self.runs[name]))
        return next((run for run in failures if not run.unknown), None)


_history = History()


def install() -> None:
    """Ask IPython to report the cells of this kernel; outside of IPython do nothing."""
    shell = running_shell()
    if shell is not None and after_cell not in shell.events.callbacks["post_run_cell"]:
        shell.events.register("post_run_cell", after_cell)


def after_cell(result: Any) -> None:
    """Note a cell; if it needed an exercise that is not defined, say which cell to run."""
    shell, info = running_shell(), result.info
    if shell is None or info is None or info.silent or not info.store_history:
        return
    error = result.error_before_exec or result.error_in_exec
    name = unknown_name(error)
    said = what_to_run(name) if name in NAMES and name not in shell.user_ns else ""
    _history.note(info.raw_cell, error, shell.user_ns)
    if said:
        display({"text/plain": said})


def what_to_run(name: str) -> str:
    """Return the sentence for a cell that needs an exercise which is not defined."""
    failure = _history.first_failure(name)
    if failure is None:
        return text("checking.history.not_run", name=name)
    return text("checking.history.not_defined", name=name, error=failure.error)


def unknown_name(error: BaseException | None) -> str:
    """Return the name that a NameError is about, or an empty string."""
    return str(error.name or "") if isinstance(error, NameError) else ""


def words_of(error: BaseException | None) -> str:
    """Return an error in words, with the student's line, or an empty string.

    A check that does not pass does not count as an error.
    """
    if error is None or isinstance(error, PanelError):
        return ""
    message = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"[:LONGEST]
    line = f"{error.lineno}: {error.text or ''}" if isinstance(error, SyntaxError) else describe(error).where
    return f"{message} ({text('checking.history.line', where=line.strip())})." if line else f"{message}."


def beside_history(result: ExerciseResult, target: Any, names: dict[str, Any]) -> ExerciseResult:
    """Return a check's result, corrected where the cell that writes a part has failed or is not what was checked.

    Args:
        result: the result for ``target``.
        target: the class or function that was checked.
        names: the notebook's variables.
    """
    name, parts = result.exercise, result.parts
    if names.get(name) is not None and names[name] is not target:
        note = text("checking.history.another", name=name)
        return replace(result, parts=tuple(replace(part, note=note) for part in parts))
    if target is not _history.made.get(name):  # the cell that calls check has just defined it
        return result
    return replace(result, parts=tuple(part_beside_history(name, part) for part in parts))


def part_beside_history(name: str, part: PartResult) -> PartResult:
    """Return the result of one part.

    A part whose cell failed has not passed, because the class that passed is not the one in the cell.
    """
    last = _history.last(name, part.part)
    if last is None:
        return part
    if _history.is_replaced(name):
        return replace(part, note=text("checking.history.replaced", name=name))
    if last.failed:
        note = text("checking.history.failed", name=name, error=last.error)
        return PartResult(part.part, Verdict.ERROR, part.max_score, note=note, state="stale")
    if part.verdict is Verdict.MISSING and STUB not in last.source:
        return replace(part, note=text("checking.history.hidden", name=name))
    return part
