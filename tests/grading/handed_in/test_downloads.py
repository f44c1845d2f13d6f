"""Students are told by the names that Moodle and Canvas give."""

from __future__ import annotations

import pytest

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.downloads import Owner, named, owner_in
from tests.grading.zips import notebook, write_zip

MOODLE = {
    "Anna Petrova_123456_assignsubmission_file_/01_pooling.ipynb": ("Anna Petrova", "123456"),
    "Anna Petrova_123456_assignsubmission_file/01_pooling.ipynb": ("Anna Petrova", "123456"),
    "Anna Petrova_123456_assignsubmission_file_01_pooling.ipynb": ("Anna Petrova", "123456"),
    "download/Анна Петрова_9_assignsubmission_file_/a/b.ipynb": ("Анна Петрова", "9"),
    "Group 1-Anna Petrova_77_assignsubmission_file_/01.ipynb": ("Group 1-Anna Petrova", "77"),
    "o'neil_smith_5_assignsubmission_file_/01.ipynb": ("o'neil_smith", "5"),
    "Participant_4711_assignsubmission_file_/01.ipynb": ("Participant 4711", "4711"),
    "Участник_4711_assignsubmission_file_/01.ipynb": ("Participant 4711", "4711"),
    "Anna_1_assignsubmission_onlinetext_/onlinetext.ipynb": ("Anna", "1"),
}
CANVAS = {
    "petrovaanna_4711_815_01_pooling.ipynb": ("petrovaanna", "4711"),
    "petrovaanna_LATE_4711_815_01_pooling-1.ipynb": ("petrovaanna", "4711"),
    "петроваанна_4711_815_01_pooling.ipynb": ("петроваанна", "4711"),
    "anon_Xy12Z_815_01_pooling.ipynb": ("anon_Xy12Z", "Xy12Z"),
    "LATE_anon_Xy12Z_815_01_pooling.ipynb": ("anon_Xy12Z", "Xy12Z"),
    "petrovaanna_4711_815_work.zip/01_pooling.ipynb": ("petrovaanna", "4711"),
}


@pytest.mark.parametrize(("path", "owner"), [*MOODLE.items(), *CANVAS.items()])
def test_a_download_names_its_student(path, owner):
    found = owner_in(path.split("/"))
    assert (found.student, found.number) == owner


def test_a_submission_keeps_the_number_that_the_platforms_sheet_names(tmp_path):
    files = dict.fromkeys((*MOODLE, *CANVAS, "boris/01_pooling.ipynb"), notebook())
    found = {one.file: one.id for one in collect([write_zip(tmp_path / "all.zip", files)])}
    flat = {path: number for path, (_, number) in {**MOODLE, **CANVAS}.items() if "/" in path and ".zip/" not in path}
    assert {path: found[path] for path in flat} == flat
    assert found["boris/01_pooling.ipynb"] == ""
    path = tmp_path / "petrovaanna_4711_815_01_pooling.ipynb"
    path.write_bytes(notebook())
    assert [one.id for one in collect([path])] == ["4711"]


@pytest.mark.parametrize(
    "path",
    [
        "anna/01_pooling.ipynb",
        "01_pooling.ipynb",
        "anna/hw_1_2_a.ipynb",
        "anna.ipynb",
        "2024_01_02_x.ipynb",
        "anna_01_pooling.ipynb",
    ],
)
def test_another_path_names_none(path):
    assert owner_in(path.split("/")) is None


def test_namesakes_carry_their_numbers_and_others_do_not():
    owners = [Owner("Anna", "1"), Owner("Anna", "2"), Owner("Boris", "3"), Owner("Boris", "3"), Owner("clara")]
    names = named(owners)
    assert [names[owner] for owner in owners] == ["Anna (1)", "Anna (2)", "Boris", "Boris", "clara"]


def test_a_student_of_two_assignments_is_one_though_moodle_numbers_them_anew():
    paths = [f"hw{n}/Anna_{number}_assignsubmission_file_/01.ipynb" for n, number in ((1, 11), (2, 57))]
    assert set(named([owner_in(path.split("/")) for path in paths]).values()) == {"Anna"}
