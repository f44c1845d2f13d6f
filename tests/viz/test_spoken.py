"""Numbers in sentences and pictures, in both languages."""

from __future__ import annotations

import pytest

from ncl_course import language
from ncl_course.viz.spoken import grouped


@pytest.mark.parametrize(
    ("lang", "large"), [("en", "1,234,567"), ("ru", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567")]
)
def test_long_numbers_stand_in_threes_as_the_language_writes_them(lang, large):
    language(lang)
    assert (grouped(9999), grouped(1_234_567)) == ("9999", large)
