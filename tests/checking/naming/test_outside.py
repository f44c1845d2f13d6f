"""Wrong answers in other styles are named, and none gets a name that misleads."""

from __future__ import annotations

import pytest

from tests.checking.naming.outside import LATER, ROOMS
from tests.checking.naming.outside.made import edited, judged, rows, sources

EACH = [pytest.param(row, id=f"{room}-{row[0]}") for room in ROOMS for row in rows(room)]
SEED = 0
EVERY = 24
"""Every so many later rows with a name are judged here; ``python -m tests.checking.naming.outside`` judges all."""
SAMPLE = [row for room in LATER for row in rows(room) if row[1]][::EVERY]


def first_failing(result):
    """Return the names of the first part that fails; later parts may fail because of it."""
    return next((part.misconceptions for part in result.parts if part.verdict != "passed"), None)


@pytest.mark.parametrize("source", [source for room in ROOMS for source in sources(room)])
def test_the_answer_that_is_changed_is_right(source):
    result = judged(source, SEED)
    assert result.score == result.max_score


@pytest.mark.parametrize("row", EACH)
def test_a_wrong_answer_in_another_style_gets_its_name(row):
    _, name, source, *changes = row
    found = first_failing(judged(edited(source, *changes), SEED))
    assert found[:1] == ((name,) if name else ())


@pytest.mark.parametrize("row", [pytest.param(row, id=row[0]) for row in SAMPLE])
def test_a_later_wrong_answer_gets_its_name_on_two_seeds(row):
    _, name, source, *changes = row
    assert {first_failing(judged(edited(source, *changes), seed))[:1] for seed in (0, 1)} == {(name,)}


def test_nine_of_ten_are_named():
    known = [row for room in ROOMS if room != "held_out" for row in rows(room)]
    assert len(known) >= 100
    assert sum(bool(name) for _, name, *_ in known) >= 0.9 * len(known)
