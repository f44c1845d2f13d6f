"""Every blank lesson opens in JupyterLab, runs to its end, shows all its pictures, and has no exercise written."""

from __future__ import annotations

import pytest

from ncl_course.checking.display import RESULT_MIME
from tests.authoring.blank import Shown, as_handed_out
from tests.browser.conftest import ROOT

BLANK = ROOT / "notebooks"
LESSONS = sorted(path.name for path in (BLANK / "en").glob("*.ipynb"))
PICTURES = """() => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
    const role = cell => cell.getMetadata("ncl_course")?.role;
    const outputs = cell => Array.from({length: cell.outputs.length}, (_, i) => cell.outputs.get(i));
    const shown = cell => outputs(cell).some(output => String(output.data["text/html"]).includes("<img class="));
    return cells.filter(cell => role(cell) === "picture" && !shown(cell)).map(cell => cell.id);
}"""
SHOWN = """mime => {
    const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells].filter(c => c.type === "code");
    const outputs = cell => Array.from({length: cell.outputs.length}, (_, i) => cell.outputs.get(i).toJSON());
    return cells.map(cell => [cell.id,
        outputs(cell).map(output => output.data?.[mime]?.verdict).filter(verdict => verdict !== undefined),
        outputs(cell).filter(output => output.output_type === "error").map(output => output.ename)]);
}"""


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
@pytest.mark.parametrize("name", LESSONS)
def test_a_blank_lesson_runs_to_its_end_with_all_its_pictures_and_no_exercise_is_written(lab, name, lang, theme):
    page = lab.blank(name, lang, theme)
    assert page.evaluate(PICTURES) == [], "cells without a picture"
    shown = {cell: Shown(verdicts, errors) for cell, verdicts, errors in page.evaluate(SHOWN, RESULT_MIME)}
    assert shown == as_handed_out(BLANK / lang / name)
    lab.close(page)
