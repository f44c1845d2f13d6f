"""The pictures of pooling: numbers, colours, rings, dots, frames, names."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ncl_course.viz.cells import Cells, Place
from ncl_course.viz.palette import PALE, PAPER, SHARED, tint, window_colour
from ncl_course.viz.pooling.drawings import draw_gradient, draw_pooling, draw_window
from ncl_course.viz.pooling.pooled import SLIDE, pool_map


@pytest.fixture
def axes() -> tuple[Axes, Axes]:
    left, right = Figure(figsize=(8, 4)).subplots(1, 2)
    return left, right


def written(cells: Cells) -> dict[Place, str]:
    return {place: said.get_text() for place, said in cells.texts.items()}


def bold(cells: Cells) -> set[Place]:
    return {place for place, said in cells.texts.items() if said.get_fontweight() == "bold"}


def test_every_number_of_the_slide_stands_in_its_cell(axes: tuple[Axes, Axes]) -> None:
    panels = draw_pooling(pool_map(SLIDE, 2, 2, "max"), *axes)
    assert written(panels.inputs) == {(i, j): f"{SLIDE[i, j]:g}" for i, j in np.ndindex(4, 4)}
    assert written(panels.outputs) == {(0, 0): "7", (0, 1): "9", (1, 0): "8", (1, 1): "4"}
    assert panels.inputs.texts[2, 1].get_position()[0] == 1.5


def test_input_and_output_share_the_colours_of_their_windows(axes: tuple[Axes, Axes]) -> None:
    panels = draw_pooling(pool_map(SLIDE, 2, 2, "max"), *axes)
    for n, (i, j) in enumerate([(0, 0), (0, 1), (1, 0), (1, 1)]):
        face = [tint(window_colour(n))]
        assert panels.outputs.faces[i, j] == face
        assert [panels.inputs.faces[2 * i + a, 2 * j + b] for a in (0, 1) for b in (0, 1)] == [face] * 4


def test_the_winner_of_each_maximum_is_bold_and_ringed(axes: tuple[Axes, Axes]) -> None:
    inputs = draw_pooling(pool_map(SLIDE, 2, 2, "max"), *axes).inputs
    winners = {(1, 0), (0, 3), (2, 0), (3, 3)}
    assert (bold(inputs), set(inputs.rings)) == (winners, winners)
    assert tuple(inputs.rings[0, 3].get_center()) == (3.5, 0.5)  # type: ignore[arg-type]


def test_an_average_has_no_winner(axes: tuple[Axes, Axes]) -> None:
    inputs = draw_pooling(pool_map(SLIDE, 2, 2, "average"), *axes).inputs
    assert not bold(inputs)
    assert not inputs.rings


def test_shared_cells_have_a_band_for_each_window_until_there_are_too_many(axes: tuple[Axes, Axes]) -> None:
    few = draw_pooling(pool_map(SLIDE, 3, 1, "max"), *axes).inputs
    assert few.faces[1, 1] == [tint(window_colour(n)) for n in range(4)]
    many = draw_pooling(pool_map(np.ones((5, 5)), 3, 1, "average"), *axes).inputs
    assert many.faces[2, 2] == [SHARED]


def test_cells_that_no_window_reaches_are_pale(axes: tuple[Axes, Axes]) -> None:
    inputs = draw_pooling(pool_map(np.arange(25.0).reshape(5, 5), 2, 3, "max"), *axes).inputs
    assert inputs.faces[2, 0] == [PAPER]
    assert inputs.texts[2, 0].get_color() == PALE


def test_both_panels_have_cells_of_one_size_and_titles_in_line(axes: tuple[Axes, Axes]) -> None:
    draw_pooling(pool_map(SLIDE, 2, 2, "max"), *axes)
    left, right = axes
    assert np.ptp(left.get_ylim()) == pytest.approx(np.ptp(right.get_ylim()))
    assert left.title.get_position()[1] == right.title.get_position()[1]


@pytest.mark.parametrize(("lang", "names"), [("en", ("input 4×4", "output 2×2")), ("ru", ("вход 4×4", "выход 2×2"))])
def test_panels_are_named_in_the_readers_language(
    lang: str, names: tuple[str, str], axes: tuple[Axes, Axes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NCL_LANG", lang)
    draw_pooling(pool_map(SLIDE, 2, 2, "max"), *axes)
    assert tuple(ax.get_title() for ax in axes) == names


def test_a_walking_window_is_framed_and_fills_the_output_up_to_its_step(axes: tuple[Axes, Axes]) -> None:
    panels = draw_window(pool_map(SLIDE, 2, 2, "max"), 1, *axes)
    assert written(panels.outputs) == {(0, 0): "7", (0, 1): "9"}
    assert panels.outputs.faces[1, 0] == [PAPER]
    frame, cell = panels.inputs.frames[-1], panels.outputs.frames[-1]
    assert (frame.get_x(), frame.get_y(), frame.get_width(), frame.get_height()) == (2, 0, 2, 2)
    assert (cell.get_x(), cell.get_y(), cell.get_width()) == (1, 0, 1)
    assert set(panels.inputs.rings) == {(0, 3)}
    assert {place for place, faces in panels.inputs.faces.items() if faces != [PAPER]} == {
        (0, 2),
        (0, 3),
        (1, 2),
        (1, 3),
    }


def test_a_maximum_sends_its_gradient_to_the_winner(axes: tuple[Axes, Axes]) -> None:
    gradient = np.array([[1.0, 2.0], [3.0, -4.0]])
    panels = draw_gradient(pool_map(SLIDE, 2, 2, "max"), gradient, *axes)
    received = {(1, 0): "1", (0, 3): "2", (2, 0): "3", (3, 3): "−4"}
    assert {place: word for place, word in written(panels.inputs).items() if word != "0"} == received
    assert set(panels.inputs.dots) == set(received)
    assert panels.inputs.texts[0, 0].get_color() == PALE
    assert written(panels.outputs)[1, 1] == "−4"


def test_contributions_that_meet_in_a_cell_are_added_and_counted_by_dots(axes: tuple[Axes, Axes]) -> None:
    gradient = np.array([[1.0, 2.0], [3.0, 4.0]])
    inputs = draw_gradient(pool_map(SLIDE, 3, 1, "max"), gradient, *axes).inputs
    assert written(inputs)[2, 0] == "4"
    assert inputs.dots[2, 0] == [window_colour(0), window_colour(2)]


def test_an_average_spreads_its_gradient(axes: tuple[Axes, Axes]) -> None:
    inputs = draw_gradient(pool_map(SLIDE, 3, 1, "average"), np.full((2, 2), 9.0), *axes).inputs
    assert [written(inputs)[place] for place in ((0, 0), (0, 1), (1, 1))] == ["1", "2", "4"]
    assert [len(inputs.dots[place]) for place in ((0, 0), (0, 1), (1, 1))] == [1, 2, 4]


def test_at_a_step_only_the_windows_so_far_have_sent_their_gradient(axes: tuple[Axes, Axes]) -> None:
    gradient = np.array([[1.0, 2.0], [3.0, 4.0]])
    panels = draw_gradient(pool_map(SLIDE, 2, 2, "max"), gradient, *axes, step=1)
    assert set(panels.inputs.dots) == {(1, 0), (0, 3)}
    assert written(panels.outputs)[1, 1] == "4"
    assert panels.outputs.faces[1, 1] == [PAPER]
    assert (panels.inputs.frames[-1].get_x(), panels.inputs.frames[-1].get_y()) == (2, 0)


def test_on_the_way_back_each_cell_still_says_what_it_held(axes: tuple[Axes, Axes]) -> None:
    panels = draw_gradient(pool_map(SLIDE, 3, 1, "max"), np.ones((2, 2)), *axes)
    assert panels.inputs.notes[2, 0].get_text() == "8"
    assert [note.get_text() for note in panels.inputs.notes.values()] == [str(v) for v in SLIDE.astype(int).ravel()]
    assert panels.outputs.notes == {}
