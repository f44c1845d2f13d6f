"""Scripts as plain trees, kept: every submission of a run is asked to play the same ones."""

from __future__ import annotations

from typing import Any

from ncl_course.protocol.plain import Arrays, plain_script
from ncl_course.protocol.script import Script

MOST = 10_000
"""Scripts that are kept; a run of all lessons has fewer."""


class Packed:
    """What ``plain_script`` makes of scripts that live as long as the run, made once for each."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[Script, Any, Arrays]] = {}

    def of(self, script: Script) -> tuple[Any, Arrays]:
        """The script's tree and arrays, which nobody changes."""
        kept = self.kept.get(id(script))
        if kept is None or kept[0] is not script:
            if len(self.kept) >= MOST:
                self.kept.clear()
            kept = self.kept[id(script)] = (script, *plain_script(script))
        return kept[1], kept[2]
