"""Questions for an oral defence: two for each student, on the student's own lines, the same in every run."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.reports.similar import oral_page
from ncl_course.grading.results import results_text
from ncl_course.grading.similar import verb
from ncl_course.grading.similar.oral import ASKED, IN_ALL, MOST_CODE, SIGNS, Defence, defence, within
from ncl_course.language import LANGUAGES, language, text
from tests.grading.conftest import write_notebook
from tests.grading.reports.test_reports import EVIL, entry, exercise, results
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE

LAYER = """class MaxPool2d(Layer):
    def forward(self, x):
        top = i * self.stride  # by Anna
        where = window.argmax(axis=(2, 3))
        y = window.max((2, 3), keepdims=True)
        return y
"""
WRONG = entry("anna", [exercise(misconceptions=["MaxPool2d.starts-at-zero"])])


def test_each_question_is_about_a_line_of_the_students_own_and_the_kinds_differ():
    found = defence("anna", [SETUP, LAYER])
    assert len(found.questions) == ASKED
    assert len({one.asked for one in found.questions}) == ASKED
    assert all(one.line in LAYER and one.exercise == "MaxPool2d" for one in found.questions)
    assert not any("Anna" in one.line for one in found.questions)
    assert defence("anna", [SETUP, LAYER]) == found


def test_a_line_with_the_stride_is_asked_about_a_stride_above_the_window():
    language("en")
    (only,) = defence("anna", ["class MaxPool2d(Layer):\n    def f(self):\n        top = i * self.stride\n"]).questions
    assert only.line == "top = i * self.stride"
    assert only.asked.startswith("What does this line do if stride > kernel_size")


def test_a_misconception_is_asked_about_first_and_a_line_of_code_second():
    first, second = defence("anna", [SETUP, LAYER], [WRONG]).questions
    assert first.line == ""
    assert second.line


def test_who_has_written_nothing_is_asked_nothing():
    assert defence("anna", [SETUP, "class MaxPool2d(Layer):\n    raise NotImplementedError()"]).questions == ()


def test_neighbours_get_different_questions():
    asked = {tuple(one.asked for one in defence(f"s{n}", [LAYER]).questions) for n in range(30)}
    assert len(asked) > 3


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", SIGNS)
def test_every_kind_of_line_has_its_question(kind, lang):
    assert text(f"grading.oral.{kind}", lang).endswith("?")


def test_the_page_holds_a_students_line_only_as_text():
    line = f"        top = i * self.stride + len('{EVIL}')\n"
    found = defence(EVIL, ["class MaxPool2d(Layer):\n    def f(self):\n" + line])
    page = oral_page([found, defence("nobody", [])])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_the_command_asks_about_the_misconceptions_in_the_marks(tmp_path):
    write_notebook(tmp_path / "all" / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "results.json").write_text("".join(results_text(results(WRONG))))
    command = ["similar", str(tmp_path / "all"), "-o", str(tmp_path / "out"), "--results", str(tmp_path / "marks")]
    done = CliRunner().invoke(cli.app, command)
    assert done.exit_code == 0, done.output
    page = (tmp_path / "out" / "oral.html").read_text("utf-8")
    assert "A check recognised this" in page
    assert page.count("<li>") == ASKED


def test_of_endless_code_a_bounded_part_is_read():
    endless = ["x += 1\n" * 30_000] * 50
    read = within(endless)
    assert (sum(map(len, read)), max(map(len, read)), within(["a", "b"])) == (IN_ALL, MOST_CODE, ["a", "b"])
    own = "def pool_output_size(size, kernel_size, stride):\n    return (size - kernel_size) // stride + 1\n"
    assert [one.exercise for one in defence("anna", [own, *endless]).questions] == ["pool_output_size"]
    assert defence("anna", [*endless, own]).questions == ()


def test_the_verb_keeps_no_more_of_a_student_than_it_reads(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(verb, "defence", lambda student, cells, _: seen.append(cells) or Defence(student, ()))
    for number in range(3):
        write_notebook(tmp_path / "anna" / f"{number}.ipynb", *["x = 1\n" * 3_000] * 10)
    verb.defences(collect([tmp_path]), None)
    assert sum(map(len, seen[0])) == IN_ALL
