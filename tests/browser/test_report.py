"""The reports in a real browser: they load nothing, can be searched and sorted, and run no student's script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from ncl_course.grading.reports.compare import changes
from ncl_course.grading.reports.html import Section, feedback_page, items_page, report_page
from ncl_course.grading.term.behind import behind
from ncl_course.grading.term.class_talk import topics
from ncl_course.grading.term.gradebook import term
from ncl_course.grading.term.items import items, lesson_lines
from ncl_course.grading.term.roster import Roster
from ncl_course.language import decimal, language, text
from tests.browser.axe import barriers
from tests.grading.reports.test_reports import entry, exercise, results, ungraded

EVIL = "<img src=x onerror='document.title=1'><script>document.title = 1</script>"
PANEL = {
    "lead": "3 of 9 cases fail.",
    "code": ["pool.forward(x)"],
    "grids": [{"title": "yours", "cells": [["6", "7"]], "marked": [[0, 1]]}],
    "sentences": ["First wrong place [0, 1]: yours 7, expected 8."],
    "printed": "",
}
WRONG = exercise(misconceptions=["MaxPool2d.starts-at-zero"], case="ties", failing=3, cases=36, panel=PANEL)
COHORT = results(
    entry("boris", [WRONG], seconds=0.2),
    entry("anna", seconds=0.5),
    entry("Ёжик", [exercise("timeout", note=EVIL)], seconds=30.0, notes=[EVIL, "repaired"]),
    entry("clara", [exercise("missing")], lesson="02_activations"),
    ungraded(student=EVIL),
)
LATE = {"submitted": "2026-10-14T10:05:00+03:00", "due": "2026-10-12T23:59:00+03:00", "hours": 34.1, "factor": 0.8}
MANUAL = [{"exercise": "MaxPool2d", "points": 0.5, "comment": EVIL}]
MARKED = results(
    entry("anna", final=1.5), entry("boris", late=LATE, manual=MANUAL, final=0.5), ungraded(student="clara")
)
OLD = results(entry("boris", sha256="a"), entry("anna", [WRONG], sha256="a"))

CONTRAST = """() => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
    const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data]; };
    const light = c => { const f = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        return 0.2126 * f(c[0]) + 0.7152 * f(c[1]) + 0.0722 * f(c[2]); };
    const back = node => rgb(getComputedStyle(node).backgroundColor);
    const under = node => { while (node && back(node)[3] < 255) node = node.parentElement;
        return back(node || document.body); };
    const worst = [];
    for (const node of document.querySelectorAll("h1, h2, h3, p, td, th, li, a, button, summary, b, .ticks span")) {
        if (!node.innerText?.trim() || node.offsetParent === null) continue;
        const [a, b] = [light(rgb(getComputedStyle(node).color)), light(under(node))].sort((x, y) => y - x);
        worst.push([(a + 0.05) / (b + 0.05), node.tagName, node.innerText.slice(0, 30)]);
    }
    return worst.sort((x, y) => x[0] - y[0])[0];
}"""


WIDE = {**PANEL, "grids": [{"title": "yours", "cells": [["−0.1234"] * n] * 3, "marked": []} for n in range(1, 9)]}
LONG_NAMES = exercise(misconceptions=["MaxPool2d.starts-at-zero"], case="ties", failing=3, cases=36, panel=WIDE)
LONG_FILE = "Anna-Maria Petrova-Vodkina_123456_assignsubmission_file_/a_very_long_name_of_a_file_01_pooling.ipynb"
TERM = results(
    *(
        entry(student, [LONG_NAMES], lesson=lesson, file=LONG_FILE, late=LATE, final=0.5, notes=[LONG_FILE])
        for student in ("Константинопольская-Александрова Анастасия", "boris")
        for lesson in ("01_pooling", "05_normalization")
    )
)
OUT_OF_REACH = """() => [...document.querySelectorAll("body *")].filter(
    node => /auto|scroll/.test(getComputedStyle(node).overflowX) && node.scrollWidth > node.clientWidth
            && node.tabIndex < 0).map(node => node.outerHTML.slice(0, 100))"""
"""Finds elements that scroll and that the keyboard does not reach."""

SECTIONS = [Section("Группа 1", 20, 18, 71.5, "sections/1/report.html")]


def items_of(found):
    """Return the lecturer's page of these results."""
    made = term(found, Roster())
    return items_page(items=items(found), lessons=lesson_lines(found), behind=behind(made), topics=topics(found, {}))


@pytest.fixture
def show(browser, tmp_path):
    """Open a page from the disk; it must request no other file and report no error."""
    opened: list[Page] = []
    asked: list[str] = []
    complaints: list[str] = []

    def open_page(content: str, theme: str = "light") -> Page:
        path = tmp_path / "page.html"
        path.write_text(content, encoding="utf-8")
        context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=theme)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path.as_uri())
        opened.append(page)
        return page

    yield open_page
    assert complaints == []
    assert all(url.startswith("file:") and url.endswith("page.html") for url in asked)
    for page in opened:
        page.context.close()


def students(page: Page) -> list[str]:
    """Return the students of the visible rows, in their order."""
    rows = page.locator("#submissions tbody tr:visible td:first-child")
    return [name.strip()[:5] for name in rows.all_inner_texts()]


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark"), ("en", "dark"), ("ru", "light")])
def test_the_reports_can_be_read_in_both_languages_and_themes(show, lang, theme):
    language(lang)
    for content in (report_page(COHORT, changes(OLD, COHORT)), feedback_page("boris", COHORT.submissions[:1])):
        page = show(content, theme)
        assert page.title() not in ("1", "")
        ratio, *where = page.evaluate(CONTRAST)
        assert ratio >= 4.5, where
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], "the page is wider than its window"


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_the_pages_have_no_barriers(show, lang, theme):
    language(lang)
    marked = report_page(MARKED, changes(OLD, COHORT), sections=SECTIONS)
    for content in (marked, feedback_page("boris", TERM.submissions[:2]), items_of(TERM)):
        assert barriers(show(content, theme)) == []


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_late_submissions_and_points_by_hand_can_be_read_and_sorted(show, lang, theme):
    language(lang)
    page = show(report_page(MARKED), theme)
    assert page.evaluate(CONTRAST)[0] >= 4.5
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], "the page is wider than its window"
    table = page.locator("#submissions")
    assert table.locator("tbody tr").nth(1).locator("b").inner_text() == decimal("0.5")
    table.locator("th button").get_by_text(text("marks.mark.column_final"), exact=True).click()
    assert students(page) == ["clara", "boris", "anna"]
    table.locator("summary", has_text=decimal("+0.5")).click()
    assert page.title() == text("grading.report.title")
    said = show(feedback_page("boris", MARKED.submissions[1:2]), theme)
    assert said.locator("ul.mark li.final").inner_text() == text(
        "marks.mark.final", final=decimal("0.5"), max_score=decimal("1.5")
    )
    assert said.evaluate(CONTRAST)[0] >= 4.5


@pytest.mark.browser
def test_the_table_can_be_searched(show):
    language("en")
    page = show(report_page(COHORT))
    search = page.get_by_label("Search:")
    assert len(students(page)) == 5
    assert page.locator("output").inner_text() == "5 / 5"
    search.fill("ёжик")
    assert students(page) == ["Ёжик"]
    search.fill("02_act graded")
    assert students(page) == ["clara"]
    search.fill("nobody")
    assert students(page) == []
    search.fill("")
    assert page.locator("output").inner_text() == "5 / 5"


@pytest.mark.browser
def test_the_table_can_be_sorted_in_both_directions_by_keyboard(show):
    language("en")
    page = show(report_page(COHORT))
    seconds = page.locator("#submissions").get_by_role("button", name="seconds")
    seconds.focus()
    page.keyboard.press("Enter")
    assert students(page)[:2] == ["clara", "<img "] or students(page)[:2] == ["<img ", "clara"]
    page.keyboard.press("Enter")
    assert students(page)[0] == "Ёжик"
    assert page.locator("#submissions th[aria-sort=descending]").count() == 1
    page.locator("#submissions").get_by_role("button", name="student").click()
    assert students(page)[1:4] == ["anna", "boris", "clara"]


@pytest.mark.browser
def test_no_script_of_a_student_runs_even_if_escaping_fails(show, browser):
    language("en")
    escaped = show(report_page(COHORT))
    assert escaped.title() == "Grades"
    raw = report_page(COHORT).replace("<h1>", "<script>document.title = 'owned'</script><h1>", 1)
    context = browser.new_context()
    page = context.new_page()
    page.set_content(raw)
    assert page.title() == "Grades"
    context.close()


@pytest.mark.browser
def test_the_changes_of_a_regrade_have_a_table_of_their_own(show):
    language("en")
    page = show(report_page(COHORT, changes(OLD, COHORT)))
    table = page.locator("#changes")
    assert "▼ 1.5 → 0" in table.inner_text()
    page.locator('input[data-table="changes"]').fill("anna")
    assert table.locator("tbody tr:visible").count() == 1
    assert len(students(page)) == 5


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_on_a_phone_no_page_is_wider_than_the_screen(show, lang):
    language(lang)
    for content in (report_page(TERM, sections=SECTIONS), feedback_page("boris", TERM.submissions[:2]), items_of(TERM)):
        page = show(content)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUT_OF_REACH) == []
        assert barriers(page) == []


@pytest.mark.browser
def test_on_paper_every_column_of_the_table_is_there(show):
    language("ru")
    page = show(report_page(TERM))
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 with margins of 1 cm
    page.emulate_media(media="print")
    cut_off = """() => [...document.querySelectorAll("#submissions td")].filter(
        cell => cell.getBoundingClientRect().right > innerWidth + 1).length"""
    assert page.evaluate(cut_off) == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    lines_of_a_lesson = """() => { const words = document.createRange();
        words.selectNodeContents(document.querySelector("#submissions tbody td:nth-child(2)"));
        return words.getClientRects().length; }"""
    assert page.evaluate(lines_of_a_lesson) == 1
    coloured = "getComputedStyle(document.querySelector('.bars div')).printColorAdjust"
    assert page.evaluate(coloured) == "exact", "browsers print no backgrounds by default: the bars would vanish"


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_signs_of_the_matrix_stand_out_from_their_cells(show, theme):
    verdicts = ("passed", "partial", "failed", "missing", "error", "timeout", "killed")
    page = show(report_page(results(*(entry(one, [exercise(one)]) for one in verdicts))), theme)
    under = """() => { const c = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
        const rgb = colour => { c.clearRect(0, 0, 1, 1); c.fillStyle = colour; c.fillRect(0, 0, 1, 1);
            return [...c.getImageData(0, 0, 1, 1).data]; };
        const light = v => { const f = x => (x /= 255) <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
            return 0.2126 * f(v[0]) + 0.7152 * f(v[1]) + 0.0722 * f(v[2]); };
        return [...document.querySelectorAll("table.heat td.cell .sign")].map(sign => {
            const pair = [getComputedStyle(sign).color, getComputedStyle(sign.parentElement).backgroundColor];
            const [a, b] = pair.map(rgb).map(light).sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05); }); }"""
    ratios = page.evaluate(under)
    assert len(ratios) == len(verdicts)
    assert min(ratios) >= 3.0
