"""A lesson's source is read cell by cell, and mistakes in it are reported."""

from __future__ import annotations

import re

import pytest

from ncl_course.authoring import twins
from ncl_course.authoring.source import read
from ncl_course.authoring.twins import differences
from ncl_course.errors import LessonError

PROSE = """\
# %% [markdown] id="why" lang="en"
# # Why $k$
# {en}

# %% [markdown] id="why" lang="ru"
# # Почему $k$
# {ru}

# %% id="code" solves="MaxPool2d"
x = 1
"""


@pytest.fixture
def lesson(tmp_path):
    def write(text):
        path = tmp_path / "01_pooling.py"
        path.write_text(text, encoding="utf-8")
        return read(path)

    return write


def test_prose_belongs_to_one_language_and_code_to_all(lesson):
    made = lesson(PROSE.format(en="Because.", ru="Потому что."))
    assert made.name == "01_pooling"
    assert [cell.text for cell in made.in_language("ru")] == ["# Почему $k$\nПотому что.", "x = 1"]
    assert [(cell.id, cell.solves) for cell in made.in_language("en")] == [("why", ""), ("code", "MaxPool2d")]


def test_twins_that_agree_have_no_differences(lesson):
    assert differences(lesson(PROSE.format(en="So $x_i$ and $y$.", ru="То есть $y$ и $x_i$."))) == []


@pytest.mark.parametrize(
    ("en", "ru", "said"),
    [
        ("so $x$", "то есть $y$", r"the formulas differ: en \['\$k\$', '\$x\$'\], ru \['\$k\$', '\$y\$'\]"),
        ("## More", "Ещё", r"the headings differ: en \['#', '##'\], ru \['#'\]"),
        ("<details>a</details>", "", "the hints differ"),
    ],
)
def test_twins_that_differ_are_reported_with_what_differs(lesson, en, ru, said):
    (problem,) = differences(lesson(PROSE.format(en=en, ru=ru)))
    assert problem.startswith("01_pooling: why: ")
    assert re.search(said, problem)


def test_words_inside_formulas_and_spaces_may_differ(lesson):
    assert differences(lesson(PROSE.format(en=r"$a \text{ wins}$", ru=r"$a  \text{ победил}$"))) == []


def test_each_language_writes_its_own_decimal_mark_and_list_in_formulas(lesson):
    assert differences(lesson(PROSE.format(en="$p = (0.7, 0.3)$", ru="$p = (0{,}7; 0{,}3)$"))) == []
    (problem,) = differences(lesson(PROSE.format(en="$p = 0.7$", ru="$p = 0.7$")))
    assert problem == "01_pooling: why: a decimal point in ru ['$p = 0.7$']; write 0{,}5"
    (problem,) = differences(lesson(PROSE.format(en="$p = 0.7$", ru="$p = 0{,}8$")))
    assert "the formulas differ" in problem


def test_a_missing_twin_is_reported(lesson):
    made = lesson('# %% [markdown] id="why" lang="en"\n# Why\n')
    assert differences(made) == ["01_pooling: why is there in en; put its twins side by side: en, ru"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# %%\nx = 1\n", r"01_pooling: cell 1 has no id; write # %% id="),
        ('# %% [markdown] id="a"\n# words\n', r"01_pooling: cell 1 \(a\) is prose without a language"),
        ('# %% id="a"\nx = 1\n\n# %% id="a"\ny = 2\n', r"the id 'a' occurs twice"),
        ('# %% id="a" colour="red"\nx = 1\n', r"has an unknown attribute or role: .*colour"),
        ('# %% id="a" role="hero"\nx = 1\n', r"has an unknown attribute or role: .*hero"),
    ],
)
def test_a_cell_with_wrong_attributes_is_an_error_that_names_it(lesson, text, said):
    with pytest.raises(LessonError, match=said):
        lesson(text)


def test_an_incomplete_language_shows_english_prose_for_missing_twins(lesson, monkeypatch):
    monkeypatch.setattr(twins, "LANGUAGES", ("en", "ru", "de"))
    more = '# %% [markdown] id="hi" lang="en"\n# Hi\n# %% [markdown] id="hi" lang="ru"\n# Привет\n'
    german = '# %% [markdown] id="hi" lang="de"\n# Hallo\n'
    made = lesson(PROSE.format(en="Because.", ru="Потому что.") + more + german)
    assert differences(made) == []
    assert [cell.text for cell in made.in_language("de")] == ["# Why $k$\nBecause.", "x = 1", "Hallo"]
    assert [cell.text for cell in made.in_language("ru")][-1] == "Привет"
    assert differences(lesson(german)) == ["01_pooling: hi is there in de; put its twins side by side: en, ru, de"]


def test_ids_that_are_drawn_twice_by_chance_do_no_harm(lesson, monkeypatch):
    monkeypatch.setattr("nbformat.v4.nbbase.random_cell_id", lambda: "d547c61c")
    assert [cell.id for cell in lesson(PROSE).cells] == ["why", "why", "code"]
