"""The pooling explorer without a browser: moving a control changes the picture and the sentence."""

from __future__ import annotations

import html
import re
from base64 import b64encode

import numpy as np
import pytest

from ncl_course.viz import pooling_explorer
from ncl_course.viz.pooling.explorer import PoolingExplorer


@pytest.fixture
def explorer() -> PoolingExplorer:
    return pooling_explorer()


def sentence(explorer: PoolingExplorer) -> str:
    return html.unescape(re.sub("<[^>]+>", "", explorer.sentence.value))


def test_it_opens_at_the_first_window_of_the_slide(explorer: PoolingExplorer) -> None:
    assert sentence(explorer) == (
        "Window (0, 0) covers rows 0–1 and columns 0–1. Its maximum is 7: that is output cell (0, 0)."
    )


@pytest.mark.parametrize(
    ("control", "value", "words"),
    [
        ("step", 4, "Window (1, 1) covers rows 2–3 and columns 2–3. Its maximum is 4"),
        ("kernel_size", 3, "rows 0–2 and columns 0–2. Its maximum is 8"),
        ("mode", "average", "The average of its 4 numbers is 3.75"),
        ("direction", "backward", "sends its gradient 1 back to the maximum of its window, cell (1, 0)."),
    ],
)
def test_moving_a_control_changes_picture_and_sentence(
    explorer: PoolingExplorer, control: str, value: int | str, words: str
) -> None:
    before = explorer.image.value
    getattr(explorer, control).value = value
    assert explorer.image.value != before
    assert words in sentence(explorer)


def test_gradients_that_meet_are_told_as_their_sum(explorer: PoolingExplorer) -> None:
    explorer.kernel_size.value, explorer.stride.value, explorer.direction.value = 3, 1, "backward"
    explorer.step.value = 4
    assert "Output cell (1, 0) sends its gradient 5" in sentence(explorer)
    assert "cell (2, 0). So far this cell has received 6." in sentence(explorer)


def test_an_average_tells_the_share_of_each_cell(explorer: PoolingExplorer) -> None:
    explorer.mode.value, explorer.direction.value = "average", "backward"
    explorer.step.value = 1
    assert sentence(explorer).endswith("equally among the 4 cells of its window, rows 0–1, columns 2–3: 0.5 each.")


def test_sliders_go_no_further_than_what_fits(explorer: PoolingExplorer) -> None:
    assert (explorer.kernel_size.max, explorer.stride.max, explorer.step.max) == (6, 4, 8)
    explorer.step.value = 8
    explorer.kernel_size.value = 6
    assert (explorer.stride.value, explorer.step.max, explorer.step.value) == (1, 0, 0)
    assert "rows 0–5" in sentence(explorer)


def test_it_draws_once_for_one_move(explorer: PoolingExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(explorer, "_draw", lambda *_: drawn.append(explorer.step.value))
    explorer.step.value = 8
    explorer.kernel_size.value = 6
    assert drawn == [8, 0]


def test_a_map_of_ones_own_may_be_a_list_and_not_square() -> None:
    explorer = pooling_explorer([[1, 2, 3], [4, 5, -6]])
    assert (explorer.kernel_size.max, explorer.step.max) == (2, 1)
    with pytest.raises(ValueError, match="must be a 2-D array"):
        pooling_explorer(np.zeros(4))


def test_the_picture_tells_its_sentence_to_those_who_cannot_see_it(explorer: PoolingExplorer) -> None:
    assert f'alt="{html.escape(sentence(explorer))}"' in explorer.image.value


def test_every_control_is_named_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    explorer = pooling_explorer()
    assert explorer.kernel_size.description == "размер фильтра"
    assert [label for label, _ in explorer.mode.options] == ["максимум", "среднее"]
    explorer.step.value = 1
    assert sentence(explorer) == (
        "Окно (0, 1) накрывает строки 0–1 и столбцы 2–3. Максимум в нём равен 9 — это и есть ячейка (0, 1) на выходе."
    )


def test_where_no_widget_runs_the_picture_stays(explorer: PoolingExplorer) -> None:
    explorer.step.value = 3
    data = explorer.static()
    assert f'alt="{sentence(explorer)}"' in data["text/html"]
    assert b64encode(explorer.png).decode() in data["text/html"]
    assert data["text/plain"].startswith("Window (1, 0) covers")
    assert data["text/plain"].endswith("run this cell in JupyterLab to move it.")
