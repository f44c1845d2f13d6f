"""A policy in words shows what lateness will cost, so that 0.1 instead of 10 percent is noticed."""

from __future__ import annotations

from ncl_course.grading.marks.policy_file import read_policy
from ncl_course.grading.marks.policy_told import told

DUE = "[lessons.01_pooling]\ndue = 2026-10-12T23:59:00Z\n"


def lines(tmp_path, content):
    (tmp_path / "policy.toml").write_text(content)
    (tmp_path / "times.csv").write_text("student,submitted\n")
    return list(told(read_policy(tmp_path / "policy.toml")))


def test_a_lesson_has_its_due_time_and_what_is_left_of_late_points(tmp_path):
    (line,) = lines(tmp_path, "timestamps = 'times.csv'\n[late]\npercent = 10\nat_most = 50\n" + DUE)
    assert line == (
        "  01_pooling: due 2026-10-12 23:59+00:00, times from times.csv. "
        "Late by an hour: points × 0.9; by two days: × 0.8; by a week: × 0.5."
    )
    (line,) = lines(tmp_path, "timestamps = 'nbgrader'\n[late]\npercent = 0.1\ngrace_minutes = 90\n" + DUE)
    assert line.endswith("Late by an hour: points × 1; by two days: × 0.998; by a week: × 0.993.")


def test_what_makes_nobody_late_is_told(tmp_path):
    assert lines(tmp_path, "")[0].endswith("No lesson has a due time, so nobody is late.")
    assert lines(tmp_path, DUE)[0].endswith("timestamps does not say where the times come from, so nobody is late.")
