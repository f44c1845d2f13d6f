"""Situations of a term: students leave, join and pair up; sections, policies and sheets change; runs are stopped."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from ncl_course.grading.entry import ByHand
from ncl_course.grading.gradebook import Gradebook
from ncl_course.grading.marks.manual import Manual
from ncl_course.grading.marks.marking import Marking
from ncl_course.grading.marks.policy import Policy
from ncl_course.grading.reports.comparison import tell_changes
from ncl_course.grading.results import Results, Run, merged, results_text
from ncl_course.grading.term.credited import credited
from ncl_course.grading.term.form import PLAIN
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.plan import Plan, Wanted, prepare
from ncl_course.grading.term.remembered import Known, remember
from ncl_course.grading.term.roster import Person, Roster, read_roster, roster
from ncl_course.grading.term.written import gradebook_csv
from ncl_course.grading.verb import INTERRUPTED, run
from ncl_course.language import language
from tests.grading.term.cohort import cohort, marked
from tests.grading.term.test_filled import column, submission, whole_run

ONE, TWO = "01_pooling", "02_activations"
RESULTS = cohort(marked("anna", ONE, 6.0), marked("anna", TWO, 8.0), marked("clara", ONE, 2.0))
ROSTER = "id,name,email,section,group\n1,anna,,A,7\n2,boris,,A,7\n3,clara,,B,\n"


def ran(out: Path, content: str, results: Results = RESULTS, manual: tuple[Manual, ...] = ()) -> list[dict[str, str]]:
    """Write the reports of a run with that roster into a folder, and return the rows of its gradebook."""
    path = out.parent / "roster.csv"
    path.write_text(content, encoding="utf-8")
    plan = Plan(Wanted(form=PLAIN), Marking(None, manual, None), Known(roster=read_roster(path), roster_path=path))
    out.mkdir(exist_ok=True)
    (out / "results.json").write_text("".join(results_text(results)), encoding="utf-8")
    plan.remember(out)
    plan.tell(*plan.write(results, out, []))
    return list(csv.DictReader(io.StringIO((out / "gradebook.csv").read_text("utf-8"))))


def totals(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return the totals by student."""
    return {row["student"]: row["total"] for row in rows}


def test_a_student_who_drops_out_keeps_the_marks_and_is_named_as_not_on_the_roster(tmp_path, capsys):
    language("en")
    rows = ran(tmp_path / "out", ROSTER.replace("3,clara,,B,\n", ""))
    assert {row["student"]: (row["section"], row["total"]) for row in rows}["clara"] == ("", "2")
    assert "Not on the roster, so without a section (1): clara" in capsys.readouterr().err


def test_a_student_who_joins_has_a_row_before_anything_is_handed_in(tmp_path):
    rows = ran(tmp_path / "out", ROSTER + "4,dina,,B,\n")
    assert totals(rows) == {"anna": "14", "boris": "14", "clara": "2", "dina": "0"}


def test_a_section_that_is_renamed_leaves_no_old_marks_behind_and_no_file_of_a_person_is_removed(tmp_path):
    out = tmp_path / "out"
    ran(out, ROSTER)
    (out / "sections" / "B" / "notes.txt").write_text("mine")
    ran(out, ROSTER.replace(",A,", ",Group 1,").replace(",B,", ",Group 2,"))
    there = sorted(str(path.relative_to(out / "sections")) for path in (out / "sections").rglob("*.*"))
    assert there == [
        "B/notes.txt",
        "Group 1/gradebook.csv",
        "Group 1/report.html",
        "Group 2/gradebook.csv",
        "Group 2/report.html",
    ]


def test_after_a_change_of_partners_the_former_partner_has_neither_mark_nor_page(tmp_path):
    out = tmp_path / "out"
    assert totals(ran(out, ROSTER))["boris"] == "14"
    assert (out / "feedback" / "boris.html").exists()
    rows = ran(out, ROSTER.replace("2,boris,,A,7", "2,boris,,A,").replace("3,clara,,B,", "3,clara,,A,7"))
    assert totals(rows) == {"anna": "14", "boris": "0", "clara": "10"}, "clara's own pooling counts"
    assert sorted(path.stem for path in (out / "feedback").iterdir()) == ["anna", "clara"]


def test_the_change_of_partners_is_told_by_a_comparison_with_the_run_before(tmp_path, capsys):
    language("en")
    ran(tmp_path / "old", ROSTER)
    capsys.readouterr()
    new = ROSTER.replace("2,boris,,A,7", "2,boris,,A,").replace("3,clara,,B,", "3,clara,,A,7")
    ran(tmp_path / "new", new)
    remember(tmp_path / "new", Known(roster=read_roster(tmp_path / "roster.csv"), roster_path=tmp_path / "roster.csv"))
    capsys.readouterr()
    tell_changes(RESULTS, tmp_path / "old" / "results.json", tmp_path / "new")
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "boris, 01_pooling: 6 → – points. It is not in this run.",
        "boris, 02_activations: 8 → – points. It is not in this run.",
        "clara, 02_activations: – → 8 points. It was not in the earlier run.",
    ]


def test_a_partner_whose_name_is_that_of_another_without_the_patronymic_has_the_mark(tmp_path, capsys):
    language("en")
    people = "1,Анна Гринёва,,A,7\n2,boris,,A,7\n3,Анна Гринёва Сергеевна,,A,\n"
    rows = ran(tmp_path / "out", f"id,name,email,section,group\n{people}", cohort(marked("boris", ONE, 6.0)))
    assert {row["id"]: row["total"] for row in rows} == {"1": "6", "2": "6", "3": "0"}
    assert [row["section"] for row in rows] == ["A"] * 3
    assert "this name" not in capsys.readouterr().err


def test_a_regrade_of_one_lesson_is_compared_in_that_lesson_alone(tmp_path, capsys):
    language("en")
    ran(tmp_path / "out", ROSTER, cohort(marked("anna", ONE, 9.0), marked("clara", ONE, 2.0)))
    tell_changes(RESULTS, tmp_path / "old.json", tmp_path / "out", [ONE])
    said = capsys.readouterr().out
    assert "anna, 01_pooling: 6 → 9 points." in said
    assert TWO not in said


def test_a_comparison_keeps_the_sections_and_the_weights_of_the_overview(tmp_path):
    out, policy = tmp_path / "out", tmp_path / "policy.toml"
    policy.write_text(f"[weights]\n{ONE} = 3\n{TWO} = 1\n")
    (tmp_path / "roster.csv").write_text(ROSTER)
    plan = prepare(Wanted(policy=policy, roster=tmp_path / "roster.csv"), out, [])
    out.mkdir()
    (out / "results.json").write_text("".join(results_text(RESULTS)))
    plan.remember(out)
    plan.write(RESULTS, out, [])
    before = (out / "report.html").read_text("utf-8")
    tell_changes(cohort(marked("anna", ONE, 1.0)), tmp_path / "old.json", out)
    after = (out / "report.html").read_text("utf-8")
    assert '<td class="points">65.0</td>' in before
    assert '<td class="points">65.0</td>' in after
    assert "sections/A/report.html" in after
    assert "Changes since" in after


def test_points_by_hand_for_one_partner_change_that_partners_mark_alone_and_are_not_without_effect(tmp_path, capsys):
    language("en")
    line = Manual(2, "boris", ONE, "", -2.5, "read nothing of it")
    people = roster([Person("1", "anna", group="x"), Person("2", "boris", group="x")])
    given = replace(marked("anna", ONE, 6.0), manual=(ByHand("", 1.0, "good"),), final=7.0)
    found = {one.student: one for one in credited(cohort(given), people, [line]).submissions}
    assert (found["anna"].mark, found["boris"].mark) == (7.0, 4.5)
    assert [one.points for one in found["boris"].manual] == [1.0, -2.5]
    floor = credited(cohort(given), people, [replace(line, points=-99.0)]).submissions
    assert [one.mark for one in floor] == [7.0, 0.0]
    below = credited(cohort(given), people, [replace(line, points=-9.0)], Policy(below_zero=True)).submissions
    assert [one.mark for one in below] == [7.0, -2.0]
    book = Gradebook(tmp_path, Run(7), [given])
    Marking(None, (line,), None).settle(book, [], people)
    assert capsys.readouterr().err == ""
    Marking(None, (line,), None).settle(book, [], Roster())
    assert "boris has handed in nothing for 01_pooling" in capsys.readouterr().err


def test_points_by_hand_survive_a_regrade_into_the_same_folder(tmp_path):
    """A regrade begins with fresh entries; the file of points is read again."""
    line = Manual(2, "anna", ONE, "", 1.5, "a good derivation")
    book = Gradebook(tmp_path, Run(8), [marked("anna", ONE, 4.0)])
    Marking(None, (line,), None).settle(book, [])
    (only,) = book.results().submissions
    assert (only.score, only.mark) == (4.0, 5.5)


def test_a_lesson_handed_in_twice_counts_once_in_the_term_with_the_better_mark():
    twice = [replace(marked("anna", ONE, mark), file=f"anna/{name}.ipynb") for name, mark in (("a", 3.0), ("b", 7.0))]
    (only,) = term(replace(cohort(), submissions=merged(twice)), Roster()).rows
    assert (only.total, only.percent) == (7.0, 70.0)


def test_two_folders_of_results_become_one_by_grading_the_second_into_the_first(tmp_path):
    book = Gradebook(tmp_path, Run(7), [marked("anna", ONE, 6.0)])
    book.add(marked("anna", TWO, 8.0))
    (row,) = term(book.results(), Roster()).rows
    assert (sorted(row.marks), row.total) == ([ONE, TWO], 14.0)


CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,01_pooling (5),Calculus 01 (8),Old 02_activations (9),Final Score\n"
    ",,,,,Manual Posting,,,(read only)\n"
    "    Points Possible,,,,,10.00,5.00,(read only),(read only)\n"
    '"Petrova, Anna",11,,anna,A,,4.00,3.00,\n'
)


def test_a_canvas_sheet_with_the_column_of_another_course_a_muted_one_and_one_that_is_not_imported(tmp_path, capsys):
    language("en")
    found = cohort(marked("Anna Petrova", ONE, 7.0, id="11"), marked("Anna Petrova", TWO, 3.0, id="11"))
    made = whole_run(tmp_path, CANVAS, found)
    rows = list(csv.reader(io.StringIO(made)))
    assert [row[5:8] for row in rows[1:]] == [
        ["Manual Posting", "", ""],
        ["10.00", "5.00", "(read only)"],
        ["7.00", "4.00", "3.00"],
    ]
    assert column(made, "Final Score") == ["(read only)", "(read only)", ""]
    assert "no column for these lessons: 02_activations" in capsys.readouterr().err


class Stopped:
    """An executor that Ctrl-C stops after the first notebook."""

    def run(self, todo):
        """Yield the first entry, and then be stopped."""
        yield todo[0], marked("anna", ONE, 6.0)
        raise KeyboardInterrupt


class Finished:
    """An executor that grades the others."""

    def run(self, todo):
        """Yield an entry for each."""
        for one in todo:
            yield one, marked(one.student, ONE, 2.0)


def test_a_run_that_was_stopped_has_its_reports_and_the_next_one_knows_the_roster(tmp_path, capsys):
    language("en")
    (tmp_path / "roster.csv").write_text(ROSTER)
    out = tmp_path / "out"
    both = [submission(tmp_path, ONE, student) for student in ("anna", "clara")]
    book = Gradebook(out, Run(7))
    first = run(both, book, Stopped(), prepare(Wanted(roster=tmp_path / "roster.csv"), out, both))
    assert first == INTERRUPTED
    assert "boris,2,,A,6,6,60," in (out / "gradebook.csv").read_text()
    again = prepare(Wanted(), out, both, resume=True)
    assert "The roster of an earlier run into this folder still counts" in again.known.said[0]
    assert run(both[1:], Gradebook(out, Run(7), book.entries.values()), Finished(), again) == 0
    assert "clara,3,,B,2,2,20," in (out / "gradebook.csv").read_text()
    assert "Continue" not in capsys.readouterr().out


@pytest.mark.parametrize("weight", [0, 0.0])
def test_a_lesson_of_weight_0_changes_no_percentage(weight):
    rows = term(RESULTS, Roster(), {ONE: 2.0, TWO: weight}).rows
    assert {row.student: row.percent for row in rows} == {"anna": 60.0, "clara": 20.0}
    assert ",6,8,14,60," in gradebook_csv(term(RESULTS, Roster(), {ONE: 2.0, TWO: weight}), PLAIN)
