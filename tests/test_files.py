"""A file is always either complete and old or complete and new, whatever happens in between."""

from __future__ import annotations

import os

import pytest

from ncl_course import files as module
from ncl_course.files import append_line, write_atomically


def test_a_file_is_written_with_its_missing_parent_folders(tmp_path):
    path = tmp_path / "a" / "b" / "file.txt"
    write_atomically(path, "Привет\n")
    assert path.read_bytes() == "Привет\n".encode()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
@pytest.mark.parametrize(("umask", "rights"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_a_files_rights_follow_the_umask(tmp_path, umask, rights):
    before = os.umask(umask)
    try:
        write_atomically(tmp_path / "results.json", "marks")
        append_line(tmp_path / "journal", "marks")
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {rights}


@pytest.mark.parametrize("name", ["a" * 255, "漢" * 85])
def test_a_file_may_have_the_longest_name_that_a_system_allows(tmp_path, name):
    write_atomically(tmp_path / name, "feedback")
    assert (tmp_path / name).read_text() == "feedback"


def test_bytes_are_written_unchanged(tmp_path):
    write_atomically(tmp_path / "images.npz", bytes(range(256)))
    assert (tmp_path / "images.npz").read_bytes() == bytes(range(256))


def test_a_text_can_come_in_pieces_and_keeps_its_line_endings(tmp_path):
    write_atomically(tmp_path / "marks.csv", (piece for piece in ("Аня,5\r\n", "Боря,4\n")))
    assert (tmp_path / "marks.csv").read_bytes() == "Аня,5\r\nБоря,4\n".encode()


def test_a_full_disk_leaves_the_old_file_and_no_temporary_file(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    write_atomically(path, "old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["results.json"]


def test_an_error_names_the_file_that_was_to_be_written(tmp_path):
    (tmp_path / "hand_in.zip").mkdir()
    with pytest.raises(OSError, match=r"hand_in\.zip") as raised:
        write_atomically(tmp_path / "hand_in.zip", "notebooks")
    assert raised.value.filename == str(tmp_path / "hand_in.zip")
    assert [one.name for one in tmp_path.iterdir()] == ["hand_in.zip"]


def test_lines_are_added_one_by_one(tmp_path):
    for line in ("one", "two"):
        append_line(tmp_path / "journal", line)
    assert (tmp_path / "journal").read_text() == "one\ntwo\n"


def test_no_line_is_added_through_a_link(tmp_path):
    (tmp_path / "other").write_text("theirs\n")
    (tmp_path / "journal").symlink_to(tmp_path / "other")
    with pytest.raises(OSError, match="symbolic links"):
        append_line(tmp_path / "journal", "ours")
    assert (tmp_path / "other").read_text() == "theirs\n"
