"""A page that needed longer than anywidget's two seconds to start a widget still hears the kernel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from ncl_course.language import text
from tests.browser.conftest import FRAME, READY, TOO_LATE, wait_until
from tests.browser.test_live_network import RUN_ALL, SETUP

pytestmark = pytest.mark.browser

LATE = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = wait => timeout(wait === 2000 ? 0 : wait);
"""
"""Two seconds are over at once, as on a page that stood still so long."""
CELLS = {
    "setup": SETUP,
    "slider": "from ncl_course.viz.slider import IntSlider as Ours\nslider = Ours(description='size', max=9)\nslider",
    "moved": "slider.value = 5",
    "live": "view = live_training(*pieces, digits, config, steps=40)",
    "read": "draw_and_read(view, digits)",
}


@pytest.fixture
def late(lab):
    """Yield a page on which each widget is late, with a notebook of every kind of widget."""
    name = lab.write("slow", CELLS)
    context = lab.browser.new_context(viewport={"width": 1280, "height": 1600})
    context.set_default_timeout(FRAME)
    context.add_init_script(LATE)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(f"{lab.url}/lab/tree/{name}?token={lab.token}&reset", wait_until="domcontentloaded")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    wait_until(page, READY, name)
    yield page
    context.close()


def test_every_widget_hears_the_kernel(late: Page):
    late.evaluate(RUN_ALL)
    slider = late.get_by_role("slider", name="size", exact=True)
    expect(slider).to_have_value("5")
    wait_until(late, "Number(document.querySelector('.ncl-live')?.dataset.step) === 40")
    late.get_by_role("button", name=text("training.drawing.example", "en")).click()
    expect(late.locator(".ncl-drawing [role=status]")).to_contain_text("The network sees")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0")
    assert set(late.complaints) == {TOO_LATE}, "else the page was not late"
