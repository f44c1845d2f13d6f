"""Find pairs of similar solutions: the code that two students share, without the handed-out skeleton.

The comparison is copydetect's: code is split into tokens, all names count as the same token, and
fingerprints of neighbouring tokens are compared (winnowing, Schleimer, Wilkerson and Aiken, SIGMOD 2003). So renaming,
spacing, comments and another order of the functions change little. Nothing of a notebook is run.
"""

from __future__ import annotations

import io
import random
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from ncl_course.grading.handed_in.parsed import Parsed
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.language import text
from ncl_course.submission.magics import without_magics
from ncl_course.submission.notebook import read_notebook

NOISE, WINDOW = 25, 4
"""Characters of tokenised code that must agree in a row, and the neighbours that one fingerprint covers."""

LEAST_CODE = 150
"""With fewer characters of own tokenised code, answers are alike: there is one way to write it."""

MOST_CODE = 200_000
"""The most characters of a student's code in a lesson that are compared, all notebooks together: they take 2 s and
23 MB. The course's own solutions have up to 10,000."""

LONGEST = 1_000
"""The most characters of a line that are compared."""

SAMPLE = 500
"""The number of pairs used to estimate the usual similarity."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Solution:
    """One student's code of a lesson, with its fingerprints; ``earlier`` is the folder of an earlier year, or empty."""

    student: str
    lesson: str
    file: str
    code: str
    prints: Any
    earlier: str = ""

    @property
    def label(self) -> str:
        """The student's name, and the folder if the code is from an earlier year."""
        return f"{self.student} [{self.earlier}]" if self.earlier else self.student


@dataclass(frozen=True)
class Pair:
    """Two similar solutions: the share of each one's own code that is in the other, and its places."""

    first: Solution
    second: Solution
    shares: tuple[float, float]
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]

    @property
    def likeness(self) -> float:
        """Return the larger of the two shares."""
        return max(self.shares)


@dataclass(frozen=True)
class Alike:
    """The results for one lesson: its pairs, the most similar first, and the usual similarity of two solutions."""

    lesson: str
    solutions: int
    usual: float
    pairs: tuple[Pair, ...]


def detector() -> Any:
    """Import the library that compares, which only the extra ``similar`` installs."""
    import copydetect

    return copydetect


def find_alike(
    submissions: Sequence[Submission],
    skeletons: Path,
    threshold: float,
    earlier: Mapping[str, Sequence[Submission]] | None = None,
) -> tuple[list[Alike], list[tuple[Submission, str]]]:
    """Return the similar pairs of every lesson, and the submissions that could not be compared, each with the reason.

    Args:
        skeletons: the folder of the notebooks as they were handed out.
        earlier: the submissions of earlier years, by their folders; they are not compared with one another.
    """
    read: dict[str, list[tuple[Submission, Parsed, str]]] = {}
    left_out = []
    years = [("", one) for one in submissions] + [(name, one) for name, old in (earlier or {}).items() for one in old]
    for year, submission in years:
        reading, notebook = submission.opened()
        if notebook is not None and reading.lesson:
            read.setdefault(reading.lesson, []).append((submission, notebook, year))
        elif not reading.is_map:
            left_out.append((submission, reading.why or text("submission.unreadable.lesson")))
    found = []
    for name in sorted(read):
        made, faulty = solutions(name, read[name], skeletons)
        found.append(of_lesson(name, made, threshold))
        left_out += faulty
    return found, left_out


def solutions(
    name: str, read: list[tuple[Submission, Parsed, str]], skeletons: Path
) -> tuple[list[Solution], list[tuple[Submission, str]]]:
    """Return the solutions of one lesson, and the submissions that are too long or make the library fail, with why."""
    given = given_prints(skeletons / f"{name}.ipynb")
    made, faulty = [], []
    taken: Counter[tuple[str, ...]] = Counter()
    for submission, notebook, year in read:
        try:
            code = code_of(notebook.sources)
            who = (submission.student, submission.id, year)
            if taken[who] + len(code) > MOST_CODE:
                faulty.append((submission, text("grading.similar.long", limit=MOST_CODE)))
                continue
            taken[who] += len(code)
            made.append(Solution(submission.student, name, submission.file, code, own_prints(code, given), year))
        except Exception as error:
            faulty.append((submission, text("submission.unreadable.fault", error=type(error).__name__)))
    return made, faulty


def of_lesson(name: str, made: list[Solution], threshold: float) -> Alike:
    """Return the similar pairs of one lesson."""
    own = [solution for solution in made if solution.prints.token_coverage >= LEAST_CODE]
    found = pairs(own, threshold)
    own_year = [solution for solution in own if not solution.earlier]
    return Alike(
        name,
        len(own_year),
        usual(own_year),
        tuple(sorted(found, key=lambda pair: (-pair.likeness, pair.first.student))),
    )


def code_of(sources: Iterable[str]) -> str:
    """Return all code of a notebook that Python can parse; the magics are gone from the cells.

    Spaces at the ends of lines are left out, and lines are cut: the library's time would grow with the square of the
    number of lines in a row that hold only spaces, and with the square of the length of a line.
    """
    lines = (line[:LONGEST].rstrip() for source in sources for line in [*source.strip("\n").split("\n"), ""])
    return "\n".join(lines) or "\n"


def given_prints(path: Path) -> frozenset[int]:
    """Return the fingerprints of a lesson as it was handed out; none if it is missing."""
    if not path.exists():
        return frozenset()
    code = code_of(map(without_magics, read_notebook(path).sources))
    prints = detector().CodeFingerprint("given", NOISE, 1, language="python", fp=io.StringIO(code))
    return frozenset(prints.hashes)


def own_prints(code: str, given: frozenset[int]) -> Any:
    """Return the fingerprints of a solution without those of the skeleton."""
    prints = detector().CodeFingerprint("solution", NOISE, WINDOW, language="python", fp=io.StringIO(code))
    prints.hashes = {value for value in prints.hashes if value not in given}
    prints.hash_idx = {value: where for value, where in prints.hash_idx.items() if value not in given}
    coverage = detector().utils.get_token_coverage
    prints.token_coverage = coverage(prints.hash_idx, NOISE, len(prints.filtered_code)) if prints.hash_idx else 0
    return prints


def pairs(solutions: Sequence[Solution], threshold: float) -> Iterable[Pair]:
    """Yield the similar pairs of two students' solutions; pairs with few common fingerprints are not compared."""
    same: dict[tuple[str, str], Pair] = {}
    for first, second in combinations(solutions, 2):
        if first.earlier and second.earlier:
            continue
        fewer = min(len(first.prints.hashes), len(second.prints.hashes))
        shared = len(first.prints.hashes & second.prints.hashes)
        apart = first.student != second.student and first.file != second.file  # a group hands in one file
        if apart and shared >= fewer * threshold / 2:
            codes = first.code, second.code
            if codes not in same:  # of many equal copies, two are compared
                same[codes] = compared(first, second)
            pair = replace(same[codes], first=first, second=second)
            if pair.likeness >= threshold:
                yield pair


def compared(first: Solution, second: Solution) -> Pair:
    """Compare two solutions."""
    _, shares, slices = detector().compare_files(first.prints, second.prints)
    spans = (merged(slices[0], len(first.code)), merged(slices[1], len(second.code)))
    return Pair(first, second, (min(float(shares[0]), 1.0), min(float(shares[1]), 1.0)), spans)


def merged(slices: Any, length: int) -> tuple[Span, ...]:
    """Turn slices into ordered spans that do not overlap and are inside the code."""
    spans: list[Span] = []
    places = sorted(zip(*slices.tolist(), strict=True)) if slices.size else []
    for start, end in ((max(int(first), 0), min(int(last), length)) for first, last in places):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        elif start < end:
            spans.append((start, end))
    return tuple(spans)


def usual(solutions: Sequence[Solution]) -> float:
    """Return the median similarity of two solutions of a lesson, from a sample that is the same each time."""
    everybody = list(combinations(solutions, 2)) if len(solutions) <= 100 else some_pairs(solutions)
    chosen = random.Random(0).sample(everybody, min(SAMPLE, len(everybody)))
    return statistics.median(compared(*pair).likeness for pair in chosen) if chosen else 0.0


def some_pairs(solutions: Sequence[Solution]) -> list[tuple[Solution, Solution]]:
    """Draw pairs of a large cohort at random."""
    draw = random.Random(1)
    return [(*draw.sample(solutions, 2),) for _ in range(SAMPLE)]  # type: ignore[misc]
