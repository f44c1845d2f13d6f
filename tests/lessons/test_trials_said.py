"""The sentences of a lesson about its trials agree with the numbers in the built key, in both languages."""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from ncl_course.language import LANGUAGES

SOLUTIONS = Path(__file__).parents[2] / "solutions"
GUESSING = 20
"""The per cent of right answers up to which a network of ten classes only guesses: 10, and some luck."""
SAID = re.compile(r"(?:In per cent|В процентах): (.*)\.$")
VALUE = re.compile(r" (\d+)(?: \((\d+(?:, \d+)*)\))?(?=, |$)")
ROW = re.compile(r"(?: |^)([^;:]+): ([^;:]+), (?:best|лучшая) ([\d,.]+) / ([\d,.]+)(?=; |\.$)")
every_language = pytest.mark.parametrize("lang", LANGUAGES)


@cache
def descriptions(lang, lesson):
    """Return the descriptions of a built key's pictures, by the id of their cell."""
    cells = json.loads((SOLUTIONS / lang / f"{lesson}.ipynb").read_text(encoding="utf-8"))["cells"]
    found = {}
    for cell in cells:
        for output in cell.get("outputs", []):
            alt = re.search('alt="([^"]*)"', "".join(output.get("data", {}).get("text/html", "")))
            if alt:
                found[cell["id"]] = unescape(alt[1])
    return found


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
def test_one_run_of_three_of_the_deep_plain_network_is_lucky(lang):
    (plain, norm), (plain_runs, _) = shares(lang, "05_normalization", "depths")
    assert min(plain[0], norm[0]) > 80
    assert sum(run > GUESSING for run in plain_runs[-1]) == 1
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
def test_the_network_reads_84_of_100_new_clothes_after_600_steps(lang):
    right, of, share = numbers(descriptions(lang, "06_train_cnn")["mistakes-picture"])[-3:]
    assert share == pytest.approx(100 * right / of, abs=0.05)
    assert round(share) == 84
