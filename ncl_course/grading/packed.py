"""A cache of scripts as plain trees: every submission of a run plays the same scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ncl_course.protocol.plain import Arrays, plain_script
from ncl_course.protocol.script import Script

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
    """The scripts, as many at a time as one exchange takes."""
    yield from (scripts[start : start + AT_ONCE] for start in range(0, len(scripts), AT_ONCE))


def packed(kept: Packed, scripts: Sequence[Script]) -> tuple[dict[str, object], Arrays]:
    """Several scripts as one request, with the arrays of all of them one behind the other."""
    parts = [kept.of(script) for script in scripts]
    request: dict[str, object] = {
        "scripts": [tree for tree, _ in parts],
        "counts": [len(arrays) for _, arrays in parts],
    }
    return request, [array for _, arrays in parts for array in arrays]
