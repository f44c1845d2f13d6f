"""The ruler with sliders, without a browser."""

from __future__ import annotations

import pytest
from matplotlib.patches import FancyBboxPatch

from ncl_course.viz import output_size_explorer
from ncl_course.viz.pooling.output_size_explorer import OutputSizeExplorer


@pytest.fixture
def explorer() -> OutputSizeExplorer:
    return output_size_explorer()


def bars(explorer: OutputSizeExplorer) -> list[str]:
    """Return the windows from the left: ``"|"`` for one that fits, ``":"`` for the empty one that does not."""
    (ax,) = explorer.picture.axes
    drawn = sorted((bar for bar in ax.patches if isinstance(bar, FancyBboxPatch)), key=FancyBboxPatch.get_x)
    return ["|" if bar.get_facecolor()[3] else ":" for bar in drawn]


def test_it_opens_with_the_example_of_the_lesson(explorer: OutputSizeExplorer) -> None:
    assert explorer.picture.alt == (
        "Windows that fit: 3. The last one starts at cell 4 and ends where the axis ends: no cell is dropped."
    )
    assert bars(explorer) == ["|", "|", "|"]


def test_one_cell_more_is_dropped_and_two_make_a_window(explorer: OutputSizeExplorer) -> None:
    before = explorer.image.value
    explorer.size.value = 8
    assert explorer.image.value != before
    assert explorer.picture.alt == "Windows that fit: 3. The last one starts at cell 4; cells dropped after it: 1."
    assert bars(explorer) == ["|", "|", "|", ":"]
    explorer.size.value = 9
    assert explorer.picture.alt.startswith("Windows that fit: 4.")


def test_a_window_is_never_longer_than_the_axis(explorer: OutputSizeExplorer) -> None:
    explorer.size.value = 2
    assert (explorer.kernel_size.max, explorer.kernel_size.value) == (2, 2)
    assert bars(explorer) == ["|"]


def test_cells_keep_their_place_and_size_while_the_windows_find_room(explorer: OutputSizeExplorer) -> None:
    places = []
    for size in (7, 8, 12):
        explorer.size.value = size
        (ax,) = explorer.picture.axes
        places.append(ax.transData.transform([(0, 1), (1, 0)]))
    assert places[1] == pytest.approx(places[0])
    assert places[2] == pytest.approx(places[0])


def test_the_tallest_and_the_widest_ruler_stay_in_the_picture(explorer: OutputSizeExplorer) -> None:
    for size, kernel_size, stride in ((12, 7, 1), (12, 11, 6), (1, 1, 1)):
        explorer.size.value, explorer.kernel_size.value, explorer.stride.value = size, kernel_size, stride
        (ax,) = explorer.picture.axes
        page = explorer.picture.bbox.padded(1)
        for artist in [*ax.patches, *ax.texts, ax._left_title]:  # type: ignore[attr-defined]
            box = artist.get_window_extent()
            assert page.x0 <= box.x0 <= box.x1 <= page.x1, (size, kernel_size, stride)
            assert page.y0 <= box.y0 <= box.y1 <= page.y1, (size, kernel_size, stride)


def test_it_speaks_russian_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCL_LANG", "ru")
    explorer = output_size_explorer(8)
    assert explorer.size.description == "размер"
    assert explorer.picture.alt == ("Помещается окон: 3. Последнее начинается в ячейке 4; отброшено ячеек за ним: 1.")
