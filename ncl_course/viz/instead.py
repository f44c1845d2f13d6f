"""Run what a cell asks of a student's code, or show a gentle note instead. Only the note in a notebook is a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ncl_course.language import text
from ncl_course.still import in_notebook
from ncl_course.viz.students_code import Tried, tried

if TYPE_CHECKING:
    from ncl_course.viz.picture import Picture


def when_written(action: Callable[[], Any], *needed: Any) -> Any:
    """Run an action that calls the student's code; if that is not written yet, or raises, show a note instead.

    The note says that the student's code raised an error only if the error arose there.

    Args:
        needed: the results of earlier cells; if one is None, the action does not run.

    Returns:
        The action's result, or None if a note was shown.
    """
    if any(one is None for one in needed):
        done = Tried(missing=True)
    else:
        done = tried(action)
        if not done.trouble:
            return done.value
    what = "".join(done.trouble.splitlines()[:1])
    key = "raised" if done.own else "raised_elsewhere"
    key = "missing" if done.missing else "undefined" if done.undefined else key
    show(text(f"training.own_network.{key}", what=done.undefined or what))
    return None


def show(said: str) -> None:
    """Show a sentence as a picture in a notebook, and print it outside of one."""
    if not in_notebook():
        print(said)
        return
    from IPython.display import display

    display(note(said))


def note(said: str) -> Picture:
    """Return a sentence as a picture."""
    from ncl_course.viz.palette import INK, NORMAL
    from ncl_course.viz.picture import Picture

    picture = Picture(8.0, 0.9, said)
    ax = picture.place(0.05, 0.05, 7.9, 0.8)
    ax.set_axis_off()
    ax.text(0.5, 0.5, said, color=INK, fontsize=NORMAL, ha="center", va="center", wrap=True)
    return picture
