"""Students are recognised by the names that Moodle and Canvas give."""

from __future__ import annotations

import pytest

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.downloads import Owner, blackboard, canvas, moodle, named
from tests.grading.zips import notebook, write_zip

MOODLE = {
    "Anna Petrova_123456_assignsubmission_file_": ("Anna Petrova", "123456"),
    "Anna Petrova_123456_assignsubmission_file": ("Anna Petrova", "123456"),
    "Anna Petrova_123456_assignsubmission_file_01_pooling.ipynb": ("Anna Petrova", "123456"),
    "Group 1-Anna Petrova_77_assignsubmission_file_": ("Group 1-Anna Petrova", "77"),
    "o'neil_smith_5_assignsubmission_file_": ("o'neil_smith", "5"),
    "Participant_4711_assignsubmission_file_": ("Participant 4711", "4711"),
    "Участник_4711_assignsubmission_file_": ("Participant 4711", "4711"),
    "Anna_1_assignsubmission_onlinetext_": ("Anna", "1"),
    "Anna_1_assignsubmission_file_Boris_2_assignsubmission_file_x.ipynb": ("Anna", "1"),
}
CANVAS = {
    "petrovaanna_4711_815_01_pooling.ipynb": ("petrovaanna", "4711"),
    "petrovaanna_LATE_4711_815_01_pooling-1.ipynb": ("petrovaanna", "4711"),
    "петроваанна_4711_815_01_pooling.ipynb": ("петроваанна", "4711"),
    "anon_Xy12Z_815_01_pooling.ipynb": ("anon_Xy12Z", "Xy12Z"),
    "LATE_anon_Xy12Z_815_01_pooling.ipynb": ("anon_Xy12Z", "Xy12Z"),
    "petrovaanna_4711_815_work.zip": ("petrovaanna", "4711"),
    "petrovaanna_4711_815_orlovboris_12_816_01_pooling.ipynb": ("petrovaanna", "4711"),
}
BLACKBOARD = {
    "Homework 1_apetrova_attempt_2026-10-12-20-41-00_01_pooling.ipynb": ("apetrova", ""),
    "Homework 1_borlov_attempt_2026-10-12-20-42-10_work.zip": ("borlov", ""),
    "Homework 1_borlov_attempt_2026-10-12-20-42-10.txt": ("borlov", ""),
}


@pytest.mark.parametrize(("read", "names"), [(moodle, MOODLE), (canvas, CANVAS), (blackboard, BLACKBOARD)])
def test_a_download_names_its_students(read, names):
    assert {name: [(one.student, one.number) for one in owners] for name, owners in read(names).items()} == {
        name: [owner] for name, owner in names.items()
    }


def test_underscores_in_blackboards_names_merge_nobody():
    """The assignment's name and the user's may both have them, so the words that all names share are left out."""
    end = "_attempt_2026-10-12-20-41-00_01_pooling.ipynb"
    assert {name: one.student for name, (one,) in blackboard([f"HW_1_{who}{end}" for who in "ab"]).items()} == {
        f"HW_1_a{end}": "a",
        f"HW_1_b{end}": "b",
    }
    users = ("anna_p", "boris_p", "s_p")
    assert [one.student for (one,) in blackboard([f"HW_1_{who}{end}" for who in users]).values()] == [*users]
    assert len({one.student for (one,) in blackboard([f"HW_1_s_{n}{end}" for n in (1, 2, 3)]).values()}) == 3


@pytest.mark.parametrize("files", [dict.fromkeys(MOODLE, notebook()), dict.fromkeys([*CANVAS][:-2], notebook())])
def test_a_submission_keeps_the_number_that_the_platforms_sheet_names(tmp_path, files):
    expected = MOODLE | CANVAS
    named = {name if name.endswith(".ipynb") else f"{name}/01_pooling.ipynb": name for name in files}
    found = {one.file: one.id for one in collect([write_zip(tmp_path / "all.zip", dict.fromkeys(named, notebook()))])}
    assert found == {file: expected[name][1] for file, name in named.items()}


def test_a_single_file_of_canvas_keeps_its_number(tmp_path):
    path = tmp_path / "petrovaanna_4711_815_01_pooling.ipynb"
    path.write_bytes(notebook())
    assert [(one.student, one.id) for one in collect([path])] == [("petrovaanna", "4711")]


@pytest.mark.parametrize(
    "name",
    [
        "anna",
        "01_pooling.ipynb",
        "hw_1_2",
        "anna.ipynb",
        "2024_01_02_x.ipynb",
        "anna_01_pooling.ipynb",
        "ivanov_12_01_pooling.ipynb",
        "ivanov_12_06_train_cnn.ipynb",
    ],
)
def test_another_name_names_nobody(name):
    assert not moodle([name]) | canvas([name]) | blackboard([name])


def test_namesakes_carry_their_numbers_and_others_do_not():
    owners = [Owner("Anna", "1"), Owner("Anna", "2"), Owner("Boris", "3"), Owner("Boris", "3"), Owner("clara")]
    names = named(owners)
    assert [names[owner] for owner in owners] == ["Anna (1)", "Anna (2)", "Boris", "Boris", "clara"]


def test_a_student_of_two_assignments_is_one_though_moodle_numbers_them_anew(tmp_path):
    numbers = {"hw1": ("Anna_11", "Boris_12"), "hw2": ("Anna_57", "Boris_58")}
    paths = [f"{hw}/{who}_assignsubmission_file_/01.ipynb" for hw, students in numbers.items() for who in students]
    found = collect([write_zip(tmp_path / "all.zip", dict.fromkeys(paths, notebook()))])
    assert [(one.student, one.id, one.doubt) for one in found] == [
        ("Anna", "11", ""),
        ("Anna", "57", ""),
        ("Boris", "12", ""),
        ("Boris", "58", ""),
    ]
