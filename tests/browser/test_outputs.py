"""The stored outputs of every lesson, as a page without a kernel shows them, have no barriers that axe-core finds."""

from __future__ import annotations

import nbformat
import pytest

from ncl_course.language import LANGUAGES
from tests.browser.axe import barriers
from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
PAGE = '<html lang="{lang}"><title>{name}</title><main><h1>{name}</h1>{outputs}</main></html>'


def test_the_stored_outputs_of_every_lesson_have_no_barriers(browser):
    page = browser.new_page()
    for number, path in enumerate(sorted((ROOT / "solutions" / "en").glob("*.ipynb"))):
        lang = LANGUAGES[number % len(LANGUAGES)]
        cells = nbformat.read(ROOT / "solutions" / lang / path.name, as_version=4).cells
        shown = [output.get("data", {}).get("text/html") for cell in cells for output in cell.get("outputs", ())]
        outputs = "".join(f"<div>{html}</div>" for html in shown if html)
        assert outputs
        page.set_content(PAGE.format(lang=lang, name=path.stem, outputs=outputs))
        assert barriers(page) == [], f"{path.name} ({lang})"
    page.close()
