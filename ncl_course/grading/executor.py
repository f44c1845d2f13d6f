"""Submissions in, results as they complete out: the interface of all executors, and the one on this machine."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from ncl_course.grading.entry import Entry
from ncl_course.grading.handed_in.submission import Submission

Graded = Generator[tuple[Submission, Entry], None, None]
Grade = Callable[[Submission, int], Entry]

AHEAD = 2
"""Submissions under way for each thread: no thread waits, and the list of what is to do is read no faster than that."""


class Executor(Protocol):
    """Has submissions graded, here or on other machines."""

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """Each submission with its entry, in any order; closed early, it stops.

        What is graded twice gives the same entry. What only the clock spoke against is tried once more, alone.
        """


class Slot(threading.local):
    """A thread's own number, counted from 0 by the threads that ask."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self.number = next(numbers)


class LocalExecutor:
    """Threads on this machine, each with a slot of its own; a thread drives one sandboxed process at a time.

    A slot's fork server dies with the thread that has started it (bubblewrap's ``--die-with-parent``), so the threads
    live until the last submission is graded.

    Args:
        grade: makes a submission's entry; called with the slot, in several threads at once.
        stop: ends every process that a call of ``grade`` waits for.
    """

    def __init__(self, grade: Grade, jobs: int, stop: Callable[[], None]) -> None:
        self.grade, self.jobs, self.stop = grade, jobs, stop
        self.slot = Slot(itertools.count())

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """All entries; those that only the clock spoke against are tried once more at the end, one at a time."""
        again = []
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                for submission, entry in self.side_by_side(pool, submissions):
                    if entry.backstop:
                        again.append(submission)
                    else:
                        yield submission, entry
                for submission in again:
                    yield submission, pool.submit(self.in_slot, submission).result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise

    def side_by_side(self, pool: ThreadPoolExecutor, submissions: Iterable[Submission]) -> Graded:
        """All entries, as they complete."""
        todo, under_way = iter(submissions), dict[Future[Entry], Submission]()
        while True:
            for submission in itertools.islice(todo, AHEAD * self.jobs - len(under_way)):
                under_way[pool.submit(self.in_slot, submission)] = submission
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future.result()

    def in_slot(self, submission: Submission) -> Entry:
        """The entry of a submission, graded in this thread's slot."""
        return self.grade(submission, self.slot.number)
