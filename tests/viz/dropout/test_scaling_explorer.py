"""The explorer of both scalings: the rows of one mask, their sums, and which sums agree."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.viz import scaling_explorer
from ncl_course.viz.dropout.scaling_explorer import ROWS, ScalingExplorer, rows_of
from tests.viz.explored import same_picture, sentence, stands_inside

X = (2.0, -1.0, 4.0, 3.0)


@pytest.fixture
def explorer() -> ScalingExplorer:
    return scaling_explorer(X)


def written(explorer: ScalingExplorer) -> dict[str, list[str]]:
    """Return the contents of the cells of each row."""
    return {name: [said.get_text() for said in ax.texts[: len(X)]] for name, ax in explorer.axes.items()}


def test_the_rows_of_classic_dropout(explorer: ScalingExplorer) -> None:
    explorer.keep_prob.value = 0.5
    rows, kept = rows_of("classic", X, 0.5, 1, 4)
    assert rows["training"].tolist() == [x if on else 0 for x, on in zip(X, kept, strict=True)]
    assert written(explorer)["x"] == ["2", "−1", "4", "3"]
    assert written(explorer)["mask"] == ["1" if on else "0" for on in kept]
    assert written(explorer)["test"] == written(explorer)["expectation"] == ["1", "−0.5", "2", "1.5"]


def test_inverted_takes_the_same_mask_and_divides(explorer: ScalingExplorer) -> None:
    explorer.keep_prob.value = 0.5
    classic = written(explorer)
    explorer.kind.value = "inverted"
    assert written(explorer)["mask"] == classic["mask"]
    assert written(explorer)["test"] == written(explorer)["expectation"] == classic["x"]
    rows, _ = rows_of("inverted", X, 0.5, 1, 4)
    assert rows["training"] == pytest.approx(2 * rows_of("classic", X, 0.5, 1, 4)[0]["training"])


@pytest.mark.parametrize("kind", ["classic", "inverted"])
@pytest.mark.parametrize("keep_prob", [0.1, 0.3, 1.0])
def test_the_expectation_in_training_is_the_output_at_test_and_the_mean_of_many_draws(
    kind: str, keep_prob: float
) -> None:
    rows = [rows_of(kind, X, keep_prob, draw, 4)[0] for draw in range(1500)]
    assert rows[0]["expectation"] == pytest.approx(rows[0]["test"])
    spread = np.std([row["training"] for row in rows], axis=0)
    error = np.abs(np.mean([row["training"] for row in rows], axis=0) - rows[0]["test"])
    assert (error <= 4 * spread / np.sqrt(1500) + 1e-12).all()


def test_a_zero_has_no_sign() -> None:
    rows = [rows_of("classic", X, 0.3, draw, 4)[0]["training"] for draw in range(20)]
    assert not any(np.signbit(row[row == 0]).any() for row in rows)


def test_the_sums_stand_beside_their_rows_and_in_the_sentence(explorer: ScalingExplorer) -> None:
    explorer.keep_prob.value = 1.0
    beside = {name: ax.texts[len(X) + 1].get_text() for name, ax in explorer.axes.items() if name != "mask"}
    assert beside == dict.fromkeys(["x", "training", "expectation", "test"], "8")
    assert sentence(explorer) == (
        "Classic, p = 1: 4 of 4 neurons are on. The sum is 8 in training with this mask, 8 in training on "
        "average, and 8 at test time."
    )


@pytest.mark.parametrize(("control", "value"), [("kind", "inverted"), ("keep_prob", 0.4), ("number", 6)])
def test_moving_a_control_changes_picture_and_sentence(
    explorer: ScalingExplorer, control: str, value: float | str
) -> None:
    image, said = explorer.image.value, sentence(explorer)
    getattr(explorer, control).value = value
    assert explorer.image.value != image
    assert sentence(explorer) != said


def test_a_frame_leaves_nothing_of_the_one_before(explorer: ScalingExplorer) -> None:
    explorer.kind.value = "inverted"
    explorer.kind.value = "classic"
    assert same_picture(explorer, scaling_explorer(X))


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("kind", ["classic", "inverted"])
def test_words_are_the_readers_and_stand_inside(lang: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = scaling_explorer()
    explorer.kind.value = kind
    assert len(explorer.axes) == len(ROWS)
    assert ("на тесте" in sentence(explorer)) == (lang == "ru")
    stands_inside(explorer)
