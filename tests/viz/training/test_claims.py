"""The pictures of the lecture's claims: the table, every course, dropout's gap, the mistakes."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.figure import Figure

from ncl_course import viz
from ncl_course.experiments.claims import RECIPES
from ncl_course.viz.picture import Picture
from ncl_course.viz.training.claims import LINES, draw_courses, draw_table, table
from ncl_course.viz.training.claims_gap import draw_parts, gaps, measured
from tests.viz.figures import Answering, claims, digits, overfitting


@pytest.fixture(params=["en", "ru"])
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    chosen: str = request.param
    monkeypatch.setenv("NCL_LANG", chosen)
    return chosen


def test_the_table_says_the_numbers_of_this_run_and_not_the_lectures() -> None:
    rows = {row[0]: row[1:] for row in table(claims())[1:]}
    assert rows["plain"] == ("100 / 10", "80.0 / 90.0")
    assert rows["BN"] == ("never / never", "20.0 / 20.0")
    assert rows["BN ×30"] == ("4 / never", "85.0 / 85.0")
    assert len(rows) == len(RECIPES)


def test_the_table_is_written_in_the_readers_language(lang: str) -> None:
    rows = table(claims())
    assert rows[1][1:] == ("100 / 10", {"en": "80.0 / 90.0", "ru": "80,0 / 90,0"}[lang])
    drawn = draw_table(rows, Figure().subplots())
    assert [tuple(cell.get_text() for cell in row) for row in drawn] == rows


def test_every_course_is_drawn_a_line_a_seed_in_its_own_dashes() -> None:
    lines = draw_courses(claims(), Figure().subplots())
    assert list(lines) == list(LINES)
    assert np.array(lines["plain"][1].get_ydata()).tolist() == [90, 70]
    assert np.array(lines["plain"][1].get_xdata()).tolist() == [10, 100]
    assert len({(line[0].get_color(), line[0].get_linestyle()) for line in lines.values()}) == len(lines)


def test_bars_are_means_over_seeds_and_every_seed_is_a_dot() -> None:
    seen = overfitting()
    ax = Figure().subplots()
    bars = draw_parts([measured(nets, "loss") for nets in (seen.without, seen.with_dropout)], ["a", "b", "c"], ax)
    assert [bar.get_height() for bar in bars[0]] == pytest.approx([0, 0.3, 0.5])
    assert [bar.get_height() for bar in bars[1]] == pytest.approx([0.1, 0.3, 0.3])
    assert [np.array(line.get_ydata()).tolist() for line in ax.lines[:2]] == [[0.0, 0.3, 0.4], [0.0, 0.3, 0.6]]


def test_wrong_answers_are_counted_in_percent() -> None:
    assert measured(overfitting().without, "wrong") == pytest.approx(np.array([[0, 10, 10], [0, 20, 20]]))


def test_the_gap_is_the_test_loss_less_that_of_what_was_learned_from() -> None:
    assert gaps(overfitting()) == "gap between test and learned from: 0.50 without, 0.20 with dropout"


@pytest.mark.parametrize(
    ("wrong", "said", "images"),
    [
        (0, "40 of 40 test images right (100.0%): no mistakes", 0),
        (3, "37 of 40 test images right (92.5%)", 3),
        (20, "20 of 40 test images right (50.0%); these are the first 16 of the wrong ones:", 16),
    ],
)
def test_mistakes_are_shown_with_the_answer_and_the_truth(wrong: int, said: str, images: int) -> None:
    picture = viz.show_mistakes(Answering(), digits(wrong))
    assert picture.texts[0].get_text() == said
    assert [ax.get_title() for ax in picture.axes] == ["0, is 3"] * images


def test_a_network_is_left_in_the_mode_it_was_found_in() -> None:
    model = Answering()
    viz.show_mistakes(model, digits(1))
    assert model.training
    model.eval()
    viz.show_mistakes(model, digits(1))
    assert not model.training


def test_without_a_network_the_mistakes_are_still_to_come() -> None:
    with pytest.raises(NotImplementedError, match="there is no trained network yet"):
        viz.show_mistakes(Picture(1, 1, "a note"), digits(1))


def test_no_words_leave_the_figures_and_each_has_a_sentence_in_the_readers_language(lang: str) -> None:
    for picture in (
        viz.show_claims(claims()),
        viz.show_dropout_gap(overfitting()),
        viz.show_mistakes(Answering(), digits(20)),
    ):
        picture.canvas.draw()
        renderer, page = picture.canvas.get_renderer(), picture.bbox.padded(1)  # type: ignore[attr-defined]
        written = [word for ax in picture.axes for word in [*ax.texts, ax.title, ax.xaxis.label, ax.yaxis.label]]
        legends = [legend for ax in picture.axes if (legend := ax.get_legend())] + picture.legends
        boxes = [word.get_window_extent(renderer) for word in [*written, *picture.texts] if word.get_text()]
        for box in [*boxes, *(legend.get_window_extent(renderer) for legend in legends)]:
            assert page.x0 <= box.x0 <= box.x1 <= page.x1, (lang, picture.alt)
            assert page.y0 <= box.y0 <= box.y1 <= page.y1, (lang, picture.alt)
        assert any("а" <= letter <= "я" for letter in picture.alt) == (lang == "ru")


def test_a_description_tells_the_numbers_of_its_run(lang: str) -> None:
    best = {"en": "best 80.0 / 90.0", "ru": "лучшая 80,0 / 90,0"}[lang]
    assert f": 100 / 10, {best}; BN: " in viz.show_claims(claims()).alt
    gap = {"en": "0.50 without dropout, 0.20 with it.", "ru": "0,50 без дропаута, 0,20 с ним."}[lang]
    assert viz.show_dropout_gap(overfitting()).alt.endswith(gap)
    counted = {"en": "37 of 40 test images right (92.5%).", "ru": "верно 37 из 40 тестовых изображений (92,5 %)."}
    assert viz.show_mistakes(Answering(), digits(3)).alt.replace("\N{NO-BREAK SPACE}", " ").endswith(counted[lang])
