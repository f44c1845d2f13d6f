"""Every known answer, right and wrong, is judged behind the walls exactly as in a notebook, lesson by lesson.

Notebook number i of a lesson hands in the i-th known answer of each of its exercises.
"""

from __future__ import annotations

import importlib
import inspect
import re
from itertools import zip_longest
from pathlib import Path

import pytest

from ncl_course.checking.run import Here, judge
from ncl_course.exercises import EXERCISES, LESSONS
from ncl_course.grading.handed_in.submission import Submission
from tests import answers
from tests.answers import KIT, RIGHT, WRONG
from tests.grading.conftest import SEED, kept_answers, write_notebook

KINDS = {"right": RIGHT, "wrong": WRONG}
ROUNDS = 3
"""The number of graded notebooks per lesson and kind; ``test_verdicts`` and ``mutation`` judge every answer."""


def target(answer):
    """Return the class or function of a right answer, or of a wrong one with its name."""
    return answer[1] if isinstance(answer, tuple) else answer


def handed_in(lesson, kind):
    """Return, for each notebook of a lesson, the number of the answer to each exercise."""
    names = [e.name for e in EXERCISES if e.lesson == lesson]
    columns = [range(len(KINDS[kind].get(name, ()))) for name in names]
    rows = [dict(zip(names, row, strict=True)) for row in zip_longest(*columns)]
    step = max(1, len(rows) // ROUNDS)
    return [{name: number for name, number in row.items() if number is not None} for row in rows[::step]]


def source_of(name, number, kind):
    """Return a cell that binds the exercise's name to that answer, from the whole file that holds it.

    The file and those that it imports run as separate modules: in one namespace they would redefine one
    another's classes.
    """
    module = table_module(name, kind)
    sources = {"tests": "", "tests.answers": "", **with_imports(module)}
    choice = f'["{name}"][{number}]' + ("[1]" if kind == "wrong" else "")
    return (
        "import sys, types\n"
        f"for name, source in {sources!r}.items():\n"
        "    sys.modules[name] = types.ModuleType(name)\n"
        "    exec(source, sys.modules[name].__dict__)\n"
        f'{name} = sys.modules["{module}"].{kind.upper()}{choice}\n'
    )


def with_imports(module):
    """Return the sources of a module of ``tests.answers``, after those of the modules there that it imports."""
    source = inspect.getsource(importlib.import_module(module))
    sources = {}
    for other in re.findall(r"^from (tests\.answers\.\w+) import", source, re.MULTILINE):
        sources |= with_imports(other)
    return sources | {module: source}


def table_module(name, kind):
    """Return the module of ``tests.answers`` that holds an exercise's answers of that kind."""
    for path in sorted(Path(answers.__file__).parent.glob(f"*_{kind}.py")):
        module = f"tests.answers.{path.stem}"
        if name in getattr(importlib.import_module(module), kind.upper()):
            return module
    raise AssertionError(f"nobody answers {name}")


def judged_here(name, number, kind, cache={}):  # noqa: B006 - one cache for all tests
    """Return the result of an answer, judged in this process."""
    exercise = next(e for e in EXERCISES if e.name == name)
    if name not in cache:
        cache[name] = [kept_answers(exercise, part.name, SEED) for part in exercise.parts]
    return judge(exercise, Here(target(KINDS[kind][name][number]), KIT), cache[name])


CASES = [
    pytest.param(lesson, kind, row, id=f"{lesson}-{kind}-{number}")
    for lesson in LESSONS
    for kind in KINDS
    for number, row in enumerate(handed_in(lesson, kind))
]


@pytest.mark.bwrap
@pytest.mark.parametrize(("lesson", "kind", "row"), CASES)
def test_the_sandbox_and_the_notebook_agree(lesson, kind, row, grader, tmp_path):
    cells = [source_of(name, number, kind) for name, number in row.items()]
    path = write_notebook(tmp_path / "anna" / f"{lesson}.ipynb", *cells, lesson=lesson)
    record = grader(Submission("anna", path, f"anna/{lesson}.ipynb"), 0)
    assert record.status == "graded", record.message
    for got in record.exercises:
        if got.exercise not in row:
            assert got.verdict == "missing"
            continue
        here = judged_here(got.exercise, row[got.exercise], kind)
        for field in ("verdict", "score", "misconceptions"):
            assert getattr(got, field) == getattr(here, field), (got.exercise, got.message)
        if kind == "right":
            assert got.verdict == "passed", (got.exercise, got.message)
