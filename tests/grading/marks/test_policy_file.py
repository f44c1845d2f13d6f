"""A policy's mistakes are told line by line, with what was expected, and its example is right."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from ncl_course import cli
from ncl_course.grading.errors import PolicyError
from ncl_course.grading.marks.policy import Step
from ncl_course.grading.marks.policy_file import PENALTY, example, read_policy
from ncl_course.language import LANGUAGES, language


def read(tmp_path, content):
    """Read a policy with that content."""
    path = tmp_path / "policy.toml"
    path.write_text(content, encoding="utf-8")
    return read_policy(path)


@pytest.mark.parametrize(("lang", "zone", "hours"), [("en", "Europe/Berlin", 2), ("ru", "Europe/Moscow", 3)])
def test_the_example_is_a_policy_in_which_every_key_is_understood(tmp_path, lang, zone, hours):
    language(lang)
    found = read(tmp_path, example())
    language("en")
    assert found == read(tmp_path, example().replace("Europe/Berlin", zone).replace("+02:00", f"+0{hours}:00"))
    first, second = found.deadlines["01_pooling"], found.deadlines["02_activations"]
    assert first.due.utcoffset() == timedelta(hours=hours)
    assert (first.penalty.percent, first.penalty.at_most, first.timestamps) == (10, 50, "nbgrader")
    assert (second.penalty.steps, second.penalty.grace_minutes, second.timestamps) == ((Step(0, 20),), 0, "files")
    assert [extension.days for extension in found.extensions] == [0, 7]


def test_the_example_names_every_key_of_a_penalty():
    assert all(key in example() for key in PENALTY)


def test_a_lesson_takes_from_late_what_it_does_not_say_itself(tmp_path):
    shared = "[late]\ngrace_minutes = 5\npercent = 10\nper = 'hour'\nat_most = 30\n"
    more = "due = 2026-10-12T20:00:00Z\n"
    own = "[lessons.01_pooling]\nat_most = 40\n" + more
    steps = "[lessons.02_activations]\nsteps = [{after_hours = 1, percent = 2}]\n" + more
    found = read(tmp_path, shared + own + steps).deadlines
    assert found["01_pooling"].due == datetime(2026, 10, 12, 20, tzinfo=UTC)
    first, second = found["01_pooling"].penalty, found["02_activations"].penalty
    assert (first.grace_minutes, first.percent, first.span_hours, first.at_most) == (5, 10, 1, 40)
    assert (second.grace_minutes, second.percent, second.at_most, second.steps) == (5, 0, 100, (Step(1, 2),))


MISTAKES = {
    "timezone = 'Moscow'": r"timezone = 'Moscow': expected a timezone's name",
    "timezone = 3": r"timezone = 3: expected a timezone's name",
    "timestamp = 'files'": r"timestamp: there is no such key; the keys are timezone, .*Was timestamps meant\?",
    "timestamps = 'nowhere.csv'": r"timestamps = 'nowhere.csv': expected \"nbgrader\", \"download\", \"files\", or the",
    "above_max = 1": "above_max = 1: expected true or false",
    "late = 10": "late = 10: expected a table",
    "[late]\npercent = 120": "late.percent = 120: expected a number from 0 to 100",
    "[late]\npercent = true": "late.percent = True: expected a number from 0 to 100",
    "[late]\npercent = nan": "late.percent = nan: expected a number",
    "[late]\nper = 'week'": 'late.per = \'week\': expected "day" or "hour"',
    "[late]\ngrace_minutes = -1": "late.grace_minutes = -1: expected a number of minutes",
    "[late]\nsteps = [{after_hours = 1}]": r"late.steps = .*: expected steps with both keys",
    "[late]\npercent = 1\nsteps = [{after_hours = 1, percent = 1}]": "late.steps = .*either percent or steps, not both",
    "[lessons.07_x]": "lessons.07_x = '07_x': expected a lesson of the course: 01_pooling",
    "lessons = {01_pooling = 3}": "lessons.01_pooling = 3: expected a table",
    "[lessons.01_pooling]\ndue = 2026-10-12": "lessons.01_pooling.due = 2026-10-12: expected a date and a time",
    "[lessons.01_pooling]\ndue = '2026-10-12'": "lessons.01_pooling.due = '2026-10-12': expected a date and a time",
    "[lessons.01_pooling]\ndue = 'soon enough'": "lessons.01_pooling.due = 'soon enough': expected a date and a time",
    "[lessons.01_pooling]\ndue = 2026-10-12T10:00:00": "lessons.01_pooling.due = .*the offset if timezone",
    "[lessons.01_pooling]\ntimestamps = 'files'": "timestamps = 'files': expected a timezone's name",
    "extensions = 3": "extensions = 3: expected tables",
    "[[extensions]]\nstudent = 12345\ndays = 1": r"extensions\[1\]\.student = 12345: .*\"12345\"",
    "[[extensions]]\nstudent = 'a'": r"extensions\[1\] = 'student': expected student, and either due or days",
    "[[extensions]]\ndays = 1": r"extensions\[1\] = 'days': expected student",
    "[[extensions]]\nstudent = 'a'\ndays = -1": r"extensions\[1\]\.days = -1: expected a number",
}


@pytest.mark.parametrize(("content", "why"), MISTAKES.items())
def test_a_mistake_is_told_with_what_was_expected(tmp_path, content, why):
    with pytest.raises(PolicyError, match=why):
        read(tmp_path, content)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_mistakes_are_told_at_once_in_both_languages(tmp_path, lang):
    language(lang)
    wrong = (
        "above_max = 1\ntimestamps = 'x'\n[late]\nper = 'week'\npercent = -1\n[lessons.07_x]\n[[extensions]]\ndays = 1"
    )
    with pytest.raises(PolicyError, match=r"policy\.toml") as told:
        read(tmp_path, wrong)
    language("en")
    assert [line.split()[0] for line in str(told.value).splitlines()[1:]] == [
        "above_max",
        "timestamps",
        "late.per",
        "late.percent",
        "extensions[1]",
        "lessons.07_x",
    ]


def test_a_wrong_timezone_is_told_once_and_not_at_each_time(tmp_path):
    with pytest.raises(PolicyError, match="timezone = 'Mars'") as told:
        read(tmp_path, "timezone = 'Mars'\n[lessons.01_pooling]\ndue = 2026-10-12T10:00:00\n")
    assert len(str(told.value).splitlines()) == 2


@pytest.mark.parametrize(("content", "why"), [("due = ", "is not valid TOML"), ("a = 'я'", "no such key")])
def test_what_is_no_policy_is_told(tmp_path, content, why):
    with pytest.raises(PolicyError, match=why):
        read(tmp_path, content)
    with pytest.raises(PolicyError, match="cannot be read"):
        read_policy(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-8-sig"])
def test_a_policy_is_read_as_an_editor_of_windows_saves_it(tmp_path, encoding):
    (tmp_path / "p.toml").write_bytes('[[extensions]]\nstudent = "Анна\u00a0Берг"\ndays = 2\n'.encode(encoding))
    assert [one.student for one in read_policy(tmp_path / "p.toml").extensions] == ["Анна Берг"]


def test_a_policy_in_another_encoding_is_told(tmp_path):
    (tmp_path / "p.toml").write_bytes('timezone = "Дом"'.encode("cp866"))
    with pytest.raises(PolicyError, match=r"neither in UTF-8 nor in cp1251\. Save it in UTF-8"):
        read_policy(tmp_path / "p.toml")


def test_the_command_prints_the_example_and_looks_through_a_policy(tmp_path):
    def say(*arguments):
        done = CliRunner().invoke(cli.app, ["policy", *map(str, arguments)], catch_exceptions=False)
        return done.exit_code, done.output

    status, printed = say("--lang", "ru")
    assert status == 0
    assert "Часовой пояс" in printed
    assert "timezone" in tomllib.loads(printed)
    (tmp_path / "policy.toml").write_text(printed, encoding="utf-8")
    status, said = say(tmp_path / "policy.toml")
    assert (status, said.splitlines()[0]) == (0, f"{tmp_path / 'policy.toml'}: everything in it is understood.")
    assert "01_pooling: due 2026-10-12 23:59+03:00, times from nbgrader." in said
    (tmp_path / "policy.toml").write_text("late = 3", encoding="utf-8")
    status, said = say(tmp_path / "policy.toml")
    assert status == 2
    assert "late = 3: expected a table" in said


HOSTILE = {
    "deep lists": "a = " + "[" * 5_000 + "]" * 5_000,
    "deep tables": "[a" + ".a" * 5_000 + "]",
    "digits": "above_max = " + "9" * 5_000,
    "hexadecimal digits": "above_max = 0x" + "f" * 6_000,
    "year 9999": "[lessons.01_pooling]\ndue = 9999-12-31T23:59:59-12:00",
    "year 1": "[lessons.01_pooling]\ndue = 0001-01-01T00:00:00+12:00",
    "days": "[[extensions]]\nstudent = 'anna'\ndays = 1e300",
    "a list for a span": "[late]\nper = [1]",
    "a table for a span": "[late]\nper = {a = 1}",
    "a list for a lesson": "[[extensions]]\nstudent = 'anna'\ndays = 1\nlesson = [1]",
    "a long name": f"timestamps = '{'a' * 5_000}'",
    "a zero byte": "timestamps = '\\u0000'",
    "a timezone that is a path": "timezone = '../../../etc/passwd'",
    "not a number": "[late]\npercent = nan",
    "infinite": "[late]\ngrace_minutes = inf",
    "a key of 100,000 parts": ".".join("a" * 100_000) + " = 1",
    "a table of 100,000 parts": "[" + ".".join("a" * 100_000) + "]",
    "a long file": "x = 1\n" + "#" * 2**20,
    "a long key": "a" * 400_000 + " = 1",
    "20,000 mistakes": "\n".join(f"x{number} = 1" for number in range(20_000)),
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_policy_that_makes_no_sense_is_told_and_no_traceback(tmp_path, content):
    with pytest.raises(PolicyError, match="policy") as told:
        read(tmp_path, content.replace("'", '"'))
    assert len(str(told.value)) < 3_000


def test_the_latest_due_time_and_the_longest_extension_can_be_reckoned_with(tmp_path):
    content = """timezone = "Etc/GMT+12"
[lessons.01_pooling]
due = 2999-12-31T23:59:59
[[extensions]]
student = "anna"
days = 999_999
"""
    policy = read(tmp_path, content)
    assert policy.due(frozenset({"anna"}), "01_pooling").year > 5_000
