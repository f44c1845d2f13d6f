"""Submissions in, results as they complete out: the interface of all executors, and the one on this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from queue import SimpleQueue
from typing import Any, Protocol

from ncl_course.grading.handed_in.collect import Submission

Record = dict[str, Any]
Graded = Generator[tuple[Submission, Record], None, None]
Grade = Callable[[Submission, int], Record]


class Executor(Protocol):
    """Whoever has submissions graded, here or on other machines."""

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """Each submission with its record, in any order; closed early, it stops.

        What is graded twice gives the same record. What only the clock spoke against is tried once more, alone.
        """


class LocalExecutor:
    """Threads on this machine, each with a slot of its own; a thread drives one sandboxed process at a time.

    Args:
        grade: makes a submission's record; called with the slot, in several threads at once.
        stop: ends every process that a call of ``grade`` waits for.
    """

    def __init__(self, grade: Grade, jobs: int, stop: Callable[[], None]) -> None:
        self.grade, self.jobs, self.stop = grade, jobs, stop

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """All records; those that only the clock spoke against are tried once more at the end, one at a time."""
        again = []
        for submission, record in self.parallel(submissions):
            if record.get("backstop"):
                again.append(submission)
            else:
                yield submission, record
        for submission in again:  # in a slot of this thread's own: what a thread has started dies with it
            yield submission, self.grade(submission, self.jobs)

    def parallel(self, submissions: Iterable[Submission]) -> Graded:
        """All records, from all threads; left early, it ends what still runs."""
        todo, done = Shared(submissions), SimpleQueue[tuple[Submission, Record] | None]()
        threads = [threading.Thread(target=self.work, args=(todo, done, slot)) for slot in range(self.jobs)]
        for thread in threads:
            thread.start()
        try:
            running = len(threads)
            while running:
                item = done.get()
                if item is None:
                    running -= 1
                else:
                    yield item
        except BaseException:
            todo.close()
            self.stop()
            raise
        finally:
            for thread in threads:
                thread.join()

    def work(self, todo: Shared, done: SimpleQueue[tuple[Submission, Record] | None], slot: int) -> None:
        """One thread: take a submission, grade it, hand the record over."""
        try:
            for submission in todo:
                done.put((submission, self.grade(submission, slot)))
        finally:
            done.put(None)


class Shared:
    """One iterator for several threads."""

    def __init__(self, items: Iterable[Submission]) -> None:
        self.items, self.lock, self.closed = iter(items), threading.Lock(), False

    def __iter__(self) -> Shared:
        return self

    def __next__(self) -> Submission:
        with self.lock:
            if self.closed:
                raise StopIteration
            return next(self.items)

    def close(self) -> None:
        """Give out nothing more."""
        self.closed = True
