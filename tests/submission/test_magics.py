"""Magics are removed, Python stays, and each line keeps its number."""

from __future__ import annotations

import ast
import subprocess
import sys
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from ncl_course.submission.magics import cell_magic, without_magics

KEPT = [
    "x = (7\n     % 4)",
    'text = """\n%matplotlib inline\n!ls\n"""',
    "a = 7 %b",
    "if not x:\n    y = x != 2",
    "x = 7 \\\n% 4",
    "# read on \\\nx = 1",
    "text = 'what?'",
    "text = 'a \\\n%b'",
    'text = """\n>>> x\n"""\nif x:  # is it?\n    y = f"{x!r}"',
    "x = 1  # =!\ny = 2",
    "x = 'a\u2028%b'",
    "",
]
CLEANED = [
    ("%matplotlib inline\nx = 1", "pass  # %matplotlib inline\nx = 1"),
    ("!pip install torch\nx = 1", "pass  # !pip install torch\nx = 1"),
    ("x = 1\nMaxPool2d?", "x = 1\npass  # MaxPool2d?"),
    ("??x\ny = 1", "pass  # ??x\ny = 1"),
    ("files = !ls\ny = 1", "pass  # files = !ls\ny = 1"),
    ("n = %env HOME\ny = 1", "pass  # n = %env HOME\ny = 1"),
    ("for i in x:\n    %timeit f(i)\n    g(i)", "for i in x:\n    pass  # %timeit f(i)\n    g(i)"),
    ("%time y = f()", "y = f()"),
    ("%%time\ny = f()", "\ny = f()"),
    ("%%capture out\nimport x", "\nimport x"),
    ("%%bash\nls\nclass", ""),
    ("%%writefile a.py\nclass MaxPool2d: pass", ""),
    ('%load_ext a\ntext = """\n%not a magic\n"""', 'pass  # %load_ext a\ntext = """\n%not a magic\n"""'),
    ("!pip install \\\n  numpy \\\n  torch\nx = 1", "pass  # !pip install \\\n#   numpy \\\n#   torch\nx = 1"),
    ("x = !ls \\\n  -l\ny = 1", "pass  # x = !ls \\\n#   -l\ny = 1"),
    ("!echo it's (\nx = 1", "pass  # !echo it's (\nx = 1"),
    ("x = !echo \"'''(\ny = 1", "pass  # x = !echo \"'''(\ny = 1"),
    ("%time x = 1 + \\\n    2\ny = 1", "x = 1 + \\\n    2\ny = 1"),
    ("# see \\\n%matplotlib inline", "# see \\\npass  # %matplotlib inline"),
    ("x = 1  # \\\n%matplotlib inline", "x = 1  # \\\npass  # %matplotlib inline"),
    (
        "if x:\n    y = (1,\n2)\n    !ls\nelse:\n    ?y",
        "if x:\n    y = (1,\n2)\n    pass  # !ls\nelse:\n    pass  # ?y",
    ),
    ("?int\n??int\nint??", "pass  # ?int\npass  # ??int\npass  # int??"),
    ("%%time?\nx = 1", "pass  # %%time?\nx = 1"),
    ("\n%%time\n%%capture\nx = 1", "\n\n\nx = 1"),
    ("%%time\n%matplotlib inline\nx = 1", "\npass  # %matplotlib inline\nx = 1"),
    ("%%html\n<b>\nx = 1", ""),
    (">>> x = 1\n>>> for i in x:\n...     y = i", "x = 1\nfor i in x:\n    y = i"),
    ("In [3]: x = 1\n   ...: y = 2", "x = 1\ny = 2"),
    ("\n  \n  x = 1\n  %ls\n  y = 2", "\n  \nx = 1\npass  # %ls\ny = 2"),
    (",f a b\n/f 1 \\\n  2\nx = 1", 'f("a", "b")\nf(1, 2)\n\nx = 1'),
]


@pytest.mark.parametrize("source", KEPT)
def test_python_stays_as_it_is(source):
    assert without_magics(source) == source


@pytest.mark.parametrize(("source", "cleaned"), CLEANED)
def test_magics_are_removed(source, cleaned):
    assert without_magics(source) == cleaned
    ast.parse(cleaned)


def test_a_cell_that_does_not_parse_for_other_reasons_still_loses_its_magics():
    assert (
        without_magics("%matplotlib inline\nclass A(\n!ls\n") == "pass  # %matplotlib inline\nclass A(\npass  # !ls\n"
    )
    assert without_magics("x = 'it\n!ls\ny = )\nx?") == "x = 'it\npass  # !ls\ny = )\npass  # x?"


def test_the_body_below_a_cell_magic_can_be_had():
    source = "\n%%writefile  m.py\nx = 1\n"
    found = cell_magic(source)
    assert (found.name, found.arguments, source[found.body :]) == ("writefile", "m.py", "x = 1\n")
    assert cell_magic("x = 1\n%%time") is None


PIECES = ("%ls", "!echo it's", "x = !f(", "y = %who", "x = 1", "f?", "f(", ")", "'", "'''", "if x:", "    ", "\\", "#")
SIGNS = ("%%time", "?", ">>> ", "\n", "\n", "\n", "x", " ", "=", "%", "/")
CELLS = st.lists(st.sampled_from((*PIECES, *SIGNS)), max_size=12).map("".join)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(CELLS)
def test_whatever_a_cell_holds_its_lines_keep_their_numbers(source):
    cleaned = without_magics(source)
    assert not cleaned or cleaned.count("\n") == source.count("\n")


@settings(max_examples=400, deadline=None, derandomize=True)
@given(CELLS)
def test_what_is_python_already_stays_as_it_is(source):
    if parses(source):
        assert without_magics(source) == source


def parses(source):
    """Whether a cell is Python."""
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


MANY = ("%ls", "!ls \\", "x = !f '''(", "x?", "%a\nx = 'b", "%a\nf(\n)", "(\n%a", ">>> x")


@pytest.mark.parametrize("lines", MANY)
def test_each_line_is_looked_at_once_however_many_there_are(lines, monkeypatch):
    seen, tokens, transform = [], tokenize.generate_tokens, TransformerManager.do_one_token_transform

    def counted(readline):
        return tokens(lambda: seen.append("read") or readline())

    monkeypatch.setattr(tokenize, "generate_tokens", counted)
    monkeypatch.setattr(
        TransformerManager, "do_one_token_transform", lambda self, piece: seen.extend(piece) or transform(self, piece)
    )
    source = f"{lines}\n" * (20_000 // (1 + lines.count("\n")))
    cleaned = without_magics(source)
    assert len(seen) <= 4 * source.count("\n")
    assert not cleaned or cleaned.count("\n") == source.count("\n")


LONG = {
    "blank lines": "\n" * 500_000 + "%x",
    "spaces": " " * 10**6,
    "a long name": "%%" + "a" * 10**6 + "?",
    "many cell magics": "%%time\n" * 150_000,
    "a late value": "=" + "\n" * 10**6,
    "a late end": "?" + " " * 10**6 + "x",
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_no_regular_expression_goes_back_and_forth_over_a_long_cell(source):
    """One that did would take hours, and pytest ends a test after minutes."""
    assert len(without_magics(source)) <= 2 * len(source)


def test_ipython_is_not_loaded_for_a_cell_without_magics():
    code = (
        "import sys\nfrom ncl_course.submission.magics import without_magics\n"
        "for cell in ('x = 7 % 2 != 1\\n', '%ls'):\n    without_magics(cell)\n    print('IPython' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
