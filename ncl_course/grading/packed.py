"""Scripts as plain trees, in a cache, since every submission of a run plays the same ones; and their traces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from ncl_course.grading.walls.process import Message
from ncl_course.protocol.plain import Arrays, cut, demand, plain_script, trace_of
from ncl_course.protocol.script import Raised, Script, Trace

AT_ONCE = 64
"""Scripts that are played in one exchange."""

MOST = 10_000
"""The largest number of scripts in the cache; a run of all lessons has fewer."""


class Packed:
    """The results of ``plain_script`` for scripts that live as long as the run, computed once for each."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[Script, Any, Arrays]] = {}

    def of(self, script: Script) -> tuple[Any, Arrays]:
        """Return the script's tree and arrays. The caller must not change them."""
        kept = self.kept.get(id(script))
        if kept is None or kept[0] is not script:
            if len(self.kept) >= MOST:
                self.kept.clear()
            kept = self.kept[id(script)] = (script, *plain_script(script))
        return kept[1], kept[2]


def portions(scripts: Sequence[Script]) -> Iterator[Sequence[Script]]:
    """The scripts, in groups that each fit into one exchange."""
    yield from (scripts[start : start + AT_ONCE] for start in range(0, len(scripts), AT_ONCE))


def packed(kept: Packed, scripts: Sequence[Script]) -> tuple[dict[str, object], Arrays]:
    """Several scripts as one request, with the arrays of all of them one behind the other."""
    parts = [kept.of(script) for script in scripts]
    request: dict[str, object] = {
        "scripts": [tree for tree, _ in parts],
        "counts": [len(arrays) for _, arrays in parts],
    }
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
    changed = ((place, step) for outcome, step in zip(trace, script, strict=False) for place in outcome.changed)
    demand(all(0 <= place < len(step.args) for place, step in changed), "there is no argument with that number")
    return trace


def raised_of(node: object) -> Raised | None:
    """Read a cell's exception from an answer that must not be trusted."""
    if node is None:
        return None
    demand(isinstance(node, list) and len(node) == 3, "an exception has three fields")
    assert isinstance(node, list)
    return Raised(*map(cut, node))
