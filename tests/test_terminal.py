"""Whatever is written to a terminal cannot steer it, and ordinary text stays as it is."""

from __future__ import annotations

import pytest

from ncl_course.grading import terminal as of_grading
from ncl_course.terminal import complain, printable, say

STEERING = {
    "escape": "\x1b[2J",
    "C1": "\x9b2J",
    "bell": "\a",
    "backspace": "\b",
    "carriage return": "\r",
    "delete": "\x7f",
    "text from right to left": "\u202e",
    "isolate": "\u2066",
    "mark of direction": "\u200f",
    "zero width": "\u200b",
    "line separator": "\u2028",
    "lone surrogate": "\udc1b",
    "private use": "\ue000",
}


@pytest.mark.parametrize("sign", STEERING.values(), ids=STEERING)
@pytest.mark.parametrize("write", [say, complain, of_grading.say, of_grading.complain])
def test_signs_that_steer_a_terminal_do_not_reach_it(write, sign, capsys):
    write(f"anna{sign}.ipynb")
    said = capsys.readouterr()
    assert said.out + said.err == f"anna{printable(sign)}.ipynb\n"
    assert printable(sign).startswith("?")
    assert sign[0] not in said.out + said.err


@pytest.mark.parametrize(
    "words", ["Анна", "5\u00a0МБ", "10\u202f%", "naïve", "図", "a\nb", "[bold]a[/bold]", ":skull:.ipynb"]
)
def test_ordinary_text_stays_as_it_is(words, capsys):
    say(words)
    assert capsys.readouterr().out == f"{words}\n"


def test_a_name_is_one_line():
    assert printable("a\nb\tc") == "a?b?c"
