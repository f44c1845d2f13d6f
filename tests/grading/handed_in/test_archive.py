"""Zips are read in place, and harmful files are refused with a reason, one at a time."""

from __future__ import annotations

import stat
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from ncl_course.grading.handed_in import archive as module
from ncl_course.grading.handed_in import found as found_module
from ncl_course.grading.handed_in.archive import member_bytes, members
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.found import in_zip
from ncl_course.submission import notebook as notebook_module
from ncl_course.submission.errors import UnreadableNotebookError
from tests.grading.zips import entry, locked, notebook, packed, write_zip


def refused(path):
    """Return the reason for each file, by its last name."""
    return {member.name: member.refused for member in members(path)}


def test_a_plain_file_is_read_without_unpacking_anything(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"anna/01.ipynb": notebook(), "anna/": b""})
    (member,) = members(path)
    assert (member.parts, member.refused) == (("anna", "01.ipynb"), "")
    assert member_bytes(path, member.inside) == notebook()
    assert [one.name for one in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    "name",
    ["../evil.ipynb", "a/../../evil.ipynb", "/evil.ipynb", "C:\\evil.ipynb", "..\\evil.ipynb", "\\\\host\\evil.ipynb"],
)
def test_a_path_that_leads_out_is_refused(tmp_path, name):
    path = write_zip(tmp_path / "a.zip", {name: notebook(), "anna/good.ipynb": notebook()})
    assert "leads out of it" in refused(path)["evil.ipynb"]
    assert refused(path)["good.ipynb"] == ""
    with pytest.raises(UnreadableNotebookError, match="leads out of it"):
        member_bytes(path, members(path)[0].inside)
    assert not [*tmp_path.rglob("evil*"), *tmp_path.parent.glob("evil*")]


KINDS = [
    (stat.S_IFLNK, "This is a link"),
    (stat.S_IFIFO, "not an ordinary file"),
    (stat.S_IFCHR, "not an ordinary file"),
    (stat.S_IFSOCK, "not an ordinary file"),
]


@pytest.mark.parametrize(("kind", "why"), KINDS)
def test_links_pipes_and_devices_are_refused(tmp_path, kind, why):
    path = write_zip(tmp_path / "a.zip", [(entry("01.ipynb", kind), b"/etc/passwd")])
    assert why in refused(path)["01.ipynb"]
    with pytest.raises(UnreadableNotebookError, match=why):
        member_bytes(path, ("01.ipynb",))


def test_a_file_that_grows_absurdly_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = write_zip(tmp_path / "a.zip", {"bomb.ipynb": b"\0" * 50 * 2**20, "good.ipynb": notebook()})
    monkeypatch.setattr(zipfile.ZipFile, "open", None)  # reading any part of it would fail
    assert "grows to 1" in refused(path)["bomb.ipynb"]
    assert refused(path)["good.ipynb"] == ""


def test_a_file_that_is_larger_than_any_notebook_is_refused(tmp_path, monkeypatch):
    for place in (module, notebook_module):
        monkeypatch.setattr(place, "MAX_BYTES", 2**20)
    path = write_zip(tmp_path / "a.zip", {"large.ipynb": b"x" * 3 * 2**20}, zipfile.ZIP_STORED)
    (member,) = members(path)
    with pytest.raises(UnreadableNotebookError, match="has 3 MB"):
        member_bytes(path, member.inside)


def overlapping(content, count):
    """Return a zip in which so many files of different names are the same bytes."""
    raw = packed({"01.ipynb": content})
    start = raw.index(b"PK\x01\x02")
    end = raw.index(b"PK\x05\x06")
    names = [f"{number:02}.ipynb".encode() for number in range(1, count + 1)]
    listing = b"".join(raw[start:end].replace(b"01.ipynb", name) for name in names)
    sizes = struct.pack("<HHII", count, count, len(listing), start)
    return raw[:start] + listing + raw[end : end + 8] + sizes + raw[end + 20 :]


def test_listing_a_zip_reads_no_file_in_it_however_large_a_notebook_seems(tmp_path, monkeypatch):
    for place in (module, notebook_module):
        monkeypatch.setattr(place, "MAX_BYTES", 1_000)
    (tmp_path / "a.zip").write_bytes(overlapping(b"x" * 3_000, 90))
    with monkeypatch.context() as patched:
        patched.setattr(zipfile.ZipFile, "open", None)  # reading any part of it would fail
        (given,) = [in_zip(tmp_path / "a.zip")]
        assert len(given.files) == 90
    for one in given.files:
        with pytest.raises(UnreadableNotebookError, match=r"damaged|MB"):
            one.read()


def test_a_size_that_is_a_lie_gives_no_more_than_was_announced(tmp_path):
    raw = bytearray(packed({"01.ipynb": b"x" * 10_000}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = raw.find(mark) + offset
        raw[at : at + 4] = (10).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(UnreadableNotebookError, match="damaged"):
        member_bytes(tmp_path / "a.zip", ("01.ipynb",))


def test_too_long_a_list_of_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_MEMBERS", 3)
    path = write_zip(tmp_path / "a.zip", {f"{n}.ipynb": b"" for n in range(4)})
    with pytest.raises(UnreadableNotebookError, match="more than 3 files"):
        members(path)


def test_a_students_own_zip_may_list_fewer_files_than_the_cohorts(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_OWN", 3)
    path = write_zip(tmp_path / "a.zip", {"anna.zip": packed({f"{n}.ipynb": b"" for n in range(4)})})
    assert len(members(path)) == 1
    with pytest.raises(UnreadableNotebookError, match="more than 3 files"):
        members(path, ("anna.zip",))
    own = write_zip(tmp_path / "own.zip", {f"{n}.ipynb": b"" for n in range(4)})
    assert len(members(own, most=4)) == 4
    with pytest.raises(UnreadableNotebookError, match="more than 3 files"):
        members(own, most=3)


def test_a_list_of_files_that_is_too_long_is_refused_before_it_is_read(tmp_path, monkeypatch):
    files = {f"{n}.ipynb": b"" for n in range(40)}
    nested = write_zip(tmp_path / "a.zip", {"anna.zip": packed(files)})
    members(nested)
    path = write_zip(tmp_path / "b.zip", files)
    monkeypatch.setattr(module, "MAX_OWN", 3)
    monkeypatch.setattr(zipfile.ZipFile, "_RealGetContents", None)  # reading the list would fail
    for zipped, inside in ((nested, ("anna.zip",)), (path, ())):
        with pytest.raises(UnreadableNotebookError, match="more than 3 files"):
            members(zipped, inside, 3)


def test_a_zip_in_a_zip_is_unpacked_once_for_all_files_in_it(tmp_path, monkeypatch):
    files = {f"{n}.ipynb": notebook(f"x = {n}") for n in range(30)}
    path = write_zip(tmp_path / "a.zip", {"anna.zip": packed(files)})
    unpacked, read = [], module.member_bytes
    monkeypatch.setattr(module, "member_bytes", lambda path, inside: unpacked.append(inside) or read(path, inside))
    names = [one.name for one in members(path, ("anna.zip",))]
    assert [read(path, ("anna.zip", name)) for name in names] == list(files.values())
    assert unpacked == [("anna.zip",)]


def test_zips_in_a_zip_are_unpacked_once_as_long_as_there_is_room(tmp_path, monkeypatch):
    names = [f"{n}.zip" for n in range(20)]
    path = write_zip(tmp_path / "a.zip", {name: packed({"01.ipynb": notebook()}) for name in names})
    unpacked, read = [], module.member_bytes
    monkeypatch.setattr(module, "member_bytes", lambda path, inside: unpacked.append(inside[0]) or read(path, inside))

    def read_all_twice():
        unpacked.clear()
        assert [len(members(path, (name,))) for name in names * 2] == [1] * 40
        return unpacked

    assert read_all_twice() == names
    monkeypatch.setattr(module, "in_zip_on_disk", module.Unpacked(room=4 * module.MOST_OF_LIST))
    assert read_all_twice() == names * 2
    assert len(module.in_zip_on_disk.kept) == 3


def test_files_without_a_name_of_their_own_are_left_out(tmp_path):
    path = write_zip(tmp_path / "cohort.zip", {"..": b"x", ".": b"x", "cohort/anna/01_pooling.ipynb": notebook()})
    assert [(one.student, one.file) for one in collect([path])] == [("anna", "anna/01_pooling.ipynb")]


def test_whatever_error_a_students_zip_gives_it_affects_only_this_zip(tmp_path, monkeypatch):
    good, path = notebook(), tmp_path / "in"
    write_zip(path / "anna" / "my.zip", {"01_pooling.ipynb": good})
    write_zip(path / "zoe" / "my.zip", {"01_pooling.ipynb": good, "x/01_pooling.ipynb": good})

    def members_of_one(path, inside=(), most=None):
        return members(path, inside, most) if "zoe" in path.parts else 1 // 0

    monkeypatch.setattr(found_module, "members", members_of_one)
    found = collect([path])
    assert [one.student for one in found] == ["anna", "zoe", "zoe"]
    assert "ZeroDivisionError" in found[0].refused


ZIPS = [
    ["{who}/{n}.zip"],
    ["01_pooling/{who}/{n}.zip"],
    ["all/{who}_{id}_assignsubmission_file_/{n}.zip"],
    ["{who}_{id}_assignsubmission_file_{n}.zip"],
    ["{who}_{id}_{n}5_work{n}.zip"],
    ["{who}/a/{n}.zip", "{who}/{n}/a.zip"],
]
"""Places of the zips of two students. They have no other files."""


@pytest.mark.parametrize("forms", ZIPS)
@pytest.mark.parametrize("zipped", [False, True])
@pytest.mark.parametrize(("limit", "why"), [("PATIENCE", "more than 0 s"), ("MOST_LISTED", "more than 0 files")])
def test_listing_one_students_zips_has_limits_and_others_lose_nothing(tmp_path, monkeypatch, forms, zipped, limit, why):
    monkeypatch.setattr(found_module, limit, 0)
    hers = {form.format(who="anna", n=1, id=11) for form in forms[:1]}
    theirs = {form.format(who="mallory", n=n, id=12) for form in forms for n in range(1, 4)}
    content = packed({"01_pooling.ipynb": notebook()})
    path = write_zip(tmp_path / "all.zip", dict.fromkeys(sorted(hers | theirs), content))
    if not zipped:
        path = tmp_path / "in"
        with zipfile.ZipFile(tmp_path / "all.zip") as archive:
            archive.extractall(path)
    found = collect([path])
    assert {one.student for one in found} == {"anna", "mallory"}
    assert [one.refused for one in found if one.student == "anna"] == [""]
    refused = [one.refused for one in found if one.student == "mallory"]
    assert len(refused) == len(theirs)
    assert refused.count("") == 1
    assert all(why in reason for reason in refused if reason)


def test_a_password_is_said(tmp_path):
    (tmp_path / "a.zip").write_bytes(locked(packed({"01.ipynb": notebook()})))
    assert "asks for a password" in refused(tmp_path / "a.zip")["01.ipynb"]


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_other_ways_of_packing_are_refused(tmp_path, method):
    path = write_zip(tmp_path / "a.zip", {"01.ipynb": notebook()}, method)
    assert "compression method" in refused(path)["01.ipynb"]


def test_two_files_of_one_name_are_refused_both(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = write_zip(tmp_path / "a.zip", [("01.ipynb", notebook("a")), ("01.ipynb", notebook("b"))])
    assert ["two files of this name" in one.refused for one in members(path)] == [True, True]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + b"x" * 100, b"<html>"])
def test_what_is_no_zip_is_said(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UnreadableNotebookError, match="The zip is damaged"):
        members(tmp_path / "a.zip")


def test_damaged_contents_are_said_and_cost_nobody_else(tmp_path):
    raw = bytearray(packed({"bad.ipynb": b"x" * 1000, "good.ipynb": notebook()}, zipfile.ZIP_STORED))
    raw[100] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(raw)
    with pytest.raises(UnreadableNotebookError, match="The zip is damaged: Bad CRC"):
        member_bytes(tmp_path / "a.zip", ("bad.ipynb",))
    assert member_bytes(tmp_path / "a.zip", ("good.ipynb",)) == notebook()


def test_a_zip_in_a_zip_is_read_and_one_level_more_is_not(tmp_path):
    inner = packed({"01.ipynb": notebook(), "again.zip": packed({"02.ipynb": notebook()})})
    path = write_zip(tmp_path / "a.zip", {"anna.zip": inner})
    assert [one.parts for one in members(path, ("anna.zip",))] == [("01.ipynb",), ("again.zip",)]
    assert member_bytes(path, ("anna.zip", "01.ipynb")) == notebook()
    with pytest.raises(UnreadableNotebookError, match="a zip in a zip in a zip"):
        members(path, ("anna.zip", "again.zip"))


def test_a_zip_that_holds_itself_many_times_costs_little(tmp_path):
    inner = packed({f"{n}.ipynb": b"\0" * 2**21 for n in range(30)})
    path = write_zip(tmp_path / "a.zip", {f"{n}.zip": inner for n in range(30)})
    assert len(members(path, ("7.zip",))) == 30


@pytest.mark.parametrize("encoding", ["cp866", "utf-8"])
def test_cyrillic_names_of_old_windows_packers_are_read(tmp_path, encoding):
    raw = "Анна/01.ipynb".encode(encoding)
    path = write_zip(tmp_path / "a.zip", {"x" * len(raw): notebook()})
    path.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    (member,) = members(path)
    assert member.parts == ("Анна", "01.ipynb")
    assert member_bytes(path, member.inside) == notebook()


def test_a_zip_that_changed_on_the_disk_is_read_anew(tmp_path):
    path = write_zip(tmp_path / "a.zip", {"01.ipynb": notebook("first")})
    members(path)
    write_zip(path, {"01.ipynb": notebook("the second one")})
    assert member_bytes(path, ("01.ipynb",)) == notebook("the second one")


def test_several_threads_read_one_zip(tmp_path):
    files = {f"{n}.ipynb": notebook(f"x = {n}") for n in range(60)}
    path = write_zip(tmp_path / "a.zip", files)
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda name: member_bytes(path, (name,)), list(files) * 5))
    assert read == list(files.values()) * 5
