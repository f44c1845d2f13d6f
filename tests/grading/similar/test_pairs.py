"""Renamed copies are found, honest work on the same skeleton is not, and no code is run."""

from __future__ import annotations

import csv
import io
import re

import pytest
from typer.testing import CliRunner

from ncl_course import cli, terminal
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.reports.html import script
from ncl_course.grading.reports.similar import pieces, similar_csv, similar_page
from ncl_course.grading.similar import pairs as module
from ncl_course.grading.similar import verb as similar_verb
from ncl_course.grading.similar.pairs import LEAST_CODE, find_alike, merged
from ncl_course.lab import course_root
from ncl_course.language import language
from tests.grading.conftest import write_notebook
from tests.submission.deep import DEEP
from tests.submissions.pooling import AVG, MAX, SETUP, SIZE
from tests.submissions.styles import WINDOWS

SKELETONS = course_root("notebooks") / "notebooks" / "en"
HONEST = """\
class MaxPool2d(Layer):
    def __init__(self, kernel_size, stride=None):
        self.size, self.step = kernel_size, stride or kernel_size

    def forward(self, x):
        blocks = []
        for top in range(0, x.shape[2] - self.size + 1, self.step):
            strip = x[:, :, top:top + self.size]
            lefts = range(0, x.shape[3] - self.size + 1, self.step)
            blocks.append(np.stack([strip[..., left:left + self.size].max((-2, -1)) for left in lefts], axis=-1))
        self.seen = x
        return np.stack(blocks, axis=2)
"""
NAMES = {"window": "patch", "top": "y0", "left": "x0", "OH": "rows", "OW": "columns", "dx": "gradient", "grad_out": "g"}


def renamed(source):
    """Return the same code by a student who has only changed names and comments."""
    for old, new in NAMES.items():
        source = re.sub(rf"\b{old}\b", new, source)
    return "# All my own work.\n" + source.replace("        y = ", "        # an empty result\n        y = ")


@pytest.fixture
def cohort(tmp_path):
    """Two copies, two honest students, one who has written nothing, and one whose file is broken."""
    folder = tmp_path / "cohort"
    write_notebook(folder / "anna" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    write_notebook(folder / "boris" / "01_pooling.ipynb", SETUP, AVG, renamed(MAX))
    write_notebook(folder / "clara" / "01_pooling.ipynb", SETUP, WINDOWS)
    write_notebook(folder / "dima" / "01_pooling.ipynb", SETUP, HONEST, "raise SystemExit('run me not')")
    (folder / "elena").mkdir()
    (folder / "elena" / "01_pooling.ipynb").write_bytes((SKELETONS / "01_pooling.ipynb").read_bytes())
    (folder / "fedor").mkdir()
    (folder / "fedor" / "01_pooling.ipynb").write_text("{")
    return folder


def alike(folder, threshold=0.5):
    """The result of the one lesson, and who was left out."""
    (lesson,), left_out = find_alike(collect([folder]), SKELETONS, threshold)
    return lesson, left_out


def test_a_renamed_copy_is_found_and_honest_work_is_not(cohort):
    lesson, left_out = alike(cohort)
    (pair,) = lesson.pairs
    assert {pair.first.student, pair.second.student} == {"anna", "boris"}
    assert pair.likeness > 0.9
    assert [submission.student for submission, _ in left_out] == ["fedor"]
    assert lesson.usual < 0.4


def test_the_skeleton_alone_is_no_solution(cohort):
    lesson, _ = alike(cohort)
    assert lesson.solutions == 4  # all but elena, who has written nothing, and fedor


def test_without_the_skeleton_taken_out_honest_work_looks_more_alike(cohort, tmp_path):
    def likeness(skeletons):
        (lesson,), _ = find_alike(collect([cohort / "anna", cohort / "elena"]), skeletons, 0.05)
        return max((pair.likeness for pair in lesson.pairs), default=0.0)

    assert likeness(tmp_path) > likeness(SKELETONS)


def test_a_students_own_two_notebooks_are_no_pair(tmp_path):
    for name in ("01_pooling.ipynb", "01_pooling-Copy1.ipynb"):
        write_notebook(tmp_path / "anna" / name, SETUP, SIZE, MAX, AVG)
    assert alike(tmp_path)[0].pairs == ()


def test_the_one_notebook_of_a_group_is_no_pair(tmp_path):
    people = "submission_1:\n  :submitters:\n  - :name: Anna\n  - :name: Boris\n"
    write_notebook(tmp_path / "submission_1" / "01_pooling.ipynb", SETUP, SIZE, MAX, AVG)
    (tmp_path / "submission_metadata.yml").write_text(people, encoding="utf-8")
    lesson, _ = alike(tmp_path)
    assert (lesson.solutions, lesson.pairs) == (2, ())


def test_the_shared_code_is_marked_on_both_sides_and_nothing_is_lost(cohort):
    (pair,) = alike(cohort)[0].pairs
    for side, solution in enumerate((pair.first, pair.second)):
        cut = pieces(pair, side)
        assert "".join(piece.code for piece in cut) == solution.code
        shared = sum(len(piece.code) for piece in cut if piece.shared)
        assert shared > LEAST_CODE
    assert "while" not in pair.first.code


def test_spans_are_in_order_and_apart():
    slices = module.detector().utils.np.array([[30, 0, 8, 90], [40, 10, 20, 200]])
    assert merged(slices, 100) == ((0, 20), (30, 40), (90, 100))
    assert merged(slices[:, :0], 100) == ()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_page_and_the_table_show_the_pair_and_escape_what_students_wrote(cohort, lang):
    language(lang)
    evil = cohort.parent / "evil"
    for name in ("=cmd", "<b>x"):
        write_notebook(evil / name / "01_pooling.ipynb", SETUP, MAX + "\n# <script>alert(1)</script>\n", AVG)
    found, left_out = find_alike(collect([evil]), SKELETONS, 0.5)
    page = similar_page(found, left_out, 0.5)
    assert page.replace(f"<script>{script()}</script>", "").count("<script") == 0
    assert "<b>x" not in page
    assert "<mark>" in page
    rows = list(csv.reader(io.StringIO(similar_csv(found), newline="")))
    assert "'=cmd" in rows[1]
    assert rows[1][:2] == ["01_pooling", "1.000"]


def test_the_verb_writes_both_files_and_names_the_pair(cohort, tmp_path, capsys):
    similar_verb.similar([cohort], tmp_path / "out", 0.5)
    said = capsys.readouterr()
    assert "1 similar pairs among 4 solutions" in said.out
    assert "anna · boris" in said.out
    assert "fedor/01_pooling.ipynb: The file is not a notebook" in said.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["oral.html", "similar.csv", "similar.html"]


def test_a_missing_library_is_said_with_the_line_that_installs_it(cohort, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "copydetect", None)
    done = CliRunner().invoke(cli.app, ["similar", str(cohort), "-o", str(tmp_path / "out")])
    assert done.exit_code == terminal.WRONG_USAGE
    assert "The package copydetect is missing" in done.output
    assert '-m pip install -c constraints.txt -e ".[instructor]"' in done.output


def test_the_command_compares_and_wrong_usage_is_said(cohort, tmp_path):
    done = CliRunner().invoke(cli.app, ["similar", str(cohort), "-o", str(tmp_path / "out"), "--lang", "ru"])
    assert done.exit_code == 0
    assert "похожих пар: 1" in done.output
    lost = CliRunner().invoke(cli.app, ["similar", str(tmp_path / "nowhere"), "-o", str(tmp_path / "out")])
    assert lost.exit_code == terminal.WRONG_USAGE
    assert "There is no" in lost.output


def test_names_and_code_that_utf8_cannot_write_are_no_obstacle(tmp_path):
    for student in ("anna", "boris"):
        write_notebook(tmp_path / "all" / student / "01_pooling.ipynb", SETUP, MAX + 'odd = "\ud800"\n')
    (tmp_path / "all" / "clara").mkdir()
    (tmp_path / "all" / "clara" / "\udcff.ipynb").write_text("{")
    done = CliRunner().invoke(cli.app, ["similar", str(tmp_path / "all"), "-o", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert r"clara/\xff.ipynb" in (tmp_path / "out" / "similar.html").read_text(encoding="utf-8")


def test_a_lesson_of_one_solution_says_that_there_is_nothing_to_compare(tmp_path):
    write_notebook(tmp_path / "all" / "anna" / "01_pooling.ipynb", SETUP, MAX)
    done = CliRunner().invoke(cli.app, ["similar", str(tmp_path / "all"), "-o", str(tmp_path / "out")])
    assert "01_pooling: there is nothing to compare" in done.output


def test_cells_that_no_parser_likes_are_compared_like_others(tmp_path):
    deep = [cell[:7_000] for cell in DEEP.values()]  # together they stay below the limit of compared characters
    for name in ("anna", "boris"):
        write_notebook(tmp_path / "all" / name / "work.ipynb", SETUP, MAX, *deep, lesson=None)
    ((lesson,), left_out) = find_alike(collect([tmp_path / "all"]), SKELETONS, 0.5)
    assert (lesson.lesson, lesson.solutions, len(lesson.pairs), left_out) == ("01_pooling", 2, 1, [])


def test_a_submission_that_the_library_breaks_down_over_is_named_and_costs_nobody_else(cohort, monkeypatch):
    prints = module.own_prints

    def breaks(code, given):
        if HONEST.strip() in code:
            raise RecursionError
        return prints(code, given)

    monkeypatch.setattr(module, "own_prints", breaks)
    (lesson,), left_out = find_alike(collect([cohort]), SKELETONS, 0.5)
    (why,) = [why for submission, why in left_out if submission.student == "dima"]
    assert "RecursionError" in why
    assert [(pair.first.student, pair.second.student) for pair in lesson.pairs] == [("anna", "boris")]


def test_code_that_would_take_minutes_is_left_out_with_a_sentence_and_costs_nobody_else(cohort):
    line = "x = [(1, 2), {3: 4}]\n"
    write_notebook(cohort / "grisha" / "01_pooling.ipynb", *[line * 5_000] * 3)
    for number in range(4):
        write_notebook(cohort / "kira" / f"01_pooling_{number}.ipynb", f"{MAX}y = {number}\n" + line * 3_000)
    (lesson,), left_out = find_alike(collect([cohort]), SKELETONS, 0.5)
    long = [(submission.file, why) for submission, why in left_out if submission.student in ("grisha", "kira")]
    assert [file for file, _ in long] == ["grisha/01_pooling.ipynb", "kira/01_pooling_3.ipynb"]
    assert all("of one student's code in a lesson, up to 200000 characters" in why for _, why in long)
    assert ("anna", "boris") in [(pair.first.student, pair.second.student) for pair in lesson.pairs]


def test_lines_of_spaces_cost_no_more_than_empty_ones():
    code = module.code_of(["x = 1 \n" + "   \f\u3000\n" * 20_000 + "y = 2\t", "z = 3"])
    assert code == "x = 1\n" + "\n" * 20_000 + "y = 2\n\nz = 3\n"
    assert module.own_prints(code, frozenset()).filtered_code  # with the spaces this takes minutes


def test_a_long_line_costs_no_more_than_many_short_ones():
    code = module.code_of(["x = '" + "\\N{" * 50_000])
    assert code == ("x = '" + "\\N{" * 332)[:1_000] + "\n"
    many = module.code_of([("x = '" + "\\N{" * 332 + "\n") * 150])
    assert module.own_prints(many, frozenset()).filtered_code
