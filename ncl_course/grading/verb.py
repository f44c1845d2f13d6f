"""``ncl-course grade``: collect, grade, write down, report; and the exit status that says how it went."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ncl_course.checking.compare import RELATIVE
from ncl_course.grading import terminal
from ncl_course.grading.collect import Submission, collect
from ncl_course.grading.errors import GradebookError, GradingError
from ncl_course.grading.executor import LocalExecutor
from ncl_course.grading.grade import Grader
from ncl_course.grading.gradebook import Gradebook, load, set_aside, write_atomically
from ncl_course.grading.process import Limits, Site
from ncl_course.grading.reports.csv import grades_csv
from ncl_course.grading.reports.html import feedback_page, report_page
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.sandbox import Mode
from ncl_course.grading.usable import walls_for
from ncl_course.language import language, text

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


def grade(paths: Sequence[Path], out: Path, options: Options) -> int:
    """Grade every notebook under the paths into a folder, and return the exit status.

    0: all graded, whatever the marks; 1: some could not be; 2: wrong usage or no usable sandbox; 130: Ctrl-C.
    """
    language(options.lang)
    try:
        if options.cluster is not None:
            raise GradingError(text("grading.problem.cluster"))
        submissions = collect(paths)
        with tempfile.TemporaryDirectory(prefix="ncl-course-") as folder:
            walls = walls_for(options.sandbox, Path(folder))
            if options.sandbox is Mode.NONE:
                terminal.complain(text("grading.problem.no_walls"), style="bold red")
            book = open_gradebook(out, options)
            limits = Limits(options.timeout, options.memory)
            grader = Grader(Site(walls), book.about["seed"], limits)
            return run(submissions, book, grader, options.jobs, out)
    except GradingError as error:
        terminal.complain(str(error))
        return WRONG_USAGE
    except OSError as error:
        terminal.complain(text("grading.problem.write", path=error.filename or out, why=error.strerror or error))
        return WRONG_USAGE


def open_gradebook(out: Path, options: Options) -> Gradebook:
    """A new gradebook, or with ``--resume`` the one that is there.

    Raises:
        GradebookError: it cannot be resumed as asked.
    """
    out.mkdir(parents=True, exist_ok=True)
    book = load(out) if options.resume else None
    if book is None:
        set_aside(out)
        seed = options.seed if options.seed is not None else secrets.randbits(53)
        book = Gradebook(out, about(seed, options))
    elif options.seed not in (None, book.about["seed"]):
        recorded = book.about["seed"]
        raise GradebookError(text("grading.problem.resume_seed", recorded=recorded, given=options.seed))
    book.save()
    return book


def about(seed: int, options: Options) -> dict[str, Any]:
    """What stands in ``results.json`` beside the submissions, so that a run can be repeated."""
    return {
        "seed": seed,
        "versions": {"ncl-course": version("ncl-course"), "numpy": np.__version__, "torch": version("torch")},
        "limits": {"timeout": options.timeout, "memory": options.memory},
        "sandbox": str(options.sandbox),
        "tolerances": dict(RELATIVE),
    }


def run(submissions: list[Submission], book: Gradebook, grader: Grader, jobs: int, out: Path) -> int:
    """Grade what is not graded yet; write the reports also where Ctrl-C stops it."""
    executor = LocalExecutor(grader, jobs, grader.site.end_all)
    todo = [submission for submission in submissions if not book.knows(submission)]
    stopped = False
    try:
        with terminal.progress_bar() as bar:
            task = bar.add_task(text("grading.terminal.running"), total=len(todo))
            for _, record in executor.run(todo):
                book.add(record)
                bar.advance(task)
    except KeyboardInterrupt:
        stopped = True
    book.save()
    results = book.plain()
    write_reports(results, out)
    terminal.summary(results, str(out))
    if stopped:
        terminal.complain(text("grading.terminal.interrupted", folder=out))
        return INTERRUPTED
    return FINE if all(record["status"] == "graded" for record in book.records.values()) else SOME_UNGRADED


def write_reports(results: dict[str, Any], out: Path) -> None:
    """Everything that people look at, beside ``results.json``."""
    write_atomically(out / "grades.csv", grades_csv(results))
    write_atomically(out / "report.html", report_page(results))
    folder = out / "feedback"
    folder.mkdir(exist_ok=True)
    by_student: dict[str, list[dict[str, Any]]] = {}
    for entry in results["submissions"]:
        by_student.setdefault(entry["student"], []).append(entry)
    names = file_names(by_student)
    for student, entries in by_student.items():
        write_atomically(folder / f"{names[student]}.html", feedback_page(student, entries))
