"""A still goes with each widget: shown beside it, replaced by the latest, kept in a key without a name of its own."""

from __future__ import annotations

import ipywidgets as widgets
import nbformat
import pytest

from ncl_course.authoring.execute import leave_static_pictures
from ncl_course.still import WIDGET_VIEW, Still

BUNDLE = {"text/html": "<p>first</p>", "text/plain": "first"}


@pytest.fixture
def shown(monkeypatch):
    """Return what is displayed: the bundle, the name, and whether it replaces that output."""
    found = []

    def publish(data, transient=None, update=False):
        found.append((data, (transient or {}).get("display_id"), update))

    monkeypatch.setattr("IPython.display.publish_display_data", publish)
    return found


def test_a_widget_is_shown_with_its_still_which_the_next_one_replaces(shown):
    still = Still(widgets.HTML())
    still.update(BUNDLE)
    assert shown == [], "nothing is there to replace"
    still.show(BUNDLE)
    still.update({"text/html": "<p>second</p>", "text/plain": "second"})
    (widget, *_), (first, name, new), (second, again, update) = shown
    assert widget == {
        WIDGET_VIEW: {"version_major": 2, "version_minor": 0, "model_id": still.box.model_id},
    }
    assert "<p>first</p>" in first["text/html"]
    assert "<p>second</p>" in second["text/html"]
    assert (name, again, new, update) == (still.name, still.name, False, True)


def test_only_the_style_inside_the_widget_hides_its_own_still(shown):
    still, other = Still(widgets.HTML()), Still(widgets.HTML())
    hides = [child.value for child in still.box.children if still.name in getattr(child, "value", "")]
    assert len(hides) == 1
    assert other.name not in hides[0]


def test_an_executed_key_keeps_the_still_alone_and_is_the_same_each_time(shown):
    keys = []
    for _ in range(2):
        shown.clear()
        Still(widgets.HTML()).show(BUNDLE)
        outputs = [nbformat.v4.new_output("display_data", dict(data)) for data, *_ in shown]
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", id="one", outputs=outputs)])
        leave_static_pictures(notebook)
        keys.append(notebook.cells[0].outputs)
    assert len(keys[0]) == 1
    assert keys[0] == keys[1]
