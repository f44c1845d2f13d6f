"""Each source gives the time of handing in; an uncertain time is not guessed."""

from __future__ import annotations

import os
import re
import zipfile
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ncl_course.grading.errors import PolicyError, SheetError
from ncl_course.grading.handed_in import archive
from ncl_course.grading.handed_in.collect import collect
from ncl_course.grading.handed_in.submission import Submission
from ncl_course.grading.marks.policy import Deadline, Policy
from ncl_course.grading.marks.timestamps import clock, moodle_time, read_times
from tests.grading import given_sheets as sheets
from tests.grading.zips import notebook, packed, write_zip

MOSCOW = ZoneInfo("Europe/Moscow")
LATE_EVENING = datetime(2026, 10, 12, 20, 41, tzinfo=UTC)


def submitted(submission, source, zone=MOSCOW):
    """Return when a submission of lesson 01 was handed in, by that source."""
    policy = Policy({"01_pooling": Deadline(timestamps=str(source))}, zone=zone)
    return clock(policy).submitted(submission, "01_pooling")


def only(path):
    """Return the one submission below a path."""
    (submission,) = collect([path])
    return submission


STAMPS = {
    "2026-10-12 20:41:00.000000 UTC": LATE_EVENING,
    "2026-10-12 20:41:00 UTC\n": LATE_EVENING,
    "2026-10-12 20:41:00": LATE_EVENING,
    "2026-10-12T22:41:00+02:00": LATE_EVENING,
    "2026-10-12 23:41:00 Europe/Moscow": LATE_EVENING,
    "2026-10-12 12:41:00 PST": None,
    "yesterday": None,
    "": None,
}


@pytest.mark.parametrize(("words", "moment"), STAMPS.items())
@pytest.mark.parametrize("place", ["anna/ps1/timestamp.txt", "anna/timestamp.txt"])
def test_nbgraders_stamp_is_read_beside_the_notebook_or_above(tmp_path, words, moment, place):
    path = tmp_path / "anna" / "ps1" / "01_pooling.ipynb"
    path.parent.mkdir(parents=True)
    path.write_bytes(notebook())
    (tmp_path / place).write_text(words)
    assert submitted(only(tmp_path), "nbgrader") == moment


def test_nbgraders_stamp_is_read_in_a_zip_and_never_through_a_link(tmp_path):
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr("anna/ps1/01_pooling.ipynb", notebook())
        archive.writestr("anna/ps1/timestamp.txt", "2026-10-12 20:41:00 UTC")
    assert submitted(only(tmp_path / "s.zip"), "nbgrader") == LATE_EVENING
    path = tmp_path / "boris" / "01_pooling.ipynb"
    path.parent.mkdir()
    path.write_bytes(notebook())
    (tmp_path / "elsewhere").write_text("2026-10-12 20:41:00 UTC")
    (path.parent / "timestamp.txt").symlink_to(tmp_path / "elsewhere")
    assert submitted(only(path.parent), "nbgrader") is None


EARLY, LATE = "2026-10-01 12:00:00 UTC", "2026-10-12 20:41:00 UTC"
OWN_STAMPS = {
    "a folder in the assignment": (
        {"anna/ps1/work/01_pooling.ipynb": None, "anna/ps1/work/timestamp.txt": EARLY},
        None,
    ),
    "beside the platform's": (
        {"anna/ps1/work/01_pooling.ipynb": None, "anna/ps1/work/timestamp.txt": EARLY, "anna/ps1/timestamp.txt": LATE},
        LATE_EVENING,
    ),
    "below the student's": (
        {"anna/early/01_pooling.ipynb": None, "anna/early/timestamp.txt": EARLY, "anna/timestamp.txt": LATE},
        LATE_EVENING,
    ),
    "one's own zip": ({"anna/ps1/work.zip/01_pooling.ipynb": None, "anna/ps1/work.zip/timestamp.txt": EARLY}, None),
    "one's own zip beside the platform's": (
        {
            "anna/ps1/work.zip/a/01_pooling.ipynb": None,
            "anna/ps1/work.zip/a/timestamp.txt": EARLY,
            "anna/ps1/work.zip/timestamp.txt": EARLY,
            "anna/ps1/timestamp.txt": LATE,
        },
        LATE_EVENING,
    ),
    "a zip as the student's folder": (
        {"anna.zip/ps1/01_pooling.ipynb": None, "anna.zip/ps1/timestamp.txt": EARLY},
        None,
    ),
    "Moodle": (
        {
            "Anna_1_assignsubmission_file_/01_pooling.ipynb": None,
            "Anna_1_assignsubmission_file_/timestamp.txt": EARLY,
        },
        None,
    ),
}


@pytest.mark.parametrize("packed_up", [False, True])
@pytest.mark.parametrize("case", OWN_STAMPS)
def test_no_stamp_counts_but_the_one_where_the_platform_puts_it(tmp_path, case, packed_up):
    files, moment = OWN_STAMPS[case]
    raw = {name: notebook() if said is None else said.encode() for name, said in files.items()}
    zips = {name.partition(".zip/")[0] + ".zip" for name in raw if ".zip/" in name}
    for name in zips:
        inner = {key.partition(".zip/")[2]: raw.pop(key) for key in [*raw] if key.startswith(f"{name}/")}
        raw[name] = packed(inner)
    if packed_up:
        path = write_zip(tmp_path / "class.zip", raw)
    else:
        path = tmp_path / "class"
        for name, content in raw.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(content)
    assert submitted(only(path), "nbgrader") == moment


def test_nbgraders_stamp_is_read_in_its_exchange_too(tmp_path):
    folder = "anna+hw1+2026-10-12 20:41:00.123456 UTC+ab"
    own = {f"{folder}/work/timestamp.txt": EARLY.encode(), f"{folder}/work/01_pooling.ipynb": notebook()}
    path = write_zip(tmp_path / "inbound.zip", {**own, f"{folder}/timestamp.txt": LATE.encode()})
    assert submitted(only(path), "nbgrader") == LATE_EVENING


DIGITS = b"20261012204100123"
DOWNLOADS = {
    "Brightspace": ({"397063-2557369 - Anna - Oct 12, 2026 1141 PM/01_pooling.ipynb": None}, LATE_EVENING),
    "Brightspace in Russian": ({"397063-2557369 - Анна - 12 окт. 2026 г. 2341/01_pooling.ipynb": None}, LATE_EVENING),
    "Brightspace, flat": ({"397063-2557369 - Anna - Oct 12, 2026 1141 PM - 01_pooling.ipynb": None}, LATE_EVENING),
    "Brightspace, a file that names a time": (
        {"397063-2557369 - Anna - Oct 12, 2026 1141 PM - x - Oct 1, 2026 100 PM - 01_pooling.ipynb": None},
        LATE_EVENING,
    ),
    "Brightspace, no time of day": ({"397063-2557369 - Anna - Oct 12, 2026 2561 PM/01_pooling.ipynb": None}, None),
    "Blackboard": ({"HW 1_anna_attempt_2026-10-12-23-41-00_01_pooling.ipynb": None}, LATE_EVENING),
    "Blackboard, a file that names a time": (
        {"HW 1_anna_attempt_2026-10-12-23-41-00_b_attempt_2026-10-01-10-00-00_01_pooling.ipynb": None},
        LATE_EVENING,
    ),
    "nbgrader's exchange": (
        {"anna+hw1+2026-10-12 20:41:00.123456 UTC+ab/01_pooling.ipynb": None},
        LATE_EVENING.replace(microsecond=123456),
    ),
    "Sakai": (
        {
            "Berg, Anna(aberg)/Submission attachment(s)/01_pooling.ipynb": None,
            "Berg, Anna(aberg)/timestamp.txt": DIGITS,
        },
        LATE_EVENING.replace(microsecond=0),
    ),
    "Sakai, a student's own": (
        {
            "Berg, Anna(aberg)/Submission attachment(s)/01_pooling.ipynb": None,
            "Berg, Anna(aberg)/Submission attachment(s)/timestamp.txt": DIGITS,
        },
        None,
    ),
    "Sakai, not a time": (
        {
            "Berg, Anna(aberg)/Submission attachment(s)/01_pooling.ipynb": None,
            "Berg, Anna(aberg)/timestamp.txt": b"\xff",
        },
        None,
    ),
    "Gradescope": (
        {
            "submission_1/01_pooling.ipynb": None,
            "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Anna\n"
            b"  :created_at: 2026-10-12 20:41:00.000000000 Z\n",
        },
        LATE_EVENING,
    ),
    "Gradescope with a zone": (
        {
            "submission_1/01_pooling.ipynb": None,
            "submission_metadata.yml": b"submission_1:\n  :submitters:\n  - :name: Anna\n"
            b"  :created_at: !ruby/object:ActiveSupport::TimeWithZone\n    utc: 2026-10-12 20:41:00 UTC\n",
        },
        LATE_EVENING,
    ),
    "Moodle": ({"Anna_1_assignsubmission_file_/01_pooling.ipynb": None}, None),
    "a plain folder": ({"anna/01_pooling.ipynb": None, "anna/timestamp.txt": DIGITS}, None),
}


@pytest.mark.parametrize(("files", "moment"), DOWNLOADS.values(), ids=DOWNLOADS)
def test_a_download_says_when_if_its_platform_does(tmp_path, files, moment):
    raw = {name: notebook() if content is None else content for name, content in files.items()}
    assert submitted(only(write_zip(tmp_path / "class.zip", raw)), "download") == moment


def test_a_files_own_time_counts_where_the_policy_says_so(tmp_path):
    path = tmp_path / "anna" / "01_pooling.ipynb"
    path.parent.mkdir()
    path.write_bytes(notebook())
    os.utime(path, (LATE_EVENING.timestamp(), LATE_EVENING.timestamp()))
    assert submitted(only(tmp_path), "files") == LATE_EVENING
    info = zipfile.ZipInfo("anna/01_pooling.ipynb", (2026, 10, 12, 23, 41, 0))
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        archive.writestr(info, notebook())
    assert submitted(only(tmp_path / "s.zip"), "files") == LATE_EVENING


def test_the_time_of_a_packed_file_is_taken_when_the_file_is_read_and_no_zip_is_unpacked_again(tmp_path, monkeypatch):
    own = [packed({"01_pooling.ipynb": notebook(f"a = {number}")}) for number in range(3)]
    class_zip = write_zip(tmp_path / "class.zip", {f"anna/{number}.zip": raw for number, raw in enumerate(own)})
    found = collect([class_zip])
    assert [one.reading.lesson for one in found] == ["01_pooling"] * 3

    def unpacked(*place):
        raise AssertionError(f"{place} is unpacked once more")

    monkeypatch.setattr(archive, "in_zip_on_disk", unpacked)
    assert None not in [submitted(one, "files") for one in found]


def test_a_file_that_is_gone_has_no_time(tmp_path):
    assert submitted(Submission("anna", tmp_path / "gone.ipynb", "gone.ipynb"), "files") is None
    assert submitted(Submission("anna", tmp_path / "gone.ipynb", "gone.ipynb"), "nbgrader") is None


def test_a_table_names_students_by_name_or_number_and_the_number_comes_first(tmp_path):
    path = tmp_path / "times.csv"
    path.write_text(
        "student,submitted,lesson\nAnna,2026-10-12 23:41,\n11,2026-10-12T20:40:00Z,01_pooling\n"
        "Boris,2026-10-12 23:42,02_activations\n",
        encoding="utf-8",
    )
    here = tmp_path / "x.ipynb"
    assert submitted(Submission("Anna", here, "x"), path) == LATE_EVENING
    assert submitted(Submission("Anna", here, "x", id="11"), path) == datetime(2026, 10, 12, 20, 40, tzinfo=UTC)
    assert submitted(Submission("Boris", here, "x"), path) is None


@pytest.mark.parametrize("content", [sheets.MOODLE_EN, sheets.MOODLE_RU])
def test_moodles_worksheet_says_when_in_english_and_russian(tmp_path, content):
    path = tmp_path / "sheet.csv"
    path.write_text(content, encoding="utf-8")
    times = read_times(path, MOSCOW)
    assert times["11", ""] == LATE_EVENING
    if content == sheets.MOODLE_EN:
        assert times["12", ""] == datetime(2026, 10, 14, 0, 5, tzinfo=MOSCOW)
        assert ("13", "") not in times


HALF_PAST = datetime(2026, 11, 3, 23, 41, tzinfo=MOSCOW)
SAID = [
    "Tuesday, 3 November 2026, 11:41 PM",
    "Tuesday, 3 November 2026, 11:41\u202fPM",
    "Tuesday,\u00a03\u2009November\u20072026, 11:41\u2009pm",
    "\u200eTuesday, 3 November 2026, 11:41 p.m.\u200f",
    "Tuesday, November 3, 2026, 11:41 PM",
    "Tuesday, November 3, 2026, 11:41\u202fPM",
    "Tuesday, 3 November 2026, 23:41",
    "3 November 2026, 23:41",
    "Tue, 3rd Nov 2026 at 11:41 PM",
    "вторник, 3 ноября 2026, 23:41",
    "вторник,\u00a03 ноября 2026\u202fг., 23:41",
    "Вт, 3 нояб. 2026 г. в 23:41",
]


@pytest.mark.parametrize("said", SAID)
def test_moodles_times_are_read_in_every_language_pack_that_is_known(said):
    assert moodle_time(said, MOSCOW) == HALF_PAST


@pytest.mark.parametrize(
    ("said", "hour"),
    [("12:05 AM", 0), ("12:05 PM", 12), ("12:05\u202fAM", 0), ("1:05 pm", 13), ("01:05 AM", 1), ("00:05", 0)],
)
def test_noon_and_midnight_are_told_apart(said, hour):
    assert moodle_time(f"Tuesday, November 3, 2026, {said}", MOSCOW) == datetime(2026, 11, 3, hour, 5, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    "said",
    [
        "03/11/2026, 23:41",
        "11/3/26, 11:41 PM",
        "Tuesday, November 31, 2026, 11:41 PM",
        "Tuesday, Novembre 3, 2026, 23:41",
        "3 No 2026, 23:41",
        "Tuesday, 3 November 2026, 13:41 PM",
        "Tuesday, 3 November 2026",
        "2026 November 3, 23:41",
    ],
)
def test_a_time_that_may_mean_something_else_is_not_guessed(tmp_path, said):
    path = tmp_path / "sheet.csv"
    path.write_text(sheets.MOODLE_EN.replace("Monday, 12 October 2026, 11:41 PM", said), encoding="utf-8")
    with pytest.raises(PolicyError, match=rf"line 2, 11: {re.escape(said)}"):
        read_times(path, MOSCOW)


def test_a_worksheet_with_narrow_spaces_and_excels_line_is_read(tmp_path):
    path = tmp_path / "sheet.csv"
    narrow = sheets.MOODLE_EN.replace(" PM", "\u202fPM").replace("Last modified (s", "Last\u00a0modified (s")
    path.write_text("sep=,\r\n" + narrow, encoding="utf-8-sig", newline="")
    assert read_times(path, MOSCOW)["11", ""] == LATE_EVENING
    path.write_text("sep=,\r\n" + narrow.replace("12 October", "42 October"), encoding="utf-8", newline="")
    with pytest.raises(PolicyError, match="line 3, 11: Monday, 42 October 2026"):
        read_times(path, MOSCOW)


@pytest.mark.parametrize(
    "said",
    [
        *("2026-10-12 23:41", "2026-10-12\u00a023:41", "\u202f2026-10-12 23:41\u200b"),
        *("12.10.2026 23:41", "12.10.2026 23:41:00", "2026/10/12 23:41", "2026-10-12, 23:41", "2026-10-12 23.41"),
        *("2026-10-12 20:41 UTC", "2026-10-12T20:41:00.000Z", "2026-10-12 23:41:00 +0300", "20261012T204100Z"),
        '"=""2026-10-12 23:41"""',
    ],
)
def test_a_table_of_times_may_be_in_a_spreadsheet_s_form(tmp_path, said):
    (tmp_path / "t.csv").write_text(f"sep=;\nstudent;submitted\nАнна;{said}\n", encoding="utf-8")
    assert read_times(tmp_path / "t.csv", MOSCOW) == {("Анна", ""): LATE_EVENING}


@pytest.mark.parametrize(
    ("content", "zone", "why"),
    [
        ("student,submitted\nAnna,2026-10-12 23:41\n", None, r"expected 2026-10-12 23:41 .*\n  line 2, Anna: 2026"),
        ("student,submitted\nAnna,2026-10-12\n", MOSCOW, "line 2, Anna: 2026-10-12"),
        ("student,submitted\nAnna,2026-10-12 23.5\n", MOSCOW, "line 2, Anna: 2026-10-12 23.5"),
        ("student,submitted\nAnna,10/12/2026 23:41\n", MOSCOW, "line 2, Anna: 10/12/2026 23:41"),
        ("student,submitted\nAnna,2026-10-12 23:61\n", MOSCOW, "line 2, Anna: 2026-10-12 23:61"),
        ("student,submitted,lesson\nAnna,2026-10-12 23:41,xx\n", MOSCOW, "line 2, Anna: xx 2026"),
        (sheets.MOODLE_EN, None, "the form of Moodle's English or Russian worksheet"),
        (sheets.MOODLE_EN.replace("October", "Octobre"), MOSCOW, "line 2, 11: Monday, 12 Octobre 2026"),
        (sheets.MOODLE_EN.replace("12 October", "42 October"), MOSCOW, "line 2, 11: Monday, 42 October 2026"),
        ("who,when\nAnna,x\n", MOSCOW, "expected the first line student,submitted,lesson"),
    ],
)
def test_times_that_are_not_understood_are_told_and_not_guessed(tmp_path, content, zone, why):
    path = tmp_path / "times.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PolicyError, match=why):
        read_times(path, zone)


def test_a_table_that_is_none_is_told(tmp_path):
    (tmp_path / "times.csv").write_text("")
    with pytest.raises(SheetError, match="no table"):
        read_times(tmp_path / "times.csv", MOSCOW)


def test_a_table_knows_of_those_whose_file_is_not_at_hand(tmp_path):
    (tmp_path / "t.csv").write_text("student,submitted,lesson\nanna,2026-10-12 23:41,01_pooling\n")
    policy = Policy({"01_pooling": Deadline(timestamps=str(tmp_path / "t.csv"))}, zone=MOSCOW)
    known = clock(policy)
    assert known.tabled(("", "anna"), "01_pooling") == LATE_EVENING
    assert known.tabled(("anna",), "02_activations") is known.tabled(("boris",), "01_pooling") is None
