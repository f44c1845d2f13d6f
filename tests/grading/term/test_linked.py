"""A platform's sheet tells which number each student of the roster has: partners and namesakes get what is theirs."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace

import pytest

from ncl_course.grading.marks.marking import Marking
from ncl_course.grading.reports.names import file_names
from ncl_course.grading.sheets.columns import columns_of
from ncl_course.grading.sheets.table import parsed, read_sheet
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.linked import linked
from ncl_course.grading.term.plan import Plan, Wanted, prepare
from ncl_course.grading.term.remembered import Known
from ncl_course.grading.term.roster import NOBODY, Person, Roster, roster
from tests.grading.term.cohort import cohort, marked
from tests.grading.term.test_filled import submission
from tests.grading.term.test_handed_back import moodle_takes

ONE = "01_pooling"
LONG = "Ксения-Александра " + "Ы" * 120
HEAD = (
    "Идентификатор;Полное имя;Адрес электронной почты;Состояние;Оценка;Максимальная оценка;"
    "Оценка может быть изменена;Отзыв в виде комментария\n"
)
SEATS = (
    (40001, "Анна Петрова", "anna1@example.org"),
    (40002, "Анна Петрова", "anna2@example.org"),
    (40003, "Борис Орлов", "boris@example.org"),
    (40004, "Вера_Ким", "vera@example.org"),
    (40005, LONG, "ksenia@example.org"),
    (40006, "Никто Неизвестный", ""),
)
SHEET = HEAD + "".join(f"Участник{n};{name};{mail};Ответы;;100,00;Да;\n" for n, name, mail in SEATS)
PEOPLE = roster(
    [
        Person("u1", "Анна Петрова", "ANNA1@example.org", "A"),
        Person("u2", "Анна Петрова", "anna2@example.org", "B"),
        Person("u3", "Борис Орлов", "boris@example.org", "A", "pair"),
        Person("u4", "Вера Ким", "vera@example.org", "A", "pair"),
        Person("u5", LONG, "", "B"),
        Person("u6", "Новая Студентка", "new@example.org", "B"),
    ]
)


def sheet_of(content):
    """Return a sheet with that content."""
    return parsed("sheet.csv", "", content)


def numbers(people, content):
    """Return the platform's numbers by the roster's."""
    sheet = sheet_of(content)
    return {person.id: person.platform for person in linked(people, sheet, columns_of(sheet, {})).people}


def test_students_are_found_by_their_address_or_by_a_name_that_nobody_else_has():
    assert numbers(PEOPLE, SHEET) == {
        "u1": "40001",
        "u2": "40002",
        "u3": "40003",
        "u4": "40004",
        "u5": "40005",
        "u6": "",
    }


def test_without_addresses_namesakes_stay_unknown_and_others_are_found():
    bare = SHEET.replace("Адрес электронной почты", "Телефон")
    found = numbers(PEOPLE, bare)
    assert (found["u1"], found["u2"], found["u3"], found["u5"]) == ("", "", "40003", "40005")


def test_an_address_that_stands_twice_in_the_sheet_decides_nothing():
    twice = SHEET.replace("vera@example.org", "boris@example.org").replace("Вера_Ким", "Борис Орлов")
    assert numbers(PEOPLE, twice)["u3"] == ""


def test_canvas_names_its_users_by_the_last_name_and_a_login():
    content = (
        "Student,ID,SIS User ID,SIS Login ID,Section,01 pooling (5)\n    Points Possible,,,,,10\n"
        '"Петрова, Анна",71,,anna1@example.org,A,\n"Ким, Вера",72,,,A,\n'
    )
    found = numbers(PEOPLE, content)
    assert (found["u1"], found["u4"]) == ("71", "72")


def test_a_sheet_without_students_or_of_an_unknown_kind_changes_nothing():
    assert numbers(PEOPLE, HEAD + ";;;;;;;\n")["u1"] == ""
    sheet = sheet_of("who,points\nanna,1\n")
    assert linked(PEOPLE, sheet, columns_of(sheet, {"id": "who", "grade": "points"})) is PEOPLE


def at(student, number, mark):
    """Return an entry from Moodle's download."""
    name = student.partition(" (")[0]
    return replace(
        marked(student, ONE, mark, id=str(number)), file=f"{name}_{number}_assignsubmission_file_/{ONE}.ipynb"
    )


RESULTS = cohort(
    at("Анна Петрова (40001)", 40001, 3.0),
    at("Анна Петрова (40002)", 40002, 9.0),
    at("Борис Орлов", 40003, 8.0),
    at(LONG, 40005, 5.0),
)


@pytest.fixture
def ran(tmp_path):
    """Return the folder of a run with a roster of the university's numbers, Moodle's worksheet and its zip of pages."""
    (tmp_path / "sheet.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "roster.csv").write_text(
        "id,name,email,section,group\n"
        + "".join(f"{p.id},{p.name},{p.email},{p.section},{p.group}\n" for p in PEOPLE.people),
        encoding="utf-8",
    )
    wanted = Wanted(sheet=tmp_path / "sheet.csv", roster=tmp_path / "roster.csv", feedback_zip="moodle")
    handed_in = replace(submission(tmp_path, ONE, "Борис Орлов", "40003"), file=RESULTS.submissions[2].file)
    plan = prepare(wanted, tmp_path / "out", [handed_in])
    whole, made = plan.write(RESULTS, tmp_path / "out", [])
    plan.hand_back(whole, made, tmp_path / "out", [])
    return tmp_path / "out"


def test_each_row_of_the_sheet_gets_its_students_mark_namesakes_and_partners_too(ran):
    rows = csv.DictReader(io.StringIO((ran / "sheets" / "sheet.csv").read_text("utf-8")), delimiter=";")
    marks = {row["Идентификатор"]: row["Оценка"] for row in rows}
    assert marks == {
        "Участник40001": "30,00",
        "Участник40002": "90,00",
        "Участник40003": "80,00",
        "Участник40004": "80,00",
        "Участник40005": "50,00",
        "Участник40006": "",
    }


def test_each_student_gets_one_page_also_the_partner_who_handed_in_nothing(ran):
    with zipfile.ZipFile(ran / "feedback-moodle.zip") as made:
        taken = {moodle_takes(name): made.read(name).decode() for name in made.namelist()}
    assert {place[0] for place in taken if place} == {40001, 40002, 40003, 40004, 40005}
    assert all("Вера Ким" in page for place, page in taken.items() if place and place[0] == 40004)
    assert all("(40002)" in page for place, page in taken.items() if place and place[0] == 40002)
    assert len(file_names([LONG])[LONG]) < 100


def test_namesakes_have_one_row_each_in_the_gradebook_with_their_own_section(ran):
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO((ran / "gradebook.csv").read_text("utf-8")))}
    assert {number: (row["section"], row["total"]) for number, row in rows.items()} == {
        "u1": ("A", "3"),
        "u2": ("B", "9"),
        "u3": ("A", "8"),
        "u4": ("A", "8"),
        "u5": ("B", "5"),
        "u6": ("B", "0"),
    }


def test_a_platforms_number_never_leads_to_another_student_of_the_roster():
    """The roster's own number 3 is not Moodle's participant 3."""
    people = roster([Person("3", "Борис Орлов", platform="41"), Person("9", "Анна Петрова", platform="3")])
    assert people.of(["Клара Новая"], "9") == NOBODY
    assert people.of(["Клара Новая"], "3").name == "Анна Петрова"


def test_a_canvas_partner_has_no_place_in_the_zip_and_is_named(tmp_path, capsys):
    pair = roster([Person("1", "anna", group="x", platform="71"), Person("2", "vera", group="x", platform="72")])
    found = cohort(replace(marked("anna", ONE, 4.0, id="71"), file="anna_71_815_01_pooling.ipynb"))
    plan = Plan(Wanted(feedback_zip="canvas"), Marking(None, (), None), Known(roster=pair))
    whole, made = plan.write(found, tmp_path, [])
    plan.hand_back(whole, made, tmp_path, [])
    with zipfile.ZipFile(tmp_path / "feedback-canvas.zip") as zipped:
        assert zipped.namelist() == ["anna_71_815_feedback.html"]
    assert "vera" in capsys.readouterr().err


def test_a_partner_keeps_the_number_of_an_own_submission():
    pair = roster([Person("1", "anna", group="x", platform="71"), Person("2", "vera", group="x", platform="72")])
    found = credited(cohort(marked("anna", ONE, 4.0, id="71"), marked("vera", "02_activations", 1.0, id="73")), pair)
    assert {(one.student, one.lesson): one.id for one in found.submissions}["vera", ONE] == "73"
    assert Roster().of(["anna"], "71") == NOBODY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_the_worksheet_is_filled_the_same_in_every_encoding(tmp_path, encoding):
    path = tmp_path / "sheet.csv"
    path.write_bytes(SHEET.encode(encoding))
    plan = Plan(Wanted(sheet=path), Marking(None, (), None), Known(roster=PEOPLE))
    plan.known = replace(plan.known, roster=linked(PEOPLE, read_sheet(path), columns_of(read_sheet(path), {})))
    whole, made = plan.write(RESULTS, tmp_path / "out", [])
    plan.hand_back(whole, made, tmp_path / "out", [])
    written = (tmp_path / "out" / "sheets" / "sheet.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf") == (encoding != "utf-8")
    assert "Участник40004;Вера_Ким;vera@example.org;Ответы;80,00;" in written.decode("utf-8-sig")


def test_namesakes_that_nothing_tells_apart_are_named_with_the_remedy(tmp_path, capsys):
    plan = Plan(Wanted(), Marking(None, (), None), Known(roster=PEOPLE))
    plan.tell(*plan.write(cohort(*RESULTS.submissions[:2], marked("Клара", ONE, 1.0)), tmp_path, []))
    said = capsys.readouterr().err.replace("\n", " ")
    assert "without a section (2): Анна Петрова (40001); Анна Петрова (40002). Give --sheet" in said
    assert "Not on the roster, so without a section (1): Клара" in said
