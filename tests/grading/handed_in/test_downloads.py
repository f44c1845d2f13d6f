"""Students are recognised by the names that learning platforms give."""

from __future__ import annotations

import pytest

from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.downloads import (
    Owner,
    blackboard,
    brightspace,
    canvas,
    moodle,
    named,
    nbgrader,
    sakai,
)
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
    "Homework 1_cb_attempt_2026-10-12-20-43-00_apetrova_attempt_2026-10-01-10-00-00_01_pooling.ipynb": ("cb", ""),
}
BRIGHTSPACE = {
    "397063-2557369 - Mary-Ann Smith - Sep 24, 2026 926 PM": ("Mary-Ann Smith", "397063"),
    "397064-2557369 - Berg - Anna - Oct 4, 2026 1030 AM": ("Berg - Anna", "397064"),
    "397065-2557369 - Анна Петрова - 24 сент. 2026 г. 2126": ("Анна Петрова", "397065"),
    "271836-442356 - Blake Payne - Dec 5, 2026 1149 AM - 01_pooling.ipynb": ("Blake Payne", "271836"),
    "271837-442356 - Anna - Dec 5, 2026 915 AM - Boris - Oct 1, 2026 100 AM - 01_pooling.zip": ("Anna", "271837"),
}
SAKAI = {
    "Petrova, Anna(apetrova)": ("Petrova, Anna", "apetrova"),
    "de la Cruz, Juan(jc17)": ("de la Cruz, Juan", "jc17"),
}
EXCHANGE = {
    "anna+hw1+2026-10-12 20:41:00.123456 UTC+ab-12cd": ("anna", ""),
    "boris+hw 1+2026-10-12 20:41:00 Europe/Moscow": ("boris", ""),
}
"""Folders in ``inbound/`` of nbgrader's exchange, of a newer and an older version."""

READERS = [
    (moodle, MOODLE),
    (canvas, CANVAS),
    (blackboard, BLACKBOARD),
    (brightspace, BRIGHTSPACE),
    (sakai, SAKAI),
    (nbgrader, EXCHANGE),
]


@pytest.mark.parametrize(("read", "names"), READERS)
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
        "12-34 - anna",
        "1-2 - Anna Berg - homework",
        "Anna(2)",
        "Berg, Anna",
    ],
)
def test_another_name_names_nobody(name):
    assert not any(read([name]) for read, _ in READERS)


@pytest.mark.parametrize("folders", [BRIGHTSPACE, SAKAI, EXCHANGE])
@pytest.mark.parametrize("around", ["", "bulk_download/Lab 1/"])
def test_a_download_of_folders_gives_each_student_their_own_work(tmp_path, folders, around):
    inside = "Submission attachment(s)/01_pooling.ipynb" if folders is SAKAI else "01_pooling.ipynb"
    folders = {name: of for name, of in folders.items() if not name.endswith(".zip")}
    files = {f"{around}{folder}/{inside}": notebook() for folder in folders} | {
        f"{around}grades.csv": b"",
        "index.html": b"",
    }
    found = collect([write_zip(tmp_path / "all.zip", files)])
    assert sorted((one.student, one.id, one.doubt) for one in found) == sorted((*of, "") for of in folders.values())


def test_namesakes_carry_their_numbers_and_others_do_not():
    owners = [Owner("Anna", "1"), Owner("Anna", "2"), Owner("Boris", "3"), Owner("Boris", "3"), Owner("clara")]
    (names,) = named([owners])
    assert [names[owner] for owner in owners] == ["Anna (1)", "Anna (2)", "Boris", "Boris", "clara"]


def test_nobody_gets_a_namesakes_name_by_choosing_it():
    anna, other, mallory = Owner("Anna", "1"), Owner("Anna", "2"), Owner("Anna (1)", "3")
    again = Owner("Anna (1) (3)", "4")
    expected = {anna: "Anna (1)", other: "Anna (2)", mallory: "Anna (1) (3)", again: "Anna (1) (3) (4)"}
    assert named([[*expected]]) == [expected]
    assert named([[anna, other], [mallory, again]]) == [
        {anna: "Anna (1)", other: "Anna (2)"},
        {mallory: "Anna (1) (3)", again: "Anna (1) (3) (4)"},
    ]


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
