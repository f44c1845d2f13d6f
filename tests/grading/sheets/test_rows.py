"""A table that a person keeps is read as spreadsheets leave it: wherever its headers are, and whatever the quotes."""

from __future__ import annotations

import pytest

from ncl_course.grading.errors import PolicyError
from ncl_course.grading.sheets.rows import table

HEAD, LINE = "student,points,comment\n", "Анна,1.5,хорошо\n"
PLAIN = HEAD + LINE
SAVED = {
    "plain": PLAIN,
    "semicolons": PLAIN.replace(",", ";"),
    "tabs": PLAIN.replace(",", "\t"),
    "bars": PLAIN.replace(",", "|"),
    "old Mac": PLAIN.replace("\n", "\r"),
    "a title": "Баллы; осень\n\n" + PLAIN,
    "a title in its own cells": "Баллы;;\n;;\n" + PLAIN.replace(",", ";"),
    "empty lines": "\n\n" + PLAIN,
    "rows in quotes": HEAD + f'"{LINE.strip()}"\n',
    "all rows in quotes": "".join(f'"{line}"\n' for line in PLAIN.replace(",", ";").splitlines()),
    "cells as text": HEAD + '="Анна","=""1.5""",хорошо\n',
    "columns to spare": "student;points;comment;;\nАнна;1.5;хорошо;;\n",
    "another line below": PLAIN.replace("\n", "\r\n") + "\r\n",
}


def read(tmp_path, content, encoding="utf-8", **options):
    """Return the rows of a table with this content."""
    path = tmp_path / "table.csv"
    path.write_bytes(content.encode(encoding))
    return [row for _, row in table(path, ("student", "points"), ("student", "points", "comment"), **options)]


@pytest.mark.parametrize("content", SAVED.values(), ids=SAVED)
def test_a_table_is_read_as_it_was_saved(tmp_path, content):
    rows = [row for row in read(tmp_path, content) if any(row.values())]
    assert [(row["student"], row["points"], row["comment"]) for row in rows] == [("Анна", "1.5", "хорошо")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1251"])
def test_a_table_is_read_in_the_encodings_of_spreadsheets(tmp_path, encoding):
    assert read(tmp_path, PLAIN, encoding)[0]["comment"] == "хорошо"


def test_the_number_of_a_line_counts_what_is_above(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("sep=,\nБаллы\n\n" + PLAIN, encoding="utf-8")
    assert [number for number, _ in table(path, ("student",), ())] == [5]


def test_a_comma_in_a_header_is_no_separator_if_the_rows_say_otherwise(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("Фамилия, имя, отчество;Номер\nПетрова Анна;12\n", encoding="utf-8")
    heads = ("фамилия, имя, отчество", "фамилия", "имя")
    ((_, row),) = table(path, (), (), one_of=heads)
    assert (row["фамилия, имя, отчество"], row["номер"]) == ("Петрова Анна", "12")


def test_one_column_of_names_keeps_their_commas(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('name\n"Петрова, Анна"\n"Белов, Борис"\n', encoding="utf-8")
    assert [row["name"] for _, row in table(path, (), (), one_of=("name",))] == ["Петрова, Анна", "Белов, Борис"]


def test_headers_that_are_not_there_are_told_as_they_are(tmp_path):
    with pytest.raises(PolicyError, match="has the columns студент, баллы; expected the first line student"):
        read(tmp_path, "\nстудент,баллы\nАнна,1\n")
