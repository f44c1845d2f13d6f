"""Every comparison of three seeds has room for its own words, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from ncl_course.experiments.by_torch.normalization_trials import Course, Trial
from ncl_course.language import LANGUAGES, language
from ncl_course.viz.normalization import variants
from ncl_course.viz.picture import Picture
from ncl_course.viz.pooling import trial
from tests.viz.inside import words_that_leave

SHOWN: tuple[Callable[[], Picture], ...] = (
    variants.show_normalized_input,
    variants.show_depths,
    variants.show_norm_after,
    variants.show_small_batches,
    variants.show_standardized,
    trial.show_pooling_trial,
)


def untrained(series: Sequence[Sequence[Trial]], own: object = None) -> list[list[list[Course]]]:
    """Return a course for each of three seeds of each trial, without a training."""
    return [[[Course(tested=0.5, trained=1.0)] * 3 for _ in trials] for trials in series]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("show", SHOWN, ids=lambda show: show.__name__)
def test_the_words_of_a_comparison_stay_on_its_page(
    monkeypatch: pytest.MonkeyPatch, show: Callable[[], Picture], lang: str
) -> None:
    for room in (variants, trial):
        monkeypatch.setattr(room, "courses", untrained)
    language(lang)
    assert words_that_leave(show()) == []
