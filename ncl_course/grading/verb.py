"""``ncl-course grade``: collect, grade, write down, report; and return an exit status."""

from __future__ import annotations

import contextlib
import gc
import importlib
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ncl_course.grading import terminal
from ncl_course.grading.entry import clean
from ncl_course.grading.errors import GradingError
from ncl_course.grading.executor import Executor, LocalExecutor
from ncl_course.grading.grade import Grader
from ncl_course.grading.gradebook import Gradebook
from ncl_course.grading.handed_in.blanks import without_blanks
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.lessons import of_lessons
from ncl_course.grading.handed_in.maps import without_maps
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.options import Options
from ncl_course.grading.own import key_for, with_notebooks_beside
from ncl_course.grading.resumed import demand_no_links_or_pipes, gone, open_gradebook
from ncl_course.grading.sheets.told import listed
from ncl_course.grading.stoppable import stoppable
from ncl_course.grading.term.plan import Plan, prepare
from ncl_course.grading.walls.sandbox import Mode
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import walls_for
from ncl_course.language import language, text
from ncl_course.terminal import needs_extra

FINE, SOME_UNGRADED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def grade(paths: Sequence[Path], out: Path, options: Options) -> int:
    """Grade every notebook under the paths into a folder, and return the exit status.

    0: all graded, whatever the marks; 1: some could not be, or it is uncertain whose they are; 2: wrong usage or no
    usable sandbox; 130: Ctrl-C.
    """
    language(options.lang)
    try:
        submissions = of_lessons(with_notebooks_beside(handed_in(paths)), options.lessons)
        if not submissions:
            raise GradingError(text("grading.problem.other_lessons", lessons=", ".join(options.lessons)))
        demand_no_links_or_pipes(out)  # a pipe among the files that are read next would stop the run for ever
        plan = prepare(options.beside, out, submissions, resume=options.resume)
        if options.sandbox is Mode.NONE:
            terminal.complain(text("grading.problem.no_walls"), style="bold red")
        with stoppable():
            return (grade_here if options.cluster is None else grade_there)(submissions, out, options, plan)
    except GradingError as error:
        terminal.complain(str(error))
    except OSError as error:
        terminal.complain(text("grading.problem.write", path=error.filename or out, why=error.strerror or error))
    return WRONG_USAGE


def handed_in(paths: Sequence[Path]) -> list[Submission]:
    """Return the notebooks under the paths that students may have worked in.

    Raises:
        GradingError: if there is none, or if a path cannot be read.
    """
    submissions, line = without_blanks(without_maps(collect(paths)))
    if not submissions:
        raise GradingError(line)
    if line:
        terminal.complain(terminal.printable(line), style="yellow")
    return submissions


def tell_doubts(submissions: Sequence[Submission]) -> bool:
    """Name the notebooks whose author is uncertain, and say why; return whether there are any."""
    doubtful: dict[str, list[str]] = {}
    for one in submissions:
        if one.doubt:
            doubtful.setdefault(one.doubt, []).append(one.file)
    for why, files in doubtful.items():
        line = text("grading.terminal.unsure", files=listed(files), why=why)
        terminal.complain(terminal.printable(line), style="bold red")
    return bool(doubtful)


def grade_here(submissions: list[Submission], out: Path, options: Options, plan: Plan) -> int:
    """Grade on this machine.

    Raises:
        GradingError: if there is no usable sandbox, or if the run cannot be resumed as asked.
    """
    threading.Thread(target=load_ahead, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="ncl-course-") as folder:
        walls = walls_for(options.sandbox, Path(folder))
        if walls.mode is Mode.USER and options.sandbox is Mode.AUTO:
            terminal.complain(text("grading.problem.user_taken"), style="yellow")
        key = key_for(options.key)
        book = open_gradebook(out, replace(options, sandbox=walls.mode))
        with Site(walls) as site:
            grader = Grader(site, book.run.seed, options.limits, key)
            return run(submissions, book, LocalExecutor(grader, options.jobs, site.end_all), plan)


def load_ahead() -> None:
    """Load torch while the walls are tried; errors here occur again later.

    Modules stay to the end, so nothing among them is garbage, now or later.
    """
    gc.disable()
    with contextlib.suppress(Exception):
        importlib.import_module("ncl_course.oracles.layer")
    gc.freeze()
    gc.enable()


def grade_there(submissions: list[Submission], out: Path, options: Options, plan: Plan) -> int:
    """Grade on a cluster; each worker uses its own machine's sandbox.

    Raises:
        GradingError: if there is no such cluster, or if Dask is not installed.
    """
    try:
        from ncl_course.grading.cluster.dask import ClusterExecutor
        from ncl_course.grading.cluster.station import Terms
    except ModuleNotFoundError:
        raise GradingError(needs_extra("distributed")) from None
    key = tuple(key_for(options.key).values())
    book = open_gradebook(out, options)
    terms = Terms(book.run.seed, options.limits, options.sandbox, options.lang, key)
    return run(submissions, book, ClusterExecutor(options.cluster or "", terms), plan)


def run(submissions: list[Submission], book: Gradebook, executor: Executor, plan: Plan) -> int:
    """Grade the submissions that are not graded yet; write the reports even if Ctrl-C stops it."""
    out = book.path.parent
    try:
        plan.remember(out)
        stopped = graded_until_stopped([one for one in submissions if not book.knows(one)], book, executor)
        plan.marking.settle(book, submissions, plan.known.roster)
        results = book.results()
        whole, term = plan.write(results, out, submissions)
    except OSError as error:
        why = error.strerror or str(error)
        terminal.complain(text("grading.problem.full", path=error.filename or out, why=why, folder=out))
        return SOME_UNGRADED
    waiting = [one for one in submissions if (clean(one.student), clean(one.file)) not in book.entries]
    terminal.summary(results, str(out), len(waiting))
    plan.tell(whole, term)
    left = gone(book.entries.values(), submissions)
    if left:
        terminal.complain(terminal.printable(text("grading.terminal.gone", files=listed(left))), style="yellow")
    if stopped:
        total = len(submissions)
        terminal.complain(text("grading.terminal.interrupted", done=total - len(waiting), total=total, folder=out))
        return INTERRUPTED
    plan.hand_back(whole, term, out, submissions)
    unsure = tell_doubts(submissions)
    return SOME_UNGRADED if results.ungraded or unsure else FINE


def graded_until_stopped(todo: list[Submission], book: Gradebook, executor: Executor) -> bool:
    """Put every entry into the gradebook as it comes; return whether Ctrl-C stopped it."""
    stopped = False
    try:
        with terminal.progress(len(todo)) as advance, contextlib.closing(executor.run(todo)) as entries:
            for _, entry in entries:
                book.add(entry)
                advance()
    except KeyboardInterrupt:
        stopped = True
    book.save()
    return stopped
