"""The progress bar of the trainings: it counts, leaves nothing behind, and reads as a sentence without widgets."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ncl_course.experiments.progress import counting, show
from ncl_course.still import WIDGET_VIEW


def test_outside_a_notebook_a_line_counts_and_is_erased(capsys: pytest.CaptureFixture[str]) -> None:
    with counting(2, "Networks to train: 2") as done:
        done()
        done()
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("\rNetworks to train: 2:   0%")
    assert said.err.split("\r")[-2:] == [" " * len(said.err.split("\r")[-2]), ""]


def test_the_bar_is_closed_if_a_training_raises(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> None:
        with counting(2, "Networks to train: 2"):
            raise NotImplementedError("not written yet")

    with pytest.raises(NotImplementedError, match="not written yet"):
        fails()
    assert capsys.readouterr().err.endswith("\r")


def test_without_widgets_the_bar_always_reads_as_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    box = SimpleNamespace(model_id="7")  # ipywidgets 7 has no _repr_mimebundle_
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))
    show(box, "Networks to train: 2")
    view = {"version_major": 2, "version_minor": 0, "model_id": "7"}
    assert shown == [({WIDGET_VIEW: view, "text/plain": "Networks to train: 2"}, True)]
