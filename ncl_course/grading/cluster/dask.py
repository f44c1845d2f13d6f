"""Submissions graded by a Dask cluster's workers, through the same interface as on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Client, Future

from ncl_course.grading.cluster.station import Posted, Terms, grade_posted
from ncl_course.grading.errors import GradingError
from ncl_course.grading.executor import Graded
from ncl_course.grading.grade import ungraded
from ncl_course.grading.handed_in.collect import Submission
from ncl_course.grading.own import runs_on_layers
from ncl_course.language import text
from ncl_course.submission.errors import UnreadableNotebookError

START_SECONDS = 30
AHEAD = 2
"""Submissions under way for each thread of the cluster: nobody waits, and no more notebooks than that are in memory."""

LOOK_SECONDS = 5
WITHOUT_WORKERS = 60
"""How long a run waits for workers to come back when all are lost."""

Record = dict[str, Any]
Lost = (asyncio.CancelledError, OSError, TimeoutError)


def connected(address: str) -> Client:
    """A client of the scheduler there.

    Raises:
        OSError: there is none, or it is no address.
    """
    try:
        return Client(address, timeout=START_SECONDS, set_as_default=False)
    except ValueError as error:
        raise OSError(str(error)) from error


class ClusterExecutor:
    """Grades on the workers of a scheduler; what a lost worker had under way is graded again by another one.

    A submission whose task failed (its worker was lost again and again, or has no sandbox), or that only the clock
    spoke against, is tried once more at the end, alone; what fails then, too, is an ``error``.
    """

    def __init__(self, address: str, terms: Terms) -> None:
        self.address, self.terms = address, terms

    def run(self, submissions: Iterable[Submission]) -> Graded:
        """All records, as they come.

        Raises:
            GradingError: there is no scheduler at the address, or it has no workers, or it is gone.
        """
        try:
            with connected(self.address) as client:
                client.wait_for_workers(1, timeout=START_SECONDS)
                yield from self.graded(client, submissions)
        except Lost as error:
            raise GradingError(text("grading.problem.no_cluster", address=self.address, why=str(error))) from error

    def graded(self, client: Client, submissions: Iterable[Submission]) -> Graded:
        """All records: first side by side, then one by one what has to be tried again."""
        again = []
        for submission, record in self.side_by_side(client, submissions):
            if record is None or record.get("backstop"):
                again.append(submission)
            else:
                yield submission, record
        for submission in again:
            ((_, record),) = self.side_by_side(client, [submission], last=True)
            assert record is not None
            yield submission, record

    def side_by_side(
        self, client: Client, submissions: Iterable[Submission], *, last: bool = False
    ) -> Iterator[tuple[Submission, Record | None]]:
        """Each submission with its record; None where its task failed, or with ``last`` the record of an ``error``."""
        todo = iter(submissions)
        under_way: dict[Future[Any], Submission] = {}
        done: SimpleQueue[Future[Any]] = SimpleQueue()
        while True:
            for submission in todo:
                posted = self.posted(submission)
                if not isinstance(posted, Posted):
                    yield submission, posted
                    continue
                future = client.submit(grade_posted, posted, self.terms, pure=False)
                under_way[future] = submission
                future.add_done_callback(done.put)
                if len(under_way) >= AHEAD * max(sum(client.nthreads().values()), 1):
                    break
            if not under_way:
                return
            future = next_done(client, done)
            submission = under_way.pop(future)
            yield submission, self.record_of(future, submission, last=last)

    def posted(self, submission: Submission) -> Posted | Record:
        """The submission with its bytes, or the record of one that cannot be read."""
        try:
            posted = post(submission)
            return replace(posted, beside=tuple(self.beside(submission))) if runs_on_layers(posted) else posted
        except UnreadableNotebookError as error:
            return ungraded(submission, "unreadable", str(error))

    def beside(self, submission: Submission) -> Iterator[Posted]:
        """The same student's other notebooks, those that can be read."""
        for other in submission.beside:
            with contextlib.suppress(UnreadableNotebookError):
                yield post(other)

    def record_of(self, future: Future[Any], submission: Submission, *, last: bool) -> Record | None:
        """What a finished task says."""
        if future.status == "finished":
            return dict(future.result())
        if future.cancelled():
            raise asyncio.CancelledError("the scheduler is gone")
        error = future.exception()
        return ungraded(submission, "error", f"{type(error).__name__}: {error}") if last else None


def next_done(client: Client, done: SimpleQueue[Future[Any]]) -> Future[Any]:
    """The next finished task; while none comes, see whether anybody is left to work on one.

    Raises:
        TimeoutError: all workers are lost, and none has come back for a while.
    """
    deadline = time.monotonic() + WITHOUT_WORKERS
    while True:
        try:
            return done.get(timeout=LOOK_SECONDS)
        except Empty:
            if client.nthreads():
                deadline = time.monotonic() + WITHOUT_WORKERS
            elif time.monotonic() > deadline:
                raise TimeoutError(text("grading.problem.no_workers", seconds=WITHOUT_WORKERS)) from None


def post(submission: Submission) -> Posted:
    """A submission with its bytes.

    Raises:
        UnreadableNotebookError: it cannot be read.
    """
    return Posted(submission.student, Path(submission.file), submission.file, raw=submission.read())
