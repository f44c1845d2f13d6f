"""The dying explorer without a browser: a step that kills the neuron, the sentence on it, and the effect of a leak."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course.experiments.deep_toy import POINTS
from ncl_course.viz import dying_explorer
from ncl_course.viz.activations.dying_explorer import STEPS, DyingExplorer, draw_neuron, trained
from tests.viz.inside import words_that_leave


@pytest.fixture
def explorer() -> DyingExplorer:
    return dying_explorer()


def test_it_opens_at_a_dead_relu(explorer: DyingExplorer) -> None:
    assert explorer.picture.alt == (
        "Step 1: w = 0.042, b = −0.3. In none of the 20 samples is wx + b above 0, so the gradient is exactly 0: "
        "w and b never change again, and the loss stays 0.342. The neuron is dead."
    )


@pytest.mark.parametrize(
    ("control", "value", "words"),
    [
        ("step", 0, "In 20 of 20 samples wx + b is above 0; the gradient is 1.2 long, the loss 0.326."),
        ("rate", 0.8, "In 8 of 20 samples wx + b is above 0"),
        ("alpha", 0.1, "but a little comes back through the leak: the gradient is 0.13 long, the loss 0.370."),
    ],
)
def test_moving_a_control_changes_picture_and_sentence(
    explorer: DyingExplorer, control: str, value: float, words: str
) -> None:
    before = explorer.image.value
    getattr(explorer, control).value = value
    assert explorer.image.value != before
    assert words in explorer.picture.alt


def test_once_dead_nothing_moves_any_more(explorer: DyingExplorer) -> None:
    said = explorer.picture.alt.removeprefix("Step 1")
    for step in (2, 20, STEPS):
        explorer.step.value = step
        assert explorer.picture.alt.removeprefix(f"Step {step}") == said


def test_the_neuron_survives_a_rate_of_08_and_not_of_09() -> None:
    assert trained(0.0, 0.8).active[-1] == 1
    dead = trained(0.0, 0.9)
    assert not dead.active[1:].any()
    assert not dead.gradients[1:].any()
    assert np.ptp(dead.lines[1:], axis=0).tolist() == [0, 0]


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("rate", [0.1, 1.5])
def test_no_sample_and_no_loss_leaves_the_axes(explorer: DyingExplorer, alpha: float, rate: float) -> None:
    training = trained(alpha, rate)
    before = training.lines[:, :1] * POINTS + training.lines[:, 1:]
    low, high = explorer.left.get_ylim()
    assert low < before.min() <= before.max() < high
    assert training.losses.max() < explorer.right.get_ylim()[1]


def test_samples_above_0_are_full_and_those_below_are_hollow() -> None:
    full, hollow, answer = draw_neuron(trained(0.1, 0.8), 0.1, 1, Figure().subplots())
    assert len(full.get_ydata()) == 8  # type: ignore[attr-defined]
    assert len(hollow.get_ydata()) == 12  # type: ignore[attr-defined]
    assert hollow.get_markerfacecolor() == "none"  # type: ignore[attr-defined]
    w, b = trained(0.1, 0.8).lines[1]
    assert answer.get_ydata() == pytest.approx(np.maximum(w * POINTS + b, 0.1 * (w * POINTS + b)))  # type: ignore[attr-defined]


def test_the_first_gradient_is_the_slope_of_the_loss() -> None:
    (w, b), gradient = trained(0.0, 0.5).lines[0], trained(0.0, 0.5).gradients[0]

    def loss(w: float, b: float) -> float:
        return float(((w * POINTS + b - POINTS) ** 2).mean())

    tiny = 1e-6
    slopes = [loss(w + tiny, b) - loss(w - tiny, b), loss(w, b + tiny) - loss(w, b - tiny)]
    assert gradient == pytest.approx(np.array(slopes) / (2 * tiny), rel=1e-6)


@pytest.mark.parametrize("alpha", [0.0, 0.1])
@pytest.mark.parametrize("step", [0, 1])
def test_it_speaks_russian_too(alpha: float, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    explorer = dying_explorer(alpha)
    explorer.step.value = step
    assert explorer.picture.alt.startswith(f"Шаг {step}: w = 0,")
    assert words_that_leave(explorer.picture) == []
