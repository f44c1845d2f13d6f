"""An error in the student's layer is shown before the nets that do not contain it have trained."""

from __future__ import annotations

import pytest

from ncl_course.experiments.by_torch import normalization_trials
from ncl_course.viz.normalization import trials, variants
from tests.answers import RIGHT

SHOWS = (
    trials.show_learning_rates,
    trials.show_starts,
    trials.show_dropout_need,
    variants.show_normalized_input,
    variants.show_depths,
)


class Unwritten(RIGHT["BatchNorm2d"][0]):
    def forward(self, x):
        raise NotImplementedError


@pytest.mark.parametrize("show", SHOWS, ids=lambda show: show.__name__)
def test_a_layer_that_is_not_written_ends_the_first_training(show, monkeypatch):
    begun, trained = [], normalization_trials.trained

    def counted(*trial):
        begun.append(trial)
        return trained(*trial)

    monkeypatch.setattr(normalization_trials, "trained", counted)
    with pytest.raises(NotImplementedError):
        show(Unwritten)
    assert len(begun) == 1
