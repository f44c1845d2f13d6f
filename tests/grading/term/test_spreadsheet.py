"""The tables opened by LibreOffice in a Russian locale: columns are columns, and every number is a number."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ncl_course.grading.term.form import form, items_form
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.items import items, items_csv
from ncl_course.grading.term.written import gradebook_csv
from tests.grading.reports.test_reports import results
from tests.grading.term.test_gradebook import EVERYBODY, RESULTS
from tests.grading.term.test_items import COHORT

OFFICE = shutil.which("soffice")
RUSSIAN = "Text - txt - csv (StarCalc):59,34,76,1,,1049,false,true"
"""How a Russian spreadsheet opens a CSV with the mark of UTF-8: semicolons, and numbers by the rules of Russian."""

SPACE = "{urn:oasis:names:tc:opendocument:xmlns:"
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def opened(path: Path) -> list[list[str | float]]:
    """Return the cells of a CSV as LibreOffice opens it."""
    assert OFFICE
    home = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = [
        OFFICE,
        home,
        "--headless",
        f"--infilter={RUSSIAN}",
        "--convert-to",
        "fods",
        "--outdir",
        path.parent,
        path,
    ]
    subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, check=True)
    tree = ElementTree.parse(path.with_suffix(".fods"))
    return [list(cells(row)) for row in tree.iter(f"{SPACE}table:1.0}}table-row")]


def cells(row: ElementTree.Element):
    """Yield the cells of a row; a number is a float, whatever it looks like."""
    for cell in row:
        count = int(cell.get(f"{SPACE}table:1.0}}number-columns-repeated", "1"))
        kind = cell.get(f"{SPACE}office:1.0}}value-type", "")
        words = "".join(cell.itertext()).strip()
        for _ in range(min(count, 20)):
            yield float(cell.get(f"{SPACE}office:1.0}}value")) if kind == "float" else words


def test_the_gradebook_has_the_right_columns_and_numbers(tmp_path):
    path = tmp_path / "gradebook.csv"
    path.write_bytes(gradebook_csv(term(RESULTS, EVERYBODY), form("excel", "ru")).encode())
    head, *rows = opened(path)[:5]
    assert " ".join(map(str, head)).strip() == ("student id email section 01_pooling 02_activations total percent late")
    by_name = {row[0]: row[4:8] for row in rows}
    assert by_name["Анна Петрова"] == [6.0, 20.0, 26.0, 80.0]
    assert by_name["'=HYPERLINK(1)"] == ["", 3.25, 3.25, 8.12]


def test_the_statistics_have_the_right_numbers(tmp_path):
    path = tmp_path / "items.csv"
    path.write_bytes(items_csv(items(results(*COHORT)), items_form("excel", "ru")).encode())
    _, forward, backward = opened(path)[:3]
    assert forward[:3] == ["01_pooling", "MaxPool2d", "forward"]
    assert forward[3:9] == [4.0, 3.0, 0.75, 0.75, 0.5774, 0.25]
    assert backward[3:7] == [3.0, 2.0, 0.6667, 0.5]
