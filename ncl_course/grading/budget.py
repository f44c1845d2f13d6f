"""The time limit of a whole submission, beside the limits of its cells and exercises.

It is wall-clock time, so a busy machine may be the cause. A submission that was cut short is therefore tried
again, alone, and these second tries have a separate account.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ncl_course.grading.handed_in.submission import Submission

PER_STUDENT = 3
"""Budgets of one submission that all submissions of one student have together."""


@dataclass
class Ledger:
    """The seconds that the submissions of each student have taken in a run."""

    seconds: float
    spent: dict[tuple[str, bool], float] = field(default_factory=dict)
    tried: set[object] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def account(self, submission: Submission) -> Iterator[float]:
        """Yield the time, by ``time.monotonic``, at which this try of a submission has to end; charge what it takes."""
        start = time.monotonic()
        with self.lock:
            account = submission.student, submission.place in self.tried
            self.tried.add(submission.place)
            left = PER_STUDENT * self.seconds - self.spent.get(account, 0.0)
        try:
            yield start + min(self.seconds, left)
        finally:
            with self.lock:
                self.spent[account] = self.spent.get(account, 0.0) + time.monotonic() - start
