"""The sentences of a lesson about its trials agree with the numbers in the built key, in both languages.

Numbers that a sentence states are read from the lesson's source, so a changed sentence is compared, too.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from ncl_course.authoring.source import read
from ncl_course.data import load_digits, load_fashion
from ncl_course.experiments.by_torch.batch_noise import noise
from ncl_course.experiments.by_torch.normalization_trials import Trial, run
from ncl_course.language import LANGUAGES, messages
from ncl_course.nn import CNNConfig
from ncl_course.oracles.training import ready
from ncl_course.viz.normalization.trials import drifting
from ncl_course.viz.training.live.life import Life, Maker, Settings

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "solutions"
GUESSING = 20
"""A network of ten classes with at most this percentage of right answers only guesses: 10, and a margin."""
SAID = re.compile(r"(?:In per cent|В процентах): (.*)\.$")
VALUE = re.compile(r" (\d+)(?: \((\d+(?:, \d+)*)\))?(?=, |$)")
ROW = re.compile(r"(?: |^)([^;:]+): ([^;:]+), (?:best|лучшая) ([\d,.]+) / ([\d,.]+)(?=; |\.$)")
REACHED = re.compile(r"(?:for the first time after step|впервые были верны после шага) (\d+)")
AFTER = "(?:after step|после шага)"
COURSE = re.compile(
    rf"(\d+ \w+): (?:gradient|градиент) ([\d,.]+) {AFTER} 1, ([\d,.]+) {AFTER} 600\. "
    rf"\D+ {AFTER} (\d+), \D+ {AFTER} (\d+)"
)
"""A layer of the recorded training: its gradients at both ends; the steps with half and a tenth of the way left."""
every_language = pytest.mark.parametrize("lang", LANGUAGES)


@cache
def pages(lang, lesson):
    """Return a built key's outputs as HTML without escapes, by the id of their cell."""
    cells = json.loads((SOLUTIONS / lang / f"{lesson}.ipynb").read_text(encoding="utf-8"))["cells"]
    htmls = {
        cell["id"]: ["".join(output.get("data", {}).get("text/html", "")) for output in cell.get("outputs", [])]
        for cell in cells
    }
    return {name: unescape("".join(html)) for name, html in htmls.items()}


def descriptions(lang, lesson):
    """Return the descriptions of a built key's pictures, by the id of their cell."""
    found = {name: re.search('alt="([^"]*)"', html) for name, html in pages(lang, lesson).items()}
    return {name: alt[1] for name, alt in found.items() if alt}


@cache
def told(lang, lesson, name):
    """Return the words of a cell of a lesson's source, on one line."""
    (cell,) = (cell for cell in read(ROOT / "lessons" / f"{lesson}.py").cells if (cell.id, cell.lang) == (name, lang))
    return " ".join(cell.text.replace("\n# ", " ").split())


def stated(lang, lesson, name, english, russian):
    """Return the numbers that a sentence states, found by a pattern in each language."""
    words = told(lang, lesson, name)
    found = re.search({"en": english, "ru": russian}[lang], words)
    assert found, words
    return [number for group in found.groups() for number in numbers(group.replace(",", "") if lang == "en" else group)]


def shares(lang, lesson, cell):
    """Return the means as an array (series, ticks), and the runs as lists in the same order."""
    rows = [VALUE.findall(row) for row in SAID.search(descriptions(lang, lesson)[cell])[1].split("; ")]
    means = np.array([[int(mean) for mean, _ in row] for row in rows]).T
    runs = [[[int(one) for one in each.split(", ") if one] for _, each in row] for row in rows]
    return means, [list(series) for series in zip(*runs, strict=True)]


def numbers(said):
    """Return the numbers of a text, with a decimal point or comma."""
    return [float(number.replace(",", ".")) for number in re.findall(r"\d+(?:[.,]\d+)?", said)]


def claims(lang):
    """Return the steps of each seed to the plain network's best accuracy and the mean of the best ones, by network."""
    rows = ROW.findall(descriptions(lang, "06_train_cnn")["claims-picture"])
    names = ("plain", "bn", "bn_x5", "bn_x30", "plain_x5", "plain_x30")
    return {
        name: (numbers(steps), np.mean(numbers(f"{a} {b}"))) for name, (_, steps, a, b) in zip(names, rows, strict=True)
    }


@every_language
def test_pooling_learns_fewer_digits_by_heart_and_reads_new_ones_no_better(lang):
    (without, with_pooling), _ = shares(lang, "01_pooling", "pool-trial-picture")
    assert with_pooling[0] < without[0]
    assert with_pooling[1] <= without[1] + 1


@every_language
def test_normalized_pixels_help_at_the_large_rate_and_less_than_normalized_layers(lang):
    (raw, normalized, every), _ = shares(lang, "05_normalization", "input-trial")
    assert raw[1] <= GUESSING < normalized[1] < every[1]
    assert raw[0] > GUESSING


@every_language
def test_batch_normalization_bears_larger_learning_rates(lang):
    (plain, norm), _ = shares(lang, "05_normalization", "learning-rates")
    assert plain[-1] <= GUESSING < norm[-1]
    assert plain.argmax() < norm.argmax()
    assert plain[0] < plain.max()
    assert norm[0] < norm.max()


@every_language
def test_batch_normalization_loses_fewer_than_ten_points_from_other_starts(lang):
    (plain, norm), _ = shares(lang, "05_normalization", "starts")
    careful = 1
    assert all(share <= GUESSING for number, share in enumerate(plain) if number != careful)
    assert norm[careful] - norm.min() < 10


@every_language
def test_one_run_of_three_of_the_deep_plain_network_is_far_better_than_the_others(lang):
    (plain, norm), (plain_runs, _) = shares(lang, "05_normalization", "depths")
    assert min(plain[0], norm[0]) > 80
    *others, best = sorted(plain_runs[-1])
    assert best > 1.5 * max(others)
    assert plain[-1] < norm[-1] / 2
    assert norm[-1] < norm[0]


@every_language
def test_four_networks_learn_their_digits_by_heart_and_differ_by_four_points_at_most(lang):
    (seen, new), _ = shares(lang, "05_normalization", "dropout")
    assert [*seen] == [100] * 4
    assert new.max() - new.min() <= 4


@every_language
def test_before_or_after_relu_makes_less_of_a_difference_than_the_seed(lang):
    (before, after), runs = shares(lang, "05_normalization", "norm-after")
    apart = max(max(one) - min(one) for series in runs for one in series)
    assert np.abs(before - after).max() <= apart


@every_language
def test_batch_and_group_normalization_are_equally_good_for_small_batches(lang):
    (batch, group), _ = shares(lang, "05_normalization", "small-batches-picture")
    assert np.abs(batch - group).max() <= 3


@every_language
def test_weight_standardization_saves_the_run_that_broke_at_the_large_rate(lang):
    (alone, standardized), (runs, _) = shares(lang, "05_normalization", "ws-gain")
    assert sum(run <= GUESSING for run in runs[1]) == 1
    assert standardized[1] > alone[1]
    assert abs(standardized[0] - alone[0]) <= 5


@every_language
def test_normalization_saves_most_steps_and_five_times_the_rate_needs_ten_to_thirteen_times_fewer(lang):
    seen = claims(lang)
    plain, best = seen["plain"]
    for slow, normalized, fast in zip(plain, seen["bn"][0], seen["bn_x5"][0], strict=True):
        assert normalized < slow / 2
        assert 9.5 <= slow / fast < 13.5
    assert seen["bn_x5"][1] - best == pytest.approx(2.5, abs=0.3)


@every_language
def test_five_times_the_rate_needs_normalization_and_thirty_times_is_too_much_even_with_it(lang):
    seen = claims(lang)
    assert seen["plain_x5"] == ([], pytest.approx(10, abs=GUESSING - 10))
    assert seen["bn_x30"][0] == []
    assert seen["bn_x30"][1] < seen["plain"][1]


@every_language
def test_dropout_makes_the_gap_of_the_losses_smaller(lang):
    without, with_dropout = numbers(descriptions(lang, "06_train_cnn")["gap-picture"])[-2:]
    assert 0 < with_dropout < without


@every_language
def test_the_curves_of_dropout_end_where_the_lessons_table_says(lang):
    ends = ends_of(lang, "overfitting")
    rows = re.findall(r"(?:digits|цифры) \| ([^|]+) \| ([^|]+) \|", told(lang, "04_dropout", "overfitting-outro"))
    assert len(rows) == 3
    for cells, column, precision in zip(rows, (0, 1, 3), (0.01, 0.02, 1.5), strict=True):
        row = numbers(" ".join(cells))
        assert row == pytest.approx([ends["without"][column], ends["with"][column]], abs=precision)
    before, after = stated(
        lang, "04_dropout", "overfitting-outro",
        r"shrinks from ([\d.]+) to about ([\d.]+)", r"сокращается с ([\d,]+) примерно до ([\d,]+)",
    )  # fmt: skip
    gaps = [losses[1] - losses[0] for losses in (ends["without"], ends["with"])]
    assert gaps == pytest.approx([before, after], abs=0.03)


@every_language
def test_dropout_makes_the_loss_larger_on_the_training_digits_and_smaller_on_new_ones(lang):
    """The question ``dropout.two-losses``."""
    ends = ends_of(lang, "overfitting")
    assert ends["with"][0] > ends["without"][0]
    assert ends["with"][1] < ends["without"][1]


@every_language
def test_a_narrow_network_with_dropout_is_as_bad_as_the_lesson_says(lang):
    ends = ends_of(lang, "narrow")
    said = stated(
        lang, "04_dropout", "when-not-before-before",
        r"about (\d+)% right instead of (\d+)%", r"около (\d+)\s% верных ответов вместо (\d+)\s%",
    )  # fmt: skip
    assert said == pytest.approx([ends["with"][3], ends["without"][3]], abs=4)


def ends_of(lang, cell):
    """Return the last numbers of the nets without and with dropout: losses, then shares, learned and new each."""
    said = re.split("After the last epoch:|После последней эпохи:", descriptions(lang, "04_dropout")[cell])[1]
    return dict(zip(("without", "with"), map(numbers, said.split(";")), strict=True))


@every_language
def test_the_sixth_layer_drifts_as_the_lesson_says(lang):
    start, far, width, wide = stated(
        lang, "05_normalization", "drift-outro",
        r"from about ([\d.]+) to nearly (\d).*grows from ([\d.]+) to almost (\d)",
        r"примерно от ([\d,]+) почти к (\d).*вырастает от ([\d,]+) почти до (\d)",
    )  # fmt: skip
    sixth = {step: layers[5] for step, layers in drifting("none").items()}
    assert sixth[0].mean() == pytest.approx(start, abs=0.05)
    assert sixth[0].std() == pytest.approx(width, abs=0.05)
    assert 0.8 * far < max(values.mean() for step, values in sixth.items() if step <= 20) < far
    assert abs(sixth[60].mean()) < 0.5
    assert 0.8 * wide < sixth[60].std() < wide


@every_language
def test_a_pixel_of_two_samples_stays_where_the_lesson_says(lang):
    low, high, whole = stated(
        lang, "05_normalization", "small-batches-trial",
        r"between ([\d.]+) and ([\d.]+) \(([\d.]+) with", r"между ([\d,]+) и ([\d,]+) \(по всем цифрам ([\d,]+)\)",
    )  # fmt: skip
    seen = noise(2, 8)
    assert [seen.outputs.min(), seen.outputs.max(), seen.tested] == pytest.approx([low, high, whole], abs=0.05)


@pytest.mark.parametrize("norm", ["none", "batch"])
def test_both_networks_break_down_at_the_rate_of_1(norm):
    """Lesson 05 says so below its picture of the learning rates, which ends at 0.2."""
    assert 100 * run(Trial(norm, lr=1.0)).tested <= GUESSING


@every_language
def test_the_images_are_as_many_as_the_lessons_say(lang):
    (learned,) = stated(lang, "00_start", "first", r"([\d,]+) photographs", r"по (\d+) фотографий")
    assert learned == len(load_fashion().train.labels)
    (seen,) = stated(lang, "06_train_cnn", "watch", r"look at: ([\d,]+) photographs", r"смотреть: (\d+) фотографий")
    both = load_fashion(), load_digits()
    fashion, digits = ([part.labels for part in (data.train, data.validation, data.test)] for data in both)
    assert seen == sum(map(len, fashion))
    (written,) = stated(lang, "06_train_cnn", "data", r"use ([\d,]+) handwritten", r"Возьмём (\d+) рукописных")
    assert written == sum(map(len, digits))


@every_language
def test_the_learning_rate_that_lesson_00_names_ruins_its_network(lang):
    (rate,) = stated(
        lang, "00_start", "first", r"(\d+) is too far and ruins", r"(\d+) — слишком далеко, это сеть испортит"
    )
    made = Maker(ready.build_cnn, ready.train_step, ready.CrossEntropyLoss, ready.SGD)
    life = Life(made, load_fashion(), CNNConfig(1, 28, 10, filters=(8, 16)), Settings(lr=rate))
    for _ in range(30):
        life.step()
    life.measure()
    assert 100 * life.history.accuracies[-1] <= GUESSING


@every_language
def test_four_images_of_five_are_right_after_as_many_steps_as_lesson_06_says(lang):
    right, of, least, most = stated(
        lang, "06_train_cnn", "scrub",
        r"about (\d+) of (\d+) validation images were right after (\d+) to (\d+) steps",
        r"около (\d+) из (\d+) проверочных изображений через (\d+)–(\d+)",
    )  # fmt: skip
    assert (right, of) == (80, 100)
    page = pages(lang, "06_train_cnn")["watch-training"]
    assert least <= int(REACHED.search(page)[1]) <= most
    why = messages(lang)["training"]["ask"]["four-of-five"]["why"]["right"]
    assert [least, most] == numbers(why)[:2]
    (share,) = re.findall(r"(?:accuracy|проверочной части) (\d+)", page)
    assert int(share) < 90


@every_language
def test_the_share_of_right_test_images_is_the_one_that_lesson_06_says(lang):
    steps, said = stated(
        lang, "06_train_cnn", "scrub",
        r"After (\d+) steps, about (\d+)% of the test", r"Через (\d+) шагов верными были около (\d+)\s% тестовых",
    )  # fmt: skip
    right, of, share = numbers(descriptions(lang, "06_train_cnn")["mistakes-picture"])[-3:]
    assert share == pytest.approx(100 * right / of, abs=0.05)
    assert steps == 600
    assert said == pytest.approx(share, abs=1.5)


@every_language
def test_the_recorded_training_goes_as_lesson_06_says(lang):
    courses = {
        name: [float(number.replace(",", ".")) for number in row]
        for name, *row in COURSE.findall(pages(lang, "06_train_cnn")["scrub-training"])
    }
    filters, norm, last = courses["0 Conv2d"], courses["5 BatchNorm2d"], courses["9 Linear"]
    half, steps, quick = stated(
        lang, "06_train_cnn", "scrub-answers",
        r"about (\d+) of the (\d+) steps.*after about (\d+) steps",
        r"после примерно (\d+) шагов из (\d+).*примерно за (\d+) шагов",
    )  # fmt: skip
    assert steps == 600
    assert filters[2] == pytest.approx(half, rel=0.2)
    assert filters[3] > 0.85 * steps
    assert f" {half:.0f} " in messages(lang)["training"]["ask"]["first-filters"]["why"]["right"]
    assert norm[2] == pytest.approx(quick, rel=0.5)
    assert norm[2] < filters[2] / 3
    assert last[0] == max(row[0] for row in courses.values())
    assert last[1] == max(row[1] for row in courses.values())
    assert 15 < last[0] / filters[0] < 27, "about twenty times"
    assert 5.5 < last[0] / last[1] < 9, "about a seventh"
