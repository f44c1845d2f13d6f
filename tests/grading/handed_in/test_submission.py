"""A notebook is opened and parsed once in a run, and a large cohort is not in memory all at once."""

from __future__ import annotations

import json
import pickle
import threading
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest

from ncl_course.grading.handed_in import submission as module
from ncl_course.grading.handed_in.blanks import without_blanks
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.lessons import of_lessons
from ncl_course.grading.handed_in.maps import without_maps
from ncl_course.grading.handed_in.submission import Reading, Shelf, Submission
from ncl_course.grading.options import Options
from ncl_course.grading.own import with_notebooks_beside
from ncl_course.grading.verb import FINE, grade
from tests.grading.conftest import write_notebook
from tests.grading.zips import notebook
from tests.patience import PATIENCE
from tests.submissions.pooling import SETUP, SIZE


@pytest.fixture
def opening(monkeypatch):
    """Count how often each file is read, and how often a notebook is parsed."""
    read, parsed = Counter(), Counter()
    of_bytes, of_file = module.parse, Submission.read

    def counted(raw, file):
        parsed[raw] += 1
        return of_bytes(raw, file)

    monkeypatch.setattr(module, "parse", counted)
    monkeypatch.setattr(Submission, "read", lambda one: read.update([one.file]) or of_file(one))
    return read, parsed


@pytest.fixture
def cohort(tmp_path):
    """A map, a notebook without metadata, one of lesson 06 with others beside it, and a file that is not a notebook."""
    folder = tmp_path / "cohort"
    write_notebook(folder / "anna" / "00_start.ipynb", "x = 1", lesson="00_start")
    for lesson in ("01_pooling", "02_activations", "06_train_cnn"):
        write_notebook(folder / "anna" / f"{lesson}.ipynb", f"x = '{lesson}'", lesson=lesson)
    write_notebook(folder / "boris" / "work.ipynb", SETUP, SIZE, lesson=None)
    (folder / "clara").mkdir()
    (folder / "clara" / "02_activations.ipynb").write_text("{")
    return folder


def test_sorting_grading_and_resuming_open_each_notebook_once(cohort, tmp_path, walls, opening):
    read, parsed = opening
    (cohort / "clara" / "02_activations.ipynb").unlink()
    quick = Options(timeout=5.0, memory=600, seed=7, lessons=("01_pooling", "06_train_cnn"))
    for resume in (False, True):
        read.clear()
        parsed.clear()
        assert grade([cohort], tmp_path / "out", replace(quick, resume=resume)) == FINE
        assert set(read) >= {"anna/01_pooling.ipynb", "anna/06_train_cnn.ipynb", "boris/work.ipynb"}
        assert max(read.values()) == max(parsed.values()) == 1


def test_what_sorts_a_submission_is_kept_also_where_it_cannot_be_read(cohort, opening):
    read, _ = opening
    found = without_blanks(without_maps(collect([cohort])))[0]
    for _ in range(2):
        found = of_lessons(with_notebooks_beside(found), ("02_activations", "06_train_cnn", "01_pooling"))
    assert [one.reading.lesson for one in found][-2:] == ["01_pooling", ""]
    assert found[-1].opened().notebook is None
    assert "JSON breaks" in found[-1].reading.why
    assert found[-1].reading.sha256
    assert max(read.values()) == 1


def test_several_threads_that_ask_at_once_open_it_once(tmp_path, opening):
    read, _ = opening
    one = Submission("anna", write_notebook(tmp_path / "a.ipynb", "x = 1"), "a.ipynb")
    together, found = threading.Barrier(8), []

    def ask():
        together.wait(PATIENCE)
        found.append(one.opened())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert read == {"a.ipynb": 1}
    assert len(found) == 8
    assert len(set(map(id, (each.notebook for each in found)))) == 1


def shelved(folder, count, length, room):
    """Return submissions of that many characters, on a shelf with that much room."""
    shelf, found = Shelf(room), []
    for number in range(count):
        path = folder / f"{number}.ipynb"
        path.write_bytes(notebook(f"# {number}" + "x" * length))
        found.append(Submission(f"s{number}", path, path.name, shelf=shelf))
    return found


def test_the_notebook_that_was_not_asked_for_longest_makes_room_and_is_read_again(tmp_path, opening):
    read, _ = opening
    first, *_, last = found = shelved(tmp_path, 5, 1_000, room=3_500)
    for one in found:
        assert one.opened().notebook is not None
        assert first.opened().notebook is not None
    assert read == {"0.ipynb": 1, "1.ipynb": 1, "2.ipynb": 1, "3.ipynb": 1, "4.ipynb": 1}
    assert (last.opened(), found[1].opened().notebook.sources[0][:3]) == (last.opened(), "# 1")
    assert (read["4.ipynb"], read["1.ipynb"]) == (1, 2)
    assert all(one.reading.lesson == "01_pooling" for one in found)


def test_a_notebook_that_was_changed_in_between_is_told_by_its_fingerprint(tmp_path):
    first, second = shelved(tmp_path, 2, 1_000, room=1)
    before = first.opened().reading
    second.opened()
    first.path.write_bytes(notebook("changed"))
    assert first.opened().notebook.sources == ("changed",)
    assert first.reading != before


def test_a_large_cohort_takes_no_more_memory_than_the_shelf(tmp_path):
    found = shelved(tmp_path, 300, 100_000, room=2 * 10**6)
    kept = []
    tracemalloc.start()
    try:
        for one in found:
            assert one.opened().notebook is not None
            kept.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert max(kept) < 5 * 10**6, "all of them are 30 MB"


def test_the_time_for_one_students_files_is_limited_and_others_lose_nothing(tmp_path, opening, monkeypatch):
    read, _ = opening
    monkeypatch.setattr(module, "PATIENCE", 0)
    shelf, found = Shelf(room=1), []
    for student in ("anna", "boris"):
        for number in range(3):
            path = tmp_path / f"{student}{number}.ipynb"
            path.write_bytes(notebook(f"# {number}" + student))
            found.append(Submission(student, path, path.name, shelf=shelf))
    assert [bool(one.opened().notebook) for one in found] == [True, False, False] * 2
    assert [one.reading.lesson for one in found] == ["01_pooling", "", ""] * 2
    assert "have taken more than 0 s of CPU time" in found[1].reading.why
    assert read == {"anna0.ipynb": 1, "boris0.ipynb": 1}


def test_the_time_of_the_parser_counts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "cpu_of_parsing", iter([5.0, 5.0 + module.PATIENCE, 0.0]).__next__)
    (one,) = shelved(tmp_path, 1, 10, room=100)
    one.opened()
    assert one.shelf.spent["s0", ""] >= module.PATIENCE


def test_namesakes_and_files_of_unknown_students_do_not_share_the_time(tmp_path, opening, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0)
    shelf, found = Shelf(room=1), []
    for folder, student, number in (("a", "anna", "1"), ("b", "anna", "2"), ("c", "", ""), ("d", "", "")):
        path = tmp_path / folder / "01_pooling.ipynb"
        path.parent.mkdir()
        path.write_bytes(notebook(folder))
        found.append(Submission(student, path, path.name, id=number, shelf=shelf))
    assert [one.reading.why for one in found] == [""] * 4


def test_a_shelf_travels_empty(tmp_path):
    (one,) = shelved(tmp_path, 1, 10, room=7)
    one.opened()
    there = pickle.loads(pickle.dumps(one))
    assert (there, there.shelf.room, there.shelf.readings) == (one, 7, {})
    assert there.opened() == one.opened()


def test_a_reading_says_what_a_file_is(tmp_path):
    (tmp_path / "map.ipynb").write_text(json.dumps({"nbformat": 4, "metadata": {}, "cells": []}))
    kinds = {
        "00_start.ipynb": Reading(lesson="", is_map=True),
        "01_pooling.ipynb": Reading(lesson="01_pooling"),
        "homework.ipynb": Reading(),
    }
    for file, wanted in kinds.items():
        found = Submission("anna", tmp_path / "map.ipynb", file).reading
        assert replace(found, sha256="") == wanted
    gone = Submission("anna", tmp_path / "gone.ipynb", "gone.ipynb").reading
    assert (gone.sha256, bool(gone.why)) == ("", True)
    assert Submission("anna", tmp_path, "x.ipynb", refused="no").reading == Reading(why="no")
