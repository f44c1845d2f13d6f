"""The keys that a focused control obeys are the control's; other keys stay JupyterLab's."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import wait_until
from tests.browser.sliders import run

pytestmark = pytest.mark.browser
SHOW = """\
import ipywidgets as widgets
from ncl_course.keys import give_keys
names = ["one", "two", "three"]
controls = [widgets.RadioButtons(options=names), widgets.Dropdown(options=names), widgets.IntSlider(5)]
box = widgets.VBox([*controls, widgets.ToggleButton(description="press")])
give_keys(box)
box"""
ACTIVE = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"
MODE = "window.jupyterapp.shell.currentWidget.content.mode"
UNSAVED = "window.jupyterapp.shell.currentWidget.context.model.dirty"


def test_arrows_and_enter_are_the_controls_and_other_keys_are_the_notebooks(lab):
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

    button = shown.get_by_role("button", name="press")
    button.focus()
    page.keyboard.press("Enter")  # JupyterLab would take it, too, and edit the cell
    expect(button).to_have_class(re.compile("mod-active"))
    assert page.evaluate(MODE) == "command"
    wait_until(page, UNSAVED)
    page.keyboard.press("Control+s")
    wait_until(page, f"!{UNSAVED}")
    page.keyboard.press("Shift+Enter")
    wait_until(page, f"{ACTIVE} === 1")
    lab.close(page)
