"""The built notebooks: what they contain, what they must not contain, and what nbgrader reads in them."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from ncl_course.authoring.notebook import assemble, in_language, to_text
from ncl_course.authoring.source import read
from ncl_course.authoring.variant import BEGIN, END, STUB, regions
from ncl_course.errors import LessonError
from ncl_course.exercises import EXERCISES
from ncl_course.language import LANGUAGES
from ncl_course.submission.lesson import MAP

LESSONS = sorted((Path(__file__).parents[2] / "lessons").glob("*.py"))
each_notebook = pytest.mark.parametrize(
    ("path", "lang"), [pytest.param(p, lang, id=f"{p.stem}-{lang}") for p in LESSONS for lang in LANGUAGES]
)


@each_notebook
def test_building_twice_gives_the_same_bytes(path, lang):
    assert to_text(assemble(read(path), lang, key=False)) == to_text(assemble(read(path), lang, key=False))


@each_notebook
def test_the_students_version_has_a_stub_for_each_solution_and_no_line_of_one(path, lang):
    lesson = read(path)
    student = to_text(assemble(lesson, lang, key=False))
    solved = [region for cell in lesson.cells for region in regions(cell.text)]
    assert student.count(STUB[1]) == len(solved)
    assert bool(solved) is (path.stem != MAP)
    assert BEGIN not in student
    assert END not in student
    given = "\n".join(cell.source for cell in assemble(lesson, lang, key=False).cells)
    lines = {line.strip() for region in solved for line in region.splitlines() if len(line.strip()) > 20}
    assert not [line for line in lines if line in given]


@each_notebook
def test_languages_differ_in_prose_and_in_one_line_of_code(path, lang):
    def code(language):
        return [c.source for c in assemble(read(path), language, key=True).cells if c.cell_type == "code"]

    differing = [
        (a, b)
        for one, other in zip(code("en"), code(lang), strict=True)
        for a, b in zip(one.splitlines(), other.splitlines(), strict=True)
        if a != b
    ]
    assert differing == ([] if lang == "en" else [('language("en")', f'language("{lang}")')])


@each_notebook
def test_test_cells_are_locked_tagged_and_carry_the_points_of_the_exercises(path, lang):
    cells = assemble(read(path), lang, key=False).cells
    graded = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    points = [part.points for e in EXERCISES if e.lesson == path.stem for part in e.parts]
    assert sorted(cell.metadata.nbgrader.points for cell in graded) == sorted(points)
    assert all(cell.metadata.nbgrader.locked and "raises-exception" in cell.metadata.tags for cell in graded)
    assert all(cell.source.startswith("check(") and cell.source.count("\n") == 0 for cell in graded)


@each_notebook
def test_solution_cells_are_open_and_grade_ids_are_unique(path, lang):
    about = [c.metadata.nbgrader for c in assemble(read(path), lang, key=True).cells if "nbgrader" in c.metadata]
    assert len({entry.grade_id for entry in about}) == len(about)
    assert all(entry.schema_version == 3 and entry.locked != entry.solution for entry in about)


@each_notebook
def test_cell_ids_are_those_of_the_source_and_valid(path, lang):
    notebook = assemble(read(path), lang, key=True)
    nbformat.validate(notebook)
    assert [cell.id for cell in notebook.cells] == [cell.id for cell in read(path).in_language(lang)]


def test_a_check_of_an_unknown_exercise_is_an_error_that_names_it(tmp_path):
    path = tmp_path / "01_pooling.py"
    path.write_text('# %% id="a" check="MinPool2d.forward"\ncheck(MinPool2d, "forward")\n')
    with pytest.raises(LessonError, match=r"01_pooling: a cell checks MinPool2d\.forward, but the lesson has no"):
        assemble(read(path), "en", key=True)


REGION = "    ### BEGIN SOLUTION\n    return 2\n    ### END SOLUTION\n"


def cell_of(folder, source, *, key):
    """Return the only cell of a lesson."""
    path = folder / "01_pooling.py"
    path.write_text(source, encoding="utf-8")
    (cell,) = assemble(read(path), "en", key=key).cells
    return cell


def test_a_cell_with_a_solution_is_a_solution_cell_for_nbgrader_even_without_a_check(tmp_path):
    cell = cell_of(tmp_path, f'# %% id="a" role="own"\ndef guess():\n{REGION}', key=True)
    assert cell.metadata.nbgrader.solution
    assert not cell.metadata.nbgrader.grade
    assert cell.metadata.ncl_course == {"role": "own"}


def test_a_cell_to_write_in_needs_a_solution_region_since_nbgrader_would_clear_the_whole_cell(tmp_path):
    with pytest.raises(LessonError, match=r"the cell 'a' solves guess, but it marks no solution"):
        cell_of(tmp_path, '# %% id="a" solves="guess"\ndef guess():\n    return 2\n', key=True)


def test_a_students_cell_has_the_metadata_of_a_release_and_a_keys_cell_that_of_a_source(tmp_path):
    source = f'# %% id="a" solves="guess"\ndef guess():\n{REGION}'
    student, key = (cell_of(tmp_path, source, key=is_key).metadata for is_key in (False, True))
    assert student.deletable is False
    assert student.nbgrader.cell_type == "code"
    assert len(student.nbgrader.checksum) == 32
    assert "editable" not in student
    assert key.keys() == {"nbgrader", "tags"}
    assert "checksum" not in key.nbgrader


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("import a\nfrom b import (\n    c,\n)", 'import a\nfrom b import (\n    c,\n)\n\nlanguage("ru")'),
        ("import a\n\nshow(a)", 'import a\n\nlanguage("ru")\nshow(a)'),
    ],
)
def test_the_language_is_chosen_after_the_imports_and_before_anything_is_shown(source, made):
    assert in_language(source, "ru") == made
