"""Find in under 90 seconds what a change most likely broke: ``make quick``, or ``python -m scripts.quick [BASE]``.

Ruff comes first. Then, with mypy beside them, come the tests of the files that differ from BASE (``origin/main``, or
``main`` where there is none), the nearest ones first, and the tests of the house's rules. When the time is over, no
further test starts. What takes minutes never runs here: browser tests, the commands of the guides, the mutation score,
the built notebooks.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECONDS = 70.0
"""When the last test may start, counted from the beginning; the rest of the 90 seconds is for that test."""

STYLE = (["ruff", "check", "."], ["ruff", "format", "--check", "."])
ALWAYS = ("tests/test_architecture.py", "tests/test_messages.py", "tests/test_contributing.py")
ABOUT_EXERCISES = ("ncl_course/exercises/", "ncl_course/oracles/", "tests/answers/")
EVERY_EXERCISE = ("tests/exercises/test_contract.py", "tests/checking/test_verdicts.py")
IF_NOTHING_CHANGED = ("tests/nn", "tests/protocol", "tests/submission", "tests/checking")
SLOW = ("tests/browser/", "tests/test_guides.py", "tests/grading/test_nbgrader.py", "tests/authoring/test_build.py")


def changed(base: str) -> list[str]:
    """Return the files that differ from where this branch left BASE, with those that git does not know yet."""
    fork = git("merge-base", base, "HEAD") or ["HEAD"]
    return sorted({*git("diff", "--name-only", *fork), *git("ls-files", "--others", "--exclude-standard")})


def git(*words: str) -> list[str]:
    """Return the lines that git prints; none if it fails."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def nearest(files: Iterable[str], root: Path) -> list[str]:
    """Return the test files of the changed files, the nearest ones first, each once.

    The nearest are changed tests and those with the name of a changed module. Then come the tests of the house's rules,
    those that import a changed module, those of its room, and those that try every exercise.
    """
    tests = sorted(path.relative_to(root).as_posix() for path in (root / "tests").rglob("test_*.py"))
    texts = {test: (root / test).read_text(encoding="utf-8") for test in tests}
    near, importing, beside, every = [], [], [], []
    for file in files:
        folder, stem = room(file), Path(file).stem
        importer = imports(file)
        near += [test for test in tests if test in (file, f"{folder}/test_{stem}.py")]
        importing += [test for test in tests if importer and importer.search(texts[test])]
        beside += [test for test in tests if test.startswith(f"{folder}/") and folder != "tests"]
        every += EVERY_EXERCISE if file.startswith(ABOUT_EXERCISES) else ()
    found = dict.fromkeys([*near, *ALWAYS, *importing, *beside, *every])
    return [test for test in found if test in texts and not test.startswith(SLOW)]


def room(file: str) -> str:
    """Return the folder of the tests that mirrors a file's folder."""
    parts = Path(file).parent.parts
    if parts[:1] == ("ncl_course",):
        return "/".join(("tests", *parts[1:]))
    return {"lessons": "tests/authoring", "tests": "/".join(parts)}.get(parts[0] if parts else "", "tests")


def imports(file: str) -> re.Pattern[str] | None:
    """Return the expression of the lines that import a module; None for a file that is not a module."""
    path = Path(file)
    if path.suffix != ".py" or path.parts[0] not in {"ncl_course", "tests"}:
        return None
    *above, name = path.with_suffix("").parts if path.stem != "__init__" else path.parent.parts
    outer, whole = re.escape(".".join(above)), re.escape(".".join((*above, name)))
    return re.compile(rf"^(from {whole} import|import {whole}\b|from {outer} import .*\b{name}\b)", re.MULTILINE)


class Deadline:
    """A pytest plugin that starts no test after the time is over, and counts those that have run."""

    def __init__(self, end: float) -> None:
        self.end, self.ran, self.all = end, 0, 0
        self.cut = self.failed = False

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Count what is to run."""
        self.all = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure: pytest's status says only that the run was cut."""
        self.failed |= report.failed

    def pytest_runtest_logfinish(self) -> None:
        """Count a test that has run."""
        self.ran += 1

    def pytest_runtest_teardown(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        """Stop before the next test if the time is over."""
        if nextitem is not None and time.monotonic() > self.end:
            self.cut = True
            item.session.shouldstop = "the time is over"


def tested(places: list[str], end: float) -> bool:
    """Run the tests in these places until the time is over, and return whether all that ran have passed."""
    deadline = Deadline(end)
    status = pytest.main(["-q", "-p", "no:cacheprovider", *places], [deadline])
    left = deadline.all - deadline.ran
    print(f"{deadline.ran} tests ran" + (f"; the time was over before {left} more" if left else "") + ".")
    return status == pytest.ExitCode.OK or (deadline.cut and not deadline.failed)


def main(base: str) -> int:
    """Run it all, say what failed, and return the exit status."""
    end = time.monotonic() + SECONDS
    types = subprocess.Popen(["mypy"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    failed = [" ".join(check) for check in STYLE if subprocess.run(check, cwd=ROOT, check=False).returncode]
    files = changed(base)
    places = nearest(files, ROOT) if files else [*IF_NOTHING_CHANGED, *ALWAYS]
    print(f"Files that differ from {base}: {len(files)}. Places where their tests are: {len(places)}.")
    if not tested(places, end):
        failed.append("pytest")
    print(types.communicate()[0])
    failed += ["mypy"] if types.returncode else []
    print("\n".join(f"FAILED: {check}" for check in failed) or "Nothing failed; `make test` runs everything.")
    return 1 if failed else 0


def usual_base() -> str:
    """Return the branch that a change is for, as this clone knows it."""
    return next((name for name in ("origin/main", "main") if git("rev-parse", "--verify", "--quiet", name)), "HEAD")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [usual_base()]))
