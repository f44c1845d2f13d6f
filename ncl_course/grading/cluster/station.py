"""The worker's side of a cluster: it takes one posted notebook and returns its entry, in that machine's own sandbox.

Everything that an entry depends on is sent with the notebook: a task may run twice, on any machine, with the
same result. The expensive parts (the walls, the fork servers, the right answers) are made once per process and kept.
"""

from __future__ import annotations

import atexit
import itertools
import json
import tempfile
import threading
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from ncl_course.grading.entry import Entry
from ncl_course.grading.errors import GradingError
from ncl_course.grading.executor import Slot
from ncl_course.grading.grade import Grader
from ncl_course.grading.handed_in.submission import Opened, Reading, Submission
from ncl_course.grading.own import LayerSource
from ncl_course.grading.plain import plain
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import walls_for
from ncl_course.language import language, text


@dataclass(frozen=True)
class Terms:
    """The settings of a run, the same on every machine."""

    seed: int
    limits: Limits
    mode: Mode
    lang: str
    key: tuple[LayerSource, ...] = ()
    release: str = field(default_factory=lambda: version("ncl-course"))


NOTHING = Opened(Reading(), None)


@dataclass(frozen=True)
class Posted(Submission):
    """A submission with the contents of its file, because the machines share no disk."""

    content: Opened = NOTHING

    @property
    def reading(self) -> Reading:
        """Return the file's digest, its lesson, and whether it can be read."""
        return self.content.reading

    def opened(self) -> Opened:
        """Return the reading and the notebook."""
        return self.content


class Station:
    """A grader with its own walls; each thread that grades here has its own slot."""

    def __init__(self, terms: Terms) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ncl-course-")
        self.site = Site(walls_for(terms.mode, Path(self.folder.name)))
        self.grader = Grader(self.site, terms.seed, terms.limits, {source.names[0]: source for source in terms.key})
        self.slot = Slot(itertools.count())

    def grade(self, submission: Submission) -> Entry:
        """Return the entry of one submission."""
        return self.grader(submission, self.slot.number)

    def close(self) -> None:
        """End the processes that were started."""
        with self.site:
            self.folder.cleanup()


stations: dict[Terms, Station] = {}
"""The stations of this process: one, unless there are several runs in turn."""

opening = threading.Lock()


def station_for(terms: Terms) -> Station:
    """Return this process's station for a run, and close those of earlier runs.

    Raises:
        GradingError: if this machine has no usable sandbox, or another release of the course.
    """
    if version("ncl-course") != terms.release:
        there = version("ncl-course")
        raise GradingError(text("grading.problem.release", here=terms.release, there=there))
    with opening:
        if terms not in stations:
            for old in tuple(stations):
                stations.pop(old).close()
            language(terms.lang)
            stations[terms] = Station(terms)
            atexit.register(stations[terms].close)
        return stations[terms]


def grade_posted(posted: Posted, terms: Terms) -> str:
    """Grade a posted notebook and return its entry as one line of JSON. A cluster's worker runs this."""
    return json.dumps(plain(station_for(terms).grade(posted)))
