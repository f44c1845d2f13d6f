"""Every blank lesson opens in JupyterLab, runs from top to bottom, and shows all its pictures."""

from __future__ import annotations

import pytest

from tests.browser.conftest import ROOT

MAP = "00_start.ipynb"
LESSONS = sorted(path.name for path in (ROOT / "notebooks" / "en").glob("*.ipynb"))
PICTURES = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const role = cell => cell.getMetadata("ncl_course")?.role;
    const outputs = cell => Array.from({length: cell.outputs.length}, (_, i) => cell.outputs.get(i));
    const shown = cell => outputs(cell).some(output => String(output.data["text/html"]).includes("<img class="));
    return cells.filter(cell => role(cell) === "picture" && !shown(cell)).map(cell => cell.id);
}"""
ERRORS = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type === "code");
    const names = cell => Array.from({length: cell.outputs.length}, (_, i) => cell.outputs.get(i).toJSON())
        .filter(output => output.output_type === "error").map(output => output.ename);
    return cells.flatMap(cell => names(cell).map(name => [cell.id, name]));
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
@pytest.mark.parametrize("name", LESSONS)
def test_a_blank_lesson_runs_to_its_end_with_all_its_pictures(lab, name, lang, theme):
    page = lab.blank(name, lang, theme)
    assert page.evaluate(PICTURES) == [], "cells without a picture"
    assert {error for _, error in page.evaluate(ERRORS)} == (set() if name == MAP else {"CheckFailed"})
    lab.close(page)
