"""Grade submissions on the workers of a Dask cluster, through the same interface as on this machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from distributed import Client, Future

from ncl_course.grading.cluster.station import Posted, Terms, grade_posted
from ncl_course.grading.entry import Entry, Status, clean
from ncl_course.grading.errors import GradingError
from ncl_course.grading.executor import AHEAD, Graded
from ncl_course.grading.grade import ungraded
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.own import RUNS_ON_LAYERS
from ncl_course.grading.reports.bounds import bounded
from ncl_course.grading.results import read_entry
from ncl_course.grading.stoppable import held_back
from ncl_course.language import text

START_SECONDS = 30
TRY_SECONDS, LOOK_SECONDS = 5, 0.5
"""The seconds of one try to connect, and of one wait. After each, a run asks whether Ctrl-C was pressed."""

WITHOUT_WORKERS = 60
"""The seconds that a run waits for workers to come back if all are lost."""

Answer = TypeVar("Answer")
Lost = (asyncio.CancelledError, OSError, TimeoutError)


def connected(address: str, let_through: Callable[[], None]) -> Client:
    """Return a client of the scheduler there.

    Raises:
        OSError: if there is none, or if it is not an address.
    """
    try:
        return at_the_start(
            lambda: Client(address, timeout=min(TRY_SECONDS, START_SECONDS), set_as_default=False), let_through
        )
    except ValueError as error:
        raise OSError(str(error)) from error


def at_the_start(ask: Callable[[], Answer], let_through: Callable[[], None]) -> Answer:
    """Return the answer to a question that is asked for a while until it has one.

    Raises:
        OSError: if it has none.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        let_through()
        try:
            return ask()
        except OSError:
            if time.monotonic() > deadline:
                raise


class ClusterExecutor:
    """Grades on the workers of a scheduler; another worker grades a lost worker's unfinished submissions again.

    A submission whose task failed (its worker was lost repeatedly, or has no sandbox), or that only the wall clock
    ended, is tried again at the end, alone; if that fails too, it is an ``error``.
    """

    def __init__(self, address: str, terms: Terms) -> None:
        self.address, self.terms = address, terms

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """Yield all entries, as they come.

        Raises:
            GradingError: if there is no scheduler at the address, if it has no workers, or if it is gone.
        """
        try:
            with held_back() as let_through, connected(self.address, let_through) as client:
                at_the_start(lambda: client.wait_for_workers(1, timeout=LOOK_SECONDS), let_through)
                yield from self.graded(client, submissions, let_through)
        except Lost as error:
            raise GradingError(text("grading.problem.no_cluster", address=self.address, why=str(error))) from error

    def graded(self, client: Client, submissions: Iterable[Submission], let_through: Callable[[], None]) -> Graded:
        """Yield all entries: first in parallel, then one by one those that must be tried again.

        Args:
            client: the client of the scheduler.
            submissions: what to grade.
            let_through: raises KeyboardInterrupt if Ctrl-C was pressed.
        """
        again = []
        for submission, future in self.side_by_side(client, submissions, let_through):
            entry = entry_of(submission, client, future, let_through)
            if isinstance(entry, Entry) and not entry.backstop:
                yield submission, entry
            else:
                again.append(submission)
        for submission in again:
            ((_, future),) = self.side_by_side(client, [submission], let_through)
            found = entry_of(submission, client, future, let_through)
            failed = f"{type(found).__name__}: {found}"
            yield submission, found if isinstance(found, Entry) else ungraded(submission, Status.ERROR, failed)

    def side_by_side(
        self, client: Client, submissions: Iterable[Submission], let_through: Callable[[], None]
    ) -> Iterator[tuple[Submission, Future[str]]]:
        """Yield each submission with its finished task."""
        todo = iter(submissions)
        under_way: dict[Future[str], Submission] = {}
        done: SimpleQueue[Future[str]] = SimpleQueue()
        while True:
            for submission in todo:
                future = client.submit(grade_posted, posted(submission), self.terms, pure=False)
                under_way[future] = submission
                future.add_done_callback(done.put)
                if len(under_way) >= AHEAD * max(sum(client.nthreads().values()), 1):
                    break
            if not under_way:
                return
            future = next_done(client, done, let_through)
            yield under_way.pop(future), future


def posted(submission: Submission) -> Posted:
    """Return a submission with the contents of its file, and of the student's other files if they count."""
    opened = submission.opened()
    others = submission.beside if opened.reading.lesson in RUNS_ON_LAYERS else ()
    beside = tuple(Posted(one.student, Path(one.file), one.file, content=one.opened()) for one in others)
    place = Path(submission.file)
    return Posted(submission.student, place, submission.file, beside=beside, doubt=submission.doubt, content=opened)


def entry_of(
    submission: Submission, client: Client, future: Future[str], let_through: Callable[[], None]
) -> Entry | Exception:
    """Return a submission's entry from a finished task, or the error if there is none or if it is another one's."""
    entry = entry_in(client, future, let_through)
    if not isinstance(entry, Entry):
        return entry
    own = clean(submission.student), clean(submission.file)
    if entry.key != own:
        return GradingError(text("grading.problem.other_entry", found=" · ".join(entry.key), own=" · ".join(own)))
    return bounded(entry)


def entry_in(client: Client, future: Future[str], let_through: Callable[[], None]) -> Entry | Exception:
    """Return the entry from a finished task, or the error if there is none.

    If the worker that holds the entry is lost meanwhile, Dask has another worker grade the submission again.

    Raises:
        CancelledError: if the scheduler is gone.
        TimeoutError: if all workers are lost, and none has come back for a while.
    """
    try:
        found = patiently(client, lambda: outcome(future), let_through)
        return found if isinstance(found, Exception) else read_entry(found)
    except Exception as failed:
        if isinstance(failed, OSError) and future.status != "error":  # not the task's own, such as a full disk there
            raise
        return failed


def outcome(future: Future[str]) -> str | Exception:
    """Return what a task returned, or the error that it ended with.

    Raises:
        CancelledError: if the scheduler is gone.
        TimeoutError: if the result is lost and the task runs again.
    """
    error: Exception | None = future.exception(timeout=LOOK_SECONDS)
    if future.cancelled():
        raise asyncio.CancelledError("the scheduler is gone")
    return error or future.result(timeout=LOOK_SECONDS)


def next_done(client: Client, done: SimpleQueue[Future[str]], let_through: Callable[[], None]) -> Future[str]:
    """Return the next finished task.

    Raises:
        TimeoutError: if all workers are lost, and none has come back for a while.
    """
    return patiently(client, lambda: done.get(timeout=LOOK_SECONDS), let_through)


def patiently(client: Client, ask: Callable[[], Answer], let_through: Callable[[], None]) -> Answer:
    """Return the answer to a question that is asked until it has one, as long as there are workers.

    Raises:
        TimeoutError: if all workers are lost, and none has come back for a while.
    """
    deadline = time.monotonic() + WITHOUT_WORKERS
    while True:
        let_through()
        try:
            return ask()
        except (Empty, TimeoutError):
            if client.nthreads():
                deadline = time.monotonic() + WITHOUT_WORKERS
            elif time.monotonic() > deadline:
                raise TimeoutError(text("grading.problem.no_workers", seconds=WITHOUT_WORKERS)) from None
