"""The names in viz's door are those that the lessons import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from ncl_course import viz
from ncl_course.authoring.source import read

LESSONS = Path(__file__).parents[2] / "lessons"


def imported() -> set[str]:
    """Return the names that the lessons' code imports from viz itself, not from its modules."""
    code = [cell.text for path in LESSONS.glob("*.py") for cell in read(path).cells if cell.kind == "code"]
    nodes = [node for text in code for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)]
    ours = [node for node in nodes if (node.module or "").startswith("ncl_course.viz")]
    assert {node.module for node in ours} == {"ncl_course.viz"}
    return {alias.name for node in ours for alias in node.names}


def test_the_door_opens_to_what_the_lessons_import() -> None:
    assert set(viz.__all__) == imported()
    assert len(viz.__all__) > 50


def test_every_name_is_there_and_no_other() -> None:
    assert sorted(viz.__all__) == sorted(dir(viz))
    for name in viz.__all__:
        assert callable(getattr(viz, name)), name
    with pytest.raises(AttributeError, match=r"No ncl_course\.viz attribute draw_conv"):
        viz.draw_conv  # noqa: B018


LATE = """\
import sys
from ncl_course import viz
with viz.loaded_when_called():
    from ncl_course.viz import show_pooling
    try:
        from ncl_course.viz import show_poling
    except ImportError as error:
        print(error.name, error.msg)
print("matplotlib" in sys.modules, show_pooling([[1, 3], [7, 4]], kernel_size=2).alt)
from ncl_course.viz import show_pooling as loaded
print(loaded.__module__)
"""


def test_a_name_can_wait_until_it_is_called_and_is_the_same_then() -> None:
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, check=True)
    missing, called, after = done.stdout.splitlines()

    assert missing.startswith("ncl_course.viz cannot import name 'show_poling'")
    assert called == f"False {viz.show_pooling([[1, 3], [7, 4]], 2).alt}"
    assert after == "ncl_course.viz.pooling.figures"
