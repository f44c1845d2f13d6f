"""A page of Markdown shows the same as the panels, and a student's text on it is never markup."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ncl_course.checking.answers import every_answer
from ncl_course.checking.checked import Checked, whole
from ncl_course.checking.markdown import LONGEST, escaped, notebook
from ncl_course.checking.run import Here, judge
from ncl_course.exercises import find
from ncl_course.language import language
from tests.answers import RIGHT, WRONG

HOSTILE = "a | `b` **c** _d_ ~~e~~ $f$ <script>g</script> <!-- &amp; [h](i) ![j](k) \\| # l\n\n| m |\n- n\r@o"
ONE_LINE = " ".join(HOSTILE.split())


class Seen(HTMLParser):
    """A reader's view of a page: its tags, the text of each cell of its tables, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.text, self.inside = "", False
        self.feed(MarkdownIt().enable(["table", "strikethrough"]).render(page))

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag in ("td", "th"):
            self.cells.append("")
            self.inside = True

    def handle_endtag(self, tag):
        self.inside = self.inside and tag not in ("td", "th")

    def handle_data(self, data):
        self.text += data
        if self.inside:
            self.cells[-1] += data


right = RIGHT["pool_output_size"][0]


def judged(target, name="pool_output_size"):
    """Return the result of an exercise for a student's attempt at it."""
    exercise = find(name)
    return judge(exercise, Here(target), every_answer(exercise))


def raises(*_):
    raise KeyError(HOSTILE)


def blank(*_):
    raise NotImplementedError


def rows(seen):
    """Return the cells of the table below its header, row by row."""
    return [seen.cells[start : start + 5] for start in range(5, len(seen.cells), 5)]


@pytest.mark.parametrize(
    ("target", "row"),
    [
        (right, ["pool_output_size", "value", "1 / 1", "✔ passed", ""]),
        (blank, ["pool_output_size", "value", "0 / 1", "○ not written yet", ""]),
    ],
)
def test_a_row_says_the_exercise_the_part_the_points_and_the_state(target, row):
    seen = Seen(notebook(Checked(Path("work/en/01_pooling.ipynb"), "01_pooling", (judged(target),))))

    assert rows(seen) == [row]
    assert f"work/en/01_pooling.ipynb: {row[2][0]} of 1 points" in seen.text


def test_the_last_column_shows_the_title_of_the_misconception():
    (mistaken,) = (targets for title, *targets in WRONG["MaxPool2d"] if title == "gradient-spread-evenly")
    seen = Seen(notebook(Checked(Path("x.ipynb"), "01_pooling", (judged(mistaken[-1], "MaxPool2d"),))))
    forward, backward = rows(seen)

    assert forward[2:] == ["1.5 / 1.5", "✔ passed", ""]
    assert backward[2:4] == ["0 / 2.5", "✘ not right yet"]
    assert "spread" in backward[4]


def test_a_page_in_russian_has_none_of_our_english_words():
    language("ru")
    seen = Seen(notebook(Checked(Path("x.ipynb"), "01_pooling", (judged(blank),), ("В ячейке 3 возникло это",))))

    assert seen.cells[:5] == ["упражнение", "часть", "баллы", "состояние", "на что посмотреть"]
    assert "x.ipynb: баллы 0 из 1" in seen.text


def test_no_text_of_a_student_is_markup_anywhere_on_the_page():
    results, name = (judged(raises),), Path(ONE_LINE.replace("/", ""))
    plain = Seen(notebook(Checked(Path("x"), "01_pooling", results, ("a trouble",))))
    seen = Seen(notebook(Checked(name, "01_pooling", results, (f"Cell 3 raised {HOSTILE}",))))

    assert plain.tags == seen.tags
    assert rows(seen)[0][4] == f"KeyError: {HOSTILE!r}"
    assert f"{name}: 0 of 1 points" in seen.text
    assert f"Cell 3 raised {ONE_LINE}" in seen.text


def test_a_notebook_that_cannot_be_checked_has_the_reason_below_its_name():
    seen = Seen(notebook(Checked(Path("x.ipynb"), problem=HOSTILE)))

    assert seen.tags == ["h3", "p"]
    assert f"x.ipynb: not checked\n✘ {ONE_LINE}" in seen.text


def test_the_course_map_has_no_section():
    assert notebook(Checked(Path("00_start.ipynb"), "00_start", instead="a map")) == ""


def test_several_sections_stay_separate():
    passed, failed = (
        notebook(Checked(Path("x"), "01_pooling", (judged(target),), ("a trouble",))) for target in (right, blank)
    )

    assert Seen(passed + failed).tags == Seen(passed).tags + Seen(failed).tags
    assert Seen(passed).tags[:2] == ["h3", "table"]


def test_a_long_text_is_cut_and_characters_that_cannot_be_encoded_are_replaced():
    assert escaped("x" * 10**6) == "x" * LONGEST + "…"
    assert escaped("a\udcffb").encode() == b"a?b"


def test_the_record_for_programs_has_the_shape_of_results_json_and_no_score_where_nothing_was_checked():
    checked = [
        Checked(Path("a.ipynb"), "01_pooling", (judged(right), judged(blank)), ("a trouble",)),
        Checked(Path("b.ipynb"), problem="not a notebook"),
        Checked(Path("00_start.ipynb"), "00_start", instead="a map"),
    ]
    found = whole([one.record() for one in checked])

    assert found["schema"] == 1
    assert [(one["file"], one["status"], one["score"], one["max_score"]) for one in found["notebooks"]] == [
        ("a.ipynb", "checked", 1.0, 2.0),
        ("b.ipynb", "unreadable", None, None),
        ("00_start.ipynb", "map", None, None),
    ]
    assert found["notebooks"][0]["exercises"][1] == {
        "exercise": "pool_output_size",
        "score": 0.0,
        "max_score": 1.0,
        "verdict": "missing",
        "misconceptions": [],
        "parts": [{"part": "value", "score": 0.0, "max_score": 1.0, "verdict": "missing"}],
    }
    assert found["notebooks"][0]["troubles"] == ["a trouble"]
    assert found["notebooks"][1]["message"] == "not a notebook"
