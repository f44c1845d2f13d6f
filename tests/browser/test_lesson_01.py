"""Lesson 01 as a student works on it: blank, wrong, right; in both languages and both themes."""

from __future__ import annotations

import os

import nbformat
import pytest
from playwright.sync_api import expect

from ncl_course.authoring.source import read
from tests.browser.axe import barriers
from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
IMAGES = ROOT / "docs" / "images"
README = ("lesson.png", "failing-check.png", "lesson-ru.png", "failing-check-ru.png")
"""The pictures of the two READMEs; those without a language belong to the English one."""
NAME = "01_pooling.ipynb"

ALL_MAXIMA = """\
class MaxPool2d(MaxPool2d):
    def backward(self, grad_out):
        N, C, OH, OW = grad_out.shape
        k, s = self.kernel_size, self.stride
        grad_x = np.zeros(self.x.shape, dtype=self.x.dtype)
        for i in range(OH):
            for j in range(OW):
                window = self.x[:, :, i * s : i * s + k, j * s : j * s + k]
                winners = window == window.max(axis=(2, 3), keepdims=True)
                grad_x[:, :, i * s : i * s + k, j * s : j * s + k] += winners * grad_out[:, :, i, j, None, None]
        return grad_x
"""


def key(*ids: str) -> dict[str, str]:
    """Return the instructor's answers in the cells with those ids."""
    cells = read(ROOT / "lessons" / "01_pooling.py").cells
    return {cell.id: cell.text for cell in cells if cell.id in ids}


SOLVED = ("pool-output-size", "maxpool2d-forward", "maxpool2d-backward", "avgpool2d-forward", "avgpool2d-backward")


def picture(page, name: str) -> None:
    """Save a screenshot; those in the READMEs are replaced only if ``NCL_SCREENSHOTS`` is set."""
    folder = IMAGES if os.environ.get("NCL_SCREENSHOTS") and name in README else ROOT / "test-results"
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / name)


def readme(what: str, lang: str) -> str:
    """Return the name of a picture in the README of that language."""
    return f"{what}.png" if lang == "en" else f"{what}-{lang}.png"


def reading(lab, name):
    """Return the outputs of a saved notebook, by cell id."""
    notebook = nbformat.read(lab.desk / name, as_version=4)
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


@pytest.mark.parametrize(("lang", "said"), [("en", "not written yet"), ("ru", "ещё не написано")])
def test_a_blank_notebook_runs_to_the_end_and_says_gently_that_nothing_is_written_yet(lab, lang, said):
    page = lab.blank(NAME, lang)
    panel = lab.show(page, "check-maxpool2d-forward")
    panel.get_by_text("○ MaxPool2d").wait_for()
    assert said in panel.inner_text()
    assert "Traceback" not in panel.inner_text()
    picture(page, f"blank-{lang}.png")
    lab.close(page)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_lesson_opens_with_its_pictures(lab, lang):
    page = lab.blank(NAME, lang)
    photo = lab.show(page, "photo")
    photo.locator("img").first.wait_for()
    assert photo.locator("img").first.evaluate("image => image.naturalWidth") > 500
    picture(page, readme("lesson", lang))
    lab.close(page)


def test_the_explorer_follows_its_sliders(lab):
    page = lab.blank(NAME)
    explorer = lab.show(page, "explorer")
    image, words = explorer.locator("img").first, explorer.get_by_role("status")
    image.wait_for()
    before, said = image.get_attribute("src"), words.inner_text()
    slider = explorer.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(image).not_to_have_attribute("src", before)
    expect(words).not_to_have_text(said)
    forward = image.get_attribute("src")
    explorer.get_by_role("button", name="backward").click()
    expect(image).not_to_have_attribute("src", forward)
    expect(words).to_contain_text("sends its gradient 1 back to the maximum")
    for theme in ("light", "dark"):
        picture(lab.dressed(page, theme), f"explorer-{theme}.png")
    lab.close(page)


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_the_photograph_and_the_ruler_follow_every_control(lab, lang, theme):
    page = lab.blank(NAME, lang, theme)
    for cell, sliders, buttons in (("photo-explorer", 2, 1), ("size-explorer", 3, 0)):
        explorer = lab.show(page, cell)
        image, words = explorer.locator("img").first, explorer.get_by_role("status")
        image.wait_for()
        assert explorer.get_by_role("slider").count() == sliders
        for number in range(sliders):
            before, said = image.get_attribute("src"), words.inner_text()
            slider = explorer.get_by_role("slider").nth(number)
            slider.focus()
            slider.press("ArrowRight" if number else "ArrowLeft")
            expect(image).not_to_have_attribute("src", before)
            expect(words).not_to_have_text(said)
        for _ in range(buttons):
            before = image.get_attribute("src")
            explorer.get_by_role("button", name={"en": "average", "ru": "среднее"}[lang]).click()
            expect(image).not_to_have_attribute("src", before)
        expect(words).to_have_text(image.get_attribute("alt"))  # the sentence appears a moment after its picture
        picture(page, f"{cell}-{theme}.png")
    lab.close(page)


@pytest.mark.parametrize(
    ("lang", "name", "hint"),
    [
        ("en", "every tied maximum gets the whole gradient", "compare dx.sum() with grad_out.sum()"),
        ("ru", "весь градиент получает каждый из одинаковых максимумов", "сравните dx.sum() и grad_out.sum()"),
    ],
)
def test_a_wrong_gradient_is_shown_on_the_smallest_case_and_named(lab, lang, name, hint):
    answers = {**key(*SOLVED), "maxpool2d-backward": ALL_MAXIMA}
    page = lab.open(lab.put(NAME, lang, answers))
    lab.run_all(page)
    panel = lab.show(page, "check-maxpool2d-backward")
    panel.get_by_text("✘ MaxPool2d").wait_for()
    words = panel.inner_text()
    assert name in words
    assert hint in words
    assert "layer.backward(grad_out)" in words
    assert panel.locator("table").count() == 5
    assert panel.locator('td[style*="underline"]').count() > 0
    assert "Traceback" not in words
    picture(page, readme("failing-check", lang))
    assert barriers(page, ".jp-OutputArea") == []
    picture(lab.dressed(page, "dark"), f"failing-check-{lang}-dark.png")
    assert barriers(page, ".jp-OutputArea") == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    for shown in panel.locator(".jp-RenderedHTML > div").all():
        assert shown.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    lab.close(page)


def test_a_right_notebook_has_a_calm_green_line_for_each_part_and_all_points(lab):
    page = lab.open(lab.put(NAME, "en", key(*SOLVED)))
    lab.run_all(page)
    lab.show(page, "check-maxpool2d-forward").get_by_text("✔ MaxPool2d · forward pass").wait_for()
    progress = lab.show(page, "progress")
    progress.get_by_text("9 of 9 points").wait_for()
    assert progress.get_by_text("✔ passed").count() == 5
    lab.close(page)
