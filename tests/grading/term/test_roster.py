"""The roster: our own, Canvas's and Moodle's, in any encoding of a spreadsheet; namesakes and partners."""

from __future__ import annotations

import pytest

from ncl_course.grading.errors import PolicyError
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.roster import NOBODY, Person, read_roster, roster
from tests.grading.term.cohort import cohort, marked

OWN = "id,name,email,section,group\ns1,Анна Петрова,anna@example.org,A,7\ns2,Борис Орлов,boris@example.org,A,7\n"
MOODLE_RU = '"Имя";"Фамилия";"Адрес электронной почты";"Группы"\nАнна;Петрова;anna@example.org;A\n'
MOODLE_EN = "First name,Last name,ID number,Email address,Groups\nАнна,Петрова,s1,anna@example.org,A\n"
CANVAS = (
    "Student,ID,SIS Login ID,Section,01_pooling (5)\n    Points Possible,,,,9.00\n"
    '"Петрова, Анна",4711,anna@example.org,A,\n'
)


@pytest.mark.parametrize("content", [OWN, MOODLE_RU, MOODLE_EN, CANVAS])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_a_roster_is_read_as_it_was_exported_or_saved(tmp_path, content, encoding):
    path = tmp_path / "roster.csv"
    path.write_bytes(content.encode(encoding))
    found = read_roster(path).of(["Анна Петрова"])
    assert (found.email, found.section) == ("anna@example.org", "A")


@pytest.mark.parametrize("name", ["anna@example.org", "ANNA", "s1", "Петрова  Анна", "Анна Петрова"])
def test_a_student_is_found_by_every_name_that_a_platform_may_give(tmp_path, name):
    (tmp_path / "r.csv").write_text(OWN, encoding="utf-8")
    assert read_roster(tmp_path / "r.csv").of([name]).id == "s1"


EXPORTED = {
    "Brightspace": "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
    "#s1,#anna,Петрова,Анна,a@b.c,#\n",
    "Blackboard": "Last Name\tFirst Name\tUsername\tStudent ID\tLast Access\nПетрова\tАнна\ta@b.c\ts1\t\n",
    "Gradescope": "First Name,Last Name,SID,Email,Sections\nАнна,Петрова,s1,a@b.c,A\n",
    "nbgrader": "id,last_name,first_name,email,lms_user_id\ns1,Петрова,Анна,a@b.c,5\n",
    "Sakai": 'Student ID,Student Name,Email\ns1,"Петрова, Анна",a@b.c\n',
    "a list of a dean's office": "Список группы\n\n№;Фамилия;Имя;Отчество;Логин;Номер\n"
    "1;Петрова;Анна;Сергеевна;a@b.c;s1\n",
    "a list in one column": "Фамилия, имя, отчество;Почта;Номер зачётной книжки\nПетрова Анна Сергеевна;a@b.c;s1\n",
}


@pytest.mark.parametrize("content", EXPORTED.values(), ids=EXPORTED)
def test_lists_of_other_platforms_are_read(tmp_path, content):
    (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    found = read_roster(tmp_path / "r.csv").of(["Анна Петрова"])
    assert (found.id, found.email) == ("s1", "a@b.c")


def test_a_group_in_russian_is_a_section_and_makes_nobody_partners(tmp_path):
    (tmp_path / "r.csv").write_text("ФИО;Группа\nПетрова Анна;ИУ7-51Б\nБелов Борис;ИУ7-51Б\n", encoding="utf-8")
    people = read_roster(tmp_path / "r.csv")
    assert people.sections == ("ИУ7-51Б",)
    assert people.partners(people.of(["Анна Петрова"])) == ()


def test_canvas_s_test_student_and_a_line_that_is_there_twice_are_no_further_students(tmp_path):
    lines = 'Student,ID,Section\n"Петрова, Анна",1,A\n"Петрова, Анна",1,A\n"Student, Test",2,A\n'
    (tmp_path / "r.csv").write_text(lines, encoding="utf-8")
    assert [one.id for one in read_roster(tmp_path / "r.csv").people] == ["1"]


def test_moodle_s_group_before_a_name_is_passed_over():
    people = roster([Person("1", "Anna Petrova"), Person("2", "Jean-Luc Picard"), Person("3", "Luc Picard")])
    assert people.of_entry(marked("Group 1-Anna Petrova", "01_pooling", 1.0)).id == "1"
    assert people.of_entry(marked("ИУ7-51Б-Jean-Luc Picard", "01_pooling", 1.0)).id == "2"
    assert people.of_entry(marked("Jean-Luc Picard", "01_pooling", 1.0)).id == "2"
    assert people.of_entry(marked("Group 1-Dina", "01_pooling", 1.0)) == NOBODY


def test_a_patronymic_may_be_missing_and_canvas_joins_the_name():
    people = roster([Person("1", "Петрова Анна Сергеевна"), Person("2", "Smith, John Paul")])
    assert people.of(["Анна Петрова"]).id == "1"
    assert people.of(["smithjohnpaul"]).id == "2"
    assert people.of(["John Paul Smith"]).id == "2"


def test_namesakes_are_told_apart_by_their_number_or_not_at_all():
    people = roster([Person("11", "Anna Berg", section="A"), Person("12", "Anna Berg", section="B")])
    assert people.of(["Anna Berg"]) == NOBODY
    assert people.of_entry(marked("Anna Berg", "01_pooling", 1.0, id="12")).section == "B"
    assert people.of_entry(marked("Anna Berg (11)", "01_pooling", 1.0)).section == "A"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("id,mail\n1,a@b\n", "has the columns id, mail"),
        ("id,name\n,\n1,\n", "names no student"),
        ("id,name\n1,Anna\n2,Boris\n1,Clara\n", r"1: 2 \(Anna\), 4 \(Clara\)"),
        ("", "has the columns"),
    ],
)
def test_a_roster_that_is_none_is_told_with_the_reason(tmp_path, content, why):
    (tmp_path / "r.csv").write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError, match=why):
        read_roster(tmp_path / "r.csv")


ONE, TWO = "01_pooling", "02_activations"
PAIR = roster(
    [
        Person("1", "anna", section="A", group="7"),
        Person("2", "boris", section="A", group="7"),
        Person("3", "clara", section="B", group="7"),
        Person("4", "dina", section="A"),
    ]
)


def marks(found):
    """Return the marks by student and lesson."""
    return {(one.student, one.lesson): one.mark for one in found.submissions}


def test_a_groups_one_submission_counts_for_its_members_and_for_nobody_else():
    found = credited(cohort(marked("anna", ONE, 7.0), marked("dina", ONE, 1.0)), PAIR)
    assert marks(found) == {("anna", ONE): 7.0, ("boris", ONE): 7.0, ("dina", ONE): 1.0}


def test_a_partners_own_notebook_counts_for_that_partner_whatever_the_other_has():
    found = credited(cohort(marked("anna", ONE, 7.0), marked("boris", ONE, 2.0), marked("boris", TWO, 5.0)), PAIR)
    assert marks(found) == {("anna", ONE): 7.0, ("boris", ONE): 2.0, ("anna", TWO): 5.0, ("boris", TWO): 5.0}


def test_the_best_of_a_groups_notebooks_counts_for_the_third_member():
    three = roster([Person(str(n), name, group="x") for n, name in enumerate(("anna", "boris", "clara"), 1)])
    found = credited(cohort(marked("anna", ONE, 3.0), marked("boris", ONE, 8.0)), three)
    assert marks(found)["clara", ONE] == 8.0
