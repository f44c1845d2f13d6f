"""The gradebook's contents are on disk, and stay readable whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ncl_course.grading.entry import Entry, Status
from ncl_course.grading.errors import GradebookError
from ncl_course.grading.gradebook import Gradebook, load, set_aside
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.results import Run, merged, unmerged


def record(student="anna", file="anna/01_pooling.ipynb", score=5.0, status="graded", **more):
    """Return a submission's entry."""
    return Entry(
        student=student,
        lesson="01_pooling",
        file=file,
        status=Status(status),
        score=score,
        max_score=9.0,
        seconds=0.1,
        exercises=(),
        **more,
    )


def on_disk(folder):
    """Return the content of ``results.json``."""
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_each_result_is_on_disk_when_it_is_there(tmp_path):
    book = Gradebook(tmp_path, Run(7))
    for number in range(3):
        book.add(record(f"student{number}"))
        there = load(tmp_path)
        assert len(there.entries) == number + 1
    book.save()
    assert (on_disk(tmp_path)["schema"], on_disk(tmp_path)["seed"]) == (1, 7)


def test_between_whole_files_the_journal_holds_the_results(tmp_path):
    book = Gradebook(tmp_path, Run(7))
    book.save()
    book.cost = 1000.0
    book.add(record("anna"))
    book.add(record("boris", file="b"))
    assert on_disk(tmp_path)["submissions"] == []
    with book.journal.open("a") as file:
        file.write('{"student": "cut off in wri')
    assert sorted(student for student, _ in load(tmp_path).entries) == ["anna", "boris"]
    book.save()
    assert not book.journal.exists()
    assert len(on_disk(tmp_path)["submissions"]) == 2


def test_a_journal_that_ends_at_any_byte_gives_every_entry_whose_line_is_whole(tmp_path):
    book = Gradebook(tmp_path, Run(7))
    book.save()
    book.cost = 1000.0
    book.add(record("Аня"))
    book.add(record("boris", file="b"))
    whole = book.journal.read_bytes()
    for end in range(len(whole) + 1):
        book.journal.write_bytes(whole[:end])
        assert len(load(tmp_path).entries) == whole[:end].count(b"\n")


def test_results_stand_in_one_order_whatever_order_they_came_in(tmp_path):
    records = [record("clara", file="c"), record("anna", file="a"), record("boris", file="b")]
    assert merged(records) == merged(records[::-1])
    assert [entry.student for entry in merged(records)] == ["anna", "boris", "clara"]


def test_of_two_notebooks_the_higher_score_counts_and_both_are_named():
    low, high = record(file="anna/a.ipynb", score=2.0), record(file="anna/b.ipynb", score=6.5)
    (entry,) = merged([low, high])
    assert (entry.file, entry.score) == ("anna/b.ipynb", 6.5)
    assert entry.also == (low,)
    assert sorted(unmerged([entry]), key=lambda one: one.file) == [low, high]


def test_of_two_equal_notebooks_the_first_by_name_counts():
    records = [record(file="anna/b.ipynb"), record(file="anna/a.ipynb")]
    assert merged(records)[0].file == merged(records[::-1])[0].file == "anna/a.ipynb"


def test_what_could_not_be_graded_keeps_an_entry_of_its_own():
    broken = record(file="anna/b.ipynb", score=None, status="unreadable")
    assert [entry.status for entry in merged([record(), broken])] == ["graded", "unreadable"]


def test_a_graded_file_is_known_until_it_changes(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text("one")
    submission = Submission("anna", path, "anna/01_pooling.ipynb")
    book = Gradebook(tmp_path, Run(7), [record(sha256=submission.reading.sha256)])
    assert book.knows(submission)
    path.write_text("two")
    assert not book.knows(Submission("anna", path, "anna/01_pooling.ipynb"))
    assert not book.knows(Submission("boris", path, "boris/01_pooling.ipynb"))


def test_where_the_notebooks_beside_count_a_change_in_one_of_them_counts_too(tmp_path):
    for name in ("six", "one", "two"):
        (tmp_path / name).write_text(name)
    one, two, gone = (Submission("anna", tmp_path / name, name) for name in ("one", "two", "gone"))
    six = Submission("anna", tmp_path / "six", "anna/01_pooling.ipynb", beside=(one, two))
    book = Gradebook(tmp_path, Run(7), [record(sha256=six.reading.sha256, sha256_beside=six.digest_beside())])
    assert book.knows(six)
    assert book.knows(replace(six, beside=(gone, two, one)))
    assert not book.knows(replace(six, beside=(two,)))
    (tmp_path / "one").write_text("changed")
    anew = Submission("anna", tmp_path / "one", "one")
    assert not book.knows(replace(six, beside=(anew, two)))


def test_what_is_not_graded_is_tried_again(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text("one")
    submission = Submission("anna", path, "anna/01_pooling.ipynb")
    book = Gradebook(tmp_path, Run(7), [record(sha256=submission.reading.sha256, status="error", score=None)])
    assert not book.knows(submission)


NOT_OURS = [
    "",
    "{",
    "[]",
    '{"schema": 1}',
    '{"schema": 2, "seed": 1, "submissions": []}',
    '{"schema": 1, "seed": "x", "submissions": []}',
    '{"schema": 1, "seed": 1, "submissions": [3]}',
    '{"schema": 1, "seed": 1, "submissions": [{"student": "anna", "file": "a.ipynb", "status": "graded"}]}',
]


@pytest.mark.parametrize("content", NOT_OURS)
def test_a_gradebook_that_cannot_be_read_is_not_overwritten(tmp_path, content):
    (tmp_path / "results.json").write_text(content)
    with pytest.raises(GradebookError, match=r"results\.json cannot be read"):
        load(tmp_path)
    assert (tmp_path / "results.json").read_text() == content


def test_where_there_is_none_there_is_none(tmp_path):
    assert load(tmp_path) is None


def test_a_run_that_graded_nothing_takes_nothings_place(tmp_path):
    Gradebook(tmp_path, Run(1), [record()]).save()
    set_aside(tmp_path)
    Gradebook(tmp_path, Run(2)).save()
    assert set_aside(tmp_path) is None
    assert json.loads((tmp_path / "results.previous.json").read_text())["seed"] == 1


def test_an_earlier_runs_results_are_kept_beside(tmp_path):
    Gradebook(tmp_path, Run(1), [record()]).save()
    assert set_aside(tmp_path) == tmp_path / "results.previous.json"
    assert set_aside(tmp_path) is None
    assert not (tmp_path / "results.json").exists()
    assert json.loads((tmp_path / "results.previous.json").read_text())["seed"] == 1
