"""The pictures of a training, drawn from records."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from ncl_course.viz.palette import OKABE_ITO
from ncl_course.viz.picture import Picture
from ncl_course.viz.training.curves import draw_accuracies, draw_losses, follow_losses
from ncl_course.viz.training.history import TrainingHistory, smoothed, thinned
from ncl_course.viz.training.layers import LAYERS, chosen, draw_gradient_sizes, draw_predictions, follow_predictions
from ncl_course.viz.training.mosaic import MAPS, TONES, answer_in_a_row, ends_of, filters_in_a_row, grey, image_in_a_row
from ncl_course.viz.training.pace import Pace
from ncl_course.viz.training.probe import Look
from ncl_course.viz.training.scene import TrainingPicture
from ncl_course.viz.training.words import scene_in_words

CLASSES = ("cat", "dog", "frog")
HISTORY = TrainingHistory([2.0, 1.0, 0.5], [1, 3], [0.25, 0.75])
RNG = np.random.default_rng(0)
SEEN = Look(
    image=RNG.normal(size=(1, 8, 8)),
    label=1,
    names=("0 Conv2d", "1 ReLU", "2 Flatten", "3 Linear"),
    outputs=(*RNG.normal(size=(2, 4, 8, 8)), RNG.normal(size=256), RNG.normal(size=3)),
    probabilities=np.array([0.2, 0.7, 0.1]),
    filters=RNG.normal(size=(4, 1, 3, 3)),
    gradients=(0.5, None, None, 0.02),
)


def axes():
    return Figure().subplots()


def test_a_history_grows_and_measures_once_for_a_number_of_steps():
    history = TrainingHistory()
    history.add_loss(np.float32(2.5))
    history.add_accuracy(0.1)
    history.add_accuracy(0.2)
    history.add_loss(1.5)
    history.add_accuracy(0.3)
    assert (history.steps, history.losses, type(history.losses[0])) == (2, [2.5, 1.5], float)
    assert (history.measured, history.accuracies) == ([1, 2], [0.2, 0.3])


def test_a_short_curve_is_drawn_as_it_is_and_a_long_one_by_means_of_blocks():
    where, values = thinned([3.0, 2.0, 1.0])
    assert (where.tolist(), values.tolist()) == ([1, 2, 3], [3, 2, 1])
    where, values = thinned(list(range(1000)), points=100)
    assert len(values) == 100
    assert (where[0], values[0], where[-1], values[-1]) == (5.5, 4.5, 995.5, 994.5)


def test_a_loss_that_is_not_finite_leaves_a_gap_and_no_error():
    where, values = thinned([3.0, float("nan"), float("inf"), 1.0])
    assert (where.tolist(), values.tolist()) == ([1, 4], [3, 1])


def test_the_smooth_line_starts_at_the_first_value_and_keeps_a_level():
    assert smoothed([4.0, 4.0, 4.0]) == pytest.approx([4, 4, 4])
    assert smoothed([1.0, 3.0], keep=0.5) == pytest.approx([1, (0.25 * 1 + 0.5 * 3) / 0.75])


def test_the_losses_are_drawn_step_by_step_with_room_for_those_to_come():
    curve = draw_losses(HISTORY, 10, axes())
    assert curve.raw.get_xdata().tolist() == [1, 2, 3]
    assert curve.raw.get_ydata().tolist() == HISTORY.losses
    assert curve.ax.get_xlim() == (0, 10)
    assert curve.ax.get_ylim()[1] > 2


def test_the_axis_of_the_losses_grows_with_them_and_shrinks_only_in_leaps():
    curve = draw_losses(TrainingHistory([2.0]), 10, axes())
    top = curve.ax.get_ylim()[1]
    follow_losses(curve, TrainingHistory([1.9]), 10)
    assert curve.ax.get_ylim()[1] == top
    follow_losses(curve, TrainingHistory([2.0, 50.0]), 10)
    assert curve.ax.get_ylim()[1] > 50
    follow_losses(curve, TrainingHistory([0.1]), 10)
    assert 0.1 < curve.ax.get_ylim()[1] < 0.3


def test_accuracies_are_drawn_in_percent_where_they_were_measured():
    curve = draw_accuracies(HISTORY, 10, axes())
    assert list(curve.raw.get_xdata()) == [1, 3]
    assert curve.raw.get_ydata().tolist() == [25, 75]


def test_predictions_are_bars_by_class_and_the_right_one_is_green_and_ticked():
    drawn = draw_predictions(SEEN, CLASSES, axes())
    assert [bar.get_width() for bar in drawn.bars] == pytest.approx([0.2, 0.7, 0.1])
    assert [tick.get_text() for tick in drawn.ax.get_yticklabels()] == list(CLASSES)
    assert drawn.bars[1].get_facecolor() == pytest.approx(rgba(OKABE_ITO[2]))
    assert drawn.mark.get_position() == pytest.approx((0.72, 1))
    follow_predictions(drawn, replace(SEEN, label=0), CLASSES)
    assert drawn.bars[1].get_facecolor() == pytest.approx(rgba(OKABE_ITO[4])), "the wrong first choice"


def rgba(colour):
    return (*(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)), 1.0)


def test_of_many_classes_the_most_probable_are_shown():
    names = tuple(f"class {n}" for n in range(100))
    probabilities = np.zeros(100)
    probabilities[[42, 97]] = 0.6, 0.4
    drawn = draw_predictions(replace(SEEN, probabilities=probabilities, label=97), names, axes())
    shown = [tick.get_text() for tick in drawn.ax.get_yticklabels()]
    assert len(shown) == 10
    assert {"class 42", "class 97"} <= set(shown)


def test_gradients_stand_on_a_logarithmic_scale_that_reaches_them_all():
    ax = Picture(1, 3, "").place(0.1, 0.2, 0.8, 2.5)
    drawn = draw_gradient_sizes(replace(SEEN, gradients=(3e-7, None, 0.0, 250.0)), ax)
    low, high = ax.get_xlim()
    assert low <= 3e-7
    assert high >= 250
    ends = [bar.get_x() + bar.get_width() for bar in drawn.bars]
    assert ends == pytest.approx([3e-7, low, low, 250])
    assert ax.get_xscale() == "log"


def test_maps_are_toned_from_the_least_number_of_their_layer_to_the_largest():
    row = answer_in_a_row(np.array([[[0.0, 1.0]], [[2.0, 4.0]]]))
    assert row.shape == (1, MAPS * 3, 4)
    assert row[0, [0, 1, 3, 4]].tolist() == TONES[[0, 63, 127, 255]].tolist()
    assert row[0, [2, 5, 6], 3].tolist() == [0, 0, 0], "see-through where no map is"


def test_numbers_that_are_not_finite_or_all_equal_are_drawn_all_the_same():
    assert grey(np.array([np.nan, 1.0, 3.0])).tolist() == [0, 0, 255]
    assert ends_of(np.array([[-np.inf, 2.0], [-1.0, np.nan]])) == (-1, 2)
    assert ends_of(np.array([[3.0, 2.0]])) == (2, 3)
    assert ends_of(np.array([np.nan, np.inf])) is None
    assert grey(np.full(2, np.inf)).tolist() == [0, 0]
    assert grey(np.zeros(2)).tolist() == [0, 0]
    assert grey(np.array([0, 2])).tolist() == [0, 255]


def test_a_colour_image_and_filters_of_three_maps_keep_their_colours():
    image = np.zeros((3, 4, 4))
    image[0] = 1.0
    assert image_in_a_row(image)[0, 0].tolist() == [255, 0, 0, 255]
    assert image_in_a_row(image[:1] * [[0, 1, 0, 1]])[0, 1].tolist() == [255, 255, 255, 255]
    assert filters_in_a_row(np.stack([image, 0 * image]))[0, [0, 5]].tolist() == [[255, 0, 0, 255], [0, 0, 0, 255]]


def test_a_deep_network_shows_some_of_its_layers_with_the_first_and_the_last():
    assert chosen(4) == [0, 1, 2, 3]
    assert len(chosen(60)) == LAYERS
    assert (chosen(60)[0], chosen(60)[-1]) == (0, 59)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("classes", [CLASSES, ("airplane", "automobile", "horse")])
def test_no_words_leave_the_picture(lang, classes, monkeypatch):
    monkeypatch.setenv("NCL_LANG", lang)
    picture = TrainingPicture(HISTORY, replace(SEEN, names=("10 BatchNorm2d", *SEEN.names[1:])), classes, 100_000)
    picture.canvas.draw()
    page, renderer = picture.bbox.padded(1), picture.canvas.get_renderer()
    for ax in picture.axes:
        labels = ax.get_yticklabels() if ax is picture.guess.ax else []
        for said in [*ax.texts, ax.title, ax._left_title, *labels]:
            box = said.get_window_extent(renderer)
            if said.get_text():
                assert page.x0 <= box.x0 <= box.x1 <= page.x1, said.get_text()
                assert page.y0 <= box.y0 <= box.y1 <= page.y1, said.get_text()


def test_a_frame_shows_what_the_whole_picture_shows_and_draws_only_what_moves():
    picture = TrainingPicture(HISTORY, SEEN, CLASSES, 10)
    picture.frame()
    later = TrainingHistory([2.0, 1.0, 0.5, 0.8], [1, 3, 4], [0.25, 0.75, 0.8])
    picture.follow(later, replace(SEEN, image=-SEEN.image), 10)
    frame = Image.open(BytesIO(picture.frame())).convert("RGBA")
    assert picture.complete == 1
    picture.sharpness = 1.0
    whole = Image.open(BytesIO(picture.png()))
    assert frame.size == whole.size
    apart = np.abs(np.asarray(frame).astype(int) - np.asarray(whole).astype(int))
    assert (apart.max(axis=2) > 60).mean() < 0.01


def test_a_picture_is_transparent_and_follows_the_theme_of_the_page():
    frame = Image.open(BytesIO(TrainingPicture(HISTORY, SEEN, CLASSES, 10).frame())).convert("RGBA")
    assert frame.getpixel((1, 1))[3] == 0


def test_layers_that_the_image_did_not_come_to_stay_empty_and_the_note_says_why():
    picture = TrainingPicture(HISTORY, SEEN, CLASSES, 10)
    broken = replace(SEEN, outputs=SEEN.outputs[:1], probabilities=None, trouble="1 ReLU: ValueError: no\nmore")
    picture.follow(HISTORY, broken, 10)
    assert [image.get_visible() for image in picture.rows.images] == [True, True, False, False, False, True]
    assert picture.note.get_text() == "The view stopped: 1 ReLU: ValueError: no"
    assert not picture.guess.mark.get_visible()


def test_slow_pictures_get_rare_and_quick_ones_come_four_times_a_second():
    work, now = [0.0], [0.0]
    pace = Pace(share=0.05, work=lambda: work[0], clock=lambda: now[0])
    assert pace.is_due()
    with pace.picture():
        work[0] += 0.1
    assert pace.worked == pytest.approx(0.1 + 1.9)
    work[0], now[0] = 2.01, 0.2
    assert not pace.is_due(), "the second picture within a quarter of a second"
    now[0] = 0.3
    assert pace.is_due()
    with pace.picture():
        work[0] += 0.001
    assert (pace.worked, pace.due) == pytest.approx((2.03, 0.55))


def test_the_time_of_other_programs_makes_no_picture_rarer():
    work, now = [0.0], [0.0]
    pace = Pace(share=0.05, work=lambda: work[0], clock=lambda: now[0])
    with pace.picture():
        work[0] += 0.01
        now[0] += 5.0  # the processor worked for others
    work[0], now[0] = 0.201, 5.3
    assert pace.is_due()
    work[0] = 0.199
    assert not pace.is_due(), "a training that waits earns no picture"


@pytest.mark.parametrize(("shares", "said"), [([0.1, 0.79, 0.8, 0.75], True), ([0.1, 0.79, 0.75, 0.7], False)])
def test_a_training_says_when_four_images_of_five_were_first_right(shares: list[float], said: bool) -> None:
    history = TrainingHistory([2.0] * 30, [0, 10, 20, 30], shares)
    seen = Look(np.zeros((1, 2, 2)), 0, (), (), None, np.zeros((1, 1, 1, 1)), ())
    words = scene_in_words(history, seen, ("cat", "dog"))
    assert words.endswith("were right for the first time after step 20.") == said
    assert ("for the first time" in words) == said
