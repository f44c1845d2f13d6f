"""The options of ``ncl-course grade``."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ncl_course.grading.term.plan import Wanted
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode


@dataclass(frozen=True)
class Options:
    """One field per option; ``ncl-course grade --help`` explains each."""

    jobs: int = 1
    timeout: float = 10.0
    memory: int = 1024
    budget: float = 600.0
    seed: int | None = None
    sandbox: Mode = Mode.AUTO
    resume: bool = False
    lang: str = "en"
    key: Path | None = None
    cluster: str | None = None
    lessons: tuple[str, ...] = ()
    beside: Wanted = field(default_factory=Wanted)

    @property
    def limits(self) -> Limits:
        """The limits on a process."""
        return Limits(self.timeout, self.memory, budget=self.budget)
