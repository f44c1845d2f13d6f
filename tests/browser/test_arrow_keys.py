"""The arrow keys move the focused controls of an explorer or a question; other keys stay JupyterLab's."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_until
from tests.browser.sliders import run

pytestmark = pytest.mark.browser
SHOW = """\
import ipywidgets as widgets
from ncl_course.arrow_keys import give_arrow_keys
names = ["one", "two", "three"]
box = widgets.VBox([widgets.RadioButtons(options=names), widgets.Dropdown(options=names), widgets.IntSlider(5)])
give_arrow_keys(box)
box"""
ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"


def test_arrow_keys_are_the_controls_and_shift_enter_is_the_notebooks(lab):
    page = lab.open(lab.write("keys", {"show": SHOW, "next": "'here'"}))
    run(page, "show")
    shown = lab.show(page, "show")
    shown.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")  # JupyterLab would take it from these two, and the next cell would be active
    expect(shown.get_by_role("radio").nth(1)).to_be_checked()
    shown.get_by_role("combobox").focus()
    page.keyboard.press("ArrowDown")
    expect(shown.get_by_role("combobox")).to_have_value("two")
    slider = shown.get_by_role("slider")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuenow", "6.0")
    assert page.evaluate(ACTIVE) == 0

    page.keyboard.press("Shift+Enter")
    wait_until(page, f"{ACTIVE} === 1")
    lab.close(page)
