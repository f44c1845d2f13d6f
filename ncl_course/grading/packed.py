"""A cache of scripts as plain trees: every submission of a run plays the same scripts."""

from __future__ import annotations

from typing import Any

from ncl_course.protocol.plain import Arrays, plain_script
from ncl_course.protocol.script import Script

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
