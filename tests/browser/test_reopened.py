"""A notebook that was saved, closed and opened again: each widget has left its last picture, and no warning."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import KERNEL_GONE
from tests.browser.sliders import moved
from tests.browser.test_live_network import SETUP, results

pytestmark = pytest.mark.browser
WIDGETS = {
    "explorer": "from ncl_course import ask, viz\nviz.pooling_explorer()",
    "choices": 'viz.activation_explorer("ReLU")',
    "question": 'ask("pooling.rows-left")',
    "live": "view = live_training(*pieces, digits, config, steps=3)",
    "draw": "draw_and_read(view, digits)",
}
KEPT = ".ncl-still img"
SAVE = "() => window.jupyterapp.shell.currentWidget.context.save()"


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_where_the_kernel_is_gone_the_last_picture_of_every_widget_is_there(lab, lang, theme):
    how = {"en": "run this cell", "ru": "выполните эту ячейку"}[lang]
    name = lab.write("reopened", {"setup": SETUP + f'language("{lang}")', **WIDGETS})
    page = lab.open(name, theme)
    page.set_viewport_size({"width": 1280, "height": 3000})
    lab.run_all(page)
    explorer = lab.show(page, "explorer")
    moved(explorer)
    last = explorer.locator(".ncl-live, .widget-box img").last.get_attribute("src")
    moved(lab.show(page, "choices"), 0)
    slider = page.get_by_role("slider", name={"en": "activation", "ru": "нелинейность"}[lang])
    expect(slider).to_have_attribute("aria-valuetext", "LeakyReLU")
    expect(page.locator(".ncl-live")).to_be_visible()
    expect(page.locator(KEPT).filter(visible=True)).to_have_count(0)
    page.screenshot(path=results(f"widgets-{lang}-{theme}.png"))

    page.evaluate(SAVE)
    lab.close(page)
    page = lab.open(name, theme)  # with a new kernel
    page.set_viewport_size({"width": 1280, "height": 3000})
    kept = lab.show(page, "explorer").locator(KEPT)
    expect(kept).to_be_visible()
    assert kept.get_attribute("src") == last
    for cell in WIDGETS:
        shown = lab.show(page, cell)
        expect(shown.locator(".ncl-still")).to_be_visible()
        if cell != "question":
            assert how in shown.inner_text().lower()
            assert shown.locator(KEPT).get_attribute("alt")
    page.wait_for_timeout(3000)  # JupyterLab looks for a missing widget for two seconds
    assert page.get_by_text("model not found").filter(visible=True).count() == 0
    page.screenshot(path=results(f"reopened-{lang}-{theme}.png"))
    lab.close(page, KERNEL_GONE)
