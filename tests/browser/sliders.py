"""Move the sliders of an explorer, and run the cells that show it."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_lesson_01 import picture

Moves = Mapping[str, tuple[tuple[int, str, Mapping[str, str]], ...]]
"""For each explorer's cell: a slider, a key to press, and a part of the resulting sentence in each language."""

RUN = """async (ids) => {
    const content = window.jupyterapp.shell.currentWidget.content;
    for (const id of ids) {
        const index = [...content.model.cells].findIndex(cell => cell.id === id);
        if (index < 0) throw new Error(`there is no cell ${id}`);
        content.activeCellIndex = index;
        await window.jupyterapp.commands.execute("notebook:run-cell");
    }
}"""


def run(page: Page, *cells: str) -> None:
    """Run these cells one after another."""
    page.evaluate(RUN, list(cells))


def moved(explorer: Locator, slider: int = 0, key: str = "ArrowRight") -> str:
    """Press a key on one slider, wait until the picture and the sentence change, and return the sentence."""
    image, words = explorer.locator("img").first, explorer.get_by_role("status")
    image.wait_for()
    before, said = image.get_attribute("src"), words.inner_text()
    handle = explorer.get_by_role("slider").nth(slider)
    handle.focus()
    handle.press(key)
    expect(image).not_to_have_attribute("src", before)
    expect(words).not_to_have_text(said)
    return words.inner_text()


def follow(lab, page: Page, moves: Moves, lang: str, theme: str) -> None:
    """Move every explorer of a page, check its sentences, and take a screenshot of it."""
    for cell, tries in moves.items():
        explorer = lab.show(page, cell)
        for slider, key, said in tries:
            assert said[lang] in moved(explorer, slider, key)
        picture(page, f"{cell}-{lang}-{theme}.png")
