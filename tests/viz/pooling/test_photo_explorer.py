"""The photograph that is pooled with any window and stride, without a browser."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ncl_course.viz import photo_explorer
from ncl_course.viz.pooling.photo_explorer import PhotoExplorer, meeting_in_words

PHOTO = np.random.default_rng(0).random((96, 144, 3))


@pytest.fixture
def explorer() -> PhotoExplorer:
    return photo_explorer(PHOTO)


def shown(explorer: PhotoExplorer) -> NDArray[np.float64]:
    return np.asarray(explorer.pooled.get_array())


def test_it_opens_with_windows_that_touch(explorer: PhotoExplorer) -> None:
    assert np.allclose(shown(explorer), PHOTO.reshape(12, 8, 18, 8, 3).max((1, 3)))
    assert explorer.picture.alt == (
        "The maximum of each 8×8 window, stride 8: 96×144 pixels become 12×18, which is 1.56% of them. "
        "The windows touch: no pixel is in two of them."
    )


def test_moving_a_control_changes_picture_and_sentence(explorer: PhotoExplorer) -> None:
    before = explorer.image.value
    explorer.mode.value = "average"
    assert explorer.image.value != before
    assert np.allclose(shown(explorer), PHOTO.reshape(12, 8, 18, 8, 3).mean((1, 3)))
    explorer.kernel_size.value = 1
    assert np.allclose(shown(explorer), PHOTO[::8, ::8]), "every eighth pixel, nothing else"
    assert "98.4% of the pixels are in no window" in explorer.picture.alt
    explorer.stride.value = 1
    assert np.allclose(shown(explorer), PHOTO), "the photograph itself"
    assert explorer.pooled.axes.get_title() == "stride 1 → 96×144"


@pytest.mark.parametrize("kernel_size", [1, 5, 16])
@pytest.mark.parametrize("stride", [1, 7, 16])
def test_the_windows_on_the_detail_are_some_of_those_that_are_pooled(
    explorer: PhotoExplorer, kernel_size: int, stride: int
) -> None:
    explorer.kernel_size.value, explorer.stride.value = kernel_size, stride
    corners = [(frame.get_y() + 0.5 + explorer.top, frame.get_x() + 0.5 + explorer.left) for frame in explorer.windows]
    assert [corner % stride for pair in corners for corner in pair] == [0] * 16
    assert {(frame.get_width(), frame.get_height()) for frame in explorer.windows} == {(kernel_size, kernel_size)}
    (row, col), (next_row, next_col) = corners[0], corners[-1]
    assert (next_row - row, next_col - col) == (stride, stride)


def test_what_neighbouring_windows_share_is_said_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert meeting_in_words(16, 3) == "The windows overlap: a pixel is in up to 36 of them."
    monkeypatch.setenv("NCL_LANG", "ru")
    assert meeting_in_words(3, 3) == "Окна стоят вплотную: ни один пиксель не попадает в два окна сразу."


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_no_title_leaves_the_picture(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    explorer = photo_explorer(np.random.default_rng(0).random((192, 288, 3)))
    explorer.mode.value, explorer.kernel_size.value, explorer.stride.value = "average", 16, 1
    for ax in explorer.picture.axes:
        box = ax.title.get_window_extent()
        assert explorer.picture.bbox.x0 <= box.x0 <= box.x1 <= explorer.picture.bbox.x1
