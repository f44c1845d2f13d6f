"""The gradebook of a term: one row a student, never a silent 0, and a table that a Russian Excel opens as it is."""

from __future__ import annotations

import csv
import io

import pytest
from typer.testing import CliRunner

from ncl_course.cli import app
from ncl_course.grading import verb
from ncl_course.grading.term.form import PLAIN, form, items_form
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.roster import Person, Roster, roster
from ncl_course.grading.term.written import gradebook_csv, overview, write_term
from tests.grading.reports.test_reports import ungraded
from tests.grading.term.cohort import IN_GRACE, LATE, as_russian_excel, cohort, marked

ONE, TWO = "01_pooling", "02_activations"
ANNA = Person("s1", "Анна Петрова", "anna@example.org", "Группа 1")
BORIS = Person("s2", "Борис Орлов", "boris@example.org", "Группа 2")
CLARA = Person("s3", "Clara O'Neil", "clara@example.org", "Группа 1")
EVERYBODY = roster([ANNA, BORIS, CLARA])
RESULTS = cohort(
    marked("Анна Петрова", ONE, 7.5, late=LATE, final=6.0),
    marked("Анна Петрова", TWO, 20.0, 20.0),
    marked("Борис Орлов", ONE, 5.0, late=IN_GRACE, final=5.0),
    marked("=HYPERLINK(1)", TWO, 3.25, 20.0),
)


def rows(found):
    """Return the rows by student: total, percent, late."""
    return {row.student: (row.total, row.percent, row.late) for row in found.rows}


def test_the_percentage_is_the_mean_of_the_lessons_shares_and_nothing_handed_in_counts_0():
    assert rows(term(RESULTS, EVERYBODY)) == {
        "Анна Петрова": (26.0, 80.0, (ONE,)),
        "Борис Орлов": (5.0, 25.0, ()),
        "=HYPERLINK(1)": (3.25, pytest.approx(8.125), ()),
        "Clara O'Neil": (0.0, 0.0, ()),
    }


def test_weights_need_no_sum_and_a_lesson_without_one_weighs_nothing():
    weighed = {row.student: row.percent for row in term(RESULTS, Roster(), {ONE: 30, TWO: 10, "06_train_cnn": 60}).rows}
    assert weighed["Анна Петрова"] == pytest.approx((30 * 60 + 10 * 100) / 40)
    assert weighed["Борис Орлов"] == pytest.approx(30 * 50 / 40)
    alone = {row.student: row.percent for row in term(RESULTS, Roster(), {TWO: 1}).rows}
    assert (alone["Анна Петрова"], alone["Борис Орлов"]) == (100.0, 0.0)
    assert {row.percent for row in term(RESULTS, Roster(), {"06_train_cnn": 1}).rows} == {None}


def test_a_notebook_that_could_not_be_graded_never_becomes_a_silent_0():
    broken = ungraded(ONE, student="Борис Орлов", file="boris/b.ipynb")
    made = term(cohort(broken, marked("Борис Орлов", TWO, 20.0, 20.0)), Roster())
    assert (made.rows[0].total, made.rows[0].percent) == (None, None)
    assert "Борис Орлов,,,,?,20,?,?," in gradebook_csv(made, PLAIN)
    (better,) = term(cohort(broken, marked("Борис Орлов", ONE, 4.0)), Roster()).rows
    assert better.total == 4.0, "another notebook for the same lesson was graded"


def test_the_columns_are_those_of_the_contract_and_cells_are_no_formulas():
    table = list(csv.reader(io.StringIO(gradebook_csv(term(RESULTS, EVERYBODY), form("plain", "ru")))))
    assert table[0] == ["student", "id", "email", "section", ONE, TWO, "total", "percent", "late"]
    by_name = {row[0]: row[1:] for row in table[1:]}
    assert by_name["Анна Петрова"] == ["s1", "anna@example.org", "Группа 1", "6", "20", "26", "80", ONE]
    assert by_name["Борис Орлов"] == ["s2", "boris@example.org", "Группа 2", "5", "", "5", "25", ""]
    assert by_name["Clara O'Neil"] == ["s3", "clara@example.org", "Группа 1", "", "", "0", "0", ""]
    assert "'=HYPERLINK(1)" in by_name


def test_a_russian_excel_reads_every_number_as_one_and_every_name_as_it_is():
    table = as_russian_excel(gradebook_csv(term(RESULTS, EVERYBODY), form("excel", "ru")).encode())
    by_name = {row[0]: row[4:8] for row in table[1:]}
    assert by_name["Анна Петрова"] == [6.0, 20.0, 26.0, 80.0]
    assert by_name["'=HYPERLINK(1)"] == ["", 3.25, 3.25, 8.12]
    assert len({len(row) for row in table}) == 1


def test_an_english_excel_gets_commas_points_and_the_mark():
    raw = gradebook_csv(term(RESULTS, EVERYBODY), form("excel", "en")).encode()
    assert raw.startswith(b"\xef\xbb\xbfstudent,id,")
    assert b",3.25,3.25,8.12," in raw


def test_the_environment_chooses_the_language_of_the_tables_as_it_does_that_of_the_pages(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setenv("NCL_LANG", "ru")
    monkeypatch.setattr(verb, "grade", lambda paths, out, options: seen.append(options.beside) or 0)
    assert CliRunner().invoke(app, ["grade", str(tmp_path), "-o", str(tmp_path / "out")]).exit_code == 0
    assert (seen[0].form, seen[0].items_form) == (form("excel", "ru"), items_form("excel", "ru"))


def test_each_section_has_its_gradebook_and_its_report_whose_links_lead_to_the_feedback(tmp_path):
    made = term(RESULTS, EVERYBODY)
    write_term(made, EVERYBODY, RESULTS, tmp_path, PLAIN)
    first = (tmp_path / "sections" / "Группа 1" / "gradebook.csv").read_text("utf-8")
    assert ("Анна Петрова" in first, "Clara" in first, "Борис" in first) == (True, True, False)
    page = (tmp_path / "sections" / "Группа 1" / "report.html").read_text("utf-8")
    assert 'href="../../feedback/%D0%90' in page
    assert "Борис" not in page
    one, two = overview(made, EVERYBODY)
    assert (one.name, one.students, one.handed_in, one.mean) == ("Группа 1", 2, 1, 40.0)
    assert (two.name, two.students, two.handed_in, two.mean) == ("Группа 2", 1, 1, 25.0)


def test_a_sections_name_is_no_path(tmp_path):
    evil = roster([Person("1", "Анна Петрова", section="../../up"), Person("2", "Борис Орлов", section="a/b")])
    write_term(term(RESULTS, evil), evil, RESULTS, tmp_path / "out", PLAIN)
    assert not (tmp_path / "up").exists()
    assert {path.parent.name for path in tmp_path.rglob("*.csv")} - {"out"} == {
        path.name for path in (tmp_path / "out" / "sections").iterdir()
    }
    assert len(list((tmp_path / "out" / "sections").iterdir())) == 2
