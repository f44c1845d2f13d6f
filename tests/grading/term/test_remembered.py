"""The policy and the roster of a run are remembered in its folder, also if their files are gone."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ncl_course.grading.errors import PolicyError
from ncl_course.grading.marks.timestamps import clock
from ncl_course.grading.term.remembered import FOLDER, FROM, known, remember

POLICY = """timezone = "Europe/Moscow"
timestamps = "tables/times.csv"
[late]
percent = 10
[lessons.01_pooling]
due = 2026-10-12T23:59:00
[weights]
01_pooling = 3
"""
TIMES = "student,submitted\nanna,2026-10-13 10:00\n"


@pytest.fixture
def given(tmp_path):
    """Return a folder with a policy, its table and a roster."""
    (tmp_path / "given" / "tables").mkdir(parents=True)
    (tmp_path / "given" / "policy.toml").write_text(POLICY)
    (tmp_path / "given" / "tables" / "times.csv").write_text(TIMES)
    (tmp_path / "given" / "roster.csv").write_text("id,name,section\n1,anna,A\n")
    return tmp_path / "given"


def first_run(given, out):
    """Do what a run does with the files that it was given."""
    now = known(out, given / "policy.toml", given / "roster.csv")
    assert now.said == ()
    remember(out, now)


def test_nothing_given_and_nothing_remembered_is_nothing(tmp_path):
    now = known(tmp_path, None, None)
    remember(tmp_path, now)
    assert (now.policy, now.roster.people, now.said) == (None, (), ())
    assert list(tmp_path.iterdir()) == []


def test_a_later_run_without_them_keeps_both_and_says_so(given, tmp_path):
    out = tmp_path / "out"
    first_run(given, out)
    now = known(out, None, None)
    assert now.policy is not None
    assert now.policy.weights == {"01_pooling": 3.0}
    assert now.roster.of(["anna"]).section == "A"
    assert [str(given / name) in line for name, line in zip(("policy.toml", "roster.csv"), now.said, strict=True)] == [
        True,
        True,
    ]
    assert all(str(out / FOLDER) in line for line in now.said), "how to forget it"


def test_a_change_of_the_file_counts_in_the_next_run(given, tmp_path):
    first_run(given, tmp_path / "out")
    (given / "policy.toml").write_text(POLICY.replace("01_pooling = 3", "01_pooling = 4"))
    now = known(tmp_path / "out", None, None)
    assert now.policy is not None
    assert now.policy.weights == {"01_pooling": 4.0}


def test_the_copies_serve_if_the_files_are_gone_and_again_in_the_run_after_that(given, tmp_path):
    out = tmp_path / "out"
    first_run(given, out)
    shutil.rmtree(given)
    for _ in range(2):
        now = known(out, None, None)
        assert now.policy is not None
        assert clock(now.policy).tabled(["anna"], "01_pooling") == datetime(2026, 10, 13, 7, 0, tzinfo=UTC)
        assert now.roster.of(["anna"]).section == "A"
        assert str(out / FOLDER / "policy.toml") in now.said[0]
        remember(out, now)


@pytest.mark.parametrize("name", ["policy.toml", "roster.csv"])
def test_a_copy_replaces_a_link_and_is_not_written_through_it(given, tmp_path, name):
    theirs = tmp_path / "theirs"
    theirs.write_text("theirs")
    (tmp_path / "out" / FOLDER).mkdir(parents=True)
    (tmp_path / "out" / FOLDER / name).symlink_to(theirs)
    first_run(given, tmp_path / "out")
    assert theirs.read_text() == "theirs"
    assert (tmp_path / "out" / FOLDER / name).read_text() == (given / name).read_text()


def test_another_policy_replaces_the_first_and_the_roster_stays(given, tmp_path):
    out = tmp_path / "out"
    first_run(given, out)
    (tmp_path / "new.toml").write_text("[weights]\n02_activations = 1\n")
    now = known(out, tmp_path / "new.toml", None)
    remember(out, now)
    again = known(out, None, None)
    assert again.policy is not None
    assert again.policy.weights == {"02_activations": 1.0}
    assert again.roster.people


@pytest.mark.parametrize("content", ["{", "[]", '{"policy": 3}', '{"tables": [1]}', "[" * 100_000, "1" * 5_000])
def test_a_damaged_note_is_told_and_never_ignored(tmp_path, content):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FROM).write_text(content)
    with pytest.raises(PolicyError, match="Remove this file"):
        known(tmp_path, None, None)


def test_the_note_holds_whole_paths(given, tmp_path, monkeypatch):
    monkeypatch.chdir(given)
    remember(tmp_path / "out", known(tmp_path / "out", Path("policy.toml"), None))
    note = json.loads((tmp_path / "out" / FOLDER / FROM).read_text())
    assert note["policy"] == str(given / "policy.toml")
