"""Name what explains a part's failing cases, and take a name back that the cases of a second seed do not show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from ncl_course.checking.answers import Answers
from ncl_course.checking.compare import Difference
from ncl_course.checking.naming.diagnose import diagnose
from ncl_course.checking.naming.measured import measured
from ncl_course.checking.naming.raised import NAMES as BY_ITSELF
from ncl_course.checking.result import PartResult
from ncl_course.checking.verdict import Fault
from ncl_course.protocol.script import Remark, Script, Trace

Named = tuple[tuple[str, ...], tuple[Remark, ...]]
"""The names of misconceptions, and what was measured."""


def explained(
    answers: Answers,
    failing: Mapping[int, Difference],
    traces: Sequence[Trace],
    suspected: Collection[str] = (),
    passed: Sequence[Answers] = (),
    only: Collection[str] | None = None,
    *,
    strictly: bool = False,
) -> Named:
    """Return the misconceptions whose altered oracles explain the cases, or else the relations that do.

    The arguments are those of ``diagnose``.
    """
    from ncl_course.oracles.settings import own_settings

    with own_settings():  # once, and not anew for each play of an altered oracle
        names = diagnose(answers, failing, traces, suspected, passed, only, strictly=strictly)
        if names:
            return names, ()
        found = measured(answers, failing, traces)
    return tuple(dict.fromkeys(remark.name for remark in found)), found


def confirmed(
    part: PartResult, again: Callable[[str], Answers], play_all: Callable[[Sequence[Script]], list[Trace]]
) -> PartResult:
    """Return a part without the names that the cases of another seed do not show.

    Args:
        part: a part with its names; without names it is returned as it is.
        again: gives the answers to a part on the other seed.
        play_all: plays scripts on the student's code.
    """
    names = to_confirm(part)
    if not names:
        return part
    answers = again(part.part)
    traces = play_all([case.script for case in answers.cases])
    failing = answers.failing(traces)
    return with_names(part, explained(answers, failing, traces, names, (), names)[0]) if failing else part


def to_confirm(part: PartResult) -> tuple[str, ...]:
    """Return the names that other cases have to show, too: none of those that an exception shows by itself."""
    return () if part.difference is not None and part.difference.fault is Fault.RAISED else part.misconceptions


def held(part: PartResult, other: PartResult | None) -> PartResult:
    """Return a part without the names that its result on other cases does not show; ``other`` is that result.

    If nothing failed there, or it could not be played there, every name stands: every failing case has shown it.
    """
    if other is None or not other.failing or not to_confirm(part):
        return part
    return with_names(part, other.misconceptions)


def with_names(part: PartResult, shown: Collection[str]) -> PartResult:
    """Return a part with those of its names that other cases have shown, or that need no other cases."""
    names = tuple(name for name in part.misconceptions if name in shown or name in BY_ITSELF)
    return replace(part, misconceptions=names, found=tuple(one for one in part.found if one.name in names))
