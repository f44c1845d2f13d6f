"""Each notebook has the right student and lesson, and some files are not opened."""

from __future__ import annotations

import os

import pytest

from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in import collect as collecting
from ncl_course.grading.handed_in import walk
from ncl_course.grading.handed_in.collect import collect
from ncl_course.submission.errors import UnreadableNotebookError
from ncl_course.submission.lesson import lesson_in_name, lesson_of
from ncl_course.submission.notebook import notebook_of, read_notebook
from tests.grading.conftest import write_notebook
from tests.grading.zips import notebook, packed, write_zip


def found(*paths):
    """Return each student and file, and whether it is refused."""
    return [(one.student, one.file, bool(one.refused)) for one in collect(paths)]


def test_folders_of_students_and_nbgraders_layout_are_read_alike(tmp_path):
    write_notebook(tmp_path / "boris" / "01_pooling.ipynb")
    write_notebook(tmp_path / "anna" / "homework" / "01_pooling.ipynb")
    assert found(tmp_path) == [
        ("anna", "anna/homework/01_pooling.ipynb", False),
        ("boris", "boris/01_pooling.ipynb", False),
    ]


def test_a_single_notebook_belongs_to_its_folder_or_to_its_name(tmp_path):
    assert found(write_notebook(tmp_path / "anna" / "01_pooling.ipynb")) == [("anna", "anna/01_pooling.ipynb", False)]
    assert found(write_notebook(tmp_path / "boris.ipynb")) == [("boris", f"{tmp_path.name}/boris.ipynb", False)]


def test_a_students_own_folder_is_named_as_the_cohorts_would_be(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    assert found(tmp_path / "anna") == found(tmp_path) == [("anna", "anna/01_pooling.ipynb", False)]


def test_a_flat_folder_holds_one_notebook_a_student(tmp_path):
    write_notebook(tmp_path / "anna.ipynb")
    write_notebook(tmp_path / "boris.ipynb")
    assert [student for student, *_ in found(tmp_path)] == ["anna", "boris"]


def test_checkpoints_and_other_files_are_passed_over(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    write_notebook(tmp_path / "anna" / ".ipynb_checkpoints" / "01_pooling-checkpoint.ipynb")
    write_notebook(tmp_path / "__MACOSX" / "anna" / "._01_pooling.ipynb")
    (tmp_path / "anna" / "notes.txt").write_text("hello")
    assert len(found(tmp_path)) == 1


def test_links_pipes_and_linked_folders_are_named_and_not_opened(tmp_path):
    secret = write_notebook(tmp_path / "elsewhere" / "01_pooling.ipynb")
    course = tmp_path / "course"
    (course / "anna").mkdir(parents=True)
    (course / "anna" / "01_pooling.ipynb").symlink_to(secret)
    (course / "boris").symlink_to(secret.parent)
    (course / "clara").mkdir()
    os.mkfifo(course / "clara" / "01_pooling.ipynb")
    assert found(course) == [
        ("anna", "anna/01_pooling.ipynb", True),
        ("boris", "boris", True),
        ("clara", "clara/01_pooling.ipynb", True),
    ]


def test_a_file_that_is_given_twice_is_graded_once(tmp_path):
    path = write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    assert len(found(tmp_path, path, tmp_path / "anna")) == 1


def test_files_of_one_name_under_several_paths_stay_apart(tmp_path):
    first = write_notebook(tmp_path / "a" / "anna" / "01_pooling.ipynb")
    second = write_notebook(tmp_path / "b" / "anna" / "01_pooling.ipynb")
    assert [file for _, file, _ in found(tmp_path / "a", tmp_path / "b")] == [str(first), str(second)]


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(GradingError, match=r"There is no .*nowhere"):
        collect([tmp_path / "nowhere"])
    with pytest.raises(GradingError, match=r"No notebook \(\*\.ipynb\) found"):
        collect([tmp_path])
    (tmp_path / "moodle.tar.gz").write_bytes(b"x")
    with pytest.raises(GradingError, match="unpack it first"):
        collect([tmp_path / "moodle.tar.gz"])


@pytest.mark.parametrize(
    "stem",
    ["01_pooling", "01_pooling (2)", "anna_01_pooling", "Lesson-01-Pooling", "01", "hw_01_final", "01_pooling-Copy1"],
)
def test_a_files_name_tells_the_lesson(stem):
    assert lesson_in_name(stem) == "01_pooling"


@pytest.mark.parametrize("stem", ["anna", "homework", "2001", "101_pooling", "spooling", "pooling101"])
def test_another_name_tells_none(stem):
    assert lesson_in_name(stem) == ""


def test_the_lesson_is_told_by_metadata_then_name_then_definitions(tmp_path):
    by_metadata = read_notebook(write_notebook(tmp_path / "a.ipynb"))
    assert lesson_of(by_metadata, "99_other.ipynb") == "01_pooling"
    bare = read_notebook(write_notebook(tmp_path / "b.ipynb", "class MaxPool2d: pass", lesson=None))
    assert lesson_of(bare, "01_pooling.ipynb") == "01_pooling"
    assert lesson_of(bare, "anna.ipynb") == "01_pooling"
    assert lesson_of(bare, "anna_05_normalization.ipynb") == "05_normalization"
    assert lesson_of(bare, "hw_05.ipynb") == "01_pooling", "the fifth homework, and all that it defines is of lesson 01"
    nothing = read_notebook(write_notebook(tmp_path / "d.ipynb", "x = 1", lesson=None))
    assert lesson_of(nothing, "hw_05.ipynb") == "05_normalization"
    unknown = read_notebook(write_notebook(tmp_path / "c.ipynb", "x = 1", lesson="77_secret"))
    assert lesson_of(unknown, "anna.ipynb") == ""


def owners(*paths):
    """Return each student and file."""
    return [(one.student, one.file) for one in collect(paths)]


MOODLE_DOWNLOAD = {
    "Anna Petrova_11_assignsubmission_file_/01_pooling.ipynb": "Anna Petrova",
    "Boris Orlov_12_assignsubmission_file_/work/01_pooling.ipynb": "Boris Orlov",
    "Clara_13_assignsubmission_file_01_pooling.ipynb": "Clara",
}
CANVAS_DOWNLOAD = {
    "dimaivanov_LATE_4711_815_01_pooling-1.ipynb": "dimaivanov",
    "orlovboris_4712_816_01_pooling.ipynb": "orlovboris",
}


@pytest.mark.parametrize("files", [MOODLE_DOWNLOAD, CANVAS_DOWNLOAD])
@pytest.mark.parametrize("zipped", [True, False])
def test_a_download_is_read_alike_packed_and_unpacked(tmp_path, zipped, files):
    if zipped:
        path = write_zip(tmp_path / "download.zip", dict.fromkeys(files, notebook()))
    else:
        path = tmp_path / "download"
        for name in files:
            write_notebook(path / name)
    assert {one.student for one in collect([path])} == set(files.values())
    assert {notebook_of(one.read()).lesson for one in collect([path])} == {"01_pooling"}


def test_plain_folders_may_be_zipped_too_with_or_without_the_outermost(tmp_path):
    files = {
        "anna/01_pooling.ipynb": notebook(),
        "boris/homework/01_pooling.ipynb": notebook(),
        "clara.ipynb": notebook(),
    }
    write_zip(tmp_path / "a.zip", files)
    write_zip(tmp_path / "cohort.zip", {f"cohort/{name}": content for name, content in files.items()})
    assert [student for student, _ in owners(tmp_path / "a.zip")] == ["anna", "boris", "clara"]
    assert [student for student, _ in owners(tmp_path / "cohort.zip")] == ["anna", "boris", "clara"]


def test_a_students_own_zip_is_looked_into(tmp_path):
    inner = packed({"my work/01_pooling.ipynb": notebook(), "__MACOSX/._01_pooling.ipynb": b"x"})
    name = "Anna_1_assignsubmission_file_/work.zip"
    cohort = [("Anna", "Anna_1_assignsubmission_file_/work.zip/my work/01_pooling.ipynb")]
    assert owners(write_zip(tmp_path / "moodle.zip", {name: inner})) == cohort
    (tmp_path / "unpacked" / name).parent.mkdir(parents=True)
    (tmp_path / "unpacked" / name).write_bytes(inner)
    assert owners(tmp_path / "unpacked") == cohort


def test_a_students_broken_or_empty_zip_is_named_and_costs_nobody_else(tmp_path):
    path = write_zip(
        tmp_path / "a.zip",
        {
            "anna/01_pooling.ipynb": notebook(),
            "anna/data.zip": packed({"data.csv": b"1"}),
            "boris/work.zip": b"PK no zip",
            "clara/work.zip": packed({"report.pdf": b"%PDF"}),
            "dima/work.zip": packed({"again.zip": packed({"01_pooling.ipynb": notebook()})}),
        },
    )
    said = {one.student: one.refused for one in collect([path])}
    assert said["anna"] == ""
    assert "The zip is damaged" in said["boris"]
    assert "no notebook" in said["clara"]
    assert "a zip in a student's own zip" in said["dima"]
    assert len(collect([path])) == 4


def test_namesakes_in_one_download_stay_apart(tmp_path):
    files = {f"Anna Petrova_{n}_assignsubmission_file_/01_pooling.ipynb": notebook() for n in (1, 2)}
    assert [student for student, _ in owners(write_zip(tmp_path / "a.zip", files))] == [
        "Anna Petrova (1)",
        "Anna Petrova (2)",
    ]


def test_what_a_zip_must_not_hold_is_named_and_not_opened(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"../../evil.ipynb": notebook(), "anna/01_pooling.ipynb": notebook()})
    bad = next(one for one in collect([path]) if one.refused)
    assert bad.file == "evil.ipynb"
    with pytest.raises(UnreadableNotebookError, match="leads out of it"):
        bad.read()


def test_a_zip_that_is_none_is_wrong_usage(tmp_path):
    (tmp_path / "moodle.zip").write_bytes(b"PK")
    with pytest.raises(GradingError, match=r"moodle\.zip: The zip is damaged"):
        collect([tmp_path / "moodle.zip"])


def test_notebooks_that_a_browser_has_renamed_are_found(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb.txt")
    write_notebook(tmp_path / "boris" / "01_pooling.ipynb.json")
    write_notebook(tmp_path / "clara" / "01_pooling.ipynb (1)")
    write_notebook(tmp_path / "dima" / "01_pooling.ipynb.2")
    write_notebook(tmp_path / "elena" / "01_pooling.IPYNB. ")
    (tmp_path / "fedor").mkdir()
    (tmp_path / "fedor" / "my.ipynb.py").write_text("x = 1")
    found = {one.student: one.refused for one in collect([tmp_path])}
    assert found == dict.fromkeys(["anna", "boris", "clara", "dima", "elena"], "") | {
        "fedor": "There is no notebook (*.ipynb) in what was handed in: my.ipynb.py"
    }


@pytest.mark.parametrize("zipped", [False, True])
def test_a_student_s_folder_with_nothing_but_leftovers_in_it_is_named(tmp_path, zipped):
    """Folders that systems and environments leave belong to no student."""
    empty = ["boris/.ipynb_checkpoints/01_pooling-checkpoint.ipynb", "clara/.git/config", "dima/work/.git/config"]
    others = ["__MACOSX/boris/._x", ".git/config", "env/pyvenv.cfg", "env/lib/a.ipynb"]
    if zipped:
        path = write_zip(tmp_path / "all.zip", dict.fromkeys(["anna/01_pooling.ipynb", *empty, *others], notebook()))
    else:
        path = tmp_path / "all"
        for name in ["anna/01_pooling.ipynb", *empty, *others]:
            write_notebook(path / name)
        (path / "elena").mkdir()
    found = {one.student: one.refused for one in collect([path])}
    assert found.pop("anna") == ""
    assert [*found] == ["boris", "clara", "dima"]
    assert {why.partition(" (")[0] for why in found.values()} == {
        "There is nothing in the folder but what programs leave there"
    }


MOODLE = {
    "Anna_1_assignsubmission_file_/01_pooling.ipynb": notebook(),
    "Anna_1_assignsubmission_onlinetext_/onlinetext.html": b"<p>done</p>",
    "Boris_2_assignsubmission_file_/homework.py": b"x = 1",
    "Boris_2_assignsubmission_file_/homework.pdf": b"%PDF",
}
CANVAS = {"annapetrova_11_815_01_pooling.ipynb": notebook(), "borisorlov_12_816_homework.py": b"x = 1"}
PLAIN = {
    "anna/01_pooling.ipynb": notebook(),
    "anna/data.csv": b"1",
    "Boris/homework.py": b"x = 1",
    "clara/.DS_Store": b"x",
    "grades_2026_10_all.csv": b"1",
}


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("files", [MOODLE, CANVAS, PLAIN])
def test_who_handed_in_other_files_alone_is_named(tmp_path, files, zipped):
    if zipped:
        path = write_zip(tmp_path / "all.zip", files)
    else:
        path = tmp_path / "all"
        for name, content in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    first, second = sorted(collect([path]), key=lambda one: one.student.lower())
    assert (first.student[:4].lower(), first.refused) == ("anna", "")
    assert second.student.lower().startswith("boris")
    assert second.refused.startswith("There is no notebook (*.ipynb) in what was handed in: ")
    assert "homework.py" in second.refused


def test_a_zip_with_one_outermost_folder_names_them_too(tmp_path):
    files = {f"cohort/{name}": content for name, content in PLAIN.items()}
    refused = {one.student: bool(one.refused) for one in collect([write_zip(tmp_path / "cohort.zip", files)])}
    assert refused == {"anna": False, "Boris": True}


def test_a_students_own_data_is_no_student(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    (tmp_path / "anna" / "data").mkdir()
    (tmp_path / "anna" / "data" / "x.csv").write_text("1")
    assert owners(tmp_path / "anna") == [("anna", "anna/01_pooling.ipynb")]


def test_results_that_lie_among_the_submissions_are_no_submission(tmp_path):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    (tmp_path / "marks" / "feedback").mkdir(parents=True)
    for name in ("results.json", "grades.csv", "feedback/anna.html"):
        (tmp_path / "marks" / name).write_text("x")
    assert owners(tmp_path) == [("anna", "anna/01_pooling.ipynb")]


def test_a_folder_that_is_closed_is_named_and_costs_nobody_else(tmp_path, monkeypatch):
    write_notebook(tmp_path / "anna" / "01_pooling.ipynb")
    closed = write_notebook(tmp_path / "boris" / "01_pooling.ipynb").parent
    scandir = os.scandir

    def refuse(path):
        if path in refused:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(walk.os, "scandir", refuse)
    refused = {closed}
    said = {one.student: one.refused for one in collect([tmp_path])}
    assert said == {"anna": "", "boris": "This folder cannot be opened: Permission denied."}
    refused = {tmp_path}
    with pytest.raises(GradingError, match=r"This folder cannot be opened: Permission denied\."):
        collect([tmp_path])


def test_names_that_only_a_zip_can_hold_are_cut_in_the_middle_and_stay_apart(tmp_path):
    names = [f"{'a' * 30_000}{number}{'b' * 30_000}/01_pooling.ipynb" for number in range(5)]
    files = {"anna/01_pooling.ipynb": notebook(), "mallory/my.zip": packed(dict.fromkeys(names, notebook()))}
    theirs = [one for one in collect([write_zip(tmp_path / "all.zip", files)]) if one.student == "mallory"]
    assert len({one.file for one in theirs}) == 5
    assert all(len(one.file) < 520 and "/01_pooling.ipynb" in one.file for one in theirs)
    assert [one.reading.lesson for one in theirs] == ["01_pooling"] * 5


@pytest.mark.parametrize("zipped", [False, True])
def test_more_notebooks_of_one_student_than_anybody_has_are_not_read(tmp_path, monkeypatch, zipped):
    monkeypatch.setattr(collecting, "MOST_NOTEBOOKS", 3)
    many = {f"{number}.ipynb": notebook() for number in range(5)}
    write_notebook(tmp_path / "cohort" / "boris" / "01_pooling.ipynb")
    if zipped:
        write_zip(tmp_path / "cohort" / "anna" / "work.zip", many)
    else:
        for name, content in many.items():
            (tmp_path / "cohort" / "anna").mkdir(exist_ok=True)
            (tmp_path / "cohort" / "anna" / name).write_bytes(content)
    *read, further, of_boris = collect([tmp_path / "cohort"])
    assert [one.refused for one in (*read, of_boris)] == [""] * 4
    assert {one.student for one in (*read, further)} == {"anna"}
    assert further.refused == "Up to 3 notebooks of one student are read; this one and the later ones are not (2)."
