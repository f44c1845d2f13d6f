"""The places are described truly: Colab's list meets the bounds, and a difference of a key is noticed."""

from __future__ import annotations

import json
import sys
from base64 import b64encode
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from packaging.requirements import Requirement
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ncl_course.checking.display import RESULT_MIME
from ncl_course.still import WIDGET_VIEW
from tests.places import environments, keys
from tests.places.environments import COLAB, PLACES, canonical, lower_bounds, project, without_comments
from tests.places.keys import outcome
from tests.places.shown import Seen

THERE = {canonical(name): version for name, _, version in (line.partition("==") for line in without_comments(COLAB))}
NEEDS = [Requirement(line) for line in project()["dependencies"]]
ADDED = {"anywidget"}
"""The packages that Colab lacks; pip adds them and replaces none for their sake."""


@pytest.mark.parametrize("need", NEEDS, ids=lambda need: need.name)
def test_colab_has_each_package_in_a_version_that_the_course_allows(need: Requirement) -> None:
    if need.name == "torch":  # the list keeps our build; Colab's of that day was 2.9.0
        assert need.specifier.contains("2.9.0")
    elif need.name not in ADDED:
        assert need.specifier.contains(THERE[canonical(need.name)])


def test_colabs_list_is_the_one_that_caused_trouble() -> None:
    assert (THERE["ipywidgets"], THERE["ipython"], THERE["ipykernel"]) == ("7.7.1", "7.34.0", "6.17.1")
    assert "jupyterlab" not in THERE


def test_the_lowest_versions_are_those_of_pyproject() -> None:
    assert "ipykernel==6.17" in lower_bounds()
    assert "matplotlib==3.10" in lower_bounds()
    assert len(lower_bounds()) == len(NEEDS) - 1
    assert [place.name for place in PLACES] == ["wheel", "colab", "lowest", "newest", "no-torch", "notebook"]


def test_a_package_that_would_be_replaced_is_named_and_one_that_is_added_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answered(*command: str | Path) -> str:
        if "list" in command:
            return json.dumps([{"name": "IPyKernel", "version": "6.17.1"}, {"name": "numpy", "version": "2.1.3"}])
        new = [("ipykernel", "7.0"), ("anywidget", "0.9")]
        return json.dumps({"install": [{"metadata": {"name": name, "version": version}} for name, version in new]})

    monkeypatch.setattr(environments, "run", answered)
    assert environments.would_change(Path("python"), Path("course.whl")) == ["ipykernel 6.17.1 -> 7.0"]


def key(said: str = "1.5", verdict: str = "passed", widget: str = "7") -> Any:
    """Return a notebook with one cell that shows a text, a result and a widget."""
    data = {"text/plain": said, "text/html": said, RESULT_MIME: {"verdict": verdict}, WIDGET_VIEW: {"model_id": widget}}
    cell = new_code_cell("show()", id="shown", outputs=[new_output("display_data", data)])
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"7": {}}}}
    return new_notebook(cells=[cell], metadata={"widgets": state})


def test_an_equal_key_is_fine() -> None:
    shown = outcome("01_pooling", key(), key())

    assert shown.fine
    assert str(shown) == "equal; widgets 1/1; checks 1/1; panels 1/1"


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        (key(said="1.25"), "DIFFERENT: shown; widgets 1/1; checks 1/1; panels 1/1"),
        (key(verdict="failed"), "equal; widgets 1/1; checks 0/1; panels 1/1"),
        (key(widget="8"), "equal; widgets 0/1; checks 1/1; panels 1/1; missing in shown"),
    ],
)
def test_a_text_a_verdict_or_a_widget_without_its_model_is_not_fine(ran: Any, said: str) -> None:
    shown = outcome("01_pooling", key(), ran)

    assert not shown.fine
    assert str(shown) == said


def test_a_place_that_differs_from_the_stored_key_is_compared_with_this_environment_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stored training of 84 % may give 83 % on another processor, in every environment."""
    path, asked = tmp_path / "06_train_cnn.ipynb", []
    nbformat.write(key(said="84"), path)

    def executed(_key: Path, python: Path, _environment: Any = None) -> Any:
        asked.append(python)
        return key(said="83" if python == Path(sys.executable) else python.name)

    monkeypatch.setattr(keys, "executed", executed)
    shown = {said: keys.run_key(path, Path(said)) for said in ("84", "83", "82")}

    assert {said: one.fine for said, one in shown.items()} == {"84": True, "83": True, "82": False}
    assert asked == [Path("84"), Path("83"), Path(sys.executable), Path("82")]


def test_an_error_and_a_printed_warning_are_differences_too() -> None:
    for output in (
        new_output("error", ename="AttributeError", evalue="no attribute", traceback=[]),
        new_output("stream", name="stderr", text="a warning\n"),
    ):
        ran = nbformat.from_dict(key())
        ran.cells[0].outputs.append(output)
        assert outcome("01_pooling", key(), ran).those(Seen.DIFFERENT) == ["shown"]


def test_a_cell_that_says_that_it_needs_torch_is_fine_only_where_there_is_none() -> None:
    ran = key()
    ran.cells[0].outputs = [new_output("error", ename="NoTorchError", evalue="install it", traceback=[])]
    shown = outcome("01_pooling", key(), ran)

    assert shown.fine_without_torch
    assert not shown.fine
    assert "without the 1 cells that say that torch is missing" in str(shown)

    ran.cells[0].outputs[0].ename = "ModuleNotFoundError"
    assert not outcome("01_pooling", key(), ran).fine_without_torch


def test_a_still_s_random_name_is_no_difference_and_what_it_shows_is_one() -> None:
    still = '<div class="ncl-still{}"><p>{}</p></div>'
    stored, ran, other = key(), key(), key()
    for notebook, name, shown in ((stored, "", "84"), (ran, f" ncl-{uuid4().hex}", "84"), (other, "", "83")):
        notebook.cells[0].outputs[0].data["text/html"] = still.format(name, shown)

    assert outcome("01_pooling", stored, ran).fine
    assert outcome("01_pooling", stored, other).those(Seen.DIFFERENT) == ["shown"]


def picture(alt: str, colour: int, version: str) -> str:
    """Return a picture in HTML, as a version of Matplotlib draws it."""
    about, file = PngInfo(), BytesIO()
    about.add_text("Software", f"Matplotlib version{version}")
    Image.new("L", (4, 3), colour).save(file, "png", pnginfo=about)
    return f'<img class="ncl-picture" alt="{alt}" src="data:image/png;base64,{b64encode(file.getvalue()).decode()}">'


def test_another_matplotlib_may_draw_other_pixels_and_the_texts_beside_them_are_compared() -> None:
    stored = key(said=picture("two windows", 0, "3.11"))
    for alt, colour, version, seen in (
        ("two windows", 0, "3.11", Seen.EQUAL),
        ("two windows", 9, "3.10", Seen.DRAWN),
        ("two windows", 9, "3.11", Seen.DIFFERENT),
        ("one window", 9, "3.10", Seen.DIFFERENT),
    ):
        shown = outcome("01_pooling", stored, key(said=picture(alt, colour, version)))
        assert shown.cells == {"shown": seen}
        assert shown.fine is (seen is not Seen.DIFFERENT)
    assert str(outcome("01_pooling", stored, key(said=picture("two windows", 9, "3.10")))).startswith(
        "equal, but for the pixels of another Matplotlib in 1 of the cells; "
    )


def test_the_numbers_of_a_training_may_differ_in_its_lessons_and_nothing_else() -> None:
    said = "The test images. In this run: {} of 1000 right."
    stored, ran = key(said=said.format(841)), key(said=said.format(848))
    other = key(said=said.format(848).replace("test", "last"))

    for lesson, fine in (("06_train_cnn", True), ("00_start", True), ("03_linear_softmax", False)):
        shown = outcome(lesson, stored, ran)
        assert shown.fine is fine
        assert ("except for the numbers of trainings in shown" in str(shown)) is fine
        assert outcome(lesson, stored, other).those(Seen.DIFFERENT) == ["shown"]
