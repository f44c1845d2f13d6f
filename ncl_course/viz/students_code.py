"""Run a student's own code for a picture, and get its result or a sentence to show instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from textwrap import fill, shorten
from typing import TYPE_CHECKING, Any

from ncl_course.errors import NoTorchError
from ncl_course.language import text
from ncl_course.viz.blame import is_own
from ncl_course.viz.palette import INK, SMALL
from ncl_course.worded import error_in_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

LONGEST = 140
"""The number of characters per line of a sentence that stands in for a picture."""


class NotDrawableError(Exception):
    """A student's answer cannot be drawn; the message says why, in the reader's language."""


@dataclass(frozen=True)
class Tried:
    """The outcome of running a student's code.

    Attributes:
        value: the code's result; None if there is trouble.
        trouble: the reason why there is nothing to draw, in the reader's language; empty if all went well.
        missing: whether the code is not written yet.
        undefined: a name that the code uses and nothing defines.
        own: whether an error arose in the student's code, and not in the course or one of its packages.
    """

    value: Any = None
    trouble: str = ""
    missing: bool = False
    undefined: str = ""
    own: bool = True


def tried(action: Callable[[], Any]) -> Tried:
    """Run an action that calls a student's code, and catch its errors; the check, not the picture, explains them.

    Raises:
        NoTorchError: if the picture needs torch, which is not installed; its one line replaces the picture.
    """
    try:
        return Tried(action())
    except NoTorchError:
        raise
    except NotImplementedError:
        return Tried(trouble=text("course.students_code.missing"), missing=True)
    except NotDrawableError as error:
        return Tried(trouble=str(error))
    except NameError as error:
        if error.name and not isinstance(error, UnboundLocalError):
            return Tried(trouble=text("course.students_code.not_defined", name=error.name), undefined=error.name)
        return Tried(trouble=error_in_words(error), own=is_own(error, action))
    except Exception as error:
        return Tried(trouble=error_in_words(error), own=is_own(error, action))


def name_of(target: Any) -> str:
    """Return the name of a student's class or function."""
    return str(getattr(target, "__name__", "?"))


def write_instead(ax: Axes, trouble: str, across: int, **style: Any) -> Text:
    """Write the trouble in the place of the drawing, in lines of ``across`` characters."""
    lines = fill(shorten(trouble, LONGEST, placeholder=" …"), across)
    where = {"x": 0.5, "y": 0.5, "ha": "center", "va": "center", "color": INK, "fontsize": SMALL, **style}
    return ax.text(s=lines, transform=ax.transAxes, **where)
