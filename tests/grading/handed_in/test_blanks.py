"""The blank notebooks of a repository of the course are left out; a student's work is not."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from ncl_course.grading.handed_in.blanks import without_blanks
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.maps import without_maps
from ncl_course.grading.options import Options
from ncl_course.grading.verb import WRONG_USAGE, grade
from tests.grading.zips import notebook, packed, write_zip

BLANK = {f"notebooks/{lang}/01_pooling.ipynb": notebook(f"# {lang}") for lang in ("en", "ru")}
MANIFEST = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in BLANK.items())
COURSE = {"MANIFEST.sha256": MANIFEST.encode(), "README.md": b"x", "ncl_course/__init__.py": b"", **BLANK}


def repository(folder, **more):
    """Make a student's clone; double underscores in a file's name stand for slashes."""
    own = {name.replace("__", "/") + ".ipynb": content for name, content in more.items()}
    for name, content in {**COURSE, **own}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def left(path):
    """Return the files that are graded, and the line."""
    kept, line = without_blanks(without_maps(collect([path])))
    return [one.file for one in kept], line


@pytest.fixture
def clones(tmp_path):
    """Three students: one wrote in work/, one in notebooks/, one nothing."""
    folder = tmp_path / "clones"
    repository(folder / "anna", work__en__01_pooling=notebook("# mine"))
    repository(folder / "boris", notebooks__en__01_pooling=notebook("# mine"))
    repository(folder / "clara")
    return folder


OWN = ["anna/work/en/01_pooling.ipynb", "boris/notebooks/en/01_pooling.ipynb"]


def test_untouched_blanks_are_left_out_and_who_has_nothing_else_is_named(clones):
    files, line = left(clones)
    assert files == OWN
    assert line.startswith("Left out: 5 blank notebooks")
    assert line.endswith("Nothing else was handed in by: clara")


def test_zipped_clones_are_read_alike(clones, tmp_path):
    files = {str(path.relative_to(clones)): path.read_bytes() for path in clones.rglob("*") if path.is_file()}
    assert left(write_zip(tmp_path / "all.zip", files)) == left(clones)


def test_one_clone_is_one_students(clones):
    assert left(clones / "anna")[0] == OWN[:1]
    assert [one.student for one in collect([clones / "boris"])] == ["boris", "boris"]


def test_a_list_of_files_in_an_inbox_does_not_make_it_one_students(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "MANIFEST.sha256").write_text(MANIFEST)
    for student in ("Anna", "Boris", "Clara"):
        (inbox / f"{student}_01_pooling.ipynb").write_bytes(notebook(f"# {student}"))
    assert [one.student for one in collect([inbox])] == ["Anna", "Boris", "Clara"]


def test_nor_does_it_where_no_name_of_a_file_tells_a_lesson(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "MANIFEST.sha256").write_text(MANIFEST)
    (inbox / "ncl_course").write_bytes(b"a file, since students cannot make folders there")
    for student in ("Anna", "Boris", "Clara"):
        (inbox / f"{student}.ipynb").write_bytes(notebook(f"# {student}"))
    (inbox / "Dora.zip").write_bytes(packed({"01_pooling.ipynb": notebook("# Dora")}))
    found = collect([inbox])
    assert [one.student for one in found] == ["Anna", "Boris", "Clara", "Dora"]
    assert not any(one.doubt for one in found)


def test_a_blank_copy_in_work_is_handed_in_and_counts(tmp_path):
    blank = BLANK["notebooks/en/01_pooling.ipynb"]
    assert left(repository(tmp_path / "all" / "anna", work__en__01_pooling=blank).parent)[0] == OWN[:1]


def test_where_no_repository_says_what_was_handed_out_all_are_graded(clones):
    (clones / "clara" / "MANIFEST.sha256").unlink()
    assert "clara/notebooks/en/01_pooling.ipynb" in left(clones)[0]
    shutil.rmtree(clones / "anna" / "notebooks")
    assert (
        left(clones)[1]
        == "Left out: 1 blank notebooks that come with the course and are unchanged in notebooks/ of the repositories."
    )


def test_with_blanks_alone_there_is_nothing_to_grade(clones, tmp_path, capsys):
    assert grade([clones / "clara"], tmp_path / "out", Options()) == WRONG_USAGE
    assert "Nothing else was handed in by: clara" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
