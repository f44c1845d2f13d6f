"""A whole download from the command line: it is graded in place, resumed and compared, and bad files are named."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from tests.grading.zips import packed, write_zip
from tests.submissions.make import notebook
from tests.submissions.pooling import AVG, MAX, MAX_MISTAKES, SETUP, SIZE, changed

RIGHT = notebook((SETUP, SIZE, MAX, AVG))
WRONG = notebook((SETUP, SIZE, changed(MAX, MAX_MISTAKES["starts-at-zero"]), AVG))
FILES = {
    "Anna Petrova_11_assignsubmission_file_/01_pooling.ipynb": RIGHT,
    "Boris Orlov_12_assignsubmission_file_/work.zip": packed({"01_pooling.ipynb": WRONG}),
    "Clara Volkova_13_assignsubmission_file_/01_pooling.ipynb": b"\0" * 30 * 2**20,
}


def grade(*arguments):
    """Run the command; return its exit status and output."""
    quick = ["--seed", "7", "--timeout", "3", "--memory", "400", "--jobs", "2"]
    done = CliRunner().invoke(cli.app, ["grade", *map(str, arguments), *quick], catch_exceptions=False)
    return done.exit_code, done.output


def entries(out):
    """Return the results by student."""
    return {one["student"]: one for one in json.loads((out / "results.json").read_text("utf-8"))["submissions"]}


@pytest.mark.bwrap
def test_a_moodle_download_is_graded_resumed_and_compared(tmp_path, walls):
    zipped, out = write_zip(tmp_path / "moodle.zip", FILES), tmp_path / "out"
    status, said = grade(zipped, "-o", out)
    assert status == 1
    found = entries(out)
    assert found["Anna Petrova"]["score"] == 9.0
    assert found["Boris Orlov"]["exercises"][1]["misconceptions"] == ["MaxPool2d.starts-at-zero"]
    assert found["Boris Orlov"]["file"].endswith("work.zip/01_pooling.ipynb")
    assert (found["Clara Volkova"]["status"], found["Clara Volkova"]["score"]) == ("unreadable", None)
    assert "when it is unpacked; no notebook does" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["moodle.zip", "out"]
    content = json.loads((out / "results.json").read_text("utf-8"))
    assert content["seed"] == 7
    assert {"ncl-course", "numpy", "torch"} <= content["versions"].keys()
    assert content["tolerances"]
    graded = (out / "results.json").stat().st_mtime_ns

    write_zip(zipped, {**FILES, "Clara Volkova_13_assignsubmission_file_/01_pooling.ipynb": WRONG})
    status, _ = grade(zipped, "-o", out, "--resume")
    assert status == 0
    assert (out / "results.json").stat().st_mtime_ns > graded
    assert entries(out)["Anna Petrova"] == found["Anna Petrova"]
    assert entries(out)["Clara Volkova"]["score"] == entries(out)["Boris Orlov"]["score"]

    write_zip(zipped, {**FILES, "Clara Volkova_13_assignsubmission_file_/01_pooling.ipynb": RIGHT})
    status, said = grade(zipped, "-o", tmp_path / "again", "--compare", out / "results.json")
    assert status == 0
    assert "More points: 1. Fewer points: 0. Changed in all: 1." in said
    file = "Clara Volkova_13_assignsubmission_file_/01_pooling.ipynb"
    assert f"Clara Volkova, 01_pooling: 7.5 → 9 points. It is a different notebook ({file})." in said


@pytest.mark.bwrap
def test_two_languages_of_one_lesson_count_once_and_the_report_says_which(tmp_path, walls):
    files = {"anna/en/01_pooling.ipynb": WRONG, "anna/ru/01_pooling.ipynb": RIGHT}
    status, _ = grade(write_zip(tmp_path / "cohort.zip", files), "-o", tmp_path / "out")
    assert status == 0
    entry = entries(tmp_path / "out")["anna"]
    assert (entry["file"], entry["score"]) == ("anna/ru/01_pooling.ipynb", 9.0)
    assert [other["file"] for other in entry["also"]] == ["anna/en/01_pooling.ipynb"]
    assert "also handed in: anna/en/01_pooling.ipynb" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_an_earlier_run_that_cannot_be_read_is_wrong_usage_before_anything_is_graded(tmp_path):
    status, said = grade(tmp_path, "-o", tmp_path / "out", "--compare", tmp_path / "nowhere.json")
    assert status == 2
    assert "--compare:" in said
    assert not (tmp_path / "out").exists()


CASES = {
    "flat": (["01_pooling - Anna Berg", "Ivanov_01_pooling", "Копия 01_pooling - Пётр Орлов"], 3),
    "leftovers": (["anna/01_pooling", "anna/~$01_pooling", "boris/01_pooling", "boris/.venv/lib/x"], 2),
    "gradescope": (["submission_1/01_pooling", "submission_2/01_pooling"], 2),
}


@pytest.mark.bwrap
@pytest.mark.parametrize("case", CASES)
def test_every_student_is_graded_and_the_status_is_zero(tmp_path, walls, case):
    names, count = CASES[case]
    files = {f"{name}.ipynb": notebook((SIZE,)) for name in names}
    files["anna/~$01_pooling.ipynb"] = b"\5x"
    if case == "gradescope":
        people = (f"submission_{n}:\n  :submitters:\n  - :name: Student {n}\n    :sid: '100{n}'\n" for n in (1, 2))
        files["submission_metadata.yml"] = "".join(people).encode()
    if case != "leftovers":
        del files["anna/~$01_pooling.ipynb"]
    status, said = grade(write_zip(tmp_path / "class.zip", files), "-o", tmp_path / "out")
    found = entries(tmp_path / "out")
    assert (status, len(found)) == (0, count), said
    assert {one["score"] for one in found.values()} == {1.0}
    if case == "gradescope":
        assert {name: one["id"] for name, one in found.items()} == {"Student 1": "1001", "Student 2": "1002"}


@pytest.mark.bwrap
def test_where_it_is_not_sure_whose_a_notebook_is_it_says_so_and_exits_with_one(tmp_path, walls):
    files = {f"{name}.ipynb": notebook((SIZE,)) for name in ("Ivanov_01_pooling", "01_pooling", "02_activations")}
    status, said = grade(write_zip(tmp_path / "class.zip", files), "-o", tmp_path / "out")
    assert status == 1
    assert (
        "It is not certain whose work this is: 01_pooling.ipynb; 02_activations.ipynb. The notebooks beside it" in said
    )
    found = entries(tmp_path / "out")
    assert sorted(found) == ["Ivanov", "class"]
    assert "put the student's name into the file's name" in found["class"]["doubt"]
    assert "doubt" not in found["Ivanov"]
    assert "file&#39;s name" in (tmp_path / "out" / "report.html").read_text("utf-8"), "the instructor reads it"
    assert "file&#39;s name" not in (tmp_path / "out" / "feedback" / "class.html").read_text("utf-8")
