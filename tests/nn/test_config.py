"""A configuration holds the template's numbers, and checks them when it is made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from ncl_course.nn import CNNConfig

PLAIN = CNNConfig(in_channels=3, image_size=32, num_classes=10, filters=(16, 32))


def test_the_fields_and_their_defaults_are_the_contracts():
    assert [field.name for field in fields(CNNConfig)] == [
        "in_channels",
        "image_size",
        "num_classes",
        "filters",
        "convs",
        "pool",
        "kernel_size",
        "hidden",
        "batch_norm",
        "keep_prob",
    ]
    assert CNNConfig(3, 32, 10, (16, 32), 1, True, 3, (), False, 1.0) == PLAIN


def test_sequences_and_numpy_ints_become_tuples_of_ints():
    config = CNNConfig(np.int64(1), np.int32(8), 10, [np.int64(4)], hidden=np.array([5, 6]))
    assert (config.filters, config.hidden, type(config.image_size)) == ((4,), (5, 6), int)
    assert hash(config) == hash(CNNConfig(1, 8, 10, (4,), hidden=(5, 6)))


def test_it_cannot_be_changed_but_a_changed_copy_can_be_made():
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'convs'"):
        PLAIN.convs = 2  # type: ignore[misc]
    assert replace(PLAIN, convs=2).convs == 2


def test_a_network_may_consist_of_fc_layers_only():
    assert CNNConfig(1, 8, 10, filters=()).filters == ()


@pytest.mark.parametrize(("size", "stages", "kernel"), [(8, 3, 3), (9, 3, 3), (2, 1, 1), (5, 2, 5)], ids=str)
def test_pooling_is_allowed_as_often_as_the_image_can_be_halved(size, stages, kernel):
    assert CNNConfig(1, size, 10, (4,) * stages, kernel_size=kernel)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"in_channels": 0}, ValueError, "in_channels of at least 1 but got 0"),
        ({"image_size": (32, 32)}, TypeError, r"image_size to be a whole number but got \(32, 32\)"),
        ({"num_classes": 1}, ValueError, "num_classes of at least 2 but got 1"),
        ({"filters": 16}, TypeError, r"filters as a sequence such as \(16,\) but got 16"),
        ({"filters": (16, 0)}, ValueError, r"filters\[1\] of at least 1 but got 0"),
        ({"hidden": (64.5,)}, TypeError, r"hidden\[0\] to be a whole number but got 64\.5"),
        ({"convs": 0}, ValueError, "convs of at least 1"),
        ({"kernel_size": "3"}, TypeError, "kernel_size to be a whole number but got '3'"),
        ({"kernel_size": 4}, ValueError, "an odd kernel_size but got 4: .* an even filter would add a row"),
        ({"keep_prob": 0.0}, ValueError, r"keep_prob in \(0, 1\] but got 0\.0; .* KEEP a neuron"),
        ({"keep_prob": float("nan")}, ValueError, r"keep_prob in \(0, 1\] but got nan"),
        ({"filters": (8,) * 6}, ValueError, "6 stages .* at least 64×64, but image_size=32 leaves 1×1 .* stage 6"),
    ],
    ids=str,
)
def test_an_impossible_number_is_refused_with_what_is_possible(change, error, words):
    with pytest.raises(error, match=words):
        replace(PLAIN, **change)


def test_without_pooling_the_image_does_not_shrink():
    assert replace(PLAIN, filters=(8,) * 6, pool=False).pool is False
