"""The numbers of a term, computed again with NumPy: totals, weights, lateness, partners, statistics of parts."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from ncl_course.grading.entry import Entry
from ncl_course.grading.marks.policy_file import read_policy
from ncl_course.grading.marks.score import settled
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.form import PLAIN
from ncl_course.grading.term.gradebook import Term, term
from ncl_course.grading.term.items import items, items_csv
from ncl_course.grading.term.roster import Person, roster
from ncl_course.grading.term.written import gradebook_csv, overview
from tests.grading.reports.test_reports import entry, exercise, part, results

LESSONS = ("01_pooling", "02_activations", "03_linear_softmax", "04_dropout")
WEIGHTS = np.array([10.0, 25.0, 40.0, 0.0])
POINTS = np.array([[1.5, 2.5], [1.0, 3.0], [2.0, 2.0], [0.5, 0.5]])
"""The points of the two parts of each lesson's exercise."""

STUDENTS, PARTNER = 40, 5
"""Every fifth student works with the one before, and hands in nothing."""

POLICY = (
    'timezone = "Europe/Moscow"\ntimestamps = "files"\n[late]\ngrace_minutes = 30\npercent = 15\nat_most = 60\n'
    + "".join(f"[lessons.{lesson}]\ndue = 2026-10-12T23:59:00\n" for lesson in LESSONS)
    + "[weights]\n"
    + "".join(f"{lesson} = {weight}\n" for lesson, weight in zip(LESSONS, WEIGHTS, strict=True))
)
DUE = datetime(2026, 10, 12, 20, 59, tzinfo=UTC)


class Cohort:
    """Random facts about a cohort as arrays of (student, lesson, …), and the results that a run would have of them."""

    def __init__(self, folder) -> None:
        draw = np.random.default_rng(20261012)
        self.verdicts = draw.choice([0, 1, 2], (STUDENTS, len(LESSONS), 2), p=[0.55, 0.3, 0.15])
        self.handed_in = draw.random((STUDENTS, len(LESSONS))) < 0.85
        self.handed_in[PARTNER - 1 :: PARTNER] = False
        self.minutes = draw.choice([-100, 0, 20, 31, 1441, 2 * 1440, 9999], (STUDENTS, len(LESSONS)))
        people = [
            Person(str(n), f"s{n}", section=f"G{n % 2}", group=str(n // PARTNER) if n % PARTNER >= PARTNER - 2 else "")
            for n in range(STUDENTS)
        ]
        for n in range(PARTNER - 1, STUDENTS, PARTNER):  # partners are in one section
            people[n] = Person(str(n), f"s{n}", section=people[n - 1].section, group=people[n].group)
        self.roster = roster(people)
        (folder / "policy.toml").write_text(POLICY)
        self.policy = read_policy(folder / "policy.toml")
        made = [self.entry(n, m) for n, m in np.argwhere(self.handed_in)]
        moments = {one.key: DUE + timedelta(minutes=int(self.minutes[place])) for one, place in self.places(made)}
        self.results = results(*settled(made, self.policy, (), moments))

    def places(self, made: list[Entry]):
        """Yield each entry with its place in the arrays."""
        for one in made:
            yield one, (int(one.student[1:]), LESSONS.index(one.lesson or ""))

    def entry(self, n: int, m: int) -> Entry:
        """Return one student's entry for a lesson."""
        words = [("passed", "failed", "missing")[k] for k in self.verdicts[n, m]]
        both = zip(("forward", "backward"), words, POINTS[m], strict=True)
        parts = [
            {**part(name, word), "max_score": most, "score": most * (word == "passed")} for name, word, most in both
        ]
        one = {**exercise(), "parts": parts, "score": sum(p["score"] for p in parts), "max_score": POINTS[m].sum()}
        return entry(f"s{n}", [one], lesson=LESSONS[m], file=f"s{n}/{LESSONS[m]}.ipynb")

    def scores(self) -> np.ndarray:
        """Return the points (student, lesson); NaN where nothing was handed in."""
        points = np.where(self.verdicts == 0, POINTS, 0.0).sum(axis=2)
        return np.where(self.handed_in, points, np.nan)

    def marks(self) -> np.ndarray:
        """Return the marks: 15 % off for each day begun after the due time, at most 60, none within half an hour."""
        off = np.where(self.minutes > 30, np.minimum(15 * np.ceil(self.minutes / 1440), 60), 0)
        marks = self.scores() * (1 - off / 100)
        last = np.arange(PARTNER - 1, STUDENTS, PARTNER)
        marks[last] = marks[last - 1]
        return marks


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> Cohort:
    """Return a cohort."""
    return Cohort(tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module")
def made(cohort) -> Term:
    """Return its term."""
    return term(credited(cohort.results, cohort.roster), cohort.roster, cohort.policy.weights)


def table(content: str) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    return list(csv.DictReader(io.StringIO(content)))


def test_marks_totals_and_weighted_percentages_are_those_of_numpy(cohort, made):
    marks = cohort.marks()
    total = np.nansum(marks, axis=1)
    percent = 100 * (np.nan_to_num(marks) / POINTS.sum(axis=1)) @ WEIGHTS / WEIGHTS.sum()
    rows = {row["student"]: row for row in table(gradebook_csv(made, PLAIN))}
    assert len(rows) == STUDENTS
    for n in range(STUDENTS):
        found = rows[f"s{n}"]
        theirs = [np.nan if found[lesson] == "" else float(found[lesson]) for lesson in LESSONS]
        np.testing.assert_allclose(theirs, marks[n], atol=5e-5)
        np.testing.assert_allclose(
            [float(found["total"]), float(found["percent"])], [total[n], percent[n]], atol=0.0051
        )


def test_a_lesson_of_weight_0_has_its_column_and_counts_for_nothing(made):
    assert made.weights["04_dropout"] == 0.0
    only = [row for row in made.rows if row.marks.get("04_dropout") and row.total]
    assert len(only) > 10
    assert "04_dropout" in gradebook_csv(made, PLAIN).splitlines()[0]


def test_the_late_lessons_are_those_after_the_grace(cohort, made):
    late = cohort.handed_in & (cohort.minutes > 30)
    late[PARTNER - 1 :: PARTNER] = late[PARTNER - 2 :: PARTNER]
    found = {row.student: set(row.late) for row in made.rows}
    assert found == {f"s{n}": {LESSONS[m] for m in np.flatnonzero(late[n])} for n in range(STUDENTS)}


def test_the_overview_of_the_sections_has_numpys_means(cohort, made):
    percent = {row.student: row.percent for row in made.rows}
    for one in overview(made, cohort.roster):
        theirs = [person.name for person in cohort.roster.people if person.section == one.name]
        assert one.students == len(theirs)
        assert one.mean == pytest.approx(np.mean([percent[name] for name in theirs]))
        assert one.handed_in == sum(bool(row.marks) for row in made.rows if row.person.section == one.name)


def test_the_statistics_of_the_parts_count_each_notebook_once_and_are_those_of_numpy(cohort):
    found = table(items_csv(items(cohort.results), PLAIN))
    assert len(found) == 2 * len(LESSONS)
    for row in found:
        m, k = LESSONS.index(row["lesson"]), ("forward", "backward").index(row["part"])
        there = cohort.handed_in[:, m]
        verdicts = cohort.verdicts[there, m]
        passed, tried = verdicts[:, k] == 0, verdicts[:, k] != 2
        rest = np.where(verdicts[:, 1 - k] == 0, POINTS[m, 1 - k], 0.0)
        expected = [tried.sum(), passed.sum(), passed.sum() / tried.sum(), passed.mean(), biserial(passed, rest)]
        said = [float(row[name]) for name in ("tried", "passed", "share", "mean", "discrimination")]
        np.testing.assert_allclose(said, expected, atol=5.1e-5)


def biserial(passed: np.ndarray, rest: np.ndarray) -> float:
    """Return the point-biserial correlation by its own formula: (M1 − M0) / s · √(p·q), s over all."""
    share = passed.mean()
    return (rest[passed].mean() - rest[~passed].mean()) / rest.std() * np.sqrt(share * (1 - share))
