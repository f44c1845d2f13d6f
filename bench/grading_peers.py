"""Run nbgrader and Otter on the same notebooks, each in an environment of its own.

Their tests call the course's own ``check(...)``, as a course without its own grader would do: the same engine on the
same cases.
"""

from __future__ import annotations

from pathlib import Path

from bench.grading_cohort import EXERCISES, LESSON, notebook, write_cohort
from bench.grading_measure import Measured, measured
from tests.peers import NBGRADER, environment

ASSIGNMENT = "ps1"


def nbgrader(count: int, folder: Path) -> Measured:
    """Run ``nbgrader autograde`` on that number of submissions of an assignment in its database."""
    programs = environment(NBGRADER)
    source = folder / "source" / ASSIGNMENT / f"{LESSON}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(notebook(0, graded=True), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n")
    measured([programs / "nbgrader", "generate_assignment", ASSIGNMENT, "--force"], folder, programs=programs)
    write_cohort(folder / "submitted", count, inside=ASSIGNMENT, graded=True)
    return measured([programs / "nbgrader", "autograde", ASSIGNMENT], folder, programs=programs)


TEST = """from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = 3


@test_case(points=3, hidden=False)
def test_it(env):
    from ncl_course import check

    check(env["{name}"])
"""


def otter(count: int, folder: Path) -> Measured:
    """Run ``otter run`` on that number of submissions, one after another, since it takes one at a time."""
    programs = environment("otter-grader")
    (folder / "tests").mkdir(parents=True)
    for name in EXERCISES:
        (folder / "tests" / f"{name}.py").write_text(TEST.format(name=name), encoding="utf-8")
    zipped = [programs / "otter", "generate", "-t", "tests", "-o", "autograder.zip", "--no-environment"]
    measured(zipped, folder, programs=programs)
    cohort = write_cohort(folder / "cohort", count)
    lines = [
        f'"{programs / "otter"}" run -a autograder.zip -o "{path.parent}" "{path}"' for path in cohort.glob("*/*.ipynb")
    ]
    script = folder / "run.sh"
    script.write_text("set -e\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return measured(["bash", script], folder, programs=programs)
