"""The progress bar of the trainings: it counts, leaves nothing behind, and reads as a sentence without widgets."""

from __future__ import annotations

from typing import Any

import pytest

from ncl_course.experiments.progress import counting, show


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
    class Box:
        def _repr_mimebundle_(self) -> dict[str, Any]:
            return {"view": {"model_id": "7"}, "text/plain": "  0%|    | 0/2 [00:00<?, ?it/s]"}

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append((data, raw)))
    show(Box(), "Networks to train: 2")
    assert shown == [({"view": {"model_id": "7"}, "text/plain": "Networks to train: 2"}, True)]
