"""A whole run with a platform's download, its sheet, a policy and points by hand; and again without grading anew."""

from __future__ import annotations

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from ncl_course.grading.marks.manual import read_manual
from ncl_course.grading.marks.marking import Marking
from ncl_course.grading.marks.policy import Extension, Policy
from ncl_course.language import language
from tests.grading import given_sheets as sheets
from tests.grading.given_sheets import graded
from tests.grading.handed_in.test_grade_download import RIGHT, WRONG
from tests.grading.reports.test_reports import results
from tests.grading.zips import write_zip

FILES = {
    "Anna Petrova_11_assignsubmission_file_/01_pooling.ipynb": RIGHT,
    "Boris Orlov_12_assignsubmission_file_/01_pooling.ipynb": WRONG,
    "Clara O'Neil_13_assignsubmission_file_/01_pooling.ipynb": RIGHT,
    "Dmitry Belov_14_assignsubmission_file_/01_pooling.ipynb": b"{",
}
POLICY = """timezone = "Europe/Moscow"
timestamps = "Grades-Pooling.csv"
[late]
percent = 10
[lessons.01_pooling]
due = 2026-10-12T23:59:00
[[extensions]]
student = "Zoe"
days = 1
"""


def grade(*arguments):
    """Run the command; return its exit status and output."""
    quick = ["--seed", "7", "--timeout", "3", "--memory", "400", "--jobs", "2"]
    done = CliRunner().invoke(cli.app, ["grade", *map(str, arguments), *quick], catch_exceptions=False)
    return done.exit_code, done.output


def entries(out):
    """Return the results by student."""
    return {one["student"]: one for one in json.loads((out / "results.json").read_text("utf-8"))["submissions"]}


def cells(path, name):
    """Return a column of a sheet."""
    return [row[name] for row in csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))]


@pytest.mark.bwrap
def test_a_download_is_graded_into_its_sheet_and_a_second_run_only_marks_anew(tmp_path, walls):
    zipped, out = write_zip(tmp_path / "moodle.zip", FILES), tmp_path / "out"
    sheet, policy = tmp_path / "Grades-Pooling.csv", tmp_path / "policy.toml"
    sheet.write_bytes(sheets.MOODLE_EN.encode())
    policy.write_text(POLICY)

    status, said = grade(zipped, "-o", out, "--sheet", sheet)
    assert status == 1
    assert sheet.read_bytes() == sheets.MOODLE_EN.encode()
    filled = out / "sheets" / "Grades-Pooling.csv"
    assert f"The marks of 01_pooling (2) are in {filled}" in said
    assert cells(filled, "Grade") == ["100.00", "83.33", "70.00", ""]
    assert "Not graded, so the row is unchanged (1): Participant 14, Dmitry Belov" in said
    assert entries(out)["Anna Petrova"]["id"] == "11"
    assert "final" not in entries(out)["Anna Petrova"]
    assert "final" not in (out / "grades.csv").read_text("utf-8").splitlines()[0]
    assert not (out / "manual.csv").exists()
    seconds = entries(out)["Boris Orlov"]["seconds"]

    status, said = grade(zipped, "-o", out, "--sheet", filled, "--policy", policy, "--resume")
    assert status == 1
    again = out / "sheets" / "Grades-Pooling-marks.csv"
    assert cells(again, "Grade") == ["100.00", "66.67", "70.00", ""]
    boris = entries(out)["Boris Orlov"]
    assert (boris["score"], boris["final"], boris["late"]["hours"]) == (7.5, 6.0, 24.1)
    assert boris["seconds"] == seconds
    assert "It is not known when these students handed in, so nothing was deducted: Clara O'Neil (01_pooling)" in said
    assert "extension for Zoe, who has handed in nothing" in said
    assert (out / "manual.csv").read_text() == "student,lesson,exercise,points,comment\n"

    before = (out / "results.json").read_text("utf-8")

    other = tmp_path / "Other-course.csv"
    other.write_text(sheets.MOODLE_EN.replace("Participant ", "Participant 9"))
    _, said = grade(zipped, "-o", out, "--sheet", other, "--resume")
    assert "No sheet was written" in said
    assert not (out / "sheets" / "Other-course.csv").exists()
    assert "The policy of an earlier run into this folder still counts" in said
    assert entries(out)["Boris Orlov"]["final"] == 6, "without --policy no deduction is lost"

    by_hand = "student,lesson,exercise,points,comment\n12,01_pooling,MaxPool2d,1,<b>nice</b>\nZoe,01_pooling,,1,\n"
    (out / "manual.csv").write_text(by_hand)
    old = tmp_path / "old.json"
    old.write_text(before)
    status, said = grade(zipped, "-o", out, "--policy", policy, "--resume", "--compare", old)
    assert (out / "manual.csv").read_text() == by_hand
    assert "manual.csv, line 3: Zoe has handed in nothing for 01_pooling" in said
    assert "Boris Orlov, 01_pooling: 6 → 7 points. Points by hand +0 → +1." in said
    feedback = (out / "feedback" / "Boris Orlov.html").read_text("utf-8")
    assert "Handed in 24.1 h after the due time (2026-10-12 23:59): points × 0.8" in feedback
    assert "By hand +1 (MaxPool2d): &lt;b&gt;nice&lt;/b&gt;" in feedback
    assert "Mark: 7 of 9" in feedback


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--policy", "policy.toml"], "late = 3: expected a table"),
        (["--sheet", "sheet.csv"], "cannot recognise the column for id"),
        (["--sheet", "nowhere.csv"], "nowhere.csv cannot be read"),
        (["--sheet", "moodle.csv", "--sheet-columns", "grade=Mark"], "has no column “Mark”"),
        (["--sheet", "moodle.csv", "--sheet-lesson", "07"], "--sheet-lesson 07: the lessons are 01_pooling"),
        ([], "line 2: pooling is not a lesson"),
    ],
)
def test_a_mistake_of_a_person_is_told_before_anything_is_graded(tmp_path, monkeypatch, arguments, why):
    monkeypatch.chdir(tmp_path)
    write_zip(tmp_path / "moodle.zip", FILES)
    (tmp_path / "policy.toml").write_text("late = 3")
    (tmp_path / "sheet.csv").write_text("name,points\nanna,\n")
    (tmp_path / "moodle.csv").write_text(sheets.MOODLE_EN)
    (tmp_path / "out").mkdir()
    if not arguments:
        (tmp_path / "out" / "manual.csv").write_text("student,lesson,exercise,points,comment\na,pooling,,1,\n")
    status, said = grade("moodle.zip", "-o", "out", *arguments)
    assert (status, why in said) == (2, True)
    assert not (tmp_path / "out" / "results.json").exists()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_name_of_several_students_is_told_with_their_numbers(tmp_path, capsys, lang):
    found = results(*(graded(f"Anna Petrova ({number})", id=number) for number in ("48118", "48130")))
    policy = Policy(extensions=(Extension("Anna Petrova", days=1),))
    lines = "student,lesson,points\nAnna Petrova,01_pooling,1\n48118,01_pooling,1\nAnna Petrova (48130),01_pooling,1\n"
    (tmp_path / "manual.csv").write_text(lines, encoding="utf-8")
    language(lang)
    try:
        Marking(policy, read_manual(tmp_path), None).complain(found.submissions, found.submissions)
    finally:
        language("en")
    said = capsys.readouterr().err.splitlines()
    asked = "give the number" if lang == "en" else "укажите номер"
    assert len(said) == 2
    assert all(f": (48118), (48130); {asked}" in line and "Anna Petrova" in line for line in said)
