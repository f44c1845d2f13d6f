"""Stand-ins keep loops and unpackings going as the real objects do, and hold no numbers."""

from __future__ import annotations

import numpy as np
import pytest

from ncl_course.protocol.inert import Inert, hist, subplots


def test_it_unpacks_into_as_many_names_as_are_asked_for():
    (line,) = Inert()
    counts, edges, bars = Inert()
    (first, second), third = Inert()
    start, *rest, end = Inert(4)
    assert all(isinstance(one, Inert) for one in (line, counts, edges, bars, first, second, third, start, end))
    assert len(rest) == 2


@pytest.mark.parametrize("data", [[1, 2, 3], (1, 2, 3), {"a": 1, "b": 2, "c": 3}, range(3), np.zeros((3, 2))])
def test_a_loop_over_what_was_made_of_data_has_as_many_rounds(data):
    made = Inert()(data)
    assert len([*made]) == len(made) == 3
    assert [number for number, _ in enumerate(Inert().bar(data))] == [0, 1, 2]


def test_nothing_is_silently_empty():
    assert len([*Inert()]) == len([*Inert()(object())]) == 1


@pytest.mark.parametrize("use", [float, int, np.asarray, np.zeros, lambda one: np.ones(3)[one]])
def test_code_that_wants_a_number_is_told_that_there_is_none(use):
    with pytest.raises(ImportError, match="there is no number in them"):
        use(Inert())


def test_a_class_and_a_function_that_it_decorates_stay_as_they_are():
    class Layer:
        pass

    assert Inert()(Layer) is Layer
    assert Inert().wrapped(len) is not len
    assert Inert()(test_nothing_is_silently_empty) is test_nothing_is_silently_empty


@pytest.mark.parametrize(("asked", "shape"), [((2, 3), (2, 3)), ((1, 3), (3,)), ((4, 1), (4,))])
def test_axes_have_the_shape_of_the_real_ones(asked, shape):
    assert subplots(*asked)[1].shape == Inert().subplots(*asked).shape == shape
    assert subplots(*asked, squeeze=False)[1].shape == asked
    assert isinstance(subplots()[1], Inert)


def test_a_histogram_has_its_real_numbers():
    counts, edges, bars = hist([1, 2, 2, 5], bins=2, range=(1, 5))
    assert (list(counts), list(edges), len([*bars])) == ([3, 1], [1, 3, 5], 2)


def test_operators_and_formats_do_nothing():
    one = Inert()
    assert isinstance(-(2 * one[1:] + one / 3 - one**2), Inert)
    assert f"{one:.2f}" == ""
    assert "x" not in one
    assert one.__version__ == "9.9.9"
