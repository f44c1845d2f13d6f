"""The course map in a real JupyterLab: it reads the notebooks in its folder, and its links open them."""

from __future__ import annotations

import secrets

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, wait_until

pytestmark = pytest.mark.browser
NAME = "00_start.ipynb"
WORDS = {
    "en": {"total": "Parts done: 7 of 52", "next": "MaxPool2d · backward pass", "done": "Everything is done"},
    "ru": {"total": "Частей сделано: 7 из 52", "next": "MaxPool2d · обратный проход", "done": "Всё сделано"},
}
OPEN = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    return [panel.context.path, panel.content.activeCell?.model.id];
}"""


@pytest.fixture
def folder(lab):
    """Return a new folder for a student. It stays: JupyterLab opens a dialog if its current folder is gone."""
    folder = lab.desk / f"course-{secrets.token_hex(3)}"
    folder.mkdir()
    return folder


def lay(folder, name: str, source: str, lang: str, blank: tuple[str, ...] = ()) -> None:
    """Put a notebook of the course into the folder, with some of its cells as they are handed out."""
    notebook = nbformat.read(ROOT / source / lang / name, as_version=4)
    handed = {cell.id: cell for cell in nbformat.read(ROOT / "notebooks" / lang / name, as_version=4).cells}
    notebook.cells = [handed[cell.id] if cell.id in blank else cell for cell in notebook.cells]
    nbformat.write(notebook, folder / name)


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_the_map_shows_what_is_done_and_its_links_open_the_next_cell(lab, folder, lang, theme):
    lay(folder, NAME, "notebooks", lang)
    lay(folder, "01_pooling.ipynb", "solutions", lang, blank=("maxpool2d-backward", "check-maxpool2d-backward"))
    lay(folder, "02_activations.ipynb", "notebooks", lang)
    lay(folder, "04_dropout.ipynb", "solutions", lang, blank=("classic-test", "dropout-backward", "dropout-test"))
    page = lab.open(f"{folder.name}/{NAME}", theme, at_start=True)
    page.screenshot(path=results(f"map-top-{lang}-{theme}.png"))
    lab.run_all(page)
    shown = lab.show(page, "map-picture")
    shown.get_by_text("INPUT", exact=True).wait_for()
    page.screenshot(path=results(f"map-{lang}-{theme}.png"))
    words = shown.inner_text()
    assert WORDS[lang]["total"] in words
    onward = shown.get_by_role("link", name=WORDS[lang]["next"])
    expect(onward).to_be_visible()
    assert shown.locator('a[href*="03_linear"]').count() == 0, "a link to a notebook that is not there"

    onward.click()
    wait_until(page, f"() => ({OPEN})()[0] === '{folder.name}/01_pooling.ipynb'")
    wait_until(page, f"() => ({OPEN})()[1] === 'maxpool2d-backward'")
    lab.close(page)


def test_the_map_of_the_keys_is_visible_in_an_untrusted_notebook_before_anything_runs(lab, folder):
    lay(folder, NAME, "solutions", "en")
    lay(folder, "06_train_cnn.ipynb", "notebooks", "en")
    page = lab.open(f"{folder.name}/{NAME}", "dark", at_start=True)
    shown = lab.show(page, "map-picture")
    shown.get_by_text("INPUT", exact=True).wait_for()
    page.screenshot(path=results("map-untrusted.png"))
    assert WORDS["en"]["done"] in shown.inner_text()
    station = shown.locator("div", has_text="DROPOUT").last.locator("xpath=..")
    assert "dashed" in station.evaluate("box => getComputedStyle(box).borderStyle")
    shown.get_by_role("link", name="6 · Train a network").last.click()
    wait_until(page, f"() => ({OPEN})()[0] === '{folder.name}/06_train_cnn.ipynb'")
    lab.close(page)


GROUND = "image => getComputedStyle(image).backgroundColor + ' ' + getComputedStyle(image).filter"


def test_a_picture_on_a_dark_page_has_a_white_ground_until_the_notebook_is_trusted(lab, folder):
    lay(folder, "01_pooling.ipynb", "solutions", "en")
    page = lab.open(f"{folder.name}/01_pooling.ipynb", "dark", at_start=True)
    picture = page.locator("img.ncl-picture").first
    picture.scroll_into_view_if_needed()
    page.screenshot(path=results("picture-untrusted.png"))
    assert picture.evaluate(GROUND) == "rgb(255, 255, 255) none"

    page.evaluate("() => void window.jupyterapp.commands.execute('notebook:trust')")
    page.get_by_role("button", name="Trust").click()
    wait_until(page, f"() => ({GROUND})(document.querySelector('img.ncl-picture')).includes('brightness')")
    page.screenshot(path=results("picture-trusted.png"))
    assert picture.evaluate(GROUND).startswith("rgba(0, 0, 0, 0) brightness")
    lab.close(page)


def results(name: str):
    """Return the folder for screenshots."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder / name
