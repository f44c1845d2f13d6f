"""A question in a real JupyterLab: answered with the keyboard, saved, reopened, run again in a new kernel."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import KERNEL_GONE, wait_until
from tests.browser.sliders import run

pytestmark = pytest.mark.browser
MIME = "application/vnd.ncl-course.answer+json"
CELL = "ask-rows-left"
SAVE = "window.jupyterapp.commands.execute('docmanager:save')"
WORDS = {
    "en": {
        "number": "Your number",
        "lock": "Lock my answer",
        "wrong": "Your answer was 3",
        "so": "The right answer: 2",
    },
    "ru": {"number": "Ваше число", "lock": "Это мой ответ", "wrong": "Ваш ответ: 3", "so": "Верный ответ: 2"},
}


def answers(path) -> dict[str, float]:
    """Return the answers in a saved notebook, by the cell's id."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [(cell["id"], out.get("data", {})) for cell in cells for out in cell.get("outputs", ())]
    return {name: data[MIME]["given"] for name, data in outputs if MIME in data}


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_an_answer_is_locked_with_the_keyboard_and_found_again(lab, lang):
    words = WORDS[lang]
    name = lab.put("01_pooling.ipynb", lang)
    page = lab.open(name)
    run(page, "setup", CELL)
    shown = lab.show(page, CELL)
    field = shown.get_by_label(words["number"])
    lock = shown.get_by_role("button", name=words["lock"])
    expect(lock).to_be_disabled()
    field.focus()
    page.keyboard.type("3")
    expect(lock).to_be_enabled()
    page.keyboard.press("Tab")
    expect(lock).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown).to_contain_text(words["wrong"])
    expect(shown).to_contain_text(words["so"])
    expect(shown.get_by_role("button", name=words["lock"])).to_have_count(0)
    page.evaluate(SAVE)
    wait_until(page, "() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    assert answers(lab.desk / name) == {CELL: 3}
    lab.close(page)

    page = lab.open(name)
    expect(lab.show(page, CELL)).to_contain_text(words["wrong"])
    run(page, "setup", CELL)
    shown = lab.show(page, CELL)
    expect(shown).to_contain_text(words["wrong"])
    expect(shown.get_by_label(words["number"])).to_have_count(0)
    lab.close(page, KERNEL_GONE)
