"""The progress bar that shows nothing goes through an iterable and counts, as tqdm does."""

from __future__ import annotations

import pytest

from ncl_course.grading.inside.bars import NAMES, Bar, trange


@pytest.mark.parametrize(
    "bar", [Bar([1, 2, 3]), Bar(iter([1, 2, 3]), total=3), Bar(iterable=(1, 2, 3), desc="x", leave=False)]
)
def test_it_yields_every_item_and_counts(bar):
    assert [*bar] == [1, 2, 3]
    assert (bar.n, bar.total) == (3, 3)


def test_a_range_has_a_length_and_a_state():
    with trange(1, 4, desc="epochs", unit="epoch") as bar:
        for number in bar:
            bar.set_postfix(loss=0.5)
            bar.set_description(f"{number}")
    assert (len(bar), bar.desc, bar.postfix, bar.format_dict["n"]) == (3, "3", {"loss": 0.5}, 3)


def test_it_counts_by_hand():
    bar = Bar(total=10)
    bar.update()
    bar.update(4)
    bar.refresh()
    bar.close()
    assert (bar.n, len(bar), bool(bar), bool(Bar(total=0))) == (5, 10, True, False)
    bar.reset(total=3)
    assert (bar.n, bar.total) == (0, 3)


def test_a_bar_over_nothing_is_no_empty_loop():
    with pytest.raises(TypeError, match="not iterable"):
        list(Bar(total=3))


def test_what_stands_beside_it_loops_too():
    assert [*NAMES["tenumerate"]("ab", 1)] == [(1, "a"), (2, "b")]
    assert [*NAMES["tzip"]([1], [2])] == [(1, 2)]
    assert [*NAMES["tmap"](abs, [-1])] == NAMES["thread_map"](abs, [-1], max_workers=2) == [1]
    Bar.write("x")
    Bar._instances.clear()
