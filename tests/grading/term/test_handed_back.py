"""The zip of feedback: its names are those that Moodle's and Canvas's own import takes, by number."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace

import pytest

from ncl_course.grading.reports.names import file_names
from ncl_course.grading.term.handed_back import canvas_place, moodle_place, places, without_place, write_zip
from tests.grading.term.cohort import cohort, marked

ONE = "01_pooling"


def moodle_takes(path: str) -> tuple[int, str, str] | None:
    """Return the participant, the plugin and the file as Moodle's import reads a path, or None if it ignores it."""
    if path.rpartition("/")[2].startswith((".", "~")):
        return None
    parts = f"/{path}".split("_", 4)
    if len(parts) < 5 or not parts[1].isdecimal() or parts[2:4] != ["assignsubmission", "file"]:
        return None
    return int(parts[1]), "_".join(parts[2:4]), parts[4]


def newer_moodle_takes(path: str) -> int | None:
    """Return the participant as Moodle 4.1 and later read it: from the first part of the path that has the form."""
    for part in path.split("/"):
        words = part.split("_", 4)
        if len(words) >= 4 and words[1].isdecimal() and words[2:4] == ["assignsubmission", "file"]:
            return int(words[1])
    return None


def canvas_takes(path: str) -> tuple[int, int] | None:
    """Return the user and the file as Canvas's re-upload reads a name, or None if it ignores it."""
    words = path.rpartition("/")[2].split("_")
    numbers = [word for word in words if re.fullmatch(r"\d+", word)][:2]
    if len(numbers) < 2 or words[-1].startswith("link") or path.startswith("._"):
        return None
    return int(numbers[0]), int(numbers[1])


@pytest.mark.parametrize(
    "folder",
    [
        "Anna Petrova_11_assignsubmission_file_",
        "Anna Petrova_11_assignsubmission_file",
        "Группа 1-Анна_Мария Петрова_11_assignsubmission_file_",
        "Participant_11_assignsubmission_file_",
        ".hidden_11_assignsubmission_file_",
        "~x_11_assignsubmission_onlinetext_",
    ],
)
def test_moodle_takes_each_page_for_the_participant_of_the_folder(folder):
    place = moodle_place(entry_at(f"{folder}/work/01_pooling.ipynb", "11"))
    assert moodle_takes(place) == (11, "assignsubmission_file", "/feedback.html")
    assert newer_moodle_takes(place) == 11


def entry_at(file, number):
    """Return an entry with that file and number."""
    return replace(marked("x", ONE, 1.0), file=file, id=number)


@pytest.mark.parametrize(
    "file",
    [
        "petrovaanna_4711_815_01_pooling.ipynb",
        "petrovaanna_LATE_4711_815_01_pooling-1.ipynb",
        "student2_4711_815_2024_work.ipynb",
        "petrovaanna_4711_815_all.zip/01_pooling.ipynb",
        "link_4711_815_01_pooling.ipynb",
    ],
)
def test_canvas_takes_each_page_for_the_user_and_a_file_of_the_download(file):
    assert canvas_takes(canvas_place(entry_at(file, "4711"))) == (4711, 815)


@pytest.mark.parametrize(
    ("file", "number"),
    [
        ("anna/Boris Orlov_12_assignsubmission_file_/01_pooling.ipynb", ""),
        ("Anna_11_assignsubmission_file/Boris_12_assignsubmission_file_/1.ipynb", "13"),
        ("orlov_12_99_01_pooling.ipynb", ""),
    ],
)
def test_a_name_that_a_student_made_up_sends_no_page_to_another(file, number):
    entry = entry_at(file, number)
    assert (moodle_place(entry), canvas_place(entry)) == ("", "")


def test_a_student_with_six_lessons_gets_one_page_and_equal_feedback_makes_an_equal_zip(tmp_path):
    folder = "Anna Petrova_11_assignsubmission_file_"
    found = cohort(
        *(replace(marked("Anna Petrova", lesson, 1.0), file=f"{folder}/{lesson}.ipynb", id="11") for lesson in "abc"),
        marked("Boris", ONE, 1.0),
    )
    pages = {name: tmp_path / f"{page}.html" for name, page in file_names(found.students).items()}
    for name, page in pages.items():
        page.write_text(f"<h1>{name}</h1>")
    there = places("moodle", found)
    first = write_zip("moodle", pages, there, tmp_path).read_bytes()
    with zipfile.ZipFile(tmp_path / "feedback-moodle.zip") as made:
        assert made.namelist() == [f"{folder}/feedback.html"]
        assert made.read(made.namelist()[0]) == b"<h1>Anna Petrova</h1>"
    assert write_zip("moodle", pages, there, tmp_path).read_bytes() == first
    assert without_place(found, there) == ["Boris"]
