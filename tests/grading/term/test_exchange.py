"""The folder for `nbgrader release_feedback`: a page for each collected notebook, beside its time and its secret."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ncl_course.grading.errors import GradingError
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.term.exchange import from_exchange, write_exchange
from ncl_course.grading.term.plan import Wanted, prepare


def collected(root: Path, student: str, lesson: str = "01_pooling", secret: str = "5ec2e7") -> Submission:
    """Return a notebook as `nbgrader collect` leaves it in the lecturer's folder."""
    folder = root / "submitted" / student / "en"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "timestamp.txt").write_text("2026-10-12 20:59:00.123 UTC", encoding="utf-8")
    if secret:
        (folder / "submission_secret.txt").write_text(secret, encoding="utf-8")
    path = folder / f"{lesson}.ipynb"
    path.write_text("{}", encoding="utf-8")
    return Submission(student, path, f"{student}/en/{lesson}.ipynb")


def page(root: Path, student: str) -> Path:
    """Return the page of a student."""
    path = root / f"{student}.html"
    path.write_text(f"for {student}", encoding="utf-8")
    return path


def test_each_notebook_gets_its_students_page_beside_the_time_and_the_secret_of_the_submission(tmp_path: Path) -> None:
    handed_in = [collected(tmp_path, "anna"), collected(tmp_path, "anna", "02_activations")]
    handed_in.append(collected(tmp_path, "boris", secret="0ther"))
    pages = {name: page(tmp_path, name) for name in ("anna", "boris", "clara")}

    assert write_exchange(pages, handed_in, tmp_path / "marks") == {"anna", "boris"}
    made = {str(path.relative_to(tmp_path / "marks")): path.read_text() for path in tmp_path.glob("marks/**/*.*")}
    assert made == {
        "exchange/anna/en/01_pooling.html": "for anna",
        "exchange/anna/en/02_activations.html": "for anna",
        "exchange/anna/en/timestamp.txt": "2026-10-12 20:59:00.123 UTC",
        "exchange/anna/en/submission_secret.txt": "5ec2e7",
        "exchange/boris/en/01_pooling.html": "for boris",
        "exchange/boris/en/timestamp.txt": "2026-10-12 20:59:00.123 UTC",
        "exchange/boris/en/submission_secret.txt": "0ther",
    }


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_a_student_can_read_the_copy_of_a_page_though_the_lecturers_files_are_private(tmp_path: Path) -> None:
    one, pages = collected(tmp_path, "anna"), {"anna": page(tmp_path, "anna")}
    before = os.umask(0o077)
    try:
        write_exchange(pages, [one], tmp_path)
    finally:
        os.umask(before)
    folder = tmp_path / "exchange" / "anna" / "en"
    assert (folder / "01_pooling.html").stat().st_mode & 0o777 == 0o644
    assert (folder / "submission_secret.txt").stat().st_mode & 0o777 == 0o600


def test_a_notebook_without_a_secret_or_in_a_folder_of_another_name_is_not_from_the_exchange(tmp_path: Path) -> None:
    assert from_exchange(collected(tmp_path, "anna"))
    assert not from_exchange(collected(tmp_path, "boris", secret=""))
    own = collected(tmp_path, "clara")
    assert not from_exchange(Submission("anna", own.path, own.file))


def test_a_linked_secret_is_not_read(tmp_path: Path) -> None:
    one = collected(tmp_path, "anna", secret="")
    (tmp_path / "private").write_text("the lecturer's", encoding="utf-8")
    (one.path.parent / "submission_secret.txt").symlink_to(tmp_path / "private")
    assert not from_exchange(one)


def test_the_wish_is_refused_before_grading_if_nbgrader_collected_nothing(tmp_path: Path) -> None:
    one = collected(tmp_path, "anna", secret="")
    with pytest.raises(GradingError, match=r"^--feedback-exchange: no notebook here was collected by nbgrader"):
        prepare(Wanted(feedback_exchange=True), tmp_path / "marks", [one])
