"""Points by hand are read as spreadsheets save them, and never overwritten."""

from __future__ import annotations

import unicodedata

import pytest

from ncl_course.grading.errors import PolicyError
from ncl_course.grading.marks.manual import Manual, namesakes, offer, read_manual, strangers
from tests.grading.term.cohort import marked

HEAD = "student,lesson,exercise,points,comment\n"


def read(tmp_path, content, encoding="utf-8"):
    """Read the lines of a ``manual.csv`` with that content."""
    (tmp_path / "manual.csv").write_bytes(content.encode(encoding))
    return read_manual(tmp_path)


def test_lines_are_read_as_they_stand(tmp_path):
    found = read(tmp_path, HEAD + 'Anna,01_pooling,MaxPool2d,1.5,"Well, ""done""."\n\n12,01_pooling,,-2,\n')
    assert found == (
        Manual(2, "Anna", "01_pooling", "MaxPool2d", 1.5, 'Well, "done".'),
        Manual(4, "12", "01_pooling", "", -2.0, ""),
    )


def test_a_spreadsheets_own_ways_are_understood(tmp_path):
    content = 'Student;Lesson;Points\r\n Анна ;01_pooling;"−0,5";;\r\n;;\r\nБорис;01_pooling;+1\r\n'
    found = read(tmp_path, content, "utf-8-sig")
    assert [(line.student, line.points, line.comment) for line in found] == [("Анна", -0.5, ""), ("Борис", 1.0, "")]


def test_where_there_is_no_file_there_are_no_points(tmp_path):
    assert read_manual(tmp_path) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEAD + ",01_pooling,,1,\n", "line 2: the student is missing"),
        (HEAD + "a,pooling,,1,\n", "line 2: pooling is not a lesson; the lessons are 01_pooling"),
        (
            HEAD + "a,01_pooling,ReLU,1,\n",
            "line 2: ReLU is not an exercise of 01_pooling; the exercises are pool_output_size",
        ),
        (HEAD + "a,01_pooling,,1,5,late\n", r"line 2: there are more cells than headers \(late\): put quotes around"),
        (HEAD + "a,01_pooling,,one,\n", "line 2: one is not a number of points"),
        (HEAD + "a,01_pooling,,nan,\n", "line 2: nan is not a number of points"),
        (HEAD + "a,01_pooling,,1e300,\n", "line 2: 1e300 is not a number of points"),
        (HEAD + "a,01_pooling,,-1000000,\n", "line 2: -1000000 is not a number of points"),
        (HEAD + "a,01_pooling,,,\n", "line 2:  is not a number of points"),
        (HEAD + "a,01_pooling,,1_5,\n", "line 2: 1_5 is not a number of points"),
        (
            "student,lesson,points,points\na,01_pooling,1,2\n",
            "has the columns student, lesson, points, points; expected",
        ),
        ("name,points\na,1\n", "has the columns name, points; expected the first line student,lesson,exercise"),
        ("", "has the columns ; expected the first line student"),
        (HEAD + '"a\n', "cannot be read"),
    ],
)
def test_a_line_that_is_not_understood_is_told(tmp_path, content, why):
    with pytest.raises(PolicyError, match=why):
        read(tmp_path, content)


def test_all_lines_that_are_not_understood_are_told_at_once(tmp_path):
    with pytest.raises(PolicyError, match="line 2") as told:
        read(tmp_path, HEAD + "a,x,,1,\nb,01_pooling,,1,\nc,y,,1,\n")
    assert "line 4" in str(told.value)
    assert "line 3" not in str(told.value)


LINE = "sep=;\r\nstudent;lesson;exercise;points;comment\r\nАнна Петрова;01_pooling;;1,5;x\r\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (LINE, "utf-8-sig"),
        (LINE, "utf-8"),
        (LINE.replace("sep=;", '"sep=;"'), "cp1251"),
        (LINE.replace("sep=;", "SEP=;;;;;").replace("\r\n", "\n"), "utf-8"),
        (LINE.replace(";", "\t"), "utf-16"),
        (LINE.replace(";", "|"), "utf-8-sig"),
        (LINE.removeprefix("sep=;\r\n").replace(";x", ";«Ну,» — №1…"), "cp1251"),
    ],
)
def test_excels_line_and_encodings_are_read(tmp_path, content, encoding):
    (line,) = read(tmp_path, content, encoding)
    assert (line.student, line.points) == ("Анна Петрова", 1.5)
    assert line.line == (3 if "sep" in content.lower() else 2)


def test_the_lines_of_a_file_with_excels_line_are_counted_from_its_beginning(tmp_path):
    with pytest.raises(PolicyError, match="line 3: x is not a number of points"):
        read(tmp_path, LINE.replace("1,5", "x"))


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u202f", "\u2009"])
def test_spaces_of_any_kind_in_numbers_and_headers_are_read(tmp_path, space):
    content = f"student,{space}lesson{space},points\nAnna,01_pooling,\u2212{space}1{space}000.5\n"
    assert [line.points for line in read(tmp_path, content)] == [-1000.5]


@pytest.mark.parametrize(
    ("student", "encoding"),
    [
        ("Анна", "cp866"),
        ("Анна", "koi8-r"),
        ("Анна", "mac-cyrillic"),
        ("André Ångström", "cp1252"),
        ("\x98", "latin-1"),
    ],
)
def test_a_file_in_another_encoding_is_told(tmp_path, student, encoding):
    with pytest.raises(PolicyError, match=r"neither in UTF-8 nor in cp1251\. Save it as CSV in UTF-8"):
        read(tmp_path, HEAD + f"{student},01_pooling,,1,\n", encoding)


@pytest.mark.parametrize("student", ["Анна\u00a0Петрова", "Анна  Петрова", "Анна\u200b Петрова"])
def test_spaces_in_a_name_are_plain_on_both_sides(tmp_path, student):
    (line,) = read(tmp_path, HEAD + f"{student},01_pooling,,1,\n")
    assert line.student == "Анна Петрова"
    assert line.student in marked(student, "01_pooling", 1.0).names


def test_a_name_is_read_in_nfc(tmp_path):
    name = "Пётр Йолкин"
    (line,) = read(tmp_path, HEAD + f"{unicodedata.normalize('NFD', name)},01_pooling,,1,\n")
    assert line.student == name


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (["Anna Petrova (48118)", "Anna Petrova (48130)", "Boris"], ["(48118)", "(48130)"]),
        (["Anna Petrova (1)", "Anna Petrova (2)", "Anna Petrova (3)", "Anna Petrova Lee (4)"], ["(1)", "(2)", "(3)"]),
        (["Anna", "Petrova (1)"], []),
    ],
)
def test_the_numbers_of_namesakes_are_known(known, found):
    assert namesakes("Anna Petrova", known) == found


def test_an_empty_file_is_offered_and_a_persons_never_touched(tmp_path):
    offer(tmp_path)
    assert read_manual(tmp_path) == ()
    (tmp_path / "manual.csv").write_text("mine")
    offer(tmp_path)
    assert (tmp_path / "manual.csv").read_text() == "mine"


def test_lines_that_find_nobody_are_known(tmp_path):
    lines = read(
        tmp_path, HEAD + "Anna,01_pooling,,1,\n11,01_pooling,,1,\nAnna,02_activations,,1,\nZoe,01_pooling,,1,\n"
    )
    left = strangers(lines, [(frozenset({"Anna", "11"}), "01_pooling"), (frozenset({"Boris"}), "02_activations")])
    assert [line.line for line in left] == [4, 5]
