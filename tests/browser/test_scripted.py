"""Widgets in a page that takes longer to start them than anywidget waits: they hear the kernel nevertheless."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.sliders import moved, run
from tests.browser.test_live_network import SETUP

pytestmark = pytest.mark.browser
AT_ONCE = """AbortSignal.timeout = () => {
    const controller = new AbortController();
    queueMicrotask(() => controller.abort());
    return controller.signal;
}"""
CELLS = {
    "setup": SETUP + "from ncl_course import viz",
    "explorer": "explorer = viz.depth_explorer()\nexplorer",
    "kernel": "explorer.controls[-1].value = explorer.controls[-1].max",
    "live": "view = live_training(*pieces, digits, config, steps=3)",
}


def test_a_widget_that_started_too_late_for_anywidget_shows_what_the_kernel_sends(lab):
    page = lab.open(lab.write("late", CELLS))
    page.evaluate(AT_ONCE)
    run(page, "setup", "explorer")
    explorer = lab.show(page, "explorer")
    moved(explorer)
    slider = explorer.get_by_role("slider").last
    run(page, "kernel")
    expect(slider).to_have_js_property("value", slider.get_attribute("max"))
    run(page, "live")
    expect(page.locator(".ncl-live")).to_have_attribute("data-step", "3")
    assert all("Failed to initialize model" in said for said in page.complaints)
    page.complaints.clear()
    lab.close(page)
