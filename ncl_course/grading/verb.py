"""``ncl-course grade``: collect, grade, write down, report; and the exit status that says how it went."""

from __future__ import annotations

import contextlib
import importlib
import platform
import secrets
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.checking.compare import RELATIVE
from ncl_course.grading import terminal
from ncl_course.grading.errors import GradingError
from ncl_course.grading.executor import Executor, LocalExecutor
from ncl_course.grading.grade import Grader
from ncl_course.grading.gradebook import Gradebook, load, set_aside
from ncl_course.grading.handed_in.blanks import without_blanks
from ncl_course.grading.handed_in.collect import Submission, collect
from ncl_course.grading.handed_in.lessons import of_lessons
from ncl_course.grading.handed_in.maps import without_maps
from ncl_course.grading.marks.marking import Marking, Wanted, prepare
from ncl_course.grading.own import Key, read_key, with_notebooks_beside
from ncl_course.grading.reports.written import write_reports
from ncl_course.grading.resumed import demand_same, gone
from ncl_course.grading.sheets.told import listed
from ncl_course.grading.stoppable import stoppable
from ncl_course.grading.walls.process import Limits
from ncl_course.grading.walls.sandbox import Mode
from ncl_course.grading.walls.site import Site
from ncl_course.grading.walls.usable import walls_for
from ncl_course.language import language, text

SOLUTIONS = Path(__file__).parents[2] / "solutions"

FINE, SOME_UNGRADED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Options:
    """What the command line may ask for; each as ``ncl-course grade --help`` says."""

    jobs: int = 1
    timeout: float = 10.0
    memory: int = 1024
    seed: int | None = None
    sandbox: Mode = Mode.AUTO
    resume: bool = False
    lang: str = "en"
    key: Path | None = None
    cluster: str | None = None
    lessons: tuple[str, ...] = ()
    beside: Wanted = field(default_factory=Wanted)


def grade(paths: Sequence[Path], out: Path, options: Options) -> int:
    """Grade every notebook under the paths into a folder, and return the exit status.

    0: all graded, whatever the marks; 1: some could not be; 2: wrong usage or no usable sandbox; 130: Ctrl-C.
    """
    language(options.lang)
    try:
        submissions = of_lessons(with_notebooks_beside(handed_in(paths)), options.lessons)
        if not submissions:
            raise GradingError(text("grading.problem.other_lessons", lessons=", ".join(options.lessons)))
        marking = prepare(options.beside, out)
        with stoppable():
            return (grade_here if options.cluster is None else grade_there)(submissions, out, options, marking)
    except GradingError as error:
        terminal.complain(str(error))
        return WRONG_USAGE
    except OSError as error:
        terminal.complain(text("grading.problem.write", path=error.filename or out, why=error.strerror or error))
        return WRONG_USAGE


def handed_in(paths: Sequence[Path]) -> list[Submission]:
    """The notebooks under the paths that students may have worked in.

    Raises:
        GradingError: there is none, or a path cannot be read.
    """
    submissions, line = without_blanks(without_maps(collect(paths)))
    if not submissions:
        raise GradingError(line)
    if line:
        terminal.complain(terminal.printable(line), style="yellow")
    return submissions


def grade_here(submissions: list[Submission], out: Path, options: Options, marking: Marking) -> int:
    """Grade on this machine.

    Raises:
        GradingError: there is no usable sandbox, or the run cannot be resumed as asked.
    """
    threading.Thread(target=load_ahead, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="ncl-course-") as folder:
        walls = walls_for(options.sandbox, Path(folder))
        if options.sandbox is Mode.NONE:
            terminal.complain(text("grading.problem.no_walls"), style="bold red")
        if walls.mode is Mode.USER and options.sandbox is Mode.AUTO:
            terminal.complain(text("grading.problem.user_taken"), style="yellow")
        keys = key_of(options)
        book = open_gradebook(out, replace(options, sandbox=walls.mode))
        with Site(walls) as site:
            grader = Grader(site, book.about["seed"], Limits(options.timeout, options.memory), keys)
            return run(submissions, book, LocalExecutor(grader, options.jobs, site.end_all), out, marking)


def load_ahead() -> None:
    """Load torch while the walls are tried, with what it loads at its first gradient; what fails here fails later."""
    for module in ("ncl_course.oracles.layer", "torch.fx.experimental.symbolic_shapes"):
        with contextlib.suppress(Exception):
            importlib.import_module(module)


def grade_there(submissions: list[Submission], out: Path, options: Options, marking: Marking) -> int:
    """Grade on a cluster, each of its workers behind walls of its own machine.

    Raises:
        GradingError: there is no such cluster, or what speaks with one is not installed.
    """
    try:
        from ncl_course.grading.cluster.dask import ClusterExecutor
        from ncl_course.grading.cluster.station import Terms
    except ImportError as error:
        raise GradingError(text("grading.problem.no_distributed", why=error)) from None
    keys = tuple(key_of(options).values())
    book = open_gradebook(out, options)
    limits = Limits(options.timeout, options.memory)
    terms = Terms(book.about["seed"], limits, options.sandbox, options.lang, keys)
    return run(submissions, book, ClusterExecutor(options.cluster or "", terms), out, marking)


def key_of(options: Options) -> Key:
    """The instructor's layers for lesson 06: from ``--key``, else from the ``solutions/`` of the course's folder.

    Raises:
        GradingError: the folder is not there, or a key in it cannot be read.
    """
    if options.key is None:
        return read_key(SOLUTIONS if SOLUTIONS.is_dir() else None)
    if not options.key.is_dir():
        raise GradingError(text("grading.problem.no_path", path=options.key))
    return read_key(options.key)


def open_gradebook(out: Path, options: Options) -> Gradebook:
    """A new gradebook, or with ``--resume`` the one that is there.

    Raises:
        GradebookError: it cannot be resumed as asked.
    """
    out.mkdir(parents=True, exist_ok=True)
    book = load(out) if options.resume else None
    if book is None:
        if options.resume:
            terminal.complain(text("grading.terminal.nothing_to_resume", folder=out), style="yellow")
        former = set_aside(out)
        if former:
            terminal.complain(text("grading.terminal.set_aside", path=former), style="yellow")
        seed = options.seed if options.seed is not None else secrets.randbits(53)
        book = Gradebook(out, about(seed, options))
    else:
        demand_same(book.about, about(book.about["seed"], options), options.seed)
    book.save()
    return book


def about(seed: int, options: Options) -> dict[str, Any]:
    """What stands in ``results.json`` beside the submissions, so that a run can be repeated."""
    return {
        "seed": seed,
        "versions": {
            "ncl-course": version("ncl-course"),
            "numpy": np.__version__,
            "torch": version("torch"),
            "python": platform.python_version(),
        },
        "limits": {"timeout": options.timeout, "memory": options.memory},
        "sandbox": str(options.sandbox),
        "tolerances": dict(RELATIVE),
    }


def run(submissions: list[Submission], book: Gradebook, executor: Executor, out: Path, marking: Marking) -> int:
    """Grade what is not graded yet; write the reports also where Ctrl-C stops it."""
    todo = [submission for submission in submissions if not book.knows(submission)]
    try:
        stopped = graded_until_stopped(todo, book, executor)
        marking.settle(book, submissions)
        results = book.plain()
        write_reports(results, out)
    except OSError as error:
        why = error.strerror or str(error)
        terminal.complain(text("grading.problem.full", path=error.filename or out, why=why, folder=out))
        return SOME_UNGRADED
    terminal.summary(results, str(out))
    left = gone(book.records, submissions)
    if left:
        terminal.complain(terminal.printable(text("grading.terminal.gone", files=listed(left))), style="yellow")
    if stopped:
        terminal.complain(text("grading.terminal.interrupted", folder=out))
        return INTERRUPTED
    marking.write_sheet(results, out)
    return FINE if all(record["status"] == "graded" for record in book.records.values()) else SOME_UNGRADED


def graded_until_stopped(todo: list[Submission], book: Gradebook, executor: Executor) -> bool:
    """Put every record into the gradebook as it comes; whether Ctrl-C stopped it."""
    stopped = False
    try:
        with terminal.progress_bar() as bar, contextlib.closing(executor.run(todo)) as records:
            task = bar.add_task(text("grading.terminal.running"), total=len(todo))
            for _, record in records:
                book.add(record)
                bar.advance(task)
    except KeyboardInterrupt:
        stopped = True
    book.save()
    return stopped
