"""The picture of two trainings on top of each other."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.viz import show_beside_torch
from ncl_course.viz.training.beside_torch import draw_beside_torch
from tests.answers.linear_right import RIGHT as LINEAR
from tests.answers.training_right import RIGHT


def test_both_losses_and_the_differences_are_drawn_step_by_step():
    above, below = Figure().subplots(2)
    ours, theirs, apart = draw_beside_torch([2.0, 1.0], [2.0, 1.5], [0.0, 1e-3], above, below)
    assert list(ours.get_xdata()) == [1, 2]
    assert list(ours.get_ydata()) == [2.0, 1.0]
    assert list(theirs.get_ydata()) == [2.0, 1.5]
    assert theirs.get_linewidth() > 3 * ours.get_linewidth(), "both lines must be visible"
    assert apart.get_ydata().tolist() == [1e-17, 1e-3]
    assert below.get_yscale() == "log"


def test_a_difference_that_is_no_number_leaves_a_gap():
    above, below = Figure().subplots(2)
    *_, apart = draw_beside_torch([2.0, np.nan], [2.0, 1.5], [1e-16, np.nan], above, below)
    assert np.isnan(apart.get_ydata()[1])


def test_histories_of_different_lengths_are_refused_with_their_lengths():
    above, below = Figure().subplots(2)
    with pytest.raises(ValueError, match="own has 1 losses, torch has 2, and there are 1 differences"):
        draw_beside_torch([1.0], [1.0, 2.0], [0.0], above, below)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_whole_figure_runs_the_students_pieces(lang, monkeypatch):
    monkeypatch.setenv("NCL_LANG", lang)
    layers = SimpleNamespace(CrossEntropyLoss=LINEAR["CrossEntropyLoss"][0])
    picture = show_beside_torch(RIGHT["build_cnn"][0], RIGHT["train_step"][0], layers, steps=4)
    above, below = picture.axes
    torchs, own = (line.get_ydata() for line in above.lines)
    assert own == pytest.approx(torchs, rel=1e-9)
    assert len(own) == 4
    assert max(below.lines[0].get_ydata()) < 1e-9
    assert {"en": "Steps: 4.", "ru": "Шагов: 4."}[lang] in picture.alt
    picture.canvas.draw()
    page, renderer = picture.bbox.padded(1), picture.canvas.get_renderer()
    for ax in picture.axes:
        for said in [*ax.texts, ax._left_title, ax.xaxis.label]:
            box = said.get_window_extent(renderer)
            assert page.x0 <= box.x0 <= box.x1 <= page.x1, said.get_text()
            assert page.y0 <= box.y0 <= box.y1 <= page.y1, said.get_text()
