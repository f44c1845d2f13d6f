"""Take submissions and yield entries as they complete: the interface of all executors, and the local one."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from ncl_course.grading.entry import Entry
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.stoppable import held_back

Graded = Generator[tuple[Submission, Entry], None, None]
Grade = Callable[[Submission, int], Entry]

AHEAD = 2
"""The number of submissions under way per thread: no thread waits, and the submissions are read no faster than that."""

PAUSE = 0.1
"""The seconds after which a wait for the next entry asks whether Ctrl-C was pressed."""


class Executor(Protocol):
    """An object that has submissions graded, here or on other machines."""

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """Yield each submission with its entry, in any order. Closing the generator early stops the run.

        Grading twice gives the same entry. A submission that only the wall clock ended is tried once more, alone.
        """


class Slot(threading.local):
    """A number for each thread that asks for one."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self.number = next(numbers)


class LocalExecutor:
    """Grades in threads on this machine. Each thread has its own slot and drives one sandboxed process at a time.

    A slot's fork server dies with the thread that started it, because of bubblewrap's ``--die-with-parent``. So the
    threads live until the last submission is graded.

    Args:
        grade: makes a submission's entry; it is called with the slot, in several threads at once.
        jobs: the number of threads.
        stop: ends every process that a call of ``grade`` waits for.
    """

    def __init__(self, grade: Grade, jobs: int, stop: Callable[[], None]) -> None:
        self.grade, self.jobs, self.stop = grade, jobs, stop
        self.slot = Slot(itertools.count())

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """Yield all entries. Submissions that only the wall clock ended are tried again at the end, one at a time."""
        again = []
        with held_back() as let_through, ThreadPoolExecutor(self.jobs) as pool:
            try:
                for submission, entry in self.side_by_side(pool, submissions, AHEAD * self.jobs, let_through):
                    if entry.backstop:
                        again.append(submission)
                    else:
                        yield submission, entry
                yield from self.side_by_side(pool, again, 1, let_through)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise

    def side_by_side(
        self, pool: ThreadPoolExecutor, submissions: Iterable[Submission], most: int, let_through: Callable[[], None]
    ) -> Graded:
        """Yield all entries, as they complete.

        Args:
            pool: the threads.
            submissions: what to grade.
            most: the largest number of submissions under way.
            let_through: raises KeyboardInterrupt if Ctrl-C was pressed.
        """
        todo, under_way = iter(submissions), dict[Future[Entry], Submission]()
        while True:
            for submission in itertools.islice(todo, most - len(under_way)):
                under_way[pool.submit(self.in_slot, submission)] = submission
            if not under_way:
                return
            for future in wait(under_way, timeout=PAUSE, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future.result()
            let_through()

    def in_slot(self, submission: Submission) -> Entry:
        """Grade a submission in this thread's slot."""
        return self.grade(submission, self.slot.number)
