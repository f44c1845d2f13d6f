"""The instrument in a real JupyterLab: each slider acts while the network trains, and the network reads a drawing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import barriers
from tests.browser.conftest import ALL_RUN, ROOT, wait_until

pytestmark = pytest.mark.browser

SETUP = f"""\
import sys; sys.path.insert(0, {str(ROOT)!r})
from dataclasses import replace
from ncl_course import language
from ncl_course.data import load_digits
from ncl_course.nn import SGD, CNNConfig
from ncl_course.viz import draw_and_read, live_training
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT
digits, config = load_digits(), CNNConfig(1, 8, 10, filters=(8, 16))
pieces = RIGHT["build_cnn"][0], RIGHT["train_step"][0], LINEAR["CrossEntropyLoss"][0], SGD
"""
WORDS = {
    "en": {"lr": "learning rate", "momentum": "momentum", "batch": "batch size", "decay": "weight decay",
           "stop": "Stop", "go": "Go on", "reset": "Start anew", "keep": "Keep this state", "load": "Go back to it",
           "past": "look back", "seen": r"images seen: (\d+)", "loss": r"loss ([\d.,·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|NaN|∞) ·",
           "decay_loss": "weight decay's loss 0 ", "template": "Another network", "filters": "filters, M numbers",
           "build": "Build it and start anew", "sheet": "Sheet to draw on", "sees": r"The network sees: \d, \d+%"},
    "ru": {"lr": "темп обучения", "momentum": "момент", "batch": "размер пакета", "decay": "затухание весов",
           "stop": "Стоп", "go": "Дальше", "reset": "Начать заново", "keep": "Запомнить", "load": "Вернуться",
           "past": "назад по шагам", "seen": r"просмотрено изображений: (\d+)",
           "loss": r"функция потерь ([\d.,·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|NaN|∞) ·", "decay_loss": "добавляет к функции потерь 0 ",
           "template": "Другая сеть", "filters": "фильтры, M чисел", "build": "Построить и начать заново",
           "sheet": "Лист для рисования", "sees": r"Сеть видит: \d, \d+\s%"},
}  # fmt: skip
RUN_ALL = "void window.jupyterapp.commands.execute('notebook:run-all-cells')"


GREET = """async () => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    await kernel.requestExecute({code: "view.do(view.greet)"}).done;
}"""


def scratch(lab, lang: str, steps: int, more: str = "") -> str:
    """Return a notebook in which the right layers live, and then read drawings."""
    sources = {
        "setup": SETUP + f'language("{lang}"); {more}',
        "live": f"view = live_training(*pieces, digits, config, steps={steps})",
        "draw": "draw_and_read(view, digits)",
    }
    return lab.write(f"live-{lang}", sources)


def alive(lab, lang: str, theme: str) -> tuple[Page, Locator]:
    """Open a notebook whose network trains until Stop, run it, and return the page and the instrument."""
    page = lab.open(scratch(lab, lang, steps=1_000_000), theme)
    page.evaluate(RUN_ALL)
    view = page.locator(".ncl-live")
    view.wait_for()
    return page, view


def results(name: str):
    """Return the path of a screenshot."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder / name


def step(view: Locator) -> int:
    """Return the step that the page shows."""
    return int(view.get_attribute("data-step") or -1)


def further(page, view: Locator, steps: int) -> int:
    """Wait until the page shows a step that much later, and return it."""
    goal = step(view) + steps
    wait_until(page, f"Number(document.querySelector('.ncl-live').dataset.step) >= {goal}")
    return step(view)


def loss(view: Locator, words: dict[str, str]) -> float:
    """Return the loss that the page shows; infinity and NaN are the largest."""
    said = re.search(words["loss"], view.locator(".ncl-facts").inner_text())[1].replace(",", ".")
    if said in ("NaN", "∞"):
        return float("inf")
    digits, _, power = said.partition("·10")
    return float(digits) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def seen(view: Locator, words: dict[str, str]) -> int:
    return int(re.search(words["seen"], view.locator(".ncl-facts").inner_text())[1])


def press(view: Locator, name: str, key: str) -> None:
    slider = view.get_by_role("slider", name=name, exact=True)
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    slider.press(key)
    assert slider.get_attribute("aria-valuetext") != before
    slider.blur()


@pytest.mark.parametrize(("lang", "theme"), [("ru", "dark")])
def test_every_slider_acts_while_the_network_trains(lab, lang, theme):
    words = WORDS[lang]
    page, view = alive(lab, lang, theme)
    further(page, view, 60)
    page.screenshot(path=results(f"live-{lang}-{theme}.png"))
    good = loss(view, words)
    assert good < 2.3

    press(view, words["lr"], "End")
    wait_until(page, "step => Number(document.querySelector('.ncl-live').dataset.step) > step + 30", step(view))
    assert loss(view, words) > good
    press(view, words["lr"], "Home")
    for _ in range(25):
        press(view, words["lr"], "ArrowRight")
    view.get_by_role("button", name=words["reset"]).click()
    wait_until(page, "Number(document.querySelector('.ncl-live').dataset.step) < 40")
    further(page, view, 100)
    assert loss(view, words) < 2.3, "it falls again"

    press(view, words["batch"], "Home")  # one image a step
    further(page, view, 20)
    before = step(view), seen(view, words)
    further(page, view, 40)
    assert seen(view, words) - before[1] == step(view) - before[0]

    expect(view.locator(".ncl-facts")).to_contain_text(words["decay_loss"])
    press(view, words["decay"], "End")
    expect(view.locator(".ncl-facts")).not_to_contain_text(words["decay_loss"])

    press(view, words["momentum"], "Home")
    expect(view.get_by_role("slider", name=words["momentum"], exact=True)).to_have_attribute("aria-valuetext", "0")
    view.get_by_role("button", name=words["stop"]).click()
    lab.close(page)


def stopped(page, view: Locator, words: dict[str, str]) -> int:
    """Stop the training, and return the step of the last frame."""
    view.get_by_role("button", name=words["stop"]).click()
    wait_until(page, "document.querySelector('.ncl-live').dataset.state === 'stopped'")
    page.wait_for_timeout(1000)
    return step(view)


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark")])
def test_one_can_look_back_and_go_on_and_return_to_a_kept_state(lab, lang, theme):
    words = WORDS[lang]
    page, view = alive(lab, lang, theme)
    further(page, view, 10)
    stood = stopped(page, view, words)

    press(view, words["past"], "Home")
    expect(view).to_have_attribute("data-step", "0")
    page.screenshot(path=results(f"live-step-0-{lang}-{theme}.png"))
    rate = view.get_by_role("slider", name=words["lr"], exact=True)
    rate.press("Home")
    page.evaluate(GREET)  # as where the kernel answers late to a page that has long been in use
    view.get_by_role("button", name=words["keep"]).click()
    expect(view.get_by_role("button", name=words["load"])).to_be_enabled()  # the kernel has done both
    expect(view).to_have_attribute("data-step", "0")
    assert rate.input_value() == "0"
    press(view, words["past"], "End")
    expect(view).to_have_attribute("data-step", str(stood))

    wait_until(page, ALL_RUN)  # the cell has ended, and the network goes on
    view.get_by_role("button", name=words["keep"]).click()
    view.get_by_role("button", name=words["go"]).click()
    further(page, view, 5)
    assert stopped(page, view, words) > stood
    view.get_by_role("button", name=words["load"]).click()
    expect(view).to_have_attribute("data-step", str(stood))

    view.get_by_text(words["template"]).click()
    view.get_by_label(words["filters"]).fill("2, 2, 2, 2, 2")
    view.get_by_role("button", name=words["build"]).click()
    expect(view.get_by_role("alert")).to_contain_text("CNNConfig")
    page.screenshot(path=results(f"live-refused-{lang}-{theme}.png"))
    assert barriers(page, ".ncl-live") == []
    expect(view.locator("h1, h2, h3, h4, h5, h6")).to_have_count(0)  # the lesson's headings would be out of order
    assert view.get_by_role("alert").evaluate(COLOUR) == view.locator(".ncl-facts").evaluate(COLOUR), "as readable"
    view.get_by_label(words["filters"]).fill("4.5 -x")
    view.get_by_role("button", name=words["build"]).click()
    expect(view.get_by_role("alert")).to_contain_text("4.5")  # not read as 4 and 5
    expect(view.locator(".ncl-layers tbody tr")).to_have_count(8)
    view.get_by_label(words["filters"]).fill("5")
    view.get_by_role("button", name=words["build"]).click()
    expect(view.locator(".ncl-layers tbody tr")).to_have_count(5)
    view.get_by_role("button", name=words["stop"]).click()
    lab.close(page)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_network_reads_what_is_drawn_with_the_mouse(lab, lang):
    words = WORDS[lang]
    page = lab.open(scratch(lab, lang, steps=120))
    lab.run_all(page)
    lab.show(page, "draw")
    sheet = page.get_by_role("img", name=words["sheet"])
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    across, top = box["x"] + box["width"] / 2, box["y"]
    page.mouse.move(across, top + 40)
    page.mouse.down()
    for down in range(40, 240, 10):
        page.mouse.move(across, top + down)
    page.mouse.up()
    answer = page.locator(".ncl-answers")
    expect(answer.get_by_role("status")).to_have_text(re.compile(words["sees"]))
    first = answer.inner_text()
    page.mouse.move(across - 90, top + 50)
    page.mouse.down()
    for right in range(0, 180, 10):
        page.mouse.move(across - 90 + right, top + 50)
    page.mouse.up()
    expect(answer).not_to_have_text(first, use_inner_text=True)
    page.screenshot(path=results(f"drawn-{lang}.png"))
    lab.close(page)


def test_at_200_percent_there_is_one_column_and_nothing_sticks_out(lab):
    page = lab.open(scratch(lab, "en", steps=20))
    page.set_viewport_size({"width": 550, "height": 400})
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    lab.run_all(page)
    view = page.locator(".ncl-live")
    view.scroll_into_view_if_needed()
    columns = view.locator(".ncl-columns").evaluate(
        "one => getComputedStyle(one).gridTemplateColumns.split(' ').length"
    )
    assert columns == 1
    assert view.evaluate("one => one.scrollWidth <= one.clientWidth + 1")
    page.screenshot(path=results("live-200-percent.png"))
    lab.close(page)


COLOUR = "one => getComputedStyle(one).color"
RUINED = "part = digits.train; digits = replace(digits, train=replace(part, x=1e30 * part.x))"
INK_AT_THE_EDGE = """all => all.map(one => {
    const edge = one.getContext("2d").getImageData(0, 0, 1, one.height).data;
    return [...edge].some((value, at) => at % 4 === 3 && value > 0);
})"""


def test_a_ruined_network_has_no_cut_numbers_and_says_what_is_not_finite(lab):
    page = lab.open(scratch(lab, "en", steps=4, more=RUINED))
    lab.run_all(page)
    view = page.locator(".ncl-live")
    view.scroll_into_view_if_needed()
    page.screenshot(path=results("live-ruined.png"))
    expect(view.locator(".ncl-layers tbody td small").first).to_have_text("only NaN or ∞")
    assert "?" not in view.locator(".ncl-layers").inner_text()
    assert view.locator(".ncl-curves canvas").evaluate_all(INK_AT_THE_EDGE) == [False, False]
    lab.close(page)


NORMED = "config = CNNConfig(1, 8, 10, filters=(16, 32), batch_norm=True)"
LARGE = "; part = digits.validation; digits = replace(digits, validation=replace(part, x=-1.2e7 * part.x))"
"""Images on which the first layer's numbers are as long as those of a network that a silly learning rate has ruined."""
TALL = "all => all.filter(one => one.clientHeight > 30).map(one => one.innerText)"
TOPS = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
TOO_LONG = "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.innerText)"


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark"), ("ru", "light")])
def test_the_instrument_fits_1100_by_800_and_no_word_runs_into_the_next(lab, lang, theme):
    page = lab.open(scratch(lab, lang, steps=64, more=NORMED + LARGE), theme)
    lab.run_all(page)
    lab.show(page, "live")
    view = page.locator(".ncl-live")
    page.evaluate("window.jupyterapp.shell.collapseLeft()")  # an earlier test may have opened the list of files
    size = view.bounding_box()
    page.screenshot(path=results(f"live-step-64-{lang}-{theme}.png"))
    assert size["width"] <= 1100
    assert size["height"] <= 800
    expect(view.locator(".ncl-layers tbody tr")).to_have_count(10)
    words = ".ncl-maps, .ncl-layers th, .ncl-layers td, .ncl-layers small, .ncl-slider span, .ncl-template span"
    expect(view.locator(".ncl-layers tbody td").first).to_contain_text("·10⁷")
    assert view.locator(words).evaluate_all(TOO_LONG) == []
    view.get_by_text(WORDS[lang]["template"]).click()
    page.screenshot(path=results(f"live-template-{lang}-{theme}.png"))
    assert view.locator(words).evaluate_all(TOO_LONG) == []
    assert view.locator(".ncl-template label").evaluate_all(TALL) == []
    page.evaluate("window.jupyterapp.shell.expandLeft()")
    assert view.locator(".ncl-template label").evaluate_all(TALL) == [], "beside JupyterLab's list of files"
    page.set_viewport_size({"width": 1100, "height": 800})
    wait_until(page, "document.querySelector('.ncl-live').clientWidth < 700")
    assert view.locator(words).evaluate_all(TOO_LONG) == [], "beside JupyterLab's list of files"
    tops = view.locator(".ncl-curves canvas").evaluate_all(TOPS)
    assert tops[0] == tops[1], "the curves are side by side, and the layers are nearer to the sliders"
    page.screenshot(path=results(f"live-beside-files-{lang}-{theme}.png"))
    page.evaluate("window.jupyterapp.shell.collapseLeft()")
    lab.close(page)
