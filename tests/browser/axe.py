"""Run axe-core on a page: it finds barriers for readers with a screen reader or a keyboard."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SEVERE = ("critical", "serious", "moderate")
RUN = "(within) => axe.run(within ? {include: [within]} : document)"


def barriers(page: Page, within: str = "") -> list[str]:
    """Return the critical, serious and moderate findings in the elements of that selector, or on the whole page."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(RUN, within)["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}: {node['failureSummary']}"
        for one in found
        if one["impact"] in SEVERE
        for node in one["nodes"]
    ]
