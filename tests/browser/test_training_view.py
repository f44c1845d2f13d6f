"""The view into a training in a real JupyterLab: it moves, pauses and stops, and the learned weights are kept."""

from __future__ import annotations

import re
import secrets

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ALL_RUN, ROOT

pytestmark = pytest.mark.browser

SETUP = f"""\
import sys; sys.path.insert(0, {str(ROOT)!r})
import numpy as np
from bench.keys import keys
from bench.training_step import ours
from ncl_course import language
from ncl_course.data import load_digits
from ncl_course.nn import SGD
from ncl_course.viz import watch_training
from tests.answers.training_right import RIGHT
names, digits = keys(), load_digits()
model = ours(names, 1, 8)
optimizer, loss = SGD(model, lr=0.05, momentum=0.9), names["CrossEntropyLoss"]()
before = model.params["0.weight"].copy()
"""
RUN = """\
losses = view.run(RIGHT["train"][0], loss, optimizer, epochs={epochs}, batch_size=64, rng=np.random.default_rng(0))
"""
KEPT = """\
changed = not np.array_equal(before, model.params["0.weight"])
print("kept", len(losses), losses == view.history.losses[-len(losses):], len(view.history.losses), changed)
"""
WORDS = {
    "en": {
        "pause": "Pause",
        "go": "Continue",
        "stop": "Stop",
        "step": r"Step (\d+) of",
        "paused": r"Paused after step (\d+)",
        "stopped": r"Stopped after step (\d+)",
        "done": r"Done: (\d+) steps",
    },
    "ru": {
        "pause": "Пауза",
        "go": "Дальше",
        "stop": "Стоп",
        "step": r"Шаг (\d+) из",
        "paused": r"Пауза после шага (\d+)",
        "stopped": r"Остановлено после шага (\d+)",
    },
}
RUN_ALL = "void window.jupyterapp.commands.execute('notebook:run-all-cells')"


def scratch(lab, lang: str, epochs: int) -> str:
    """Return a notebook that trains the right layers under the view."""
    sources = {
        "setup": SETUP,
        "view": f'language("{lang}"); view = watch_training(model, digits)',
        "run": RUN.format(epochs=epochs),
        "kept": KEPT,
    }
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=name) for name, source in sources.items()],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}},
    )
    name = f"training-{lang}-{secrets.token_hex(3)}.ipynb"
    nbformat.write(notebook, lab.desk / name)
    return name


def step(view, words: str) -> int:
    """Return the number of the step in the line of that kind, once the line appears."""
    line = view.get_by_text(re.compile(words))
    line.wait_for()
    return int(re.search(words, line.inner_text()).group(1))


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ru", "dark")])
def test_clicks_pause_continue_and_stop_a_training(lab, lang, theme):
    words = WORDS[lang]
    page = lab.open(scratch(lab, lang, epochs=5000), theme)
    page.evaluate(RUN_ALL)
    page.wait_for_function("window.jupyterapp.shell.currentWidget.content.model.cells.get(1).executionCount !== null")
    view = lab.show(page, "view")
    first = step(view, words["step"])
    picture = view.locator("img").first
    source = picture.get_attribute("src")
    expect(view.get_by_text(re.compile(words["step"]))).not_to_contain_text(re.compile(rf" {first} "))
    expect(picture).not_to_have_attribute("src", source)
    bar = view.locator(".progress-bar").first

    view.get_by_role("button", name=words["pause"]).click()
    stood = step(view, words["paused"])
    page.screenshot(path=results(f"training-paused-{lang}-{theme}.png"))
    source, width = picture.get_attribute("src"), bar.evaluate("bar => bar.style.width")
    page.wait_for_timeout(1500)
    assert step(view, words["paused"]) == stood, "it went on while it was paused"
    assert picture.get_attribute("src") == source
    slider = view.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(picture).not_to_have_attribute("src", source)  # the reader may choose another image meanwhile

    view.get_by_role("button", name=words["go"]).click()
    assert step(view, words["step"]) >= stood
    expect(bar).not_to_have_attribute("style", re.compile(rf"width: {re.escape(width)}"))

    view.get_by_role("button", name=words["stop"]).click()
    page.wait_for_function(ALL_RUN)
    ended = step(lab.show(page, "view"), words["stopped"])
    page.screenshot(path=results(f"training-stopped-{lang}-{theme}.png"))
    kept = lab.show(page, "kept").inner_text()
    assert kept.strip() == f"kept {ended} True {ended} True"
    assert ended > stood
    lab.close(page)


def test_a_training_without_clicks_runs_to_its_end_and_leaves_its_picture_in_the_notebook(lab):
    name = scratch(lab, "en", epochs=3)
    page = lab.open(name)
    lab.run_all(page)
    assert step(lab.show(page, "view"), WORDS["en"]["done"]) == 57
    assert lab.show(page, "kept").inner_text().strip() == "kept 57 True 57 True"
    page.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    (output,) = nbformat.read(lab.desk / name, as_version=4).cells[1].outputs
    assert output.data["text/plain"].startswith("A view into a network in training")
    assert len(output.data["image/png"]) > 10_000
    lab.close(page)


def results(name: str):
    """Return the folder for screenshots."""
    folder = ROOT / "test-results"
    folder.mkdir(exist_ok=True)
    return folder / name
