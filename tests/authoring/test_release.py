"""The folder of a release: which files are written, which folders are refused, and which files are never touched."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ncl_course import cli, lab
from ncl_course.authoring.distribution import AS_THEY_ARE
from ncl_course.authoring.release import MANIFEST, release
from ncl_course.authoring.variant import strip
from ncl_course.errors import ReleaseError
from ncl_course.terminal import PROBLEMS, WRONG_USAGE
from tests.authoring.double import LESSON, WINDOW, notebook

ROOT = Path(__file__).parents[2]
RUNNER = CliRunner()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a course with one function, with a grader and an author's room."""
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "01_double.py").write_text(LESSON, encoding="utf-8")
    lists = ("constraints.txt", "environment.yml", "pyproject.toml")
    for name in (*AS_THEY_ARE, *lists):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    for name in (
        "__init__.py",
        "nn/layer.py",
        "grading/inside/worker.py",
        "authoring/build.py",
        "messages/en/release.toml",
    ):
        (tmp_path / "ncl_course" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "ncl_course" / name).write_text("# a file\n", encoding="utf-8")
    for lang in ("en", "ru"):
        (tmp_path / "notebooks" / lang).mkdir(parents=True)
        (tmp_path / "notebooks" / lang / "01_double.ipynb").write_bytes(notebook(strip(LESSON)))
    monkeypatch.setattr(lab, "ROOT", tmp_path)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_instructors_rooms_and_their_sentences_stay_at_home(course: Path) -> None:
    made = release(course, course / "out", ["en", "ru"])

    assert {name for name in made.written if name.startswith("ncl_course")} == {
        "ncl_course/__init__.py",
        "ncl_course/nn/layer.py",
    }
    assert files(course / "out") == set(made.written)


def test_a_release_in_one_language_has_only_its_notebooks_and_its_readme(course: Path) -> None:
    release(course, course / "out", ["ru"])
    makefile = (course / "out" / "Makefile").read_text(encoding="utf-8")

    assert [name for name in files(course / "out") if name.startswith("notebooks")] == ["notebooks/ru/01_double.ipynb"]
    assert (course / "out" / "README.md").read_text(encoding="utf-8").startswith("# Слои")
    assert "$(call open_lab,ru)" in makefile
    assert "open_lab,en" not in makefile


def test_a_release_in_english_alone_has_no_target_for_russian(course: Path) -> None:
    release(course, course / "out", ["en"])

    assert "lab-ru" not in (course / "out" / "Makefile").read_text(encoding="utf-8")


def test_a_solution_in_a_file_stops_the_whole_release_and_is_named(course: Path) -> None:
    (course / "ncl_course" / "nn" / "layer.py").write_text(f'"""{WINDOW}"""\n', encoding="utf-8")
    result = RUNNER.invoke(cli.app, ["release", str(course / "out")])

    assert result.exit_code == PROBLEMS
    assert (
        "ncl_course/nn/layer.py holds a solution's lines, 01_double (double): first = x + 0 / second" in result.stderr
    )
    assert "Nothing was written" in result.stderr
    assert not (course / "out").exists()


def test_the_verb_says_how_many_files_are_where(course: Path) -> None:
    result = RUNNER.invoke(cli.app, ["release", str(course / "out"), "--lang", "en"])

    assert result.exit_code == 0
    assert f"{len(files(course / 'out'))} files of the student's distribution are in {course / 'out'}." in result.output


def test_a_folder_that_is_not_empty_is_refused_and_left_as_it_is(course: Path) -> None:
    (course / "out").mkdir()
    (course / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    result = RUNNER.invoke(cli.app, ["release", str(course / "out")])

    assert result.exit_code == WRONG_USAGE
    assert "is not empty. Name a new folder; or, with --force," in result.stderr
    assert files(course / "out") == {"mine.txt"}


def test_a_repository_without_a_file_counts_as_empty(course: Path) -> None:
    (course / "out" / ".git").mkdir(parents=True)

    assert release(course, course / "out", ["en"]).written


def test_force_replaces_files_of_the_same_names_and_leaves_all_others(course: Path) -> None:
    (course / "out").mkdir()
    for name in ("README.md", "mine.txt"):
        (course / "out" / name).write_text("mine", encoding="utf-8")
    made = release(course, course / "out", ["en"], force=True)

    assert (course / "out" / "README.md").read_text(encoding="utf-8").startswith("# The non-conv")
    assert (course / "out" / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert made.removed == ()


def test_a_later_release_removes_files_that_it_no_longer_has_unless_someone_changed_them(course: Path) -> None:
    (course / "ncl_course" / "nn" / "old.py").write_text("# a file\n", encoding="utf-8")
    release(course, course / "out", ["en", "ru"])
    (course / "out" / "ncl_course" / "nn" / "old.py").write_text("# changed\n", encoding="utf-8")
    (course / "ncl_course" / "nn" / "old.py").unlink()
    result = RUNNER.invoke(cli.app, ["release", str(course / "out"), "--lang", "en", "--force"])

    assert "has them: notebooks/ru/01_double.ipynb\n" in result.output
    assert not (course / "out" / "notebooks" / "ru").exists()
    assert (course / "out" / "ncl_course" / "nn" / "old.py").read_text(encoding="utf-8") == "# changed\n"


def test_a_manifest_cannot_make_it_remove_files_elsewhere(course: Path) -> None:
    outside = course / "ncl_course" / "__init__.py"
    release(course, course / "out", ["en"])
    listed = (course / "out" / MANIFEST).read_text(encoding="utf-8")
    entry = next(line for line in listed.splitlines() if line.endswith("ncl_course/__init__.py"))
    (course / "out" / MANIFEST).write_text(entry.replace("ncl_course/", "../ncl_course/") + "\n", encoding="utf-8")
    made = release(course, course / "out", ["en"], force=True)

    assert outside.is_file()
    assert made.removed == ()


def test_sha256sum_confirms_every_file_in_the_manifest(course: Path) -> None:
    release(course, course / "out", ["en", "ru"])
    done = subprocess.run(
        ["sha256sum", "--strict", "--check", MANIFEST], cwd=course / "out", capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert len(done.stdout.splitlines()) == len(files(course / "out")) - 1


@pytest.mark.parametrize("where", [".", "other"])
def test_a_course_with_its_grader_is_never_overwritten(course: Path, where: str) -> None:
    (course / "other" / "ncl_course" / "grading").mkdir(parents=True)

    with pytest.raises(ReleaseError, match="holds the whole course with its grader"):
        release(course, course / where, ["en"], force=True)


def test_a_file_instead_of_a_folder_is_refused(course: Path) -> None:
    with pytest.raises(ReleaseError, match="LICENSE is a file"):
        release(course, course / "LICENSE", ["en"])


def test_without_notebooks_it_names_the_command_that_makes_them(course: Path) -> None:
    (course / "notebooks" / "ru" / "01_double.ipynb").unlink()

    with pytest.raises(ReleaseError, match=r"notebooks/ru/ holds no notebook\. `ncl-course build` makes them"):
        release(course, course / "out", ["en", "ru"])
