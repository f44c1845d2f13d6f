"""``ncl-course build`` writes each file to its place, refuses a key that fails, and finds every difference."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest

from ncl_course.authoring import build as build_module
from ncl_course.authoring.build import build
from ncl_course.authoring.execute import records
from ncl_course.exercises import find

ROOT = Path(__file__).parents[2]

LESSON = """\
# %% [markdown] id="title" lang="en"
# # Sizes
# %% [markdown] id="title" lang="ru"
# # Размеры
# %% id="setup" role="setup"
from ncl_course import check, language
# %% id="mine" solves="pool_output_size"
def pool_output_size(size, kernel_size, stride):
    ### BEGIN SOLUTION
    return (size - kernel_size) // stride + {one}
    ### END SOLUTION
# %% id="check-mine" check="pool_output_size.value"
check(pool_output_size)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a project with one small lesson, as if it were the only exercise of the course."""
    monkeypatch.setattr(build_module, "EXERCISES", (find("pool_output_size"),))

    def write(text):
        (tmp_path / "lessons").mkdir(exist_ok=True)
        (tmp_path / "lessons" / "01_pooling.py").write_text(text, encoding="utf-8")
        return tmp_path

    return write


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """Return the small lesson's project, built; a test that changes it works on a copy."""
    root = tmp_path_factory.mktemp("built")
    (root / "lessons").mkdir()
    (root / "lessons" / "01_pooling.py").write_text(LESSON.format(one=1), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_module, "EXERCISES", (find("pool_output_size"),))
        assert build(root) == []
    return root


@pytest.fixture
def built(project, once, tmp_path):
    """Return a copy of the built project."""
    return Path(shutil.copytree(once, tmp_path / "built"))


def test_a_build_writes_keys_with_outputs_and_students_versions_without(built):
    root = built
    key = nbformat.read(root / "solutions/ru/01_pooling.ipynb", as_version=4)
    assert records(key.cells[-1])[0]["verdict"] == "passed"
    assert "значение" in key.cells[-1].outputs[0].data["text/html"]
    student = nbformat.read(root / "notebooks/ru/01_pooling.ipynb", as_version=4)
    assert "raise NotImplementedError()" in student.cells[2].source
    assert student.cells[-1].outputs == []
    assert build(root, check=True) == []


def test_a_key_that_fails_its_check_is_refused_and_nothing_is_written(project):
    root = project(LESSON.format(one=0))
    problems = build(root)
    assert "solutions/en/01_pooling.ipynb: check-mine: the key does not pass this check" in problems
    assert not (root / "solutions").exists()
    assert not (root / "notebooks").exists()


def test_a_key_with_a_cell_that_raises_is_refused(project):
    (problem,) = build(project(LESSON.format(one=1) + '# %% id="boom"\n1 / 0\n'))
    assert re.search("01_pooling: a cell of the key fails(.|\n)*ZeroDivisionError", problem)


def test_check_finds_notebooks_that_were_edited_are_missing_or_belong_to_no_lesson(built):
    root = built
    student, key = root / "notebooks/en/01_pooling.ipynb", root / "solutions/ru/01_pooling.ipynb"
    student.write_text(student.read_text().replace("# Sizes", "# Sighs"))
    key.write_text(key.read_text().replace("+ 1", "+ 0"))
    (root / "solutions/en/01_pooling.ipynb").unlink()
    (root / "notebooks/en/99_stray.ipynb").write_text("{}")
    assert [problem.split(";")[0] for problem in build(root, check=True)] == [
        "solutions/en/01_pooling.ipynb is missing",
        "notebooks/en/01_pooling.ipynb differs from lessons/01_pooling.py",
        "solutions/ru/01_pooling.ipynb differs from lessons/01_pooling.py",
        "notebooks/en/99_stray.ipynb belongs to no lesson",
    ]


def test_check_ignores_a_keys_outputs_but_requires_that_its_checks_pass(built):
    root = built
    path = root / "solutions/en/01_pooling.ipynb"
    key = nbformat.read(path, as_version=4)
    key.cells[-1].outputs[0].data["text/plain"] = "something else"
    nbformat.write(key, path)
    assert build(root, check=True) == []
    key.cells[-1].outputs = []
    nbformat.write(key, path)
    assert build(root, check=True) == ["solutions/en/01_pooling.ipynb: check-mine: the key does not pass this check"]


def test_a_part_that_no_cell_checks_is_a_problem(project):
    root = project(LESSON.format(one=1).split('# %% id="check-mine"')[0])
    assert build(root) == ["01_pooling: pool_output_size.value is checked by 0 cells; write exactly one"]


def test_a_missing_twin_stops_the_build(project):
    root = project(LESSON.format(one=1).replace('# %% [markdown] id="title" lang="ru"\n# # Размеры\n', ""))
    assert build(root) == ["01_pooling: title is there in en; put its twins side by side: en, ru"]
    assert not (root / "notebooks").exists()


@pytest.mark.parametrize("name", ["solutions", "notebooks"])
def test_a_folder_that_cannot_be_written_is_reported_before_a_key_is_run(tmp_path, name, monkeypatch):
    monkeypatch.setattr(build_module, "execute", lambda *_: pytest.fail("a key was run"))
    (tmp_path / "lessons").mkdir()
    (tmp_path / name).write_text("a file where the folder should be")
    (problem,) = build(tmp_path)
    assert problem.startswith(f"{tmp_path / name} cannot be written: Not a directory. Run the command in a copy")


def test_a_folder_without_lessons_is_reported(tmp_path):
    assert build(tmp_path) == [f"there are no lessons in {tmp_path / 'lessons'}"]


MAP = """\
# %% id="setup" role="setup"
from ncl_course import course_map, language
# %% id="map" role="given"
course_map()
"""


def without_folder(key: Path) -> str:
    """Return a key without the folder it was run in, which its map names since it holds one lesson of six."""
    return re.sub(r"Not found in [^:]*:", "Not found:", key.read_text(encoding="utf-8"))


def test_the_map_is_built_last_and_shows_the_keys(project, monkeypatch):
    monkeypatch.setattr(build_module, "LESSONS", ("01_pooling",))
    root = project(LESSON.format(one=1))
    (root / "lessons" / "00_start.py").write_text(MAP, encoding="utf-8")
    made = []
    assert build(root, report=made.append) == []
    assert [Path(name).stem for name in made] == ["01_pooling"] * 4 + ["00_start"] * 4
    key = root / "solutions/en/00_start.ipynb"
    assert "    ✔ pool_output_size" in nbformat.read(key, as_version=4).cells[-1].outputs[0].data["text/plain"]
    before = without_folder(key)
    assert build(root, only="00_start") == []
    assert without_folder(key) == before


def test_the_map_is_not_written_if_a_key_that_it_shows_is_missing(tmp_path):
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "00_start.py").write_text(MAP, encoding="utf-8")
    assert "00_start shows solutions/ru/04_dropout.ipynb, which is missing; build that first" in build(tmp_path)
    assert not (tmp_path / "solutions").exists()


def test_building_one_lesson_leaves_the_others_alone(project):
    root = project(LESSON.format(one=1))
    (root / "lessons" / "02_activations.py").write_text("no lesson at all", encoding="utf-8")
    assert build(root, only="01_pooling") == []
    assert build(root, check=True, only="01_pooling") == []
    assert not (root / "notebooks/en/02_activations.ipynb").exists()
    assert build(root, check=True) != []
