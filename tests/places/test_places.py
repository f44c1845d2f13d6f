"""The places are described truly: Colab's list meets the bounds, and a difference of a key is noticed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from packaging.requirements import Requirement

from ncl_course.checking.display import RESULT_MIME
from ncl_course.still import WIDGET_VIEW
from tests.places.environments import COLAB, PLACES, canonical, lower_bounds, project, without_comments
from tests.places.keys import compared

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


def key(said: str = "1.5", verdict: str = "passed", widget: str = "7") -> Any:
    """Return a notebook with one cell that shows a text, a result and a widget."""
    data = {"text/plain": said, "text/html": said, RESULT_MIME: {"verdict": verdict}, WIDGET_VIEW: {"model_id": widget}}
    cell = new_code_cell("show()", id="shown", outputs=[new_output("display_data", data)])
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"7": {}}}}
    return new_notebook(cells=[cell], metadata={"widgets": state})


def test_an_equal_key_is_fine() -> None:
    shown = compared("01_pooling", key(), key())

    assert shown.fine
    assert str(shown) == "equal; widgets 1/1; checks 1/1; panels 1/1"


@pytest.mark.parametrize(
    ("ran", "said"),
    [
        (key(said="1.25"), "DIFFERENT: shown; widgets 1/1; checks 1/1; panels 1/1"),
        (key(verdict="failed"), "equal; widgets 1/1; checks 0/1; panels 1/1"),
        (key(widget="8"), "equal; widgets 0/1; checks 1/1; panels 1/1"),
    ],
)
def test_a_text_a_verdict_or_a_widget_without_its_model_is_not_fine(ran: Any, said: str) -> None:
    shown = compared("01_pooling", key(), ran)

    assert not shown.fine
    assert str(shown) == said


def test_an_error_and_a_printed_warning_are_differences_too() -> None:
    for output in (
        new_output("error", ename="AttributeError", evalue="no attribute", traceback=[]),
        new_output("stream", name="stderr", text="a warning\n"),
    ):
        ran = nbformat.from_dict(key())
        ran.cells[0].outputs.append(output)
        assert compared("01_pooling", key(), ran).different == ("shown",)


def test_a_cell_that_says_that_it_needs_torch_is_fine_only_where_there_is_none() -> None:
    ran = key()
    ran.cells[0].outputs = [new_output("error", ename="NoTorchError", evalue="install it", traceback=[])]
    shown = compared("01_pooling", key(), ran)

    assert shown.fine_without_torch
    assert not shown.fine
    assert "without the 1 cells that say that torch is missing" in str(shown)

    ran.cells[0].outputs[0].ename = "ModuleNotFoundError"
    assert not compared("01_pooling", key(), ran).fine_without_torch


def test_a_still_s_random_name_is_no_difference_and_what_it_shows_is_one() -> None:
    still = '<div class="ncl-still{}"><p>{}</p></div>'
    stored, ran, other = key(), key(), key()
    for notebook, name, shown in ((stored, "", "84"), (ran, f" ncl-{uuid4().hex}", "84"), (other, "", "83")):
        notebook.cells[0].outputs[0].data["text/html"] = still.format(name, shown)

    assert compared("00_start", stored, ran).fine
    assert compared("00_start", stored, other).different == ("shown",)
